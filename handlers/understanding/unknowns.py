"""Names that no pupil bears as written: by sound or look a pupil's, else somebody unknown."""

from __future__ import annotations

import re

from handlers.understanding.actions import Entry, Mention, NameIndex
from handlers.understanding.lexicon_names import COMPOUND_SURNAMES, SURNAMES
from handlers.understanding.lexicon_places import (
    COMMON_WORDS,
    FOLLOW,
    GLUE,
    KIN_ALONE,
    LEFT,
    LEFT_ENDS,
    NICK,
    PLACE_ENDS,
    SURE_LEFT,
    WORD_STARTS,
)
from handlers.understanding.names import look_of, plain, sounds_of, surname_key
from handlers.understanding.reading import Token, longest, masked


def mention_of(entries: list[Entry], typed: str, fuzzy: bool, place: tuple[int, int]) -> Mention:
    known = list({entry.id: entry for entry in entries}.values())
    spelled = {entry.name for entry in known}
    return Mention(spelled.pop() if len(spelled) == 1 else typed, tuple(e.id for e in known), fuzzy, place)


def heard_or_unknown(body: str, tokens: list[Token], names: NameIndex) -> list[Token]:
    """Names that no pupil bears as written: by sound or look a pupil's, else unknown."""
    mask = masked(body, tokens)
    windows = _windows(mask)
    keys: dict[str, list[tuple[int, int]]] = {}
    for start, end in windows:
        piece = body[start:end]
        for key in (
            *sounds_of(piece),
            look_of(piece),
            *("." + k for k in (sounds_of(piece, surname_first=False) if len(piece) == 2 else ())),
        ):
            keys.setdefault(key, []).append((start, end))
    known = names.sounding(list(keys)) if keys else {}
    heard = [
        Token("N", start, end, mention_of(fitting, body[start:end], True, (start, end)))
        for key, entries in known.items()
        for start, end in keys[key]
        if (fitting := [e for e in entries if _alike(body[start:end], plain(e.name), key)])
    ]
    heard = _again(body, longest(heard), mask)
    heard += _by_surname(mask, names)
    heard += _by_household(mask, tokens + heard)
    unknown = [
        Token("W", start, end, body[start:end])
        for start, end in windows
        if not set(mask[start:end]) & GLUE
        and _looks_unknown(body[start:end])
        and _surely_named(mask, start, end)
        and not (body[end - 1] in "中小大" and mask[end : end + 1] == "学")  # 石桥中学: a school
        and not _FROM_THERE.match(mask, end)
        and not any(h.start < end and start < h.end for h in heard)
    ]
    return heard + longest(unknown)


_FROM_THERE = re.compile(r"(?:那边|那里|那头|那儿)(?:转|搬|迁|来)")  # 韶关那边转过来的: a town
_SURNAME_ALONE = re.compile(
    r"姓(?P<a>[\u4e00-\u9fff])的?(?:那个|这个)?(?:学生|同学|孩子|娃儿?|男生|女生|男孩|女孩|小孩)?"
    r"|(?P<b>[\u4e00-\u9fff])(?:姓学生|同学(?!们|说|讲|反映|告诉))|(?P<c>[\u4e00-\u9fff])家的?(?:孩子|娃儿?|小孩|女儿|儿子|丫头|小子|崽)"
)


_OF_A_SURNAME = re.compile("[姓同家]")


def _by_surname(mask: str, names: NameIndex) -> list[Token]:
    """姓覃的那个没来: the pupil of that surname, to be confirmed; of several one must be chosen."""
    if not _OF_A_SURNAME.search(mask):
        return []
    said = [m for m in _SURNAME_ALONE.finditer(mask) if m["a"] or not m.start() or LEFT.search(mask[: m.start()])]
    said = [m for m in said if m[m.lastgroup or 0] in SURNAMES]
    known = names.sounding([surname_key(m[m.lastgroup or 0]) for m in said]) if said else {}
    return [
        Token("N", *m.span(), mention_of(known[key], m.group(), True, m.span()))
        for m in said
        if (key := surname_key(m[m.lastgroup or 0])) in known
    ]


_HOUSEHOLD = re.compile(
    r"(?<=[,。:、])(?P<surname>[\u4e00-\u9fff])家(?=讲|说|不|没|同意|答应|愿|也|都|还|大人|家长|人|里|死活|有|的|门)"
)


def _by_household(mask: str, named: list[Token]) -> list[Token]:
    """周满仓、吴彩霞两户,周家讲没钱,吴家同意: the pupil of that surname whom the message has named."""
    out = []
    for home in _HOUSEHOLD.finditer(mask):
        of_it = [t for t in named if t.kind == "N" and t.end <= home.start() and t.value.name[0] == home["surname"]]
        if of_it and len({t.value.candidates for t in of_it}) == 1:
            out.append(Token("N", home.start(), home.end() - 1, of_it[0].value))
    return out


def _again(body: str, heard: list[Token], mask: str) -> list[Token]:
    """The same name, written in the same way further on."""
    more = [
        Token("N", at.start(), at.end(), token.value)
        for token in heard
        for at in re.finditer(re.escape(body[token.start : token.end]), mask)
    ]
    return longest(heard + more)


