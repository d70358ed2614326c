"""A web page → its article, without the frame around it."""

import trafilatura

from digests.errors import ExtractionError


def extract_text(html: str, *, url: str) -> str:
    """The text of the page's article, one line a paragraph. Raises ExtractionError where there is none."""
    text = trafilatura.extract(html, url=url, fast=True, include_comments=False, include_tables=False)
    if not text:
        raise ExtractionError("This page has no article that can be told from its frame.")
    return str(text)
