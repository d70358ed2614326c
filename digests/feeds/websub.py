"""WebSub, as a subscriber: what is asked of a hub, what it may ask back, and whether it is the hub that sends. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from digests.model import Push

LEASE = timedelta(days=10)
"""What is asked for. Hubs give what they like."""
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)
RENEWED = 0.8
"""Share of a lease after which it is renewed."""
LONGEST_CHALLENGE = 1000
_METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def subscription(push: Push, callback: str) -> dict[str, str]:
    """The form that asks a hub for a subscription; `callback` is where it shall send to."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": push.topic,
        "hub.callback": callback,
        "hub.secret": push.secret,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }


def lease(query: Mapping[str, str]) -> timedelta:
    """How long a hub that verifies a subscription will send; within bounds, and a usual time where it does not say."""
    text = query.get("hub.lease_seconds", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return LEASE
    return min(max(timedelta(seconds=int(text)), SHORTEST), LONGEST)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether X-Hub-Signature (`sha256=…`) is that of the body with our secret, in constant time."""
    name, _, given = signature.strip().partition("=")
    method = _METHODS.get(name.lower())
    if method is None or not secret:
        return False
    wanted = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.strip().lower().encode(errors="replace"))
