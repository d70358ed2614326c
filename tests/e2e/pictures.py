"""Take the pictures of the documentation anew: `make pictures`. Needs Chromium; the sample news makes them alike.

A phone in English light and in Persian dark, each: onboarding, a digest, a card, settings, a search, trends.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver.common.keys import Keys

from bot import callbacks
from bot.callbacks import VERSION
from tests.fakes.browser import ChatPage, chromium
from tests.fakes.program import Program, running

FOLDER = Path("docs/images")
WIDTH, HEIGHT = 390, 844
BELOW_DAY = 44
"""Pixels that the name of the day takes at the top."""
LOOKS = {"en": ("english", "light"), "fa": ("persian", "dark")}
SEARCHES = {"en": "/search earthquake", "fa": "/search سیل"}


class Camera:
    """One phone in one language."""

    def __init__(self, program: Program, page: ChatPage, language: str) -> None:
        self.program, self.page, self.language = program, page, language

    def take(self, name: str, message_id: int | None = None) -> None:
        """Save what is on the screen, a message at its top where one is named, in a palette: half the bytes."""
        if message_id is None:
            self.page.js("const box = document.getElementById('scroll'); box.scrollTop = box.scrollHeight")
        else:
            self.page.js("arguments[0].scrollIntoView({block: 'start'})", self.page.message(message_id))
            self.page.js("document.getElementById('scroll').scrollTop -= arguments[0]", BELOW_DAY)
        self.page.js("document.getElementById('toasts').replaceChildren()")
        self.page.until(lambda: self.page.js("return [...document.images].every(image => image.complete)"))
        shot = Image.open(io.BytesIO(self.page.driver.get_screenshot_as_png()))
        path = FOLDER / f"{name}-{'-'.join(LOOKS[self.language])}.png"
        shot.convert("RGB").quantize(255).save(path, optimize=True)
        print(path)  # noqa: T201

    def type(self, text: str) -> int:
        """Write something; the id of the last message of the answer."""
        before = len(self.program.server.world.sent)
        self.page.type(text, Keys.ENTER)
        return self._answered(before)

    def press(self, code: str, message_id: int) -> None:
        """Press the first button with an action under a message."""
        button = self.page.within(message_id, f'[data-callback^="{VERSION}{code}:"]')[0]
        queries = len(self.program.server.world.queries)
        self.page.js("arguments[0].click()", button)
        self.program.wait(lambda: len(self.program.server.world.queries) > queries)
        self._settle()

    def start(self) -> tuple[int, int]:
        """Press Start; the ids of the welcome and of the first digest."""
        before = len(self.program.server.world.sent)
        self.page.click("start")
        self.program.wait(lambda: any("✅" in sent.text for sent in self.program.server.world.sent[before:]))
        last = self._answered(before)
        return self.program.server.world.sent[before].message["message_id"], last

    def _answered(self, before: int) -> int:
        world = self.program.server.world
        self.program.wait(lambda: len(world.sent) > before)
        self._settle()
        return int(world.sent[-1].message["message_id"])

    def _settle(self) -> None:
        """Wait until the bot has done all that it was asked (it answers a button that is nowhere), and it is shown."""
        server = self.program.server
        fence = server.do(lambda: server.world.press(0, "nowhere", forged=True))
        self.program.wait(lambda: server.world.queries[fence].answer is not None)
        seen = server.do(lambda: server.world.events.seq)
        self.page.until(lambda: self.page.seen() >= seen)


def main() -> None:
    """Take them all."""
    with chromium() as driver:
        for language, (_, theme) in LOOKS.items():
            with tempfile.TemporaryDirectory() as folder, running(Path(folder), paced=False) as program:
                page = ChatPage(driver, program.url)
                page.open(f"lang={language}&theme={theme}&chat=1001", width=WIDTH, height=HEIGHT)
                camera = Camera(program, page, language)
                welcome, digest = camera.start()
                camera.take("onboarding", welcome)
                camera.take("digest", digest)
                camera.press(callbacks.OpenStory.code, digest)
                camera.take("card", digest)
                camera.take("search", camera.type(SEARCHES[language]))
                camera.take("trends", camera.type("/trends"))
                camera.type("/settings")
                camera.take("settings")
                driver.get("about:blank")


if __name__ == "__main__":
    main()
