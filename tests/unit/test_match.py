"""By which part of a search few articles are found."""

import pytest

from digests.model import SearchQuery
from digests.storage.match import Match, Tags, for_everybody, matching, rare

EN = ("@en",)
RAIN = Match((("rain",),))
SEVEN = Match((), ((("~7",),),))


@pytest.mark.parametrize(
    ("query", "options", "by", "tags"),
    [
        (SearchQuery(terms=("rain",)), {}, RAIN, Tags()),
        (SearchQuery(terms=("rain",)), {"languages": ["en", "fa"]}, RAIN, Tags((), (("@en", "@fa"),))),
        (
            SearchQuery(terms=("rain",), without=("snow",)), {"topic": "world", "languages": ["en"]},
            Match((("rain",),), (), (("snow",),)), Tags(("#world",), (("@en",),)),
        ),
        (
            SearchQuery(any_of=(("a", "b c"),)), {"languages": ["en"]},
            Match((), ((("a",), ("b", "c")),)), Tags((), (("@en",),)),
        ),
        (SearchQuery(terms=("rain",)), {"sources": [7]}, Match((("rain",),), ((("~7",),),)), Tags()),
        (SearchQuery(), {"sources": [7], "languages": ["en"]}, SEVEN, Tags((), (("@en",),))),
        (SearchQuery(), {"topic": "world", "languages": ["en"]}, Match((("#world",),)), Tags((), (("@en",),))),
        (SearchQuery(), {"topic": "world", "sources": [7]}, SEVEN, Tags(("#world",))),
        (SearchQuery(), {"languages": ["en"]}, Match((), ((EN,),)), Tags()),
        (SearchQuery(without=("snow",)), {}, Match((("@",),), (), (("snow",),)), Tags()),
    ],
)  # fmt: skip
def test_the_rare_part(query: SearchQuery, options: dict[str, object], by: Match, tags: Tags) -> None:
    assert rare(matching(query, **options)) == (by, tags)


def test_personal_feeds_are_left_out_by_the_articles_themselves() -> None:
    assert rare(for_everybody(matching(SearchQuery(terms=("rain",), without=("snow",))))) == (
        Match((("rain",),), (), (("snow",),)),
        Tags(shared=True),
    )
