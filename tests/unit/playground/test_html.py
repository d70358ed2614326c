"""The rules of parse_mode=HTML: what is refused, with which words, and what becomes of the rest."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.api.entities import utf16_length
from bot.playground.api.html import HtmlError, parse_html

PUBLISHED = Path(__file__).parents[4] / "shared" / "eval" / "botapi" / "html_cases.json"
TIME_FLAGS = {"r": 1, "t": 2, "T": 4, "d": 8, "D": 16, "w": 32, "W": 32}


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("I <3", "Unclosed start tag at byte offset 2"),
        ("I <3 you > me", 'Unsupported start tag "3" at byte offset 2'),
        ("a < b > c", 'Unsupported start tag "" at byte offset 2'),
        ("نان<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x<i>y</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</b y>", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<span class="loud">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=http://x.org/?a=1>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x.org>x</a>', "Unclosed start tag at byte offset 0"),
        ('<b ="x">x</b>', 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<b title", 'Unclosed start tag "b" at byte offset 0'),
        ("<b title  ", 'Unclosed start tag "b" at byte offset 0'),
        ("<b title=", 'Unclosed start tag "b" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ('<tg-emoji emoji-id="0">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid date specified"),
        ('<tg-time unix="5" format="x">x</tg-time>', "Invalid date format used"),
        ('<tg-time unix="5" format="rw">x</tg-time>', "Invalid date format used"),
    ],
)
def test_what_is_refused(source: str, error: str) -> None:
    with pytest.raises(HtmlError) as caught:
        parse_html(source)
    assert str(caught.value) == error


@pytest.mark.parametrize("reference", ["&#55357;", "&#xD83D;", "a<b>&#xdc00;</b>"])
def test_a_lone_surrogate_is_refused(reference: str) -> None:
    with pytest.raises(HtmlError, match="invalid Unicode characters"):
        parse_html(reference)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a > b", "a > b"),
        ("salt & pepper", "salt & pepper"),
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "'),
        ("&lt no semicolon", "< no semicolon"),
        ("&nbsp;&zwnj;&hellip;&apos;", "&nbsp;&zwnj;&hellip;&apos;"),
        ("&#8230;&#x1F4F0;", "…📰"),
        ("&#0;&#;&#x;&#99999999;&#1114111;", "&#0;&#;&#x;&#99999999;&#1114111;"),
        ("&", "&"),
        ("&&lt;", "&<"),
        ("&LT;", "&LT;"),
        ("<B>x</B>", "x"),
        ("<b>x</>", "x"),
        ("<b\n>x</b\n>", "x"),
    ],
)
def test_what_the_text_becomes(source: str, text: str) -> None:
    assert parse_html(source)[0] == text


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("tg-spoiler", "spoiler"),
        ("blockquote", "blockquote"),
    ],
)
def test_every_tag_makes_its_entity(tag: str, kind: str) -> None:
    text, entities = parse_html(f"📰 <{tag}>خبر</{tag}>")
    assert text == "📰 خبر"
    assert entities == [{"type": kind, "offset": 3, "length": 3}]


def test_an_empty_body_makes_no_entity() -> None:
    assert parse_html("a<b></b><i><u></u></i><a href='https://x.org'></a>") == ("a", [])


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            {"type": "text_link", "url": "https://example.org/?a=1&b=2"},
        ),
        ("<a href='EXAMPLE.org'>x</a>", {"type": "text_link", "url": "http://example.org/"}),
        ('<a href="tg://user?id=77">x</a>', {"type": "text_mention", "user": 77}),
        ('<a class="c" href="tg://resolve?domain=x">x</a>', {"type": "text_link", "url": "tg://resolve?domain=x"}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ('<blockquote cite="c" expandable>x</blockquote>', {"type": "expandable_blockquote"}),
        (
            '<tg-time unix="-5" format="wDT">x</tg-time>',
            {"type": "date_time", "unix_time": -5, "date_time_format": "wDT"},
        ),
        ('<tg-time unix="5">x</tg-time>', {"type": "date_time", "unix_time": 5}),
        ('<pre><code class="language-sql">x</code></pre>', {"type": "pre", "language": "sql"}),
        ('<code class="language-sql">x</code>', {"type": "code"}),
    ],
)
def test_attributes_that_count(source: str, entity: dict[str, object]) -> None:
    assert parse_html(source) == ("x", [entity | {"offset": 0, "length": 1}])


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "ftp://example.org", "localhost", "http://", "a b.org"])
def test_an_address_that_is_no_link_leaves_the_text(address: str) -> None:
    assert parse_html(f'<a href="{address}">x</a>') == ("x", [])


def outcome(source: str) -> dict[str, object]:
    """What parsing gives, in the form of the published cases."""
    try:
        text, entities = parse_html(source)
    except HtmlError as error:
        return {"error": str(error)}
    for entity in entities:
        if entity["type"] == "date_time":
            letters = entity.pop("date_time_format", "")
            entity["format_flags"] = sum({TIME_FLAGS[letter] for letter in letters})
    return {"text": text, "entities": entities}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published cases are not on this machine")
def test_the_published_cases() -> None:
    for case in json.loads(PUBLISHED.read_text(encoding="utf-8"))["cases"]:
        assert outcome(case.pop("input")) == case


PIECES = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href='x.org'>",
        "</a>",
        "<pre>",
        "</pre>",
        "</>",
        "&lt;",
        "&#x1F4F0;",
        "خبر",
        "📰",
        "<",
        ">",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_comes_is_parsed_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except HtmlError:
        return
    length = utf16_length(text)
    assert all(0 <= entity["offset"] < entity["offset"] + entity["length"] <= length for entity in entities)


@settings(deadline=None)
@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text
