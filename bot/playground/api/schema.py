"""The parameters of the supported methods, and their check.

The tables are in a small notation: `name:type`, `!` after it where it is required; types are int, float, str, bool,
file, any, a name from TYPES, `[type]` for a list and `a|b` for a choice. `str(1-64)` limits the characters and
`str(1-64B)` the bytes. Everything that Telegram's published schema calls wrong is refused here, unknown parameters
included: that is stricter than Telegram, which ignores those.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.playground.api.errors import ApiError, bad_request
from bot.playground.api.html import is_unicode
from bot.playground.api.schema_tables import METHODS, TYPES, UNIONS

Check = Callable[[Any], Any]
"""Returns the value as the methods read it, or raises Wrong."""

LIMITED = re.compile(r"str\((\d+)-(\d+)(B?)\)")
PLAIN = {"int", "float", "str", "bool", "file", "any"}


class Wrong(Exception):  # noqa: N818 — says what a value is
    """A value that does not fit its type; the text says where and why."""


class Parameters:
    """The checked parameters of one method."""

    __slots__ = ("checks", "json_names", "name", "required")

    def __init__(self, name: str, notation: str) -> None:
        self.name = name
        self.checks: dict[str, Check] = {}
        self.required: list[str] = []
        self.json_names: set[str] = set()
        for part in notation.split():
            field, _, kind = part.partition(":")
            if kind.endswith("!"):
                kind = kind[:-1]
                self.required.append(field)
            self.checks[field] = compile_type(kind)
            if not kind.startswith("str") and kind != "file":
                self.json_names.add(field)

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as the methods use them. Raises ApiError (400) for what the schema calls wrong."""
        checks, json_names = self.checks, self.json_names
        values: dict[str, Any] = {}
        for name, value in raw.items():
            check = checks.get(name)
            if check is None:
                raise bad_request(f'there is no parameter "{name}" in {self.name}')
            try:
                values[name] = check(decode(value) if name in json_names and isinstance(value, str) else value)
            except Wrong as wrong:
                raise describe(name, wrong) from None
        for name in self.required:
            if name not in values:
                raise missing(name)
        return values


def describe(name: str, wrong: Wrong) -> ApiError:
    """The refusal of one parameter, in Telegram's words where it has some."""
    if str(wrong) == "UTF-8":
        return bad_request("strings must be encoded in UTF-8")
    if name == "reply_markup":
        return bad_request(f"can't parse reply keyboard markup: {wrong}")
    return bad_request(f'can\'t parse parameter "{name}": {wrong}')


def missing(name: str) -> ApiError:
    """The refusal of a call that lacks a parameter."""
    texts = {"text": "message text is empty", "chat_id": "chat_id is empty", "message_id": "message_id is empty"}
    return bad_request(texts.get(name, f'parameter "{name}" is required'))


def decode(value: str) -> Any:
    """A form's value for a parameter that is no plain text: JSON, or the text itself where it is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def compile_type(kind: str) -> Check:
    """The check of a type in the notation."""
    if "|" in kind and not kind.startswith("["):
        return any_of([compile_type(option) for option in kind.split("|")])
    if kind.startswith("["):
        return listed(compile_type(kind[1:-1]))
    if kind in SCALARS:
        return SCALARS[kind]
    if limits := LIMITED.fullmatch(kind):
        return limited(int(limits[1]), int(limits[2]), in_bytes=bool(limits[3]))
    return Structure(kind)


def check_int(value: Any) -> int:
    """A whole number; booleans are none."""
    if type(value) is int:
        return value
    raise Wrong(f"{shown(value)} is no integer")


def check_float(value: Any) -> float:
    """A number."""
    if type(value) in {int, float}:
        return float(value)
    raise Wrong(f"{shown(value)} is no number")


def check_str(value: Any) -> str:
    """Text that is UTF-8."""
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no string")
    if not is_unicode(value):
        raise Wrong("UTF-8")
    return value


def check_bool(value: Any) -> bool:
    """True or false, as JSON has them."""
    if isinstance(value, bool):
        return value
    raise Wrong(f"{shown(value)} is no boolean")


def check_any(value: Any) -> Any:
    """Whatever it is: uploads, and objects of no consequence here."""
    return value


SCALARS: dict[str, Check] = {
    "int": check_int,
    "float": check_float,
    "str": check_str,
    "bool": check_bool,
    "file": check_any,
    "any": check_any,
}


def limited(least: int, most: int, *, in_bytes: bool) -> Check:
    """The check of a text with a length."""

    def check(value: Any) -> str:
        text = check_str(value)
        length = len(text.encode()) if in_bytes else len(text)
        if least <= length <= most:
            return text
        raise Wrong(f"{length} {'bytes' if in_bytes else 'characters'}, allowed are {least}-{most}")

    return check


def listed(check: Check) -> Check:
    """The check of a list."""

    def check_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is no array")
        return [check(item) for item in value]

    return check_list


def any_of(checks: list[Check]) -> Check:
    """The check of a value that may have one of several types; the last one's complaint is reported."""

    def check(value: Any) -> Any:
        complaint = Wrong("no such type")
        for option in checks:
            try:
                return option(value)
            except Wrong as wrong:
                complaint = wrong if len(str(wrong)) > len(str(complaint)) else complaint
        raise complaint

    return check


class Structure:
    """The check of an object with named fields, or of one of several objects told apart by their `type`."""

    __slots__ = ("_parameters", "name")

    def __init__(self, name: str) -> None:
        if name not in TYPES and name not in UNIONS:
            raise KeyError(name)
        self.name = name
        self._parameters: dict[str, Parameters] | None = None

    def __call__(self, value: Any) -> dict[str, Any]:
        """The object with its fields checked. Raises Wrong."""
        if not isinstance(value, dict):
            raise Wrong(f"{shown(value)} is no {self.name}")
        fields = self._fields_of(value)
        checked: dict[str, Any] = {}
        for name, item in value.items():
            check = fields.checks.get(name)
            if check is None:
                raise Wrong(f'there is no field "{name}" in {self.name}')
            try:
                checked[name] = check(item)
            except Wrong as wrong:
                raise Wrong(f"{name}: {wrong}" if str(wrong) != "UTF-8" else "UTF-8") from None
        for name in fields.required:
            if name not in checked:
                raise Wrong(f'field "{name}" of {self.name} is missing')
        return checked

    def _fields_of(self, value: dict[str, Any]) -> Parameters:
        if self._parameters is None:
            union = UNIONS.get(self.name, {"": self.name})
            self._parameters = {kind: Parameters(target, TYPES[target]) for kind, target in union.items()}
        if "" in self._parameters:
            return self._parameters[""]
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self._parameters:
            raise Wrong(f"{shown(kind)} is no type of {self.name} that is supported here")
        return self._parameters[kind]


def shown(value: Any) -> str:
    """A value as an error names it: short."""
    text = json.dumps(value, ensure_ascii=True, default=lambda other: type(other).__name__)
    return text if len(text) <= 40 else text[:39] + "…"


SUPPORTED: dict[str, Parameters] = {name.lower(): Parameters(name, notation) for name, notation in METHODS.items()}
"""By the method's name in lower case, as Telegram reads it."""
