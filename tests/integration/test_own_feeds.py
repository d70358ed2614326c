"""Feeds of one's own in the chat: an address is sent, looked at, followed, read, dropped; files come in and go out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.handlers import feeds
from bot.services import MOST_SEARCHES
from digests.feeds.opml import read_opml
from digests.model import FeedSpec, FollowedFeed, Wish
from digests.whynot import Because, why_not
from tests.fakes.feeds import entry, rss
from tests.fakes.loopback_site import LoopbackSite
from tests.fakes.reader import Reader

OMID = 77
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as site:
        yield site


@pytest_asyncio.fixture
async def omid(reader: Reader) -> Reader:
    """Somebody who does not run the bot, in English, with digests."""
    reader.world.add_person(OMID, first_name="Omid")
    omid = reader.elsewhere(chat_id=OMID, user_id=OMID)
    await omid.say("/start")
    return omid


def blog(reader: Reader, *titles: str, name: str = "Omid's garden") -> bytes:
    """A blog's feed with posts of today."""
    text = "Frost lay on the roses this morning, and the pond was covered with thin ice. " * 12
    posts = [
        entry(place, reader.now() - timedelta(minutes=9), title=title, text=text, url=f"https://garden.example/{place}")
        for place, title in enumerate(titles or ("Roses in winter",))
    ]
    return rss(posts, title=name)


async def read(reader: Reader) -> None:
    news = reader.running.news
    await news.ingest.run()
    await news.filing.run()


async def follow(reader: Reader, site: LoopbackSite, path: str = "/blog.xml") -> None:
    site.serve(path, blog(reader), headers={"Content-Type": "application/rss+xml"})
    await reader.say(site.url(path))
    await reader.press("➕ Follow")


