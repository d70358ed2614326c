"""What buttons carry, and what comes back that no button ever carried."""

import re
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import callbacks as callbacks_module
from bot.callbacks import (
    ACTIONS,
    LONGEST,
    Callback,
    Close,
    MuteSource,
    OpenArticle,
    OpenSettings,
    OpenStory,
    Pick,
    RateStory,
    SaveStory,
    SetBudget,
    SetLanguage,
    SetZone,
    ToggleTime,
    ToggleTopic,
    bind,
    decode,
    encode,
    key,
    pattern,
    unbind,
)

ids = st.integers(min_value=0, max_value=2**63 - 1)
pages = st.integers(min_value=0, max_value=9999)
flags = st.integers(min_value=0, max_value=1)
callbacks = st.one_of(
    st.builds(OpenStory, ids, ids, pages),
    st.builds(OpenArticle, ids, ids, pages),
    st.builds(Pick, ids, st.sampled_from(["open", "save", "like", "dislike"])),
    st.builds(SaveStory, ids, flags, ids, pages, flags),
    st.builds(RateStory, ids, st.integers(-1, 1), ids, pages, flags),
    st.builds(MuteSource, ids, flags, ids, pages),
    st.builds(ToggleTime, st.times().map(lambda at: f"{at:%H%M}")),
    st.builds(SetBudget, st.integers(1, 50)),
    st.just(Close()),
)


@given(callbacks)
def test_what_a_button_carries_comes_back_and_fits(callback: Callback) -> None:
    data = encode(callback)
    assert len(data.encode()) <= LONGEST
    assert decode(data) == callback


@given(st.one_of(st.text(max_size=70), st.from_regex(r"1[a-z]{1,2}(:[0-9a-z-]{0,20}){0,5}", fullmatch=True)))
def test_anything_else_is_nothing_or_exactly_what_a_button_would_carry(data: str) -> None:
    callback = decode(data)
    assert callback is None or encode(callback) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"1c:1:0:0",
        7,
        "",
        "1",
        "1:",
        "1zz:1",
        "2c:1:0:0",
        "0c:1:0:0",
        "1c",
        "1c:1",
        "1c:1:0:0:0",
        "1c:-1:0:0",
        "1c:01:0:0",
        "1c:1:0:99999",
        "1c:9223372036854775808:0:0",
        "1c:١:0:0",
        "1c:1:0:0\n",
        "1c: 1:0:0",
        "1p:1:delete",
        "1v:1:2:0:0:1",
        "1v:1:-0:0:0:1",
        "1oh:2460",
        "1oh:2400",
        "1oz:../../etc",
        "1oz:Asia/Tehran;--",
        "1ot:Climate",
        "1ot:",
        "1ol:../en",
        "1ob:0",
        "1ob:51",
        "1o:admin",
    ],
)
def test_garbage_and_other_versions_are_nothing(data: object) -> None:
    assert decode(data) is None


@pytest.mark.parametrize(
    "callback",
    [
        OpenStory(-1),
        OpenStory(2**63),
        Pick(1, "delete"),
        ToggleTopic("Peace talks"),
        ToggleTime("25:99"),
        SetZone("no zone"),
        SetLanguage("english"),
        OpenSettings("admin"),
    ],
)
def test_what_is_out_of_bounds_gets_no_button(callback: Callback) -> None:
    with pytest.raises(ValueError, match="can't carry"):
        encode(callback)


def test_every_zone_of_the_database_fits() -> None:
    from zoneinfo import available_timezones

    assert all(decode(encode(SetZone(zone))) == SetZone(zone) for zone in available_timezones())


def test_every_action_has_a_code_of_its_own_and_checked_fields() -> None:
    assert set(ACTIONS.values()) == {action for action in ACTIONS.values() if re.fullmatch("[a-z]{1,2}", action.code)}
    for action in ACTIONS.values():
        hints = get_type_hints(action, include_extras=True)
        assert all(callable(get_args(hints[field.name])[1]) for field in fields(action))


def test_no_two_actions_share_a_code() -> None:
    actions = [value for value in vars(callbacks_module).values() if isinstance(value, type)]
    named = [action for action in actions if issubclass(action, Callback) and action is not Callback]
    assert len(named) == len(ACTIONS)


def test_updates_are_routed_by_action() -> None:
    stories = re.compile(pattern(OpenStory, OpenArticle))
    assert stories.match(encode(OpenStory(5)))
    assert stories.match(encode(OpenArticle(5)))
    assert not stories.match(encode(Close()))
    assert not stories.match("1cc:5:0:0")
    assert re.match(pattern(Close), encode(Close()))


def test_words_have_short_names() -> None:
    assert key("peace talks") == key("peace talks") != key("peace talk")
    assert re.fullmatch("[0-9a-f]{10}", key("\ud800"))


stored = st.integers(1, 2**40)
"""Ids that a database comes to: a thousand thousand million."""


@given(
    st.one_of(
        st.builds(SaveStory, stored, flags, stored, pages, flags),
        st.builds(OpenStory, stored, stored, pages),
        st.just(SetZone("America/Argentina/ComodRivadavia")),
        st.just(Close()),
    ),
    stored,
    stored,
)
def test_a_button_may_mean_another_chat(callback: Callback, chat: int, other: int) -> None:
    data = bind(encode(callback), chat)
    assert len(data.encode()) <= LONGEST
    assert unbind(data) == (encode(callback), chat)
    assert unbind(bind(data, other)) == (encode(callback), other)
    assert decode(data) is None


@given(st.text(max_size=70))
def test_data_that_means_no_chat_is_left_alone_or_nothing(data: str) -> None:
    own, chat = unbind(data)
    if "@" not in data:
        assert (own, chat) == (data, None)
    elif chat is None:
        assert decode(own) is None
    else:
        assert f"{own}@{chat}" == data


def test_a_button_that_would_be_too_long_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="can't carry"):
        bind(encode(SaveStory(2**63 - 1, 1, 2**63 - 1, 9999, 1)), 2**63 - 1)
