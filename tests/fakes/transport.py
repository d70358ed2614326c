"""A transport that sends nothing: it notes what it was given and answers as the test says."""

from collections import deque
from collections.abc import Awaitable, Callable

from bot.delivery.limiter import Turn
from bot.delivery.transport import Outcome
from bot.view import Message
from digests.model import Subscriber


class RecordingTransport:
    """`sent` are (chat id, text) of what arrived; `tried` of all that was sent out.

    `script` outcomes are given first, one a message; then everything arrives. `during` runs while a message is on its
    way, for tests that need something to happen just then.
    """

    def __init__(self, *script: Outcome) -> None:
        self.script = deque(script)
        self.sent: list[tuple[int, str]] = []
        self.tried: list[tuple[int, str]] = []
        self.during: Callable[[], Awaitable[object]] | None = None

    async def send(self, subscriber: Subscriber, message: Message, *, turn: Turn = "reply") -> Outcome:
        self.tried.append((subscriber.chat_id, message.html))
        if self.during is not None:
            await self.during()
        outcome = self.script.popleft() if self.script else Outcome("sent", message_id=len(self.tried))
        if outcome.kind == "sent":
            self.sent.append((subscriber.chat_id, message.html))
        return outcome
