"""Finding the feeds of a site: what its page names, then what it links to, then where feeds usually are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from digests.errors import FeedError, FetchError, ParseError
from digests.feeds.encoding import decode_body
from digests.feeds.fetch import ACCEPT_FEED, Fetcher
from digests.feeds.parse import parse_feed
from digests.feeds.urls import is_web_url, join_url
from digests.model import ParsedFeed
from digests.text.html import clean_line
from digests.workers import Workers

COMMON_PATHS = (
    *("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"),
    *("/feeds/posts/default", "/blog/feed", "/news/rss"),
)
MAX_PAGE = 2_000_000
MOST = 20
SECONDS = 5.0
_KINDS = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/json": "json",
    "application/rdf+xml": "rss",
    "application/xml": "rss",
    "text/xml": "rss",
}
_FEED_LINK = re.compile(
    r"(?:/(?:feed|rss|atom)/?$|[./](?:rss|atom|rdf)(?:\.xml)?$|feed\.(?:xml|json)$|[?&]feed=)", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|коммент|دیدگاه|نظر|تعليق|评论|コメント", re.IGNORECASE)
_PARTIAL = re.compile(r"/(?:tag|category|author|topic|search|section)s?/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that a site may have. `kind` is rss, atom or json; the higher the score, the likelier it is meant."""

    url: str
    title: str
    kind: str
    score: float


def find_feeds(html: str, *, url: str) -> list[Candidate]:
    """The feeds that a page names or links to, best first; the comments' feeds last."""
    tree = LexborHTMLParser(html[:MAX_PAGE])
    base_node = tree.css_first("base[href]")
    base = join_url(url, str((base_node.attributes.get("href") if base_node else "") or "")) or url
    found = [*_named(tree, base), *_linked(tree, base)]
    best: dict[str, Candidate] = {}
    for place, candidate in enumerate(found):
        ranked = replace(candidate, score=round(candidate.score - 0.01 * place, 2))
        if candidate.url not in best or best[candidate.url].score < ranked.score:
            best[candidate.url] = ranked
    return sorted(best.values(), key=lambda candidate: -candidate.score)[:MOST]


def common_paths(url: str) -> list[Candidate]:
    """Where feeds usually are on a site whose page names none."""
    site = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    return [
        Candidate(site + path, "", "json" if path.endswith("json") else "rss", round(1 - 0.01 * place, 2))
        for place, path in enumerate(COMMON_PATHS)
    ]


async def discover(url: str, *, fetcher: Fetcher, workers: Workers) -> list[Candidate]:
    """The feeds at or behind an address, best first: itself if it is one, else those of its page, tried out.

    Raises FetchError where the address can't be fetched, FeedError where it has no feed.
    """
    url = with_scheme(url)
    page = await fetcher.fetch(url, accept=ACCEPT_FEED + ", text/html;q=0.6")
    try:
        parsed = await _parse(workers, page.body, page.url, page.content_type)
        return [Candidate(page.permanent_url or url, parsed.title, "feed", 10.0)]
    except ParseError:
        html = decode_body(page.body, content_type=page.content_type)
    named = await workers.run(partial(find_feeds, html, url=page.url), timeout=SECONDS)
    tried = await _try(named[:5], fetcher, workers, most=5)
    tried = tried or await _try(common_paths(page.url), fetcher, workers, most=1)
    if not tried:
        raise ParseError(f"No feed was found at {urlsplit(page.url).hostname}.")
    return tried


def with_scheme(url: str) -> str:
    """An address as people type it (`example.org`, `feed://…`) as one that can be fetched."""
    url = re.sub(r"^feed:(?://)?(?=https?:)", "", url.strip(), flags=re.IGNORECASE)
    url = re.sub(r"^feed://", "https://", url, flags=re.IGNORECASE)
    return url if "://" in url else f"https://{url}"


async def _try(candidates: Iterable[Candidate], fetcher: Fetcher, workers: Workers, *, most: int) -> list[Candidate]:
    """Those candidates that are feeds, with the titles that they give themselves; one at a time, it is one host."""
    good: list[Candidate] = []
    for candidate in candidates:
        if len(good) >= most:
            break
        try:
            answer = await fetcher.fetch(candidate.url)
            parsed = await _parse(workers, answer.body, answer.url, answer.content_type)
        except FetchError as error:
            if error.status in {429, 503}:
                break
        except FeedError:
            continue
        else:
            good.append(replace(candidate, title=parsed.title or candidate.title))
    return good


async def _parse(workers: Workers, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    return await workers.run(partial(parse_feed, body, url=url, content_type=content_type), timeout=SECONDS)


def _named(tree: LexborHTMLParser, base: str) -> Iterable[Candidate]:
    """`<link rel="alternate" type="application/rss+xml">` and the like."""
    for node in tree.css("link[rel~=alternate][href], link[rel~=feed][href]"):
        attributes = node.attributes
        kind = _KINDS.get((attributes.get("type") or "").partition(";")[0].strip().lower())
        is_feed = "feed" in (attributes.get("rel") or "").lower().split()
        address = join_url(base, attributes.get("href") or "")
        if address and (kind or is_feed) and "/wp-json/" not in address:
            title = clean_line(attributes.get("title") or "", 200)
            yield Candidate(address, title, kind or "rss", 5.0 + _bonus(address, title, base))


def _linked(tree: LexborHTMLParser, base: str) -> Iterable[Candidate]:
    """Links that look like feeds."""
    for node in tree.css("a[href]"):
        address = join_url(base, node.attributes.get("href") or "")
        if address and is_web_url(address) and _FEED_LINK.search(urlsplit(address)._replace(fragment="").geturl()):
            title = clean_line(node.text(deep=True), 200)
            kind = "json" if address.endswith("json") else "atom" if "atom" in address else "rss"
            yield Candidate(address, title, kind, 2.0 + _bonus(address, title, base))


def _bonus(address: str, title: str, base: str) -> float:
    """Feeds of comments are not meant, those of one tag or author seldom; the site's own host is likelier."""
    score = -4.0 if _COMMENTS.search(f"{address} {title}") else 0.0
    score -= 1.0 if _PARTIAL.search(urlsplit(address).path) else 0.0
    return score + (0.5 if urlsplit(address).hostname == urlsplit(base).hostname else 0.0)
