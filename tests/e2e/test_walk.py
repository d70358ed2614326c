"""A walk through every command and every button in a real browser, with the whole program as a process.

What there is to press comes from the tables of commands and taps: a new one that no scene reaches fails the walk.
"""

from collections.abc import Callable, Iterator
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
Kind = tuple[Action, str]
SCREENSHOTS = Path("tests/screenshots")
LATER = (callbacks.ToggleTime, callbacks.SetLanguage, callbacks.Pause, callbacks.Close, callbacks.Stop)
"""Buttons that change what the rest of the walk looks like: `leave` presses them at the end."""
UNREACHABLE = {callbacks.OpenArticle, callbacks.ReviveFeed}
"""Only under an article that was listed in the seconds before it was filed, and under a feed that has been dead for a
day: tests/integration/test_inline.py and tests/integration/test_own_feeds.py press them."""
OPML = '<opml version="2.0"><body><outline type="rss" text="Fog" xmlUrl="http://127.0.0.1:9/fog"/></body></opml>'
UNCHANGED = "message is not modified"
"""What Telegram says where a choice is tapped that is made already; the bot takes it as done."""
CHANNEL = {"en": "Morning news", "fa": "خبرهای صبح"}
SCENES = {
    "search": {"en": "/search earthquake", "fa": "/search سیل"},
    "follow": {"en": "/follow peace talks", "fa": "/follow مذاکرات صلح"},
    "why": {"en": "/why earthquake", "fa": "/why سیل"},
    "mute": {"en": "/mute horoscope", "fa": "/mute طالع‌بینی"},
    "time": {"en": "/time 07:30 18:00", "fa": "/time ۰۷:۳۰ ۱۸:۰۰"},
    "timezone": {"en": "/timezone Tehran", "fa": "/timezone تهران"},
    "broadcast": {"en": "/broadcast Hello", "fa": "/broadcast سلام"},
}
"""What is typed where the bare command would only explain itself."""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, paced=False) as program:
        yield program


@pytest.fixture
def site(program: Program) -> Iterator[LoopbackSite]:
    """A site without feeds yet, in the loop of the program's newsroom."""
    site = LoopbackSite()
    program.server.run(site.__aenter__())
    yield site
    program.server.run(site.__aexit__(None, None, None))


