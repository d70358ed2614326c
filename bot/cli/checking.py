"""`baztab check`: settings, database, token and feeds; what is wrong and how to mend it."""

from dataclasses import dataclass
from typing import Literal

from rich.text import Text
from telegram import Bot, User
from telegram.error import InvalidToken, NetworkError

from bot.cli.output import console
from bot.cli.running import settings_of_command
from bot.telegram_request import AiohttpRequest
from bot.wiring import LOOPBACK, open_news
from config.settings import Settings
from digests.errors import BaztabError
from digests.model import Feed

Mark = Literal["ok", "warn", "wrong"]
SIGNS: dict[Mark, tuple[str, str]] = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "wrong": ("✗", "red")}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer."""

    mark: Mark
    text: str


async def check() -> int:
    """Print what is well and what is wrong; 1 where something is wrong."""
    settings = settings_of_command()
    show(Finding("ok", "settings: read"))
    findings = [*await of_database(settings), *await of_token(settings)]
    return 1 if any(finding.mark == "wrong" for finding in findings) else 0


def show(finding: Finding) -> Finding:
    """Print a finding."""
    sign, colour = SIGNS[finding.mark]
    console.print(Text(f"{sign} ", style=colour) + Text(finding.text))
    return finding


async def of_database(settings: Settings) -> list[Finding]:
    """The database and the feeds in it."""
    try:
        async with open_news(settings) as news:
            feeds = await news.storage.feeds.all()
            articles = await news.storage.articles.count()
    except BaztabError as error:
        return [show(Finding("wrong", f"database: {error}"))]
    found = [show(Finding("ok", f"database: current, {articles} articles"))]
    return [*found, *(show(finding) for finding in of_feeds(feeds))]


def of_feeds(feeds: list[Feed]) -> list[Finding]:
    """How the feeds do."""
    active = [feed for feed in feeds if feed.active]
    failing = [feed for feed in active if feed.errors]
    unread = [feed for feed in active if feed.last_success_at is None and not feed.errors]
    if not active:
        return [Finding("wrong", "feeds: none; add one with baztab feeds add URL, or unset BAZTAB_FEEDS")]
    found = [Finding("ok", f"feeds: {len(active)} active, {len(failing)} failing, {len(unread)} not read yet")]
    found += [
        Finding("warn", f"feed {feed.url}: {feed.errors} failures, the last: {feed.last_error}")
        for feed in failing[:SHOWN]
    ]
    if len(failing) > SHOWN:
        found.append(Finding("warn", f"… and {len(failing) - SHOWN} more; see baztab feeds list"))
    return found


async def of_token(settings: Settings) -> list[Finding]:
    """The token, and BotFather's switches."""
    if settings.token is None:
        text = "token: BAZTAB_TOKEN is not set; get one from @BotFather, or try baztab demo"
        return [show(Finding("wrong", text))]
    api = settings.api_url.rstrip("/")
    request = AiohttpRequest(trust_env=not api.startswith(LOOPBACK))
    try:
        async with Bot(settings.token.get_secret_value(), base_url=f"{api}/bot", request=request) as bot:
            me = await bot.get_me()
    except InvalidToken:
        return [show(Finding("wrong", "token: Telegram does not know it; copy it anew from @BotFather"))]
    except NetworkError as error:
        return [
            show(Finding("wrong", f"token: {api} can't be reached ({error.message}); check the network or a proxy"))
        ]
    return [show(finding) for finding in [Finding("ok", f"token: @{me.username}"), *switches(me)]]


def switches(me: User) -> list[Finding]:
    """BotFather's switches that Baztab can use."""
    wanted = [
        (me.supports_inline_queries, "inline mode is off: people can't share stories; @BotFather → /setinline"),
        (me.can_join_groups, "the bot may not join groups; @BotFather → /setjoingroups → Enable"),
        (
            not me.can_read_all_group_messages,
            "group privacy is off: the bot gets all that is said in groups; @BotFather → /setprivacy → Enable",
        ),
    ]
    return [Finding("warn", f"BotFather: {text}") for right, text in wanted if not right] or [
        Finding("ok", "BotFather: inline mode, groups and group privacy are as they should be")
    ]
