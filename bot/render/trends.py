"""/trends: the picture's texts and numbers, and a caption that says the main facts to those who don't see it."""

from collections.abc import Collection

from bot.formats import Formats
from bot.i18n import INTERFACE_LANGUAGES, translator
from bot.markup import Bold, Node, fill, lines
from bot.render.chart import Bar, Chart, Week
from bot.topic_names import topic_label, topic_name
from bot.view import Attachment, Message, View, message
from digests.trends import Trend, Trends

MOST_TOPICS = 7
MOST_WORDS = 4
NAMED = 3
"""Topics that the caption names."""

WORTH_TELLING = 0.1
"""A change below that is none."""


def chosen(trends: Trends, followed: Collection[str]) -> list[Trend]:
    """The topics to show, most told first: those followed, and of the others as many as there is room for."""
    own = [trend for trend in trends.topics if trend.name in followed][:MOST_TOPICS]
    others = [trend for trend in trends.topics if trend.name not in followed][: MOST_TOPICS - len(own)]
    return [trend for trend in trends.topics if trend in own or trend in others]


def charts(trends: Trends, view: View, *, followed: Collection[str]) -> tuple[Chart, Chart]:
    """The picture in the reader's language, and in English, should there be no font for theirs."""
    english = View(
        translator(INTERFACE_LANGUAGES[0]),
        Formats(INTERFACE_LANGUAGES[0], view.formats.timezone, view.formats.calendar or "gregorian"),
        view.now,
    )
    return _chart(trends, view, followed), _chart(trends, english, followed)


def _chart(trends: Trends, view: View, followed: Collection[str]) -> Chart:
    formats = view.formats
    bars = tuple(
        Bar(
            topic_name(trend.name, view.translator),
            trend.total,
            formats.number(trend.total),
            trend.before,
            _arrow(trend, view),
            (trend.change or 0) > 0,
        )
        for trend in chosen(trends, followed)
    )
    words = tuple(
        Week(_cut(trend.name), trend.days, view.ngettext("{count} story", "{count} stories", trend.total))
        for trend in trends.words[:MOST_WORDS]
    )
    return Chart(
        title=view.translator.gettext("In the news this week"),
        subtitle=view.dot.join(_facts(trends, view)),
        bars=bars,
        legend=view.translator.gettext("the week before") if any(bar.before for bar in bars) else "",
        words_title=view.translator.gettext("What you follow"),
        words=words,
        days=_days(trends, view),
        rtl=view.rtl,
    )


def _cut(words: str) -> str:
    return words if len(words) <= 22 else words[:21] + "…"


def _days(trends: Trends, view: View) -> tuple[str, ...]:
    short = [view.formats.weekday(day.weekday(), short=True) for day in trends.days]
    if max(map(len, short)) > 4:
        return tuple(view.formats.weekday_letter(day.weekday()) for day in trends.days)
    return tuple(short)


def _span(trends: Trends, view: View) -> str:
    first, last = view.formats.date(trends.days[0]), view.formats.date(trends.days[-1], year=True)
    return view.gettext("{first} – {last}").format(first=first, last=last)


def _facts(trends: Trends, view: View) -> list[str]:
    stories = view.ngettext("{count} story", "{count} stories", trends.all.total)
    arrow = _arrow(trends.all, view)
    return [_span(trends, view), stories, *([arrow] if arrow else [])]


def _arrow(trend: Trend, view: View) -> str:
    if trend.change is None or abs(trend.change) < 0.005:
        return ""
    return f"{'▲' if trend.change > 0 else '▼'} {view.formats.percent(abs(trend.change))}"


# ── the caption ──────────────────────────────────────────────────────────────────────────────────────────────────────


def trends(found: Trends, view: View, *, followed: Collection[str], picture: bytes | None) -> Message:
    """The week in words, under its picture where there is one."""
    title = view.line("📈 ", Bold(view.gettext("In the news this week")), f"{view.dot}{_span(found, view)}")
    if not found.all.total:
        return message(title, view.line(view.gettext("No story has come in this week.")))
    told = lines(
        view.line(_whole(found.all, view)),
        view.line(_most(chosen(found, followed)[:NAMED], view)) if found.topics else "",
        *(view.line(text) for text in _moved(found, view)),
    )
    written = message(title, told, _words(found, view))
    attachment = Attachment("trends.png", picture, photo=True) if picture else None
    return Message(html=written.html, plain=written.plain, attachment=attachment)


def _whole(trend: Trend, view: View) -> str:
    if trend.change is None or abs(trend.change) < WORTH_TELLING:
        return view.ngettext("{count} story in all.", "{count} stories in all.", trend.total)
    share = view.formats.percent(abs(trend.change))
    if trend.change > 0:
        text = view.ngettext(
            "{count} story, {share} more than the week before.",
            "{count} stories, {share} more than the week before.",
            trend.total,
        )
    else:
        text = view.ngettext(
            "{count} story, {share} fewer than the week before.",
            "{count} stories, {share} fewer than the week before.",
            trend.total,
        )
    return text.replace("{share}", share)


def _most(topics: Collection[Trend], view: View) -> Node:
    named = [f"{topic_label(trend.name, view.translator)} {view.formats.number(trend.total)}" for trend in topics]
    return fill(view.gettext("Most told: {topics}"), topics=view.dot.join(named))


def _moved(found: Trends, view: View) -> list[Node]:
    """What rose and fell most, where that is worth telling."""
    known = [(trend.change, trend) for trend in found.topics if trend.change is not None]
    if not known:
        return []
    told: list[Node] = []
    (rise, risen), (fall, fallen) = max(known, key=_change), min(known, key=_change)
    if rise >= WORTH_TELLING:
        text = view.gettext("Rose most: {topic}, by {share}")
        told.append(fill(text, topic=topic_label(risen.name, view.translator), share=view.formats.percent(rise)))
    if fall <= -WORTH_TELLING:
        text = view.gettext("Fell most: {topic}, by {share}")
        told.append(fill(text, topic=topic_label(fallen.name, view.translator), share=view.formats.percent(-fall)))
    return told


def _change(pair: tuple[float, Trend]) -> float:
    return pair[0]


def _words(found: Trends, view: View) -> Node:
    if not found.words:
        return view.line(view.gettext("/follow words of your own to see how much is told about them."))
    rows = [
        view.line(
            "🔎 ",
            fill(
                "{words}: {count}",
                words=view.foreign(trend.name, limit=60),
                count=view.ngettext("{count} story", "{count} stories", trend.total),
            ),
        )
        for trend in found.words[:MOST_WORDS]
    ]
    return lines(*rows)
