"""Methods about chats, their members and files."""

from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import ADMINISTRATORS, PRESENT, Chat, Json, member
from bot.playground.api.errors import bad_request
from bot.playground.api.world import TOPIC_COLORS, World

GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def seen_chat(world: World, params: Json) -> Chat:
    """A chat that the bot may look at. Raises ApiError: 400 where there is none, 403 where it is not in."""
    chat = world.find_chat(params["chat_id"])
    if chat.migrated_to is not None:
        return world.writable(chat.id)
    if chat.kind != "private":
        world.check_membership(chat)
    return chat


def get_chat(world: World, params: Json) -> Json:
    """Everything about a chat."""
    chat = seen_chat(world, params)
    full = chat.brief() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    if chat.username:
        full["active_usernames"] = [chat.username]
    if chat.pinned and (post := chat.posts.get(chat.pinned[-1])):
        full["pinned_message"] = post.message
    return full


def get_member(world: World, params: Json) -> Json:
    """What someone is in a chat."""
    chat = seen_chat(world, params)
    user_id = params["user_id"]
    user = world.me if user_id == world.me["id"] else world.users.get(user_id)
    if user is None:
        raise bad_request("member not found")
    return member(user, world.member_status(chat, user_id))


def get_administrators(world: World, params: Json) -> list[Json]:
    """The administrators of a group or channel; bots other than this one are none here."""
    chat = seen_chat(world, params)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [
        member(world.users[user_id], status) for user_id, status in chat.members.items() if status in ADMINISTRATORS
    ]
    return [*people, member(world.me, chat.bot_status)] if chat.bot_status in ADMINISTRATORS else people


def count_members(world: World, params: Json) -> int:
    """How many are in a chat, the bot among them."""
    chat = seen_chat(world, params)
    if chat.kind == "private":
        return 2
    return sum(status in PRESENT for status in chat.members.values()) + 1


def leave_chat(world: World, params: Json) -> bool:
    """The bot goes."""
    chat = seen_chat(world, params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.bot_leaves(chat)
    return True


def create_topic(world: World, params: Json) -> Json:
    """The bot opens a topic in a forum where it is administrator. Raises ApiError (400) where it may not."""
    chat = world.writable(params["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.bot_status not in ADMINISTRATORS:
        raise bad_request("not enough rights to create a topic")
    name, color = params["name"].strip(), params.get("icon_color", TOPIC_COLORS[0])
    if not name:
        raise bad_request("topic name is empty")
    if color not in TOPIC_COLORS:
        raise bad_request("wrong topic icon color specified")
    thread_id = world.add_topic(chat.id, name, user_id=world.me["id"], color=color)
    return {"message_thread_id": thread_id, "name": name, "icon_color": color}


def get_file(world: World, params: Json) -> Json:
    """Where a file can be fetched."""
    file = world.files.get(params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return file.brief() | {"file_path": file.path}


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": count_members,
    "leaveChat": leave_chat,
    "createForumTopic": create_topic,
    "getFile": get_file,
}
