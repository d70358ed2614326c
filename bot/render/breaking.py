"""Breaking news: one story, ahead of the next digest."""

from bot import keyboards
from bot.markup import Bold, Node, Quote, fill, lines
from bot.render.parts import best, headline, sentence, source_links
from bot.view import Message, View, message
from digests.model import Item, Subscriber

MOST_SOURCES = 6


def breaking(item: Item, view: View, *, reports: tuple[int, int], request: int, link: str | None = None) -> Message:
    """The story, with its publishers and minutes in `reports`. `link` as under a digest: where it is everyone's."""
    quotes = best(item.quotes, 1)
    return message(
        lines(view.line("⚡ ", headline(item.headline, item.url, view)), view.line(_reported(reports, view))),
        Quote(sentence(quotes[0], view)) if quotes else "",
        source_links(item.outlets, view, most=MOST_SOURCES) if item.outlets else "",
        keyboard=keyboards.breaking(view, story=item.story_id, url=item.url, request=request, link=link),
        preview=item.url,
    )


def _reported(reports: tuple[int, int], view: View) -> Node:
    """6 sources in 40 minutes."""
    publishers, minutes = reports
    within = view.ngettext("{count} minute", "{count} minutes", minutes)
    # i18n: {minutes} is "40 minutes".
    text = view.ngettext("{count} source in {minutes}", "{count} sources in {minutes}", publishers)
    return fill(text, minutes=within)


def settings(subscriber: Subscriber, view: View) -> Message:
    """The page on which breaking news is switched on, and made rarer."""
    about = view.gettext(
        "News that several independent sources report within the hour comes at once, ahead of your next digest. It "
        "keeps your quiet hours, leaves an hour between two, and does not come again in the digest."
    )
    return message(
        view.line("⚡ ", Bold(view.gettext("Breaking news"))),
        view.line(about),
        lines(*_state(subscriber, view)),
        keyboard=keyboards.breaking_settings(subscriber, view),
    )


def _state(subscriber: Subscriber, view: View) -> list[Node]:
    if subscriber.breaking == "off":
        return [view.line(view.gettext("Off: nothing comes between digests."))]
    about = (
        view.gettext("About everything in your languages.")
        if subscriber.breaking == "all" or not subscriber.wishes
        else view.gettext("About what you follow.")
    )
    sources = (
        view.ngettext("From {count} source on.", "From {count} sources on.", subscriber.breaking_sources)
        if subscriber.breaking_sources
        else view.gettext("From as many sources as is usual in a language: three to six.")
    )
    most = view.ngettext("At most {count} a day.", "At most {count} a day.", subscriber.breaking_most)
    return [view.line("• ", point) for point in (about, sources, most)]


def summary(subscriber: Subscriber, view: View) -> str:
    """What is set, in a word or two."""
    return {
        "off": view.gettext("off"),
        "topics": view.gettext("what you follow"),
        "all": view.gettext("everything"),
    }[subscriber.breaking]
