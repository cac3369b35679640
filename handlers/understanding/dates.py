"""Days as people name them: found in a text, resolved against now and the sense (past or coming) of the verb.

Weeks start on Monday; 上周三 is Wednesday of last week; 周一 is the latest or the next Monday by the verb;
10号 the nearest such day in the verb's sense (``tests/corpus/README.md``).
"""

from __future__ import annotations

import calendar as months
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.understanding.actions import Calendar
from handlers.understanding.numerals import NUMBER, number
from handlers.understanding.word_table import any_of

PAST, NEAREST, COMING = -1, 0, 1
_AWAY = {
    "大前": -3, "前": -2, **dict.fromkeys("昨夜寻噚琴", -1), "今": 0, "当": 0, "明": 1, "听": 1, "后": 2, "大后": 3,
}  # fmt: skip
"""How many days from today, by how the word begins; what follows (天, 早, 晚, 儿) is only the hour."""
_WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_DAY_OF_WEEK = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5} | {str(i + 1): i for i in range(6)}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_MONTHS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "当": 0}
_HOLIDAYS = {
    "国庆": "National Day", "十一": "National Day", "五一": "Labour Day", "劳动节": "Labour Day", "元旦": "New Year's Day",
    "春节": "Spring Festival", "过年": "Spring Festival", "清明": "Tomb-sweeping Day", "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
}  # fmt: skip
_CN = r"(?:[一二三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二三四五六七八九])"
_N = rf"(?:\d{{1,2}}|{_CN})"
DAY = any_of(
    rf"(?P<iso>20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}[日号]?)"
    rf"|(?P<near>[昨今明]晚黑|大[前后](?:[天日]|儿个?)|[昨今明前后]儿个?|昨(?=上午|下午|中午|早上|晚上)|夜(?:儿个?|个|来)(?=[^,香]*[没未不缺旷来去请])|[昨今明前后][天日早晚晨个夜朝]|[寻噚琴听]日|当[天日])"
    rf"|(?P<md>(?P<year>(?:20\d\d|[二两][零〇][零〇一二三四五六七八九]{{2}})年|[去今明前]年)?(?P<month>{_N})月份?(?P<mday>\d{{1,2}}(?!\d|个|人|次|节)|{_CN}(?=[日号])|[十廿][一二三四五六七八九](?=送|签|没|返|起|开始|家访|转|办|那天))[日号]?)"
    rf"|(?P<rel>(?P<relm>上+个?|下+个?|本|这个?|当)月(?P<relday>{_N})[日号])"
    rf"|(?P<end>(?P<endm>上+个?|下+个?|本|这个?|当|{_N})?月[底末])"
    rf"|(?P<week>(?<!每)(?P<which>上+个?|下+个?|本|这个?)?(?:周|星期|礼拜)(?P<dow>[一二三四五六日天末]|[1-6](?![\d节个]))(?!鸣|直|天(?:没|都|缺|旷|请|未|就|不|全)))"
    rf"|(?P<ago>(?P<agon>半|{NUMBER})(?P<agou>天|个?星期|个?礼拜|周|个月)(?P<agow>之?前|以前|[之以过]?后))"
    rf"|(?P<hol>(?:国庆|五一|十一|劳动节|元旦|春节|清明|端午|中秋)(?:节)?收假(?:那天|当天|后|之后|以后)?|(?:过[完了]?|等)?(?:国庆|五一|十一|劳动节|元旦|春节|过年|清明|端午|中秋)(?:小?长假|节假|假期|节)?(?:放假)?(?:之?后|以后|过后|过完|完|过了)|过[完了](?:国庆|五一|十一|劳动节|元旦|春节|清明|端午|中秋)节?)"
    rf"|(?P<feast>(?<=[到至])(?:元旦|国庆|十一|五一|劳动节)(?:节|当天)?(?![放长小之以过后前假]))"
    rf"|(?P<num>(?<![\d.])\d{{1,2}}[./]\d{{1,2}}(?![\d.%个天]|小时|钟头|节|课时|学时|公里|米|元|块|度|倍|万|h))"
    rf"|(?P<dom>(?<![\d第一二三四五六七八九十])(?P<domn>{_N})(?:号(?!楼|门|线|院|房|车|床|库|机|路|厂|码|工)|日(?!子|常|三餐|游|以上|以内|内|及以上|或)))"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as named. ``lean`` says what its words alone tell: past, coming, or nothing (0); today leans nowhere.

    ``find`` finds it from what was ``told``, now, and a sense; days that are named alike are equal.
    """

    find: Callable[..., dt.date | None]
    told: tuple[Any, ...]
    lean: int = 0
    words: str = ""

    @property
    def after_holiday(self) -> bool:
        """国庆后: the day itself is the first one after the free days."""
        return (
            self.words.endswith(("后", "完", "过了")) or self.words.startswith("过") or "收假" in self.words
        ) and any(word in self.words for word in _HOLIDAYS)

    def on(self, now: dt.date, sense: int = NEAREST) -> dt.date | None:
        """The date meant, None where there is no such day (2月30日)."""
        try:
            return self.find(*self.told, now, self.lean or sense)
        except (ValueError, OverflowError):
            return None


def day_of(match: re.Match[str], calendar: Calendar | None = None) -> Day:
    """The named day behind a match of ``DAY``."""
    words = match.group()
    reader = _READERS.get(match.lastgroup or "")
    return _after_holiday(words, calendar) if reader is None else reader(match, words)


def _iso(_: re.Match[str], words: str) -> Day:
    return Day(_dated, tuple(int(n) for n in re.findall(r"\d+", words)), 0, words)


def _dated(year: int, month: int, day: int, now: dt.date, sense: int) -> dt.date:
    return dt.date(year, month, day)


def _near(_: re.Match[str], words: str) -> Day:
    step = _AWAY[words[:2] if words[0] == "大" else words[0]]
    return away(step, words)


def away(step: int, words: str = "") -> Day:
    """So many days from today."""
    return Day(_stepped, (step,), (step > 0) - (step < 0), words)


def _stepped(step: int, now: dt.date, sense: int) -> dt.date:
    return now + dt.timedelta(days=step)


def _month_day(match: re.Match[str], words: str) -> Day:
    month, day, year = number(match["month"]) or 0, number(match["mday"]) or 0, match["year"]
    if year in _YEARS:
        return Day(_in_year, (_YEARS[year], month, day), 0, words)
    if year:
        return Day(_dated, (number(year[:-1]) or 0, month, day), 0, words)
    return Day(_each_year, (month, day), 0, words)


def _in_year(years: int, month: int, day: int, now: dt.date, sense: int) -> dt.date:
    return dt.date(now.year + years, month, day)


def _each_year(month: int, day: int, now: dt.date, sense: int) -> dt.date | None:
    return _pick(_same_day_each_year(month, day, now), now, sense)


def _month_of_words(match: re.Match[str], words: str) -> Day:
    shift, day = _MONTHS[match["relm"].rstrip("个")], number(match["relday"]) or 0
    return Day(_in_month, (shift, day), (shift > 0) - (shift < 0), words)


def _in_month(shift: int, day: int, now: dt.date, sense: int) -> dt.date:
    return _shifted(now, shift).replace(day=day)


def _month_end(match: re.Match[str], words: str) -> Day:
    return Day(_last_of_month, ((match["endm"] or "本").rstrip("个"),), 0, words)


def _last_of_month(which: str, now: dt.date, sense: int) -> dt.date:
    first = _shifted(now, _MONTHS[which]) if which in _MONTHS else dt.date(now.year, number(which) or 0, 1)
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def _weekday(match: re.Match[str], words: str) -> Day:
    which, weekday = (match["which"] or "").rstrip("个"), _DAY_OF_WEEK[match["dow"]]
    if which:
        week = _WEEKS.get(which, 0)
        lean = (week > 0) - (week < 0)
        return Day(of_week, (week, weekday), lean, words)
    return Day(_nearest_weekday, (weekday,), 0, words)


def of_week(week: int, weekday: int, now: dt.date, sense: int) -> dt.date:
    """That day of this week (0), the last (-1) or the next one (1)."""
    return now + dt.timedelta(days=weekday - now.weekday() + 7 * week)


def _nearest_weekday(weekday: int, now: dt.date, sense: int) -> dt.date:
    back = (now.weekday() - weekday) % 7
    if sense == COMING:
        return now + dt.timedelta(days=7 - back)
    return now - dt.timedelta(days=back) if sense == PAST or back <= 3 else now + dt.timedelta(days=7 - back)


_FEASTS = {"元旦": (1, 1), "国庆": (10, 1), "十一": (10, 1), "五一": (5, 1), "劳动节": (5, 1)}


def _feast(_: re.Match[str], words: str) -> Day:
    """请假到元旦: the feast itself."""
    return Day(_each_year, next(on for name, on in _FEASTS.items() if words.startswith(name)), 0, words)


def _counted(match: re.Match[str], words: str) -> Day:
    unit, ahead = match["agou"].lstrip("个"), match["agow"].endswith("后")
    count = 0.5 if match["agon"] == "半" else float(number(match["agon"]) or 0)
    days = int(count * {"天": 1, "星期": 7, "礼拜": 7, "周": 7, "月": 30}[unit])
    step = days if ahead else -days
    return Day(_stepped, (step,), COMING if ahead else PAST, words)


def _numeric(_: re.Match[str], words: str) -> Day:
    return Day(_each_year, tuple(int(n) for n in re.split(r"[./]", words)), 0, words)


def _day_of_month(match: re.Match[str], words: str) -> Day:
    return Day(_each_month, (number(match["domn"]) or 0,), 0, words)


def _each_month(day: int, now: dt.date, sense: int) -> dt.date | None:
    return _pick(_same_day_each_month(day, now), now, sense)


_READERS: dict[str, Callable[[re.Match[str], str], Day]] = {
    "iso": _iso, "near": _near, "md": _month_day, "rel": _month_of_words, "end": _month_end, "week": _weekday,
    "ago": _counted, "feast": _feast, "num": _numeric, "dom": _day_of_month,
}  # fmt: skip


def _after_holiday(words: str, calendar: Calendar | None) -> Day:
    name = next(holiday for word, holiday in _HOLIDAYS.items() if word in words)
    return Day(_first_day_after, (name, calendar), 0, words)


def _first_day_after(name: str, calendar: Calendar | None, now: dt.date, sense: int) -> dt.date | None:
    """The first school day (without a calendar: workday) after the holiday, None for years not yet announced."""
    import chinese_calendar

    step = dt.timedelta(days=-1 if sense == PAST else 1)
    day = now
    try:
        for _ in range(370):
            if chinese_calendar.get_holiday_detail(day) == (True, name):
                break
            day += step
        for _ in range(40):
            free = not calendar.is_school_day(day) if calendar else chinese_calendar.is_holiday(day)
            if not free:
                return day
            day += dt.timedelta(days=1)
    except (NotImplementedError, LookupError):
        return None
    return None


def _shifted(now: dt.date, count: int) -> dt.date:
    index = now.year * 12 + now.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def _same_day_each_year(month: int, day: int, now: dt.date) -> list[dt.date]:
    return [dt.date(year, month, day) for year in (now.year - 1, now.year, now.year + 1) if _exists(year, month, day)]


def _same_day_each_month(day: int, now: dt.date) -> list[dt.date]:
    firsts = [_shifted(now, n) for n in (-2, -1, 0, 1, 2)]
    return [first.replace(day=day) for first in firsts if _exists(first.year, first.month, day)]


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= months.monthrange(year, month)[1]


def _pick(days: list[dt.date], now: dt.date, sense: int) -> dt.date | None:
    """Of the days the one that the sense means: the latest not after now, the first not before, or the nearest."""
    if sense == PAST:
        days = [d for d in days if d <= now]
    elif sense == COMING:
        days = [d for d in days if d >= now]
    return min(days, key=lambda d: abs((d - now).days), default=None)


def resolve(text: str, now: dt.datetime, tense: int = NEAREST, calendar: Calendar | None = None) -> dt.date | None:
    """The first day named in a short text (an answer to “which day?”); None if there is none."""
    match = DAY.search(text)
    day = day_of(match, calendar) if match else None
    return day.on(now.date(), told_of(day, now.date()) if tense == PAST else tense) if day else None


FAR, NEAR = 60, 31  # days


def told_of(day: Day, today: dt.date) -> int:
    """The sense of a day that was told of: past; but 3月13日请了假, written on the 12th, was not a year ago: coming."""
    was, nearest = day.on(today, PAST), day.on(today, NEAREST)
    return COMING if was and nearest and (today - was).days > FAR and 0 < (nearest - today).days <= NEAR else PAST


def just_been(day: Day, today: dt.date) -> bool:
    """Whether a day of that name was this week, and the next is weeks away: 10号 or 3月10日, written on the 12th."""
    was, coming = day.on(today, PAST), day.on(today, COMING)
    return bool(was and coming and 0 < (today - was).days <= 7 and (coming - today).days > 20)


def no_such_day(text: str, today: dt.date) -> str | None:
    """The first day of a month in a text that there is not: 2月30日."""
    for match in DAY.finditer(text) if "月" in text else ():
        day = day_of(match) if match["md"] else None
        if day and not any(day.on(today, sense) for sense in (PAST, NEAREST, COMING)):
            return day.words
    return None


def month_of(words: str, now: dt.date) -> str | None:
    """``三月份``, ``上个月``, ``去年12月`` as ``YYYY-MM``: of the months that bear the name, the latest begun."""
    match = re.search(rf"(?P<year>20\d\d年|[去今明前]年)?(?P<m>上+个?|下+个?|本|这个?|当|{_N})月", words)
    if not match:
        return None
    which, year = match["m"].rstrip("个"), match["year"]
    if which in _MONTHS:
        return _shifted(now, _MONTHS[which]).isoformat()[:7]
    month = number(which) or 0
    if not 1 <= month <= 12:
        return None
    if year:
        return f"{now.year + _YEARS[year] if year in _YEARS else int(year[:4])}-{month:02d}"
    return f"{now.year - (month > now.month)}-{month:02d}"
