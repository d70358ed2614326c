"""The Telegram side of Baztab."""

import os

# python-telegram-bot 22 gives time spans as timedelta where this is set, and warns of the old integers where it isn't.
os.environ.setdefault("PTB_TIMEDELTA", "true")
