"""A typed message made even: width, traditional forms, case, spaces and punctuation, with a way back to the raw text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from handlers.understanding.word_table import any_of

# One sign for each job: , pause; 。 stop; ? question; : announces; " quotes; 、 lists; - joins two dates.
_SIGNS = str.maketrans({
    "!": "。", ";": "。", "…": "。", "\r": "\n", "\t": " ", "“": '"', "”": '"', "‘": '"', "’": '"', "'": '"',
    "「": '"', "」": '"', "『": '"', "』": '"', "【": '"', "】": '"',
    "〔": "(", "〕": ")", "[": "(", "]": ")", "{": "(", "}": ")", "～": "-", "~": "-", "—": "-", "–": "-", "─": "-",
    "−": "-", "‐": "-", "•": "·", "・": "·", "‧": "·", "∙": "·", "･": "·", "●": "·", "|": ",", "\u3000": " ",
})  # fmt: skip
_FACES = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,4}\]")  # WeChat's own faces, written out: [玫瑰] [OK]
_ITEM = re.compile(r"(?:^|(?<=[ \n,。、:]))\(?\d{1,2}[.、):](?=[ \u4e00-\u9fff])")
_STOP = re.compile(r"\.{2,}|\.(?!\w)")  # 没来. and 没来... on a keyboard of the West
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_TRADITIONAL_EXTRA = {
    "沒": "没",
    "嗰": "那",
    "啲": "些",
    "喺": "在",
    "嘅": "的",
    "冧": "没",
    "冇": "没",
    "佢": "他",
    "畀": "给",
    "喇": "啦",
}

# What pinyin keyboards make of the field's words; each as long as what is meant, so that places stay.
_TYPOS = {
    "喺屋企": "在家里", "矿课": "旷课", "框课": "旷课", "旷客": "旷课", "矿学": "旷学", "缺情": "缺勤", "缺秦": "缺勤", "缺琴": "缺勤", "却勤": "缺勤", "没莱": "没来",
    "亲假": "请假", "青假": "请假", "轻假": "请假", "请价": "请假", "情假": "请假", "病价": "病假", "返较": "返校", "反校": "返校", "饭校": "返校", "范校": "返校",
    "到较": "到校", "加访": "家访", "家仿": "家访", "家坊": "家访", "夹访": "家访", "绰学": "辍学", "缀学": "辍学", "啜学": "辍学", "休雪": "休学",
    "送叫": "送教", "全琴": "全勤", "全情": "全勤", "全秦": "全勤", "代办": "待办", "带办": "待办", "撒回": "撤回", "撒销": "撤销", "彻销": "撤销", "彻回": "撤回",
    "嚟": "来", "唔畀": "不给", "唔给": "不给", "同埋": "以及", "连埋": "以及", "喺": "在", "咗": "了", "抗课": "旷课", "劝反": "劝返", "劝饭": "劝返", "疑是辍": "疑似辍", "病甲": "病假", "请甲": "请假", "伊爸": "他爸", "伊妈": "他妈", "伊母": "他妈", "睇咗": "看了", "请叚": "请假", "旷刻": "旷课", "返笑": "返校", "一哈": "一下", "通只书": "通知书", "v信": "微信", "薇信": "微信", "戳学": "辍学", "辍雪": "辍学", "台帐": "台账", "月抱": "月报", "月爆": "月报", "唔系": "不是", "唔想": "不想", "事价": "事假", "丧价": "丧假", "通之书": "通知书", "通知输": "通知书", "返效": "返校", "冇嚟返学": "没来上学", "唔嚟返学": "不来上学",
}  # fmt: skip
_BY_PLACE = {
    "请加": "请假",
    "威信": "微信",
    "送交": "送教",
    "倒": "导",
    "哩": "了",
    "咯": "了",
    "咧": "了",
    "转": "趟",
}  # meant so only where something else stands beside it
_SPELLED = re.compile(r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff] ){3,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_MISTYPED = any_of(
    *(
        typo if typo != "缺秦" else r"缺秦(?=$|[^\u4e00-\u9fff]|[第了一二两三四五今昨的])" for typo in _TYPOS
    ),  # 缺秦朗: a name
    r"请加(?=[一二两三四五六七八九十半\d]+(?:天|日|周|个)|[病事]|[,。]|$)",  # 请加三天: 请假
    r"威信(?=[上里群]|问|联系|找|说)",
    r"送交(?=[^,。]{1,3}(?:课时|节))|倒(?=一?份|出一?份)",
    r"(?<=[过稳走来到好完去锁校课学回病烧天])[哩咯咧](?=$|[ ,。!？！，?])",
    r"(?<=[去跑走了][一二两三四五六七八九])转(?![学走入出给来到过校])",  # 去了两转: as 趟 in the South-West
)


@dataclass(frozen=True, slots=True)
class Text:
    """``body`` is what is read; ``offsets[i]`` is where its character ``i`` stands in ``raw`` (one more for the end)."""

    raw: str
    body: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A piece of ``body`` as a piece of ``raw``."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def simplified_forms() -> dict[int, str]:
    """Traditional character → simplified, from OpenCC's table (one to one; of several the commonest)."""
    table = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    forms = {}
    for line in table.splitlines():
        traditional, _, simple = line.partition("\t")
        if len(traditional) == 1 and simple:
            forms[ord(traditional)] = simple.split(" ")[0]
    forms.update({ord(k): v for k, v in _TRADITIONAL_EXTRA.items()})
    forms.pop(ord("乾"), None)
    return forms


