"""Settings: every rule, one clear line for every mistake, and no secret in any of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import SettingsError
from config.settings import Settings, load_settings
from config.values import WebAddress

TOKEN = "123456789:" + "AbC-_" * 7


def load(**variables: str) -> Settings:
    """Settings from variables without their prefix, and no file."""
    return load_settings({f"BAZTAB_{name}": value for name, value in variables.items()}, env_file=None)


def mistake(**variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(**variables)
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.__suppress_context__ or caught.value.__cause__ is None
    return text


def test_defaults_need_nothing() -> None:
    settings = load()
    assert settings.token is None
    assert settings.database_url == "sqlite:///baztab.sqlite3"
    assert settings.api_url == "https://api.telegram.org"
    assert (settings.send_rate, settings.uncertain, settings.timezone) == (28, "resend", "UTC")
    assert (settings.access, settings.retention_days, settings.log) == ("open", 30, "text")
    assert (settings.feeds, settings.contact, settings.web, settings.webhook_url) == (None, None, None, None)
    assert (settings.admins, settings.allow_hosts) == ((), ())


def test_everything_is_read() -> None:
    settings = load(
        TOKEN=TOKEN,
        DATABASE_URL="postgres://baztab:pw@db.internal:5433/news",
        API_URL="http://botapi.internal:8081/",
        FEEDS="mine.opml",
        ADMINS="1001, -1002,1001",
        ALLOW_HOSTS="127.0.0.0/8, ::1,Intranet.local,10.0.0.7",
        SEND_RATE="900.5",
        UNCERTAIN="drop",
        TIMEZONE="Asia/Tehran",
        ACCESS="admins",
        RETENTION_DAYS="7",
        CONTACT="https://example.org/bot",
        WEB="[::1]:8080",
        WEBHOOK_URL="http://anything.internal:9999/hook",
        LOG="json",
    )
    assert settings.required_token() == TOKEN
    assert settings.database_url == "postgresql://baztab:pw@db.internal:5433/news"
    assert settings.api_url == "http://botapi.internal:8081"
    assert settings.feeds == Path("mine.opml")
    assert settings.admins == (1001, -1002)
    assert settings.allow_hosts == ("127.0.0.0/8", "::1", "intranet.local", "10.0.0.7")
    assert settings.send_rate == 900.5
    assert settings.web == WebAddress("::1", 8080)
    assert str(settings.web) == "[::1]:8080"
    assert settings.webhook_url == "http://anything.internal:9999/hook"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOKEN", "123456789:short", "@BotFather"),
        ("TOKEN", "my secret words", "@BotFather"),
        ("DATABASE_URL", "mysql://u:hunter2@h/n", "postgresql://"),
        ("DATABASE_URL", "sqlite://news.db", "three slashes"),
        ("DATABASE_URL", "postgresql://u:hunter2@h:port/n", "port"),
        ("DATABASE_URL", "postgresql://[u:hunter2@h/n", "no address"),
        ("API_URL", "api.telegram.org", "https://"),
        ("API_URL", "ftp://x.org", "https://"),
        ("ADMINS", "@me", "@name"),
        ("ADMINS", "1;2", "'1;2'"),
        ("ALLOW_HOSTS", "http://localhost", "no scheme"),
        ("ALLOW_HOSTS", "localhost:80", "no port"),
        ("ALLOW_HOSTS", "10.0.0.0/99", "'10.0.0.0/99'"),
        ("SEND_RATE", "0", "above 0"),
        ("SEND_RATE", "1001", "1000"),
        ("SEND_RATE", "nan", "1000"),
        ("SEND_RATE", "fast", "messages a second"),
        ("PAID_BROADCAST", "perhaps", "on or off"),
        ("UNCERTAIN", "maybe", "resend or drop"),
        ("TIMEZONE", "europe/berlin", "Europe/Berlin"),
        ("TIMEZONE", "../../etc/passwd", "no time zone"),
        ("ACCESS", "everyone", "open, invite or admins"),
        ("RETENTION_DAYS", "0", "from 1"),
        ("RETENTION_DAYS", "1.5", "whole days"),
        ("CONTACT", "me\r\nX-Evil: 1", "https://example.org/bot"),
        ("CONTACT", "somebody", "news@example.org"),
        ("WEB", "8080", "host and the port"),
        ("WEB", "localhost:70000", "65535"),
        ("WEB", "localhost:80/metrics", "nothing else"),
        ("WEBHOOK_URL", "bot.example.org", "https"),
        ("LOG", "xml", "text or json"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_what_it_takes(name: str, value: str, says: str) -> None:
    text = mistake(**{name: value})
    assert text.startswith(f"BAZTAB_{name} must be ")
    assert says in text
    assert "hunter2" not in text
    assert "secret" not in text


def test_a_token_in_the_wrong_place_is_not_repeated() -> None:
    for name in ("ADMINS", "ALLOW_HOSTS", "TIMEZONE", "WEB", "CONTACT", "LOG", "SEND_RATE", "API_URL"):
        assert TOKEN[10:] not in mistake(**{name: TOKEN})


def test_more_than_telegram_takes_for_nothing_is_to_be_paid_for() -> None:
    assert "BAZTAB_PAID_BROADCAST" in mistake(SEND_RATE="31")
    assert "BAZTAB_SEND_RATE" in mistake(PAID_BROADCAST="on")
    paying = load(SEND_RATE="1000", PAID_BROADCAST="on")
    assert (paying.send_rate, paying.paid_broadcast) == (1000, True)
    assert load(SEND_RATE="31", API_URL="http://127.0.0.1:8081").send_rate == 31
    assert not load().paid_broadcast


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_a_token_is_taken_or_refused_without_being_shown(value: str) -> None:
    try:
        settings = load(TOKEN=value)
    except SettingsError as error:
        shown = str(error).replace(
            "BAZTAB_TOKEN must be the bot's token as @BotFather gives it, like 123456789:AAE…", ""
        )
        assert value not in shown or len(value) < 20
    else:
        assert settings.token is None or value not in repr(settings)


def test_secrets_are_not_in_the_repr() -> None:
    settings = load(TOKEN=TOKEN, DATABASE_URL="postgresql://u:hunter2@h/n")
    assert TOKEN not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().log = "json"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"ACCESS": "admins"}, "BAZTAB_ADMINS"),
        ({"WEBHOOK_URL": "https://bot.example.org/x"}, "needs BAZTAB_WEB"),
        ({"WEBHOOK_URL": "http://bot.example.org/x", "WEB": "0.0.0.0:80"}, "https://"),
        ({"WEBHOOK_URL": "https://bot.example.org:444/x", "WEB": "0.0.0.0:80"}, "8443"),
        ({"TOKEN": TOKEN, "TOKEN_FILE": "x"}, "keep one"),
        ({"TIMEZON": "UTC"}, "did you mean BAZTAB_TIMEZONE?"),
        ({"TOKENS": TOKEN}, "did you mean BAZTAB_TOKEN?"),
    ],
)
def test_what_does_not_fit_together_is_refused(variables: dict[str, str], says: str) -> None:
    text = mistake(**variables)
    assert says in text
    assert TOKEN not in text


def test_others_variables_and_empty_ones_are_let_be() -> None:
    settings = load_settings({"BAZTAB_TEST_POSTGRES": "x", "BAZTAB_LOG": "", "LOG": "json", "PATH": "/bin"}, None)
    assert settings.log == "text"


def test_a_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(SettingsError, match=r"@BotFather.*baztab demo"):
        load().required_token()


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_comes_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    assert load(TOKEN_FILE=str(path)).required_token() == TOKEN


@pytest.mark.parametrize(
    ("body", "says"),
    [(None, "can't be read"), (b"  \n", "is empty"), (b"\xff\xfe", "text file"), (b"xyz", "BAZTAB_TOKEN")],
)
def test_a_token_file_that_is_no_good_is_named(tmp_path: Path, body: bytes | None, says: str) -> None:
    path = tmp_path / "token"
    if body is not None:
        path.write_bytes(body)
    assert says in mistake(TOKEN_FILE=str(path))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# a comment\nBAZTAB_LOG=json\nexport BAZTAB_SEND_RATE='5'\nBAZTAB_CONTACT=\nOTHER=1\n")
    settings = load_settings({"BAZTAB_SEND_RATE": "6"}, env_file=path)
    assert (settings.log, settings.send_rate, settings.contact) == ("json", 6, None)


def test_a_misspelt_name_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("BAZTAB_ADMIN=1\n")
    with pytest.raises(SettingsError, match="did you mean BAZTAB_ADMINS"):
        load_settings({}, env_file=path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"BAZTAB_LOG=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env can't be read"):
        load_settings({}, env_file=path)


def test_no_file_is_no_mistake(tmp_path: Path) -> None:
    assert load_settings({}, env_file=tmp_path / "none").log == "text"


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_is_in_the_example_and_in_the_guide() -> None:
    root = Path(__file__).parents[3]
    example, guide = (root / ".env.example").read_text("utf-8"), (root / "docs/guide/settings.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"BAZTAB_{name.upper()}=" in example
        assert f"`BAZTAB_{name.upper()}`" in guide
