from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.errors import FeedError, ParseError
from digests.feeds.parse import MAX_BODY, MAX_ENTRIES, MAX_TITLE, parse_feed
from digests.model import Entry, ParsedFeed

DATA = Path(__file__).parents[2] / "data" / "feeds"
HOME = "https://site.example/feeds/news.xml"


def read(name: str, url: str = HOME) -> ParsedFeed:
    return parse_feed((DATA / name).read_bytes(), url=url)


def rss(items: str, channel: str = "", attributes: str = "") -> bytes:
    head = f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel><title>T</title>'
    return f"{head}{channel}{items}</channel></rss>".encode()


def only(items: str, attributes: str = "") -> Entry:
    (entry,) = parse_feed(rss(items, attributes=attributes), url=HOME).entries
    return entry


def test_rss_with_media_and_dublin_core() -> None:
    feed = read("harbour.rss.xml", url="https://harbour.example/feed.xml")
    assert (feed.title, feed.url, feed.language) == ("The Harbour Post & Gazette", "https://harbour.example/", "en-gb")
    first, second, third, fourth = feed.entries
    assert first == Entry(
        title="Ferry line to Norra reopens after the storm",
        url="https://harbour.example/2026/ferry-line",
        guid="hp-1001",
        published=datetime(2026, 11, 24, 6, 5, tzinfo=UTC),
        text="The first boat left at dawn with 41 passengers.\nCrews had worked for nine days.",
        image="https://img.harbour.example/large.jpg",
    )
    assert second.url == second.guid == "https://harbour.example/2026/lighthouse"
    assert second.published == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert second.image == "https://img.harbour.example/lighthouse.jpg"
    assert (third.published, third.image) == (None, None)
    assert (fourth.title, fourth.url) == ("Only a few words stand here, and no title.", "")


def test_what_a_feed_says_about_its_schedule() -> None:
    feed = read("harbour.rss.xml")
    assert feed.ttl == 90
    assert feed.skip_hours == {0, 1, 2}
    assert feed.skip_days == {5, 6}
    assert feed.hub == "https://hub.example/"


def test_atom_with_xml_base_xhtml_and_several_links() -> None:
    feed = read("valley.atom.xml")
    assert (feed.title, feed.language, feed.url) == ("Talbote", "de", "https://tal.example/blatt/")
    first, second = feed.entries
    assert first.url == "https://tal.example/blatt/a1"
    assert first.guid == "tag:tal.example,2026:a1"
    assert first.published == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert first.text == "Ein Pfeiler hat nachgegeben.\nDer Verkehr wird über Hohl umgeleitet."
    assert second.url == "https://tal.example/blatt/a2"
    assert second.published == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_rdf() -> None:
    (entry,) = read("ridge.rdf.xml").entries
    assert entry.url == entry.guid == "https://ridge.example/n/7"
    assert entry.text == "Two metres fell overnight."


def test_json_feed() -> None:
    feed = read("pier.json", url="https://pier.example/feed.json")
    assert (feed.title, feed.language, feed.hub) == ("Pier Notes", "fa", "https://hub.example/")
    first, second = feed.entries
    assert (first.url, first.guid, first.image) == (
        "https://pier.example/notes/17",
        "17",
        "https://pier.example/img/17.jpg",
    )
    assert first.published == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert first.text == "بازار ماهی پس از دو ماه باز شد.\nفروشندگان می\u200cگویند خرید خوب بود."
    assert (second.url, second.title) == ("https://pier.example/notes/16", "یادداشتی بی\u200cعنوان که چند کلمه دارد.")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<!DOCTYPE html><html><head><title>x</title></head><body><p>Hello</p></body></html>", "web page"),
        (b"just words", "no feed"),
        (b'{"version": 1', "broken JSON"),
        (b'{"name": "x"}', "not a JSON Feed"),
        (b"[1, 2]", "not a JSON Feed"),
        (b"\x00" * 100, "no feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no feed"),
    ],
)
def test_what_is_no_feed_is_refused_in_one_line(body: bytes, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint) as caught:
        parse_feed(body, url=HOME)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, FeedError)


