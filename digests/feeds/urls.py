"""Addresses: which may be linked, and when two are the same article."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import ada_url
from courlan import clean_url

MAX_URL = 2000
"""Characters. Longer addresses are no links that anyone can use (Telegram's and browsers' practical limit)."""

# What courlan leaves: marks of campaigns, feeds and mailings that never choose an article.
_TRACKER_NAMES = (
    "cmp cmpid cmp_id _hsenc _hsmi hsctatracking mkt_tok mc_cid mc_eid igshid igsh si_source feature spm ocid ito "
    "at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 wt.mc wt.mc_id wt_zmc maca sc_cid smid "
    "srnd ftag ncid tpcc guccounter guce_referrer guce_referrer_sig rss traffic_source fb_ref fb_source twclid "
    "ttclid li_fat_id yclid ysclid gclid gclsrc dclid fbclid msclkid wickedid _openstat"
)
_TRACKERS = frozenset(_TRACKER_NAMES.split())
# Names that courlan takes for trackers; with a number they are how some publishers number their articles.
_IDENTIFIERS = frozenset({"uid", "eid", "cid", "source_id", "session_id"})
_PASSES = 4
_SPACES = re.compile(r"\s+")
_HOST = re.compile(r"[^.].*")


def is_web_url(url: str) -> bool:
    """Whether this is an absolute http or https address with a host, of a sane length."""
    if not url or len(url) > MAX_URL or url[:4].lower() != "http":
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(_HOST.match(parts.hostname or ""))
    except ValueError:
        return False


def canonical_url(url: str) -> str:
    """The address by which an article is known: normalised (WHATWG), without tracking parameters.

    It still leads to the article. Returns the address as it came where it can't be parsed. A canonical address is its
    own canonical address.
    """
    url = _SPACES.sub("", url)
    for _ in range(_PASSES):
        before, url = url, _cleaned(url)
        if url == before:
            break
    return url


def _cleaned(url: str) -> str:
    """One pass; what one pass uncovers (a doubled slash, an address within the address) the next one cleans."""
    try:
        normal = ada_url.normalize_url(url)
    except ValueError:
        return url
    parts = urlsplit(normal)
    if parts.scheme not in {"http", "https"}:
        return normal
    if not parts.query:
        return clean_url(normal) or normal
    if "=" not in parts.query:  # `news.php?4711`: courlan would drop it
        bare = clean_url(urlunsplit(parts._replace(query=""))) or normal
        return urlunsplit(urlsplit(bare)._replace(query=parts.query))
    return _without_trackers(normal)


def _without_trackers(url: str) -> str:
    """courlan's cleaning, with our own list on top, keeping numbers under _IDENTIFIERS."""
    parts = urlsplit(url)
    pairs = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    kept = [pair for pair in pairs if pair[0].lower() not in _TRACKERS]
    numbers = [pair for pair in kept if pair[0].lower() in _IDENTIFIERS and pair[1].isdecimal()]
    others = [pair for pair in kept if pair not in numbers]
    bare = urlunsplit(parts._replace(query=urlencode(others)))
    cleaned = clean_url(bare) or bare
    if not numbers:
        return cleaned
    again = urlsplit(cleaned)
    query = "&".join(filter(None, (again.query, urlencode(sorted(numbers)))))
    return urlunsplit(again._replace(path=again.path or "/", query=query))


def join_url(base: str, url: str) -> str:
    """An absolute address for a link found at `base`; "" where it makes no web address."""
    url = url.strip()
    if is_web_url(url):
        return url
    if url.startswith("//"):
        url = (urlsplit(base).scheme or "https") + ":" + url
    try:
        joined = ada_url.join_url(base, url) if base and url else ""
    except ValueError:
        return ""
    return joined if is_web_url(joined) else ""
