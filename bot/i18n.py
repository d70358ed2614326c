"""The interface's languages: gettext catalogues, read as they are written (.po), so that nothing is compiled or built.

Message ids are the English texts, with `{name}` placeholders. English therefore needs no catalogue.
"""

import gettext
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

INTERFACE_LANGUAGES = ("en", "fa", "ar", "ru", "uk", "de", "fr", "es", "pt", "tr", "hi", "zh", "ja")
"""Languages the interface speaks; the first one serves whoever's language is not among them."""

KEYWORDS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "mark": None}
"""The functions whose texts go into the catalogues, as Babel's extractor wants them."""

_LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Translator:
    """The texts of one language. Placeholders are left in; `rtl` is whether it is written from right to left."""

    language: str
    rtl: bool
    catalogue: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        """The text in this language; the English one where the catalogue has none."""
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The text for `n` of something, in the plural form that the language wants."""
        return self.catalogue.ngettext(one, many, n)

    def pgettext(self, context: str, message: str) -> str:
        """The text where one English word has several meanings, told apart by a context."""
        return self.catalogue.pgettext(context, message)


def mark(message: str) -> str:
    """Return the text as it is, and have it in the catalogues: for tables whose texts are translated when shown."""
    return message


def known(language: str | None) -> str:
    """The interface language for a client's language code: "fa-IR" → "fa", unknown or none → "en"."""
    code = (language or "").replace("_", "-").split("-")[0].lower()
    return code if code in INTERFACE_LANGUAGES else INTERFACE_LANGUAGES[0]


def translator(language: str | None) -> Translator:
    """The translator for a client's language code; each is loaded once, when it is first asked for."""
    return _load(known(language))


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return _LOCALES / language / "LC_MESSAGES" / "baztab.po"


@cache
def _load(language: str) -> Translator:
    rtl = Locale.parse(language).text_direction == "rtl"
    if language == INTERFACE_LANGUAGES[0]:
        return Translator(language, rtl, gettext.NullTranslations())
    return Translator(language, rtl, read_catalogue(catalogue_path(language), language))


def read_catalogue(path: Path, language: str) -> gettext.GNUTranslations:
    """Read a .po file into what gettext looks texts up in; fuzzy entries are left out, as msgfmt does."""
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
