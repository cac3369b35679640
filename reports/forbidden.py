"""The guard at the door: words and citations that no paper of ours may carry (forms.md 0, rule 3; law.md, section 6).

Exact quotations from the checked store are left out of account before the words are sought, since the law itself
says 不得开除 and 责令限期改正; in a school's letter even a quotation may not order or threaten.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from reports.law import NotInStore, articles, find, quote

WITHHELD = "〔原话含不宜印发的措辞，见系统原始记录〕"
# Never printed, by anyone. The letter before 开除 guards against 公开除外 and the like.
WORDS = (
    "罚款", "处罚", "拘留", r"(?<![公离展召])开除", "劝退", "勒令", r"注销(?:其|该生|学生)?学籍", "训诫", r"责令退学",
    r"(?:取消|停发|扣发|停止发放|暂停).{0,8}(?:低保|补助|补贴|救助|资助|待遇|福利)", r"罚\w{0,4}元", r"追究.{0,6}刑事责任",
)  # fmt: skip
SCHOOL_WORDS = ("责令", r"违法(?!追责)", "起诉", "视为送达", "强制执行", "撤销监护")
NUMERAL = "[零一二三四五六七八九十百千〇0-9]+"
# The wrong texts in circulation, each with what is wrong about it.
WRONG = (
    (r"批评教育[。.；;]责令", "《义务教育法》第五十八条的“批评教育”之后是逗号"),
    (rf"第{NUMERAL}条第{NUMERAL}条", "条下面是款，不是条"),
    (r"违法了", "家长不送学不宜写成“违法了”"),
    (r"(?<!残疾)儿童、少年需要专人护理", "《残疾人教育条例》第十七条第四款写的是适龄残疾儿童、少年"),
    (r"报送.{0,12}合规审计情况", "《未成年人网络保护条例》第三十七条没有这句话"),
    (r"未(?:成年人)?保(?:护)?法》?第(?:十三|13)条", "2020年修订后，家长保障就学的职责在第十六条、第十七条"),
    (r"未(?:成年人)?保(?:护)?法》?第(?:九|9)条.*民政部门", "2024年修正后的第九条不再写民政部门"),
    (r"网络安全法》?第(?:二十一|21)条", "2025年修正后，日志留存在第二十三条"),
    (r"义务教育法》?第(?:十五|15)条", "第十五条是学校规划，不是家长的义务"),
)  # fmt: skip
CITATION = re.compile(rf"《(?:中华人民共和国)?([^《》]{{2,16}}?)》第({NUMERAL})条(?:第({NUMERAL})款)?")
QUOTED = re.compile(CITATION.pattern + r"[^“”。]{0,6}(?:规定|明确)[：:,，]?“([^”]*)”")


@dataclass(frozen=True, slots=True)
class Fault:
    """A text that may not leave: what was found, where, and why (Chinese)."""

    found: str
    why: str
    text: str


class Forbidden(Exception):
    """The paper carries what may not be printed; the message says what to change."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(f"这份材料里有不能印发的内容“{first.found}”：{first.why}。请改写后再出具。")


def fold(text: str) -> str:
    """Full-width letters and digits narrowed, white space taken out: a space inside a word hides nothing."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace(",", "，").replace(":", "：")


def find_faults(text: str, school_letter: bool = False) -> list[Fault]:
    """What may not be printed in this text; a school's letter is held to the stricter list."""
    folded = fold(text)
    own = _without_quotations(folded)
    faults = [Fault(hit, f"“{hit}”不得出现在任何文书里", text) for hit in _hits(own, _any(WORDS))]
    if school_letter:
        faults += [Fault(hit, f"学校的信函里不得出现“{hit}”", text) for hit in _hits(folded, _any(SCHOOL_WORDS))]
    faults += [Fault(hit, why, text) for pattern, why in WRONG for hit in _hits(folded, pattern)]
    return faults + [Fault(*found, text) for found in _wrong_citations(folded, school_letter)]


def check(texts: Iterable[str], school_letter: bool = False) -> None:
    """Raises ``Forbidden`` if any of the texts may not leave the office."""
    faults = [fault for text in texts if text for fault in find_faults(text, school_letter)]
    if faults:
        raise Forbidden(faults)


def withhold(text: str, school_letter: bool = False) -> str:
    """Recorded words as they may be printed: a remark stands where the original may not.

    Facts are never changed, and a record that cannot be printed would block the whole file of a pupil.
    """
    return WITHHELD if _suspicious().search(text) and find_faults(text, school_letter) else text


def _hits(text: str, pattern: str) -> list[str]:
    return [match.group(0) for match in re.finditer(pattern, text)]


def _any(words: Iterable[str]) -> str:
    return "|".join(words)


@functools.cache
def _suspicious() -> re.Pattern[str]:
    """Any character sequence that could begin a fault: a cheap first look, since ledgers have millions of cells."""
    return re.compile(r"[罚处拘开劝勒注训责取停扣暂追违起视强撤《第批报需法]")


@functools.cache
def _quotations() -> tuple[str, ...]:
    """The store's lines, longest first; only those that contain a forbidden word matter."""
    lines = {fold(line) for a in articles().values() for paragraph in a.paragraphs for line in paragraph}
    return tuple(sorted((line for line in lines if re.search(_any(WORDS), line)), key=len, reverse=True))


def _without_quotations(folded: str) -> str:
    for line in _quotations():
        folded = folded.replace(line, "")
    return folded


def _wrong_citations(folded: str, school_letter: bool) -> Iterable[tuple[str, str]]:
    known = {law for law, _ in articles()}
    for match in CITATION.finditer(folded):
        law, number, paragraph = match.group(1, 2, 3)
        if law not in known:
            continue
        try:
            quote(law, read_number(number), read_number(paragraph) if paragraph else None)
        except NotInStore as missing:
            yield match.group(0), str(missing).rstrip("。")
            continue
        if school_letter and not find(law, read_number(number)).letters:
            yield match.group(0), "这一条不写进学校的信函"
    for match in QUOTED.finditer(folded):
        law, number, paragraph, words = match.group(1, 2, 3, 4)
        if law in known and not _is_quotation(law, number, paragraph, words):
            yield words, f"与核对过的《{law}》条文不一致"


def _is_quotation(law: str, number: str, paragraph: str | None, words: str) -> bool:
    try:
        exact = fold(quote(law, read_number(number), read_number(paragraph) if paragraph else None))
    except NotInStore:
        return True  # already reported as a citation
    return words.rstrip("。；") in exact


def read_number(words: str) -> int:
    """``二十八`` or ``28`` → 28."""
    if words.isdecimal():
        return int(words)
    total = digit = 0
    for character in words:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = "零一二三四五六七八九".find(character) if character != "〇" else 0
    return total + digit
