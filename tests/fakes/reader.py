"""A person who talks to the bot, one thing at a time: the updates go through the real application over HTTP."""

from collections.abc import Sequence
from datetime import datetime

from bot.app import ALLOWED_UPDATES
from bot.playground.api.state import SARA, Sent
from bot.playground.api.world import World
from bot.wiring import Running


class Reader:
    """Says things and presses buttons in one chat; what comes back is what the bot sent or changed there.

    A test that wants the server to refuse something names it in `expected_refusals`, (method, description) pairs.
    """

    def __init__(self, world: World, running: Running, *, chat_id: int = SARA, user_id: int = SARA) -> None:
        self.world, self.running = world, running
        self.chat_id, self.user_id = chat_id, user_id
        self.expected_refusals: list[tuple[str, str]] = []
        self._offset = 0

    def elsewhere(self, *, chat_id: int, user_id: int) -> "Reader":
        """Another person, or the same one in another chat, with the same bot."""
        return Reader(self.world, self.running, chat_id=chat_id, user_id=user_id)

    def now(self) -> datetime:
        """The bot's time."""
        return self.running.news.clock()

    def last_toast(self) -> str:
        """What the last tap was answered with."""
        query = list(self.world.queries.values())[-1]
        return str((query.answer or {}).get("text", ""))

    def forgive(self, description: str) -> None:
        """Forget the refusals whose description holds this."""
        self.world.refused[:] = [refused for refused in self.world.refused if description not in refused.description]

    async def say(self, text: str) -> Sequence[Sent]:
        """Write something; returns what the bot sent because of it, deliveries included."""
        before = len(self.world.sent)
        self.world.send(text, chat_id=self.chat_id, user_id=self.user_id)
        return await self._answers(before)

    async def press(self, label: str, *, message_id: int | None = None) -> Sequence[Sent]:
        """Press the newest button with this label."""
        before = len(self.world.sent)
        self.world.press_label(label, chat_id=self.chat_id, user_id=self.user_id, message_id=message_id)
        return await self._answers(before)

    async def press_data(self, data: str, *, message_id: int) -> Sequence[Sent]:
        """Press a button that need not be there any more."""
        before = len(self.world.sent)
        self.world.press(message_id, data, chat_id=self.chat_id, user_id=self.user_id, forged=True)
        return await self._answers(before)

    async def ask(self, text: str) -> Sent:
        """Write something that has one answer."""
        (answer,) = await self.say(text)
        return answer

    async def settle(self) -> None:
        """Let the bot work off all updates and everything that is due."""
        bot = self.running.app.bot
        while updates := await bot.get_updates(offset=self._offset, timeout=0, allowed_updates=ALLOWED_UPDATES):
            for update in updates:
                self._offset = update.update_id + 1
                await self.running.inbox.take(update)
            await self.running.inbox.drain()
        await self.running.deliveries.drain()
        await self.running.announcer.drain()

    async def _answers(self, before: int) -> Sequence[Sent]:
        await self.settle()
        return [sent for sent in self.world.sent[before:] if sent.chat_id == self.chat_id]
