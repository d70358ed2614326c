"""Count the table of document frequencies that grouping starts from, out of JSON lines with title, text and lang.

    python benchmarks/frequencies.py FILE.jsonl … > digests/frequencies.json

Counts are scaled to 150 articles a language, so that the stream soon outweighs them. Languages that only stop words are
known of get these, at a tenth of the articles each.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import stopwordsiso

from digests.story_space import LEAD, TOTAL
from digests.text.terms import terms

ARTICLES = 150
STOP_WORDS_ONLY = ("it", "pt", "id", "ur")
LEAST = 1


def counted(paths: list[str]) -> dict[str, dict[str, int]]:
    """Language → term → in how many of 150 articles it occurs."""
    counts: dict[str, Counter[str]] = {}
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            of_language = counts.setdefault(row["lang"], Counter())
            of_language.update({*terms(f"{row.get('title', '')}\n{row['text'][:LEAD]}", row["lang"])})
            of_language[TOTAL] += 1
    return {language: scaled(of_language) for language, of_language in counts.items()}


def scaled(counts: Counter[str]) -> dict[str, int]:
    """The counts as if there had been 150 articles, without the rare terms; most frequent first."""
    share = ARTICLES / counts[TOTAL]
    shares = ((term, round(count * share)) for term, count in counts.most_common())
    return {term: count for term, count in shares if count >= LEAST}


def of_stop_words(language: str) -> dict[str, int]:
    """The stop words of a language at a tenth of the articles each."""
    known = {term for word in stopwordsiso.stopwords(language) for term in terms(word, language)}
    return {TOTAL: ARTICLES, **dict.fromkeys(sorted(known), ARTICLES // 10)}


def main() -> None:
    """Print the table."""
    table = counted(sys.argv[1:])
    table |= {language: of_stop_words(language) for language in STOP_WORDS_ONLY if language not in table}
    lines = (f"{json.dumps(key)}: {json.dumps(table[key], ensure_ascii=False)}" for key in sorted(table))
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
