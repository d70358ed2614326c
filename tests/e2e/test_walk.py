"""A walk through every command and every button in a real browser, with the whole program as a process.

What there is to press comes from the tables of commands and taps: a new one that no scene reaches fails the walk.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from bot import callbacks
from bot.commands import COMMANDS, TAPS
from tests.fakes.browser import BROWSER, ChatPage
from tests.fakes.loopback_site import LoopbackSite
from tests.fakes.program import Program, running

pytestmark = BROWSER

Action = type[callbacks.Callback]
SCREENSHOTS = Path("tests/screenshots")
LAST = (
    callbacks.Stop.code,
    callbacks.Pause.code,
    callbacks.SetLanguage.code,
    callbacks.Close.code,
    callbacks.CloseChat.code,
    callbacks.ToggleTime.code,
    callbacks.SetupLanguage.code,
    callbacks.Setup.code,
)
"""Buttons that change what the rest of the walk looks like: pressed when nothing else is left."""
UNREACHABLE = {callbacks.OpenArticle.code, callbacks.ReviveFeed.code}
"""Only under an article that was listed in the seconds before it was filed, and under a feed that has been dead for a
day; tests/integration presses them."""
OPML = '<opml version="2.0"><body><outline type="rss" text="Fog" xmlUrl="http://127.0.0.1:9/fog"/></body></opml>'
UNCHANGED = "message is not modified"
"""What Telegram says where a choice is tapped that is made already; the bot takes it as done."""
CHANNEL = {"en": "Morning news", "fa": "خبرهای صبح"}
SCENES = {
    "digest": "/digest",
    "latest": "/latest",
    "search": {"en": "/search earthquake", "fa": "/search سیل"},
    "follow": {"en": "/follow peace talks", "fa": "/follow مذاکرات صلح"},
    "why": {"en": "/why earthquake", "fa": "/why سیل"},
    "mute": {"en": "/mute horoscope", "fa": "/mute طالع‌بینی"},
    "time": "/time 07:30 18:00",
    "timezone": "/timezone Tehran",
    "broadcast": "/broadcast Hello",
}
"""What is typed where the bare command would only explain itself."""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, paced=False) as program:
        yield program


class Walk:
    """One walk in one language; `pressed` are the codes of the buttons pressed so far."""

    def __init__(self, program: Program, page: ChatPage, language: str) -> None:
        self.program, self.page, self.language = program, page, language
        self.pressed: set[str] = set()

    def from_bot(self) -> list[WebElement]:
        return [message for message in self.page.all("message") if message.get_attribute("data-from") == "bot"]

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.js("document.getElementById('toasts').replaceChildren()")
        self.page.driver.save_screenshot(str(SCREENSHOTS / f"{self.language}-{name}.png"))

    def type(self, text: str) -> None:
        """Write something and wait for all that is answered."""
        before = self._sent()
        self.page.type(text, Keys.ENTER)
        self.program.wait(lambda: self._sent() > before)
        self._settle()

    def _settle(self) -> None:
        """Wait until the bot has done all that it was asked, and the page shows it.

        The bot takes up what happens in a chat in turn: once it has answered a button that is nowhere, all before is
        done.
        """
        server = self.program.server
        fence = server.do(lambda: server.world.press(0, "nowhere", forged=True))
        self.program.wait(lambda: server.world.queries[fence].answer is not None)
        seen = server.do(lambda: server.world.events.seq)
        self.page.until(lambda: self.page.seen() >= seen)

    def _sent(self) -> int:
        return len(self.program.server.world.sent)

    def press_all(self, *, last: bool = False) -> None:
        """Press one button of each kind that was not pressed yet, as long as there is one; those of LAST at the end.

        Where none is left in sight, ways back (‹) are taken to where there may be more.
        """
        back: set[str] = set()
        while True:
            fresh = self._fresh(last=last)
            ways = [data for data, label in self._shown() if label.startswith("‹") and data not in back]
            if not (fresh or ways):
                return
            data = fresh[-1] if fresh else ways[-1]
            back = set() if fresh else back | {data}
            self.pressed.add(kind_of(data))
            self._press(data)

    def press_label(self, label: str) -> None:
        """Press the newest button whose label holds this, once there is one."""
        found = self.page.until(lambda: [data for data, shown in self._shown() if label in shown])
        self.pressed.add(kind_of(found[-1]))
        self._press(found[-1])

    def press_own(self, action: Action) -> None:
        """Press the newest button that does this for the reader alone (its last argument is 0)."""
        found = self.page.until(
            lambda: [data for data, _ in self._shown() if code_of(data) == action.code and data.endswith(":0")]
        )
        self.pressed.add(kind_of(found[-1]))
        self._press(found[-1])

    def _press(self, data: str) -> None:
        world = self.program.server.world
        before = len(world.queries)
        css = f'[data-callback="{data}"]'
        button = self.page.until(lambda: self.page.driver.find_elements("css selector", css)[-1])
        self.page.js("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", button)
        self.program.wait(lambda: len(world.queries) > before)
        self._settle()
        self.page.until(lambda: not self.page.driver.find_elements("css selector", '[aria-busy="true"]'))

    def _shown(self) -> list[tuple[str, str]]:
        """The callback data and labels of all buttons on the page."""
        script = """
          const buttons = [...document.querySelectorAll("[data-callback]")];
          return buttons.map(button => [button.dataset.callback, button.textContent.trim()]);
        """
        return [(data, label) for data, label in self.page.js(script)]

    def _fresh(self, *, last: bool) -> list[str]:
        """The callback data of buttons of a kind that was not pressed yet."""
        shown = [(data, label) for data, label in self._shown() if kind_of(data) not in self.pressed]
        fresh = [data for data, label in shown if not label.startswith("‹")]
        usual = [data for data in fresh if code_of(data) not in LAST]
        return usual or (fresh if last else [])


def code_of(data: str) -> str:
    """The action's code in a button's data."""
    return own_part(data).partition(":")[0].removeprefix(callbacks.VERSION)


def own_part(data: str) -> str:
    """A button's data without the chat that it means."""
    return str(callbacks.unbind(data)[0])


