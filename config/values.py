"""The kinds of values that settings take. Each function returns the value or raises ValueError with the reason.

Reasons never quote a value that may hold a secret.
"""

import ipaddress
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from pydantic import SecretStr

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,64}", re.ASCII)
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", re.ASCII)
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
"""The ports that Telegram sends updates to."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where to listen. Port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def token(secret: SecretStr | None) -> SecretStr | None:
    """A token in the shape that @BotFather gives."""
    if secret is not None and not TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError("this one is cut short or holds something else")
    return secret


def database_url(text: str) -> str:
    """An address of SQLite or PostgreSQL; postgres:// becomes postgresql://."""
    parts = _split(text)
    if parts.scheme == "sqlite":
        if parts.netloc:
            raise ValueError("a SQLite file's address has three slashes before a relative path, four before a full one")
        return text
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("other databases are not supported")
    _port(parts)
    return "postgresql" + text[len(parts.scheme) :]


def http_url(text: str | None) -> str | None:
    """An http or https address without a slash at its end."""
    if text is None:
        return None
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it starts with https:// and a host's name")
    _port(parts)
    return text.rstrip("/")


def check_webhook(text: str) -> None:
    """Telegram sends updates only to https and to four ports."""
    parts = _split(text)
    if parts.scheme != "https":
        raise ValueError("BAZTAB_WEBHOOK_URL must start with https://: Telegram sends to nothing else")
    if _port(parts) not in {None, *WEBHOOK_PORTS}:
        raise ValueError("BAZTAB_WEBHOOK_URL must be on port 443, 80, 88 or 8443: Telegram sends to no others")


def home_path(path: Path | None) -> Path | None:
    """A path in which ~ is the home directory."""
    return path.expanduser() if path is not None else None


def chat_ids(text: object) -> object:
    """Numbers with commas between them, each once."""
    if not isinstance(text, str):
        return text
    parts = _listed(text)
    if wrong := [part for part in parts if not re.fullmatch(r"-?\d{1,19}", part, re.ASCII)]:
        raise ValueError(f"{_quoted(wrong[0])} is no chat id (a number: an @name won't do)")
    return tuple(dict.fromkeys(int(part) for part in parts))


def hosts(text: object) -> object:
    """Names, addresses or networks with commas between them, each once."""
    if not isinstance(text, str):
        return text
    parts = _listed(text)
    if wrong := [part for part in parts if not (_is_network(part) or HOST_NAME.fullmatch(part))]:
        raise ValueError(f"{_quoted(wrong[0])} is none of these (no scheme, no port, no path)")
    return tuple(dict.fromkeys(part.lower() for part in parts))


def time_zone(name: str) -> str:
    """A name of the tz database."""
    zones = _zones()
    if name in zones:
        return name
    by_fold = {zone.casefold(): zone for zone in sorted(zones)}
    near = get_close_matches(name.casefold()[:60].replace(" ", "_"), by_fold, n=1)
    hint = f"; did you mean {by_fold[near[0]]}?" if near else ""
    raise ValueError(f"there is no time zone of this name{hint}")


def contact(text: str | None) -> str | None:
    """What a publisher can write to or look at: it stands in the User-Agent, so nothing odd may be in it."""
    if text is None or MAIL.fullmatch(text):
        return text
    if re.fullmatch(r"https?://[!-'*-~]+", text, re.ASCII):
        return http_url(text)
    raise ValueError("write it like https://example.org/bot or news@example.org")


def web_address(text: object) -> object:
    """host:port, an IPv6 address in brackets."""
    if not isinstance(text, str):
        return text
    parts = _split(f"//{text.strip()}")
    port = _port(parts)
    if not parts.hostname or port is None or parts.path or parts.query or "@" in text:
        raise ValueError("both the host and the port are needed, and nothing else")
    return WebAddress(parts.hostname, port)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _quoted(text: str) -> str:
    """A value for an error; never a token that was put in the wrong place."""
    return "one of them" if TOKEN.search(text) or "@" in text[1:] else repr(text[:60])


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise ValueError("it is no address") from None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError("a port is a number up to 65535") from None
