import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import ExtractionError, FetchError
from digests.feeds.fetch import Fetched
from digests.feeds.pages import PageReader
from digests.feeds.robots import Robots, parse_robots
from digests.model import FullText
from digests.workers import InlineWorkers

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = "https://s.example"
PARAGRAPH = (
    "The ferry to the northern islands left the quay at dawn, nine days after the storm had torn the pier away. "
)
PAGE = f"<html><body><article><p>{PARAGRAPH * 3}</p></article></body></html>".encode()
RULES = """
# for everyone
User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?*sort=

User-agent: Baztab
User-agent: OtherBot/2.0
Disallow: /archive/
"""


def allowed(text: str, path: str, agent: str = "somebot") -> bool:
    return parse_robots(text, agent=agent).allow(SITE + path)


@pytest.mark.parametrize("path", ["/", "/news", "/private/open/x", "/report.pdf?x=1", "/archive/1", "/search?q=a"])
def test_allowed_paths(path: str) -> None:
    assert allowed(RULES, path)


@pytest.mark.parametrize("path", ["/private", "/private/x", "/privateer", "/a/b.pdf", "/search?q=a&sort=b"])
def test_disallowed_paths(path: str) -> None:
    assert not allowed(RULES, path)


def test_a_group_that_names_us_counts_alone() -> None:
    assert not allowed(RULES, "/archive/1", agent="baztab")
    assert allowed(RULES, "/private", agent="baztab")
    assert not allowed(RULES, "/archive/1", agent="otherbot")


def test_the_longest_rule_wins_and_allow_on_a_tie() -> None:
    assert allowed("User-agent: *\nDisallow: /a\nAllow: /a", "/a")
    assert allowed("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c")
    assert not allowed("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c")


def test_empty_and_odd_files_allow_everything() -> None:
    for text in ("", "\ufeff", "User-agent: *\nDisallow:", "Disallow: /", "<html>404</html>", "Sitemap: x"):
        assert allowed(text, "/news")
    assert not allowed("\ufeffuser-AGENT : *\r\nDISALLOW:/news", "/news")


def test_escapes_are_compared_decoded() -> None:
    assert not allowed("User-agent: *\nDisallow: /a%20b", "/a%20b/c")
    assert not allowed("User-agent: *\nDisallow: /خبر", "/%D8%AE%D8%A8%D8%B1/1")


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_file_can_be_asked(text: str, path: str) -> None:
    assert parse_robots("User-agent: *\nDisallow: " + text).allow(f"{SITE}/{path}") in (True, False)


def test_stars_take_linear_time() -> None:
    assert allowed("User-agent: *\nDisallow: /" + "a*" * 2000 + "b$", "/" + "a" * 50_000)


class ScriptedFetcher:
    """Answers by path, and remembers what it was asked."""

    def __init__(self, **answers: Fetched | FetchError) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def fetch(self, url: str, **_: object) -> Fetched:
        self.asked.append(url)
        await asyncio.sleep(0)
        answer = self.answers[url.rsplit("/", 1)[1].partition(".")[0]]
        if isinstance(answer, FetchError):
            raise answer
        return answer


def page(body: bytes = PAGE, *, url: str = f"{SITE}/story", kind: str | None = "text/html; charset=utf-8") -> Fetched:
    return Fetched(status=200, url=url, body=body, content_type=kind)


def robots(text: str) -> Fetched:
    return Fetched(status=200, url=f"{SITE}/robots.txt", body=text.encode())


def reader(fetcher: ScriptedFetcher) -> PageReader:
    return PageReader(fetcher, InlineWorkers(), clock=lambda: NOW)


async def test_a_page_is_read_where_the_site_lets_us() -> None:
    fetcher = ScriptedFetcher(robots=robots("User-agent: *\nDisallow: /x"), story=page())
    assert await reader(fetcher).read(f"{SITE}/story") == FullText((PARAGRAPH * 3).strip())
    assert fetcher.asked == [f"{SITE}/robots.txt", f"{SITE}/story"]


async def test_a_page_is_not_fetched_where_the_site_says_no() -> None:
    fetcher = ScriptedFetcher(robots=robots("User-agent: *\nDisallow: /"), story=page())
    with pytest.raises(ExtractionError, match="asks programs not to"):
        await reader(fetcher).read(f"{SITE}/story")
    assert fetcher.asked == [f"{SITE}/robots.txt"]


async def test_a_redirect_does_not_lead_around_the_rules() -> None:
    fetcher = ScriptedFetcher(robots=robots("User-agent: *\nDisallow: /closed"), story=page(url=f"{SITE}/closed/story"))
    with pytest.raises(ExtractionError, match="asks programs not to"):
        await reader(fetcher).read(f"{SITE}/story")


async def test_a_site_is_asked_once_a_day_however_many_pages_are_read() -> None:
    fetcher = ScriptedFetcher(robots=robots(""))
    now = NOW
    rules = Robots(fetcher, clock=lambda: now)
    assert all(await asyncio.gather(*(rules.allow(f"{SITE}/{number}") for number in range(10))))
    assert len(fetcher.asked) == 1
    now += timedelta(hours=25)
    await rules.allow(f"{SITE}/1")
    assert len(fetcher.asked) == 2


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(404, True), (403, True), (410, True), (429, False), (500, False), (503, False), (None, False)],
)
async def test_a_missing_file_allows_and_a_failing_one_forbids(status: int | None, verdict: bool) -> None:
    rules = Robots(ScriptedFetcher(robots=FetchError("x", status=status)), clock=lambda: NOW)
    assert await rules.allow(f"{SITE}/story") is verdict


async def test_a_failing_site_is_asked_again_after_an_hour() -> None:
    fetcher = ScriptedFetcher(robots=FetchError("x", status=503))
    now = NOW
    rules = Robots(fetcher, clock=lambda: now)
    assert not await rules.allow(f"{SITE}/story")
    fetcher.answers["robots"] = robots("")
    assert not await rules.allow(f"{SITE}/story")
    now += timedelta(minutes=61)
    assert await rules.allow(f"{SITE}/story")


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4"])
async def test_what_is_no_page_is_an_extraction_error(kind: str) -> None:
    fetcher = ScriptedFetcher(robots=robots(""), story=page(kind=kind))
    with pytest.raises(ExtractionError, match="no web page"):
        await reader(fetcher).read(f"{SITE}/story")


async def test_one_page_that_a_person_asks_for_is_read_with_its_metadata() -> None:
    fetcher = ScriptedFetcher(story=page(PAGE.replace(b"<html>", b'<html lang="en"><title>Ferry</title>')))
    found = await reader(fetcher).read_page(f"{SITE}/story")
    assert (found.title, found.language) == ("Ferry", "en")
    assert found.text == (PARAGRAPH * 3).strip()


async def test_pages_in_other_encodings() -> None:
    head = "<head><meta charset=windows-1251></head>"
    body = f"<html>{head}<body><article><p>{'Паром ушёл на рассвете. ' * 20}</p></article></body></html>"
    fetcher = ScriptedFetcher(robots=robots(""), story=page(body.encode("cp1251"), kind="text/html"))
    assert (await reader(fetcher).read(f"{SITE}/story")).text.startswith("Паром ушёл")
