"""The schema's history, one module a step. A new step is added to REVISIONS as well."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""The steps, oldest first: known without Alembic, so that a start that migrates nothing does without it."""
