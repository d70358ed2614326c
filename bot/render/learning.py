"""What readers want more or less of: sources, what a 👎 meant, and what was learned from votes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import keyboards
from bot.markup import Bold, Node, fill, lines
from bot.render.card import Origin
from bot.render.parts import title_line
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.leanings import Subject, learned_level, levels
from digests.model import Item, Leaning, Source, Subscriber

NEVER = -2
SIGNS = {1: "➕ ", -1: "➖ ", NEVER: "🔇 "}


def wanted_of(source: str, subscriber: Subscriber) -> int:
    """How much a subscriber set to get of a source: 1 more, 0, -1 less, -2 never."""
    return NEVER if source in subscriber.muted_sources else chosen_of("source", source, subscriber)


def chosen_of(kind: str, name: str, subscriber: Subscriber) -> int:
    """The same of a topic or source, without mutes."""
    return next((one.chosen for one in subscriber.leanings if (one.kind, one.name) == (kind, name)), 0)


def sources(
    listed: Sequence[Source],
    subscriber: Subscriber,
    view: View,
    *,
    request: int,
    total: int,
    page: int = 0,
    size: int = 10,
    typed: str = "",
) -> Message:
    """A page of those whom the news comes from; `typed` is the part of a name that was looked for."""
    count = view.ngettext("{count} source", "{count} sources", total)
    about = f"{view.dot}{view.foreign(typed, limit=40)}" if typed else ""
    title = view.line("📰 ", Bold(view.gettext("Sources")), f"{about}{view.dot}{count}")
    if not listed:
        return message(title, view.line(_none(view, typed, page)))
    first = page * size + 1
    rows = [_source(source, subscriber, view, number) for number, source in enumerate(listed, first)]
    hint = view.gettext("Tap a number to get more of a source, less, or nothing. By name: {command}")
    command = view.command(view.translator.gettext("/sources Japan Times"))
    more = total > page * size + len(listed)
    buttons = keyboards.sources(listed, view, request=request, page=page, more=more, first=first)
    return message(title, lines(*rows), view.line(fill(hint, command=command)), keyboard=buttons)


def _none(view: View, typed: str, page: int) -> str:
    if page:
        return view.gettext("That was all.")
    if typed:
        return view.gettext("There is no source of that name. /sources lists all.")
    return view.gettext("No sources yet: feeds are still being read.")


def _source(source: Source, subscriber: Subscriber, view: View, number: int) -> Node:
    spoken = view.formats.join(view.formats.language_name(code) for code in source.languages)
    sign = SIGNS.get(wanted_of(source.name, subscriber), "")
    facts = f"{view.dot}{spoken}" if spoken else ""
    return view.line(f"{view.formats.number(number)}. {sign}", view.foreign(source.name, limit=60), facts)


def source(one: Source, subscriber: Subscriber, view: View, *, request: int, page: int) -> Message:
    """One source, and how much of it is wanted."""
    wanted = wanted_of(one.name, subscriber)
    count = view.ngettext("{count} article stored", "{count} articles stored", one.articles)
    latest = (
        view.gettext("latest {time}").format(time=view.formats.when(one.last_article_at, view.now))
        if (one.last_article_at is not None)
        else ""
    )
    told = {
        1: view.gettext("You get more of it: its stories count for more, even where nobody else tells them."),
        0: view.gettext("Its stories count for what they are worth."),
        -1: view.gettext("You get less of it: its stories come last."),
        NEVER: view.gettext("You get nothing of it. What others tell too comes in their words."),
    }[wanted]
    facts = view.dot.join(part for part in (count, latest) if part)
    buttons = keyboards.source(one.id, wanted, view, request=request, page=page)
    return message(
        lines(view.line("📰 ", Bold(view.foreign(one.name, limit=80))), view.line(facts)),
        view.line(told),
        keyboard=buttons,
    )


def less_of(item: Item, view: View, *, about: str, origin: Origin) -> Message:
    """What a 👎 meant."""
    text = view.gettext("👎 Noted. What would you rather see less of?")
    buttons = keyboards.less_of(
        item.topics[0] if item.topics else "",
        item.source,
        view,
        about=about,
        story=item.story_id,
        article=item.article_id,
        request=origin.request,
        page=origin.page,
    )
    return message(title_line(item.headline, item.url, view), view.line(text), keyboard=buttons)


def learned(subscriber: Subscriber, view: View) -> Message:
    """What votes taught, with what it amounts to now; each can be forgotten."""
    found = {
        (one.kind, one.name): one for one in subscriber.leanings if one.score and abs(_steps(one, view.now)) >= 0.1
    }
    intro = view.gettext(
        "👍 and 👎 move the topic and the source of a story a little; half of that is forgotten in a month. It never "
        "leaves this bot, and what you set yourself stands above it."
    )
    if not subscriber.learning:
        state: Node = view.line(view.gettext("Learning is off: only what you set yourself counts."))
    elif not found:
        state = view.line(view.gettext("Nothing yet. Votes under digests and on cards will show up here."))
    else:
        rows = [_learned(one, view) for one in found.values()]
        state = lines(*rows)
    names = {subject: subject_name(subject, view) for subject in found}
    return message(
        view.line("🎓 ", Bold(view.gettext("What I learned"))),
        view.line(intro),
        state,
        keyboard=keyboards.learned(names, view, on=subscriber.learning),
    )


def _learned(one: Leaning, view: View) -> Node:
    level = learned_level(one, view.now)
    sign = "+" if level > 0 else "−" if level < 0 else "±"
    signed = f"{sign}{view.formats.number(abs(level))}"
    text = view.gettext("{name}: {level}")
    if one.chosen:
        text = view.gettext("{name}: {level}, but you set it yourself")
    return view.line("• ", fill(text, name=subject_name((one.kind, one.name), view), level=Bold(signed)))


def _steps(one: Leaning, now: datetime) -> float:
    return one.score if one.at is None else one.score * 0.5 ** ((now - one.at).days / 30)


def subject_name(subject: Subject, view: View) -> str:
    """A topic or source by its name."""
    kind, name = subject
    return topic_label(name, view.translator) if kind == "topic" else f"📰 {view.foreign(name, limit=30)}"


def reasons(item: Item, subscriber: Subscriber, view: View) -> list[Node]:
    """How what the reader wants more or less of moved a story."""
    now = levels(subscriber, view.now)
    chosen: Mapping[Subject, int] = {(one.kind, one.name): one.chosen for one in subscriber.leanings}
    mine: list[Subject] = [("topic", topic) for topic in item.topics[:1]]
    mine += [("source", outlet.source) for outlet in item.outlets] or [("source", item.source)]
    out: list[Node] = []
    for subject in dict.fromkeys(mine):
        level = now.get(subject, 0)
        if not level:
            continue
        if chosen.get(subject):
            more, less = view.gettext("You asked for more of {name}."), view.gettext("You asked for less of {name}.")
        else:
            more = view.gettext("You liked stories of {name}, so they count for more.")
            less = view.gettext("You disliked stories of {name}, so they count for less.")
        out.append(fill(more if level > 0 else less, name=Bold(subject_name(subject, view))))
    return out
