"""The buttons under digests, cards and lists."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import (
    Callback,
    DropSaved,
    EditSaved,
    ExportSaved,
    How,
    Latest,
    MoreFrom,
    MoreStories,
    MuteChoices,
    MuteSource,
    MuteWords,
    OpenArticle,
    OpenSettings,
    OpenStory,
    Pick,
    RateStory,
    SaveStory,
    SetOption,
    Why,
    key,
)
from bot.keyboards.parts import PER_ROW, Row, back, button, grid, keyboard, open_link, pager, ticked
from bot.markup import safe_url
from bot.view import View


def digest(
    stories: Sequence[int],
    view: View,
    *,
    request: int,
    mode: str = "open",
    marked: Collection[int] = (),
    more: bool = False,
    link: str | None = None,
) -> InlineKeyboardMarkup:
    """Under a digest: a number for each story, and what the numbers do.

    In mode "open" they open cards; in "save", "like" and "dislike" (see Pick) they do that, and stories that are
    saved, liked or disliked already are `marked`. `more`: there is what the digest had no room for. In groups and
    channels, where what one reader taps is everyone's, `link` is the beginning of a link to the private chat: numbers
    open the story there, and are all there is.
    """
    if link is not None:
        shared = [
            InlineKeyboardButton(view.formats.number(number), url=f"{link}story_{story}")
            for number, story in enumerate(stories, 1)
        ]
        return keyboard(view, grid(shared, PER_ROW))
    sign = {"open": "", "save": "🔖 ", "like": "👍 ", "dislike": "👎 "}[mode]
    numbers = []
    for number, story in enumerate(stories, 1):
        label = ("✅ " if story in marked else sign) + view.formats.number(number)
        numbers.append(button(label, _pressed(mode, story, request, marked)))
    following = [button(view.gettext("More stories ›"), MoreStories(request))] if more and mode == "open" else []
    rows = [*grid(numbers, PER_ROW if mode == "open" else 6), following, _digest_tools(view, request, mode)]
    return keyboard(view, rows)


def _pressed(mode: str, story: int, request: int, marked: Collection[int]) -> Callback:
    if mode == "open":
        return OpenStory(story, request)
    if mode == "save":
        return SaveStory(story, int(story not in marked), request, card=0)
    vote = 0 if story in marked else 1 if mode == "like" else -1
    return RateStory(story, vote, request, card=0)


def _digest_tools(view: View, request: int, mode: str) -> Row:
    if mode != "open":
        return [button(view.gettext("‹ Done"), Pick(request, "open"))]
    return [
        button(view.gettext("🔖 Save"), Pick(request, "save")),
        button("👍", Pick(request, "like")),
        button("👎", Pick(request, "dislike")),
        button("⚙️", OpenSettings("new")),
    ]


def empty_digest(view: View, *, request: int = 0, sent: bool = True) -> InlineKeyboardMarkup:
    """Under a digest without stories: what else there is, and whether such digests are `sent` on schedule."""
    keep = view.gettext("🔕 Don't send empty digests") if sent else view.gettext("🔔 Send empty digests again")
    rows = [
        [button(view.gettext("🗞 Latest news"), Latest()), button(view.gettext("🏷 Topics"), OpenSettings("topics"))],
        [button(keep, SetOption("empty", int(not sent), request))],
        [button(view.gettext("⚙️ Settings"), OpenSettings("new"))],
    ]
    return keyboard(view, rows)


def card(
    view: View,
    *,
    story: int,
    article: int,
    url: str,
    source: str,
    request: int = 0,
    page: int = 0,
    saved: bool = False,
    vote: int = 0,
    sent: bool = True,
    related: Sequence[int] = (),
    inline: bool = False,
) -> InlineKeyboardMarkup:
    """Under a story's card; `related` are stories, numbered in its text. `inline`: it is shared through inline mode,
    else by its address alone. `sent`: it was opened from a digest.

    `story` 0 is an article without one: it can be neither saved nor rated yet.
    """
    name = view.foreign(source, limit=24)
    place = {"request": request, "page": page}
    how = button(view.gettext("🔍 How summarised"), How(article, **place))
    asked = view.gettext("💡 Why this?") if sent else view.gettext("🧭 Why not sent?")
    why = [button(asked, Why(story, **place))] if story else []
    rows = [
        open_link(view.gettext("📄 Open original"), url),
        [
            button(view.gettext("🗂 More from {source}").format(source=name), MoreFrom(article)),
            button(view.gettext("🗞 Latest news"), Latest()),
        ],
        [
            button(f"🧵 {view.formats.number(number)}", OpenStory(other, **place))
            for number, other in enumerate(related, 1)
        ],
        _opinion(view, story, saved=saved, vote=vote, **place),
        [how, *why],
        [
            button(view.gettext("🎚 More, less, mute…"), MuteChoices(article, **place)),
            *_share(view, story, article, url, inline=inline),
        ],
        back(view, request, page),
    ]
    return keyboard(view, rows)


def _share(view: View, story: int, article: int, url: str, *, inline: bool) -> Row:
    """The way to another chat. Telegram refuses the inline button where the bot has no inline mode."""
    label = view.gettext("↗️ Share")
    if inline:
        query = f"story:{story}" if story else f"article:{article}"
        return [InlineKeyboardButton(label, switch_inline_query=query)]
    return open_link(label, f"https://t.me/share/url?url={quote(url, safe='')}") if safe_url(url) else []


def shared(view: View, *, url: str, link: str) -> InlineKeyboardMarkup:
    """Under a story that was shared into another chat: links only, since there is no chat of ours behind it."""
    return keyboard(
        view, [[*open_link(view.gettext("📄 Open original"), url), *open_link(view.gettext("🗞 More"), link)]]
    )


def _opinion(view: View, story: int, *, saved: bool, vote: int, request: int, page: int) -> Row:
    if not story:
        return []
    save = view.gettext("✅ Saved") if saved else view.gettext("🔖 Save")
    return [
        button(save, SaveStory(story, int(not saved), request, page)),
        button(ticked("👍", vote == 1), RateStory(story, 0 if vote == 1 else 1, request, page)),
        button(ticked("👎", vote == -1), RateStory(story, 0 if vote == -1 else -1, request, page)),
    ]


def mute_choices(
    words: Mapping[str, bool],
    view: View,
    *,
    leaning: Row,
    source: str,
    muted: bool,
    story: int,
    article: int,
    request: int,
    page: int,
) -> InlineKeyboardMarkup:
    """A story's source (`muted` or not) and words of its headline with whether they are muted, to tap; the way back.

    `leaning` are the buttons for more and less of the source.
    """
    place = {"request": request, "page": page}
    name = view.foreign(source, limit=40)
    own = [
        button(ticked(view.foreign(word, limit=30), on), MuteWords(article, key(word), int(not on), **place))
        for word, on in words.items()
    ]
    whole = button(ticked(f"🔇 {name}", muted), MuteSource(article, int(not muted), **place))
    return keyboard(view, [list(leaning), [whole], *grid(own, 2), [to_story(view, story, article, request, page)]])


def to_story(view: View, story: int, article: int, request: int, page: int) -> InlineKeyboardButton:
    """The way back to a story's card, or to that of an article without a story."""
    origin = OpenStory(story, request, page) if story else OpenArticle(article, request, page)
    return button(view.gettext("‹ Back to the story"), origin)


