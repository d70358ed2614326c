"""Every reason why a story did not come is told, in both languages."""

import pytest

from bot.render import Origin, whynot
from digests.whynot import Because, Reason


@pytest.mark.parametrize("because", list(Because))
@pytest.mark.parametrize("named", [True, False])
def test_every_reason(newsroom, view, accepted, because: Because, named: bool) -> None:
    name = ("fa" if because is Because.LANGUAGE else "science" if because is Because.TOPIC else "<b>") if named else ""
    reason = Reason(
        because=because, name=name or ("fa" if because is Because.LANGUAGE else ""), at=view.now, place=12, room=7
    )
    message = whynot.why_not(newsroom.item(5), [reason], view, origin=Origin(request=3))
    text = accepted(message)
    assert "{" not in text
    assert text.count("• ") == 1


def test_the_place_is_told_and_others_are_offered(newsroom, english, accepted) -> None:
    reasons = [Reason(because=Because.PLACE, place=12, room=7)]
    others = [newsroom.item(8, "Other <story>")]
    message = whynot.why_not(newsroom.item(5), reasons, english, origin=Origin(request=3), others=others)
    text = accepted(message)
    assert "it has place 12, and your digests hold 7" in text
    assert "Did you mean another one?\n1. Other <story>" in text
    assert message.keyboard.inline_keyboard[0][0].text == "1"
