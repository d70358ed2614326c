"""Who sets chats up from their private chat; breaking news as a choice, each story once for a subscriber.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BREAKING = sa.text("kind = 'breaking'")
WATCHING = sa.text("breaking <> 'off'")


def upgrade() -> None:
    """Add table, columns and indexes; nobody gets breaking news unasked."""
    op.add_column("subscriber", sa.Column("breaking", sa.String(), nullable=False, server_default="off"))
    op.add_column("subscriber", sa.Column("breaking_sources", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("subscriber", sa.Column("breaking_most", sa.Integer(), nullable=False, server_default="3"))
    op.create_index(
        "ix_subscriber_breaking", "subscriber", ["id"], sqlite_where=WATCHING, postgresql_where=WATCHING
    )
    op.create_index(
        "uq_request_breaking",
        "request",
        ["subscriber_id", "arguments"],
        unique=True,
        sqlite_where=BREAKING,
        postgresql_where=BREAKING,
    )
    op.create_table(
        "manager",
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("open_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_manager_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "subscriber_id", name=op.f("pk_manager")),
    )
    op.create_index(op.f("ix_manager_subscriber_id"), "manager", ["subscriber_id"])