class Walk:
    """One walk in one language; `pressed` are the kinds of buttons pressed so far."""

    def __init__(self, program: Program, page: ChatPage, language: str) -> None:
        self.program, self.page, self.language = program, page, language
        self.pressed: set[Kind] = set()

    def from_bot(self) -> list[WebElement]:
        return [message for message in self.page.all("message") if message.get_attribute("data-from") == "bot"]

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.js("document.getElementById('toasts').replaceChildren()")
        self.page.driver.save_screenshot(str(SCREENSHOTS / f"{self.language}-{name}.png"))

    def command(self, name: str) -> None:
        """Write a command, with the words that go with it."""
        self.type(SCENES[name][self.language] if name in SCENES else f"/{name}")

    def type(self, text: str) -> None:
        """Write something and wait for all that is answered."""
        self._answered(lambda: self.page.type(text, Keys.ENTER))

    def send_file(self, name: str, body: bytes) -> None:
        """Send a file and wait for all that is answered."""
        server = self.program.server
        self._answered(lambda: server.do(lambda: server.world.send_file(name, body)))

    def _answered(self, act: Callable[[], object]) -> None:
        before = len(self.program.server.world.sent)
        act()
        self.program.wait(lambda: len(self.program.server.world.sent) > before)
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

    def press(self, action: Action, **fields: object) -> None:
        """Press the newest button with this action, and these of its fields, once there is one."""

        def fits(data: str) -> bool:
            asked = asked_by(data)
            return isinstance(asked, action) and all(getattr(asked, name) == value for name, value in fields.items())

        self._press(self.page.until(lambda: [data for data in self._shown() if fits(data)])[-1])

    def press_all(self) -> None:
        """Press one button of each kind that was not pressed yet, as long as there is one, but none of LATER.

        Where none is left in sight, ways back (‹) are taken to where there may be more.
        """
        back: set[str] = set()
        while True:
            shown = self._shown()
            fresh = [data for data, label in shown.items() if not label.startswith("‹") and self._is_fresh(data)]
            ways = [data for data, label in shown.items() if label.startswith("‹") and data not in back]
            ways = [data for data in ways if not isinstance(asked_by(data), LATER)]
            if not (fresh or ways):
                return
            data = fresh[-1] if fresh else ways[-1]
            back = set() if fresh else back | {data}
            self._press(data)

    def leave_question(self) -> None:
        """Press the last button of the keyboard that stands in place of the letters."""
        self._answered(self.page.until(lambda: self.page.all("reply-button")[-1]).click)
        self.page.gone("reply-keyboard")

    def _press(self, data: str) -> None:
        self.pressed.add(kind_of(data))
        world = self.program.server.world
        before = len(world.queries)
        css = f'[data-callback="{data}"]'
        button = self.page.until(lambda: self.page.driver.find_elements("css selector", css)[-1])
        self.page.js("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", button)
        self.program.wait(lambda: len(world.queries) > before)
        self._settle()
        self.page.until(lambda: not self.page.driver.find_elements("css selector", '[aria-busy="true"]'))

    def _shown(self) -> dict[str, str]:
        """The labels of all buttons on the page by what they carry, in order."""
        script = """
          const buttons = [...document.querySelectorAll("[data-callback]")];
          return buttons.map(button => [button.dataset.callback, button.textContent.trim()]);
        """
        return dict(self.page.js(script))

    def _is_fresh(self, data: str) -> bool:
        """Whether a button is of a kind that was not pressed yet, and may be pressed before the end."""
        return kind_of(data) not in self.pressed and not isinstance(asked_by(data), LATER)


def asked_by(data: str) -> callbacks.Callback:
    """What a button asks for, whatever chat it means."""
    asked = callbacks.decode(callbacks.unbind(data)[0])
    assert asked is not None, data
    return asked


def kind_of(data: str) -> Kind:
    """What counts as one kind of button: an action, and each page of the settings by itself."""
    asked = asked_by(data)
    return type(asked), asked.page if isinstance(asked, callbacks.OpenSettings) else ""


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", (1200, 850)), ("fa", "dark", (390, 844))],
    ids=["english", "persian"],
)
def test_every_command_and_button(
    program: Program, site: LoopbackSite, driver: Chrome, language: str, theme: str, size: tuple[int, int]
) -> None:
    page = ChatPage(driver, program.url)
    page.forget_complaints()
    walk = Walk(program, page, language)
    page.open(f"lang={language}&theme={theme}&chat=1001", width=size[0], height=size[1])
    page.click("start")
    program.wait(lambda: any("✅" in sent.text for sent in program.server.world.sent))
    page.until(lambda: len(walk.from_bot()) >= 2)
    walk.picture("welcome")
    read(walk)
    set_up(walk)
    wish(walk)
    set_channel_up(walk)
    for command in COMMANDS:
        walk.command(command.name)
        walk.picture(command.name)
        walk.press_all()
    follow_feeds(walk, site)
    leave(walk)
    driver.get("about:blank")
    refused = [(call.method, call.description) for call in program.server.world.refused]
    assert [call for call in refused if UNCHANGED not in call[1]] == []
    assert page.complaints() == []
    reached = {action for action, _ in walk.pressed}
    assert {action.__name__ for action in TAPS.keys() - reached - UNREACHABLE} == set()


