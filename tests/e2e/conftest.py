"""A browser for all tests in here, and what it looks at."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.fakes.browser import ChatPage, chromium
from tests.fakes.chat_server import ChatServer
from tests.fakes.real_server import RealServer


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    """Headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """A chat server that does what the test says."""
    with ChatServer() as chat:
        yield chat


@pytest.fixture
def page(driver: Chrome, server: ChatServer) -> Iterator[ChatPage]:
    """The page on that server, not opened yet; at the end its console must be clean."""
    page = ChatPage(driver, server.url)
    page.forget_complaints()
    yield page
    assert page.complaints() == []


@pytest.fixture
def real(driver: Chrome) -> Iterator[tuple[RealServer, ChatPage]]:
    """The playground's own server, and the page on it."""
    with RealServer() as server:
        page = ChatPage(driver, server.server.url)
        page.forget_complaints()
        yield server, page
        driver.get("about:blank")  # lets go of the stream, so that the server can stop at once
        assert page.complaints() == []
