"""What all tests share."""

import pytest
from hypothesis import settings

from digests import embeddings

pytest_plugins = ["tests.fixtures_storage", "tests.fixtures_playground", "tests.fixtures_ingest"]

# A test is not timed: a busy machine must not fail it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests say the same with and without the extra `embeddings`; its own tests ask for it by other ways."""
    monkeypatch.setattr(embeddings, "available", lambda: False)
