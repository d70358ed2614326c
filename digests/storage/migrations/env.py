"""Run by Alembic: the migrations on the connection that `digests.storage.upgrade` gives it."""

from typing import Any

from alembic import context

from digests.storage.schema import POSTGRESQL_ONLY, SEARCH_INDEX, metadata


def _compared(item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Leave to the migrations what the metadata can't say: the tables of FTS5, and what one engine has alone."""
    if kind == "table" and reflected and (name or "").startswith(SEARCH_INDEX):
        return False
    return name not in POSTGRESQL_ONLY or context.get_context().dialect.name == "postgresql"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_object=_compared,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
