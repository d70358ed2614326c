"""What feeds ask for and how long they have failed; how an entry stood in its feed when it was stored.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is stored already counts as silent, well and unchanged."""
    op.add_column("feed", sa.Column("ttl", sa.Integer(), nullable=True))
    op.add_column("feed", sa.Column("skip_hours", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feed", sa.Column("skip_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feed", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("feed", sa.Column("reported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("article", sa.Column("fingerprint", sa.LargeBinary(), nullable=True))
