"""The shape of a line: what it says, whoever it is said of.

Teachers write alike: once pupils are letters, most reports of a morning are a few lines over and over. What such a line
tells depends on nothing else than what ``Shape`` holds, who writes (the role) and the day; so it is worked out once and kept.
Nothing else can reach ``_told``: no name, no id, no text of a message, no hour, no calendar.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from handlers.understanding.actions import Mention
from handlers.understanding.clauses import Line
from handlers.understanding.dates import Day
from handlers.understanding.drafts import Draft
from handlers.understanding.found import children_told
from handlers.understanding.lexicon_names import SURNAMES
from handlers.understanding.meant import meant
from handlers.understanding.reading import Token
from handlers.understanding.requests import announced, asked_about_all, of_all
from handlers.understanding.residue import CHARACTERS
from handlers.understanding.told import told
from handlers.understanding.word_table import any_of

KEPT = 2048  # shapes; the most of a busy day, some megabytes
LONGEST_SHAPE = 48  # characters: what is longer nobody writes twice
_KINDS = frozenset("NWDRTOHMLUSGC")
_SPOKEN = frozenset("DRTOHMLUS")
"""Tokens of which a rule asks what they say; of the others (a telephone number, a class) it asks only that they are there."""
_DAILY = (
    (frozenset(char for char in CHARACTERS if not char.isascii()) - SURNAMES)
    | frozenset("旷班次查边才况满连计印车水干季申管谈籍养步羊")
    | frozenset("撤标级剩晓绑弄漏响挨统既觉者或冲姓架弹笑矛盾混科杀断鸡")
    | _KINDS
    | frozenset('0123456789,。?:、\n ()"-/+&·')
)
"""The characters of the field's own words, the kinds of tokens and the signs. Of the surnames only what hardly anybody bears:
a name that nobody has recognised, a parent's, stays out of what is kept."""
_OF_A_SURNAME = any_of(
    r"[名清假菜]单|单亲|儿童|关[注机于门]|安排|[公不平]安|老师|教师|师傅|[到来交]齐|齐了|送达|主任|[证不]明|明白|[没交欠要]钱|[学缴交水]费"
    r"|费用|高[兴烧中]|快乐|书包|包[联保村]|[属终由]于|房子|租房|谢谢?|清楚|[作语]文|平[时常]|代表|缺席|出席|支书|权限|开刀|自闭|倾向|麻烦"
    r"|苗头|[放看]牛|[正经异平]常|常常|卫生|马上|骑马|司法|拉黑|宿舍|住宿|照顾|不顾|抑郁|方便|左右|[学自]习|其余|游戏|路[上断冲滑塌]|[半修]路"
    r"|[改标送办]成|成功|广东|东莞|佛山|浙江|辛苦|打雷|雷雨|体温|温度|降温|麦子|收麦|舒服|[闹分]钟|钟头|阿[爸妈公婆爹娘]"
)
"""The words of the field that hold the character of a surname which many bear."""
_DIGITS = 4  # of years, counts and hours that are no token; more of them may be somebody's number


@dataclass(frozen=True, slots=True)
class Shape:
    """A line's text, and its tokens by place and kind, with what days, lengths and numbers say.

    A pupil is a number, the same for the same pupil, and whether only the sound of the name told who it is.
    """

    text: str
    tokens: tuple[tuple[int, str, Any], ...]


def shape_of(line: Line) -> Shape | None:
    """The shape of a line of the daily kind: short, in words of the field, with days that need no school calendar; else None."""
    text = line.text
    if len(text) > LONGEST_SHAPE or not (_DAILY.issuperset(text) or _DAILY.issuperset(_OF_A_SURNAME.sub("", text))):
        return None
    if sum(map(str.isdigit, text)) > _DIGITS:
        return None
    pupils: dict[tuple[str, ...], int] = {}
    tokens: list[tuple[int, str, Any]] = []
    for at, token in line.tokens.items():
        value: Any = None
        if token.kind == "N":
            value = (pupils.setdefault(token.value.candidates, len(pupils)), token.value.fuzzy)
        elif token.kind in _SPOKEN:
            value = token.value
            if any(day.after_holiday for day in _days_of(value)):
                return None
        elif token.kind not in _KINDS:
            return None
        tokens.append((at, token.kind, value))
    return Shape(text, tuple(tokens))


def _days_of(value: object) -> Iterable[Day]:
    return [day for day in (value if isinstance(value, tuple) else (value,)) if isinstance(day, Day)]


@dataclass(frozen=True, slots=True)
class _Said:
    """A draft that cannot be changed any more."""

    action: str
    names: tuple[int, ...]
    slots: tuple[tuple[str, Any], ...]
    spans: tuple[tuple[str, tuple[int, int]], ...]


def read_again(shape: Shape, line: Line, role: str, today: dt.date) -> tuple[Line, list[Draft] | None]:
    """The line without tokens that are taken back, and its drafts, which are the caller's own; None where they need its words."""
    said = _told(shape, role, today)
    if said is None:
        return line, None
    drafts, places = said
    if len(places) < len(line.tokens):
        line = replace(line, tokens={at: token for at, token in line.tokens.items() if at in places})
    return line, [Draft(d.action, [*d.names], dict(d.slots), dict(d.spans)) for d in drafts]


@lru_cache(maxsize=KEPT)
def _told(shape: Shape, role: str, today: dt.date) -> tuple[tuple[_Said, ...], frozenset[int]] | None:
    """What a line of that shape tells, and the places of the tokens that it means; None where it tells of children
    whom no register holds: what they are called is not in its shape.
    """
    tokens = {at: Token(kind, at, at + 1, _stood_in(kind, value)) for at, kind, value in shape.tokens}
    line = meant(Line(shape.text, (), tokens))
    if of_all(line):
        drafts = [asked_about_all(line)]
    elif announced(line):
        drafts = []
    elif children_told(line):
        return None
    else:
        drafts = told(line, role, today, no_such=False)
    said = [_Said(d.action, tuple(d.names), tuple(d.slots.items()), tuple(d.spans.items())) for d in drafts]
    return tuple(said), frozenset(line.tokens)


def forget() -> None:
    """Works out every shape anew: for who measures that, or puts other rules in the place of these."""
    _told.cache_clear()


def found_and_not() -> tuple[int, int]:
    """How many lines since then had a shape that was kept, and how many one that was not."""
    info = _told.cache_info()
    return info.hits, info.misses


def _stood_in(kind: str, value: Any) -> Any:
    """For a pupil somebody without a name."""
    return Mention("", (str(value[0]),), value[1]) if kind == "N" else value
