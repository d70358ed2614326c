"""What the supported methods and the objects in their parameters are made of, in the notation of `schema`.

Names, types and lengths are those of Bot API 10.1.
"""

_TO = "business_connection_id:str chat_id:int|str! message_thread_id:int direct_messages_topic_id:int "
_QUIET = "disable_notification:bool protect_content:bool "
_MARKUP = "reply_markup:InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply "
_SEND = (
    _TO
    + _QUIET
    + "allow_paid_broadcast:bool message_effect_id:str suggested_post_parameters:SuggestedPostParameters "
    + "reply_parameters:ReplyParameters "
)
_EDIT = (
    "business_connection_id:str chat_id:int|str message_id:int inline_message_id:str reply_markup:InlineKeyboardMarkup "
)
_CAPTION = "caption:str parse_mode:str caption_entities:[MessageEntity] "
_SCOPE = "scope:BotCommandScope language_code:str "
_CHAT = "chat_id:int|str! "

METHODS: dict[str, str] = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:[str]",
    "setWebhook": "url:str! certificate:file ip_address:str max_connections:int allowed_updates:[str] "
    "drop_pending_updates:bool secret_token:str(1-256)",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": _SEND
    + _MARKUP
    + "text:str! parse_mode:str entities:[MessageEntity] link_preview_options:LinkPreviewOptions",
    "sendPhoto": _SEND + _MARKUP + _CAPTION + "photo:file! show_caption_above_media:bool has_spoiler:bool",
    "sendDocument": _SEND + _MARKUP + _CAPTION + "document:file! thumbnail:file disable_content_type_detection:bool",
    "sendMediaGroup": _TO
    + _QUIET
    + "media:[InputMedia]! allow_paid_broadcast:bool message_effect_id:str reply_parameters:ReplyParameters",
    "sendLocation": _SEND
    + _MARKUP
    + "latitude:float! longitude:float! horizontal_accuracy:float live_period:int heading:int "
    "proximity_alert_radius:int",
    "sendRichMessage": _SEND + _MARKUP + "rich_message:InputRichMessage!",
    "forwardMessage": _CHAT
    + _QUIET
    + "message_thread_id:int direct_messages_topic_id:int from_chat_id:int|str! message_id:int! "
    "video_start_timestamp:int message_effect_id:str suggested_post_parameters:SuggestedPostParameters",
    "copyMessage": _CHAT
    + _QUIET
    + _MARKUP
    + _CAPTION
    + "message_thread_id:int direct_messages_topic_id:int from_chat_id:int|str! message_id:int! "
    "video_start_timestamp:int show_caption_above_media:bool allow_paid_broadcast:bool message_effect_id:str "
    "suggested_post_parameters:SuggestedPostParameters reply_parameters:ReplyParameters",
    "editMessageText": _EDIT
    + "text:str parse_mode:str entities:[MessageEntity] link_preview_options:LinkPreviewOptions "
    "rich_message:InputRichMessage",
    "editMessageCaption": _EDIT + _CAPTION + "show_caption_above_media:bool",
    "editMessageMedia": _EDIT + "media:InputMedia!",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": _CHAT + "message_id:int!",
    "deleteMessages": _CHAT + "message_ids:[int]!",
    "answerCallbackQuery": "callback_query_id:str! text:str(0-200) show_alert:bool url:str cache_time:int",
    "answerInlineQuery": "inline_query_id:str! results:[InlineQueryResult]! cache_time:int is_personal:bool "
    "next_offset:str button:InlineQueryResultsButton",
    "sendChatAction": "business_connection_id:str chat_id:int|str! message_thread_id:int action:str!",
    "setMyCommands": "commands:[BotCommand]! " + _SCOPE,
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "setMyName": "name:str(0-64) language_code:str",
    "getMyName": "language_code:str",
    "setMyDescription": "description:str(0-512) language_code:str",
    "getMyDescription": "language_code:str",
    "setMyShortDescription": "short_description:str(0-120) language_code:str",
    "getMyShortDescription": "language_code:str",
    "setChatMenuButton": "chat_id:int menu_button:MenuButton",
    "getChatMenuButton": "chat_id:int",
    "getChat": _CHAT,
    "getChatMember": _CHAT + "user_id:int!",
    "getChatAdministrators": _CHAT + "return_bots:bool",
    "getChatMemberCount": _CHAT,
    "leaveChat": _CHAT,
    "createForumTopic": _CHAT + "name:str(1-128)! icon_color:int icon_custom_emoji_id:str",
    "getFile": "file_id:str!",
    "setMessageReaction": _CHAT + "message_id:int! reaction:[ReactionType] is_big:bool",
    "pinChatMessage": _CHAT + "business_connection_id:str message_id:int! disable_notification:bool",
    "unpinChatMessage": _CHAT + "business_connection_id:str message_id:int",
    "unpinAllChatMessages": _CHAT,
}

