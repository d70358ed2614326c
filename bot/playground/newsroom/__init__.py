"""A sample newsroom: fictional outlets with real feeds and article pages, served on loopback.

Every outlet, place, person and event in it is invented.
"""

from bot.playground.newsroom.outlets import Outlet, Piece, read_outlets
from bot.playground.newsroom.server import Newsroom

__all__ = ["Newsroom", "Outlet", "Piece", "read_outlets"]
