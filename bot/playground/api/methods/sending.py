"""Methods that send: texts, photos, documents, places, copies."""

from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import ADMINISTRATORS, Chat, Json, Post
from bot.playground.api.entities import utf16_length
from bot.playground.api.errors import bad_request
from bot.playground.api.files import MOST_PHOTO_BYTES, StoredFile, image_size
from bot.playground.api.keyboards import check_markup, is_inline
from bot.playground.api.text import message_caption, message_text
from bot.playground.api.upload import Upload
from bot.playground.api.world import World

MOST_RICH_TEXT = 32_768
Content = Callable[[World, Json], Json]


def placed(world: World, chat: Chat, params: Json) -> Json:
    """The fields that say where a message stands: its topic, and what it replies to. Raises ApiError (400)."""
    fields: Json = {}
    thread_id = params.get("message_thread_id")
    if thread_id:
        if thread_id not in chat.topics:
            raise bad_request("message thread not found")
        if thread_id in chat.closed_topics and chat.bot_status not in ADMINISTRATORS:
            raise bad_request("TOPIC_CLOSED")
        fields |= {"message_thread_id": thread_id, "is_topic_message": True}
    reply = params.get("reply_parameters")
    if reply:
        other = world.find_chat(reply.get("chat_id", chat.id))
        post = other.posts.get(reply["message_id"])
        if post is not None and other is chat:
            fields["reply_to_message"] = world.quoted(post)
        elif post is None and not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    return fields


def send(world: World, params: Json, method: str, fields: Json) -> Json:
    """Put a message of the bot into a chat, within the limits. Raises ApiError."""
    chat = world.writable(params["chat_id"])
    where = placed(world, chat, params)
    markup = params.get("reply_markup")
    keyboard = check_markup(markup) if markup else None
    paid = bool(params.get("allow_paid_broadcast"))
    world.flood.take(chat.id, group=chat.is_group, paid=paid, now=world.now())
    message = headed(world, chat) | where | world.known_users(fields)
    if params.get("protect_content"):
        message["has_protected_content"] = True
    beneath = None
    if keyboard:
        if is_inline(keyboard):
            message["reply_markup"] = keyboard
        else:
            beneath = keyboard
    silent = bool(params.get("disable_notification"))
    post = world.store(chat, message, by_bot=True, silent=silent, keyboard=beneath)
    return world.accepted(method, chat, post)


def headed(world: World, chat: Chat) -> Json:
    """A message of the bot without its content."""
    message: Json = {"message_id": world.next_message_id(chat)}
    if chat.kind == "channel":
        message["sender_chat"] = chat.brief()
    else:
        message["from"] = world.me
    message["chat"] = chat.brief()
    message["date"] = int(world.now())
    return message


def send_message(world: World, params: Json) -> Json:
    """A text."""
    fields = message_text(params)
    if preview := params.get("link_preview_options"):
        fields["link_preview_options"] = preview
    return send(world, params, "sendMessage", fields)


def stored_file(world: World, value: Any, what: str) -> StoredFile:
    """The file of a parameter: an upload, or the id of one that is known. Raises ApiError (400)."""
    if isinstance(value, Upload):
        return world.files.add(value.name, value.body, "photos" if what == "photo" else "documents")
    file = world.files.get(value) if isinstance(value, str) else None
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def photo_fields(world: World, value: Any) -> Json:
    """`photo` of a message. Raises ApiError (400) for what is no picture that Telegram takes."""
    file = stored_file(world, value, "photo")
    size = image_size(file.body)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if len(file.body) > MOST_PHOTO_BYTES:
        raise bad_request("file is too big")
    if width + height > 10_000 or max(width, height) > 20 * max(min(width, height), 1):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [file.brief() | {"width": width, "height": height}]}


def document_fields(world: World, value: Any) -> Json:
    """`document` of a message."""
    file = stored_file(world, value, "document")
    return {"document": file.brief() | {"file_name": file.name, "mime_type": file.mime_type}}


def send_photo(world: World, params: Json) -> Json:
    """A picture with a caption."""
    world.writable(params["chat_id"])
    fields = photo_fields(world, params["photo"]) | message_caption(params)
    return send(world, params, "sendPhoto", fields | media_options(params))


def media_options(params: Json) -> Json:
    """The flags of a picture that its message shows."""
    options: Json = {}
    if params.get("show_caption_above_media"):
        options["show_caption_above_media"] = True
    if params.get("has_spoiler"):
        options["has_media_spoiler"] = True
    return options


def send_document(world: World, params: Json) -> Json:
    """A file with a caption."""
    world.writable(params["chat_id"])
    fields = document_fields(world, params["document"]) | message_caption(params)
    return send(world, params, "sendDocument", fields)


