"""Methods about how the bot gets its updates."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import Json
from bot.playground.api.errors import ApiError, bad_request
from bot.playground.api.updates import Update
from bot.playground.api.webhook import is_loopback
from bot.playground.api.world import World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LONGEST_POLL = 50


async def get_updates(world: World, params: Json) -> list[Update]:
    """Long polling. Raises ApiError (409) where a webhook is set or another poller comes."""
    if world.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    world.updates.allow(params.get("allowed_updates"))
    limit = params.get("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    timeout = min(max(params.get("timeout", 0), 0), LONGEST_POLL)
    asyncio.get_running_loop().call_soon(world.events.wake)  # for those who wait until the bot polls
    return await world.updates.poll(offset=params.get("offset", 0), limit=limit, timeout=timeout)


def set_webhook(world: World, params: Json) -> bool:
    """Deliver updates to an address on this machine; "" goes back to polling."""
    url = params["url"]
    if url and not is_loopback(url):
        raise bad_request("bad webhook: this server delivers to loopback addresses only")
    secret = params.get("secret_token", "")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be 1-100")
    world.updates.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        world.updates.pending.clear()
    world.webhook.set(url, secret, connections)
    world.updates.end_poll()
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """Go back to polling."""
    if params.get("drop_pending_updates"):
        world.updates.pending.clear()
    world.webhook.set("", "", 40)
    return True


def get_webhook_info(world: World, _params: Json) -> Json:
    """Where updates go, and what went wrong last."""
    webhook = world.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.last_error:
        info |= {"last_error_date": int(webhook.last_error_at), "last_error_message": webhook.last_error}
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
