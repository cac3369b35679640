"""``kongchuo doctor``: each thing that a running bot needs, tried, one line each: ok, warning or failure with the mend."""

from __future__ import annotations

import datetime as dt
import email.utils
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
import requests

from bot.settings import WECOM, Settings, SettingsError, load

GOOD, WARN, BAD = "正常", "注意", "失败"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it stands, what was tried, and what to do about it."""

    level: str
    what: str
    words: str

    def __str__(self) -> str:
        return f"[{self.level}] {self.what}：{self.words}"


def examine() -> int:
    """Try everything and print it; exit 1 if anything failed."""
    findings = list(_findings())
    for finding in findings:
        click.echo(str(finding))
    return 1 if any(f.level == BAD for f in findings) else 0


def _findings() -> Iterator[Finding]:
    try:
        settings = load(required=("data_key", "public_url", *WECOM))
        yield Finding(GOOD, "设置", "齐全")
    except SettingsError as error:
        for line in str(error).splitlines():
            yield Finding(BAD, "设置", f"{line}。请改 /etc/kongchuo/kongchuo.env（或 .env、环境变量）")
        try:
            settings = load()
        except SettingsError:
            return
    checks: tuple[Callable[[Settings], Finding], ...] = (database, keys, folder, clock, wecom)
    for check in checks:
        yield check(settings)
    yield from running(settings)


def database(settings: Settings) -> Finding:
    """The database answers and its tables are those of this version."""
    from storage.engine import Unavailable, build_engine, told_plainly
    from storage.revisions import is_current
    from storage.rotating import closed
    from storage.sealing import KeyUnknown
    from storage.store import CountyUnclear, open_store

    try:
        if not is_current(build_engine(settings.database_url)):
            return Finding(BAD, "数据库", "还没有表，或表结构是旧版本。请运行 kongchuo init（会自动更新，不丢数据）")
        store = open_store(settings.database_url, settings.county, data_keys=settings.data_keys)
        with told_plainly(), store.engine.execution_options(writes=False).begin() as connection:
            if store.county in closed(connection, store.sealer.masters):
                return Finding(
                    BAD,
                    "数据库",
                    "部分学生的钥匙还用旧钥匙封存。请把旧的 KONGCHUO_DATA_KEY 接在后面，重启后运行 kongchuo keys rotate",
                )
    except Unavailable as error:
        return Finding(BAD, "数据库", f"连不上（{error}）。请检查 KONGCHUO_DATABASE_URL 和数据库服务")
    except CountyUnclear:
        return Finding(BAD, "数据库", "里面没有要用的县。请运行 kongchuo init --county 县名 --pack 规则包")
    except KeyUnknown:
        return Finding(BAD, "数据库", "KONGCHUO_DATA_KEY 不是封存这个数据库的那一把")
    except ValueError as error:
        return Finding(BAD, "数据库", f"地址不对（{error}）")
    return Finding(GOOD, "数据库", "可用，表结构是最新的")


def keys(settings: Settings) -> Finding:
    """The newest data key is there; a second one means a rotation is under way."""
    if not settings.data_keys:
        return Finding(BAD, "数据密钥", "没有 KONGCHUO_DATA_KEY。请生成并另存一份")
    if len(settings.data_keys) > 1:
        return Finding(WARN, "数据密钥", "有旧钥匙。运行 kongchuo keys rotate 后可以去掉旧的")
    return Finding(GOOD, "数据密钥", "可用。请确认另存了一份")


def folder(settings: Settings) -> Finding:
    """Photos and documents can be written, and there is room."""
    try:
        settings.files.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.files).free
    except OSError as error:
        return Finding(BAD, "文件夹", f"{settings.files} 不能用（{error.strerror}）。请检查权限")
    if not os.access(settings.files, os.W_OK):
        return Finding(BAD, "文件夹", f"{settings.files} 不能写。请检查权限")
    if free < 1 << 30:
        return Finding(WARN, "文件夹", f"磁盘只剩 {free >> 20} MB，请清理")
    return Finding(GOOD, "文件夹", f"可写，剩余 {free >> 30} GB")


def clock(settings: Settings) -> Finding:
    """The server's clock against WeChat Work's; beyond five minutes callbacks are refused as stale."""
    try:
        answer = requests.head(settings.wecom_api, timeout=5)
        there = email.utils.parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError, TypeError):
        return Finding(WARN, "时钟", "无法和企业微信对时。请确认服务器已开启自动对时")
    off = abs((dt.datetime.now(dt.UTC) - there).total_seconds())
    if off > 240:
        return Finding(BAD, "时钟", f"相差{off:.0f}秒，消息会被当作过期而拒收。请开启自动对时")
    return Finding(GOOD if off < 30 else WARN, "时钟", f"相差{off:.0f}秒")


def wecom(settings: Settings) -> Finding:
    """The corporation, app and secret are taken by WeChat Work, and this server's address is allowed."""
    from bot.wecom.client import Client
    from bot.wecom.errors import WecomError

    if not (settings.corp_id and settings.secret):
        return Finding(BAD, "企业微信", "缺少企业ID或 Secret，没有试")
    try:
        Client(settings.corp_id, settings.agent_id, settings.secret, settings.wecom_api).callback_ips()
    except WecomError as error:
        if error.code is None:
            return Finding(BAD, "企业微信", f"{error.means}。请确认这台服务器能访问 {settings.wecom_api}")
        return Finding(BAD, "企业微信", f"{error.means}（{error.code}）")
    return Finding(GOOD, "企业微信", "连通，凭证有效")


