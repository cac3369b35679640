"""The answer to a question with numbered choices, or with yes and no, in the words people use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from handlers.understanding.numerals import number

_BESIDE = re.compile(r"[\s。，、．.!！?？~～]+")
_NTH = re.compile(
    r"^(?:选|就|是|要|应该是)*第?([0-9一二两三四五六七八九十]{1,3})(?:个|号|位|项|条|名)?(?:吧|的|啊|那个|学生)*$"
)
_LAST = re.compile(r"^(?:最后|末尾)(?:一?[个位名项])?(?:吧)?$")
_YES = re.compile(
    r"^(?:是|是的|是啊|对|对的|对对|嗯+|好|好的|行|可以|确认|确定|没错|属实|y|yes|ok|要|同意|确实|就是|1|齐了|都齐了|都到了)(?:吧|啊|呢|了|哦|哈)?$",
    re.IGNORECASE,
)
_BARE = re.compile(r"是的?|否|不是的?|对的?|不对|确认|确定|属实|y|yes|n|no", re.IGNORECASE)
_NO = re.compile(
    r"^(?:不|不是|不是的|否|不对|不行|不要|不用|没有|没|错了|不属实|n|no|2|先不|暂不|不确认|不确定|算了|还没)(?:吧|啊|呢|了|哦|的)?$",
    re.IGNORECASE,
)


def _even(text: str) -> str:
    return _BESIDE.sub("", unicodedata.normalize("NFKC", text))  # ① is 1, too


def choice_of(text: str, options: Sequence[str]) -> int | None:
    """Which option is meant, by number, 第一个, name, class or any words that only one option holds; None if unclear."""
    words = _even(text)
    if not words:
        return None
    found = _NTH.match(words)
    if found:
        wanted = number(found[1])
        return int(wanted) - 1 if wanted and 1 <= wanted <= len(options) else None
    if _LAST.match(words):
        return len(options) - 1
    shown = [_even(option) for option in options]
    same = [n for n, option in enumerate(shown) if option == words]
    if len(same) == 1:
        return same[0]
    core = re.sub(r"^(?:选|是|就是|要)|(?:那个|的那个|的|吧|班的|这个)+$", "", words)
    holding = [n for n, option in enumerate(shown) if core and core in option]
    return holding[0] if len(holding) == 1 else None


def is_bare_answer(text: str) -> bool:
    """Whether a text can only be the answer to a question: a number, yes or no. 好的 and 收到 may stand by themselves."""
    words = _even(text)
    return bool(_NTH.match(words) or _BARE.fullmatch(words))


def is_yes(text: str) -> bool:
    """A plain yes."""
    return bool(_YES.match(_even(text)))


def is_no(text: str) -> bool:
    """A plain no."""
    return bool(_NO.match(_even(text)))
