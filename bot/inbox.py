"""Updates on their way to the handlers: written to the database as they come, then handled in the order of their chat.

An update that was at work when the process was killed is taken up again, and one that Telegram sends a second time is
not: whoever writes to the bot is answered once, at worst twice, and never left without an answer.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from telegram import Bot, Update

from bot.delivery.stubborn import for_ever, stubbornly
from digests.clock import Clock
from digests.model import Incoming
from digests.ports import InboxStore

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 64
"""Chats at work at a time."""
LEASE = 60.0
"""Seconds that an update is held; renewed while it is at work."""
LONGEST = 300.0
"""Seconds after which an update is broken off: what its chat says meanwhile waits for it."""
TRIES = 3
"""Processes that may end while an update is at work before it is given up."""
REMEMBERED = timedelta(hours=25)
"""How long ids are kept: Telegram keeps updates for a day."""
IDLE = 1.0
"""Seconds between looks at the database where nobody wakes us (another process may have left something)."""


class Inbox:
    """Takes updates in and has them handled; `alone` where no other process answers for this bot.

    `handle` must end when the update has been dealt with. Errors in it are logged: they cost one update.
    """

    def __init__(
        self,
        name: str,
        store: InboxStore,
        bot: Bot,
        handle: Callable[[Update], Awaitable[object]],
        *,
        clock: Clock,
        alone: bool = False,
        side_by_side: int = SIDE_BY_SIDE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._store = store
        self._bot = bot
        self._handle = handle
        self._clock = clock
        self._alone = alone
        self._side_by_side = side_by_side
        self._sleep = sleep
        self._awake = asyncio.Event()
        self._stopping = False
        self._claiming: asyncio.Task[None] | None = None
        self._at_work: set[asyncio.Task[None]] = set()
        self._renewed: datetime = clock()

    async def take(self, update: Update) -> None:
        """Store an update; one that came before is dropped. Raises StorageError: then Telegram must send it again."""
        chat = update.effective_chat
        incoming = Incoming(
            update_id=update.update_id, chat_id=chat.id if chat is not None else None, body=update.to_json()
        )
        if await self._store.put(incoming, now=self._clock()):
            self._awake.set()
        else:
            log.info("update.repeated", update=update.update_id)

    async def start(self) -> None:
        """Take up what a crash left behind, then work."""
        await self.recover(abandoned=self._alone)
        self._claiming = asyncio.create_task(self._claim_forever(), name="inbox")

    async def recover(self, *, abandoned: bool = False) -> None:
        """Once a minute: what expired leases hold goes back (`abandoned`: all that is held)."""
        for number in await self._store.recover(now=self._clock(), tries=TRIES, abandoned=abandoned):
            log.error("update.given_up", update=number, tries=TRIES)
        self._awake.set()

    async def prune(self) -> None:
        """Forget the ids of updates that Telegram can't send any more."""
        await self._store.prune(self._clock() - REMEMBERED)

    async def stop(self, patience: float) -> None:
        """Take up no more, let what is at work end within `patience` seconds, give back what does not."""
        self._stopping = True
        self._awake.set()
        if self._claiming is not None:
            await self._claiming
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=patience)
        await self._break_off()
        if self._claiming is not None and (count := await self._store.give_back(self._name)):
            log.warning("updates.given_back", count=count)

    def hurry(self) -> None:
        """Stopping takes too long for somebody: break off what is at work."""
        for task in self._at_work:
            task.cancel()

    async def drain(self) -> None:
        """Handle everything that waits, one by one. For tests."""
        while batch := await self._claim(1):
            for one in batch:
                await self._work(one)

    async def _break_off(self) -> None:
        tasks = list(self._at_work)
        self.hurry()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _claim_forever(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                await self._renew()
                batch = await self._claim(self._side_by_side - len(self._at_work))
            except Exception:
                # Without this task nobody is answered; what it looks for will still be there next time.
                log.exception("inbox.claim_failed")
                batch = []
            for one in batch:
                task = asyncio.create_task(self._work(one), name=f"update-{one.update_id}")
                self._at_work.add(task)
                task.add_done_callback(self._ended)
            if not batch:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), IDLE)

    async def _claim(self, limit: int) -> list[Incoming]:
        if limit <= 0:
            return []
        return await self._store.claim(self._name, now=self._clock(), limit=limit, lease=LEASE)

    async def _renew(self) -> None:
        now = self._clock()
        if self._at_work and now - self._renewed > timedelta(seconds=LEASE / 3):
            await self._store.renew(self._name, now=now, lease=LEASE)
            self._renewed = now

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._at_work.discard(task)
        self._awake.set()

    async def _work(self, incoming: Incoming) -> None:
        try:
            update = Update.de_json(json.loads(incoming.body), self._bot)
            async with asyncio.timeout(LONGEST):
                await self._handle(update)
        except Exception:
            log.exception("update.failed", update=incoming.update_id)
        number = incoming.update_id
        await stubbornly(lambda: self._store.done(number), pauses=for_ever(), sleep=self._sleep, update=number)


class Polled(asyncio.Queue[object]):
    """Where PTB's poller puts updates: each is in the database before Telegram is told that it came."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox

    async def put(self, item: object) -> None:
        """Store an update, however long the database takes: the poller ends where this raises."""
        if isinstance(item, Update):
            await stubbornly(lambda: self._inbox.take(item), pauses=for_ever(), update=item.update_id)
