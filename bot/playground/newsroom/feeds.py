"""Feeds as outlets publish them: RSS 2.0, RSS 1.0 (RDF), Atom 1.0 and JSON Feed 1.1. Pure: values in, bytes out.

A feed's bytes depend on what is out, not on the time of asking, so that an unchanged feed has an unchanged ETag.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import quoteattr

from bot.playground.newsroom.outlets import Outlet, Piece

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
TTL_MINUTES = 1


def render_feed(outlet: Outlet, pieces: Sequence[Piece], *, base: str, start: datetime, topic: str = "") -> bytes:
    """The feed of an outlet, or of its section, with these pieces, newest first; `base` is the newsroom's address."""
    render = {"rss": _rss, "rdf": _rdf, "atom": _atom, "json": _json}[outlet.format]
    return render(outlet, pieces, base, start, base + outlet.feed_path(topic)).encode()


def _html(piece: Piece) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in piece.paragraphs)


def _guid(outlet: Outlet, piece: Piece, start: datetime) -> str:
    """A tag URI (RFC 4151)."""
    return f"tag:{outlet.slug}.example,{start.year}:{piece.id}"


def _newest(pieces: Sequence[Piece], start: datetime) -> datetime:
    return pieces[0].published(start) if pieces else start


def _element(name: str, text: str, **attributes: str) -> str:
    written = "".join(f" {key.rstrip('_')}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{escape(text, quote=False)}</{name}>"


# ── RSS 2.0 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rss(outlet: Outlet, pieces: Sequence[Piece], base: str, start: datetime, url: str) -> str:
    items = "\n".join(_rss_item(outlet, piece, base, start) for piece in pieces)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
{_element("title", outlet.name)}
{_element("link", f"{base}/{outlet.slug}/")}
<atom:link rel="self" type="application/rss+xml" href={quoteattr(url)}/>
{_element("description", outlet.tagline)}
{_element("language", outlet.language)}
{_element("lastBuildDate", format_datetime(_newest(pieces, start), usegmt=True))}
<ttl>{TTL_MINUTES}</ttl>
{items}
</channel></rss>
"""


def _rss_item(outlet: Outlet, piece: Piece, base: str, start: datetime) -> str:
    link = base + outlet.path(piece)
    parts = [
        _element("title", piece.title),
        _element("link", link),
        _element("guid", _guid(outlet, piece, start), isPermaLink="false"),
        _element("pubDate", format_datetime(piece.published(start), usegmt=True)),
        _element("dc:creator", piece.author),
        _element("description", f"<p>{escape(piece.teaser, quote=False)}</p>"),
        *(_element("category", topic) for topic in piece.topics),
        f'<media:content medium="image" type="image/png" url={quoteattr(link + ".png")}/>',
    ]
    if outlet.full_text:
        parts.append(f"<content:encoded><![CDATA[{_html(piece).replace(']]>', ']]]]><![CDATA[>')}]]></content:encoded>")
    return "<item>" + "".join(parts) + "</item>"


# ── RSS 1.0 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rdf(outlet: Outlet, pieces: Sequence[Piece], base: str, start: datetime, url: str) -> str:
    links = [base + outlet.path(piece) for piece in pieces]
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "\n".join(_rdf_item(piece, link, start) for piece, link in zip(pieces, links, strict=True))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about={quoteattr(url)}>
{_element("title", outlet.name)}
{_element("link", f"{base}/{outlet.slug}/")}
{_element("description", outlet.tagline)}
{_element("dc:language", outlet.language)}
{_element("dc:date", _newest(pieces, start).isoformat())}
<items><rdf:Seq>{listed}</rdf:Seq></items>
</channel>
{items}
</rdf:RDF>
"""


def _rdf_item(piece: Piece, link: str, start: datetime) -> str:
    parts = [
        _element("title", piece.title),
        _element("link", link),
        _element("description", piece.teaser),
        _element("dc:creator", piece.author),
        _element("dc:date", piece.published(start).isoformat()),
        *(_element("dc:subject", topic) for topic in piece.topics),
    ]
    return f"<item rdf:about={quoteattr(link)}>" + "".join(parts) + "</item>"


# ── Atom ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _atom(outlet: Outlet, pieces: Sequence[Piece], base: str, start: datetime, url: str) -> str:
    entries = "\n".join(_atom_entry(outlet, piece, base, start) for piece in pieces)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(outlet.language)} xml:base={quoteattr(base + "/")}>
{_element("title", outlet.name)}
{_element("subtitle", outlet.tagline)}
{_element("id", f"tag:{outlet.slug}.example,{start.year}:feed")}
<link rel="self" type="application/atom+xml" href={quoteattr(url)}/>
<link rel="alternate" type="text/html" href={quoteattr(f"/{outlet.slug}/")}/>
{_element("updated", _newest(pieces, start).isoformat())}
{entries}
</feed>
"""


def _atom_entry(outlet: Outlet, piece: Piece, base: str, start: datetime) -> str:
    link = outlet.path(piece)
    date = piece.published(start).isoformat()
    parts = [
        _element("title", piece.title, type="text"),
        f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>',
        f'<link rel="enclosure" type="image/png" href={quoteattr(f"{base}{link}.png")}/>',
        _element("id", _guid(outlet, piece, start)),
        _element("published", date),
        _element("updated", date),
        f"<author>{_element('name', piece.author)}</author>",
        *(f"<category term={quoteattr(topic)}/>" for topic in piece.topics),
        _element("summary", piece.teaser, type="text"),
    ]
    if outlet.full_text:
        parts.append(_element("content", _html(piece), type="html"))
    return "<entry>" + "".join(parts) + "</entry>"


# ── JSON Feed ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _json(outlet: Outlet, pieces: Sequence[Piece], base: str, start: datetime, url: str) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{base}/{outlet.slug}/",
        "feed_url": url,
        "language": outlet.language,
        "items": [_json_item(outlet, piece, base, start) for piece in pieces],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(outlet: Outlet, piece: Piece, base: str, start: datetime) -> dict[str, object]:
    link = base + outlet.path(piece)
    item: dict[str, object] = {
        "id": _guid(outlet, piece, start),
        "url": link,
        "title": piece.title,
        "summary": piece.teaser,
        "date_published": piece.published(start).isoformat(),
        "authors": [{"name": piece.author}],
        "tags": list(piece.topics),
        "image": f"{link}.png",
    }
    return item | ({"content_html": _html(piece)} if outlet.full_text else {})
