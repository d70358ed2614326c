"""Short answers: one line that says what has become of a command or a button, or why it could not be done."""

from bot import keyboards
from bot.markup import Bold, Code, Link, Node, fill, lines
from bot.render.settings import next_runs
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Subscriber, Wish
from digests.reading import Sample

TOO_BROAD = 0.25
"""The share of all stories from which words are hardly a choice."""
LEAST_SAMPLE = 10
EXAMPLES = 3

# ── what was done ────────────────────────────────────────────────────────────────────────────────────────────────────


def _wish(wish: Wish, view: View) -> Node:
    if wish.kind == "topic":
        return Bold(topic_label(wish.value, view.translator))
    return Bold(view.foreign(wish.value, limit=100))


def followed(wish: Wish, view: View, *, new: bool, sample: Sample | None = None) -> Message:
    """The answer to /follow, with what it would have brought of late."""
    text = view.gettext("✅ You now follow {topic}.") if new else view.gettext("You follow {topic} already.")
    hint = ""
    if sample is not None and sample.of >= LEAST_SAMPLE and wish.kind == "words":
        if not sample.items:
            hint = view.gettext(
                "It may be rare, or spelt otherwise: /search shows what there is. Fewer words find more."
            )
        elif sample.share > TOO_BROAD:
            hint = view.gettext('That is a lot. A second word, +word or a "phrase" makes it narrower.')
    return message(
        view.line(fill(text, topic=_wish(wish, view))),
        _fitting(sample, view),
        view.line("💡 ", hint) if hint else "",
        keyboard=keyboards.followed(wish, view),
    )


def _fitting(sample: Sample | None, view: View) -> Node:
    """How many of the latest stories fit, with some of them."""
    if sample is None or not sample.of:
        return ""
    count = view.ngettext(
        "{count} of the latest {of} stories fits", "{count} of the latest {of} stories fit", len(sample.items)
    )
    return _sample(sample, count, view)


def _sample(sample: Sample, count: str, view: View) -> Node:
    count = count.replace("{of}", view.formats.number(sample.of))
    rows = [
        view.line(
            "• ", Link(view.foreign(item.headline, limit=110), item.url), " — ", view.foreign(item.source, limit=40)
        )
        for item in sample.items[:EXAMPLES]
    ]
    return lines(view.line(count, ":" if rows else "."), *rows)


def unfollowed(wish: Wish, view: View, *, there: bool) -> Message:
    """The answer to /unfollow."""
    text = view.gettext("✅ You no longer follow {topic}.") if there else view.gettext("You do not follow {topic}.")
    return message(view.line(fill(text, topic=_wish(wish, view))))


def muted(words: str, view: View, *, new: bool, sample: Sample | None = None) -> Message:
    """The answer to /mute, of words or a source, with what it would have hidden of late."""
    text = view.gettext("🔇 No more stories about {words}.") if new else view.gettext("{words} is muted already.")
    said = view.line(fill(text, words=Bold(view.foreign(words, limit=100))))
    if sample is None or not sample.of:
        return message(said)
    count = view.ngettext(
        "It would have hidden {count} of the latest {of} stories",
        "It would have hidden {count} of the latest {of} stories",
        len(sample.items),
    )
    return message(said, _sample(sample, count, view))


def unmuted(words: str, view: View, *, there: bool) -> Message:
    """The answer to /unmute."""
    text = view.gettext("🔈 {words} may come again.") if there else view.gettext("{words} was not muted.")
    return message(view.line(fill(text, words=Bold(view.foreign(words, limit=100)))))


def resumed(subscriber: Subscriber, view: View) -> Message:
    """The answer to /resume."""
    return message(lines(view.line(view.gettext("▶️ Digests come again.")), next_runs(subscriber, view)))


def stopped(view: View, *, deleted: bool) -> Message:
    """The answer to /stop once it is confirmed."""
    if deleted:
        return message(view.line(view.gettext("🗑 Everything about this chat is deleted. /start begins anew.")))
    return message(
        view.line(view.gettext("🔕 You get no more digests. Your settings are kept; /start brings you back."))
    )


def broadcast_begun(count: int, view: View) -> Message:
    """The answer to /broadcast."""
    text = view.ngettext("📣 On its way to {count} chat.", "📣 On its way to {count} chats.", count)
    return message(view.line(text), view.line(view.gettext("Digests go first. I tell you when it is done.")))


