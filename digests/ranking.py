"""Which stories matter: how many independent publishers report one, how heavy each is, and how fresh.

    importance(t) = Σ over distinct owners of  weight · boost · newsworthiness · e^(−(t − published) / 12 h)

weight is 1/√(articles a day of that owner), so that a news agency's flood doesn't drown a weekly; boost is 1.3 for an
article among the first three of its feed. All terms age alike, so the order of two stories never changes between
articles, and what is stored is the logarithm of the sum taken at a fixed moment: a number that databases can sort by.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from digests.model import Article, Story
from digests.newsworthy import newsworthiness

HALF_DAY = 12 * 3600.0
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TOP_PLACES = 3
TOP_BOOST = 1.3
UNKNOWN_WEIGHT = 0.3

BETWEEN = frozenset(
    {"com", "co", "org", "net", "gov", "ac", "edu", "gob", "or", "ne", "go", "in"}
    | {"blogspot", "wordpress", "substack", "medium", "github", "tumblr"}
)
"""Labels that stand between a publisher's name and the end of its address: bbc.co.uk, name.substack.com."""


def owner(article: Article) -> str:
    """Who is behind an article by its address (bbc of www.bbc.co.uk); its source where the address tells nothing."""
    labels = (urlsplit(article.url).hostname or "").split(".")[:-1]
    while len(labels) > 1 and labels[-1] in BETWEEN:
        labels.pop()
    name = labels[-1] if labels else ""
    return name if name and not name.isdigit() else article.source


def by_publisher(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """The articles by who is behind them.

    One publisher has many feeds (they share an owner), and one feed may link to many sites (they share a source):
    whichever way leaves fewer publishers is right.
    """
    by_owner: dict[str, list[Article]] = {}
    by_source: dict[str, list[Article]] = {}
    for article in articles:
        by_owner.setdefault(owner(article), []).append(article)
        by_source.setdefault(article.source, []).append(article)
    return min(by_owner, by_source, key=len)


def weights(articles_a_day: Mapping[str, float]) -> dict[str, float]:
    """The weight of each source from how much it publishes a day."""
    return {source: 1.0 / math.sqrt(max(1.0, count)) for source, count in articles_a_day.items()}


def score(articles: Sequence[Article], weight: Mapping[str, float]) -> float:
    """The logarithm of the importance that a story of these articles had at EPOCH."""
    publishers = by_publisher(certain(articles))
    best = [max(_log_worth(article, weight) for article in own) for own in publishers.values()]
    top = max(best)
    return top + math.log(sum(math.exp(value - top) for value in best))


def _log_worth(article: Article, weight: Mapping[str, float]) -> float:
    age = (article.published - EPOCH).total_seconds() / HALF_DAY
    return math.log(weight.get(article.source, UNKNOWN_WEIGHT) * _boost(article) * _kept(article)) + age


def _boost(article: Article) -> float:
    return TOP_BOOST if article.place < TOP_PLACES else 1.0


def _kept(article: Article) -> float:
    return newsworthiness(article.title, len(article.quotes))


def importance(story: Story, now: datetime) -> float:
    """The importance at a moment: about the sum of the weights of those who report it now."""
    return math.exp(story.score - (now - EPOCH).total_seconds() / HALF_DAY)


def parts(story: Story, now: datetime) -> tuple[tuple[str, float], ...]:
    """The factors of a story's importance at a moment, by name: number of publishers × the means of the others.

    freshness is e^(−age / 12 h), place is the boost, newsworthiness what the headline keeps; weight is what a publisher
    counts by how much it publishes. The means are weighted so that the product of all five is the importance.
    """
    publishers = by_publisher(certain(story.articles)).values()
    best = [max(own, key=lambda article: _log_worth(article, {})) for own in publishers]
    newest = max(article.published for article in best)
    fresh = [_aged(newest - article.published) for article in best]
    boosted = [age * _boost(article) for age, article in zip(fresh, best, strict=True)]
    worth = sum(value * _kept(article) for value, article in zip(boosted, best, strict=True))
    return (
        ("publishers", float(len(best))),
        ("weight", math.exp(story.score - (newest - EPOCH).total_seconds() / HALF_DAY) / worth),
        ("freshness", sum(fresh) / len(best) * _aged(now - newest)),
        ("place", sum(boosted) / sum(fresh)),
        ("newsworthiness", worth / sum(boosted)),
    )


def _aged(age: timedelta) -> float:
    """What is left of a worth after some time."""
    return math.exp(-age.total_seconds() / HALF_DAY)


def lead(articles: Sequence[Article]) -> int:
    """The index of the article that stands for the story: quotes to show, a clear title, early."""

    def worth(place: int) -> tuple[bool, bool, float, int, float, int]:
        article = articles[place]
        return (
            article.sure,
            len(article.quotes) > 0,
            _kept(article),
            min(len(article.quotes), 2),
            clarity(article.title),
            -place,
        )

    return max(range(len(articles)), key=worth)


def clarity(title: str) -> float:
    """How well a title tells what happened, 0 to 1: of a fair length, not shouted, no question, no teaser."""
    letters = [character for character in title if character.isalpha()]
    shouted = sum(character.isupper() for character in letters) / len(letters) if letters else 1.0
    length = 1.0 if 30 <= len(title) <= 110 else 0.5
    asked = 0.5 if title.rstrip().endswith(("?", "؟", "？", "…", "...")) else 1.0
    return length * asked * (0.3 if shouted > 0.6 else 1.0)


def certain(articles: Sequence[Article]) -> Sequence[Article]:
    """The articles that surely tell of their story's event; all of them where none does."""
    return [article for article in articles if article.sure] or articles


def independent(story: Story) -> int:
    """How many publishers surely report the story."""
    return len(by_publisher(certain(story.articles)))
