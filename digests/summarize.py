"""Extractive summaries: the sentences of an article that tell most of it, verbatim and in their order.

How they are chosen is told in digests/text/summarizer.py. It is imported by the first summary, since sumy brings all of
NLTK with it (half a second): what only names these functions, as the main process does, never pays for that.
"""

from digests.model import Quote


def summarize(text: str, *, title: str = "", language: str = "en", sentences: int = 3) -> list[str]:
    """At most so many sentences of a text, verbatim, in the order of the text."""
    return [quote.text for quote in quotes(text, title=title, language=language, sentences=sentences)]


def quotes(text: str, *, title: str = "", language: str = "en", sentences: int = 5) -> tuple[Quote, ...]:
    """The best sentences of a text with their places, in the order of the text; rank 1 is the best.

    None where a text has nothing to quote: nothing but its own headline, a credit, "Continue reading …".
    """
    from digests.text.summarizer import NewsSummarizer, NewsTokenizer

    document = NewsTokenizer(language, title=title).to_document(text)
    ranked = NewsSummarizer(language, title=title).ranked(document, sentences)
    found = [Quote(text[s.start : s.end], s.start, s.end, rank) for rank, s in enumerate(ranked, 1)]
    return tuple(sorted(found, key=lambda quote: quote.start))
