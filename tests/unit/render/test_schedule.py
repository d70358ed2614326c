"""Pages and answers about when, and setting up: right in both languages, and all of them accepted."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot import keyboards
from bot.callbacks import OpenSlot, SetDays, SetQuiet, SetSlotDays, Setup, SetupLanguage, ToggleSlotWish, ToggleTime
from bot.keyboards import ZoneChoice, wish_key
from bot.render import onboarding, schedule, settings
from digests.model import Slot, Wish
from tests.unit.render.test_settings import HOSTILE, OFFERED, labels

WORKING = frozenset(range(5))
BUSINESS = Wish("topic", "business")
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_times_are_ticked_with_the_readers_odd_ones_among_them(newsroom, english) -> None:
    shown = labels(schedule.times(newsroom.subscriber(slots=(Slot(time(7, 45)),)), english))
    assert shown["✅ 07:45"] == ToggleTime("0745")
    assert shown["08:00"] == ToggleTime("0800")
    assert shown["07:45: days and topics ›"] == OpenSlot("0745")
    assert shown["✅ Every day"] == SetDays("every")
    assert "Workdays" in shown


def test_times_with_topics_say_so(newsroom, english, accepted) -> None:
    slots = (Slot(time(18)), Slot(time(7), WORKING, (BUSINESS,)))
    text = accepted(schedule.times(newsroom.subscriber(slots=slots), english))
    assert "• 07:00, on working days: 💼 Business\n• 18:00, every day\nNext: today 07:00" in text
    assert "07:00, on working days: 💼 Business; 18:00, every day" in accepted(
        settings.settings(newsroom.subscriber(slots=slots), english)
    )


def test_a_slot_shows_its_days_and_topics(newsroom, view, accepted) -> None:
    slot = Slot(time(7), WORKING, (BUSINESS, Wish("words", HOSTILE)))
    page = schedule.slot_page(slot, OFFERED, [HOSTILE], view)
    accepted(page)
    ticked = [action for label, action in labels(page).items() if label.startswith("✅")]
    assert SetSlotDays("0700", 31) in ticked or view.rtl
    assert ToggleSlotWish("0700", wish_key(Wish("words", HOSTILE))) in ticked
    one_day = schedule.slot_page(Slot(time(7), frozenset({0})), OFFERED, [], view)
    assert len([action for action in labels(one_day).values() if isinstance(action, SetSlotDays)]) == 10
    assert len(labels(one_day)) == 3 + 7 + 1 + len(OFFERED) + 2


def test_quiet_hours_and_pauses(newsroom, view, accepted) -> None:
    quiet = newsroom.subscriber(quiet=(time(22, 30), time(6, 45)))
    assert SetQuiet("2230", "0645") in labels(schedule.quiet(quiet, view)).values()
    for subscriber in (quiet, newsroom.subscriber(), newsroom.subscriber(paused=True, resume_at=NOW)):
        for page in (schedule.quiet, schedule.quiet_set, schedule.pause, schedule.paused, settings.settings):
            assert "{" not in accepted(page(subscriber, view))


def test_what_is_not_understood_says_how_it_is_written(newsroom, view, accepted) -> None:
    shown = [
        schedule.bad_word(HOSTILE, view),
        schedule.bad_schedule(view, 6),
        schedule.bad_quiet(HOSTILE, view),
        schedule.bad_pause(HOSTILE, view),
        schedule.bad_zone(HOSTILE, view),
        schedule.time_taken(Slot(time(8), WORKING, (BUSINESS,)), view),
    ]
    for message in shown:
        assert "{" not in accepted(message)
        assert "<code>/" in message.html


def test_zones_are_confirmed_and_asked_for(newsroom, view, accepted) -> None:
    subscriber = newsroom.subscriber()
    others = [ZoneChoice("America/Toronto", "London", "Canada"), ZoneChoice("UTC", HOSTILE, HOSTILE)]
    for message in (
        schedule.zone_set(subscriber, view, place="Mashhad"),
        schedule.zone_set(subscriber, view, place=HOSTILE, others=others),
        schedule.zone_set(subscriber, view, place="Mashhad", located=True),
        schedule.which_zone(HOSTILE, others, view, exact=True),
        schedule.which_zone(HOSTILE, others, view, exact=False),
        schedule.ask_zone(view),
        schedule.zone_kept(view),
        schedule.time_zone(view),
    ):
        assert "{" not in accepted(message)


def test_the_current_zone_is_always_among_those_offered(english) -> None:
    elsewhere = replace(english, formats=replace(english.formats, timezone=ZoneInfo("Asia/Tokyo")))
    assert "✅ Tokyo · 14:00" in labels(schedule.time_zone(elsewhere))


def test_the_welcome_greets_the_person(newsroom, english, accepted) -> None:
    text = accepted(onboarding.welcome(newsroom.subscriber(), english, name="Sara <3"))
    assert text.startswith("👋 Hello Sara <3, this is Baztab.\n\n")
    assert "Digests come at 08:00 and 18:00, every day, by the clocks of Berlin (06:00 now)." in text
    assert "1/4 · Which language shall I speak?" in text
    back = accepted(onboarding.welcome_back(newsroom.subscriber(), english, name="Sara"))
    assert back.startswith("👋 Welcome back, Sara!")
    assert "first digest" not in back


def test_the_steps_of_setting_up(newsroom, view, accepted) -> None:
    subscriber = newsroom.subscriber()
    pages = [
        onboarding.language(view, whole=True),
        onboarding.topics(OFFERED, subscriber, view),
        onboarding.times(subscriber, view),
        onboarding.times(subscriber, view, whole=True),
        onboarding.zones("Asia/Tehran", view),
        onboarding.done(subscriber, view, coming=True),
        onboarding.later(subscriber, view),
    ]
    for page in pages:
        assert "{" not in accepted(page)
    assert Setup("time") in labels(pages[1]).values()
    assert SetupLanguage("fa") in labels(pages[0]).values()
    assert len(labels(pages[3])) == 24 + 2


def test_what_takes_the_question_back_is_on_the_panel(english) -> None:
    panel = schedule.ask_zone(english).panel
    assert panel is not None
    first, second = panel.keyboard
    assert first[0].request_location
    assert second[0].text == keyboards.leave(english)
