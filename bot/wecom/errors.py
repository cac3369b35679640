"""What an answer of WeChat Work means for us: one table of codes (path/90455) and one class for each thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What to do about a code."""

    RETRY = "retry"  # the same message again, soon
    PAUSE = "pause"  # the whole queue waits: it is not about this message
    TOKEN = "token"  # fetch a new access_token once, then try once again
    DROP = "drop"  # this receiver will never get it
    PERMANENT = "permanent"  # this message will never be taken
    CONFIG = "config"  # nothing will be taken until a person mends the settings


@dataclass(frozen=True, slots=True)
class Row:
    """``after``: seconds until another try makes sense. ``means``: for the operator, in Chinese, with what to do."""

    act: Act
    means: str
    after: float = 0


TABLE: dict[int, Row] = {
    -1: Row(Act.RETRY, "企业微信系统繁忙", 2),
    6000: Row(Act.RETRY, "数据版本冲突", 2),
    40001: Row(Act.TOKEN, "Secret 或凭证不被接受，请核对应用的 Secret"),
    40003: Row(Act.DROP, "企业微信账号无效，请核对人员名册"),
    40004: Row(Act.PERMANENT, "文件类型不合法"),
    40005: Row(Act.PERMANENT, "文件类型参数不合法"),
    40006: Row(Act.PERMANENT, "文件大小不合法"),
    40007: Row(Act.PERMANENT, "文件编号无效或已过三天"),
    40008: Row(Act.PERMANENT, "消息类型不合法"),
    40009: Row(Act.PERMANENT, "图片大小不合法"),
    40011: Row(Act.PERMANENT, "视频大小不合法"),
    40013: Row(Act.CONFIG, "企业ID不合法，请核对 CORP_ID"),
    40014: Row(Act.TOKEN, "access_token 无效"),
    40016: Row(Act.PERMANENT, "菜单按钮个数不合法"),
    40018: Row(Act.PERMANENT, "菜单按钮名字过长"),
    40019: Row(Act.PERMANENT, "菜单按钮 key 过长"),
    40020: Row(Act.PERMANENT, "菜单按钮链接过长"),
    40023: Row(Act.PERMANENT, "子菜单按钮个数不合法"),
    40029: Row(Act.PERMANENT, "登录凭证无效，请重新登录"),
    40031: Row(Act.DROP, "企业微信账号列表无效，请核对人员名册"),
    40032: Row(Act.PERMANENT, "接收人过多"),
    40033: Row(Act.PERMANENT, "内容里有不合法的字符"),
    40056: Row(Act.CONFIG, "AgentId 不合法，请核对 AGENT_ID"),
    40058: Row(Act.PERMANENT, "参数不合法"),
    40063: Row(Act.PERMANENT, "参数为空"),
    40091: Row(Act.CONFIG, "Secret 不合法，可能用了别的应用的"),
    41001: Row(Act.TOKEN, "缺少 access_token"),
    41002: Row(Act.CONFIG, "缺少企业ID，请填写 CORP_ID"),
    41004: Row(Act.CONFIG, "缺少 Secret，请填写 SECRET"),
    41016: Row(Act.PERMANENT, "缺少标题"),
    42001: Row(Act.TOKEN, "access_token 已过期"),
    42003: Row(Act.PERMANENT, "登录凭证已过期，请重新登录"),
    42015: Row(Act.PERMANENT, "卡片是别的应用发的，不能更新"),
    42022: Row(Act.PERMANENT, "登录凭证已用过，请重新登录"),
    44001: Row(Act.PERMANENT, "文件是空的"),
    44004: Row(Act.PERMANENT, "消息内容是空的"),
    45001: Row(Act.PERMANENT, "文件过大"),
    45002: Row(Act.PERMANENT, "消息内容过长"),
    45007: Row(Act.PERMANENT, "语音超过60秒"),
    45008: Row(Act.PERMANENT, "图文条数超过限制"),
    45009: Row(Act.PAUSE, "调用太频繁，企业微信要求等一等", 60),
    45033: Row(Act.PAUSE, "同时调用太多，企业微信要求慢一些", 3),
    48001: Row(Act.CONFIG, "应用没有这个接口的权限"),
    48002: Row(Act.CONFIG, "应用没有这个接口的权限"),
    48006: Row(Act.CONFIG, "接口权限因长期未用被收回，请在管理后台重新开启"),
    50001: Row(Act.CONFIG, "网页的域名不是可信域名，请在管理后台登记"),
    50003: Row(Act.CONFIG, "应用已被停用，请在管理后台启用"),
    60011: Row(Act.DROP, "应用看不到此人，请把此人加入应用的可见范围"),
    60020: Row(Act.CONFIG, "本机的公网地址不在企业可信IP里，请在管理后台添加"),
    60111: Row(Act.DROP, "企业微信里没有这个账号，请核对人员名册"),
    81012: Row(Act.PERMANENT, "没有写接收人"),
    81013: Row(Act.DROP, "接收人都无效或不在应用可见范围"),
    82001: Row(Act.PERMANENT, "接收人为空"),
    301002: Row(Act.CONFIG, "凭证不属于这个应用，请核对 AGENT_ID 与 SECRET"),
    830002: Row(Act.PERMANENT, "文件超过20MB，要分段下载"),
}
# 42014–42020: task cards, 42027–42051: fields of template cards; each says that the card is wrong, and stays wrong.
for _code in (*range(42014, 42021), *range(42027, 42052)):
    TABLE.setdefault(_code, Row(Act.PERMANENT, "卡片的内容不合法"))
