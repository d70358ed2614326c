"""/settings: one message that changes in place, page by page; and /language."""

from collections.abc import Callable

from bot.callbacks import Close, OpenSettings, SetBudget, SetCalendar, SetLanguage, SetMinutes, SetOption, ToggleNews
from bot.formats import find_language
from bot.handlers import digest
from bot.handlers.session import Answer, Session, Tap
from bot.i18n import INTERFACE_LANGUAGES
from bot.render import breaking, chats, learning, replies, schedule
from bot.render import settings as pages
from bot.services import FIRST_SLOT
from bot.view import Message
from digests.topics import TOPICS


def page(name: str, session: Session) -> Message:
    """A page of the settings, as things are now."""
    subscriber, view = session.subscriber, session.view
    written: dict[str, Callable[[], Message]] = {
        "language": lambda: pages.language(view),
        "news": lambda: pages.news_languages(session.services.news_languages, subscriber, view),
        "times": lambda: schedule.times(subscriber, view),
        "days": lambda: schedule.times(subscriber, view),
        "quiet": lambda: schedule.quiet(subscriber, view),
        "pause": lambda: schedule.pause(subscriber, view),
        "zone": lambda: schedule.time_zone(view),
        "budget": lambda: pages.length(subscriber, view),
        "digests": lambda: pages.digests(subscriber, view),
        "calendar": lambda: pages.calendar(subscriber, view),
        "breaking": lambda: breaking.settings(subscriber, view),
        "topics": lambda: pages.topics(TOPICS, subscriber, view),
        "words": lambda: pages.topics(TOPICS, subscriber, view),
        "sources": lambda: pages.mutes(subscriber, view),
        "mutes": lambda: pages.mutes(subscriber, view),
        "following": lambda: replies.following(subscriber, view),
        "learned": lambda: learning.learned(subscriber, view),
        "delete": lambda: pages.stop(view),
    }
    return written.get(name, lambda: _main(session))()


def _main(session: Session) -> Message:
    """The first page; of another chat that is set up, before its first schedule, with the button that begins."""
    shown = pages.settings(session.subscriber, session.view)
    if session.managing is None or session.subscriber.slots:
        return shown
    return chats.begin(shown, session.view, FIRST_SLOT.at)


async def settings(session: Session) -> Answer:
    """Everything that can be set."""
    return page("main", session)


async def language(session: Session) -> Answer:
    """The interface's language."""
    wanted = find_language(session.words, INTERFACE_LANGUAGES)
    if wanted is not None:
        await session.change(language=wanted)
    return page("language", session)


async def tap_open(session: Session, callback: OpenSettings) -> Tap:
    """Turn to a page; a digest's ⚙️ leaves the digest where it is."""
    if callback.page == "new":
        return Tap(send=page("main", session))
    if callback.page == "fewer":
        return Tap(send=page("breaking", session))
    return Tap(edit=page(callback.page, session))


async def tap_language(session: Session, callback: SetLanguage) -> Tap:
    """Choose the interface's language."""
    if callback.language not in INTERFACE_LANGUAGES:
        return Tap(toast=replies.toast_expired(session.view))
    await session.change(language=callback.language)
    return Tap(edit=page("language", session), toast=replies.toast_done(session.view))


async def tap_news(session: Session, callback: ToggleNews) -> Tap:
    """Add or drop a language of the news; the last one stays."""
    languages = list(session.subscriber.languages)
    if callback.language in languages:
        languages.remove(callback.language)
    elif callback.language in session.services.news_languages:
        languages.append(callback.language)
    if not languages or languages == list(session.subscriber.languages):
        return Tap(toast=replies.last_language(session.view), alert=True)
    await session.change(languages=tuple(languages))
    return Tap(edit=page("news", session))


async def tap_budget(session: Session, callback: SetBudget) -> Tap:
    """Choose how many stories a digest holds."""
    await session.change(stories=callback.stories)
    return Tap(edit=page("budget", session), toast=replies.toast_done(session.view))


async def tap_option(session: Session, callback: SetOption) -> Tap:
    """Switch something about digests on or off: on its page, or under an empty digest, which stays."""
    await session.change(**{callback.option: bool(callback.on)})
    request = await session.request(callback.request) if callback.request else None
    shown = await digest.show(session, request) if request is not None else page("digests", session)
    return Tap(edit=shown, toast=replies.toast_done(session.view))


async def tap_minutes(session: Session, callback: SetMinutes) -> Tap:
    """Choose how many minutes reading a digest may take."""
    await session.change(minutes=callback.minutes)
    return Tap(edit=page("budget", session), toast=replies.toast_done(session.view))


async def tap_calendar(session: Session, callback: SetCalendar) -> Tap:
    """Choose the calendar of dates."""
    await session.change(calendar="" if callback.calendar == "own" else callback.calendar)
    return Tap(edit=page("calendar", session), toast=replies.toast_done(session.view))


async def tap_close(session: Session, _: Close) -> Tap:
    """Put the settings away: what is set now, without buttons."""
    shown = page("main", session)
    return Tap(edit=Message(html=shown.html, plain=shown.plain))
