"""What Telegram takes for a link, in an `<a href>`, a button or a preview, and how it writes it down."""

import re

PROTOCOL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
HOST = re.compile(r"(?:[^\s/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(?::(\d{1,5}))?(?=[/?#]|$)")
FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\"#%&()*+,/:;<=>?@\[\\\]^`{|}]")
USER = re.compile(r"tg://user\?id=(\d+)")


def checked_link(address: str) -> str | None:
    """The link as Telegram stores it, or None where it is none.

    http(s) addresses need a dot in their host (or are an IPv6 address); without a protocol http is meant. tg: links
    are kept as they are.
    """
    if address.lower().startswith(("tg://", "ton://", "tonsite://")):
        return address if len(address) > address.index("/") + 2 else None
    protocol, rest = "http", address
    if match := PROTOCOL.match(address):
        protocol, rest = match[1].lower(), address[match.end() :]
    if protocol not in {"http", "https"}:
        return None
    match = HOST.match(rest)
    if match is None:
        return None
    host, port = match[1].lower(), match[2]
    if not host_is_valid(host) or (port is not None and not 0 < int(port) <= 65535):
        return None
    user = rest[: match.start(1)]
    return f"{protocol}://{user}{host}{f':{port}' if port else ''}{written_path(rest[match.end() :])}"


def host_is_valid(host: str) -> bool:
    """Whether a host has a dot in it, or is an IPv6 address in brackets."""
    if host.startswith("["):
        return True
    if "." not in host or ".." in host or host.startswith(".") or FORBIDDEN_IN_HOST.search(host):
        return False
    return bool(host.rstrip("."))


def written_path(path: str) -> str:
    """Path and query with a slash in front and spaces escaped."""
    if not path.startswith("/"):
        path = "/" + path
    return "".join(f"%{ord(character):02X}" if character <= " " else character for character in path)


def mentioned_user(address: str) -> int | None:
    """The user id of a `tg://user?id=…` link."""
    match = USER.fullmatch(address.strip())
    return int(match[1]) if match else None
