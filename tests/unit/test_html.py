import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.html import MAX_FRAGMENT, clean_line, clean_text, drop_invisible, shorten, to_text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>The dam <b>broke</b>.</p><p>Two towns flooded.</p>", "The dam broke.\nTwo towns flooded."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>tea</li><li>salt</li></ul>", "tea\nsalt"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>line\nbroken in\nthe source</p>", "line broken in the source"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("caf&eacute;&nbsp;noir&#8217;s", "café noir’s"),
        ("&lt;p&gt;Escaped &lt;b&gt;markup&lt;/b&gt;&lt;/p&gt;&lt;p&gt;twice&lt;/p&gt;", "Escaped markup\ntwice"),
        ("<p>kept</p><script>alert(1)</script><style>p{}</style>", "kept"),
        ("<p>kept</p><!-- hidden --><iframe src=x>no</iframe><figcaption>A caption</figcaption>", "kept"),
        ("a < b and b > c", "a < b and b > c"),
        ('<a href="x" title="1 > 0">link</a> text', "link text"),
        ("", ""),
        ("   \n\t ", ""),
    ],
)
def test_markup_becomes_paragraphs_of_plain_text(fragment: str, text: str) -> None:
    assert to_text(fragment) == text


def test_hard_wrapped_plain_text_is_unwrapped_but_keeps_its_paragraphs() -> None:
    assert to_text("The dam\nbroke at dawn.\nTwo towns\nflooded.\n\nMore soon") == (
        "The dam broke at dawn.\nTwo towns flooded.\nMore soon"
    )


def test_characters_that_hide_or_reorder_text_are_dropped_and_joiners_kept() -> None:
    assert to_text("a\x00b\x07c\u202ed\u2066e\ufefff\udc80g\xadh") == "abcdefgh"
    assert to_text("می\u200cرود 👨\u200d👩") == "می\u200cرود 👨\u200d👩"


def test_text_is_in_nfc() -> None:
    assert to_text("cafe\u0301") == "caf\u00e9"


def test_line_separators_of_all_kinds_part_paragraphs() -> None:
    assert to_text("one.\u2028two.\r\nthree.\x85four") == "one.\ntwo.\nthree.\nfour"
    assert clean_text("one\r\ntwo\u2029three") == "one\ntwo\nthree"


def test_badly_nested_formatting_is_read_in_linear_time() -> None:
    # The adoption agency algorithm of HTML5 takes quadratic time over this; formatting is stripped before it can.
    assert to_text("</p><a><b><i>" * 30_000 + "end") == "end"


def test_what_is_longer_than_the_limit_is_cut() -> None:
    assert len(to_text("word " * MAX_FRAGMENT)) <= MAX_FRAGMENT


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("<3 & <b>", "<3 & <b>"),
        ("How to use the <b> tag", "How to use the <b> tag"),
        ("<i>Hamlet</i> returns", "Hamlet returns"),
        ("Two<br>lines", "Two lines"),
        ("Rock &amp;amp; roll &lt;em&gt;live&lt;/em&gt;", "Rock & roll live"),
        ("  spread \n over\tlines ", "spread over lines"),
        ("سلام\u202e جهان", "سلام جهان"),
    ],
)
def test_titles_lose_markup_but_keep_what_only_looks_like_it(title: str, line: str) -> None:
    assert clean_line(title, 100) == line


def test_a_long_title_is_cut_at_a_word_with_an_ellipsis() -> None:
    cut = clean_line("word " * 1000, 40)
    assert len(cut) <= 40
    assert cut.endswith("word…")


def test_shorten_cuts_inside_a_word_that_has_no_end() -> None:
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
    assert shorten("short", 10) == "short"


@given(st.text(max_size=400))
def test_any_text_comes_out_clean(text: str) -> None:
    cleaned = to_text(text)
    assert drop_invisible(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\n\n" not in cleaned
    assert "  " not in cleaned
    cleaned.encode("utf-8")


@given(st.text(max_size=400), st.integers(min_value=1, max_value=80))
def test_a_line_never_exceeds_its_limit(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b", ">", "&lt;", "&amp;", "x", " ", '"', "<script>", "</", "<!--"])))
def test_script_content_and_comments_never_survive(parts: list[str]) -> None:
    text = to_text("<p>a</p><script>evil()</script>" + "".join(parts))
    assert "evil()" not in text
