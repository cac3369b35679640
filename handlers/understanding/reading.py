"""A text with all that is no verb recognised: days, spans of time, counts, ages, numbers, names, colleagues.

``mask`` is the text with each recognised piece replaced by one capital and ``~`` for the rest, so that
patterns over it see kinds, not words, and positions stay those of the text:
D day, R from day to day, T length of time, O n-th day, H hours, M minutes, L lessons, A age, S month,
G other number, U time of day, C class, N pupil, W a name that no pupil bears, K colleague.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handlers.understanding.actions import Calendar
from handlers.understanding.dates import DAY, Day, away, day_of, of_week
from handlers.understanding.numerals import NUMBER, number
from handlers.understanding.word_table import any_of


@dataclass(frozen=True, slots=True)
class Token:
    """A recognised piece: ``kind`` is its capital in the mask, ``value`` what it says."""

    kind: str
    start: int
    end: int
    value: Any = None


_HALF_DAY = "半天|一?上午|一?下午"
QUANTITY = any_of(
    rf"(?P<G>三天两头|三天打鱼|(?<!\d)\d{{6,}}x?|\d{{3,4}}-\d{{7,8}}|(?<=[^\d])\d+号(?:楼|门|线|院|房|车|床|库|路|厂)|20\d\d(?:年(?!\d)|-20\d\d学?年?)|\d+(?:分|元|块|%|米|里|公里|斤|亩)(?!钟))"
    rf"|(?P<O>第{NUMBER}个?(?:天|日)|头一天(?=$|[,。;；，])|首日(?=$|[,。;；，])|D?\d+天头上)"
    rf"|(?P<A>(?![一二三四五六七八九]\d)(?:{NUMBER}|十[一二三四五六七八九]{{2}}|[一二三四五六七八九]{{2}})(?:多|来|(?:[、到至~-]|或者?)?{NUMBER})?(?:周)?岁(?:半|多)?)"
    rf"|(?P<L>{NUMBER}个?(?:课时|节课|节|堂课|堂|学时))"
    rf"|(?P<H>(?:半|\d{{1,2}}\.\d|{NUMBER}个?半?|一个半|两个半)个?(?:多)?(?:小时|钟头|钟(?=后|之后|再|叫|提|以后))(?:半)?)"
    rf"|(?P<M>{NUMBER}(?:多)?分钟?(?!之))"
    rf"|(?P<U>(?:上午|下午|早上|晚上|中午)?(?:\d{{1,2}}:\d\d|{NUMBER}点(?:半|多|{NUMBER}分?|钟)?))"
    rf"|(?P<T>{_HALF_DAY}|(?:缺勤|缺课|旷课|请假)?天数[:为是]*{NUMBER}天?|(?:整整|快|有|近|将近|满|超过|超)?(?:半|好几|(?<=[这那前过请休])(?<![来去上到]过)几|(?<=[请休]了)几|十来|十几|\d+\.\d|{NUMBER})(?:多)?(?:天(?!台|生|气)|个?(?:工作|教学|上学|学习|学校|上课|学)日|个?(?:多|半)?(?:星期|礼拜)(?![一二三四五六日天])(?:多)?|(?:多)?周(?!岁|年|边|末)(?:多)?"
    rf"|个(?:多|半)?月(?:多)?|年(?!级|\d|月)|个?学期)|(?<=[假课勤请共续席旷]){NUMBER}日)"
    rf"|(?P<S>(?:20\d\d年|去年|今年)?(?:上+个|上|本|这个?|当|{NUMBER})月(?:份)?(?!底|末|初|\d|龄|经))"
)
CLASS = any_of(
    r"(?:(?:小|初|高)?[一二三四五六七八九1-9]年级?)?[(]?\d{1,3}[)]?班(?!主任|级|长|会|车)|(?:小|初|高)?[一二三四五六七八九]年?级?[(][\d一二三四五六七八九十]{1,2}[)]班?"
    r"|[一二三四五六七八九]年级?[\d一二三四五六七八九十]{1,2}班|[一二三四五六七八九七八九](?:年级)(?:[\d一二三四五六七八九十]{1,2}班)?|初[一二三](?:[(]?[\d一二三四五六七八九十]{1,2}[)]?班)?"
)
_RANGE_JOIN = re.compile(r"(?:号|日)?(?:上午|下午)?起?(?:一直)?(?:到|至|-)+")
_BOTH = re.compile(
    r"(?P<both>今明后(?:三天|三日|3天)?|今明(?:两天|两日|2天)?|昨今(?:两天|两日|2天)?|前昨两天|明后(?:两天|天|两日|2天))"
)
_BOTH_DAYS = {"今明后": (0, 2), "今明": (0, 1), "昨今": (-1, 0), "前昨": (-2, -1), "明后": (1, 2)}
_THIS_WEEK = re.compile(
    r"(?:这个?|本)(?:周|星期|礼拜)(?=(?:就|也|又)*(?:都|一直|一天(?:都|也)|天天|每天|整个(?:都)?)(?:没|未|不来|不在|缺|旷))"
)  # 这个星期都没来: since Monday
_RUN_OF_WEEKDAYS = re.compile(
    r"(?P<week>(?:上+个?|下+个?|本|这个?)?(?:周|星期|礼拜))[一二三四五](?P<more>(?:[、和]?[二三四五六]){1,5})(?=(?:[两三四五]天|[两三]个?下午|都|也|又)*(?:没|未|缺|旷|请|不来))"
)
_SAME_WEEK = re.compile(
    r"(?P<week>(?:上+个?|下+个?|本|这个?)(?:周|星期|礼拜))[一二三四五](?:[、和跟与及]|到)?(?P<second>(?:周|星期|礼拜)(?P<dow>[一二三四五六日天]))"
)
_COUNTED_DAYS = re.compile(rf"(?<=[课勤席旷]){NUMBER}日(?![到至、和-])")  # 缺课3日: how many, not which
_LISTED_DAY = re.compile(r"(?<![\d.])\d{1,2}(?=(?:、\d{1,2})+[号日])")
_SHORT_RANGE = re.compile(rf"(?P<a>(?:{NUMBER}月)?\d{{1,2}})[号日]?[-到至](?P<b>(?:{NUMBER}月)?\d{{1,2}})[号日]")
_WEEK, _DIGIT = re.compile("[周期拜]"), re.compile(r"\d")
_WEEKDAY = re.compile(
    r"(?<![一二两三四五六七八九十几半个\d])(?:(?:周|星期|礼拜)[一二三四五六日天](?!天(?:没|都|缺|旷|请|未|就|不|全))[、和]?)+"
)  # 周四周五两天: no 五两


def days_and_numbers(body: str, calendar: Calendar | None) -> list[Token]:
    """All days, lengths, counts and other numbers of an even text, none overlapping, in order."""
    found: list[Token] = []
    for match in _BOTH.finditer(body):
        first, last = next(v for k, v in _BOTH_DAYS.items() if match["both"].startswith(k))
        found.append(Token("R", *match.span(), (away(first), away(last))))
    weeks, digits = _WEEK.search(body), _DIGIT.search(body)
    for match in _THIS_WEEK.finditer(body) if weeks else ():
        found.append(Token("R", *match.span(), (Day(of_week, (0, 0), -1, "本周一"), away(0))))
    for match in _RUN_OF_WEEKDAYS.finditer(body) if weeks else ():  # 上礼拜四五没来, 这周三四五请假
        for at in range(match.start("more"), match.end()):
            day = DAY.match(match["week"] + body[at])
            found += [Token("D", at, at + 1, day_of(day, calendar))] if day else []
    for match in _SAME_WEEK.finditer(body) if weeks else ():  # 上礼拜四跟礼拜五
        day = DAY.match(match["week"] + match["dow"])
        found += [Token("D", *match.span("second"), day_of(day, calendar))] if day else []
    for match in _LISTED_DAY.finditer(body) if digits else ():  # the 23 of 23、24号
        day = DAY.match(match.group() + "号")
        found += [Token("D", *match.span(), day_of(day, calendar))] if day else []
    for match in _SHORT_RANGE.finditer(body) if digits else ():
        found.append(Token("R", *match.span(), _two_days(match, calendar)))
    found += [
        Token("D", *m.span(), day_of(m, calendar))
        for m in DAY.finditer(body)
        if not _COUNTED_DAYS.match(body, m.start())
    ]
    for match in QUANTITY.finditer(_WEEKDAY.sub(lambda m: "甲" * len(m.group()), body) if weeks else body):
        kind = match.lastgroup or "G"
        found.append(Token(kind, *match.span(), _value(kind, match.group())))
    found += [Token("C", *m.span(), m.group()) for m in CLASS.finditer(body)]
    return _ranges(longest(found), body)


def longest(tokens: list[Token]) -> list[Token]:
    """Without overlaps: the longer first, of equals the one found first; in order of the text."""
    if len(tokens) < 2:
        return [*tokens]
    kept: list[Token] = []
    for token in sorted(tokens, key=lambda t: t.start - t.end):
        if all(token.end <= other.start or token.start >= other.end for other in kept):
            kept.append(token)
    return sorted(kept, key=lambda t: t.start)


def masked(body: str, tokens: list[Token]) -> str:
    """The text with its tokens painted over."""
    mask = list(body)
    for token in tokens:
        paint(mask, token)
    return "".join(mask)


def paint(mask: list[str], token: Token) -> None:
    """Puts a token's capital over its place."""
    mask[token.start : token.end] = [token.kind] + ["~"] * (token.end - token.start - 1)


