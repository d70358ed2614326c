"""What all tests share."""

from hypothesis import settings

pytest_plugins = ["tests.fixtures_storage", "tests.fixtures_playground"]

# A test is not timed: a busy machine must not fail it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
