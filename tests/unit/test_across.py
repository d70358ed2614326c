"""One event, told once on a page."""

from collections.abc import Sequence

from digests.across import ROUNDS, told_once
from digests.compose import Candidate, Ranking, compose
from digests.model import Digest, Item, Story
from tests.fakes.clock import MORNING
from tests.fakes.news import hours_before, story


class Newsstand:
    """Stories by importance, their languages, and which of them tell of one event."""

    def __init__(self, *languages: str, events: Sequence[tuple[int, ...]] = (), budget: int = 3) -> None:
        self.stories = {
            number: story(number, f"S{number}", language=language) for number, language in enumerate(languages, 1)
        }
        self.ranked = [Candidate(one, 100.0 - one.id, 1) for one in self.stories.values()]
        self.events = events
        self.budget = budget
        self.compared: list[set[int]] = []

    def merge(self, stories: Sequence[Story]) -> list[tuple[int, ...]]:
        here = {one.id for one in stories}
        self.compared.append(here)
        groups = [tuple(number for number in event if number in here) for event in self.events]
        return [group for group in groups if len(group) > 1]

    def compose(self, without: frozenset[int]) -> Digest:
        return compose(
            {None: Ranking(None, self.ranked)}, budget=self.budget, since=hours_before(24), until=MORNING, seen=without
        )

    def page(self) -> dict[int, list[int]]:
        digest = told_once(self.compose, self.stories, merge=self.merge)
        return {item.story_id: [told.story_id for told in item.retold] for item in digest.items}


def test_the_first_on_the_page_stands_for_its_event_and_others_move_up() -> None:
    assert Newsstand("en", "fa", "de", "en", "fa", events=[(3, 1)]).page() == {1: [3], 2: [], 4: []}


def test_what_moves_up_is_compared_too_also_with_what_was_left_out() -> None:
    stand = Newsstand("en", "fa", "de", "en", "ru", events=[(1, 2), (3, 5)], budget=4)
    assert stand.page() == {1: [2], 3: [5], 4: []}
    assert stand.compared[-1] == {1, 2, 3, 4, 5}


def test_an_event_in_three_languages_is_named_with_each() -> None:
    assert Newsstand("en", "fa", "de", "en", events=[(2, 3, 1)]).page() == {1: [2, 3], 4: []}


def test_a_page_without_a_repeated_event_stays() -> None:
    stand = Newsstand("en", "fa", "de")
    assert told_once(stand.compose, stand.stories, merge=stand.merge) == stand.compose(frozenset())
    assert Newsstand(budget=3).page() == {}


def test_filling_up_ends_though_all_is_one_event() -> None:
    everything = tuple(range(1, 31))
    stand = Newsstand(*["en", "fa"] * 15, events=[everything], budget=5)
    page = stand.page()
    assert len(stand.compared) == ROUNDS
    assert page[1][:4] == [2, 3, 4, 5]
    assert len(page) == 5
    assert not set(page) & {number for others in page.values() for number in others}


def test_a_retelling_has_what_a_reader_needs() -> None:
    stand = Newsstand("en", "fa", events=[(1, 2)])
    item, other = told_once(stand.compose, stand.stories, merge=stand.merge).items[0], stand.stories[2].leader
    assert isinstance(item, Item)
    (told,) = item.retold
    assert (told.language, told.headline) == ("fa", other.title)
    assert (told.outlet.source, told.outlet.url, told.outlet.published) == ("S2", other.url, other.published)
    assert item.story_ids == (1, 2)