def back_to_story(view: View, *, story: int, article: int, request: int, page: int) -> InlineKeyboardMarkup:
    """Under what was asked for on a card: the way back to the card."""
    return keyboard(view, [[to_story(view, story, article, request, page)]])


def saved(
    stories: Sequence[int], view: View, *, request: int, page: int, more: bool, first: int, editing: bool
) -> InlineKeyboardMarkup:
    """Under saved stories: a number for each, the pages, and what can be done with all of them."""
    if editing:
        numbers = [
            button(f"🗑 {view.formats.number(number)}", DropSaved(story, request, page))
            for number, story in enumerate(stories, first)
        ]
        done = [button(view.gettext("‹ Done"), EditSaved(request, page, 0))]
        return keyboard(view, [*grid(numbers, 4), done])
    numbers = [
        button(view.formats.number(number), OpenStory(story, request, page))
        for number, story in enumerate(stories, first)
    ]
    tools = [
        button(view.gettext("🗑 Remove…"), EditSaved(request, page, 1)),
        button("⬇️ HTML", ExportSaved("html")),
        button("⬇️ JSON", ExportSaved("json")),
    ]
    return keyboard(view, [*grid(numbers, PER_ROW), pager(view, request, page, more=more), tools])


def articles(
    entries: Sequence[tuple[int, int]],
    view: View,
    *,
    request: int,
    page: int = 0,
    more: bool = False,
    first: int = 1,
    rows: Sequence[Row] = (),
) -> InlineKeyboardMarkup:
    """Under a list: a number for each (story or 0, article), from `first` on, the pages, and what else there is."""
    numbers = []
    for number, (story, article) in enumerate(entries, first):
        target = OpenStory(story, request, page) if story else OpenArticle(article, request, page)
        numbers.append(button(view.formats.number(number), target))
    return keyboard(view, [*grid(numbers, PER_ROW), pager(view, request, page, more=more), *rows])
