"""The buttons by which readers say what they want more or less of."""

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import (
    LeanHere,
    LessOf,
    OpenSettings,
    OpenSource,
    OwnFeeds,
    ShowList,
    SwitchLearning,
    Unfollow,
    Unlearn,
    WantSource,
    WantTopic,
    key,
)
from bot.keyboards.parts import PER_ROW, Row, back_to_settings, button, grid, keyboard, pager, ticked
from bot.keyboards.stories import to_story
from bot.topic_names import topic_label
from bot.view import View
from digests.leanings import Subject
from digests.model import Source, Wish


def sources(
    listed: Sequence[Source], view: View, *, request: int, page: int, more: bool, first: int
) -> InlineKeyboardMarkup:
    """Under a page of sources: a number for each."""
    numbers = [
        button(view.formats.number(number), OpenSource(source.id, request, page))
        for number, source in enumerate(listed, first)
    ]
    own = [button(view.gettext("📥 My feeds"), OwnFeeds())]
    return keyboard(view, [*grid(numbers, PER_ROW), pager(view, request, page, more=more), own])


def source(source_id: int, wanted: int, view: View, *, request: int, page: int) -> InlineKeyboardMarkup:
    """How much of a source is wanted: -2 (never) to 1 (more)."""
    names = {
        1: view.gettext("➕ More of it"),
        0: view.gettext("🟰 As it is"),
        -1: view.gettext("➖ Less of it"),
        -2: view.gettext("🔇 Never"),
    }
    levels = [
        button(ticked(name, level == wanted), WantSource(source_id, level, request, page))
        for level, name in names.items()
    ]
    back = [button(view.gettext("‹ Back"), ShowList(request, page))] if request else []
    return keyboard(view, [*grid(levels, 2), back])


def less_of(
    topic: str, source_name: str, view: View, *, about: str, story: int, article: int, request: int, page: int
) -> InlineKeyboardMarkup:
    """What a 👎 meant; `about` is what was said so far."""
    place = {"request": request, "page": page}
    offered = [("source", view.foreign(source_name, limit=30)), ("story", "")]
    if topic:
        offered.insert(0, ("topic", topic_label(topic, view.translator)))
    less = view.gettext("Less of {name}")
    only = view.gettext("Just not this story")
    rows = [
        [button(ticked(less.format(name=name) if name else only, kind == about), LessOf(story, kind, **place))]
        for kind, name in offered
    ]
    return keyboard(view, [*rows, [to_story(view, story, article, request, page)]])


def lean_here(article: int, chosen: int, view: View, *, request: int, page: int) -> Row:
    """More and less of a story's source, from its card."""
    place = {"request": request, "page": page}
    return [
        button(ticked(view.gettext("➕ More"), chosen > 0), LeanHere(article, 0 if chosen > 0 else 1, **place)),
        button(ticked(view.gettext("➖ Less"), chosen < 0), LeanHere(article, 0 if chosen < 0 else -1, **place)),
    ]


def want_topic(topic: str, chosen: int, view: View) -> InlineKeyboardButton:
    """How much of a topic is wanted; a tap goes on to the next: as it is, more, less."""
    names = {0: view.gettext("🟰 normal"), 1: view.gettext("➕ more"), -1: view.gettext("➖ less")}
    return button(names[chosen], WantTopic(topic, {0: 1, 1: -1, -1: 0}[chosen]))


def learned(subjects: Mapping[Subject, str], view: View, *, on: bool) -> InlineKeyboardMarkup:
    """What was learned, each to be forgotten; all of it; and whether to learn at all."""
    rows = [
        button(f"✖️ {name}", Unlearn(key(f"{kind[0]}{value}"))) for (kind, value), name in list(subjects.items())[:40]
    ]
    everything = [button(view.gettext("🧹 Forget all of it"), Unlearn("all"))] if subjects else []
    switch = view.gettext("🎓 Learn no more") if on else view.gettext("🎓 Learn from my votes")
    return keyboard(
        view, [*grid(rows, 2), everything, [button(switch, SwitchLearning(int(not on)))], back_to_settings(view)]
    )


def following(wishes: Sequence[Wish], chosen: Mapping[str, int], view: View) -> InlineKeyboardMarkup:
    """What is followed, each to be dropped; beside a topic how much of it is wanted (`chosen`: 1, 0 or -1)."""
    rows = []
    for wish in wishes[:45]:
        row = [button(f"✖️ {wish_label(wish, view)}", Unfollow(key(f"{wish.kind[0]}{wish.value}")))]
        if wish.kind == "topic":
            row.append(want_topic(wish.value, chosen.get(wish.value, 0), view))
        rows.append(row)
    return keyboard(view, [*rows, [button(view.gettext("🏷 Topics"), OpenSettings("topics")), *back_to_settings(view)]])


def followed(wish: Wish, view: View) -> InlineKeyboardMarkup:
    """Under the answer to /follow: think better of it, or see all."""
    drop = button(view.gettext("✖️ Drop it"), Unfollow(key(f"{wish.kind[0]}{wish.value}")))
    return keyboard(view, [[drop, button(view.gettext("🔔 All I follow"), OpenSettings("following"))]])


def wish_label(wish: Wish, view: View) -> str:
    """A wish on a button."""
    return (
        topic_label(wish.value, view.translator) if wish.kind == "topic" else f"🔎 {view.foreign(wish.value, limit=40)}"
    )
