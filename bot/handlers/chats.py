"""Groups and channels: the bot comes, goes, and says what it does."""

from telegram import ChatMember
from telegram.constants import ChatMemberStatus

from bot.handlers.session import Session
from bot.render import replies
from bot.view import Message


def is_out(member: ChatMember) -> bool:
    """Whether the bot, by this membership, can't write to the chat."""
    return member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def hello(session: Session) -> Message:
    """What the bot says when it comes into a group."""
    return replies.group_hello(session.view)
