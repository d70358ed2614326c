"""Parameters: what fits is read, and everything that the published schema calls wrong is refused."""

import importlib.util
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.playground.api.errors import ApiError
from bot.playground.api.methods import METHODS
from bot.playground.api.schema import SUPPORTED
from bot.playground.api.schema_tables import METHODS as NOTATION
from bot.playground.api.schema_tables import TYPES, UNIONS

PUBLISHED = Path(__file__).parents[4] / "shared" / "eval" / "botapi" / "validate_calls.py"
published = pytest.mark.skipif(not PUBLISHED.exists(), reason="the published schema is not on this machine")


def read(method: str, **params: Any) -> dict[str, Any]:
    return SUPPORTED[method.lower()].read(params)


def refusal(method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as caught:
        read(method, **params)
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: ")


def test_every_method_has_parameters_and_a_function() -> None:
    assert set(SUPPORTED) == set(METHODS)


def test_forms_and_json_read_alike() -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    as_json = read("sendMessage", chat_id=5, text="5", disable_notification=True, reply_markup=markup)
    as_form = read("sendMessage", chat_id="5", text="5", disable_notification="true", reply_markup=json.dumps(markup))
    assert (
        as_json
        == as_form
        == {
            "chat_id": 5,
            "text": "5",
            "disable_notification": True,
            "reply_markup": markup,
        }
    )
    assert read("sendMessage", chat_id="@news", text="true")["chat_id"] == "@news"
    assert read("sendLocation", chat_id=1, latitude="35", longitude="51.5")["latitude"] == 35.0


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": 5}, "message text is empty"),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 5, "text": 5}, 'can\'t parse parameter "text": 5 is no string'),
        ({"chat_id": 5.5, "text": "x"}, 'can\'t parse parameter "chat_id": 5.5 is no integer'),
        ({"chat_id": True, "text": "x"}, 'can\'t parse parameter "chat_id": true is no integer'),
        ({"chat_id": 5, "text": "x", "silent": True}, 'there is no parameter "silent" in sendMessage'),
        ({"chat_id": 5, "text": "x", "disable_notification": 1}, "is no boolean"),
        ({"chat_id": 5, "text": "x", "disable_notification": "yes"}, "is no boolean"),
        ({"chat_id": 5, "text": "x", "message_thread_id": "general"}, "is no integer"),
        ({"chat_id": 5, "text": "x", "entities": {}}, "is no array"),
        ({"chat_id": 5, "text": "x", "entities": [{"type": "bold"}]}, 'field "offset" of MessageEntity is missing'),
        ({"chat_id": 5, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup"),
        ({"chat_id": 5, "text": "x", "reply_markup": "[" * 50_000}, "can't parse reply keyboard markup"),
        ({"chat_id": 5, "text": "x", "reply_markup": {"keys": []}}, "can't parse reply keyboard markup"),
        ({"chat_id": 5, "text": "x\ud800"}, "strings must be encoded in UTF-8"),
        ({"chat_id": 5, "text": "x", "entities": [{"type": "\ud800", "offset": 0, "length": 1}]}, "UTF-8"),
        ({"chat_id": 5, "text": "x", "link_preview_options": {"is_disabled": "yes"}}, "is_disabled"),
    ],
)
def test_what_is_refused(params: dict[str, Any], description: str) -> None:
    assert description in refusal("sendMessage", **params)


def test_lengths_are_checked() -> None:
    assert read("setMyName", name="x" * 64)
    assert "65 characters, allowed are 0-64" in refusal("setMyName", name="x" * 65)
    assert "allowed are 1-256" in refusal("setMyCommands", commands=[{"command": "x", "description": ""}])
    article = {"type": "article", "title": "t", "input_message_content": {"message_text": "x"}}
    assert "65 bytes" in refusal("answerInlineQuery", inline_query_id="1", results=[article | {"id": "ص" * 32 + "x"}])


def test_objects_are_told_apart_by_their_type() -> None:
    assert read("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 5})
    assert "no type of BotCommandScope" in refusal("setMyCommands", commands=[], scope={"type": "everyone"})
    assert "chat_id" in refusal("setMyCommands", commands=[], scope={"type": "chat"})
    assert "no type of MenuButton" in refusal("setChatMenuButton", menu_button={})


# ── against the published schema ─────────────────────────────────────────────────────────────────────────────────────


@cache
def published_validate() -> Callable[[str, dict[str, Any]], list[str]]:
    """`validate(method, params)` of the published schema: what is wrong with a call."""
    spec = importlib.util.spec_from_file_location("published_schema", PUBLISHED)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.validate


@published
def test_the_tables_say_what_the_published_schema_says() -> None:
    """Names and whether they are required, of methods and of the objects in their parameters."""
    schema = json.loads(PUBLISHED.with_name("api.json").read_text(encoding="utf-8"))
    own_names = {"ScopePlain": "BotCommandScopeDefault", "ScopeChat": "BotCommandScopeChat"}
    own_names |= {"ScopeMember": "BotCommandScopeChatMember", "MenuButtonPlain": "MenuButtonDefault"}
    own_names |= {"InputMessageContent": "InputTextMessageContent"}
    pairs = [(schema["methods"][name], notation) for name, notation in NOTATION.items()]
    pairs += [(schema["types"][own_names.get(name, name)], notation) for name, notation in TYPES.items()]
    for published_one, notation in pairs:
        theirs = {field["name"]: field["required"] for field in published_one.get("fields", [])}
        ours = {part.partition(":")[0]: part.endswith("!") for part in notation.split()}
        assert ours == theirs, published_one["name"]


INTERESTING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "HTML", "5", "true", "{}", "[]", "[[]]", "@name", "y" * 70, "z" * 300, "ص" * 600]),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.sampled_from(["type", "text", "id", "url"]), st.sampled_from(["x", 5, None]), max_size=2),
)
RIGHT: dict[str, Any] = {"int": 5, "float": 5.5, "str": "x", "bool": True, "file": "file-1", "any": {}}