def test_a_body_over_the_limit_is_refused() -> None:
    with pytest.raises(ParseError, match="larger than 15 MB"):
        parse_feed(b" " * (MAX_BODY + 1), url=HOME)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(""), url=HOME).entries == ()


def test_the_entrys_own_link_wins_over_nested_and_later_ones() -> None:
    entry = only(
        "<item><title>a</title><link>https://s.example/own</link>"
        "<source url='https://other.example/feed'>Other</source><link>https://s.example/later</link></item>"
    )
    assert entry.url == "https://s.example/own"


def test_a_guid_is_a_link_unless_it_says_that_it_is_none() -> None:
    assert only("<item><title>a</title><guid>https://s.example/1</guid></item>").url == "https://s.example/1"
    linked = only("<item><guid isPermaLink='false'>x1</guid><link>https://s.example/1</link></item>")
    assert (linked.guid, linked.url) == ("x1", "https://s.example/1")
    assert only("<item><title>a</title><guid isPermaLink='false'>x1</guid></item>").url == ""


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("story?a=1&amp;b=2", "https://site.example/feeds/story?a=1&b=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("  https://s.example/x \n", "https://s.example/x"),
        ("https://s.example/خبر", "https://s.example/خبر"),
        ("ftp://s.example/x", ""),
        ("data:text/html,x", ""),
    ],
)
def test_links_are_absolute_web_addresses_or_nothing(link: str, url: str) -> None:
    assert only(f"<item><title>a</title><link>{link}</link></item>").url == url


def test_text_that_was_encoded_twice_is_mended() -> None:
    broken = "Müller sagt: „Nein – nie“".encode().decode("cp1252")
    entry = only(f"<item><title>{broken}</title><description>{broken}</description></item>")
    assert (entry.title, entry.text) == ("Müller sagt: „Nein – nie“", "Müller sagt: „Nein – nie“")


def test_the_longest_body_is_the_text() -> None:
    entry = only(
        "<item><content:encoded>Long text, all of it.</content:encoded><description>Short</description></item>",
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    )
    assert entry.text == "Long text, all of it."


def test_media_group_and_thumbnail_pictures() -> None:
    entry = only(
        "<item><title>t</title><media:group><media:content url='/p.jpg' type='image/jpeg'/></media:group></item>",
        'xmlns:media="http://search.yahoo.com/mrss/"',
    )
    assert entry.image == "https://site.example/p.jpg"
    entry = only(
        "<item><title>t</title><media:thumbnail url='https://i.example/t.png'/></item>",
        'xmlns:media="http://search.yahoo.com/mrss/"',
    )
    assert entry.image == "https://i.example/t.png"


def test_five_thousand_character_titles_are_cut() -> None:
    entry = only(f"<item><title>{'word ' * 1000}</title></item>")
    assert len(entry.title) <= MAX_TITLE
    assert entry.title.endswith("…")


@pytest.mark.parametrize("title", ["&lt;3 &amp; &lt;b&gt;", "<![CDATA[<3 & <b>]]>"])
def test_a_title_that_only_looks_like_markup_is_kept(title: str) -> None:
    assert only(f"<item><title>{title}</title></item>").title == "<3 & <b>"


