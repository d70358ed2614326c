"""Lines that extraction leaves around an article's text, and pages that hold no article at all."""

import re

_LETTERS = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[.!?…。！？؟۔।:;»”\"')\]]\s*$")
_FRAME = re.compile(
    r"""
    ^(?:©|\(c\)\s|copyright\b) | \ball\ rights\ reserved\b | \btous\ droits\ réservés\b | \balle\ rechte\ vorbehalten\b
    | \btodos\ los\ derechos\ reservados\b | \bвсе\ права\ защищены\b | کلیه\ حقوق .{0,30}محفوظ
    | \bpersonal,?\ non-?commercial\ use\ only\b | \border\ presentation-ready\ copies\b
    | ^(?:-\s)?(?:print\ (?:this\ )?article|order\ reprints|share\ this|advertisement|continue\ reading|read\ more
        |story\ continues\ below|skip\ (?:to\ content|ad(?:vertisement)?)|comments?|leave\ a\ comment|thank\ you!?
        |sorry!?|tell\ us\ what\ you\ think|most\ (?:read|popular)|related\ (?:articles|stories|topics)|recommended)\W*$
    | ^(?:sign|signing)\ up\ (?:for|to|here|now)\b .{0,160}$
    | ^(?:subscribe|abonnieren\ sie|abonnez-vous|suscríbete|подпишитесь|подписывайтесь)\b .{0,160}$
    | \b(?:newsletter|inbox)\b .{0,80} \b(?:sign\ up|subscribe|delivered|sign\ me\ up)\b
    | \b(?:sign\ up|subscribe|get)\b .{0,100} \b(?:newsletter|inbox)\b
    | ^thanks\ for\ (?:signing|subscribing)\b | ^an\ error\ has\ occurred\b | ^there\ was\ an\ error\ processing\b
    | ^(?:follow|like|find)\ (?:us|\w+)\ on\ (?:twitter|facebook|instagram|x|telegram)\b .{0,60}$
    | ^(?:click|tap)\ here\ (?:to|for)\b .{0,100}$ | \bclick\ here\ for\ more\ information\b
    | ^(?:updated|published|posted|last\ updated)\ (?:at|on)\b .{0,50}$
    | ^\(?(?:image|photo|picture)\ credits?\b .{0,100}$ | ^https?://\S+$ | ^this\ article\ has\ been\ sent\ to\b
    | ^we\ use\ cookies\b | \baccept\ (?:all\ )?cookies\b | ^listen\ (?:to\ this\ article|now)\b .{0,40}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_ARTICLE = re.compile(
    r"""
    enable\ (?:javascript|cookies) | javascript\ (?:is\ (?:disabled|required)|to\ run)
    | access\ (?:denied|to\ this\ page)
    | are\ you\ a\ (?:human|robot) | verify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human | unusual\ (?:traffic|activity)
    | checking\ your\ browser | captcha | before\ you\ continue | (?:we|our\ partners)\b.{0,60}\bcookies\b
    | cookie\ (?:policy|settings|preferences|consent) | accept\ (?:all\ )?cookies | manage\ (?:your\ )?consent
    | page\ (?:not\ found|cannot\ be\ found|can['’]t\ be\ found|you\ (?:requested|are\ looking\ for)) | \b404\b
    | internal\ server\ error | service\ unavailable | bad\ gateway | not\ available\ in\ your\ (?:country|region)
    | subscribe\ (?:now\ )?to\ (?:continue|read|keep) | already\ a\ subscriber | to\ continue\ reading
    | cookies?\ (?:akzeptieren|zustimmen) | alle\ akzeptieren | seite\ nicht\ gefunden | page\ introuvable
    | accepter\ les\ cookies | página\ no\ encontrada | aceptar\ (?:las\ )?cookies | страница\ не\ найдена
    | включите\ javascript | صفحه .{0,20}(?:یافت|پیدا)\ نشد | الصفحة\ غير\ موجودة | ページが見つかりません | 页面不存在
    """,
    re.IGNORECASE | re.VERBOSE,
)
MENU_RUN = 6
"""So many short lines without an end of sentence, one after another, are a menu."""
TOP = 4
"""Lines at the top among which the title is looked for."""
SHORT = 6
"""Words."""
FRAME = 300
"""Characters. A longer line is a paragraph, whatever it mentions."""
REFUSAL = 500
"""Characters. A text up to this length that speaks of cookies or errors is no article; up to three times as long, if
it speaks of them twice."""


def without_frame(text: str, titles: list[str]) -> str:
    """The article's lines without menus, sign-up and copyright lines, trailing teasers, and its title on top."""
    lines = [line for line in text.split("\n") if line.strip() and not _is_frame(line.strip())]
    lines = _without_menus(lines)
    known = [_letters(title) for title in titles if title]
    while (place := _title_place(lines, known)) is not None:
        del lines[: place + 1]
    return "\n".join(_without_teasers(lines))


def _title_place(lines: list[str], known: list[str]) -> int | None:
    """Where the title stands at the top of the text, with nothing but short lines (section, date, byline) above it."""
    for place, line in enumerate(lines[:TOP]):
        if _repeats_title(line, known):
            return place
        if not _is_short(line):
            return None
    return None


def is_refusal(text: str, title: str) -> bool:
    """Whether a short text is that of a consent, error, bot-check or subscription page."""
    if len(text) >= 3 * REFUSAL:
        return False
    signs = {sign[0].lower() for sign in _NO_ARTICLE.finditer(f"{title}\n{text}")}
    return len(signs) >= (1 if len(text) < REFUSAL else 2)


def _is_frame(line: str) -> bool:
    return len(line) <= FRAME and bool(_FRAME.search(line))


def _is_short(line: str) -> bool:
    return len(line.split()) < SHORT and len(line) < 60 and ":" not in line and not _SENTENCE.search(line)


def _without_menus(lines: list[str]) -> list[str]:
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, "."]:
        if _is_short(line):
            run.append(line)
            continue
        kept += run if len(run) < MENU_RUN else []
        run = []
        kept.append(line)
    return kept[:-1]


def _without_teasers(lines: list[str]) -> list[str]:
    """Three or more list items at the very end of a longer text lead to other articles."""
    end = len(lines)
    while end and lines[end - 1].startswith("- "):
        end -= 1
    return lines[:end] if len(lines) - end >= 3 and end >= 4 else lines


def _repeats_title(line: str, titles: list[str]) -> bool:
    letters = _letters(line)
    return bool(letters) and any(
        letters == title or (len(letters) > 15 and title.startswith(letters)) for title in titles
    )


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
