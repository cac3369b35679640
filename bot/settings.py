"""All settings, from the environment or a ``.env`` file with the prefix ``KONGCHUO_``; all errors in one message."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KONGCHUO_"


class SettingsError(Exception):
    """What is missing or malformed, one line for each setting, in the words of the reader."""


class Settings(BaseSettings):
    """One field for each setting; the field's description is what ``docs/settings.md`` must explain."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    database_url: str = Field("sqlite:///kongchuo.db", repr=False, description="where the records are kept")
    migration_url: str | None = Field(
        None, repr=False, description="PostgreSQL: the role that may change tables and roles"
    )
    county: str | None = Field(None, description="which county of the database this deployment serves")
    corp_id: str = Field("", description="企业ID of the WeChat Work corporation")
    agent_id: int = Field(0, description="AgentId of the app")
    secret: str = Field("", repr=False, description="Secret of the app")
    token: str = Field("", repr=False, description="Token of 接收消息, at most 32 letters and digits")
    aes_key: str = Field("", repr=False, description="EncodingAESKey of 接收消息, exactly 43 letters and digits")
    wecom_api: str = Field("https://qyapi.weixin.qq.com/cgi-bin/", description="address of the WeChat Work API")
    public_url: str = Field("", description="the https address under which WeChat Work reaches this server")
    proxies: int = Field(0, ge=0, le=5, description="how many proxies in front set X-Forwarded-For")
    data_key: str = Field(
        "", repr=False, description="base64 of 32 bytes that seal personal data; several, newest first, by commas"
    )
    files: Path = Field(Path("files"), description="folder of photos and documents, shared between hosts")
    keep_words_days: int = Field(400, ge=190, description="days for which the words of messages are kept, at least 190")
    timezone: str = Field("Asia/Shanghai", description="the county's clock")
    cards: bool = Field(True, description="reminders as cards to tap; off: as text")
    log_level: str = Field("INFO", description="how much is logged")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {value}") from error
        return value

    @field_validator("aes_key")
    @classmethod
    def _forty_three(cls, value: str) -> str:
        if value and not (len(value) == 43 and value.isalnum()):
            raise ValueError("must be exactly 43 letters and digits, as the console shows it")
        return value

    @field_validator("token")
    @classmethod
    def _short(cls, value: str) -> str:
        if value and not (len(value) <= 32 and value.isalnum()):
            raise ValueError("must be at most 32 letters and digits")
        return value

    @field_validator("data_key")
    @classmethod
    def _thirty_two_bytes(cls, value: str) -> str:
        for key in filter(None, value.split(",")):
            try:
                size = len(base64.b64decode(key, validate=True))
            except (binascii.Error, ValueError) as error:
                raise ValueError("must be base64") from error
            if size != 32:
                raise ValueError(f"must be base64 of 32 bytes, is of {size}")
        return value

    @property
    def data_keys(self) -> list[bytes]:
        """The keys that seal personal data, newest first."""
        return [base64.b64decode(key) for key in self.data_key.split(",") if key]


WECOM = ("corp_id", "agent_id", "secret", "token", "aes_key")


def load(required: tuple[str, ...] = (), **given: object) -> Settings:
    """Read the settings; ``required`` names those that must not be empty. Raises ``SettingsError`` naming all faults."""
    faults: list[str] = []
    settings: Settings | None = None
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks what is given
    except ValidationError as error:
        for item in error.errors():
            reason = item["msg"].removeprefix("Value error, ")
            faults.append(f"{PREFIX}{str(item['loc'][0]).upper()}: {reason}")
    named = {fault.split(":")[0] for fault in faults}
    for name in required:
        key = f"{PREFIX}{name.upper()}"
        if key not in named and (settings is None or not getattr(settings, name)) and name not in given:
            if settings is None and _present(name):
                continue
            faults.append(f"{key}: missing; {Settings.model_fields[name].description}")
    if faults or settings is None:
        raise SettingsError("\n".join(faults))
    return settings


def _present(name: str) -> bool:
    """Whether the environment gives this setting at all (asked when another one is malformed)."""
    import os

    return bool(os.environ.get(f"{PREFIX}{name.upper()}"))
