"""What readers take away as files: saved stories as a page or as JSON, and everything that is stored about them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from bot.formats import has_rtl
from bot.markup import Bold, safe_url
from bot.view import Attachment, Message, View, message
from digests.model import Item, Quote

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif }}
article {{ margin: 2rem 0 }} h2 {{ font-size: 1.15rem; margin: 0 }} p {{ margin: .2rem 0; opacity: .75 }}
blockquote {{ margin: .5rem 0; padding-inline-start: .8rem; border-inline-start: .2rem solid #8886 }}
</style>
<h1>{title}</h1>
{stories}
</html>
"""


def saved_page(items: Sequence[Item], view: View) -> Message:
    """Saved stories as a page for a browser, which needs nothing from anywhere."""
    title = view.gettext("Saved stories")
    body = _PAGE.format(
        language=escape(view.translator.language),
        direction="rtl" if view.rtl else "ltr",
        title=escape(title),
        stories="\n".join(_story(item, view) for item in items),
    )
    return _file(_name("saved", view, "html"), body, title, len(items), view)


def saved_data(items: Sequence[Item], view: View) -> Message:
    """Saved stories as JSON, for programs."""
    found = [
        {
            "headline": item.headline,
            "url": item.url,
            "source": item.source,
            "published": item.published.isoformat(),
            "language": item.language,
            "quotes": [quote.text for quote in item.quotes],
            "sources": [
                {"source": outlet.source, "url": outlet.url, "published": outlet.published.isoformat()}
                for outlet in item.outlets
            ],
        }
        for item in items
    ]
    return _file(_name("saved", view, "json"), _json(found), view.gettext("Saved stories"), len(items), view)


def everything(tables: Mapping[str, Sequence[Mapping[str, object]]], view: View) -> Message:
    """All that is stored about a chat, table by table, as JSON."""
    text = view.gettext("Everything that is stored about this chat. /privacy explains it, /stop deletes it.")
    written = message(view.line("📦 ", text))
    attachment = Attachment(_name("baztab", view, "json"), _json(tables).encode())
    return Message(html=written.html, plain=written.plain, attachment=attachment)


def _story(item: Item, view: View) -> str:
    address = safe_url(item.url)
    headline = escape(item.headline)
    linked = f'<a href="{escape(address)}">{headline}</a>' if address else headline
    date = view.formats.date(item.published, year=True)
    quotes = "".join(f"<blockquote>{escape(quote.text)}</blockquote>" for quote in sorted(item.quotes, key=_place))
    words = "rtl" if has_rtl(item.headline) else "ltr"
    facts = f"<p><bdi>{escape(item.source)}</bdi> · <bdi>{escape(date)}</bdi></p>"
    return f'<article lang="{escape(item.language)}" dir="{words}"><h2>{linked}</h2>{facts}{quotes}</article>'


def _place(quote: Quote) -> int:
    return quote.start


def _file(name: str, body: str, title: str, count: int, view: View) -> Message:
    stories = view.ngettext("{count} story", "{count} stories", count)
    written = message(view.line("🔖 ", Bold(title), f"{view.dot}{stories}"))
    return Message(html=written.html, plain=written.plain, attachment=Attachment(name, body.encode("utf-8", "replace")))


def _name(what: str, view: View, suffix: str) -> str:
    return f"{what}-{view.formats.local(view.now):%Y-%m-%d}.{suffix}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
