"""Who may set a chat up: its administrators, as Telegram says at that moment."""

from collections import OrderedDict
from datetime import datetime, timedelta

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from digests.model import ChatKind

log = structlog.get_logger(__name__)

TRUSTED = timedelta(seconds=30)
"""How long somebody whom Telegram called an administrator is taken for one; who is none is asked for each time."""
MOST = 4096


class Rights:
    """Asks Telegram, and remembers for half a minute who was an administrator."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    async def may_set_up(self, bot: Bot, chat_id: int, user_id: int, kind: ChatKind, now: datetime) -> bool:
        """Whether a person may change what a group or channel gets. Raises what Telegram answers but 400 and 403."""
        key = (chat_id, user_id)
        if now - self._seen.get(key, now - TRUSTED) < TRUSTED:
            return True
        member = await _member(bot, chat_id, user_id)
        if member is None or not is_administrator(member, kind):
            self._seen.pop(key, None)
            return False
        self._seen[key] = now
        self._seen.move_to_end(key)
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return True

    def forget(self) -> None:
        """Ask anew for everyone."""
        self._seen.clear()


async def _member(bot: Bot, chat_id: int, user_id: int) -> ChatMember | None:
    """Somebody's membership, by the list of administrators where members are hidden from the bot; None without any."""
    try:
        return await bot.get_chat_member(chat_id, user_id)
    except BadRequest as error:
        log.info("rights.hidden", chat_id=chat_id, reason=error.message)
    except Forbidden:
        return None
    try:
        administrators = await bot.get_chat_administrators(chat_id)
    except (BadRequest, Forbidden) as error:
        log.info("rights.unknown", chat_id=chat_id, reason=error.message)
        return None
    return next((one for one in administrators if one.user.id == user_id), None)


def is_administrator(member: ChatMember, kind: ChatKind) -> bool:
    """Whether this membership lets somebody set the chat up. In a channel that takes the right to post in it."""
    if member.status == ChatMemberStatus.OWNER:
        return True
    if not isinstance(member, ChatMemberAdministrator):
        return False
    return kind is not ChatKind.CHANNEL or bool(member.can_post_messages)
