"""Reading the page of an article for its full text, where a feed carries only a teaser."""

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from digests.clock import Clock, utc_now
from digests.errors import ExtractionError, WorkerError
from digests.feeds.encoding import decode_body
from digests.feeds.fetch import ACCEPT_PAGE, Fetched, Fetcher
from digests.feeds.robots import Robots
from digests.model import FullText
from digests.workers import Workers

if TYPE_CHECKING:
    from digests.feeds.extract import Page

Result = TypeVar("Result")

MAX_PAGE_BYTES = 3_000_000
SECONDS = 5.0
"""Of work on one page; most take 20 ms."""


class PageReader:
    """Reads pages politely: where robots.txt lets it, two at a time to a host, and no further than a paywall."""

    def __init__(self, fetcher: Fetcher, workers: Workers, *, clock: Clock = utc_now) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._robots = Robots(fetcher, clock=clock)

    async def read(self, url: str) -> FullText:
        """The article at this address. Raises FetchError or ExtractionError."""
        await self._ask(url)
        page = await self._fetch(url)
        if page.url != url:
            await self._ask(page.url)
        return await self._extract(partial(_free_text, page.body, url=page.url, content_type=page.content_type))

    async def read_page(self, url: str) -> "Page":
        """The article with what its page says about it, for a person who asks for this one page. Raises as `read`."""
        page = await self._fetch(url)
        return await self._extract(partial(_page, page.body, url=page.url, content_type=page.content_type))

    async def _ask(self, url: str) -> None:
        if not await self._robots.allow(url):
            raise ExtractionError("The site asks programs not to read this page.")

    async def _fetch(self, url: str) -> Fetched:
        page = await self._fetcher.fetch(url, accept=ACCEPT_PAGE, limit=MAX_PAGE_BYTES)
        kind = (page.content_type or "text/html").partition(";")[0].strip().lower()
        if kind not in {"text/html", "application/xhtml+xml", "text/plain"}:
            raise ExtractionError(f"This is no web page but {kind[:60]}.")
        return page

    async def _extract(self, job: partial[Result]) -> Result:
        try:
            return await self._workers.run(job, timeout=SECONDS)
        except WorkerError as error:
            raise ExtractionError(str(error)) from error


def _free_text(body: bytes, *, url: str, content_type: str | None) -> FullText:
    """In a worker: bytes → text. trafilatura stays out of the main process."""
    from digests.feeds.extract import extract_free_text, page_image

    html = decode_body(body, content_type=content_type)
    return FullText(extract_free_text(html, url=url), page_image(html, url=url))


def _page(body: bytes, *, url: str, content_type: str | None) -> "Page":
    """In a worker: bytes → article."""
    from digests.feeds.extract import extract_page

    return extract_page(decode_body(body, content_type=content_type), url=url)
