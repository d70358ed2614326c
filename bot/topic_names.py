"""The names of the shipped topics, as interface texts with a sign each."""

from bot.i18n import Translator, mark

_TOPICS = {
    "world": ("🌍", mark("World")),
    "politics": ("🏛", mark("Politics")),
    "business": ("💼", mark("Business")),
    "economy": ("💶", mark("Economy")),
    "technology": ("💻", mark("Technology")),
    "science": ("🔬", mark("Science")),
    "health": ("🩺", mark("Health")),
    "climate": ("🌱", mark("Climate")),
    "environment": ("🌳", mark("Environment")),
    "sports": ("⚽", mark("Sports")),
    "entertainment": ("🎬", mark("Entertainment")),
    "culture": ("🎭", mark("Culture")),
    "conflict": ("🕊", mark("War and peace")),
    "education": ("🎓", mark("Education")),
    "crime": ("⚖️", mark("Crime and justice")),
    "disasters": ("🌋", mark("Disasters")),
    "society": ("👥", mark("Society")),
    "religion": ("🕯", mark("Religion")),
    "lifestyle": ("☕", mark("Lifestyle")),
    "food": ("🍲", mark("Food")),
    "travel": ("🧳", mark("Travel")),
    "weather": ("⛅", mark("Weather")),
    "opinion": ("💬", mark("Opinion")),
    "other": ("📌", mark("Other news")),
    "space": ("🚀", mark("Space")),
    "cars": ("🚗", mark("Cars")),
    "games": ("🎮", mark("Games")),
    "media": ("📺", mark("Media")),
    "middle-east": ("🕌", mark("Middle East")),
    "europe": ("🇪🇺", mark("Europe")),
    "asia": ("🌏", mark("Asia")),
    "africa": ("🦁", mark("Africa")),
    "americas": ("🌎", mark("Americas")),
    "oceania": ("🏝", mark("Oceania")),
}
_OTHER_SIGN = "📌"


def topic_name(key: str, translator: Translator) -> str:
    """A topic's name; for a topic of the operator's own, its key with spaces and a capital."""
    entry = _TOPICS.get(key)
    return translator.gettext(entry[1]) if entry else key.replace("-", " ").capitalize()


def topic_sign(key: str) -> str:
    """A topic's sign."""
    entry = _TOPICS.get(key)
    return entry[0] if entry else _OTHER_SIGN


def topic_label(key: str, translator: Translator) -> str:
    """Sign and name: "🔬 Science"."""
    return f"{topic_sign(key)} {topic_name(key, translator)}"
