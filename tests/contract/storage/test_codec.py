"""Everything that is stored as JSON comes back as it was."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digests.model import Digest, Item, Outlet, Quote, Retelling, Section, Wish
from digests.storage import codec
from digests.storage.columns import clean, from_micros, to_micros
from digests.storage.keys import folded, free_ids, tick

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = st.text(max_size=30)
IDS = st.integers(0, 2**40)
MOMENTS = st.datetimes(timezones=st.just(UTC))
WEIGHTS = st.floats(allow_nan=False, allow_infinity=False)
TOPICS = st.lists(st.tuples(TEXT, WEIGHTS), max_size=3).map(tuple)
QUOTES = st.lists(st.builds(Quote, TEXT, IDS, IDS, IDS), max_size=3).map(tuple)
ITEMS = st.builds(
    Item,
    story_id=IDS,
    article_id=IDS,
    headline=TEXT,
    url=TEXT,
    source=TEXT,
    published=MOMENTS,
    language=TEXT,
    quotes=QUOTES,
    outlets=st.lists(st.builds(Outlet, TEXT, TEXT, MOMENTS), max_size=2).map(tuple),
    topics=st.lists(TEXT, max_size=2).map(tuple),
    image=st.none() | TEXT,
    reasons=TOPICS,
    retold=st.lists(
        st.builds(Retelling, story_id=IDS, language=TEXT, headline=TEXT, outlet=st.builds(Outlet, TEXT, TEXT, MOMENTS)),
        max_size=2,
    ).map(tuple),
)
WISHES = st.builds(Wish, st.sampled_from(["topic", "words"]), TEXT)
DIGESTS = st.builds(
    Digest,
    since=MOMENTS,
    until=MOMENTS,
    considered=IDS,
    sections=st.lists(st.builds(Section, st.none() | WISHES, st.lists(ITEMS, max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
)


@given(DIGESTS)
def test_digests(digest):
    body = codec.encode_digest(digest)
    again = codec.decode_digest(body)
    assert again == digest
    assert codec.body_hash(codec.encode_digest(again)) == codec.body_hash(body)


@given(DIGESTS, DIGESTS)
def test_only_equal_digests_share_a_hash(one, other):
    same = codec.body_hash(codec.encode_digest(one)) == codec.body_hash(codec.encode_digest(other))
    assert same == (repr(one) == repr(other))


@given(ITEMS, QUOTES, TOPICS, st.lists(TEXT).map(tuple))
def test_parts(item, quotes, topics, words):
    assert codec.decode_item(codec.encode_item(item)) == item
    assert codec.decode_quotes(codec.encode_quotes(quotes)) == quotes
    assert codec.decode_topics(codec.encode_topics(topics)) == topics
    assert codec.decode_words(codec.encode_words(words)) == words


@given(MOMENTS)
def test_moments_to_the_microsecond(moment):
    assert from_micros(to_micros(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_ticks_follow_time(one, other):
    assert tick(min(one, other)) <= tick(max(one, other))


@given(st.lists(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_free_ids_are_new_and_at_or_after_the_wanted(wanted, taken):
    wanted.sort()
    ids = free_ids(wanted, taken)
    assert len(set(ids)) == len(ids) == len(wanted)
    assert not taken & set(ids)
    assert all(number >= least for number, least in zip(ids, wanted, strict=True))


@given(st.text(st.characters()))
def test_clean_text_can_be_stored_and_keeps_positions(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == clean(cleaned)


@given(st.text())
def test_folding_is_idempotent_and_bounded(value):
    assert len(folded(value)) <= 133
    assert folded(value.upper().lower()) == folded(value.lower().upper().lower())


def test_a_digest_of_before_retellings_were_known_is_read():
    item = Item(story_id=1, article_id=1, headline="H", url="U", source="S", published=NOON, language="en")
    body = codec.encode_digest(Digest(since=NOON, until=NOON, sections=(Section(None, (item,)),)))
    older = json.loads(body)
    del older["sections"][0]["items"][0]["retold"]
    assert codec.decode_digest(json.dumps(older)).items == (item,)
