"""Answers to "how was this summarised?" and "why am I seeing this?", from the data behind them."""

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.markup import Bold, Link, Node, fill, join, lines
from bot.render.card import Origin
from bot.render.learning import chosen_of, reasons
from bot.render.parts import LONGEST_SENTENCE, title_line
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Item, Quote, Subscriber
from digests.text.sentences import spans

_LONGEST_MAP = 60


def how_summarised(item: Item, text: str, view: View, *, origin: Origin | None = None) -> Message:
    """Which sentences of the article were taken. `text` is the article's, "" where it is no longer stored."""
    origin = origin or Origin()
    title = view.line("🔍 ", Bold(view.gettext("How this was summarised")))
    places = spans(text, item.language)
    quotes = sorted(item.quotes, key=lambda quote: quote.start)
    intro = view.gettext(
        "Every sentence is the article's own, word for word. They were chosen by their place in the text, by how much "
        "of the rest they touch on, and by their closeness to the headline. Nothing is written by a machine."
    )
    blocks = [_chosen(quote, places, view) for quote in quotes]
    return message(
        title,
        title_line(item.headline, item.url, view),
        view.line(intro),
        _map(quotes, places, view),
        *blocks,
        keyboard=_back(item, view, origin),
    )


def _back(item: Item, view: View, origin: Origin) -> InlineKeyboardMarkup:
    return keyboards.back_to_story(
        view, story=item.story_id, article=item.article_id, request=origin.request, page=origin.page
    )


def _place(quote: Quote, places: Sequence[tuple[int, int]]) -> int | None:
    """Which sentence of the text a quote is, from 1; None where the text is gone or differs."""
    return next((index for index, (start, end) in enumerate(places, 1) if start <= quote.start < end), None)


def _map(quotes: Sequence[Quote], places: Sequence[tuple[int, int]], view: View) -> Node:
    """The article as a row of squares, one a sentence, the chosen ones filled; and what the squares mean."""
    if not 1 < len(places) <= _LONGEST_MAP:
        return ""
    chosen = {_place(quote, places) for quote in quotes}
    row = "".join("■" if index in chosen else "□" for index in range(1, len(places) + 1))
    legend = view.gettext("■ quoted · □ left out, in the order of the article · ★ the one that says most")
    return lines(view.line(row), view.line(legend))


def _chosen(quote: Quote, places: Sequence[tuple[int, int]], view: View) -> Node:
    place = _place(quote, places)
    first = "★ " if quote.rank == 1 else ""
    label = ""
    if place is not None:
        numbers = {"number": view.formats.number(place), "total": view.formats.number(len(places))}
        label = view.gettext("Sentence {number} of {total}").format(**numbers)
    return lines(view.line(first, Bold(label)) if label else "", view.own_line(quote.text, limit=LONGEST_SENTENCE))


def mutes(
    item: Item, words: Sequence[str], subscriber: Subscriber, view: View, *, origin: Origin | None = None
) -> Message:
    """The question what of a story is to be muted: its source, or one of `words`, which are its headline's."""
    origin = origin or Origin()
    known = {word.casefold() for word in subscriber.mutes}
    text = view.gettext("More or less of {source}? Or mute it, or a word: stories with it stay out of digests.")
    chosen = chosen_of("source", item.source, subscriber)
    buttons = keyboards.mute_choices(
        {word: word.casefold() in known for word in words},
        view,
        leaning=keyboards.lean_here(item.article_id, chosen, view, request=origin.request, page=origin.page),
        source=item.source,
        muted=item.source in subscriber.muted_sources,
        story=item.story_id,
        article=item.article_id,
        request=origin.request,
        page=origin.page,
    )
    title = view.line("🎚 ", Bold(view.gettext("More, less, mute")))
    asked = view.line(fill(text, source=Bold(view.foreign(item.source, limit=60))))
    return message(title, title_line(item.headline, item.url, view), asked, keyboard=buttons)


def why(item: Item, subscriber: Subscriber, view: View, *, origin: Origin | None = None) -> Message:
    """Why a story is in a digest of this subscriber."""
    followed = [wish.value for wish in subscriber.wishes if wish.kind == "topic"]
    origin = origin or Origin()
    title = view.line("💡 ", Bold(view.gettext("Why am I seeing this?")))
    grown = [view.gettext("🔁 You had this story. More sources report it since, with something new.")]
    facts = (
        *(grown if item.update else ()),
        *_wishes(item, view, followed),
        *reasons(item, subscriber, view),
        *_standing(item, view),
    )
    points = [view.line("• ", point) for point in facts]
    change = view.line(view.gettext("Change what you follow with /topics and /follow, or hide things with /mute."))
    return message(
        title, title_line(item.headline, item.url, view), lines(*points), change, keyboard=_back(item, view, origin)
    )


def _wishes(item: Item, view: View, followed: Sequence[str]) -> list[Node]:
    """What of the reader's wishes the story meets."""
    points: list[Node] = []
    for name, weight in item.reasons:
        kind, _, value = name.partition(":")
        share = view.formats.percent(min(1.0, weight))
        if kind == "topic":
            named = Bold(topic_label(value, view.translator))
            points.append(fill(view.gettext("You follow {topic}, and it belongs there."), topic=named))
        elif kind == "words":
            named = Bold(view.foreign(value, limit=80))
            points.append(fill(view.gettext("You follow {words}; the match is {share}."), words=named, share=share))
        elif kind == "feeds":
            named = Bold(view.foreign(item.source, limit=60))
            points.append(fill(view.gettext("You follow the feed of {source} for yourself."), source=named))
    if points:
        return points
    shared = [topic_label(topic, view.translator) for topic in item.topics if topic in followed]
    if shared:
        return [fill(view.gettext("You follow {topic}, and it belongs there."), topic=Bold(view.formats.join(shared)))]
    if dict(item.reasons).get("publishers", 2.0) < 2:
        return [view.gettext("It is new. Only one source has it so far; stories that several report come first.")]
    return [view.gettext("It is among the most important stories in your languages.")]


def _standing(item: Item, view: View) -> list[Node]:
    """How important the story is, and who says so."""
    if not item.outlets:
        return []
    names = join(view.dot, [Link(view.foreign(outlet.source, limit=60), outlet.url) for outlet in item.outlets[:5]])
    count = len(item.outlets)
    reported = view.ngettext("{count} source reports it: {sources}", "{count} sources report it: {sources}", count)
    first = item.outlets[0]
    opened = view.gettext("First: {source}, {time}") if count > 1 else view.gettext("Published: {time}")
    placed = {"source": view.foreign(first.source, limit=60), "time": view.time(first.published)}
    return [fill(reported, sources=names), fill(opened, placed)]