def broadcast_done(sent: int, gone: int, failed: int, uncertain: int, view: View) -> Message:
    """What came of /broadcast: how many chats got it, are gone, could not be reached, or may not have got it."""
    rows = [view.line(view.ngettext("📣 Sent to {count} chat.", "📣 Sent to {count} chats.", sent))]
    if gone:
        text = view.ngettext(
            "{count} chat has blocked the bot or is gone.", "{count} chats have blocked the bot or are gone.", gone
        )
        rows.append(view.line(text))
    if failed:
        text = view.ngettext("{count} chat could not be reached.", "{count} chats could not be reached.", failed)
        rows.append(view.line(text))
    if uncertain:
        text = view.ngettext(
            "{count} chat may not have got it: Telegram's answer was lost.",
            "{count} chats may not have got it: Telegram's answers were lost.",
            uncertain,
        )
        rows.append(view.line(text))
    return message(lines(*rows))


def invitation(view: View, link: str) -> Message:
    """For administrators: the link that lets people in where access is by invitation."""
    return message(view.line(view.gettext("✉️ This link lets people in:")), Code(link))


def failed_delivery(view: View, number: int, reason: str) -> Message:
    """For administrators: a digest that could not be delivered."""
    text = view.gettext("⚠️ A digest for chat number {number} could not be delivered: {reason}")
    filled = fill(text, number=view.formats.number(number), reason=view.foreign(reason, limit=200))
    return message(view.line(filled), view.line(view.gettext("/errors has the latest failures.")))


# ── how it is done ───────────────────────────────────────────────────────────────────────────────────────────────────


def usage(view: View, text: str, example: str) -> Message:
    """How a command is written: a translated sentence, and an example to copy."""
    return message(lines(view.line(text), Code(example)))


def following(subscriber: Subscriber, view: View) -> Message:
    """What is followed, each to be dropped at a tap; and how /follow is written."""
    wishes = subscriber.wishes
    chosen = {one.name: one.chosen for one in subscriber.leanings if one.kind == "topic"}
    if not wishes:
        now: Node = view.line(view.gettext("You follow nothing in particular yet: you get what matters most."))
    else:
        now = view.line(view.gettext("You follow these. Tap one to drop it; the second button says how much of it."))
    examples = [
        view.command(view.translator.gettext("/follow peace talks")),
        view.command(view.translator.gettext("/follow climate +Berlin -football")),
        view.command(view.translator.gettext('/follow "rail strike" source:"Japan Times"')),
    ]
    how = view.line(view.gettext("Words say what a story is to be about; +word must be in it, -word must not:"))
    return message(
        view.line("🔔 ", Bold(view.gettext("What you follow"))),
        now,
        lines(how, *examples),
        keyboard=keyboards.following(wishes, chosen, view),
    )


def mute_usage(view: View) -> Message:
    """How /mute is written."""
    text = view.gettext("Name words, or a source, that you would rather not read:")
    return usage(view, text, view.translator.gettext("/mute horoscope"))


def search_usage(view: View) -> Message:
    """How /search is written."""
    text = view.gettext("Tell me what to look for. Besides words there are:")
    examples = [
        ('"peace talks"', view.gettext("a phrase")),
        ("-football", view.gettext("words to leave out")),
        ("rain OR snow", view.gettext("either of two")),
        ('source:"Japan Times" topic:science lang:en', view.gettext("where to look")),
        ("since:7d before:2026-11-01", view.gettext("when")),
    ]
    rows = [view.line(view.command(example), " – ", about) for example, about in examples]
    return message(lines(view.line(text), *rows), Code(view.translator.gettext('/search "peace talks" -football')))


def why_usage(view: View) -> Message:
    """How /why is written."""
    text = view.gettext("Name a story by some of its words, and I say why it was in none of your digests:")
    return usage(view, text, view.translator.gettext("/why central bank rates"))


def broadcast_usage(view: View) -> Message:
    """How /broadcast is written."""
    text = view.gettext("Write what every chat is to read:")
    return usage(view, text, view.translator.gettext("/broadcast The bot moves house tonight."))


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


