"""Cities by any of their names, and the nearest one to a point."""

import asyncio

import pytest

from digests.places import Book, Places, read
from digests.places.names import fold


@pytest.fixture(scope="module")
def book() -> Book:
    return read()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("تهران", "Asia/Tehran"), ("مشهد", "Asia/Tehran"), ("اصفهان", "Asia/Tehran"), ("شيراز", "Asia/Tehran"),
        ("تبریز", "Asia/Tehran"), ("خرم‌آباد", "Asia/Tehran"), ("Isfahan", "Asia/Tehran"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("são-paulo", "America/Sao_Paulo"), ("münchen", "Europe/Berlin"), ("Muenchen", "Europe/Berlin"),
        ("Мюнхен", "Europe/Berlin"), ("北京", "Asia/Shanghai"), ("new york", "America/New_York"),
        ("東京", "Asia/Tokyo"), ("القاهرة", "Africa/Cairo"), ("दिल्ली", "Asia/Kolkata"), ("Київ", "Europe/Kyiv"),
    ],
)  # fmt: skip
def test_a_city_is_found_by_what_it_is_called(book: Book, typed: str, zone: str) -> None:
    found = book.search(fold(typed))
    assert found.exact
    assert found.places[0].timezone == zone


IRAN = (
    "مشهد کرج قم اهواز کرمانشاه ارومیه رشت زاهدان همدان کرمان یزد اردبیل بندرعباس اراک زنجان سنندج قزوین گرگان بابل "
    "ساری بوشهر بیرجند کاشان نجف‌آباد سبزوار قائم‌شهر آمل دزفول ایلام"
)


@pytest.mark.parametrize("name", IRAN.split())
def test_the_larger_cities_of_iran_are_found_in_persian(book: Book, name: str) -> None:
    assert book.search(fold(name)).places[0].country == "IR"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Tehrann", "Tehran"), ("Philidelphia", "Philadelphia"), ("Cincinatti", "Cincinnati"), ("Instanbul", "Istanbul"),
     ("Buenos Airs", "Buenos Aires"), ("Barselona", "Barcelona"), ("Sydny", "Sydney")],
)  # fmt: skip
def test_a_misspelt_city_is_guessed(book: Book, typed: str, meant: str) -> None:
    assert meant in {place.name for place in book.search(fold(typed)).places[:2]}


def test_cities_of_one_name_come_largest_first_and_by_country(book: Book) -> None:
    assert [place.country for place in book.search("london").places] == ["GB", "CA"]
    assert [place.country for place in book.search("london", "CA").places] == ["CA"]
    assert book.search("portland", "ME").places[0].timezone == "America/New_York"
    sizes = [place.thousands for place in book.search("springfield").places]
    assert len(sizes) > 3
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("typed", ["", "|", "\n", "xq", "qwertyuiop", ".*", "a" * 100, "((((" * 20])
def test_what_is_no_city_is_none(book: Book, typed: str) -> None:
    found = book.search(fold(typed))
    assert not found.places or not found.exact


def test_the_nearest_city_and_those_of_a_country(book: Book) -> None:
    assert book.nearest(36.3, 59.6).name == "Mashhad"
    assert book.nearest(48.07, 11.61).name == "Munich", "the large one of those around"
    assert book.nearest(-18.1, 178.4).timezone == "Pacific/Fiji"
    assert book.nearest(65.0, -179.9).country in {"RU", "US"}
    zones = [place.timezone for place in book.of_country("RU")]
    assert zones[0] == "Europe/Moscow"
    assert len(set(zones)) == len(zones) == 8
    assert [place.timezone for place in book.of_country("IR")] == ["Asia/Tehran"]


async def test_the_file_is_read_once_however_many_ask() -> None:
    places = Places()
    found = await asyncio.gather(places.search("Köln"), places.nearest(50.9, 6.9), places.of_country("AF"))
    assert found[0].places[0].timezone == "Europe/Berlin"
    assert found[1].country == "DE"
    assert found[2][0].timezone == "Asia/Kabul"