def media_fields(world: World, media: Json, uploads: Json) -> Json:
    """The fields of one InputMedia; `attach://name` stands for an upload of that name."""
    value: Any = media["media"]
    if isinstance(value, str) and value.startswith("attach://"):
        value = uploads.get(value.removeprefix("attach://"))
    fields = photo_fields(world, value) if media["type"] == "photo" else document_fields(world, value)
    return fields | message_caption(media) | media_options(media)


def send_media_group(world: World, params: Json) -> list[Json]:
    """Two to ten pictures or files as one album."""
    media = params["media"]
    if not 2 <= len(media) <= 10:
        raise bad_request("the number of media in an album must be 2-10")
    if len({item["type"] for item in media}) > 1:
        raise bad_request("pictures and documents can't be mixed in an album")
    world.writable(params["chat_id"])
    contents = [media_fields(world, item, params.get("uploads", {})) for item in media]
    album = str(world.events.seq + 10_000_000)
    return [send(world, params, "sendMediaGroup", fields | {"media_group_id": album}) for fields in contents]


def send_location(world: World, params: Json) -> Json:
    """A place."""
    if abs(params["latitude"]) > 90 or abs(params["longitude"]) > 180:
        raise bad_request("wrong location specified")
    location = {"latitude": params["latitude"], "longitude": params["longitude"]}
    return send(world, params, "sendLocation", {"location": location})


def rich_fields(rich: Json) -> Json:
    """`rich_message` of a message, in one paragraph, with its source for the page. Raises ApiError (400)."""
    sources = [name for name in ("html", "markdown") if rich.get(name)]
    if len(sources) != 1:
        raise bad_request("exactly one of html and markdown must be given in a rich message")
    source = rich[sources[0]]
    if utf16_length(source) > MOST_RICH_TEXT:
        raise bad_request("rich message is too long")
    message: Json = {"blocks": [{"type": "paragraph", "text": source}], sources[0]: source}
    if rich.get("is_rtl"):
        message["is_rtl"] = True
    return {"rich_message": message}


def send_rich_message(world: World, params: Json) -> Json:
    """A rich message: taken in and shown as its source."""
    return send(world, params, "sendRichMessage", rich_fields(params["rich_message"]))


def origin(post: Post) -> Json:
    """Where a forwarded message came from."""
    message = post.message
    known = message.get("forward_origin")
    if known:
        return dict(known)
    if "from" in message:
        return {"type": "user", "date": message["date"], "sender_user": message["from"]}
    fields = {"type": "channel", "date": message["date"], "chat": message["chat"]}
    return fields | {"message_id": message["message_id"]}


CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    "photo",
    "document",
    "location",
    "rich_message",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)


def content_of(post: Post, what: str) -> Json:
    """The fields that make a message's content. Raises ApiError (400) for a service message."""
    fields = {name: post.message[name] for name in CONTENT if name in post.message}
    if not fields:
        raise bad_request(f"message can't be {what}")
    return fields


def forward_message(world: World, params: Json) -> Json:
    """A message of one chat, shown in another with where it came from."""
    post = world.find_post(world.find_chat(params["from_chat_id"]), params["message_id"], "to forward")
    fields = content_of(post, "forwarded") | {"forward_origin": origin(post)}
    return send(world, params, "forwardMessage", fields)


def copy_message(world: World, params: Json) -> Json:
    """A message of one chat, sent to another as a new one."""
    post = world.find_post(world.find_chat(params["from_chat_id"]), params["message_id"], "to copy")
    fields = content_of(post, "copied")
    if "caption" in params and "text" not in fields:
        fields = {name: value for name, value in fields.items() if not name.startswith("caption")}
        fields |= message_caption(params)
    return {"message_id": send(world, params, "copyMessage", fields)["message_id"]}


def inline_content(result: Json) -> Json:
    """The message that an inline result becomes; of a picture, its caption or address. Raises ApiError (400)."""
    content = result.get("input_message_content")
    if content is not None:
        fields = message_text({**content, "text": content["message_text"]})
        if preview := content.get("link_preview_options"):
            fields["link_preview_options"] = preview
    else:
        caption = message_caption(result)
        fields = {"text": caption.get("caption", result["photo_url"])}
        if "caption_entities" in caption:
            fields["entities"] = caption["caption_entities"]
    if markup := result.get("reply_markup"):
        keyboard = check_markup(markup)
        if keyboard:
            fields["reply_markup"] = keyboard
    return fields


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendRichMessage": send_rich_message,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
}
