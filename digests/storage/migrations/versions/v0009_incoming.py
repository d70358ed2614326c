"""Updates and announcements in the database, so that a restart loses none of them.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add three tables; a version that does not know them goes on as before."""
    op.create_table(
        "incoming",
        sa.Column("update_id", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_incoming")),
    )
    for name, columns in (
        ("ix_incoming_chat", ["chat_id", "update_id"]),
        ("ix_incoming_turn", ["received_at", "update_id"]),
    ):
        op.create_index(
            name, "incoming", columns, sqlite_where=sa.text("done = 0"), postgresql_where=sa.text("done = false")
        )
    op.create_table(
        "announcement",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_announcement_chat_id_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "announcement_chat",
        sa.Column("announcement_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_chat_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_announcement_chat_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "subscriber_id", name=op.f("pk_announcement_chat")),
    )
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_announcement_chat_pending",
        "announcement_chat",
        ["announcement_id", "due_at", "subscriber_id"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index("ix_announcement_chat_subscriber", "announcement_chat", ["subscriber_id"])