def kind_of(data: str) -> str:
    """What counts as one kind of button: an action, and each page of the settings and step of setting up by itself."""
    pages = {callbacks.OpenSettings.code, callbacks.Setup.code}
    return own_part(data) if code_of(data) in pages else code_of(data)


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", (1200, 850)), ("fa", "dark", (390, 844))],
    ids=["english", "persian"],
)
def test_every_command_and_button(
    program: Program, driver: Chrome, language: str, theme: str, size: tuple[int, int]
) -> None:
    page = ChatPage(driver, program.url)
    page.forget_complaints()
    walk = Walk(program, page, language)
    page.open(f"lang={language}&theme={theme}&chat=1001", width=size[0], height=size[1])
    page.click("start")
    program.wait(lambda: any("✅" in sent.text for sent in program.server.world.sent))
    page.until(lambda: len(walk.from_bot()) >= 2)
    walk.picture("start")
    server = program.server
    server.do(lambda: server.world.add_group(CHANNEL[language], "channel"))
    walk.press_label(CHANNEL[language])
    walk.picture("channel")
    walk.press_label("▶️")
    walk.press_all()
    walk.press_label(CHANNEL[language])
    walk.press_label("✔️")
    for command in COMMANDS:
        typed = SCENES.get(command.name, f"/{command.name}")
        walk.type(typed if isinstance(typed, str) else typed[language])
        walk.picture(command.name)
        walk.press_all()
    walk_feeds(walk, program)
    for ending in ("/topics", "/language", "/settings", "/time", "/start", "/stop"):
        walk.type(ending)
        walk.press_all(last=True)
    driver.get("about:blank")
    refused = [(call.method, call.description) for call in program.server.world.refused]
    assert [call for call in refused if UNCHANGED not in call[1]] == []
    assert page.complaints() == []
    reached = {code_of(kind) for kind in walk.pressed}
    assert sorted({action.code for action in TAPS} - reached - UNREACHABLE) == []


def walk_feeds(walk: Walk, program: Program) -> None:
    """Send a site with several feeds and a file of feeds, follow some, look at them, and drop one."""
    newsroom = program.newsroom
    paper = next(outlet for outlet in newsroom.outlets.values() if outlet.sections)
    walk.type(newsroom.url + paper.feed_path(""))
    walk.picture("feed-offer")
    walk.press_own(callbacks.FollowFeed)
    walk.picture("feed-followed")
    server, site = program.server, LoopbackSite()
    server.run(site.__aenter__())
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{newsroom.url}{paper.feed_path(topic)}">'
        for topic in ("", paper.topics[0])
    )
    site.serve("/", f"<html><head>{links}</head></html>".encode(), headers={"Content-Type": "text/html"})
    walk.type(site.url())
    walk.picture("feed-choice")
    walk.press_all()
    server.run(site.__aexit__(None, None, None))
    before = walk._sent()
    server.do(lambda: server.world.send_file("feeds.opml", OPML.encode()))
    program.wait(lambda: walk._sent() > before)
    walk._settle()
    walk.picture("opml")
    walk.press_own(callbacks.ImportFeeds)
    walk.press_label("📥")
    walk.picture("own-feeds")
    walk.press_all()
