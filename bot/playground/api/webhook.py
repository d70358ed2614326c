"""Delivery of updates to the bot's own web server, on this machine only."""

import asyncio
import contextlib
import ipaddress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.playground.api.updates import Updates

log = structlog.get_logger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — the name of a header
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


@dataclass(slots=True)
class Webhook:
    """Where updates go; "" where the bot polls. `retry` is the first pause after a failure, in seconds."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: float = 0.0
    retry: float = FIRST_PAUSE
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver to another address from now on, or to none."""
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error, self.last_error_at = "", 0.0
        self.changed.set()


def is_loopback(url: str) -> bool:
    """Whether an http(s) address is on this machine."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(parts.hostname).is_loopback
    return False


async def deliver(webhook: Webhook, updates: Updates, now: Any) -> None:
    """Post updates one by one, in order, until cancelled; one that is not taken is tried again after a pause."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        pause = webhook.retry
        while True:
            if not webhook.url:
                webhook.changed.clear()
                await webhook.changed.wait()
                continue
            await updates.arrival()
            if not updates.pending or not webhook.url:
                continue
            update = updates.pending[0]
            error = await post(session, webhook, update)
            if error is None:
                updates.confirm(update["update_id"] + 1)
                pause = webhook.retry
                continue
            webhook.last_error, webhook.last_error_at = error, now()
            log.warning("webhook_failed", error=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def post(session: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]) -> str | None:
    """Post one update; what went wrong, or None."""
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    try:
        async with session.post(webhook.url, json=update, headers=headers) as response:
            await response.read()
            return None if response.status < 300 else f"Wrong response from the webhook: {response.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"
