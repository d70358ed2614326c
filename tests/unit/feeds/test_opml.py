import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import FeedError, ParseError
from digests.feeds.opml import MAX_BYTES, read_opml, write_opml
from digests.model import FeedSpec

TOPICS = {"world news": "world", "world": "world", "sport": "sports"}
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>My feeds</title></head>
  <body>
    <outline text="World News">
      <outline type="rss" text="The Harbour Post" xmlUrl="https://harbour.example/feed" htmlUrl="https://harbour.example"/>
      <outline type="rss" text="خبر بندر" xmlUrl="https://bandar.example/rss" category="Sport"/>
    </outline>
    <outline text="Gardening"><outline xmlUrl="https://garden.example/atom.xml"/></outline>
    <outline text="Twice" xmlUrl="https://harbour.example/feed"/>
    <outline text="Not the web" xmlUrl="file:///etc/passwd"/>
    <outline text="No address" type="rss"/>
  </body>
</opml>"""


def test_feeds_with_the_topics_that_their_folders_name() -> None:
    assert read_opml(FILE.encode(), topics=TOPICS) == [
        FeedSpec(
            url="https://harbour.example/feed", source="The Harbour Post", title="The Harbour Post", topics=("world",)
        ),
        FeedSpec(url="https://bandar.example/rss", source="خبر بندر", title="خبر بندر", topics=("sports", "world")),
        FeedSpec(url="https://garden.example/atom.xml", source="garden.example"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1256"])
def test_encodings(encoding: str) -> None:
    body = FILE.replace("UTF-8", encoding).replace("خبر بندر", "خبر").encode(encoding)
    assert read_opml(body)[1].source == "خبر"


def test_broken_files_are_read_as_far_as_they_go() -> None:
    assert len(read_opml(FILE[:400].encode())) == 2
    bare = b"<opml><body><outline text='A & B' xmlUrl='https://a.example/f?x=1&y=2'></body></opml></outline></outline>"
    (spec,) = read_opml(bare)
    assert (spec.url, spec.source) == ("https://a.example/f?x=1&y=2", "A & B")


def test_what_is_no_opml_is_refused() -> None:
    for body in (b"", b"<rss/>", b"\x00\x01", b"x" * (MAX_BYTES + 1)):
        with pytest.raises(ParseError):
            read_opml(body)


def test_an_empty_list_is_a_list() -> None:
    assert read_opml(b"<opml><body/></opml>") == []


def test_written_lists_are_well_formed_and_come_back() -> None:
    specs = [
        FeedSpec(
            url="https://a.example/f?x=1&y=2", source='A "quoted" <b>', title="A & B", language="fa", topics=("world",)
        ),
        FeedSpec(url="https://b.example/f", source="B"),
    ]
    text = write_opml(specs, title="Baztab <feeds>")
    assert "<title>Baztab &lt;feeds&gt;</title>" in text
    back = read_opml(text.encode(), topics=TOPICS)
    assert [(spec.url, spec.source, spec.topics) for spec in back] == [
        ("https://a.example/f?x=1&y=2", 'A "quoted" <b>', ("world",)),
        ("https://b.example/f", "B", ()),
    ]


@given(st.binary(max_size=200))
def test_any_bytes_give_feeds_or_a_feed_error(tail: bytes) -> None:
    try:
        specs = read_opml(b"<opml><body>" + tail)
    except FeedError:
        return
    assert all(spec.url.lower().startswith("http") for spec in specs)
