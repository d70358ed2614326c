"""The answer to "why didn't I get this?"."""

from collections.abc import Sequence

from bot import keyboards
from bot.markup import Bold, Node, fill, lines
from bot.render.card import Origin
from bot.render.parts import title_line
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Item
from digests.whynot import Because, Reason


def why_not(
    item: Item, reasons: Sequence[Reason], view: View, *, origin: Origin, others: Sequence[Item] = ()
) -> Message:
    """Why a story was in no digest. `others` are stories that may have been meant as well."""
    first = reasons[0].because if reasons else Because.COMING
    heading = {
        Because.HAD: view.gettext("You got this story"),
        Because.COMING: view.gettext("You will get this story"),
    }.get(first, view.gettext("Why you didn't get this"))
    told = [view.line("• ", _told(reason, view)) for reason in reasons]
    rest = [
        view.line(f"{view.formats.number(number)}. ", view.foreign(other.headline, limit=110))
        for number, other in enumerate(others, 1)
    ]
    return message(
        view.line("🧭 ", Bold(heading)),
        title_line(item.headline, item.url, view),
        lines(*told),
        lines(view.line(view.gettext("Did you mean another one?")), *rest) if rest else "",
        keyboard=keyboards.why_not(
            view,
            story=item.story_id,
            article=item.article_id,
            request=origin.request,
            page=origin.page,
            others=[other.story_id for other in others],
        ),
    )


def _told(reason: Reason, view: View) -> Node:
    texts = {
        Because.HAD: view.gettext("It was in your digest of {when}. No story comes twice."),
        Because.LANGUAGE: view.gettext("It is in {language}, which is none of your news languages."),
        Because.MUTED_SOURCE: view.gettext("Only {name} tells it, and you muted that."),
        Because.MUTED_WORDS: view.gettext("You muted {name}, and it is about that."),
        Because.OLD: view.gettext("It is older than {when}, where your next digest begins."),
        Because.UNFILED: view.gettext("It has just come in. It is looked at in a minute or two."),
        Because.TOPIC: view.gettext("It fits nothing that you follow: it is filed under {topic}."),
        Because.SHARE: view.gettext("{name} fills its share of your digest with other stories already."),
        Because.PLACE: view.gettext(
            "Other stories stand before it: it has place {place}, and your digests hold {room}."
        ),
        Because.FAR: view.gettext("Very many stories stand before it: it is of little weight just now."),
        Because.PAUSED: view.gettext(
            "No digests are due: you paused them, or set no time. /time and /resume change that."
        ),
        Because.COMING: view.gettext("Nothing stops it: it would be in a digest made now."),
    }
    text = texts[reason.because]
    if reason.because is Because.TOPIC and not reason.name:
        text = view.gettext("It fits nothing that you follow.")
    values: dict[str, Node] = {
        "name": Bold(view.foreign(reason.name, limit=60)),
        "place": view.formats.number(reason.place),
        "room": view.formats.number(reason.room),
    }
    if reason.at is not None:
        values["when"] = Bold(view.formats.when(reason.at, view.now))
    if reason.because is Because.LANGUAGE:
        values["language"] = Bold(view.formats.language_name(reason.name))
    if reason.because is Because.TOPIC and reason.name:
        values["topic"] = Bold(topic_label(reason.name, view.translator))
    return fill(text, values)
