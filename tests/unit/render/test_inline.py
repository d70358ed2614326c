"""Stories as they are shared into other chats."""

from dataclasses import replace

import pytest

from bot.render import inline


def test_a_shared_story_names_all_who_report_it_and_has_only_links(english, newsroom, accepted):
    item = newsroom.item(others=[f"Paper {number}" for number in range(6)])
    shared = inline.shared(item, english, link="https://t.me/BaztabBot?start=story_1")
    text = accepted(shared)
    assert "Harbour city closes its flood gates" in text
    assert "The gates closed on Monday." in text
    assert "The tide was high." not in text
    assert "+3" in text
    (row,) = shared.keyboard.inline_keyboard
    assert [button.url for button in row] == [item.url, "https://t.me/BaztabBot?start=story_1"]


def test_a_story_without_text_is_shared_too(english, newsroom, accepted):
    item = newsroom.item(sentences=())
    assert "Harbour city" in accepted(inline.shared(item, english, link="https://t.me/BaztabBot?start=story_1"))


@pytest.mark.parametrize(
    ("image", "thumbnail"),
    [
        ("https://coast.example/gates.jpg", "https://coast.example/gates.jpg"),
        ("tg://resolve?domain=x", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        (None, None),
    ],
)
def test_a_thumbnail_is_an_address_of_the_web(newsroom, image, thumbnail):
    assert inline.thumbnail(replace(newsroom.item(), image=image)) == thumbnail


def test_a_title_is_one_line_and_never_empty(english, newsroom):
    assert inline.title(newsroom.item(headline="One\n two\u202e"), english) == "One two"
    assert inline.title(newsroom.item(headline="\u202e"), english) == "Coast Daily"
