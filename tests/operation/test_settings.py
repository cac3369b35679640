"""What a person who fills in the settings hears: every fault at once, each with its name and what is expected."""

from __future__ import annotations

import pytest

from bot.settings import WECOM, Settings, SettingsError, load

SOUND = {
    "CORP_ID": "ww1", "AGENT_ID": "1000002", "SECRET": "s", "TOKEN": "abc123", "AES_KEY": "a" * 43,
    "PUBLIC_URL": "https://kongchuo.example.gov.cn", "DATA_KEY": "A" * 43 + "=",
}  # fmt: skip
REQUIRED = ("data_key", "public_url", *WECOM)


def faults(folder, monkeypatch, **changed: str) -> list[str]:
    """What is said of a .env file with these lines changed; an empty one is left as it is in the example."""
    lines = [f"KONGCHUO_{name}={value}" for name, value in (SOUND | changed).items()]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KONGCHUO_{name.upper()}", raising=False)
    try:
        load(REQUIRED)
    except SettingsError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"SECRET": ""}, ["KONGCHUO_SECRET（应用的 Secret）：没有填"]),
        ({"AGENT_ID": ""}, ["KONGCHUO_AGENT_ID（应用的 AgentId）：应填整数"]),
        # One that is malformed hides none of the others, and calls none missing that stands there.
        (
            {"AGENT_ID": "一百", "CORP_ID": ""},
            ["KONGCHUO_AGENT_ID（应用的 AgentId）：应填整数", "KONGCHUO_CORP_ID（企业ID）：没有填"],
        ),
        ({"TOKEN": "abc-123"}, ["KONGCHUO_TOKEN（“接收消息”的 Token）：应由字母和数字组成，最多32个"]),
        ({"TOKEN": "a" * 33}, ["KONGCHUO_TOKEN（“接收消息”的 Token）：应由字母和数字组成，最多32个"]),
        ({"TOKEN": "a" * 32}, []),
        (
            {"AES_KEY": "a" * 42},
            ["KONGCHUO_AES_KEY（“接收消息”的 EncodingAESKey）：应正好是43个字母和数字，照管理后台显示的填"],
        ),
        ({"DATA_KEY": "QUJD"}, ["KONGCHUO_DATA_KEY（封存个人信息的钥匙）：应是32字节的 base64，现在是3字节"]),
        (
            {"DATA_KEY": "用下面的命令生成"},
            ["KONGCHUO_DATA_KEY（封存个人信息的钥匙）：不是 base64，请按 docs/connect.zh-CN.md 里的命令生成"],
        ),
        ({"PROXIES": "6"}, ["KONGCHUO_PROXIES（前面有几层代理）：不能大于5"]),
        ({"KEEP_WORDS_DAYS": "30"}, ["KONGCHUO_KEEP_WORDS_DAYS（消息原话保留天数）：不能小于190"]),
        ({"CARDS": "也许"}, ["KONGCHUO_CARDS（是否发卡片）：应填 true 或 false"]),
        ({"TIMEZONE": "Asia/Tongan"}, ["KONGCHUO_TIMEZONE（时区）：没有“Asia/Tongan”这个时区"]),
    ],
)
def test_every_fault_is_named_at_once(tmp_path, monkeypatch, changed, expected):
    assert faults(tmp_path, monkeypatch, **changed) == expected


def test_every_setting_has_a_name_of_its_own():
    titles = [field.title for field in Settings.model_fields.values()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
