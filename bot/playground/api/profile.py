"""What the bot says of itself: name, descriptions, menus of commands."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.api.errors import bad_request

Json = dict[str, Any]
ScopeKey = tuple[str, int | None, int | None]
DEFAULT_SCOPE: ScopeKey = ("default", None, None)


def scope_key(scope: Json | None) -> ScopeKey:
    """A scope as a key: its type, chat and user."""
    if scope is None:
        return DEFAULT_SCOPE
    return (scope["type"], scope.get("chat_id"), scope.get("user_id"))


@dataclass(slots=True)
class Profile:
    """Texts by language ("" is for all others) and commands by scope and language."""

    names: dict[str, str] = field(default_factory=lambda: {"": "Baztab"})
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[ScopeKey, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})

    def menu(self, *, language: str, chat_id: int, user_id: int, kind: str, admin: bool = False) -> list[Json]:
        """The commands that a person sees in a chat: the narrowest scope that has any, their language first."""
        groups = "all_private_chats" if kind == "private" else "all_group_chats"
        scopes: list[ScopeKey] = [("chat_member", chat_id, user_id)]
        if admin:
            scopes.append(("chat_administrators", chat_id, None))
        scopes.append(("chat", chat_id, None))
        if admin:
            scopes.append(("all_chat_administrators", None, None))
        scopes += [(groups, None, None), DEFAULT_SCOPE]
        for scope in scopes:
            for code in (language[:2], ""):
                if commands := self.commands.get((scope, code)):
                    return commands
        return []

    def about(self, language: str) -> Json:
        """Name and descriptions in a language."""
        return {
            "name": self.localized(self.names, language),
            "description": self.localized(self.descriptions, language),
            "short_description": self.localized(self.short_descriptions, language),
        }

    def localized(self, texts: dict[str, str], language: str) -> str:
        """A text in a language, or that for all."""
        return texts.get(language[:2]) or texts.get("", "")


def check_language(code: str) -> str:
    """A language code as menus and descriptions take it: two letters or nothing. Raises ApiError (400)."""
    if code and not (len(code) == 2 and code.isascii() and code.islower() and code.isalpha()):
        raise bad_request("invalid language code specified")
    return code
