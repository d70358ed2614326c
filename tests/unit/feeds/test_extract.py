import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import ExtractionError
from digests.feeds.boilerplate import without_frame
from digests.feeds.extract import extract_free_text, extract_page, extract_text, page_image
from digests.feeds.structured import article_body, is_paywalled

URL = "https://harbour.example/2026/ferry"
STORY = [
    "The ferry to the northern islands left the quay at dawn on Tuesday, nine days after a storm tore the pier away.",
    "Forty-one passengers were on board, among them two teachers and a vet who had been waiting since the first gale.",
    "Crews had worked in shifts through the nights; a third of the pier still has to be rebuilt, the master said.",
    "Fares stay as they were until the spring, the company said, and freight will follow in early December.",
]


def page(body: str, *, head: str = "", title: str = "Ferry line reopens after the storm") -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>{title} | The Harbour Post</title>{head}</head><body>'
        f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>{body}"
        "<footer><p>© 2026 The Harbour Post. All rights reserved.</p></footer></body></html>"
    )


def article(*extra: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in [*STORY, *extra])
    return f"<article><h1>Ferry line reopens after the storm</h1>{paragraphs}</article>"


def json_ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **values})}</script>'


def test_the_articles_paragraphs_are_the_text() -> None:
    assert extract_text(page(article()), url=URL) == "\n".join(STORY)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter to get the news of the bay every morning.",
        "Subscribe to the Harbour Post for one crown a week.",
        "© 2026 The Harbour Post. All rights reserved.",
        "Follow us on Facebook",
        "Read more",
        "https://harbour.example/2026/ferry",
        "Updated at 9:15 am on Tuesday",
        "Click here for more information.",
        "Get the stories of the week delivered to your inbox. Sign up.",
    ],
)
def test_boilerplate_never_reaches_the_text(line: str) -> None:
    assert extract_text(page(article(line)), url=URL) == "\n".join(STORY)


def test_a_long_paragraph_that_speaks_of_newsletters_stays() -> None:
    paragraph = "The publisher said that readers who subscribe to a newsletter stay longer. " * 5
    assert without_frame(paragraph.strip(), []) == paragraph.strip()


def test_menus_and_trailing_teasers_are_cut() -> None:
    menu = ["Home", "News", "Sport", "Weather", "Tides", "Contact"]
    teasers = ["- Storm takes the pier", "- Vet waits nine days", "- Freight is late"]
    assert without_frame("\n".join([*menu, *STORY, *teasers]), []) == "\n".join(STORY)
    assert without_frame("\n".join(["Short line", *STORY]), []) == "\n".join(["Short line", *STORY])


def test_the_title_on_top_is_not_part_of_the_text() -> None:
    lines = ["Ferry line reopens after the storm", *STORY]
    assert without_frame("\n".join(lines), ["Ferry line reopens after the storm"]) == "\n".join(STORY)


def test_json_ld_helps_where_the_page_shows_next_to_nothing() -> None:
    body = "<p>" + "</p><p>".join(STORY) + "</p>"
    text = extract_text(page("<div id='app'></div>", head=json_ld(articleBody=body)), url=URL)
    assert text == "\n".join(STORY)


def test_json_ld_is_not_a_way_around_a_paywall() -> None:
    head = json_ld(articleBody=" ".join(STORY), isAccessibleForFree=False)
    with pytest.raises(ExtractionError):
        extract_text(page("<div id='app'></div>", head=head), url=URL)


def test_paywalled_pages_are_left_alone_when_read_for_a_teaser() -> None:
    html = page(article(), head=json_ld(isAccessibleForFree="False"))
    assert is_paywalled(html)
    with pytest.raises(ExtractionError, match="subscribers"):
        extract_free_text(html, url=URL)
    assert extract_free_text(page(article()), url=URL) == "\n".join(STORY)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (
            "Before you continue",
            "We and our partners use cookies to show you what you like. Accept all cookies or manage consent.",
        ),
        (
            "Page not found",
            "Sorry, the page you requested is not here any more. Try our front page or the search at the top.",
        ),
        (
            "Just a moment",
            "Please enable JavaScript and cookies to continue. We are checking your browser, it takes a moment.",
        ),
        (
            "Access denied",
            "You don't have permission to open this page on this server, says the machine in front of it.",
        ),
        (
            "Ferry",
            "You have read your three free articles. Subscribe to continue reading. Already a subscriber? Log in.",
        ),
        ("صفحه پیدا نشد", "متاسفانه صفحه‌ای که به دنبال آن هستید یافت نشد، لطفا به صفحه نخست بازگردید یا جستجو کنید."),
    ],
)
def test_pages_that_are_no_article_are_told_apart(title: str, words: str) -> None:
    with pytest.raises(ExtractionError):
        extract_text(page(f"<main><p>{words}</p></main>", title=title), url=URL)