def _two_days(match: re.Match[str], calendar: Calendar | None) -> tuple[Day, Day]:
    first, last = match["a"], match["b"]
    month = re.match(rf"{NUMBER}月", first)
    if month and "月" not in last:
        last = month.group() + last
    days = [DAY.match(words + "号") for words in (first, last)]
    return tuple(day_of(day, calendar) for day in days if day)  # type: ignore[return-value]


def _ranges(tokens: list[Token], body: str) -> list[Token]:
    """Two days joined by 到 or - are one range; the month said once holds for both."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if last and last.kind == token.kind == "D" and _RANGE_JOIN.fullmatch(body, last.end, token.start):
            out[-1] = Token("R", last.start, token.end, (last.value, token.value))
        else:
            out.append(token)
    return out


def _value(kind: str, words: str) -> Any:
    if kind == "O":
        return 1 if words == "首日" else _first_number(words)
    if kind in "AL":
        return (
            _first_number(words)
            if not re.search(r"[一二三四五六七八九十][一二三四五六七八九]{2}岁|^[一-九]{2}岁|[多来、到至~或-]", words)
            else None
        )
    if kind == "H":
        if decimal := re.match(r"\d+\.\d", words):
            return int(60 * float(decimal.group()))
        hours = 0.5 if words.startswith("半") else float(_first_number(words) or 0)
        return int(60 * (hours + (0.5 if "半" in words[1:] else 0)))
    if kind == "M":
        return _first_number(words)
    if kind == "T":
        return _length(words)
    return words


def _first_number(words: str) -> int | None:
    match = re.search(NUMBER, words)
    return number(match.group()) if match else None


_DAYS = {"星期": 7, "礼拜": 7, "周": 7, "月": 30, "天": 1, "日": 1}


def _length(words: str) -> int | None:
    """A length in days; None where nobody counted (好几天, 两三天), where it is half a day, or in terms and years."""
    unit = next((u for u in ("学期", *_DAYS, "年") if u in words), "")
    if unit not in _DAYS or re.search(r"几|来|超|\.", words) or (unit == "天" and "半" in words):
        return None
    if re.search(r"半个?月", words) and not re.search(NUMBER + r"个半月", words):
        return 15
    count = _first_number(words)
    return None if count is None else count * _DAYS[unit] + (15 if "个半月" in words else 0)
