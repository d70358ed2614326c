"""Scripted failures: the next calls of a method answer with an error, or the connection is cut."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.playground.api.errors import ApiError

Cut = Literal["", "before", "after", "never-answer"]
CUTS = ("", "before", "after", "never-answer")


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` calls of `method` ("*" for any), of one chat where `chat_id` is given.

    `cut` is "before" (the connection ends and nothing was done), "after" (done, but the connection ends without an
    answer) or "never-answer" (done, and silence). `error_code` with `description` is an answer of Telegram's form;
    `body` is an answer word for word, for what no Bot API would say, with `status` as its HTTP status.
    """

    method: str
    times: int = 1
    error_code: int | None = None
    description: str = ""
    retry_after: int | None = None
    migrate_to: int | None = None
    cut: Cut = ""
    body: str | None = None
    status: int = 200
    chat_id: int | None = None

    def error(self) -> ApiError | None:
        """The refusal that it stands for, if it is one."""
        if self.error_code is None:
            return None
        description = self.description or f"Scripted failure {self.error_code}"
        return ApiError(self.error_code, description, self.retry_after, self.migrate_to)


class Faults:
    """The failures still to come, first one first."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a failure behind the others."""
        if fault.times > 0:
            self.pending.append(fault)

    def clear(self) -> None:
        """Forget all that are still to come."""
        self.pending.clear()

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The failure that this call meets, counted down; None where it meets none."""
        for fault in self.pending:
            if fault.method.lower() not in {"*", method.lower()}:
                continue
            if fault.chat_id is not None and str(params.get("chat_id")) != str(fault.chat_id):
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.pending.remove(fault)
            return fault
        return None
