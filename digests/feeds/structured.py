"""What a page says about itself in JSON-LD (schema.org): its article's body, and whether it is free to read."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from digests.feeds.dates import parse_date
from digests.text.html import to_text

_SCRIPT = re.compile(
    r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>(.{2,500000}?)</script\s*>", re.IGNORECASE | re.DOTALL
)
_ARTICLE = re.compile(r"(?:Article|Posting|Report)$")
_MAX_NODES = 2000


def article_body(html: str) -> str:
    """The longest articleBody, as plain text; "" where there is none."""
    bodies = [node["articleBody"] for node in _articles(html) if isinstance(node.get("articleBody"), str)]
    return to_text(max(bodies, key=len)) if bodies else ""


def is_paywalled(html: str) -> bool:
    """Whether the page marks its article as not free to read (isAccessibleForFree)."""
    return any(str(node.get("isAccessibleForFree", "")).lower() in {"false", "no"} for node in _articles(html))


def without_data(html: str) -> str:
    """The page without its JSON-LD, from which extraction would take a body that the page does not show."""
    return _SCRIPT.sub("", html)


def published_at(html: str) -> datetime | None:
    """The first datePublished of an article."""
    dates = (parse_date(str(node["datePublished"])) for node in _articles(html) if "datePublished" in node)
    return next(filter(None, dates), None)


def _articles(html: str) -> Iterator[dict[str, Any]]:
    """The nodes that describe an article."""
    if "ld+json" not in html:
        return
    for script in _SCRIPT.finditer(html):
        try:
            document = json.loads(script[1].strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            kinds = node.get("@type")
            if any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield node


def _nodes(document: object) -> Iterator[dict[str, Any]]:
    """All objects in a document, breadth first."""
    waiting, seen = [document], 0
    while waiting and seen < _MAX_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += node
