"""Articles for everybody by their source: how many a source has is counted without reading them.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    shared = sa.text("scope = 0")
    op.create_index("ix_article_shared", "article", ["source_id", "id"], sqlite_where=shared, postgresql_where=shared)
