"""From HTML, or what passes for it in feeds, to clean plain text.

Tags are stripped by nh3 (ammonia's HTML5 parser), so nothing that a browser would read as markup is left, and what is
invisible or moves text about (control characters, lone surrogates, bidi overrides) is dropped.
"""

import html
import re
import unicodedata

import nh3

MAX_FRAGMENT = 400_000
"""Characters of markup that are read; what follows is cut."""

_BLOCK_NAMES = (
    "address article aside blockquote br center dd details dir div dl dt fieldset footer h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section summary table tbody td th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT_NAMES = (
    "script style iframe noscript template svg math object embed audio video canvas form button select textarea "
    "figcaption title head"
)
_WITHOUT_CONTENT = frozenset(_SILENT_NAMES.split())
_SPACED = frozenset({"td", "th"})
_CLEANER = nh3.Cleaner(
    tags=set(_BLOCKS), clean_content_tags=set(_WITHOUT_CONTENT), attributes={}, link_rel=None, strip_comments=True
)

# Formatting says nothing here, and badly nested it costs an HTML5 parser quadratic time (adoption agency).
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|em|font|i|ins|mark|nobr|s|small|span|strike|strong|sub|sup|tt|u)"
    r"(?:\s(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>", re.ASCII)
# A closing tag, a void element, or a tag with attributes: a lone `<b>` or `<3` in a title is meant as it stands.
_MARKUP = re.compile(
    r"</[a-z][a-z0-9]*\s*>|<(?:br|hr|img|wbr|p|li)\b[^<>]*>|<[a-z][a-z0-9]*\s+[a-z-]+\s*=|<!--|<!\[CDATA\[",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_ESCAPED_MARKUP = re.compile(r"&lt;/[a-z][a-z0-9]*\s*&gt;|&lt;br\s*/?&gt;|&lt;(?:a|img|p|div|span)\s", re.IGNORECASE)
_LINE_BREAKS = re.compile("[\r\x0b\x0c\x85\u2028\u2029]+")
# C0 and C1 without tab and line feed, soft hyphen, embeddings, overrides and isolates of bidi, word joiner, invisible
# operators, byte order mark, annotations, lone surrogates, noncharacters, tags. ZWNJ and ZWJ shape letters and stay;
# the zero-width space parts words in Thai and Khmer and stays.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" *\n[ \n]*")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔।\"'”»’)\]]\s*$")


def to_text(fragment: str) -> str:
    """The plain text of an HTML fragment or of plain text; one line a paragraph, no blank lines.

    Entities are decoded, also those encoded twice; scripts, styles, embedded media, forms and captions go with their
    content. Reads at most MAX_FRAGMENT characters.
    """
    fragment = drop_invisible(fragment[:MAX_FRAGMENT])
    if _MARKUP.search(fragment):
        text = _strip_tags(fragment)
    elif _ESCAPED_MARKUP.search(fragment):
        text = _strip_tags(html.unescape(fragment))
    else:
        text = _unwrap(_decode_entities(fragment))
    if _MARKUP.search(text) and _ESCAPED_MARKUP.search(fragment):
        text = _strip_tags(text)
    return _fold(text)


def clean_text(text: str) -> str:
    """Text that has no markup (any more), cleaned like that of to_text; every line break parts two paragraphs."""
    return _fold(drop_invisible(text))


def clean_line(text: str, limit: int) -> str:
    """Text on one line, without markup, at most `limit` characters; cut at a word's end, with an ellipsis."""
    text = drop_invisible(text[: 20 * limit + 1000])
    if _MARKUP.search(text):
        text = _strip_tags(text)
    else:
        text = _decode_entities(text)
        if _MARKUP.search(text):
            text = _strip_tags(text)
    return shorten(_fold(text).replace("\n", " "), limit)


def shorten(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters, else its beginning, cut where a word ends, and an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    if space > limit * 2 // 3:
        cut = cut[:space]
    return cut.rstrip(" ,;:–—-\u200c\u200d") + "…"


def drop_invisible(text: str) -> str:
    """The text without characters that can't be seen, break files and messages, or turn the order of others around."""
    return _INVISIBLE.sub("", text)


def _strip_tags(fragment: str) -> str:
    """Tags out, block elements as line breaks. nh3 writes well-formed tags, so a pattern can read its output."""
    cleaned = _CLEANER.clean(_INLINE.sub("", fragment.replace("\n", " ")))
    return _decode_entities(_TAG.sub(lambda tag: " " if tag[2] in _SPACED else "\n", cleaned))


def _decode_entities(text: str) -> str:
    """Entities decoded; once more where the result still has some (`&amp;amp;`)."""
    if "&" not in text:
        return text
    text = html.unescape(text)
    return html.unescape(text) if _ENTITY.search(text) else text


def _unwrap(text: str) -> str:
    """Plain text's hard line breaks within a sentence as spaces; blank lines and breaks after a sentence stay."""
    lines = _LINE_BREAKS.sub("\n", text.replace("\r\n", "\n")).split("\n")
    parts: list[str] = []
    for line in lines:
        if parts and line.strip() and parts[-1].strip() and not _SENTENCE_END.search(parts[-1]):
            parts[-1] += " " + line
        else:
            parts.append(line)
    return "\n".join(parts)


def _fold(text: str) -> str:
    """NFC, one space for a run of white space, one line break between paragraphs."""
    text = drop_invisible(_LINE_BREAKS.sub("\n", text))
    text = _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip(" \n\u200c")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