def bad_query(text: str, view: View, *, problem: str = "empty", name: str = "") -> Message:
    """A search that can't be understood; `problem` and `name` as QueryError has them."""
    said = view.foreign(name, limit=60)
    wrong: Node
    match problem:
        case "minus":
            wrong = view.gettext("A minus leaves words out. Say at least one word to look for as well.")
        case "contradiction":
            wrong = fill(
                view.gettext("{word} is asked for and left out at once. Drop one of the two."), word=Bold(said)
            )
        case "long":
            wrong = view.gettext("That is too long: a search holds up to {count} characters. A few words do.").format(
                count=view.formats.number(int(name))
            )
        case "value":
            text = view.gettext("Something is missing behind the colon. For example: {example}")
            wrong = fill(text, example=view.command(name))
        case "minus-filter":
            wrong = fill(view.gettext("{filter} can't be left out with a minus."), filter=view.command(f"{name}:"))
        case "language":
            wrong = fill(view.gettext("A language is named by its code, as in {example}."), example=view.command(name))
        case "date":
            text = view.gettext("I can't read that date. Write an age or a day: {age} or {day}")
            wrong = fill(text, age=view.command(f"{name}:7d"), day=view.command(f"{name}:2026-11-01"))
        case "order":
            wrong = view.gettext("Nothing lies between these two dates: the first must be the earlier one.")
        case "topic":
            wrong = fill(view.gettext("There is no topic {text}. /topics shows what there is."), text=Bold(said))
        case _:
            wrong = fill(view.gettext("I can't look for {text}. Give me at least one word."), text=_said(text, view))
    return message(view.line(wrong))


def no_such_story(text: str, view: View) -> Message:
    """/why with words that no stored story has."""
    wrong = fill(view.gettext("No stored story has {text}: no source that I read has told it."), text=_said(text, view))
    return message(view.line(wrong), view.line(view.gettext("/sources lists what I read.")))


def full(view: View, most: int) -> Message:
    """A list that holds no more."""
    text = view.ngettext(
        "There is room for {count} only. Drop one first.", "There is room for {count}. Drop one first.", most
    )
    return message(view.line(text))


def last_language(view: View) -> str:
    """The last language of the news can't be dropped."""
    return view.gettext("One language must stay.")


def unknown_command(command: str, view: View, *, close: str | None = None) -> Message:
    """A command that there is none of; `close` is one that is spelt alike."""
    if close:
        text = fill(
            view.gettext("I don't know {command}. Did you mean /{close}?"), command=_said(command, view), close=close
        )
    else:
        text = fill(view.gettext("I don't know {command}. /help shows what I can do."), command=_said(command, view))
    return message(view.line(text))


def expired(view: View) -> Message:
    """A link whose story is gone."""
    return message(view.line(toast_expired(view)))


def elsewhere(view: View) -> Message:
    """A digest that was asked for in a thread that has none of its own."""
    return message(view.line(view.gettext("🗞 It comes where this chat's digests come.")))


def not_allowed(view: View) -> Message:
    """Something that only administrators may do."""
    return message(view.line(view.gettext("🔒 Only administrators can do that.")))


def trouble(view: View) -> Message:
    """An error of ours; the administrator has been told."""
    return message(view.line(view.gettext("😔 Something went wrong on our side. It has been noted; please try again.")))


def _said(text: str, view: View) -> Node:
    return Bold(view.foreign(text, limit=60) or "?")


# ── answers to buttons: at most 200 characters, plain ────────────────────────────────────────────────────────────────


def toast_saved(view: View, *, on: bool) -> str:
    """A story was saved, or is no longer."""
    return view.gettext("🔖 Saved: /saved has it.") if on else view.gettext("No longer saved.")


def toast_rated(view: View, vote: int) -> str:
    """A story was rated."""
    if vote == 0:
        return view.gettext("Taken back.")
    return view.gettext("👍 Noted, thank you.") if vote > 0 else view.gettext("👎 Noted, thank you.")


def toast_muted(view: View, source: str, *, on: bool) -> str:
    """A source was muted, or may be heard again."""
    text = view.gettext("🔇 {source} is muted.") if on else view.gettext("🔈 {source} may come again.")
    return text.format(source=view.foreign(source, limit=80))


def toast_pick(view: View, mode: str) -> str:
    """What the number buttons do now."""
    return {
        "save": view.gettext("Tap the numbers of the stories to keep."),
        "like": view.gettext("Tap the numbers of the stories that you liked."),
        "dislike": view.gettext("Tap the numbers of the stories that you did not care for."),
    }.get(mode, "")


def toast_expired(view: View) -> str:
    """A button whose story, list or meaning is gone."""
    return view.gettext("That is too long ago. /latest and /digest have what is new.")


def toast_nothing_saved(view: View) -> str:
    """There is nothing to take away."""
    return view.gettext("Nothing is saved.")


def toast_remove(view: View) -> str:
    """What the number buttons under saved stories do now."""
    return view.gettext("Tap the numbers of the stories to remove.")


def toast_all(view: View) -> str:
    """There is nothing more of it."""
    return view.gettext("That was all.")


def toast_done(view: View) -> str:
    """A setting was changed."""
    return view.gettext("✅ Done")
