"""Feeds of one's own in words: what was found at an address, what is followed, what a file holds, what has died."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from bot.keyboards import feeds as buttons
from bot.markup import Bold, Code, Link, Node, fill, join, lines
from bot.view import Attachment, Message, View, message
from digests.feeds.checkup import Checkup
from digests.feeds.discover import Candidate
from digests.feeds.opml import write_opml
from digests.model import Feed, FeedSpec

SHOWN = 10
LONGEST_NAME = 80

Problem = Literal["none", "unreachable", "private", "broken", "often", "off"]


def candidates(found: Sequence[Candidate], view: View, *, site: str, request: int) -> Message:
    """The feeds of a site, to choose from."""
    count = view.ngettext("{site} has {count} feed. Which one?", "{site} has {count} feeds. Which one?", len(found))
    titles = Counter(one.title for one in found)
    named = [one.title if one.title and titles[one.title] == 1 else one.url for one in found]
    rows = [
        view.line(f"{view.formats.number(place)}. ", Link(view.foreign(name, limit=100), one.url))
        for place, (one, name) in enumerate(zip(found, named, strict=True), 1)
    ]
    asked = view.line("📡 ", fill(count, site=Bold(view.foreign(site, limit=60))))
    return message(asked, lines(*rows), keyboard=buttons.candidates(found, view, request=request))


def offer(
    url: str, found: Checkup, view: View, *, request: int, place: int, several: bool, admin: bool, known: Feed | None
) -> Message:
    """A feed with what is in it, and the question whether to follow it. `known` is the one that is read already."""
    name = view.foreign(found.title or url, limit=LONGEST_NAME)
    language = found.declared or found.detected
    facts: list[Node] = [view.ngettext("{count} entry", "{count} entries", found.entries)]
    facts += [view.formats.language_name(language)] if language else []
    facts += [fill(view.gettext("newest: {time}"), time=view.time(found.newest))] if found.newest is not None else []
    titles = [view.line("• ", view.foreign(title, limit=150)) for title in found.titles]
    head = lines(view.line("📡 ", Bold(Link(name, url))), view.line(join(view.dot, facts)))
    if known is not None:
        listed = view.gettext(
            "Everybody gets this feed already: its news is in your digests where it fits your topics."
        )
        back = buttons.others(view, request=request, place=place) if several else None
        return message(head, lines(*titles), view.line("✅ ", listed), keyboard=back)
    asked = view.gettext("Follow it? Its news will be in your digests, under “Your feeds”, and in nobody else's.")
    keys = buttons.offer(view, request=request, place=place, several=several, admin=admin)
    return message(head, lines(*titles), view.line(asked), keyboard=keys)


def problem(kind: Problem, view: View, *, site: str) -> Message:
    """Why there is nothing to follow, and what to try."""
    texts = {
        "none": view.gettext(
            "I found no feed at {site}. Look for “RSS” or “feed” on its pages, and send me the address behind it."
        ),
        "unreachable": view.gettext("I can't reach {site} now. Is the address right? Try again later."),
        "private": view.gettext("{site} is in a private network, where I don't go."),
        "broken": view.gettext("What is at {site} is no feed that I can read."),
        "often": view.gettext("You have asked for many sites. Send the next one in an hour."),
        "off": view.gettext("Whoever runs this bot has switched feeds of one's own off. To search, use /search."),
    }
    return message(view.line("📡 ", fill(texts[kind], site=Bold(view.foreign(site, limit=80)))))


def no_channels(view: View, name: str) -> Message:
    """A channel was named; there is nothing that could be followed."""
    why = view.gettext("{channel} is a Telegram channel, and channels have no feeds, so I can't follow it.")
    instead = view.gettext(
        "If whoever writes it has a website, send me its address. A service that makes feeds of channels (RSSHub is "
        "one) gives you an address that works here too."
    )
    return message(view.line("📡 ", fill(why, channel=Bold(view.foreign(name, limit=60)))), view.line(instead))


def followed(feed: Feed, view: View, *, new: bool) -> Message:
    """A feed is followed now, or was before."""
    text = (
        view.gettext("You follow {feed}. It is read within minutes; its news comes with your digests.")
        if new
        else view.gettext("You follow {feed} already.")
    )
    return message(view.line("✅ ", fill(text, feed=_name(feed, view))), keyboard=buttons.to_own(view))


def added(feed: Feed, view: View) -> Message:
    """An administrator added a feed for everybody."""
    text = view.gettext("{feed} is added for everybody. It is read within minutes.")
    return message(view.line("🌐 ", fill(text, feed=_name(feed, view))))


def listed(feed: Feed, view: View) -> Message:
    """A feed that everybody gets need not be followed."""
    return message(view.line("✅ ", fill(view.gettext("Everybody gets {feed} already."), feed=_name(feed, view))))


def full(view: View, most: int) -> Message:
    """There is no room for another feed."""
    text = view.ngettext(
        "There is room for {count} feed of your own. Drop it to follow another.",
        "There is room for {count} feeds of your own. Drop one to follow another.",
        most,
    )
    return message(view.line("📥 ", text), keyboard=buttons.to_own(view))


def own(feeds: Sequence[Feed], view: View, *, most: int) -> Message:
    """The feeds of one's own."""
    title = view.line("📥 ", Bold(view.gettext("Your feeds")))
    how = view.gettext("Send me the address of a site or a feed to follow it, or an OPML file from another reader.")
    if not feeds:
        return message(title, view.line(how))
    rows = [
        view.line(f"{view.formats.number(place)}. ", "" if feed.active else "🪦 ", Link(_text(feed, view), feed.url))
        for place, feed in enumerate(feeds, 1)
    ]
    room = view.ngettext("There is room for {count} in all.", "There is room for {count} in all.", most)
    return message(title, lines(*rows), lines(view.line(how), view.line(room)), keyboard=buttons.own(feeds, view))


