"""The catalogues hold what the code says, no more and no less, in the right shape."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from bot import menus
from bot.commands import COMMANDS
from bot.i18n import INTERFACE_LANGUAGES, catalogue_path, known, mark, read_catalogue, translator
from bot.locales import update

SAY_IT_THEMSELVES = {("ar", 1): {"count"}, ("ar", 2): {"count"}}
"""Plural forms whose word says how many: Arabic has one for one and one for two."""
TRANSLATED = INTERFACE_LANGUAGES[1:]
CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def said() -> frozenset[tuple[object, object]]:
    return frozenset((message.context, message.id) for message in update.extract() if message.id)


@cache
def catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]  # Babel's own union


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def opening_sign(text: str) -> str:
    """The emoji or mark that a text begins with, but for punctuation, which is each language's own."""
    return re.findall(r"^[^\w\s/{\"(]*", text)[0].strip("‹¿¡«»„“”「」《》（")


def test_a_clients_language_code_finds_the_interface_language() -> None:
    codes = ("fa-IR", "fa_AF", "FA", "en-US", "pt-br", "zh-hans", "", None, "zz")
    assert [known(code) for code in codes] == ["fa", "fa", "fa", "en", "pt", "zh", "en", "en", "en"]
    assert translator("fa-IR") is translator("fa")


def test_english_speaks_for_itself() -> None:
    english = translator("en")
    assert (english.language, english.rtl) == ("en", False)
    assert english.gettext("Settings") == "Settings"
    assert [english.ngettext("{count} story", "{count} stories", n) for n in (1, 2)] == [
        "{count} story",
        "{count} stories",
    ]
    assert english.pgettext("some context", "Saved") == "Saved"


def test_persian_is_read_from_its_catalogue() -> None:
    persian = translator("fa")
    assert (persian.language, persian.rtl) == ("fa", True)
    assert persian.gettext("Settings") == "تنظیمات"
    assert persian.ngettext("{count} story", "{count} stories", 7) == "{count} خبر"
    assert persian.gettext("a text that nobody wrote") == "a text that nobody wrote"


def test_marked_texts_stay_as_they_are() -> None:
    assert mark("World") == "World"


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_hold_exactly_what_the_code_says(language: str) -> None:
    held = {(message.context, message.id) for message in messages(language)}
    assert held == said(), "run: python -m bot.locales.update"


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_are_complete(language: str) -> None:
    assert [message.id for message in messages(language) if not all(texts(message.string))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_guessed_or_left_over(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    plural = get_plural(language)
    assert catalogue(language).plural_forms == f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"
    plurals = [message for message in messages(language) if not isinstance(message.id, str)]
    assert plurals
    assert {len(texts(message.string)) for message in plurals} == {plural.num_plurals}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_the_original(language: str) -> None:
    wrong = [
        message.id
        for message in messages(language)
        for form, text in enumerate(texts(message.string))
        if placeholders(texts(message.id)[-1]) - placeholders(text) - SAY_IT_THEMSELVES.get((language, form), set())
        or placeholders(text) - placeholders(texts(message.id)[-1])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_signs_commands_and_no_marks_of_direction(language: str) -> None:
    for message in messages(language):
        original, text = texts(message.id)[0], texts(message.string)[0]
        assert set(re.findall(r"/[a-z]+", original)) == set(re.findall(r"/[a-z]+", text)), original
        assert opening_sign(original) == opening_sign(text), original
        assert not CONTROLS.search(text), original


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_menus_and_descriptions_fit(language: str) -> None:
    speaking = translator(language)
    assert 0 < len(speaking.gettext(menus.SHORT)) <= 120
    assert 0 < len(speaking.gettext(menus.LONG)) <= 512
    assert [command.name for command in COMMANDS if not 0 < len(speaking.gettext(command.about)) <= 256] == []


def test_updating_keeps_translations_and_tells_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "fa" / "LC_MESSAGES" / "baztab.po"
    monkeypatch.setattr(update, "catalogue_path", lambda language: path)
    template = Catalog()
    template.add("kept")
    assert update.update("fa", template) == ["kept"]
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "kept"\nmsgstr ""', 'msgid "kept"\nmsgstr "ماند"'))
    template.add(("one", "many"))
    assert update.update("fa", template) == ["('one', 'many')"]
    gone = Catalog()
    gone.add("kept")
    assert update.update("fa", gone) == []
    assert read_catalogue(path, "fa").gettext("kept") == "ماند"
    assert "many" not in path.read_text(encoding="utf-8")


def test_updating_changes_nothing_that_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {language: catalogue_path(language).read_bytes() for language in TRANSLATED}
    for language, text in before.items():
        (tmp_path / language).write_bytes(text)
    monkeypatch.setattr(update, "catalogue_path", lambda language: tmp_path / language)
    assert update.main() == 0
    assert {language: (tmp_path / language).read_bytes() for language in TRANSLATED} == before


def test_catalogues_need_no_compiling() -> None:
    assert not list(catalogue_path("fa").parent.glob("*.mo"))
    assert BytesIO(catalogue_path("fa").read_bytes()).readline().startswith(b"# Baztab")
