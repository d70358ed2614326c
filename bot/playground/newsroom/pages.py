"""The pages of the newsroom: an article, an outlet's front page, the newsstand. Pure: values in, HTML out.

They have what real pages have around an article (navigation, a caption, related links, a plea to subscribe), so that
reading a page for its text is put to the test.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from bot.formats import Formats
from bot.playground.newsroom.feeds import CONTENT_TYPES
from bot.playground.newsroom.outlets import Outlet, Piece

FOLDER = Path(__file__).parent
RELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """What a page says around its article, in the outlet's language."""

    sections: str
    related: str
    promo: str
    caption: str
    all_outlets: str
    feed: str
    invented: str
    topics: dict[str, str]


_PHRASES = {
    "en": _Phrases(
        sections="Sections",
        related="More from us",
        promo="Enjoying this? Subscribe to our newsletter and never miss a tide.",
        caption="Illustration: our drawing desk",
        all_outlets="All outlets",
        feed="Feed",
        invented="This outlet and everything in it is invented.",
        topics={
            "world": "World", "politics": "Politics", "business": "Business", "technology": "Technology",
            "science": "Science", "health": "Health", "climate": "Climate", "sports": "Sport",
            "entertainment": "Entertainment", "culture": "Culture", "conflict": "War and peace",
        },
    ),
    "fa": _Phrases(
        sections="بخش‌ها",
        related="از همین رسانه",
        promo="خوشتان آمد؟ مشترک خبرنامهٔ ما شوید.",
        caption="تصویرسازی: میز طراحی",
        all_outlets="همهٔ رسانه‌ها",
        feed="خوراک",
        invented="این رسانه و هرچه در آن آمده ساختگی است.",
        topics={
            "world": "جهان", "politics": "سیاست", "business": "اقتصاد", "technology": "فناوری",
            "science": "دانش", "health": "سلامت", "climate": "اقلیم", "sports": "ورزش",
            "entertainment": "سرگرمی", "culture": "فرهنگ", "conflict": "جنگ و صلح",
        },
    ),
    "de": _Phrases(
        sections="Ressorts",
        related="Mehr von uns",
        promo="Hat Ihnen der Artikel gefallen? Abonnieren Sie unseren Newsletter.",
        caption="Illustration: eigene Zeichnung",
        all_outlets="Alle Blätter",
        feed="Feed",
        invented="Dieses Blatt und alles darin ist erfunden.",
        topics={
            "world": "Welt", "politics": "Politik", "business": "Wirtschaft", "technology": "Technik",
            "science": "Wissen", "health": "Gesundheit", "climate": "Klima", "sports": "Sport",
            "entertainment": "Unterhaltung", "culture": "Kultur", "conflict": "Krieg und Frieden",
        },
    ),
    "es": _Phrases(
        sections="Secciones",
        related="Más en este diario",
        promo="¿Le ha gustado? Suscríbase a nuestro boletín.",
        caption="Ilustración: nuestra mesa de dibujo",
        all_outlets="Todos los medios",
        feed="Canal",
        invented="Este diario y todo lo que cuenta son inventados.",
        topics={
            "world": "Mundo", "politics": "Política", "business": "Economía", "technology": "Tecnología",
            "science": "Ciencia", "health": "Salud", "climate": "Clima", "sports": "Deportes",
            "entertainment": "Espectáculos", "culture": "Cultura", "conflict": "Guerra y paz",
        },
    ),
    "ar": _Phrases(
        sections="الأقسام",
        related="المزيد من أخبارنا",
        promo="هل أعجبك المقال؟ اشترك في نشرتنا البريدية.",
        caption="رسم: قسم الرسوم",
        all_outlets="كل الصحف",
        feed="الخلاصة",
        invented="هذه الصحيفة وكل ما فيها من نسج الخيال.",
        topics={
            "world": "العالم", "politics": "سياسة", "business": "اقتصاد", "technology": "تقنية",
            "science": "علوم", "health": "صحة", "climate": "مناخ", "sports": "رياضة",
            "entertainment": "فنون", "culture": "ثقافة", "conflict": "الحرب والسلام",
        },
    ),
}  # fmt: skip


