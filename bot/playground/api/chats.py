"""A chat of the little world: who is in it, what was written in it, and the objects that the Bot API shows of it."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ADMINISTRATORS = frozenset({"creator", "administrator"})
PRESENT = ADMINISTRATORS | {"member", "restricted"}
NO_RIGHTS = {
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
}


@dataclass(slots=True)
class Post:
    """A message as it is kept: the object of the Bot API (replaced, never changed), and what that does not show."""

    message: Json
    by_bot: bool
    silent: bool = False
    keyboard: Json | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    def for_page(self, message: Json | None = None) -> Json:
        """The message (or an earlier form of it) with what the Bot API leaves out: `silent`, the keyboard under the
        input field, reactions.
        """
        page = (message or self.message) | {"silent": self.silent}
        if self.keyboard:
            page["reply_markup"] = self.keyboard
        if self.reactions:
            page["reactions"] = self.reactions_for_page()
        return page

    def reactions_for_page(self) -> list[Json]:
        """Everyone's reactions, each with the `user_id` of who reacted."""
        return [reaction | {"user_id": user} for user, given in self.reactions.items() for reaction in given]


@dataclass(slots=True)
class Chat:
    """A chat. For a private one `blocked`, `deactivated` and `started` tell of the person's side."""

    id: int
    kind: Kind
    title: str = ""
    username: str = ""
    first_name: str = ""
    is_forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    bot_status: Status = "member"
    bot_may_post: bool = True
    started: bool = True
    blocked: bool = False
    deactivated: bool = False
    migrated_to: int | None = None
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    posts: dict[int, Post] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    menu_button: Json | None = None
    unread: int = 0
    last_id: int = 0
    _brief: Json | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is a group of either sort."""
        return self.kind in {"group", "supergroup"}

    @property
    def is_member(self) -> bool:
        """Whether the bot is in it."""
        return self.bot_status in PRESENT and not self.blocked

    def brief(self) -> Json:
        """The Chat object that messages carry; the same one until the chat changes."""
        if self._brief is None:
            fields: Json = {"id": self.id, "type": self.kind}
            for name in ("title", "username", "first_name", "is_forum"):
                if value := getattr(self, name):
                    fields[name] = value
            self._brief = fields
        return self._brief

    def touch(self) -> None:
        """Say that its names changed."""
        self._brief = None

    def keep(self, post: Post, limit: int) -> None:
        """Add a message, and forget the oldest beyond `limit`."""
        self.posts[post.message["message_id"]] = post
        if len(self.posts) > limit:
            del self.posts[next(iter(self.posts))]

    def for_page(self) -> Json:
        """The chat with its messages, as the page shows it."""
        return {
            "chat": self.brief(),
            "messages": [post.for_page() for post in self.posts.values()],
            "member": self.bot_status in PRESENT,
            "status": self.bot_status,
            "blocked": self.blocked,
            "unread": self.unread,
            "topics": [{"thread_id": thread_id, "name": name} for thread_id, name in self.topics.items()],
            "pinned": self.pinned,
        }


def member(user: Json, status: Status) -> Json:
    """A ChatMember object."""
    fields: Json = {"status": status, "user": user}
    if status == "creator":
        fields["is_anonymous"] = False
    elif status == "administrator":
        fields |= {**NO_RIGHTS, "can_be_edited": False, "can_post_messages": True, "can_edit_messages": True}
    elif status == "kicked":
        fields["until_date"] = 0
    return fields
