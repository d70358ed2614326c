"""Flood control: how much the bot may send, over all and to one chat."""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.playground.api.errors import ApiError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be sent. None switches a limit off.

    `overall` and `paid` are messages in any second, without and with allow_paid_broadcast; `chat_rate` is a second in
    a private chat or channel, with `chat_burst` at once; `group_minute` is in any minute in a group.
    """

    overall: int | None = 30
    paid: int | None = 1000
    chat_rate: float | None = 1.0
    chat_burst: int = 20
    group_minute: int | None = 20


NO_LIMITS = Limits(overall=None, paid=None, chat_rate=None, group_minute=None)


class Window:
    """At most `most` events in any `seconds`."""

    __slots__ = ("seconds", "times")

    def __init__(self, most: int, seconds: float) -> None:
        self.times: deque[float] = deque(maxlen=most)
        self.seconds = seconds

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 or less where it does."""
        if len(self.times) < (self.times.maxlen or 0):
            return 0.0
        return self.times[0] + self.seconds - now


@dataclass(slots=True)
class FloodControl:
    """Counts what was sent against the limits, on the clock of the server (seconds)."""

    limits: Limits
    overall: Window | None = field(init=False)
    paid: Window | None = field(init=False)
    groups: dict[int, Window] = field(default_factory=dict)
    arrivals: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.overall = Window(self.limits.overall, 1.0) if self.limits.overall else None
        self.paid = Window(self.limits.paid, 1.0) if self.limits.paid else None

    def take(self, chat_id: int, *, group: bool, paid: bool, now: float) -> None:
        """Count one message. Raises ApiError (429) where it is one too many; that one is not counted."""
        window = self.paid if paid else self.overall
        wait = window.wait(now) if window else 0.0
        group_window = self._group(chat_id) if group else None
        if group_window:
            wait = max(wait, group_window.wait(now))
        rate = None if group else self.limits.chat_rate
        arrival = now
        if rate:
            arrival = max(self.arrivals.get(chat_id, now), now) + 1.0 / rate
            wait = max(wait, arrival - now - self.limits.chat_burst / rate)
        if wait > 1e-9:
            raise too_many(wait)
        if window:
            window.times.append(now)
        if group_window:
            group_window.times.append(now)
        if rate:
            self.arrivals[chat_id] = arrival

    def _group(self, chat_id: int) -> Window | None:
        if not self.limits.group_minute:
            return None
        if chat_id not in self.groups:
            self.groups[chat_id] = Window(self.limits.group_minute, 60.0)
        return self.groups[chat_id]


def too_many(wait: float) -> ApiError:
    """The refusal of a message that comes `wait` seconds too early."""
    seconds = max(math.ceil(wait), 1)
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
