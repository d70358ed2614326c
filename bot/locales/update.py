"""Bring the catalogues up to date with the texts in the code: `python -m bot.locales.update`.

New texts come in untranslated, texts that are gone leave, and translations stay. Nothing is guessed (no fuzzy
entries). The exit status is 1 while any catalogue lacks a translation, and the texts are listed.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n import INTERFACE_LANGUAGES, KEYWORDS, catalogue_path

_PACKAGE = Path(__file__).parents[1]

# Ours instead of Babel's, whose dates would change with every run.
_HEADER = r"""# Baztab's interface. Bring it up to date with: python -m bot.locales.update
msgid ""
msgstr ""
"Project-Id-Version: baztab\n"
"Language: {language}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def extract() -> Catalog:
    """All texts of the interface as a template, with the modules they come from."""
    template = Catalog(project="baztab", charset="utf-8")
    found = extract_from_dir(_PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",))
    for filename, _line, message, comments, context in sorted(found, key=lambda entry: entry[0]):
        where = (f"bot/{Path(filename).as_posix()}", 0)
        template.add(message, locations=[where], auto_comments=comments, context=context)
    return template


def update(language: str, template: Catalog) -> list[str]:
    """Write one catalogue anew; returns the texts that it does not translate."""
    path = catalogue_path(language)
    catalogue = Catalog(locale=language, project="baztab", charset="utf-8")
    if path.exists():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        target.write(_HEADER.format(language=language, plural=catalogue.plural_forms).encode())
        write_po(target, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    return [str(message.id) for message in catalogue if message.id and not _translated(message.string)]


def _translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def main() -> int:
    """Update every catalogue and tell what is left to translate."""
    template = extract()
    missing = {language: update(language, template) for language in INTERFACE_LANGUAGES[1:]}
    for language, texts in missing.items():
        sys.stdout.writelines(f"{language}: {text!r}\n" for text in texts)
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
