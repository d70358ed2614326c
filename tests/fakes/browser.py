"""Headless Chromium on the chat page: what a person sees and does there, by the page's data-testid hooks."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
WHY_NOT = "no Chromium with its chromedriver on this machine"
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
)
T = TypeVar("T")
BROWSER = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=WHY_NOT),
]
"""The marks of a module of browser tests: `pytestmark = BROWSER`."""


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """A browser with a profile of its own, thrown away afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for switch in (*SWITCHES, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            yield driver
        finally:
            driver.quit()


class ChatPage:
    """The chat page in a browser."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, query: str = "theme=light", *, width: int = 1200, height: int = 850) -> "ChatPage":
        """Opens the page in a window of that size (CSS pixels) and waits until it has its state."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.get(f"{self.url}/?{query}")
        self.until(lambda: self.js("return document.documentElement.dataset.ready") == "true")
        return self

    def until(self, condition: Callable[[], T], timeout: float = 15) -> T:
        """Waits until a condition holds and returns what it gave; elements that come and go are looked for again."""
        ignored = (NoSuchElementException, StaleElementReferenceException, IndexError)
        wait = WebDriverWait(self.driver, timeout, poll_frequency=0.05, ignored_exceptions=ignored)
        return wait.until(lambda _: condition())

    def js(self, script: str, *arguments: Any) -> Any:
        """Runs a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def all(self, testid: str) -> list[WebElement]:
        """The elements with a data-testid, in the order of the page."""
        return self.driver.find_elements(By.CSS_SELECTOR, f'[data-testid="{testid}"]')

    def see(self, testid: str) -> WebElement:
        """Waits for an element to be shown and returns the last such one."""
        return self.until(lambda: [node for node in self.all(testid) if node.is_displayed()][-1])

    def seen(self) -> int:
        """How far the page has followed the server's events."""
        script = """
          const done = arguments[arguments.length - 1];
          import("/static/state.js").then(({ store }) => done(store.seq));
        """
        return int(self.driver.execute_async_script(script))

    def at_end(self) -> bool:
        """Whether the newest message is in view."""
        script = """
          const box = document.getElementById("scroll");
          return box.scrollHeight - box.scrollTop - box.clientHeight < 2;
        """
        return bool(self.js(script))

    def gone(self, testid: str) -> None:
        """Waits until nothing with that data-testid is shown."""
        self.until(lambda: not any(node.is_displayed() for node in self.all(testid)))

    def click(self, testid: str) -> None:
        """Clicks an element when it is shown."""
        self.see(testid).click()

    def message(self, message_id: int) -> WebElement:
        """Waits for a message and returns it."""
        return self.until(lambda: self.driver.find_element(By.CSS_SELECTOR, f'[data-message-id="{message_id}"]'))

    def within(self, message_id: int, css: str) -> list[WebElement]:
        """The elements inside a message that fit a selector."""
        return self.message(message_id).find_elements(By.CSS_SELECTOR, css)

    def text_of(self, message_id: int) -> str:
        """The text of a message without its time."""
        script = """
          const copy = arguments[0].cloneNode(true);
          copy.querySelector(".meta")?.remove();
          return copy.textContent;
        """
        return str(self.js(script, self.within(message_id, ".text")[0]))

    def type(self, *keys: str) -> None:
        """Types into the field."""
        self.see("composer").send_keys(*keys)

    def forget_complaints(self) -> None:
        """Empties the console."""
        self.driver.get_log("browser")

    def complaints(self) -> list[str]:
        """What the browser's console complains of: errors of scripts, violations of the content security policy."""
        severe = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [message for message in severe if "Failed to load resource" not in message]
