"""Feeds that people follow for themselves, feeds that are pushed, and entries without a date that were seen.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; what is stored already is for everybody."""
    op.add_column("feed", sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("feed", sa.Column("hub", sa.Text(), nullable=True))
    op.add_column("feed", sa.Column("topic", sa.Text(), nullable=True))
    op.add_column("story", sa.Column("scope", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("scope", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "push",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("renew_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_push_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_push")),
        sa.UniqueConstraint("token", name=op.f("uq_push_token")),
    )
    op.create_index(op.f("ix_push_renew_at"), "push", ["renew_at"])
    op.create_table(
        "undated",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_undated_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "url_hash", name=op.f("pk_undated")),
    )
    op.create_table(
        "follower",
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("followed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_follower_subscriber_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_follower_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subscriber_id", "feed_id", name=op.f("pk_follower")),
    )
    op.create_index(op.f("ix_follower_feed_id"), "follower", ["feed_id"])