def read(walk: Walk) -> None:
    """Keep two stories of the first digest, and want less of the source of one: lists of both are not empty then."""
    walk.press(callbacks.Pick, mode="save")
    walk.press(callbacks.SaveStory, on=1)
    walk.press(callbacks.SaveStory, on=1)
    walk.press(callbacks.Pick, mode="open")
    walk.press(callbacks.OpenStory)
    walk.picture("card")
    walk.press(callbacks.RateStory, vote=-1)
    walk.picture("less-of")
    walk.press(callbacks.LessOf, about="source")
    walk.press(callbacks.OpenStory)
    walk.press(callbacks.ShowList)
    walk.press(callbacks.MoreStories)


def set_up(walk: Walk) -> None:
    """Go through the steps of the welcome, and be asked for a city on the way."""
    walk.press(callbacks.Setup, step="languages")
    walk.press(callbacks.SetupLanguage, language=walk.language)
    walk.picture("setup-topics")
    walk.press(callbacks.SetupTopic)
    walk.press(callbacks.SetupTopic)
    walk.press(callbacks.Setup, step="time")
    walk.press(callbacks.Setup, step="times")
    walk.press(callbacks.SetupTime)
    walk.picture("setup-zone")
    walk.press(callbacks.AskZone)
    walk.picture("city")
    walk.leave_question()
    walk.press(callbacks.SetupZone)


def wish(walk: Walk) -> None:
    """Follow a topic and words, want more of the one and drop the other; and choose the days of digests."""
    walk.command("topics")
    walk.press(callbacks.ToggleTopic)
    walk.command("follow")
    walk.press(callbacks.OpenSettings, page="following")
    walk.press(callbacks.WantTopic)
    walk.picture("following")
    walk.press(callbacks.OpenSettings, page="topics")
    walk.press(callbacks.DropWords)
    walk.type("/time")
    walk.press(callbacks.SetDays)


def set_channel_up(walk: Walk) -> None:
    """Let digests come to a channel, change what it gets, and be done with it: what is typed is one's own again."""
    server = walk.program.server
    server.do(lambda: server.world.add_group(CHANNEL[walk.language], "channel"))
    walk.press(callbacks.OpenChat)
    walk.picture("channel")
    walk.press(callbacks.BeginChat)
    walk.press(callbacks.OpenSettings, page="topics")
    walk.press(callbacks.ToggleTopic)
    walk.press(callbacks.ListChats)
    walk.press(callbacks.OpenChat)
    walk.press(callbacks.CloseChat)


def follow_feeds(walk: Walk, site: LoopbackSite) -> None:
    """Send a site with several feeds and a file of feeds, follow some, look at them, and drop one."""
    newsroom = walk.program.newsroom
    paper = next(outlet for outlet in newsroom.outlets.values() if outlet.sections)
    walk.type(newsroom.url + paper.feed_path(""))
    walk.picture("feed-offer")
    walk.press(callbacks.FollowFeed, shared=0)
    walk.picture("feed-followed")
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{newsroom.url}{paper.feed_path(topic)}">'
        for topic in ("", paper.topics[0])
    )
    site.serve("/", f"<html><head>{links}</head></html>".encode(), headers={"Content-Type": "text/html"})
    walk.type(site.url())
    walk.picture("feed-choice")
    walk.press(callbacks.LookAtFeed, back=0)
    walk.press(callbacks.LookAtFeed, back=1)
    walk.send_file("feeds.opml", OPML.encode())
    walk.picture("feed-file")
    walk.press(callbacks.ImportFeeds, shared=0)
    walk.press(callbacks.OwnFeeds)
    walk.picture("own-feeds")
    walk.press(callbacks.ExportFeeds)
    walk.press(callbacks.DropFeed)


def leave(walk: Walk) -> None:
    """What changes everything: times, the language, a pause; and the end."""
    walk.type("/time")
    walk.press(callbacks.ToggleTime)
    walk.command("language")
    walk.press(callbacks.SetLanguage, language="fa" if walk.language == "en" else "en")
    walk.command("settings")
    walk.press(callbacks.Close)
    walk.command("stop")
    walk.press(callbacks.Pause)
    walk.command("stop")
    walk.press(callbacks.Stop, delete=1)