@lru_cache(maxsize=1)
def traditional() -> frozenset[str]:
    """The characters that have another form."""
    return frozenset(map(chr, simplified_forms()))


def simplify(text: str) -> str:
    """Simplified forms, width and case made even; the length may change."""
    return unicodedata.normalize("NFKC", text).translate(simplified_forms()).lower()


def normalise(raw: str) -> Text:
    """The text as the rules read it: one sign for each job, single spaces, none beside a digit."""
    evens = [*map(_even, raw)]
    for face in _FACES.finditer(raw) if "[" in raw else ():
        evens[slice(*face.span())] = " " * (face.end() - face.start())
    chars = [*"".join(evens)]
    offsets = [at for at, even in enumerate(evens) for _ in even]
    for item in _ITEM.finditer("".join(chars)):  # 1. 2. and so on begin a new line each
        chars[item.start() : item.end()] = ["\n"] + [" "] * (item.end() - item.start() - 1)
    for stop in _STOP.finditer("".join(chars)) if "." in chars else ():
        chars[stop.start() : stop.end()] = "。" * (stop.end() - stop.start())
    return _squeeze(raw, chars, offsets)


@lru_cache(maxsize=8192)
def _even(char: str) -> str:
    """One raw character as none, one or several even ones."""
    if char in "《》〈〉\u200b\u200c\u200d\ufeff\ufe0f\u2060":
        return ""
    if char in _CIRCLED:
        return "\n"
    out = simplify(char).translate(_SIGNS) if char not in "…\n" else char.translate(_SIGNS)
    kinds = {unicodedata.category(c) for c in out}
    return " " if kinds & {"So", "Sk", "Cs", "Co", "Cn", "Cc"} and out != "\n" else out


def _squeeze(raw: str, chars: list[str], offsets: list[int]) -> Text:
    """Without doubled or outer spaces, and without those between a digit and a character."""
    if " " not in chars:
        return Text(raw, _spelled_right("".join(chars)), (*offsets, len(raw)))
    body: list[str] = []
    kept: list[int] = []
    spelled = {at for m in _SPELLED.finditer("".join(chars)) for at in range(*m.span())}
    for at, char in enumerate(chars):
        if char == " " and at in spelled:
            continue
        if char == " ":
            before, after = (body[-1] if body else ""), next((c for c in chars[at + 1 :] if c != " "), "")
            beside_digit = before.isdigit() != after.isdigit()
            if not before or not after or before in " ,。?:、\n(" or after in ",。?:、\n)" or beside_digit:
                continue
        body.append(char)
        kept.append(offsets[at])
    return Text(raw, _spelled_right("".join(body)), (*kept, len(raw)))


def _spelled_right(text: str) -> str:
    return _MISTYPED.sub(lambda m: _TYPOS.get(m.group()) or _BY_PLACE[m.group()], text)
