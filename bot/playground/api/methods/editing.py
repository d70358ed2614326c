"""Methods that change or remove what was sent: edits, deletions, reactions, pins."""

from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import ADMINISTRATORS, Chat, Json, Post
from bot.playground.api.errors import ApiError, bad_request
from bot.playground.api.keyboards import check_markup
from bot.playground.api.methods.sending import CONTENT, headed, media_fields, rich_fields
from bot.playground.api.text import message_caption, message_text
from bot.playground.api.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 "
    "😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 "
    "👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
REACTIONS = frozenset(EMOJI.split())
"""What bots may react with."""


def target(world: World, params: Json) -> tuple[Chat, Post, bool]:
    """The message that a call edits, and whether it was sent through inline mode. Raises ApiError."""
    inline_id = params.get("inline_message_id")
    if inline_id is not None:
        place = world.inline_messages.get(inline_id)
        if place is None:
            raise bad_request("MESSAGE_ID_INVALID")
        chat = world.chats[place[0]]
        return chat, world.find_post(chat, place[1], "to edit"), True
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    chat = world.writable(params["chat_id"])
    post = world.find_post(chat, params["message_id"], "to edit")
    if not post.by_bot:
        raise bad_request("message can't be edited")
    return chat, post, False


def edit(world: World, params: Json, method: str, replaced: tuple[str, ...], fields: Json) -> Json | bool:
    """Replace fields and keyboard of a message; True for one sent through inline mode. Raises ApiError."""
    chat, post, inline = target(world, params)
    markup = params.get("reply_markup")
    keyboard = check_markup(markup) if markup else None
    kept = {name: value for name, value in post.message.items() if name not in {*replaced, "reply_markup", "edit_date"}}
    message = kept | world.known_users(fields)
    if keyboard:
        message["reply_markup"] = keyboard
    if message == {name: value for name, value in post.message.items() if name != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    message["edit_date"] = int(world.now())
    post.message = message
    world.events.append("edited", post=post, message=message)
    world.accepted(method, chat, post)
    return True if inline else message


def edit_text(world: World, params: Json) -> Json | bool:
    """Another text for a message, or a rich message in its place."""
    replaced = ("text", "entities", "link_preview_options", "rich_message")
    if "rich_message" in params:
        fields = rich_fields(params["rich_message"])
    elif "text" in params:
        fields = message_text(params)
        if preview := params.get("link_preview_options"):
            fields["link_preview_options"] = preview
    else:
        raise bad_request("message text is empty")
    _, post, _ = target(world, params)
    if "text" not in post.message and "rich_message" not in post.message:
        raise bad_request("there is no text in the message to edit")
    return edit(world, params, "editMessageText", replaced, fields)


def edit_caption(world: World, params: Json) -> Json | bool:
    """Another caption for a picture or file."""
    _, post, _ = target(world, params)
    if "photo" not in post.message and "document" not in post.message:
        raise bad_request("there is no caption in the message to edit")
    replaced = ("caption", "caption_entities", "show_caption_above_media")
    fields = message_caption(params)
    if params.get("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    return edit(world, params, "editMessageCaption", replaced, fields)


def edit_media(world: World, params: Json) -> Json | bool:
    """Another picture or file, with its caption."""
    target(world, params)
    replaced = CONTENT
    fields = media_fields(world, params["media"], params.get("uploads", {}))
    return edit(world, params, "editMessageMedia", replaced, fields)


def edit_markup(world: World, params: Json) -> Json | bool:
    """Another keyboard, or none."""
    return edit(world, params, "editMessageReplyMarkup", (), {})


def deletable(world: World, chat: Chat, post: Post) -> bool:
    """Whether the bot may delete a message: its own, anyone's in a private chat, all where it is administrator."""
    return post.by_bot or chat.kind == "private" or chat.bot_status in ADMINISTRATORS


def delete_message(world: World, params: Json) -> bool:
    """Remove one message."""
    chat = world.writable(params["chat_id"])
    post = world.find_post(chat, params["message_id"], "to delete")
    if not deletable(world, chat, post):
        raise bad_request("message can't be deleted")
    world.delete(chat, [params["message_id"]])
    return True


def delete_messages(world: World, params: Json) -> bool:
    """Remove up to a hundred messages; those that are not there are passed over."""
    chat, ids = world.writable(params["chat_id"]), params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise bad_request("1-100 message identifiers must be specified")
    found = [message_id for message_id in ids if message_id in chat.posts]
    if not all(deletable(world, chat, chat.posts[message_id]) for message_id in found):
        raise bad_request("message can't be deleted")
    if found:
        world.delete(chat, found)
    return True


def set_reaction(world: World, params: Json) -> bool:
    """The bot reacts to a message, or takes its reaction back."""
    chat = world.writable(params["chat_id"])
    post = world.find_post(chat, params["message_id"], "to react")
    reactions = params.get("reaction", [])
    if len(reactions) > 1 or any(
        reaction["type"] != "emoji" or reaction["emoji"] not in REACTIONS for reaction in reactions
    ):
        raise bad_request("REACTION_INVALID")
    post.reactions[world.me["id"]] = reactions
    world.reacted(chat, post)
    return True


def pinning(world: World, params: Json) -> Chat:
    """The chat in which a call pins. Raises ApiError where the bot may not."""
    chat = world.writable(params["chat_id"])
    if chat.kind != "private" and chat.bot_status not in ADMINISTRATORS:
        raise ApiError(400, "Bad Request: not enough rights to manage pinned messages in the chat")
    return chat


def pin(world: World, params: Json) -> bool:
    """Pin a message."""
    chat = pinning(world, params)
    post = world.find_post(chat, params["message_id"], "to pin")
    if params["message_id"] not in chat.pinned:
        chat.pinned.append(params["message_id"])
        world.store(chat, headed(world, chat) | {"pinned_message": world.quoted(post)}, by_bot=True, silent=True)
        world.chat_changed(chat)
    return True


def unpin(world: World, params: Json) -> bool:
    """Unpin a message; the newest where none is named."""
    chat = pinning(world, params)
    message_id = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.chat_changed(chat)
    return True


def unpin_all(world: World, params: Json) -> bool:
    """Unpin everything."""
    chat = pinning(world, params)
    chat.pinned.clear()
    world.chat_changed(chat)
    return True


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_reaction,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
}
