"""刘子涵那条旷课是误报 · 胡大山是病假不是旷课: whose record is said to be wrong, and which. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WRONG = r"(?:误报|错报|说错|报错|记错|写错|登错|填错|弄错|搞错|报重|不作数|不算数)"
_THAT = r"(?:同学)?的?(?:上面|刚才|早上|上午|昨天|今天)?(?:那|这|上)?(?:一?[条个次])?的?"
_NOT = r"(?:不是|不算|不能算|并非|并不是)"
_DENIES = re.compile(r"[误错重]|不是|不算|不作数|不能算|并非")


def denies(text: str) -> bool:
    """Whether a text may say that something was not so; most do not, and no name is looked up for them."""
    return _DENIES.search(text) is not None


def of_itself(text: str, names: Iterable[str], kinds: str) -> tuple[str, str] | None:
    """The pupil whose own record the text calls wrong, and the kind of record in its words (``kinds``: them all, as a pattern);
    '' where it names none.

    None where it does not: 说错了，是李四缺勤 says nothing wrong of 李四.
    """
    named = "|".join(map(re.escape, sorted(set(names), key=len, reverse=True)))
    if not named:
        return None
    who, what = rf"(?P<name>{named})", rf"(?P<kind>{kinds})"
    ways = (
        rf"{who}{_THAT}(?:{what})?(?:那条|记录)?(?:是|属于|我)?{_WRONG}",
        rf"{who}(?:同学)?(?:今天|昨天)?(?:是|请的是|请了)?(?:[^，,。；;不是]{{1,6}}[，,]?)?(?:而)?{_NOT}{what}",
    )
    found = next((match for way in ways if (match := re.search(way, text))), None)
    return (found["name"], found["kind"] or "") if found else None


def denied(text: str, names: Iterable[str]) -> set[str]:
    """The pupils of whom it is said that it was not they: 是李四没来不是张三."""
    return {name for name in names if re.search(rf"{_NOT}{re.escape(name)}", text)}