def article_page(outlet: Outlet, piece: Piece, *, others: Sequence[Piece], base: str, start: datetime) -> str:
    """The page of an article; `others` are what else its outlet has out."""
    phrases = _PHRASES[outlet.language]
    date = piece.published(start)
    formats = Formats(outlet.language, ZoneInfo("UTC"))
    link = base + outlet.path(piece)
    texts = {
        "language": outlet.language,
        "title": piece.title,
        "outlet": outlet.name,
        "slug": outlet.slug,
        "teaser": piece.teaser,
        "tagline": outlet.tagline,
        "colour": outlet.colour,
        "author": piece.author,
        "link": link,
        "image": f"{link}.png",
        "feed": outlet.feed_path(),
        "feed_type": CONTENT_TYPES[outlet.format],
        "direction": outlet.direction,
        "iso_date": date.isoformat(),
        "date": f"{formats.date(date)} · {formats.time(date.time())} UTC",
        "kicker": " · ".join(phrases.topics[topic] for topic in piece.topics),
        "sections_label": phrases.sections,
        "caption": phrases.caption,
        "related_label": phrases.related,
        "promo": phrases.promo,
        "invented": phrases.invented,
        "all_outlets": phrases.all_outlets,
        "feed_label": phrases.feed,
    }
    markup = {
        "body": "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in piece.paragraphs),
        "sections": "".join(f'<a href="/{outlet.slug}/">{escape(name)}</a>' for name in phrases.topics.values()),
        "related": _links(outlet, [other for other in others if other.id != piece.id][:RELATED]),
        "json_ld": _json_ld(outlet, piece, link, date),
    }
    return _template("page.html").substitute({name: escape(text) for name, text in texts.items()} | markup)


def front_page(outlet: Outlet, pieces: Sequence[Piece]) -> str:
    """What an outlet has out, newest first; its feed can be discovered from here."""
    items = "".join(
        f'<li><a href="{escape(outlet.path(piece))}">{escape(piece.title)}</a><p>{escape(piece.teaser)}</p></li>'
        for piece in pieces
    )
    alternate = (
        f'<link rel="alternate" type="{CONTENT_TYPES[outlet.format]}" title="{escape(outlet.name)}" '
        f'href="{escape(outlet.feed_path())}">'
    )
    return _template("listing.html").substitute(
        language=outlet.language,
        direction=outlet.direction,
        title=escape(outlet.name),
        tagline=escape(outlet.tagline),
        colour=outlet.colour,
        invented=escape(_PHRASES[outlet.language].invented),
        alternate=alternate,
        items=items,
    )


def newsstand_page(outlets: Sequence[Outlet]) -> str:
    """All outlets."""
    items = "".join(
        f'<li lang="{outlet.language}" dir="{outlet.direction}"><a href="/{outlet.slug}/">{escape(outlet.name)}</a>'
        f"<p>{escape(outlet.place)} · {escape(outlet.tagline)}</p></li>"
        for outlet in outlets
    )
    return _template("listing.html").substitute(
        language="en",
        direction="ltr",
        title="The newsstand",
        tagline="Sample newspapers of places that do not exist",
        colour="#475569",
        invented="Everything here is invented.",
        alternate="",
        items=items,
    )


def style_sheet() -> str:
    """The CSS of all pages."""
    return (FOLDER / "style.css").read_text("utf-8")


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))


def _links(outlet: Outlet, pieces: Sequence[Piece]) -> str:
    return "".join(f'<li><a href="{escape(outlet.path(piece))}">{escape(piece.title)}</a></li>' for piece in pieces)


def _json_ld(outlet: Outlet, piece: Piece, link: str, date: datetime) -> str:
    """schema.org's NewsArticle; "<" is escaped so that no title can end the script."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "description": piece.teaser,
        "datePublished": date.isoformat(),
        "inLanguage": outlet.language,
        "url": link,
        "image": [f"{link}.png"],
        "author": [{"@type": "Person", "name": piece.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
