"""Pictures: only what headers say is a picture of a fair size is taken, and little is asked."""

import pytest

from digests.feeds.fetch import Head
from digests.feeds.images import LARGEST, MOST, SMALLEST, Images
from tests.fakes.pictures import GOOD, HeadFetcher, url


@pytest.mark.parametrize(
    ("head", "good"),
    [
        (GOOD, True),
        (Head("image/png; charset=binary", SMALLEST), True),
        (Head("IMAGE/WEBP", LARGEST), True),
        (Head("image/gif", SMALLEST - 1), False),
        (Head("image/jpeg", LARGEST + 1), False),
        (Head("image/jpeg", None), False),
        (Head("image/svg+xml", 9000), False),
        (Head("text/html", 9000), False),
        (Head("", 9000), False),
    ],
)
async def test_a_picture_is_known_by_its_kind_and_size(head: Head, good: bool) -> None:
    assert await Images(HeadFetcher(a=head)).is_good(url("a")) is good


@pytest.mark.parametrize(
    "address", ["http://img.example/a", "https://", "data:image/png;base64,AA", "", "https://img.example/" + "x" * 1000]
)
async def test_only_secure_addresses_are_asked(address: str) -> None:
    fetcher = HeadFetcher()
    assert not await Images(fetcher).is_good(address)
    assert fetcher.asked == []


async def test_a_host_that_the_operator_named_need_not_be_secure() -> None:
    named = "http://127.0.0.1:8000/a.png"
    fetcher = HeadFetcher(allow_hosts=("127.0.0.0/8", "news.example"))
    fetcher.heads[named] = GOOD
    assert await Images(fetcher).is_good(named)
    assert not await Images(fetcher).is_good("http://192.168.0.1/a.png")
    assert fetcher.is_operators("http://news.example/a.png")


async def test_what_was_found_out_is_not_asked_again() -> None:
    fetcher = HeadFetcher(a=GOOD)
    images = Images(fetcher)
    assert [await images.is_good(url(name)) for name in "aabb"] == [True, True, False, False]
    assert fetcher.asked == [url("a"), url("b")]


async def test_each_entry_gets_its_first_good_picture() -> None:
    images = Images(HeadFetcher(a=GOOD, c=GOOD))
    assert await images.choose([[url("a")], [url("b"), url("c")], [], [url("d")]]) == [url("a"), url("c"), None, None]


async def test_a_picture_that_many_entries_name_is_nobodys() -> None:
    fetcher = HeadFetcher(logo=GOOD, a=GOOD)
    assert await Images(fetcher).choose([[url("logo")], [url("logo")], [url("logo"), url("a")]]) == [
        None,
        None,
        url("a"),
    ]
    assert fetcher.asked == [url("a")]


async def test_only_so_many_are_asked_for_at_one_time() -> None:
    fetcher = HeadFetcher(**{f"n{number}": GOOD for number in range(MOST + 5)})
    chosen = await Images(fetcher).choose([[url(f"n{number}")] for number in range(MOST + 5)])
    assert chosen == [url(f"n{number}") for number in range(MOST)] + [None] * 5
    assert len(fetcher.asked) == MOST


async def test_those_that_take_too_long_are_done_without() -> None:
    fetcher = HeadFetcher(a=GOOD)
    fetcher.stuck = {url("b")}
    assert await Images(fetcher, seconds=0.05).choose([[url("b")], [url("a")]]) == [None, url("a")]
