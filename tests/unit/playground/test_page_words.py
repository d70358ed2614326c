"""The words of the chat page: complete in every language, with the same gaps to fill, and all of them used."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

PAGE = Path("bot/playground/page")
LANGUAGES = ("en", "fa", "ar", "ru", "de", "fr", "es", "tr")
PHRASE = re.compile(r'(\w+): "((?:[^"\\]|\\.)*)"')


def words() -> dict[str, dict[str, str]]:
    """The phrases of words.js by language and key; a key that stands twice is an error."""
    source = (PAGE / "words.js").read_text(encoding="utf-8")
    heads = [*re.finditer(r"^  (\w+): \{$", source, re.MULTILINE)]
    ends = [*(head.start() for head in heads[1:]), len(source)]
    found = {head[1]: PHRASE.findall(source[head.end() : end]) for head, end in zip(heads, ends, strict=True)}
    for language, phrases in found.items():
        keys = sorted(key for key, _ in phrases)
        assert [one for one, other in pairwise(keys) if one == other] == [], language
    return {language: dict(phrases) for language, phrases in found.items()}


def test_the_languages_of_the_page() -> None:
    assert tuple(words()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_phrase_is_there_with_the_same_gaps(language: str) -> None:
    english, translated = words()["en"], words()[language]
    assert translated.keys() == english.keys()
    gaps = {
        key: (set(re.findall(r"\{\w+\}", english[key])), set(re.findall(r"\{\w+\}", translated[key])))
        for key in english
    }
    assert {key: pair for key, pair in gaps.items() if pair[0] != pair[1]} == {}
    assert [key for key, phrase in translated.items() if not phrase.strip()] == []


def test_every_phrase_is_used_and_every_phrase_used_is_there() -> None:
    sources = [path.read_text(encoding="utf-8") for path in PAGE.glob("*.js") if path.name != "words.js"]
    sources.append((PAGE / "index.html").read_text(encoding="utf-8"))
    everything = "\n".join(sources)
    english = words()["en"]
    assert [key for key in english if f'"{key}"' not in everything] == []
    asked = set(re.findall(r'\bt\("(\w+)"', everything)) | set(re.findall(r'data-t(?:-\w+)?="(\w+)"', everything))
    assert asked - english.keys() == set()