def as_file(feeds: Sequence[Feed], view: View, *, shared: bool) -> Message:
    """Feeds as an OPML file."""
    title = view.gettext("The feeds that everybody gets") if shared else view.gettext("Your feeds")
    count = view.ngettext("{count} feed", "{count} feeds", len(feeds))
    name = "baztab-catalogue.opml" if shared else "baztab-feeds.opml"
    body = write_opml(feeds, title="Baztab").encode()
    said = message(view.line("💾 ", Bold(title), view.dot, count))
    return Message(html=said.html, plain=said.plain, attachment=Attachment(name, body))


def file_preview(specs: Sequence[FeedSpec], view: View, *, request: int, known: int, room: int, admin: bool) -> Message:
    """What an OPML file holds, and the question whether to follow it; `known` of the feeds are read already."""
    count = view.ngettext("This file lists {count} feed.", "This file lists {count} feeds.", len(specs))
    names = [view.line("• ", view.foreign(spec.source, limit=80)) for spec in specs[:SHOWN]]
    rest = len(specs) - SHOWN
    more = view.ngettext("and {count} more", "and {count} more", rest) if rest > 0 else ""
    notes = [
        view.ngettext("You get {count} of them already.", "You get {count} of them already.", known) if known else "",
        view.ngettext("You have room for {count} more.", "You have room for {count} more.", room)
        if room < len(specs) - known
        else "",
    ]
    keys = buttons.of_file(view, request=request, admin=admin) if known < len(specs) and (room or admin) else None
    return message(
        view.line("📄 ", Bold(count)),
        lines(*names, view.line(more) if more else ""),
        lines(*(view.line(note) for note in notes if note)),
        keyboard=keys,
    )


def no_file(view: View, kind: Literal["large", "other", "broken", "empty", "gone"]) -> Message:
    """Why a file is of no use, and what would be."""
    texts = {
        "large": view.gettext("This file is too large: I read OPML files of up to one megabyte."),
        "other": view.gettext("I can read OPML files (feeds from another reader, .opml), and no others."),
        "broken": view.gettext("This is no OPML file that I can read. Export your feeds anew, and send me that file."),
        "empty": view.gettext("This OPML file lists no feeds."),
        "gone": view.gettext("The file can't be fetched any more. Send it again."),
    }
    return message(view.line("📄 ", texts[kind]))


def imported(new: int, known: int, left: int, view: View, *, shared: bool) -> Message:
    """What came of a file."""
    done = (
        view.ngettext("{count} feed is added for everybody.", "{count} feeds are added for everybody.", new)
        if shared
        else view.ngettext("You follow {count} feed more.", "You follow {count} feeds more.", new)
    )
    notes = [
        view.ngettext("{count} was there already.", "{count} were there already.", known) if known else "",
        view.ngettext("There was no room for {count}.", "There was no room for {count}.", left) if left else "",
    ]
    keys = None if shared else buttons.to_own(view)
    return message(view.line("✅ ", done), lines(*(view.line(note) for note in notes if note)), keyboard=keys)


def dead(feed: Feed, reason: str, view: View) -> Message:
    """A feed has failed for long, or its publisher has taken it away: to its followers or to administrators."""
    text = (
        view.gettext("🪦 {feed}, which you follow, seems to be dead: {reason}")
        if feed.personal
        else view.gettext("🪦 The feed of {feed} seems to be dead: {reason}")
    )
    filled = fill(text, feed=_name(feed, view), reason=view.foreign(reason, limit=200))
    return message(lines(view.line(filled), Code(feed.url)), keyboard=buttons.dead(feed, view))


def revived(feed: Feed, view: View) -> Message:
    """A feed is tried again."""
    text = view.gettext("{feed} is asked again within minutes. If it fails for long, you will hear of it.")
    return message(view.line("🔄 ", fill(text, feed=_name(feed, view))))


def _name(feed: Feed, view: View) -> Node:
    return Bold(Link(_text(feed, view), feed.url))


def _text(feed: Feed, view: View) -> str:
    return view.foreign(feed.source or feed.title or feed.url, limit=LONGEST_NAME)