UNKNOWN = Row(Act.PERMANENT, "企业微信返回了不认识的错误")


class WecomError(Exception):
    """A call that did not succeed. ``code`` is WeChat Work's errcode, ``None`` when its answer could not be read.

    ``means`` is a Chinese sentence for the operator; it never holds a token, a secret or a message's words.
    """

    after: float = 0
    whole_queue = False  # true: other messages would fare the same, so wait or stop with all of them
    receiver = False  # true: it is the receiver who is wrong
    settings = False  # true: a person must mend the settings or the console

    def __init__(self, means: str, code: int | None = None) -> None:
        super().__init__(means if code is None else f"{code} {means}")
        self.means = means
        self.code = code


class Retry(WecomError):
    """Try again after ``after`` seconds, with identical bytes: WeChat Work may have taken the message already."""

    def __init__(self, means: str, code: int | None = None, after: float = 2, whole_queue: bool = False) -> None:
        super().__init__(means, code)
        self.after = after
        self.whole_queue = whole_queue


class TokenInvalid(Retry):
    """A fresh access_token was refused as well; fetching more of them would only get us blocked."""

    def __init__(self, means: str, code: int | None = None, after: float = 60) -> None:
        super().__init__(means, code, after, whole_queue=True)


class Permanent(WecomError):
    """Never taken, however often it is sent. ``receiver`` is true when it is the receiver who is wrong."""

    def __init__(self, means: str, code: int | None = None, receiver: bool = False) -> None:
        super().__init__(means, code)
        self.receiver = receiver


class Config(WecomError):
    """The settings or the console are wrong: one alarm, the queue waits ``after`` seconds, no message is given up."""

    after = 300.0
    whole_queue = True
    settings = True


def error_for(code: int) -> WecomError:
    """The exception for an errcode other than 0."""
    row = TABLE.get(code, UNKNOWN)
    if row.act is Act.TOKEN:
        return TokenInvalid(row.means, code)
    if row.act is Act.CONFIG:
        return Config(row.means, code)
    if row.act in (Act.RETRY, Act.PAUSE):
        return Retry(row.means, code, row.after, whole_queue=row.act is Act.PAUSE)
    return Permanent(row.means, code, receiver=row.act is Act.DROP)