def serve_two(reader: Reader, site: LoopbackSite) -> None:
    """A site with two feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}.xml">' for name in ("one", "two"))
    site.serve("/", f"<html><head>{links}</head></html>".encode(), headers={"Content-Type": "text/html"})
    for name in ("one", "two"):
        site.serve(f"/{name}.xml", blog(reader, name=f"Blog {name}"))


async def test_an_address_is_looked_at_followed_and_read(reader: Reader, omid: Reader, site: LoopbackSite) -> None:
    site.serve("/blog.xml", blog(omid, "Roses in winter", "Snow on the pond"))
    offer = await omid.ask(site.url("/blog.xml"))
    assert "Omid's garden" in offer.text
    assert "Roses in winter" in offer.text
    assert "English" in offer.text
    assert list(offer.buttons) == ["➕ Follow", "✖️ No"]
    (done,) = await omid.press("➕ Follow")
    assert "You follow Omid's garden" in done.text
    await read(omid)
    (digest,) = await omid.say("/digest")
    assert "Your feeds" in digest.text
    assert "Roses in winter" in digest.text
    assert "Roses in winter" in (await omid.ask("/search roses winter frost")).text
    assert "Roses in winter" not in "".join(sent.text for sent in await reader.say("/search roses winter frost"))


async def test_why_a_story_of_ones_own_feed_did_not_come(reader: Reader, omid: Reader, site: LoopbackSite) -> None:
    await follow(omid, site)
    await read(omid)
    await omid.say("/search roses winter frost")
    (card,) = await omid.press("1")
    assert "Roses in winter" in card.text
    (told,) = await omid.press("Why not sent?")
    assert "Roses in winter" in told.text
    assert "it would be in a digest made now" in told.text
    assert "Roses in winter" in (await omid.ask("/why roses winter frost")).text
    assert "Roses in winter" not in (await reader.ask("/why roses winter frost")).text

    storage, someone = omid.running.news.storage, await subscriber(omid)
    (number,) = [one.id for one in await storage.stories.recent(omid.now() - DAY, scope=someone.feeds[0], limit=9)]

    async def because(**changes: object) -> list[Because]:
        asked = replace(someone, **changes)
        return [reason.because for reason in await why_not(storage, asked, number, omid.now())]

    assert await because(languages=("fa",), wishes=(Wish("topic", "science"),)) == [Because.COMING]
    assert await because(muted_sources=("Omid's garden",)) == [Because.MUTED_SOURCE]
    assert await because(mutes=("roses",)) == [Because.MUTED_WORDS]
    assert await because(feeds=()) == []
    await omid.say("/digest")
    assert await because() == [Because.HAD]


async def test_the_feed_of_a_site_is_found_and_one_of_several_chosen(omid: Reader, site: LoopbackSite) -> None:
    serve_two(omid, site)
    several = await omid.ask(site.url("/"))
    assert "Blog one" in several.text
    assert list(several.buttons) == ["1", "2", "✖️ None of them"]
    (offer,) = await omid.press("2")
    assert "Blog two" in offer.text
    (back,) = await omid.press("‹ The others")
    assert back.text == several.text
    await omid.press("2")
    (done,) = await omid.press("➕ Follow")
    assert "Blog two" in done.text
    (mine,) = await omid.press("📥 My feeds")
    assert "Blog two" in mine.text


async def test_from_a_feed_that_everybody_gets_a_way_leads_back_to_the_others(omid: Reader, site: LoopbackSite) -> None:
    serve_two(omid, site)
    shared = FeedSpec(url=site.url("/one.xml"), source="Blog one")
    await omid.running.news.storage.feeds.add(shared, now=omid.now())
    several = await omid.ask(site.url("/"))
    (known,) = await omid.press("1")
    assert "Everybody gets this feed" in known.text
    assert list(known.buttons) == ["‹ The others"]
    (back,) = await omid.press("‹ The others")
    assert back.text == several.text


async def test_a_site_without_a_feed_and_one_that_is_not_there_say_so(omid: Reader, site: LoopbackSite) -> None:
    site.serve("/", b"<html><p>Nothing here</html>", headers={"Content-Type": "text/html"})
    assert "no feed at 127.0.0.1" in (await omid.ask(site.url("/"))).text
    assert "can't reach" in (await omid.ask(site.url("/nowhere"))).text
    assert "private network" in (await omid.ask("http://10.0.0.1/feed")).text


async def test_words_are_still_a_search(omid: Reader) -> None:
    for words in ("node.js", "earthquake", "3.5", "a b.com"):
        assert "feed" not in (await omid.ask(words)).text


async def test_a_channel_has_no_feed_and_the_bot_says_so(omid: Reader) -> None:
    for name in ("@harbournews", "https://t.me/harbournews", "t.me/s/harbournews"):
        assert "@harbournews is a Telegram channel" in (await omid.ask(name)).text


async def test_a_forwarded_post_leads_to_the_site_it_links_to(omid: Reader, site: LoopbackSite) -> None:
    site.serve("/story", blog(omid))
    text = f"Read on: {site.url('/story')}"
    origin = {
        "type": "channel", "date": 1, "message_id": 5,
        "chat": {"id": -100123, "type": "channel", "title": "Harbour news", "username": "harbournews"},
    }  # fmt: skip
    entities = [{"type": "url", "offset": 9, "length": len(site.url("/story"))}]
    before = len(omid.world.sent)
    omid.world.write({"text": text, "entities": entities, "forward_origin": origin}, chat_id=OMID, user_id=OMID)
    await omid.settle()
    first, second = omid.world.sent[before:]
    assert "Harbour news is a Telegram channel" in first.text
    assert "Omid's garden" in second.text
    before = len(omid.world.sent)
    omid.world.write({"text": "Good evening", "forward_origin": origin}, chat_id=OMID, user_id=OMID)
    await omid.settle()
    assert len(omid.world.sent) == before + 1


async def test_what_everybody_gets_is_not_offered(omid: Reader) -> None:
    shared = (await omid.running.news.storage.feeds.all())[0]
    assert not shared.personal
    followed = await omid.running.news.storage.follows.follow(
        (await subscriber(omid)).id, FeedSpec(url=shared.url, source="x"), now=omid.now(), most=9
    )
    assert followed.outcome == "listed"


async def subscriber(reader: Reader):  # a Subscriber
    found = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert found is not None
    return found


async def test_there_is_room_for_so_many(omid: Reader, site: LoopbackSite) -> None:
    store, own = omid.running.news.storage, await subscriber(omid)
    for number in range(20):
        spec = FeedSpec(url=f"https://{number}.example/", source=f"Blog {number}")
        await store.follows.follow(own.id, spec, now=omid.now(), most=20)
    await follow(omid, site)
    assert "room for 20 feeds" in omid.world.sent[-1].text
    (mine,) = await omid.press("📥 My feeds")
    (dropped,) = await omid.press_data(next(iter(mine.buttons.values())), message_id=mine.message_id)
    assert "Blog 0" not in dropped.text
    await follow(omid, site)
    assert "You follow Omid's garden" in omid.world.sent[-1].text


async def test_dropping_the_last_follower_ends_the_reading(omid: Reader, site: LoopbackSite) -> None:
    await follow(omid, site)
    news = omid.running.news
    (mine,) = await omid.press("📥 My feeds")
    await omid.press_data(next(iter(mine.buttons.values())), message_id=mine.message_id)
    assert [feed for feed in await news.storage.feeds.all() if feed.personal and feed.active] == []
    await news.prune()
    assert [feed for feed in await news.storage.feeds.all() if feed.personal] == []


async def test_deleting_everything_deletes_what_was_followed(omid: Reader, site: LoopbackSite) -> None:
    await follow(omid, site)
    await omid.say("/stop")
    await omid.press("🗑 Stop and delete everything")
    assert [feed for feed in await omid.running.news.storage.feeds.all() if feed.personal and feed.active] == []


async def test_another_ones_buttons_do_nothing(reader: Reader, omid: Reader, site: LoopbackSite) -> None:
    site.serve("/blog.xml", blog(omid))
    offer = await omid.ask(site.url("/blog.xml"))
    reader.world.add_person(88, first_name="Mina")
    mina = reader.elsewhere(chat_id=88, user_id=88)
    greeting = (await mina.say("/start"))[0]
    await mina.press_data(offer.buttons["➕ Follow"], message_id=greeting.message_id)
    assert (await subscriber(mina)).feeds == ()
    await omid.press_data(offer.buttons["➕ Follow"][:-1] + "1", message_id=offer.message_id)
    assert not [feed for feed in await omid.running.news.storage.feeds.all() if feed.source == "Omid's garden"]


async def test_who_runs_the_bot_may_add_a_feed_for_everybody(reader: Reader, site: LoopbackSite) -> None:
    await reader.say("/start")
    site.serve("/blog.xml", blog(reader))
    offer = await reader.ask(site.url("/blog.xml"))
    assert list(offer.buttons) == ["➕ Only for me", "🌐 For everybody", "✖️ No"]
    (done,) = await reader.press("🌐 For everybody")
    assert "added for everybody" in done.text
    (again,) = await reader.say(site.url("/blog.xml"))
    assert "Everybody gets this feed already" in again.text


async def test_only_so_many_addresses_are_looked_into_in_an_hour(omid: Reader, site: LoopbackSite) -> None:
    for _ in range(MOST_SEARCHES):
        omid.running.services.searches.allow((await subscriber(omid)).id, omid.now())
    assert "in an hour" in (await omid.ask(site.url("/"))).text
    assert site.requests == []


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

OPML = (
    b'<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="Blogs">'
    b'<outline type="rss" text="One" xmlUrl="https://one.example/feed"/>'
    b'<outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>'
    b"</outline></body></opml>"
)  # fmt: skip


async def send(reader: Reader, name: str, body: bytes):  # what was sent
    before = len(reader.world.sent)
    reader.world.send_file(name, body, chat_id=reader.chat_id, user_id=reader.user_id)
    await reader.settle()
    (answer,) = reader.world.sent[before:]
    return answer


async def test_a_file_is_shown_and_followed_and_comes_out_again(omid: Reader) -> None:
    preview = await send(omid, "feeds.opml", OPML)
    assert "This file lists 2 feeds" in preview.text
    assert "One" in preview.text
    (done,) = await omid.press("➕ Follow them")
    assert "You follow 2 feeds more" in done.text
    assert len((await subscriber(omid)).feeds) == 2
    again = await send(omid, "feeds.opml", OPML)
    assert "You get 2 of them already" in again.text
    assert again.buttons == {}
    exported = await omid.ask("/opml")
    assert "2 feeds" in exported.text
    file = omid.world.files.get(exported.message["document"]["file_id"])
    assert file is not None
    assert [spec.url for spec in read_opml(file.body)] == ["https://one.example/feed", "https://two.example/feed"]
    (mine,) = await omid.say("/sources")
    await omid.press("📥 My feeds")
    (file,) = await omid.press("💾 As a file (OPML)")
    assert file.message["document"]["file_name"] == "baztab-feeds.opml"
    assert mine.text


async def test_of_a_long_file_as_many_are_followed_as_there_is_room_for(
    omid: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    follows = omid.running.services.storage.follows
    follow = follows.follow

    async def counted(subscriber_id: int, spec: FeedSpec, **options: object) -> FollowedFeed:
        written.append(spec.url)
        return await follow(subscriber_id, spec, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(follows, "follow", counted)
    most = omid.running.services.personal_feeds
    outlines = "".join(f'<outline type="rss" xmlUrl="https://s{number}.example/f"/>' for number in range(most + 300))
    await send(omid, "feeds.opml", f'<opml version="2.0"><body>{outlines}</body></opml>'.encode())
    (done,) = await omid.press("➕ Follow them")
    assert f"You follow {most} feeds more" in done.text
    assert "no room for 300" in done.text
    assert len(written) == most + 1


async def test_who_runs_the_bot_imports_for_everybody_and_gets_the_catalogue(reader: Reader) -> None:
    await reader.say("/start")
    await send(reader, "feeds.opml", OPML)
    (done,) = await reader.press("🌐 For everybody")
    assert "2 feeds are added for everybody" in done.text
    (catalogue,) = await reader.say("/opml")
    file = reader.world.files.get(catalogue.message["document"]["file_id"])
    assert file is not None
    assert b"https://one.example/feed" in file.body


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("feeds.opml", b"<opml><body/></opml>", "lists no feeds"),
        ("feeds.opml", b"no such thing", "no OPML file that I can read"),
        ("feeds.opml", b"\x00\xff" * 99, "no OPML file that I can read"),
        ("feeds.opml", b"<opml>" + b"x" * feeds.LARGEST_FILE, "too large"),
        ("photo.pdf", b"%PDF", "and no others"),
    ],
)
async def test_a_file_that_is_of_no_use_is_told(omid: Reader, name: str, body: bytes, said: str) -> None:
    assert said in (await send(omid, name, body)).text


async def test_without_feeds_of_ones_own_there_is_nothing_to_export(omid: Reader) -> None:
    assert "Send me the address" in (await omid.ask("/opml")).text


# ── dead feeds ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_followers_hear_once_of_a_dead_feed_and_bring_it_back(
    reader: Reader, omid: Reader, site: LoopbackSite
) -> None:
    await follow(omid, site)
    site.serve("/blog.xml", status=410)
    before = len(omid.world.sent)
    await read(omid)
    (told,) = omid.world.sent[before:]
    assert told.chat_id == OMID
    assert "which you follow, seems to be dead" in told.text
    assert list(told.buttons) == ["🔄 Try it again", "✖️ Drop it"]
    site.serve("/blog.xml", blog(omid))
    (again,) = await omid.press("🔄 Try it again")
    assert "asked again" in again.text
    await read(omid)
    assert "Roses in winter" in (await omid.ask("/search roses winter frost")).text


async def test_administrators_bring_a_dead_feed_back_in_one_tap(
    reader: Reader, omid: Reader, site: LoopbackSite
) -> None:
    await reader.say("/start")
    site.serve("/paper.xml", status=410)
    spec = FeedSpec(url=site.url("/paper.xml"), source="The Paper", language="en")
    await reader.running.news.storage.feeds.add(spec, now=reader.now())
    before = len(reader.world.sent)
    await read(reader)
    (told,) = reader.world.sent[before:]
    assert "The Paper" in told.text
    (errors,) = await reader.say("/errors")
    assert "🔄 The Paper" in errors.buttons
    await omid.press_data(errors.buttons["🔄 The Paper"], message_id=1)
    assert not next(feed for feed in await reader.running.news.storage.feeds.all() if feed.source == "The Paper").active
    await reader.press("🔄 The Paper")
    assert next(feed for feed in await reader.running.news.storage.feeds.all() if feed.source == "The Paper").active


@pytest.mark.parametrize(
    "text",
    ["https://a.example/x", "http://[::1]/", "feed://a.example/rss", "example.org", "www.bbc.co.uk/news?x=1", "a.b.ir"],
)
def test_addresses(text: str) -> None:
    assert feeds.address_in(f" {text} ") == text


@pytest.mark.parametrize("text", ["node.js", "hello", "a.example b", "3.14", "U.S.", "", "http:", "x" * 2000 + ".com"])
def test_no_addresses(text: str) -> None:
    assert feeds.address_in(text) == ""
