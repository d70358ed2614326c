"""Filing on both engines: stories come about, survive restarts and crashes, and take in copies of what they hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from digests import filing as module
from digests.duplicates import bands, is_copy
from digests.errors import StorageError
from digests.filing import BATCH, REBUILT, Filing, Output
from digests.model import FeedSpec, NewArticle, Story, Unfiled
from digests.storage import SqlStorage
from digests.stories import StoryGrouper
from digests.text.terms import terms
from tests.fakes.clock import MORNING, SetClock

BRIDGE = "Council votes to rebuild the old harbour bridge"
BRIDGE_TEXT = (
    "The council voted on Tuesday to rebuild the old harbour bridge after engineers found cracks in its northern pier. "
    "Work begins in spring and ferries will run every ten minutes while the bridge is closed to trams and cars. "
)
TELESCOPE = "New telescope sees the first galaxies"
TELESCOPE_TEXT = "Astronomers showed the first pictures of young galaxies that the new telescope took over the summer. "


class Newsdesk:
    """A database with feeds, into which articles come, and their filing."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, SetClock()
        self.filing = Filing(storage, clock=self.clock)
        self._feeds: dict[str, int] = {}
        self._count = 0

    async def article(
        self, title: str, text: str, source: str = "Gazette", *, hours: float = 1.0, language: str = "en"
    ) -> int:
        if source not in self._feeds:
            spec = FeedSpec(url=f"https://{source.casefold()}.example/feed", source=source, language=language)
            self._feeds[source] = (await self.storage.feeds.add(spec, now=self.clock())).id
        self._count += 1
        analysed = terms(f"{title}\n{text}", language)
        url = f"https://{source.casefold()}.example/{self._count}"
        new = NewArticle(
            url=url, link=url, guid=url, feed_id=self._feeds[source], title=title, text=text, language=language,
            published=self.clock() - timedelta(hours=hours), fetched_at=self.clock(),
            topics=(("science", 1.0),), terms=" ".join(analysed), bands=bands(analysed),
        )  # fmt: skip
        (number,) = await self.storage.articles.add([new])
        assert number is not None
        return number

    async def story_of(self, article_id: int) -> Story:
        article = await self.storage.articles.get(article_id)
        assert article is not None
        assert article.story_id is not None
        story = await self.storage.stories.get(article.story_id)
        assert story is not None
        return story

    def restart(self) -> None:
        self.filing = Filing(self.storage, clock=self.clock)


@pytest.fixture
def desk(storage: SqlStorage) -> Newsdesk:
    return Newsdesk(storage)


async def test_articles_of_one_event_are_one_story_with_its_lead_topics_and_score(desk: Newsdesk) -> None:
    first = await desk.article(BRIDGE, BRIDGE_TEXT, "Gazette", hours=3)
    await desk.article("Harbour bridge to be rebuilt, council votes", BRIDGE_TEXT, "Herald", hours=2)
    other = await desk.article(TELESCOPE, TELESCOPE_TEXT)
    assert await desk.filing.run() == 2
    story = await desk.story_of(first)
    assert story.sources == ("Gazette", "Herald")
    assert story.first_seen == MORNING - timedelta(hours=3)
    assert story.last_seen == MORNING - timedelta(hours=2)
    assert story.topics[0][0] == "science"
    assert story.score > (await desk.story_of(other)).score
    assert await desk.filing.run() == 0


async def test_after_a_restart_articles_join_the_stories_of_before(desk: Newsdesk) -> None:
    first = await desk.article(BRIDGE, BRIDGE_TEXT, "Gazette", hours=9)
    await desk.filing.run()
    desk.restart()
    second = await desk.article("Council votes: harbour bridge to be rebuilt", BRIDGE_TEXT, "Herald", hours=1)
    await desk.filing.run()
    assert (await desk.story_of(second)).id == (await desk.story_of(first)).id
    assert await desk.storage.stories.frequencies() != {}


async def test_what_a_crash_left_unfiled_is_filed(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await desk.article(BRIDGE, BRIDGE_TEXT)

    async def crash(*_: object, **__: object) -> None:
        raise StorageError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.storage.stories, "file", crash)
        with pytest.raises(StorageError):
            await desk.filing.run()
    assert await desk.filing.run() == 1
    assert (await desk.story_of(number)).id == number


