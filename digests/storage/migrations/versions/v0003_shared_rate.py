"""The rate at which all processes over one database send together.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a version that does not know it goes on as before."""
    op.create_table(
        "rate_slot",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tat", sa.BigInteger(), nullable=False),
        sa.Column("halted_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_slot")),
    )