@pytest.mark.parametrize(
    "body",
    [
        b"\n\n" + rss("<item><title>A &amp; B</title><link>https://s.example/1</link></item>"),
        b"<br />\n<b>Warning</b>: something in <b>x.php</b>\n"
        + rss("<item><title>A &amp; B</title><link>https://s.example/1</link></item>"),
        rss("<item><title>A & B</title><link>https://s.example/1</link></item>"),
        rss("<item><title>A &amp; B</title><link>https://s.example/1</link>"),
        rss("<item><title>A &amp; B</title><link>https://s.example/1</link><media:thing url='x'/></item>"),
        rss("<item><title>A \x01&amp; B</title><link>https://s.example/1</link></item>"),
        rss("<item><title>A &amp; B</title><link>https://s.example/1</link></item>")[:-18],
        rss("<item><title>A &amp; B</title><link>https://s.example/1</link></item>") + b"<!-- served --> junk",
    ],
    ids=["blank", "php-warning", "ampersand", "unclosed", "undeclared", "control", "cut-short", "trailing"],
)
def test_broken_feeds_are_read_all_the_same(body: bytes) -> None:
    (entry,) = parse_feed(body, url=HOME).entries
    assert (entry.title, entry.url) == ("A & B", "https://s.example/1")


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        ("Überraschung in Köln", "iso-8859-1", 'encoding="iso-8859-1"'),
        ("Überraschung in Köln", "cp1252", 'encoding="utf-8"'),
        ("Überraschung in Köln", "utf-8", 'encoding="iso-8859-1"'),
        ("Переговоры в столице", "koi8-r", 'encoding="koi8-r"'),
        ("北京今日新闻", "gb18030", 'encoding="gb2312"'),
        ("東京のニュース", "shift_jis", 'encoding="Shift_JIS"'),
        ("東京のニュース", "iso-2022-jp", 'encoding="ISO-2022-JP"'),
        ("خبر امروز", "utf-16", 'encoding="utf-16"'),
    ],
)
def test_encodings_declared_rightly_and_wrongly(text: str, charset: str, declared: str) -> None:
    items = f"<channel><item><title>{text}</title></item></channel>"
    document = f'<?xml version="1.0" {declared}?><rss version="2.0">{items}</rss>'
    (entry,) = parse_feed(document.encode(charset), url=HOME).entries
    assert entry.title == text


def test_the_content_types_charset_is_used_where_the_document_is_silent() -> None:
    body = "<rss><channel><item><title>Новости дня</title></item></channel></rss>".encode("windows-1251")
    (entry,) = parse_feed(body, url=HOME, content_type="text/xml; charset=windows-1251").entries
    assert entry.title == "Новости дня"


def test_only_so_many_entries_are_read() -> None:
    items = "".join(f"<item><title>n{number}</title></item>" for number in range(MAX_ENTRIES + 50))
    entries = parse_feed(rss(items), url=HOME).entries
    assert len(entries) == MAX_ENTRIES
    assert entries[0].title == "n0"


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(100_000))
    with pytest.raises(ParseError, match="attributes"):
        parse_feed(rss(f"<item {attributes}><title>x</title></item>"), url=HOME)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["nested", "external"],
)
def test_entities_of_a_document_are_not_expanded(doctype: str) -> None:
    body = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><item><title>x&b;</title></item></channel></rss>'
    (entry,) = parse_feed(body.encode(), url=HOME).entries
    assert "aaaa" not in entry.title
    assert "root" not in entry.title


def test_a_namespaced_root_and_upper_case_tags_are_read() -> None:
    body = (
        b"<RSS><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>A</TITLE><LINK>https://s.example/1</LINK></ITEM></CHANNEL></RSS>"
    )
    (entry,) = parse_feed(body, url=HOME).entries
    assert (entry.title, entry.url) == ("A", "https://s.example/1")


def test_only_secure_images_are_taken() -> None:
    def image(*urls: str) -> str | None:
        media = "".join(f"<media:content url='{url}' medium='image'/>" for url in urls)
        body = f"<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>t</title>{media}</item></channel></rss>"
        return parse_feed(body.encode(), url="http://site.example/feed").entries[0].image

    assert image("http://i.example/1.jpg", "https://i.example/2.jpg") == "https://i.example/2.jpg"
    own = b"<rss><channel><item><title>t</title><media:content url='/1.png' medium='image'/></item></channel></rss>"
    assert parse_feed(own, url="http://127.0.0.1:9/feed").entries[0].image == "http://127.0.0.1:9/1.png"
    assert image("http://127.0.0.1:9/1.jpg") is None
    assert image("http://i.example/1.jpg") is image("/relative.jpg") is image("data:image/png;base64,AA") is None