async def test_a_failure_counts_no_article_twice(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.article(TELESCOPE, TELESCOPE_TEXT)
    await desk.filing.run()
    before = await desk.storage.stories.frequencies()
    await desk.article(BRIDGE, BRIDGE_TEXT)

    async def crash(*_: object, **__: object) -> None:
        raise StorageError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.storage.stories, "file", crash)
        with pytest.raises(StorageError):
            await desk.filing.run()
    await desk.filing.run()
    after = await desk.storage.stories.frequencies()
    assert after["en"][""] == before["en"][""] + 1


async def test_a_story_that_a_crash_left_without_score_is_made_good(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await desk.article(BRIDGE, BRIDGE_TEXT)

    async def crash(_: Sequence[Story]) -> None:
        raise StorageError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.storage.stories, "save", crash)
        with pytest.raises(StorageError):
            await desk.filing.run()
    assert (await desk.story_of(number)).score == 0.0
    desk.restart()
    assert await desk.filing.run() == 1
    story = await desk.story_of(number)
    assert story.score > 0
    assert story.topics
    assert await desk.storage.stories.unsaved(limit=9) == []


async def test_a_copy_joins_the_story_of_its_original_where_the_grouper_would_not(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoryGrouper, "add", lambda _, article: article.id)
    original = await desk.article(BRIDGE, BRIDGE_TEXT, "Agency", hours=5)
    copy = await desk.article("Old harbour bridge will be rebuilt", BRIDGE_TEXT, "Herald", hours=4)
    other = await desk.article(TELESCOPE, TELESCOPE_TEXT, "Herald", hours=3)
    await desk.filing.run()
    desk.restart()
    late = await desk.article(BRIDGE, BRIDGE_TEXT, "Tribune", hours=1)
    await desk.filing.run()
    story = await desk.story_of(original)
    assert story.sources == ("Agency", "Herald", "Tribune")
    assert {article.id for article in story.articles} == {original, copy, late}
    assert (await desk.story_of(other)).id == other


async def test_what_only_looks_like_a_copy_is_left_to_the_grouper(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def is_none(one: str, other: str, language: str) -> bool:
        asked.append(other)
        return False

    assert is_copy(BRIDGE_TEXT, BRIDGE_TEXT, "en")
    monkeypatch.setattr(module, "is_copy", is_none)
    monkeypatch.setattr(StoryGrouper, "add", lambda _, article: article.id)
    await desk.article(BRIDGE, BRIDGE_TEXT, "Agency", hours=5)
    second = await desk.article(BRIDGE, BRIDGE_TEXT, "Herald", hours=4)
    await desk.filing.run()
    assert len(asked) == 1
    assert (await desk.story_of(second)).id == second


async def test_the_grouper_is_rebuilt_once_a_day(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt: list[int] = []
    monkeypatch.setattr(StoryGrouper, "restore", lambda _, articles: rebuilt.append(len(list(articles))))
    await desk.filing.run()
    await desk.filing.run()
    desk.clock.move(hours=REBUILT.total_seconds() / 3600)
    await desk.filing.run()
    assert rebuilt == [0, 0]


async def test_more_than_a_batch_is_filed(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    for number in range(8):
        await desk.article(f"{TELESCOPE} of cluster {number * 7}", TELESCOPE_TEXT, hours=9 - number)
    await desk.filing.run()
    assert BATCH > 3
    assert await desk.storage.stories.unfiled(limit=9) == []


def test_output_counts_articles_a_day_over_the_days_that_are_known() -> None:
    output = Output()
    one = Unfiled(id=1, title="", text="", source="Agency", published=MORNING, language="en")
    for hours in range(96):
        output.add(replace(one, published=MORNING - timedelta(hours=hours)))
    output.add(replace(one, source="Weekly", published=MORNING - timedelta(hours=2)))
    output.add(replace(one, source="Old", published=MORNING - timedelta(days=6)))
    found = output.a_day(MORNING)
    assert found["Agency"] == pytest.approx(96 / (95 / 24))
    assert (found["Weekly"], found["Old"]) == (1.0, 0.0)
