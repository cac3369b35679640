"""Pupils whose names are ordinary words: 高兴, 成功, 石头, 郑州."""

from __future__ import annotations

import re

from handlers.understanding.lexicon_names import CITIES, KIN
from handlers.understanding.lexicon_places import LEFT
from handlers.understanding.reading import Token

_WORD_VERBS = {
    "许诺": re.compile(r"家长|妈|爸|孩子|他|她|爷爷|奶奶"), "成功": re.compile(r"$^"), "来到": re.compile(r"."), "战胜": re.compile(r"."), "解决": re.compile(r"."),
}  # fmt: skip
_TAKES_PUPIL = re.compile(r"(?:给|把|将|对|家访|走访|查|查询|确认|找|跟|去|到|通知)$")
_ADVERBS = frozenset(re.findall(r"..", "全力何时成功高兴安静平安顺利安全圆满积极勇敢快乐安心自然连夜平时常常未来简单"))
_MANNER = frozenset(
    re.findall(r"..", "全力何时成功顺利安全圆满积极连夜平时常常简单")
)  # 成功劝返: how, rather than whom
_MISSED_OR_CALLED = re.compile(
    r"(?:打(?:了|给|过)?|拨|差|少|缺|[病事]假|研判|没(?:有|得)?人|(?:缺|差|少|没来|没到)的(?:还|就)?有)$"
)  # 就差石头, 打田野老爸电话
_AS_ADVERB = re.compile(
    r"(?:[地点]?[说讲]就是|来[说讲]|地|得|把|将|劝|送|返|回来|来上|才|能|可以|说服|动员|找到|联系上|接|很|死了|坏了|极了|的(?:是(?=[^,。]{2,4}(?:今天|也|又|都|已经?)*(?:回来|来了|到校|返校|同意|答应))|话|时候|消息|日子|事))"
)


def stands_as_name(mask: str, body: str, token: Token) -> bool:
    """Whether an ordinary word stands where only a name can: at the head of a clause or after a verb that takes a pupil."""
    before, after = mask[: token.start], mask[token.end :]
    if before.endswith("上") and re.match(r"家(?![长庭乡校])", after):
        return True  # 上蓝天家了
    if body[token.start : token.end] == "左右" and re.search(r"[TOHMLAG]~*$", before):
        return False  # 三天左右
    if re.search(r"(?:^|[,。 ])(?:以后|今后|往后|接下来)$", before) and re.match(
        r"(?:就|都)?(?:交给|转给|由|归|让)", after
    ):
        return True  # 以后雷雨交给孙老师
    if before and not LEFT.search(before) and not _MISSED_OR_CALLED.search(before):
        return False
    said_by = _WORD_VERBS.get(body[token.start : token.end])
    if said_by and before and said_by.search(re.split(r"[,。?:\n ]", before)[-1]):
        return False
    if body[token.start : token.end] in CITIES and re.search(r"[去到在往回]了?$", before) and after[:1] != "家":
        return False  # 一家人都去郑州了, where 郑州 is a pupil too
    if body[token.start : token.end] not in _ADVERBS:
        return True
    if _TAKES_PUPIL.search(before) is not None or not _AS_ADVERB.match(after):
        return True
    alone = body[token.start : token.end] not in _MANNER and not re.search("[NW]", mask)
    return alone and re.search(r"(?:^|[,。 ])$", before) is not None and after[:1] not in "地得的"  # 高兴回来了


_OF_A_PUPIL = re.compile(
    rf"没(?:来|到|有来|返)|缺(?:勤|席|课)|旷课?|请(?:假|了|[病事]假)|未到|(?:的|他|她)?{KIN}|返校|到校|[病事]假|同学"
)
_LOOKED_UP = re.compile(r"查(?:询|看|一?下)?$")


def stands_as_given(mask: str, body: str, token: Token) -> bool:
    """九年级的满仓旷课两天: a word that is a given name, where a name stands and a pupil's doing or family follows."""
    if _LOOKED_UP.search(mask[: token.start]) and token.end == len(mask):
        return True
    return stands_as_name(mask, body, token) and _OF_A_PUPIL.match(mask, token.end) is not None


def told_how(words: str, after: str) -> bool:
    """Whether the word only tells how what follows was done: 顺利返校."""
    return words in _ADVERBS and _AS_ADVERB.match(after) is not None


_ONE_WORDS = ("一直", "一样", "一起", "一定", "一共", "一早", "一天", "天天")


def ends_in_a_word(body: str, token: Token, found: list[Token]) -> bool:
    """丁一一直没来, where 丁一 and 丁一一 are known: the second 一 is of 一直."""
    shorter = any(t.start == token.start and t.end == token.end - 1 for t in found)
    return shorter and body[token.end - 1 : token.end + 1] in _ONE_WORDS
