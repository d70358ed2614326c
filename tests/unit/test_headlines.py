import pytest

from digests.text.headlines import without_credit, without_outlet


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mayor opens new bridge | The Daily Post", "Mayor opens new bridge"),
        ("Mayor opens new bridge - Daily Post", "Mayor opens new bridge"),
        ("Local News | Mayor opens new bridge", "Mayor opens new bridge"),
        ("Mayor opens new bridge", "Mayor opens new bridge"),
        ("Bridge - opened", "Bridge - opened"),
        ("Half-time talk changes everything for United", "Half-time talk changes everything for United"),
        (
            "Mayor opens bridge after years of delay – ferry owners fear for their living",
            "Mayor opens bridge after years of delay – ferry owners fear for their living",
        ),
        ("", ""),
    ],
)
def test_what_publishers_add_is_left_out(title: str, expected: str) -> None:
    assert without_outlet(title) == expected


@pytest.mark.parametrize(
    ("title", "source", "expected"),
    [
        ("Mayor opens new bridge - The Daily Post", "The Daily Post", "Mayor opens new bridge"),
        ("Mayor opens new bridge | Daily Post", "The Daily Post", "Mayor opens new bridge"),
        ("Mayor opens new bridge – dailypost.example", "dailypost.example", "Mayor opens new bridge"),
        ("Mayor opens new bridge (Reuters)", "The Daily Post", "Mayor opens new bridge"),
        ("گشایش پل تازه | پیک رودآفرین", "پیک رودآفرین", "گشایش پل تازه"),
        ("Mayor opens new bridge – and a tunnel", "The Daily Post", "Mayor opens new bridge – and a tunnel"),
        ("The Daily Post", "The Daily Post", "The Daily Post"),
        ("Post - war", "", "Post - war"),
    ],
)
def test_a_publisher_need_not_name_itself(title: str, source: str, expected: str) -> None:
    assert without_credit(title, source) == expected
