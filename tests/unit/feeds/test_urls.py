import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.feeds.urls import canonical_url, is_web_url, join_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/a/../b", "https://news.example/b"),
        ("https://news.example/a?utm_source=rss&utm_medium=feed", "https://news.example/a"),
        ("https://news.example/a?CMP=feed&id=7", "https://news.example/a?id=7"),
        ("https://news.example/a?_hsenc=x&_hsmi=1", "https://news.example/a"),
        ("https://news.example/a?fbclid=x", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        (" https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/", "https://news.example"),
    ],
)
def test_spellings_of_one_article_meet(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://n.example/story.php?id=1", "https://n.example/story.php?id=2"),
        ("https://n.example/story.php?4711", "https://n.example/story.php?4712"),
        ("https://n.example/story.php?uid=17", "https://n.example/story.php?uid=18"),
        ("https://n.example/a", "https://n.example/b"),
        ("https://n.example/?p=12", "https://n.example/?p=13"),
        ("https://n.example/live#block-1", "https://n.example/live#block-2"),
    ],
)
def test_different_articles_stay_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_what_can_not_be_parsed_stays_as_it_is() -> None:
    assert canonical_url("http://[::1") == "http://[::1"
    assert canonical_url("mailto:a@b.example") == "mailto:a@b.example"


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example/x?y#z", "HTTP://A.example", "http://[2001:db8::1]/"]
)
def test_web_addresses(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "a.example/x", "//a.example", "ftp://a.example", "javascript:alert(1)", "data:text/html,x"),
        *(
            "file:///etc/passwd",
            "http://",
            "http:///x",
            "https://[::1",
            "tg://resolve",
            "http://a.example/" + "x" * 3000,
        ),
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    assert not is_web_url(url)


def test_joining_relative_links() -> None:
    assert join_url("https://a.example/x/y", "../z") == "https://a.example/z"
    assert join_url("https://a.example/x", "//b.example/z") == "https://b.example/z"
    assert join_url("", "z") == join_url("https://a.example", "") == join_url("https://a.example", "mailto:x") == ""


@given(st.text(max_size=80))
def test_canonical_urls_are_canonical(tail: str) -> None:
    once = canonical_url(f"https://news.example/{tail}")
    assert canonical_url(once) == once


@given(st.text(max_size=80))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(canonical_url(text), str)
    joined = join_url("https://news.example/", text)
    assert joined == "" or is_web_url(joined)
