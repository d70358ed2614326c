"""Quiet hours, pauses that end, a budget of minutes, and topics of single times.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a version that does not know them goes on as before."""
    op.add_column("subscriber", sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("subscriber", sa.Column("quiet_from", sa.String(), nullable=True))
    op.add_column("subscriber", sa.Column("quiet_until", sa.String(), nullable=True))
    op.add_column("subscriber", sa.Column("resume_at", sa.BigInteger(), nullable=True))
    op.add_column("subscriber", sa.Column("asking", sa.Text(), nullable=False, server_default=""))
    op.add_column("slot", sa.Column("wishes", sa.Text(), nullable=False, server_default="[]"))
    until = sa.text("resume_at IS NOT NULL")
    op.create_index("ix_subscriber_resume", "subscriber", ["resume_at"], sqlite_where=until, postgresql_where=until)
