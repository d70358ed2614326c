"""Errors as people in a terminal read them: one line that says what to do, never a secret, never a traceback."""

import re
import traceback
from pathlib import Path

from config.errors import SettingsError
from digests.errors import BaztabError

_SECRETS = re.compile(r"\b\d{3,20}:[A-Za-z0-9_-]{30,64}|(?<=://)[^\s/@]*:[^\s/@]*(?=@)", re.ASCII)
"""A bot's token, wherever it stands, and user and password in an address."""


def describe(error: Exception) -> str:
    """What went wrong, on one line."""
    return _SECRETS.sub("‹secret›", " ".join(_text(error).split()))


def _text(error: Exception) -> str:
    if isinstance(error, BaztabError | SettingsError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return _of_telegram(error) or _unforeseen(error)


def _of_telegram(error: Exception) -> str | None:
    """What Telegram complains about; None where it isn't Telegram."""
    from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

    match error:
        case InvalidToken():
            return "Telegram does not know this token: copy it anew from @BotFather into BAZTAB_TOKEN"
        case Conflict():
            return "another process polls with this token: stop it, or use another bot's token"
        case NetworkError() if not isinstance(error, BadRequest):
            advice = "check the network, a proxy (HTTPS_PROXY) or BAZTAB_API_URL"
            return f"Telegram can't be reached: {error.message}; {advice}"
        case TelegramError():
            return f"Telegram refused: {error.message}"
    return None


def _unforeseen(error: Exception) -> str:
    """A mistake of ours: where it happened is what a report of it needs."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"a mistake in Baztab, please report it: {type(error).__name__}{place}: {error}"
