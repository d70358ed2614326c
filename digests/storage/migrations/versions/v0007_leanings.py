"""What subscribers want more or less of, chosen and learned, and which story a message shows.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; votes that are stored already teach nothing, since nobody kept what they were about."""
    op.add_column("subscriber", sa.Column("learning", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("feedback", sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
    op.add_column("feedback", sa.Column("about", sa.String(), nullable=False, server_default=""))
    op.add_column("feedback", sa.Column("topic", sa.Text(), nullable=False, server_default=""))
    op.add_column("feedback", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "leaning",
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chosen", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("score", sa.Float(), nullable=False, server_default="0"),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_leaning_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "kind", "name", name=op.f("pk_leaning")),
    )
    op.create_table(
        "shown",
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_shown_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "message_id", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_shown_at"), "shown", ["shown_at"], unique=False)