def right(kind: str) -> Any:
    """A value that fits a type of the notation."""
    kind = kind.rstrip("!")
    if kind.startswith("["):
        return [right(kind[1:-1])]
    kind = kind.partition("|")[0]
    if kind.startswith("str("):
        return "x"
    if kind in RIGHT:
        return RIGHT[kind]
    name, target = next(iter(UNIONS[kind].items())) if kind in UNIONS else ("", kind)
    fields = dict(part.split(":", 1) for part in TYPES[target].split())
    value = {field: right(inner) for field, inner in fields.items() if inner.endswith("!")}
    return value | ({"type": name} if name else {})


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in items for place in places(item, (*at, key)))]


def changed(value: Any, place: tuple[Any, ...], change: str, new: Any) -> Any:
    """The value with one thing replaced, removed or added at a place."""
    if not place:
        if change == "add" and isinstance(value, dict):
            return value | {"no_such_field": new}
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if change == "remove" and len(place) == 1:
        del copy[place[0]]
    else:
        copy[place[0]] = changed(value[place[0]], place[1:], change, new)
    return copy


@published
@pytest.mark.parametrize("method", sorted(NOTATION))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_the_published_schema_calls_wrong_is_refused(method: str, data: st.DataObject) -> None:
    validate = published_validate()
    kinds = dict(part.split(":", 1) for part in NOTATION[method].split())
    chosen = {name for name, kind in kinds.items() if kind.endswith("!") or data.draw(st.booleans())}
    call = {name: right(kind) for name, kind in kinds.items() if name in chosen}
    assert validate(method, call) == []
    SUPPORTED[method.lower()].read(call)
    place = data.draw(st.sampled_from(places(call)))
    call = changed(call, place, data.draw(st.sampled_from(["replace", "remove", "add"])), data.draw(INTERESTING))
    assume(isinstance(call, dict) and validate(method, call))
    with pytest.raises(ApiError):
        SUPPORTED[method.lower()].read(call)