@dataclass(frozen=True, slots=True)
class Limit:
    """From which value on a figure of /metrics is worth a warning or is a failure, and what to do about it.

    ``below``: it is low values that are bad. ``unit``: how many of the metric make one of what is said.
    """

    what: str
    words: str
    warn: float
    bad: float
    mend: str
    below: bool = False
    unit: float = 1


MINUTE, HOUR, DAY, GIGABYTE = 60.0, 3600.0, 86400.0, float(1 << 30)
LIMITS: dict[str, Limit] = {
    "kongchuo_outbox_waiting": Limit("待发消息", "{:.0f}条", 500, 5000, "请看 kongchuo jobs 是否在运行"),
    "kongchuo_outbox_oldest_seconds": Limit(
        "最早的待发消息", "已等{:.0f}分钟", 10 * MINUTE, HOUR, "请看 kongchuo jobs 是否在运行，企业微信是否连得上", unit=MINUTE
    ),
    "kongchuo_outbox_dead": Limit(
        "发不出的消息", "{:.0f}条", 1, 100, "请运行 kongchuo letters 查看原因，处理后用 kongchuo letters --again 重发"
    ),
    "kongchuo_sweep_lag_seconds": Limit(
        "规则推算", "落后{:.0f}分钟", 5 * MINUTE, HOUR, "请看 kongchuo jobs 是否在运行", unit=MINUTE
    ),
    "kongchuo_duties_overdue": Limit("逾期任务", "{:.0f}项", 1, float("inf"), "请县里在看板上看是哪些单位"),
    "kongchuo_reports_due": Limit("待交月报", "{:.0f}份", float("inf"), float("inf"), ""),
    "kongchuo_reports_overdue": Limit("逾期月报", "{:.0f}份", 1, float("inf"), "请县里催报，发“哪些学校没交月报”可看名单"),
    "kongchuo_files_oldest_seconds": Limit(
        "待取照片", "最早的已等{:.0f}小时", HOUR, 2 * DAY, "三天后企业微信会删除，请看 kongchuo jobs 的日志", unit=HOUR
    ),
    "kongchuo_files_lost": Limit("没取到的照片", "{:.0f}张", 1, float("inf"), "请相关人员重新发送"),
    "kongchuo_audit_unchained_seconds": Limit(
        "审计记录", "最早的未入链已{:.0f}分钟", 10 * MINUTE, DAY, "请看 kongchuo jobs 是否在运行", unit=MINUTE
    ),
    "kongchuo_disk_free_bytes": Limit("磁盘", "剩余{:.0f} GB", 5 * GIGABYTE, GIGABYTE, "请清理或扩容", True, GIGABYTE),
    "kongchuo_calendar_days_left": Limit(
        "校历", "已排到{:.0f}天后", 60, 1, "请导入新的校历和节假日安排：kongchuo import calendar 校历.xlsx", below=True
    ),
}  # fmt: skip


def judge(limit: Limit, value: float) -> Finding:
    """How one figure stands."""

    def beyond(bound: float) -> bool:
        return value < bound if limit.below else value >= bound

    said = limit.words.format(value / limit.unit)
    level = BAD if beyond(limit.bad) else WARN if beyond(limit.warn) else GOOD
    return Finding(level, limit.what, said if level == GOOD else f"{said}。{limit.mend}")


def running(settings: Settings) -> Iterator[Finding]:
    """What /metrics shows of the county's records, each figure against its limit."""
    from bot.app import build
    from bot.health import gauges
    from storage.engine import Unavailable
    from storage.sealing import KeyUnknown
    from storage.store import CountyUnclear

    try:
        figures = gauges(build(settings))
    except (Unavailable, CountyUnclear, KeyUnknown, ValueError):
        return  # said above
    for name, limit in LIMITS.items():
        yield judge(limit, figures[name][1])
