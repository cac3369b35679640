"""All settings, from the environment or a ``.env`` file with the prefix ``KONGCHUO_``; all errors in one message."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KONGCHUO_"


class SettingsError(Exception):
    """What is missing or malformed, one line for each setting, in the words of the reader."""


class Settings(BaseSettings):
    """One field for each setting; ``docs/settings.md`` explains its description, its title names it in a fault."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///kongchuo.db", title="数据库地址", repr=False, description="where the records are kept"
    )
    migration_url: str | None = Field(
        None,
        title="改表用的数据库账号",
        repr=False,
        description="PostgreSQL: the owner of the tables, for `init` and `restore` alone",
    )
    county: str | None = Field(None, title="县编号", description="which county of the database this deployment serves")
    corp_id: str = Field("", title="企业ID", description="企业ID of the WeChat Work corporation")
    agent_id: int = Field(0, title="应用的 AgentId", description="AgentId of the app")
    secret: str = Field("", title="应用的 Secret", repr=False, description="Secret of the app")
    token: str = Field(
        "", title="“接收消息”的 Token", repr=False, description="Token of 接收消息, at most 32 letters and digits"
    )
    aes_key: str = Field(
        "",
        title="“接收消息”的 EncodingAESKey",
        repr=False,
        description="EncodingAESKey of 接收消息, exactly 43 letters and digits",
    )
    wecom_api: str = Field(
        "https://qyapi.weixin.qq.com/cgi-bin/", title="企业微信接口地址", description="address of the WeChat Work API"
    )
    public_url: str = Field(
        "", title="本服务器的 https 地址", description="the https address under which WeChat Work reaches this server"
    )
    proxies: int = Field(
        0, title="前面有几层代理", ge=0, le=5, description="how many proxies in front set X-Forwarded-For"
    )
    data_key: str = Field(
        "",
        title="封存个人信息的钥匙",
        repr=False,
        description="base64 of 32 bytes that seal personal data; several, newest first, by commas",
    )
    files: Path = Field(
        Path("files"), title="照片和文件的文件夹", description="folder of photos and documents, shared between hosts"
    )
    keep_words_days: int = Field(
        400, title="消息原话保留天数", ge=190, description="days for which the words of messages are kept, at least 190"
    )
    timezone: str = Field("Asia/Shanghai", title="时区", description="the county's clock")
    cards: bool = Field(True, title="是否发卡片", description="reminders as cards to tap; off: as text")
    log_level: str = Field("INFO", title="日志详细程度", description="how much is logged")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"没有“{value}”这个时区") from error
        return value

    @field_validator("aes_key")
    @classmethod
    def _forty_three(cls, value: str) -> str:
        if value and not (len(value) == 43 and value.isalnum()):
            raise ValueError("应正好是43个字母和数字，照管理后台显示的填")
        return value

    @field_validator("token")
    @classmethod
    def _short(cls, value: str) -> str:
        if value and not (len(value) <= 32 and value.isalnum()):
            raise ValueError("应由字母和数字组成，最多32个")
        return value

    @field_validator("data_key")
    @classmethod
    def _thirty_two_bytes(cls, value: str) -> str:
        for key in filter(None, value.split(",")):
            try:
                size = len(base64.b64decode(key, validate=True))
            except (binascii.Error, ValueError) as error:
                raise ValueError("不是 base64，请按 docs/connect.zh-CN.md 里的命令生成") from error
            if size != 32:
                raise ValueError(f"应是32字节的 base64，现在是{size}字节")
        return value

    @property
    def data_keys(self) -> list[bytes]:
        """The keys that seal personal data, newest first."""
        return [base64.b64decode(key) for key in self.data_key.split(",") if key]


WECOM = ("corp_id", "agent_id", "secret", "token", "aes_key")


def load(required: tuple[str, ...] = (), **given: object) -> Settings:
    """Read the settings; ``required`` names those that must not be empty. Raises ``SettingsError`` naming all faults."""
    faults: dict[str, str] = {}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks what is given
    except ValidationError as error:
        faults = {str(item["loc"][0]): _reason(item) for item in error.errors()}
        sound = {name: Settings.model_fields[name].default for name in faults}
        settings = Settings(**(given | sound))  # type: ignore[arg-type]  # to see which of the others are there at all
    for name in required:
        if name not in faults and not getattr(settings, name) and name not in given:
            faults[name] = "没有填"
    if faults:
        titles = {name: Settings.model_fields[name].title for name in faults}
        raise SettingsError(
            "\n".join(f"{PREFIX}{name.upper()}（{titles[name]}）：{why}" for name, why in faults.items())
        )
    return settings


def _reason(error: ErrorDetails) -> str:
    """What is wrong with a value, in Chinese; in pydantic's words where we have none of our own."""
    if error["type"].startswith("int_"):
        return "应填整数"
    if error["type"].startswith("bool_"):
        return "应填 true 或 false"
    bounds = {"greater_than_equal": ("不能小于", "ge"), "less_than_equal": ("不能大于", "le")}
    if error["type"] in bounds:
        word, which = bounds[error["type"]]
        return f"{word}{error['ctx'][which]}"
    return error["msg"].removeprefix("Value error, ")
