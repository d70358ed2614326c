"""Imported in the process from which the workers fork: what every job needs is loaded once, before the first.

Otherwise each worker imports the summarizer and reads the models of languages by itself, with its first article.
"""

import digests.feeds.extract
import digests.feeds.parse
import digests.prepare  # noqa: F401  # for its effect
from digests.text.language import detect

detect("The harbour reopens on Sunday.")
