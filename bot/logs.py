"""Logging: events with keys and values to stderr, as text or JSON lines; secrets are struck out wherever they stand."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Literal
from urllib.parse import quote

import structlog

LOUD = {
    "alembic": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "apscheduler": logging.CRITICAL,  # ticks report themselves; it tells of those that stopping broke off
    "telegram": logging.WARNING,
}
"""Libraries whose everyday messages nobody needs, and from which level on they are heard."""


def set_up(style: Literal["text", "json"] = "text", *, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send our events and those of the libraries to stderr.

    `secrets` never appear in them, neither as they are nor quoted as in a URL.
    """
    hidden = tuple({form: None for secret in secrets if secret for form in (secret, quote(secret, safe=""))})

    def strike_out(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: _struck(value, hidden) for key, value in event.items()}

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        strike_out,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    writer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, writer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, least in LOUD.items():
        logging.getLogger(name).setLevel(max(level, least))


def _struck(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, (int, float, bool)) or value is None or not hidden:
        return value
    text = value if isinstance(value, str) else str(value)
    if not any(secret in text for secret in hidden):
        return value
    for secret in hidden:
        text = text.replace(secret, "‹secret›")
    return text
