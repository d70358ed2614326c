"""The tree of a message, with the playground's Bot API parser as the judge of what Telegram accepts."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import (
    Bold,
    Code,
    Italic,
    Limits,
    Link,
    Node,
    Pre,
    Quote,
    Spoiler,
    Strike,
    Time,
    Underline,
    cut,
    fill,
    html,
    is_blank,
    join,
    lines,
    plain,
    render,
    safe_url,
    shorten,
    split,
    units,
)
from bot.playground.api.html import parse_html
from bot.playground.api.text import format_text

MOMENT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)

hostile = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.sampled_from(
        [
            "<3 & <b>",
            "</b></i>",
            "&nbsp;&lt;&#57311;",
            '"><a href="tg://user?id=1">',
            "<!-- -->",
            "\ud83d",
            "👩‍👩‍👧‍👦 🏳️‍🌈",
            "\u202egnp.exe",
            "http://a.example/x @name #tag /start",
            "a\x00b\r\nc\u2028d",
            "  \n ",
        ]
    ),
)
urls = st.one_of(
    hostile,
    st.sampled_from(["https://news.example/a?b=1&c=\"2'<>", "javascript:alert(1)", "tg://resolve?domain=x", ""]),
)


def spans(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    kinds = st.sampled_from([Bold, Italic, Underline, Strike, Spoiler, Code, Pre])
    return st.one_of(
        st.builds(lambda kind, body: kind(body), kinds, children),
        st.builds(Link, children, urls),
        st.builds(Quote, children, st.booleans()),
        st.builds(Time, children, st.just(MOMENT), st.sampled_from(["t", "d", "r", "dt"])),
        st.lists(children, max_size=4).map(tuple),
    )


trees = st.recursive(hostile, spans, max_leaves=12)


# ── any tree from any text ───────────────────────────────────────────────────────────────────────────────────────────


@given(trees)
def test_any_tree_is_accepted_and_reads_as_its_plain_text(tree: Node) -> None:
    written = render(tree)
    text, entities = parse_html(written.html)
    assert text == written.plain == plain(tree)
    assert units(text) == written.units
    assert len(entities) <= written.entities


@given(trees)
def test_what_is_found_in_plain_text_is_counted_too(tree: Node) -> None:
    written = render(tree)
    _, entities = format_text(written.html, "HTML")
    assert len(entities) <= written.entities


@given(trees)
def test_quotes_links_and_code_do_not_nest(tree: Node) -> None:
    _, entities = parse_html(html(tree))
    for kind in ("blockquote", "text_link", "date_time"):
        ranges = sorted(
            (entity["offset"], entity["offset"] + entity["length"]) for entity in entities if kind in entity["type"]
        )
        assert all(end <= start for (_, end), (start, _) in pairwise(ranges))


@given(trees, st.integers(min_value=0, max_value=60))
def test_a_shortened_tree_fits_and_begins_as_the_whole_one(tree: Node, limit: int) -> None:
    short, whole = render(shorten(tree, limit)), plain(tree)
    assert short.units <= limit or short.plain == whole
    assert short.plain == whole or whole.startswith(short.plain.removesuffix("…").rstrip())
    assert parse_html(short.html)[0] == short.plain


@given(st.lists(trees, max_size=12), st.integers(min_value=1, max_value=3))
def test_messages_are_within_the_limits_and_never_blank(blocks: list[Node], most: int) -> None:
    limits = Limits(units=60, entities=6, size=400)
    messages = split(blocks, limits=limits, most=most)
    assert len(messages) <= most
    for message in messages:
        text, entities = format_text(message.html, "HTML")
        assert text
        assert units(text) <= limits.units
        assert len(entities) <= limits.entities
        assert message.size <= limits.size


@given(st.text(st.characters(exclude_categories=()), max_size=80), st.integers(min_value=0, max_value=90))
def test_a_cut_text_fits_and_is_a_start_of_the_whole(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…").rstrip())


# ── rule by rule ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_characters_of_markup_are_escaped() -> None:
    assert html(Bold('<3 & "you"')) == "<b>&lt;3 &amp; &quot;you&quot;</b>"


def test_each_node_has_its_tag() -> None:
    tree = (Bold("b"), Italic("i"), Underline("u"), Strike("s"), Spoiler("p"), Code("c"), Pre("e"))
    assert html(tree) == "<b>b</b><i>i</i><u>u</u><s>s</s><tg-spoiler>p</tg-spoiler><code>c</code><pre>e</pre>"
    assert html(Quote("q")) == "<blockquote>q</blockquote>"
    assert html(Quote("q", expandable=True)) == "<blockquote expandable>q</blockquote>"
    assert html(Time("05:00", MOMENT)) == '<tg-time unix="1795496400" format="t">05:00</tg-time>'


def test_quotes_in_quotes_are_one() -> None:
    assert html(Quote(("a", Quote("b")))) == "<blockquote>ab</blockquote>"


def test_code_holds_nothing_but_text() -> None:
    assert html(Code((Bold("a"), Link("b", "https://x.example")))) == "<code>ab</code>"


@pytest.mark.parametrize("body", ["", " ", "\x00", ("", Bold(""))])
def test_empty_bodies_vanish(body: Node) -> None:
    assert "<" not in html(Bold(body))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "/relative", "https://", "http://[", "x", ""]
)
def test_an_address_that_may_not_be_linked_leaves_its_text(url: str) -> None:
    assert safe_url(url) is None
    assert html(Link("text", url)) == "text"


def test_odd_characters_in_an_address_are_escaped() -> None:
    url = safe_url('https://news.example/a b"<c>?q=é&r=1')
    assert url == "https://news.example/a%20b%22%3Cc%3E?q=é&r=1"
    assert html(Link("t", url)) == '<a href="https://news.example/a%20b%22%3Cc%3E?q=é&amp;r=1">t</a>'


def test_an_address_is_no_way_for_control_characters() -> None:
    assert safe_url("https://news.example/\ud800") is None
    assert safe_url("https://news.example/\x00") is None


def test_line_breaks_of_all_kinds_become_one() -> None:
    assert plain("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd e"


def test_a_decomposed_letter_keeps_its_ring() -> None:
    assert plain("A\u030alborg") == "Ålborg"


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060", "\u2800", "\u3164", "\u2068\u2069", "\ufe0f"])
def test_texts_that_leave_no_mark_are_blank(text: str) -> None:
    assert is_blank(text)
    assert split([text]) == []


def test_templates_take_nodes() -> None:
    assert html(fill("{a} & {b}", {"a": Bold("x")}, b="<")) == "<b>x</b> &amp; &lt;"


def test_empty_nodes_are_left_out_of_lines() -> None:
    assert plain(lines("a", "", Bold(""), ("", "b"))) == "a\nb"
    assert plain(join(" · ", ["", "a", "b"])) == "a · b"


# ── cutting and packing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_is_cut_where_a_sentence_ends() -> None:
    assert cut("The dam held. The town slept through the night.", 20) == "The dam held. …"


def test_a_text_is_cut_where_a_word_ends() -> None:
    assert cut("The town slept through the night", 24) == "The town slept through…"


def test_a_letter_is_not_parted_from_its_marks() -> None:
    assert cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 13) == "👩‍👩‍👧‍👦…"
    assert cut("ne\u0301e\u0301e\u0301", 5) == "ne\u0301…"


def test_blocks_go_together_while_they_fit() -> None:
    messages = split(["a" * 40, "b" * 40, "c" * 40], limits=Limits(units=90))
    assert [message.plain for message in messages] == ["a" * 40 + "\n\n" + "b" * 40, "c" * 40]


def test_a_block_that_is_too_long_is_shortened_inside_its_tags() -> None:
    (message,) = split([Bold("word " * 30)], limits=Limits(units=40), most=1)
    assert message.html == f"<b>{message.plain}</b>"
    assert message.plain.endswith("word…")
    assert message.units <= 40


def test_where_there_are_too_many_the_longest_are_shortened_first() -> None:
    messages = split(["a " * 100, "short", "b " * 100], limits=Limits(units=100), most=1)
    assert len(messages) == 1
    assert "short" in messages[0].plain
    assert "b" in messages[0].plain


def test_a_block_with_too_many_entities_keeps_its_text() -> None:
    (message,) = split([tuple(Bold(letter) for letter in "abcdefgh")], limits=Limits(entities=4))
    assert message.plain == "abcdefgh"
    assert message.entities <= 4