_OF_THE_NAMED = frozenset("家屋爸妈爷奶爹娘哥姐弟妹叔舅姑姨")
_SIDES = frozenset(
    [
        "那边", "那曲", "这边", "旁边", "身边", "路边", "外边", "里边", "两边", "假单", "名单", "菜单", "简单", "清单",
        "在家", "回家", "离家", "自家", "全家", "人家", "大家",  # 在家带弟弟: never 家大
    ]
)  # fmt: skip


def _windows(mask: str) -> list[tuple[int, int]]:
    """Places of two to four characters where a name can stand and no known word begins."""
    out = []
    for run in _HAN.finditer(mask):
        for start in range(run.start(), run.end() - 1):
            if not GLUE.isdisjoint(mask[start : start + 2]) and mask[start] not in SURNAMES:
                continue
            if not _can_stand_at(mask, start):
                continue
            if mask[start] in _OF_THE_NAMED and re.search(r"[NW]~*$", mask[:start]):
                continue  # 王二丫家回来: never 家辉
            if (
                COMMON_WORDS.match(mask, start)
                or mask[max(0, start - 1) : start + 1] in _SIDES
                or (mask[start] == "查" and mask[start + 1] in SURNAMES)
                or (start and mask[start] == "成" and mask[start - 1] in "记标写改列报转换变定划归设录去送办")
            ):
                continue
            for size in (6, 5, 4, 3, 2):
                end = start + size
                if (
                    end <= run.end()
                    and (GLUE.isdisjoint(mask[start:end]) or (size == 3 and _heads_a_line(mask, start)))
                    and FOLLOW.match(mask, end)
                    and not any(WORD_STARTS.match(mask, at) for at in range(start + 2, end))
                ):
                    out.append((start, end))
    return out


def _can_stand_at(mask: str, start: int) -> bool:
    """Whether what is right before that place can stand before a name."""
    before = mask[start - 1 : start]
    if not before or before in _SIGNS:
        return True
    if before == "~":
        return start - len(mask[:start].rstrip("~")) < _FAR
    return before in LEFT_ENDS and LEFT.search(mask[max(0, start - _FAR) : start]) is not None


_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_FAR = 6  # characters: the longest of the words before a name, and a longer token is none of a name or a day
_SIGNS = frozenset(',。?:、\n ("-/+&ABCDEFGHIJKLMNOPQRSTUVWXYZ')


def _heads_a_line(mask: str, start: int) -> bool:
    """单既名今天返校了: a surname at the very head, so that what is else a small word may be of the name."""
    if mask[start] not in SURNAMES:
        return False
    at_home = mask[start - 1 : start] in ("去", "到", "上", "从") and mask[start + 3 : start + 4] == "家"  # 去黄旺才家
    return not start or mask[start - 1] in ",。 \n" or at_home or _CALLED_ON.search(mask[:start]) is not None


_CALLED_ON = re.compile(r"(?:家访|走访|联系|通知)了?$")  # 家访欧家名


def _alike(typed: str, name: str, key: str) -> bool:
    """A homophone keeps a character of the name, or is a whole name of three with a surname of its own."""
    if key.startswith("."):
        return not (typed[0] == "老" and typed[1] in SURNAMES) and (
            len(name) > len(typed)
            and typed[0] not in SURNAMES
            and any(a == b for a, b in zip(typed, name[-len(typed) :], strict=False))
        )
    if len(typed) != len(name):
        name = name[: len(typed)]  # 哈力亚 for 哈丽娅·木合塔尔
        if len(typed) < 3 or key not in sounds_of(name):
            return False
    if sorted(typed) == sorted(name):  # 彭秀秋 for 彭秋秀
        return typed[0] == name[0]
    same = sum(a == b for a, b in zip(typed, name, strict=True))
    if len(name) == 3 and typed[1:] == name[1:]:  # 合金花 for 和金花
        return True
    if len(name) < 4 and typed[0] != name[0] and typed[0] not in SURNAMES:
        return False
    return same >= 1 if len(name) < 4 else same >= 2


def _surely_named(mask: str, start: int, end: int) -> bool:
    """At the head of a clause, in a list, after a word that takes a person, or before a home that is visited."""
    return SURE_LEFT.search(mask[:start]) is not None or (
        mask[end : end + 1] == "家" and re.search(r"[去到上]了?$", mask[:start]) is not None
    )


_OF_PLACES = frozenset("区县镇乡")  # 厦门市同安区第二小学 holds no 安区第


def _looks_unknown(piece: str) -> bool:
    """Surname and one or two characters, or 小 with a given name."""
    if (
        set(piece[1:]) & _OF_PLACES
        or piece[-1] in PLACE_ENDS
        or piece[-1] == "死"
        or KIN_ALONE.fullmatch(piece)
        or (piece[0] == "阿" and KIN_ALONE.match(piece))  # 阿姐出嫁
        or piece[1:] in ("家", "家有", "家的", "家里")
    ):
        return False
    if piece.startswith(COMPOUND_SURNAMES):
        return 3 <= len(piece) <= 4
    return (len(piece) in (2, 3) and piece[0] in SURNAMES) or (len(piece) == 2 and NICK.match(piece) is not None)
