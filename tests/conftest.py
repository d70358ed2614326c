"""What all tests share."""

pytest_plugins = ["tests.fixtures_storage", "tests.fixtures_playground"]
