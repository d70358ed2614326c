"""Articles and stories of personal feeds, found without reading those for everybody.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    personal = sa.text("scope <> 0")
    op.create_index("ix_article_personal", "article", ["scope"], sqlite_where=personal, postgresql_where=personal)
    op.create_index(
        "ix_story_personal", "story", ["scope", "last_seen"], sqlite_where=personal, postgresql_where=personal
    )