_INPUT_MEDIA = "type:str! media:str! caption:str parse_mode:str caption_entities:[MessageEntity] "
_RESULT = "type:str! id:str(1-64B)! reply_markup:InlineKeyboardMarkup "
_RIGHTS = (
    "is_anonymous:bool! can_manage_chat:bool! can_delete_messages:bool! can_manage_video_chats:bool! "
    "can_restrict_members:bool! can_promote_members:bool! can_change_info:bool! can_invite_users:bool! "
    "can_post_stories:bool! can_edit_stories:bool! can_delete_stories:bool! can_post_messages:bool "
    "can_edit_messages:bool can_pin_messages:bool can_manage_topics:bool can_manage_direct_messages:bool "
    "can_manage_tags:bool"
)

TYPES: dict[str, str] = {
    "MessageEntity": "type:str! offset:int! length:int! url:str user:User language:str custom_emoji_id:str "
    "unix_time:int date_time_format:str",
    "User": "id:int! is_bot:bool! first_name:str! last_name:str username:str language_code:str is_premium:bool "
    "added_to_attachment_menu:bool can_join_groups:bool can_read_all_group_messages:bool supports_guest_queries:bool "
    "supports_inline_queries:bool can_connect_to_business:bool has_main_web_app:bool has_topics_enabled:bool "
    "allows_users_to_create_topics:bool can_manage_bots:bool supports_join_request_queries:bool",
    "LinkPreviewOptions": "is_disabled:bool url:str prefer_small_media:bool prefer_large_media:bool "
    "show_above_text:bool",
    "ReplyParameters": "message_id:int! chat_id:int|str allow_sending_without_reply:bool quote:str(0-1024) "
    "quote_parse_mode:str quote_entities:[MessageEntity] quote_position:int checklist_task_id:int poll_option_id:str",
    "SuggestedPostParameters": "price:SuggestedPostPrice send_date:int",
    "SuggestedPostPrice": "currency:str! amount:int!",
    "InlineKeyboardMarkup": "inline_keyboard:[[InlineKeyboardButton]]!",
    "InlineKeyboardButton": "text:str! icon_custom_emoji_id:str style:str url:str callback_data:str web_app:WebAppInfo "
    "login_url:LoginUrl switch_inline_query:str switch_inline_query_current_chat:str "
    "switch_inline_query_chosen_chat:SwitchInlineQueryChosenChat copy_text:CopyTextButton callback_game:any pay:bool",
    "WebAppInfo": "url:str!",
    "LoginUrl": "url:str! forward_text:str bot_username:str request_write_access:bool",
    "CopyTextButton": "text:str(1-256)!",
    "SwitchInlineQueryChosenChat": "query:str allow_user_chats:bool allow_bot_chats:bool allow_group_chats:bool "
    "allow_channel_chats:bool",
    "ReplyKeyboardMarkup": "keyboard:[[KeyboardButton]]! is_persistent:bool resize_keyboard:bool "
    "one_time_keyboard:bool input_field_placeholder:str(1-64) selective:bool",
    "KeyboardButton": "text:str! icon_custom_emoji_id:str style:str request_users:KeyboardButtonRequestUsers "
    "request_chat:KeyboardButtonRequestChat request_managed_bot:KeyboardButtonRequestManagedBot request_contact:bool "
    "request_location:bool request_poll:KeyboardButtonPollType web_app:WebAppInfo",
    "KeyboardButtonRequestUsers": "request_id:int! user_is_bot:bool user_is_premium:bool max_quantity:int "
    "request_name:bool request_username:bool request_photo:bool",
    "KeyboardButtonRequestChat": "request_id:int! chat_is_channel:bool! chat_is_forum:bool chat_has_username:bool "
    "chat_is_created:bool user_administrator_rights:ChatAdministratorRights "
    "bot_administrator_rights:ChatAdministratorRights bot_is_member:bool request_title:bool request_username:bool "
    "request_photo:bool",
    "KeyboardButtonRequestManagedBot": "request_id:int! suggested_name:str suggested_username:str",
    "KeyboardButtonPollType": "type:str",
    "ChatAdministratorRights": _RIGHTS,
    "ReplyKeyboardRemove": "remove_keyboard:bool! selective:bool",
    "ForceReply": "force_reply:bool! input_field_placeholder:str(1-64) selective:bool",
    "BotCommand": "command:str(1-32)! description:str(1-256)!",
    "ScopePlain": "type:str!",
    "ScopeChat": "type:str! chat_id:int|str!",
    "ScopeMember": "type:str! chat_id:int|str! user_id:int!",
    "MenuButtonPlain": "type:str!",
    "MenuButtonWebApp": "type:str! text:str! web_app:WebAppInfo!",
    "ReactionTypeEmoji": "type:str! emoji:str!",
    "ReactionTypeCustomEmoji": "type:str! custom_emoji_id:str!",
    "ReactionTypePaid": "type:str!",
    "InputMediaPhoto": _INPUT_MEDIA + "show_caption_above_media:bool has_spoiler:bool",
    "InputMediaDocument": _INPUT_MEDIA + "thumbnail:str disable_content_type_detection:bool",
    "InputRichMessage": "html:str markdown:str is_rtl:bool skip_entity_detection:bool",
    "InlineQueryResultArticle": _RESULT
    + "title:str! input_message_content:InputMessageContent! url:str description:str thumbnail_url:str "
    "thumbnail_width:int thumbnail_height:int",
    "InlineQueryResultPhoto": _RESULT
    + _CAPTION
    + "photo_url:str! thumbnail_url:str! photo_width:int photo_height:int title:str description:str "
    "show_caption_above_media:bool input_message_content:InputMessageContent",
    "InputMessageContent": "message_text:str(1-4096)! parse_mode:str entities:[MessageEntity] "
    "link_preview_options:LinkPreviewOptions",
    "InlineQueryResultsButton": "text:str! web_app:WebAppInfo start_parameter:str(1-64)",
}

UNIONS: dict[str, dict[str, str]] = {
    "BotCommandScope": {
        "default": "ScopePlain",
        "all_private_chats": "ScopePlain",
        "all_group_chats": "ScopePlain",
        "all_chat_administrators": "ScopePlain",
        "chat": "ScopeChat",
        "chat_administrators": "ScopeChat",
        "chat_member": "ScopeMember",
    },
    "MenuButton": {"commands": "MenuButtonPlain", "default": "MenuButtonPlain", "web_app": "MenuButtonWebApp"},
    "ReactionType": {
        "emoji": "ReactionTypeEmoji",
        "custom_emoji": "ReactionTypeCustomEmoji",
        "paid": "ReactionTypePaid",
    },
    "InputMedia": {"photo": "InputMediaPhoto", "document": "InputMediaDocument"},
    "InlineQueryResult": {"article": "InlineQueryResultArticle", "photo": "InlineQueryResultPhoto"},
}
