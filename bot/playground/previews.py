"""What link previews in the playground show: a page's title, what it says of itself, its picture."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from digests.errors import BaztabError, FetchError

if TYPE_CHECKING:
    from bot.wiring import News

log = structlog.get_logger(__name__)

MOST_DESCRIPTION = 200
"""Characters, as many as Telegram shows."""
PICTURE_BYTES = 5_000_000
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Ends of addresses that are pictures themselves: their preview is the picture alone."""


class Previews:
    """Reads pages and pictures as the bot does, within the hosts that it may reach; nothing before `news` is set."""

    def __init__(self) -> None:
        self.news: News | None = None

    async def page(self, url: str) -> dict[str, object] | None:
        """The preview of a page; None where there is nothing to show."""
        from digests.text.html import shorten

        if self.news is None:
            return None
        if url.endswith(PICTURES):
            return {"url": url, "title": "", "description": "", "image": url, "site_name": ""}
        try:
            page = await self.news.pages.read_page(url)
        except BaztabError as error:
            log.info("preview.failed", url=url, reason=str(error))
            return None
        return {
            "url": url,
            "title": page.title,
            "description": shorten(page.description or page.text.replace("\n", " "), MOST_DESCRIPTION),
            "image": page.image,
            "site_name": page.site or urlsplit(url).hostname,
        }

    async def picture(self, url: str) -> tuple[str, bytes] | None:
        """Content type and bytes of a picture; None where there is none."""
        if self.news is None:
            return None
        try:
            fetched = await self.news.fetcher.fetch(url, accept="image/*", limit=PICTURE_BYTES)
        except FetchError as error:
            log.info("picture.failed", url=url, reason=str(error))
            return None
        return fetched.content_type or "", fetched.body