@pytest.mark.parametrize(
    "html", ["", "   ", "plain words", "<html></html>", "<rss><channel/></rss>", "\x00\x01", "<p>short</p>"]
)
def test_what_holds_no_text_is_an_extraction_error(html: str) -> None:
    with pytest.raises(ExtractionError):
        extract_text(html, url=URL)


def test_a_page_with_what_it_says_about_itself() -> None:
    head = (
        '<meta property="og:title" content="Ferry line reopens after the storm">'
        '<meta property="og:image" content="/img/ferry.jpg"><meta property="og:site_name" content="The Harbour Post">'
        '<meta property="article:published_time" content="2026-11-24T07:05:00+01:00">'
    )
    found = extract_page(page(article(), head=head), url=URL)
    assert found.title == "Ferry line reopens after the storm"
    assert found.text == "\n".join(STORY)
    assert found.published == datetime(2026, 11, 24, 6, 5, tzinfo=UTC)
    assert found.image == "https://harbour.example/img/ferry.jpg"
    assert found.language == "en-gb"
    assert found.site == "The Harbour Post"


def test_what_a_page_says_its_article_is_about() -> None:
    titled = '<meta property="og:title" content="قایق‌ها می‌روند">'
    plain = '<meta name="description" content="Boats &amp;amp; ferries <b>sail</b> again">'
    shared = '<meta property="og:description" content="قایق‌ها دوباره می‌روند">'
    assert extract_page(page(article(), head=plain), url=URL).description == "Boats & ferries sail again"
    assert extract_page(page(article(), head=plain + shared), url=URL).description == "قایق‌ها دوباره می‌روند"
    assert extract_page(page(article(), head=titled), url=URL).title == "قایق‌ها می‌روند"
    long = f'<meta name="description" content="{"word " * 400}">'
    assert len(extract_page(page(article(), head=long), url=URL).description) <= 500
    assert extract_page(page(article()), url=URL).description == ""


def test_the_date_of_json_ld_comes_first() -> None:
    head = json_ld(datePublished="2026-11-24T06:00:00Z")
    assert extract_page(page(article(), head=head), url=URL).published == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def test_broken_and_hostile_json_ld_is_passed_over() -> None:
    deep = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    wrong = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": 7}</script>'
    node = '{"@graph": [{"@type": ["X", "NewsArticle"], "articleBody": "Found"}]}'
    graph = f'<script type="application/ld+json">{node}</script>'
    assert article_body(deep + wrong) == ""
    assert article_body(deep + wrong + graph) == "Found"


@given(st.text(alphabet=st.sampled_from('<>/"= apdivtlembohr!-&;#1x\n'), max_size=300))
def test_any_markup_gives_text_or_an_extraction_error(markup: str) -> None:
    try:
        text = extract_text(f"<html><body>{markup}</body></html>", url=URL)
    except ExtractionError:
        return
    assert text.strip() == text


@pytest.mark.parametrize(
    ("head", "image"),
    [
        ('<meta property="og:image" content="https://x.example/a.jpg">', "https://x.example/a.jpg"),
        (
            "<meta content='https://x.example/a.jpg?a=1&amp;b=2' property='og:image' />",
            "https://x.example/a.jpg?a=1&b=2",
        ),
        ('<META NAME="twitter:image" CONTENT="/a.jpg">', "https://site.example/a.jpg"),
        (
            (
                '<meta property="og:image" content="http://x.example/a.jpg">'
                '<meta property="og:image:secure_url" content="https://x.example/b.jpg">'
            ),
            "https://x.example/b.jpg",
        ),
        ('<meta property="og:image:width" content="https://x.example/a.jpg">', None),
        ('<meta property="og:image" content="javascript:alert(1)">', None),
        ('<meta property="og:image">', None),
        ("", None),
    ],
)
def test_a_page_names_its_picture(head: str, image: str | None) -> None:
    assert page_image(f"<html><head>{head}</head><body>", url="https://site.example/story") == image
