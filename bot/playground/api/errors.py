"""How the server says no: an error with the code and the description that Telegram would answer."""

from dataclasses import dataclass


@dataclass(eq=False)
class ApiError(Exception):
    """A call that is refused. `retry_after` is in seconds; `migrate_to` is the id of the supergroup a group became."""

    code: int
    description: str
    retry_after: int | None = None
    migrate_to: int | None = None

    def answer(self) -> dict[str, object]:
        """The body of the answer, as the Bot API gives it."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        elif self.migrate_to is not None:
            body["parameters"] = {"migrate_to_chat_id": self.migrate_to}
        return body


def bad_request(description: str) -> ApiError:
    """A 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    """A 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {description}")
