"""What a subscriber chooses about digests, and how widely a story was told in the digest that had it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Stories sent before count as told by nobody known: they bring no updates."""
    for name, start in (("empty", sa.true()), ("updates", sa.true()), ("pictures", sa.false()), ("rich", sa.false())):
        op.add_column("subscriber", sa.Column(name, sa.Boolean(), nullable=False, server_default=start))
    op.add_column("digest_story", sa.Column("publishers", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("digest_story", sa.Column("is_update", sa.Boolean(), nullable=False, server_default=sa.false()))
