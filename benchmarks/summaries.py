"""How long a summary takes, beside sumy's LexRank on the same text in the same run.

    OMP_NUM_THREADS=1 python benchmarks/summaries.py [--rounds 20] [--json FILE]

The texts are made up here, from a seed, with the shape of news: sentences of 8 to 30 words, paragraphs, a vocabulary
that repeats as Zipf's law has it. Times are CPU milliseconds of one core, the median of the rounds; every round has
texts that were not seen before, so that nothing but words comes out of a cache.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.utils import get_stop_words

from digests.summarize import summarize
from digests.text.sentences import split

SIZES = (150, 700, 3000, 200_000)
LIMITS = {700: 2.0, 3000: 6.0}
RATIOS = {700: 5.0, 3000: 20.0}
_ONSETS = ("b", "br", "c", "d", "f", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w")
_RIMES = ("ain", "ale", "and", "ar", "ed", "ell", "en", "er", "ice", "ind", "ing", "ome", "on", "ore", "ound", "urn")
_COMMON = ("the", "of", "to", "and", "in", "a", "that", "for", "on", "with", "was", "at", "by", "as", "has", "said")


class LexRankTokenizer:
    """Words for sumy's own summarizer: what its Tokenizer gives, without NLTK's data."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """The words of a sentence, without marks."""
        return tuple(word.strip(".,") for word in sentence.split())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="texts of each size (default: 20)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    draw = random.Random(4)
    vocabulary = _vocabulary(draw)
    summarize(_text(draw, vocabulary, 200), title="warm up")
    rows = [_row(draw, vocabulary, size, options.rounds if size < 10_000 else 3) for size in SIZES]
    _show(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


def _row(draw: random.Random, vocabulary: list[str], size: int, rounds: int) -> dict[str, float | None]:
    texts = [_text(draw, vocabulary, size) for _ in range(rounds)]
    titles = [" ".join(draw.choices(text.split()[:60], k=8)) for text in texts]
    ours = [
        _milliseconds(lambda t=text, h=title: summarize(t, title=h)) for text, title in zip(texts, titles, strict=True)
    ]
    row: dict[str, float | None] = {
        "words": size,
        "baztab_ms": statistics.median(ours),
        "lexrank_ms": None,
        "ratio": None,
    }
    if size < 10_000:
        theirs = statistics.median(
            _milliseconds(lambda t=text: _lexrank(t)) for text in texts[: 10 if size < 1000 else 3]
        )
        row |= {"lexrank_ms": theirs, "ratio": theirs / statistics.median(ours)}
    return row


def _lexrank(text: str) -> object:
    """Sumy's LexRank with its own stemmer and stop words, on the same sentences."""
    tokenizer = LexRankTokenizer()
    document = ObjectDocumentModel([Paragraph([Sentence(sentence, tokenizer) for sentence in split(text, "en")])])
    summarizer = LexRankSummarizer(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    return summarizer(document, 3)


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return 1000 * (time.process_time() - start)


def _vocabulary(draw: random.Random) -> list[str]:
    """Words by falling frequency: common ones first, then 6,000 made of one to four syllables."""
    made = ["".join(draw.choice(_ONSETS) + draw.choice(_RIMES) for _ in range(draw.randint(1, 4))) for _ in range(6000)]
    return [*_COMMON, *dict.fromkeys(made)]


def _text(draw: random.Random, vocabulary: list[str], size: int) -> str:
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    words = iter(draw.choices(vocabulary, weights, k=size))
    paragraphs, left = [], size
    while left > 0:
        sentences = []
        for _ in range(draw.randint(1, 4)):
            length = min(draw.randint(8, 30), left)
            left -= length
            if length:
                sentences.append(" ".join(next(words) for _ in range(length)).capitalize() + ".")
        paragraphs.append(" ".join(sentences))
    return "\n".join(paragraphs)


def _show(rows: list[dict[str, float | None]]) -> None:
    print(f"{'words':>8} {'Baztab ms':>10} {'at most':>8} {'LexRank ms':>11} {'times':>6} {'at least':>9}")
    for row in rows:
        size = int(row["words"] or 0)
        theirs = (
            f"{row['lexrank_ms']:11.1f} {row['ratio']:6.1f}" if row["lexrank_ms"] is not None else f"{'':11} {'':6}"
        )
        print(f"{size:8d} {row['baztab_ms']:10.2f} {LIMITS.get(size, ''):>8} {theirs} {RATIOS.get(size, ''):>9}")


if __name__ == "__main__":
    main()
