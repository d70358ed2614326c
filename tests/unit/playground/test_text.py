"""From a call's text to what is stored: cleaning, trimming, limits, entities found and put in order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.api.entities import are_nested, end_of, find_entities, settle, sort_entities, utf16_length
from bot.playground.api.errors import ApiError
from bot.playground.api.text import format_text, message_caption, message_text


def refusal(params: dict[str, object]) -> str:
    with pytest.raises(ApiError) as caught:
        message_text(params)
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: ")


def kinds(text: str) -> list[tuple[str, str]]:
    """Type and text of what is found."""
    units = text.encode("utf-16-le")
    return [
        (entity["type"], units[entity["offset"] * 2 : end_of(entity) * 2].decode("utf-16-le"))
        for entity in find_entities(text)
    ]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "<b></b>", "\u202e\u202c", "\x00\x01", "\u2800"])
def test_a_text_of_nothing_is_refused(text: str) -> None:
    assert refusal({"text": text, "parse_mode": "HTML"}) == "message text is empty"


def test_the_length_counts_after_parsing_in_utf16_units() -> None:
    assert len(message_text({"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"})["text"]) == 4096
    assert refusal({"text": "x" * 4097}) == "message is too long"
    assert message_text({"text": "📰" * 2048})["text"] == "📰" * 2048
    assert refusal({"text": "📰" * 2048 + "x"}) == "message is too long"


def test_the_raw_text_has_a_limit_in_bytes() -> None:
    link = '<a href="https://example.org/{}">x</a>'
    assert refusal({"text": link.format("خ" * 16_400), "parse_mode": "HTML"}) == "text is too long"
    assert message_text({"text": link.format("y" * 32_000), "parse_mode": "HTML"})["text"] == "x"


def test_markup_that_is_refused_says_why() -> None:
    assert refusal({"text": "a < b", "parse_mode": "html"}).startswith("can't parse entities: Unsupported start tag")
    assert "MarkdownV2 is not supported" in refusal({"text": "x", "parse_mode": "MarkdownV2"})
    assert refusal({"text": "x", "parse_mode": "BBCode"}) == "unsupported parse_mode"


def test_control_characters_and_overrides_go() -> None:
    text, entities = format_text("a\r\n\tb\u202e<b>\u2028c\u202cd</b>e\x07f", "HTML")
    assert text == "a\n bcde f"
    assert entities == [{"type": "bold", "offset": 4, "length": 2}]


def test_isolates_and_joiners_stay() -> None:
    assert format_text("\u2068می\u200cرود\u2069")[0] == "\u2068می\u200cرود\u2069"


def test_blanks_at_the_ends_go_and_entities_follow() -> None:
    text, entities = format_text("\n 📰 <b>  x </b> \n", "HTML")
    assert text == "📰   x"
    assert entities == [{"type": "bold", "offset": 3, "length": 3}]
    text, entities = format_text("<i>  </i> <b> x</b>", "HTML")
    assert (text, entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_more_than_a_hundred_entities_are_dropped_in_silence() -> None:
    text, entities = format_text("".join(f"<b>{number}</b> " for number in range(120)), "HTML")
    assert text.endswith("119")
    assert len(entities) == 100


def test_given_entities_are_cut_to_the_text() -> None:
    given_ones = [{"type": "bold", "offset": 1, "length": 50}, {"type": "italic", "offset": 9, "length": 1}]
    assert message_text({"text": "abc", "entities": given_ones})["entities"] == [
        {"type": "bold", "offset": 1, "length": 2}
    ]
    assert "positive length" in refusal({"text": "abc", "entities": [{"type": "bold", "offset": 0, "length": 0}]})


def test_a_caption_may_be_missing_but_not_too_long() -> None:
    assert message_caption({}) == {}
    assert message_caption({"caption": " "}) == {}
    assert message_caption({"caption": "<b>x</b>", "parse_mode": "HTML"}) == {
        "caption": "x",
        "caption_entities": [{"type": "bold", "offset": 0, "length": 1}],
    }
    with pytest.raises(ApiError, match="caption is too long"):
        message_caption({"caption": "x" * 1025})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("/latest@BaztabBot climate", [("bot_command", "/latest@BaztabBot")]),
        ("use /help, then /topics.", [("bot_command", "/help"), ("bot_command", "/topics")]),
        ("a/b and //x and http/s", []),
        ("📰 @baztab_news!", [("mention", "@baztab_news")]),
        ("write to editor@example.org.", [("email", "editor@example.org")]),
        ("#climate #۱۴۰۵ #خبر_روز #1", [("hashtag", "#climate"), ("hashtag", "#خبر_روز")]),
        ("see https://example.org/a?b=c#d.", [("url", "https://example.org/a?b=c#d")]),
        ("(https://example.org/a_(b))", [("url", "https://example.org/a_(b)")]),
        ("example.org and news.example.co.uk/x, yes", [("url", "example.org"), ("url", "news.example.co.uk/x")]),
        ("e.g. this, version 3.11, a.b, end.Next", []),
        ("tg://resolve?domain=x", [("url", "tg://resolve?domain=x")]),
        ("plain words", []),
    ],
)
def test_what_is_found_in_plain_text(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


def test_nothing_is_found_in_links_and_code() -> None:
    source = '<a href="https://x.org">example.org</a> <code>/start</code> <b>example.org</b>'
    entities = format_text(source, "HTML")[1]
    assert [entity["type"] for entity in entities] == ["text_link", "code", "url", "bold"]


def test_styles_are_cut_out_of_code() -> None:
    text, entities = format_text("<b>ab<code>cd</code>ef</b>", "HTML")
    assert text == "abcdef"
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bold", 0, 2),
        ("code", 2, 2),
        ("bold", 4, 2),
    ]


def test_quotes_do_not_nest_and_links_do_not_overlap() -> None:
    _, entities = format_text("<blockquote>a<blockquote expandable>b</blockquote></blockquote>", "HTML")
    assert [(entity["type"], entity["length"]) for entity in entities] == [("blockquote", 2)]
    _, entities = format_text("<a href='x.org'>a<a href='y.org'>b</a></a>", "HTML")
    assert [(entity["url"], entity["length"]) for entity in entities] == [("http://x.org/", 2)]


def test_a_style_that_crosses_a_link_is_cut_at_its_edge() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}, {"type": "text_link", "offset": 2, "length": 5, "url": "u"}]
    assert [(one["type"], one["offset"], one["length"]) for one in settle(entities, [])] == [
        ("bold", 0, 2),
        ("text_link", 2, 5),
        ("bold", 2, 2),
    ]


def test_what_code_leaves_of_a_style_is_cut_where_it_crosses_a_quote() -> None:
    given_ones = [("bold", 0, 3), ("blockquote", 0, 2), ("code", 0, 1)]
    entities = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in given_ones]
    assert [(one["type"], one["offset"], one["length"]) for one in settle(sort_entities(entities), [])] == [
        ("blockquote", 0, 2),
        ("code", 0, 1),
        ("bold", 1, 1),
        ("bold", 2, 1),
    ]


RANDOM = st.lists(
    st.builds(
        lambda kind, offset, length: {"type": kind, "offset": offset, "length": length},
        st.sampled_from(["bold", "italic", "code", "pre", "text_link", "blockquote", "spoiler", "custom_emoji"]),
        st.integers(0, 40),
        st.integers(1, 20),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=300)
@given(RANDOM, RANDOM)
def test_settled_entities_always_stand_as_they_may(given_ones: list[dict], others: list[dict]) -> None:
    found, last = [], 0
    for entity in sort_entities([one | {"type": "url"} for one in others]):
        if entity["offset"] >= last:
            found.append(entity)
            last = end_of(entity)
    settled = settle(sort_entities(given_ones), found)
    assert are_nested(settled)
    assert settled == sort_entities(settled)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("a1_ /@#.:📰خ)(\n,-"), max_size=60))
def test_found_entities_are_in_order_and_inside(text: str) -> None:
    last = 0
    for entity in find_entities(text):
        assert last <= entity["offset"] < end_of(entity) <= utf16_length(text)
        last = end_of(entity)
