"""The commands in a terminal: `baztab …`."""

from bot.cli.app import main

__all__ = ["main"]
