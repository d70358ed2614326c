"""The pieces that digests, cards and lists are made of: headlines, bylines, quoted sentences, sources."""

from collections.abc import Sequence
from itertools import pairwise

from telegram import InlineKeyboardMarkup

from bot.markup import Bold, Link, Node, fill, join
from bot.view import Message, View, message
from digests.model import Article, Item, Outlet, Quote, Retelling

LONGEST_HEADLINE = 300
LONGEST_SENTENCE = 600
_MARKS = {
    "fa": "«»", "ar": "«»", "ps": "«»", "ru": "«»", "uk": "«»", "be": "«»", "fr": "«»", "es": "«»", "it": "«»",
    "el": "«»", "pt": "«»", "no": "«»", "de": "„“", "cs": "„“", "sk": "„“", "bg": "„“", "pl": "„”", "ro": "„”",
    "hu": "„”", "nl": "„”", "sv": "””", "fi": "””", "ja": "「」", "zh": "“”",
}  # fmt: skip
_QUOTATION = frozenset("\"'“”„«»‘’「」")


def headline(text: str, url: str, view: View) -> Node:
    """A headline in bold, linked to the article, among other things on its line."""
    return Bold(Link(view.foreign(text, limit=LONGEST_HEADLINE), url))


def title_line(text: str, url: str, view: View) -> Node:
    """A headline on a line of its own, whose direction is that of its words."""
    return Bold(Link(view.own_line(text, limit=LONGEST_HEADLINE), url))


def byline(item: Item, view: View) -> Node:
    """Who reports a story, how many others do, and when: "Japan Times +4 · 06:40"."""
    others = len({outlet.source for outlet in item.outlets} - {item.source})
    more = f" +{view.formats.number(others)}" if others else ""
    return (view.foreign(item.source, limit=60), more, view.dot, view.time(item.published))


def article_byline(article: Article, view: View) -> Node:
    """Who published an article, and when."""
    return (view.foreign(article.source, limit=60), view.dot, view.time(article.published))


def best(quotes: Sequence[Quote], count: int) -> list[Quote]:
    """The best `count` sentences, in the order of the text."""
    chosen = sorted(quotes, key=lambda quote: quote.rank)[:count]
    return sorted(chosen, key=lambda quote: quote.start)


def sentence(quote: Quote, view: View) -> Node:
    """A sentence as its article has it. It stands on a line of its own, whose direction is that of its words."""
    return view.own_line(quote.text, limit=LONGEST_SENTENCE)


def quoted(quote: Quote, language: str, view: View) -> Node:
    """A sentence in the quotation marks of its language, unless it begins or ends with some already."""
    text = view.own_line(quote.text, limit=LONGEST_SENTENCE)
    if not text or text[0] in _QUOTATION or text[-1] in _QUOTATION:
        return text
    marks = _MARKS.get(language, "“”")
    return marks[0] + text + marks[1]


def paragraphs(quotes: Sequence[Quote], view: View) -> Node:
    """Sentences as a text: those that follow each other in the article share a line, others start a new one."""
    pieces: list[Node] = [sentence(quote, view) for quote in quotes[:1]]
    for before, quote in pairwise(quotes):
        pieces += (" " if 0 <= quote.start - before.end <= 2 else "\n", sentence(quote, view))
    return tuple(pieces)


def source_links(outlets: Sequence[Outlet], view: View, *, most: int) -> Node:
    """The sources of a story, linked: "Sources: Japan Times · BBC · +3"; first reporter first."""
    links: list[Node] = [Link(view.foreign(outlet.source, limit=60), outlet.url) for outlet in outlets[:most]]
    if len(outlets) > most:
        links.append(f"+{view.formats.number(len(outlets) - most)}")
    label = view.ngettext("Source: {sources}", "Sources: {sources}", len(outlets))
    return view.line(fill(label, sources=join(view.dot, links)))


def retold(retelling: Retelling, view: View) -> Node:
    """Where the event of a story is told in another language: "Also in Persian: BBC Persian"."""
    language = view.formats.language_name(retelling.language)
    source = Link(view.foreign(retelling.outlet.source, limit=60), retelling.outlet.url)
    # i18n: the same event as another outlet tells it; {language} is a language's name, {source} a newspaper's.
    return view.line(fill(view.gettext("Also in {language}: {source}"), language=language, source=source))


def settings_page(sign: str, name: str, body: Node, view: View, buttons: InlineKeyboardMarkup) -> Message:
    """One page of the settings."""
    text = view.line(body) if isinstance(body, str) else body
    return message(view.line(f"{sign} ", Bold(name)), text, keyboard=buttons)
