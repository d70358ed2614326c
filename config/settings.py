"""What an operator sets: environment variables that start with BAZTAB_, a .env file, and a file for the token.

The environment wins over the file. A wrong value is one line that names the variable and what it takes; the token
and the database's password are in no error and no repr.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from config import values
from config.errors import SettingsError
from config.values import WebAddress

PREFIX = "BAZTAB_"
TELEGRAM_API = "https://api.telegram.org"
TOKEN_FILE_BYTES = 4096
FREE_RATE = 30
"""Messages a second that Telegram takes from a bot that doesn't pay for more."""

_Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.hosts)]
_ChatIds = Annotated[tuple[int, ...], NoDecode, BeforeValidator(values.chat_ids)]


class Settings(BaseSettings):
    """All settings, read once. The descriptions say what a variable takes; they stand in errors and in the docs."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        dotenv_filtering="match_prefix",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    token: Annotated[SecretStr | None, AfterValidator(values.token)] = Field(
        None, description="the bot's token as @BotFather gives it, like 123456789:AAE…"
    )
    token_file: Path | None = Field(None, description="a file that holds the token and nothing else")
    database_url: Annotated[str, AfterValidator(values.database_url)] = Field(
        "sqlite:///baztab.sqlite3", repr=False, description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    )
    api_url: Annotated[str, AfterValidator(values.http_url)] = Field(
        TELEGRAM_API, description="the http(s) address of a Bot API server"
    )
    feeds: Annotated[Path | None, AfterValidator(values.home_path)] = Field(
        None, description="a TOML or OPML file of feeds"
    )
    admins: _ChatIds = Field((), description="chat ids with commas between them, like 1001,1002")
    allow_hosts: _Hosts = Field(
        (), description="host names, addresses or networks with commas between them, like 127.0.0.0/8"
    )
    send_rate: float = Field(
        28, gt=0, le=1000, allow_inf_nan=False, description="messages a second, above 0 and at most 1000"
    )
    paid_broadcast: bool = Field(False, description="on or off")
    uncertain: Literal["resend", "drop"] = Field("resend", description="resend or drop")
    timezone: Annotated[str, AfterValidator(values.time_zone)] = Field(
        "UTC", description="a time zone's name, like Asia/Tehran"
    )
    access: Literal["open", "invite", "admins"] = Field("open", description="open, invite or admins")
    retention_days: int = Field(30, ge=1, le=3650, description="whole days, from 1 to 3650")
    personal_feeds: int = Field(
        20, ge=0, le=500, description="how many feeds of their own a person may follow, from 0 to 500"
    )
    contact: Annotated[str | None, AfterValidator(values.contact)] = Field(
        None, description="a web address or an e-mail address"
    )
    web: Annotated[WebAddress | None, BeforeValidator(values.web_address)] = Field(
        None, description="host:port, like 127.0.0.1:8080"
    )
    webhook_url: Annotated[str | None, AfterValidator(values.http_url)] = Field(
        None, description="the public https address that leads to BAZTAB_WEB"
    )
    public_url: Annotated[str | None, AfterValidator(values.http_url)] = Field(
        None, description="the public http(s) address that leads to BAZTAB_WEB"
    )
    log: Literal["text", "json"] = Field("text", description="text or json")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load_settings` was given, then the file: the process's environment is read there and nowhere else."""
        return init_settings, dotenv_settings

    @model_validator(mode="before")
    @classmethod
    def _read_token_file(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Refuse misspelt names; take the token from its file where that is how it was given."""
        _refuse_misspelt(data.keys() - cls.model_fields.keys())
        if not data.get("token_file"):
            return data
        if data.get("token"):
            raise ValueError("BAZTAB_TOKEN and BAZTAB_TOKEN_FILE are both set: keep one of them")
        return {**data, "token": _file_text(Path(data["token_file"]).expanduser())}

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        """Refuse combinations that can't work."""
        if self.access == "admins" and not self.admins:
            raise ValueError("BAZTAB_ACCESS=admins lets nobody in: put your chat id into BAZTAB_ADMINS")
        if self.send_rate > FREE_RATE and not self.paid_broadcast and self.api_url == TELEGRAM_API:
            raise ValueError(
                f"BAZTAB_SEND_RATE may be at most {FREE_RATE}, which is Telegram's limit; "
                "more is sent where BAZTAB_PAID_BROADCAST is on, and costs Telegram Stars"
            )
        if self.paid_broadcast and self.send_rate <= FREE_RATE:
            raise ValueError(
                f"BAZTAB_PAID_BROADCAST pays for more than {FREE_RATE} messages a second: "
                "set BAZTAB_SEND_RATE to how many, at most 1000, or switch it off"
            )
        if self.webhook_url is not None:
            _check_webhook(self)
        if self.public_url is not None and self.web is None:
            raise ValueError("BAZTAB_PUBLIC_URL needs BAZTAB_WEB: set the host:port that the address leads to")
        return self

    @property
    def reached_at(self) -> str | None:
        """The public address of BAZTAB_WEB, where publishers may push to; None where there is none."""
        return self.public_url or self.webhook_url

    def required_token(self) -> str:
        """The token in the clear, for the one who talks to Telegram; SettingsError where there is none."""
        if self.token is None:
            raise SettingsError(
                "BAZTAB_TOKEN is not set: get a token from @BotFather and set it, "
                "or try the bot without one with: baztab demo"
            )
        return self.token.get_secret_value()


def load_settings(env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from `env` (default: the process's environment) and a .env file, if there is one.

    Raises SettingsError, with one line about the first thing that is wrong.
    """
    given = os.environ if env is None else env
    named: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value for name, value in given.items() if name.startswith(PREFIX) and value
    }
    try:
        return Settings(_env_file=env_file, **named)  # type: ignore[call-arg]  # BaseSettings' own
    except ValidationError as error:
        raise SettingsError(_one_line(error.errors(include_url=False, include_input=False)[0])) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"{env_file} can't be read: {reason}") from None


def _one_line(error: ErrorDetails) -> str:
    """What pydantic found, in our words; `loc` is empty where a text of ours names the variables itself."""
    cause = error.get("ctx", {}).get("error")
    reason = str(cause) if isinstance(cause, ValueError) else ""
    if not error["loc"]:
        return reason or error["msg"]
    name = str(error["loc"][0])
    text = f"{PREFIX}{name.upper()} must be {Settings.model_fields[name].description}"
    return f"{text}: {reason}" if reason else text


def _refuse_misspelt(unknown: set[str]) -> None:
    """Raise ValueError for a name that is nearly a setting's. Others may be somebody else's, and are let be."""
    for name in sorted(unknown):
        for meant in get_close_matches(name, Settings.model_fields, n=1, cutoff=0.8):
            raise ValueError(f"{PREFIX}{name.upper()} is no setting: did you mean {PREFIX}{meant.upper()}?")


def _file_text(path: Path) -> str:
    """The one line of a secret file; ValueError where there is none."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(TOKEN_FILE_BYTES).strip()
    except OSError as error:
        raise ValueError(f"BAZTAB_TOKEN_FILE can't be read: {error.strerror}: {path}") from None
    except UnicodeDecodeError:
        raise ValueError(f"BAZTAB_TOKEN_FILE must be a text file: {path}") from None
    if not text:
        raise ValueError(f"BAZTAB_TOKEN_FILE is empty: put the token into {path}")
    return text


def _check_webhook(settings: Settings) -> None:
    """Telegram's own rules for a webhook; a Bot API server of one's own takes any address."""
    if settings.web is None:
        raise ValueError("BAZTAB_WEBHOOK_URL needs BAZTAB_WEB: set the host:port that the address leads to")
    if settings.api_url == TELEGRAM_API:
        values.check_webhook(str(settings.webhook_url))
