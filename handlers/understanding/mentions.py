"""Pupils in a text: looked up by the pieces of the text, never by going through the roster.

In this order: whole names, names without their dots, given names, sound and look, and last the names that
somebody must bear but no pupil does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handlers.understanding.actions import Mention, NameIndex
from handlers.understanding.classes import of_class
from handlers.understanding.lexicon_names import CITIES, SURNAMES, WORD_NAMES
from handlers.understanding.lexicon_places import (
    COMMON_WORDS,
    FOLLOW,
    FOLLOW_CHARS,
    GIVEN,
    GLUE,
    JOINED,
    KIN_BEFORE,
    LEFT,
    SIBLING,
    TITLED,
    WORD_AFTER,
)
from handlers.understanding.name_pieces import Compact, compacted, everywhere, pieces
from handlers.understanding.names import plain, sounds_of
from handlers.understanding.reading import Token, longest, masked
from handlers.understanding.unknowns import heard_or_unknown, mention_of
from handlers.understanding.word_names import ends_in_a_word, stands_as_given, stands_as_name, told_how


def find_mentions(body: str, names: NameIndex, read_again: Callable[[str], list[Token]]) -> tuple[str, list[Token]]:
    """The mask of the text and its tokens, with pupils (N), colleagues (K) and unknown names (W) added.

    ``read_again`` finds days and numbers in a text; where a pupil's name touches one it is asked again.
    """
    tokens = read_again(body)
    compact = compacted(body)
    whole, part, classes = _looked_up(compact, names)
    chosen = [_longer_by_sound(body, token, names) for token in _settle(body, tokens, whole)]
    if any(body[n.end - 1] in _NUMERALS or any(t.start <= n.end and n.start < t.end for t in tokens) for n in chosen):
        blank = list(body)
        for name in chosen:  # 张三一个礼拜: its numeral is no number
            blank[name.start : name.end] = "甲" * (name.end - name.start)
        tokens = read_again("".join(blank))
    tokens = tokens + chosen
    tokens += _colleagues(body, tokens, names)
    tokens = _without_relatives(body, tokens)
    for token in longest([_spelled_on(body, token) for token in part]):
        if _can_be_given(body, tokens, token, {t.start for t in part}):
            tokens = [*tokens, *_narrow([token], tokens)]
    tokens += heard_or_unknown(body, tokens, names)
    tokens = sorted((_helper(body, token) for token in tokens), key=lambda t: t.start)
    tokens = of_class(body, tokens, classes)
    return masked(body, tokens), tokens


_HELPER_IS = re.compile(
    r"(?:包联|帮扶|负责|联系|包保|责任|跟进|结对)(?:人|教师|老师|干部|领导)(?:是|为|由|换成?|改成?|改为|定为|调整为|[:])+$"
    r"|(?:安排|交|转|派|指派|移交|分)(?:给|由|到)(?:[^,N]{1,6}的)?$"
)


def _helper(body: str, token: Token) -> Token:
    """包联人换成李建国: somebody of the staff, though no title says so."""
    who = token.kind == "W" and _HELPER_IS.search(body[: token.start])
    return Token("K", token.start, token.end, body[token.start : token.end]) if who else token


def _looked_up(compact: Compact, names: NameIndex) -> tuple[list[Token], list[Token], dict[str, str]]:
    """Whole names and parts of names, as the index knows them, and the class of each pupil among them."""
    cut = pieces(compact.text)
    known = names.exact(cut) if cut else {}
    whole: list[Token] = []
    part: list[Token] = []
    classes = {e.id: e.class_name for entries in known.values() for e in entries}
    for piece, entries in known.items():
        full = [e for e in entries if plain(e.name) == piece]
        for start in everywhere(piece, compact.text):
            place = compact.place(start, start + len(piece))
            (whole if full else part).append(Token("N", *place, mention_of(full or entries, piece, not full, place)))
    return whole, part, classes


def _settle(body: str, tokens: list[Token], found: list[Token]) -> list[Token]:
    """Of the whole names found the ones meant: the longest, no ordinary words, no piece of a longer name or word."""
    mask = masked(body, tokens)
    kept = []
    for token in longest([t for t in found if not ends_in_a_word(body, t, found)]):
        words = body[token.start : token.end]
        if any(
            t.start <= token.start and token.end <= t.end and t.kind in "DRTSOC" for t in tokens
        ) and not _day_as_name(mask, token):
            continue
        joined = token.start and len(words) == 2 and JOINED.match(body[token.start - 1 : token.start + 1])
        if joined and not _HOME_OF.match(body, token.end):
            continue
        if (words in WORD_NAMES or words in CITIES) and not stands_as_name(mask, body, token):
            continue
        if (word := COMMON_WORDS.match(body, token.start)) and word.end() > token.end:
            continue  # 方圆十里, 黄金周 begin with a pupil's name and are none
        kept.append(token)
    return [_stretched(body, mask, token, kept) for token in kept]


_HOME_OF = re.compile(r"家(?:去|里|看|走|家访|头|没人)")  # 到时光家去了: no 到时
_AFTER_DAY_NAME = re.compile(
    r"[DRO]|没来|没到|未到|缺勤|旷课|请(?:[病事]?假|了|T)|病假|事假|的(?:劝返|家访|劝学|辍学|档案)|、[\u4e00-\u9fff]{2,4}(?:为|是|都|没|请|旷|缺)"
)


def _day_as_name(mask: str, token: Token) -> bool:
    """周末 and 国庆 are pupils where a day or what happened follows at once: 周末周五没来."""
    return (
        re.search(r"(?:^|[,。:\n、]|导出|打印|查询?)$", mask[: token.start]) is not None
        and _AFTER_DAY_NAME.match(mask, token.end) is not None
    )


_NUMERALS = frozenset("零〇一二两三四五六七八九十廿百千万第半几")
_MISSED_NEXT = re.compile(r"没(?:来|到|有来)|缺(?:勤|席|课)|旷课?|请(?:假|了|[病事]假)|未到")  # 谭卓灼缺席


def _stretched(body: str, mask: str, token: Token, found: list[Token]) -> Token:
    """张三丰 where only 张三 is known: an unknown name, never 张三."""
    after = token.end
    if after - token.start != 2 or after >= len(body) or any(t.start == after for t in found):
        return token
    if (
        (body[after] in GIVEN or (body[after] > "\u4e00" and _MISSED_NEXT.match(mask, after + 1)))
        and not WORD_AFTER.match(body, after)
        and body[after] not in FOLLOW_CHARS
        and mask[after] == body[after]
        and FOLLOW.match(mask[after + 1 :])
    ):
        return Token("W", token.start, after + 1, body[token.start : after + 1])
    return token


def _longer_by_sound(body: str, token: Token, names: NameIndex) -> Token:
    """吴春雁 where 吴春 and 吴春燕 are known: 吴春燕, to be confirmed, rather than 吴春."""
    end = token.end + 1
    if token.kind != "N" or end - token.start != 3 or end > len(body):
        return token
    piece = body[token.start : end]
    if not "\u4e00" <= piece[2] <= "\u9fff" or piece[2] in FOLLOW_CHARS or not FOLLOW.match(body, end):
        return token
    known = names.sounding(sounds_of(piece))
    fitting = [
        e for found in known.values() for e in found if len(plain(e.name)) == 3 and plain(e.name)[:2] == piece[:2]
    ]
    return Token("N", token.start, end, mention_of(fitting, piece, True, (token.start, end))) if fitting else token


_FREE = re.compile(r"[\u4e00-\u9fff]{2,}")


def _colleagues(body: str, tokens: list[Token], names: NameIndex) -> list[Token]:
    """Colleagues by name, or anybody by surname and title."""
    taken = [(t.start, t.end) for t in tokens]
    mask = masked(body, tokens)
    pieces = [
        mask[start:end]
        for run in _FREE.finditer(mask)
        for start in range(run.start(), run.end() - 1)
        for end in range(start + 2, min(start + 4, run.end()) + 1)
    ]
    staff = names.staff(list(dict.fromkeys(pieces)))
    found = [Token("K", at, at + len(piece), piece) for piece in staff for at in (mask.rfind(piece),)]
    for match in TITLED.finditer(body):
        start = match.start("title")
        pupil = next((t for t in tokens if t.kind == "N" and t.end == start), None)
        if pupil:
            found.append(Token("K", pupil.start, match.end(), body[pupil.start : match.end()]))
            continue
        for size in (3, 2, 1):
            who = body[max(0, start - size) : start]
            if (
                len(who) == size
                and who[0] in SURNAMES
                and not COMMON_WORDS.match(body, start - size)
                and not any(a < start and b > start - size for a, b in taken)
                and not (set(who) & GLUE)
            ):
                if size > 1 and start - size > 0 and not LEFT.search(body[: start - size]):
                    continue
                found.append(Token("K", start - size, match.end(), who + match["title"]))
                break
    return longest(found)


def _without_relatives(body: str, tokens: list[Token]) -> list[Token]:
    """张三老师 is a colleague; 张三的舅舅李四 names no second pupil."""
    titled = [t for t in tokens if t.kind == "K"]
    out = []
    for token in tokens:
        if token.kind == "N":
            if any(k.start <= token.start < k.end for k in titled):
                continue
            if (
                KIN_BEFORE.search(body[: token.start])
                and not SIBLING.search(body[: token.start])
                and _owner_before(tokens, token, body)
            ):
                continue
        out.append(token)
    return out


def _owner_before(tokens: list[Token], token: Token, body: str) -> bool:
    kin = KIN_BEFORE.search(body[: token.start])
    return kin is not None and (
        kin.group()[0] in "的他她" or any(t.kind == "N" and t.end == kin.start() for t in tokens)
    )


def _spelled_on(body: str, token: Token) -> Token:
    """曲木五牛 for 曲木伍牛: the rest of the name follows, as it sounds."""
    name, piece = plain(token.value.name), body[token.start : token.end]
    rest = name[len(piece) :] if name.startswith(piece) else ""
    typed = body[token.end : token.end + len(rest)]
    if not rest or len(typed) < len(rest) or not set(sounds_of(typed, False)) & set(sounds_of(rest, False)):
        return token
    return replace(
        token, end=token.end + len(rest), value=replace(token.value, span=(token.start, token.end + len(rest)))
    )


def _can_be_given(body: str, tokens: list[Token], token: Token, starts: set[int]) -> bool:
    """A given name alone counts where a name stands, and only if no other surname goes before it."""
    if any(t.start < token.end and token.start < t.end for t in tokens):
        return False
    mask = masked(body, tokens)
    before, after = mask[: token.start], mask[token.end :]
    words = body[token.start : token.end]
    named = {one for t in tokens if t.kind == "N" for one in t.value.candidates}
    if COMMON_WORDS.match(body, token.start) and not named & set(token.value.candidates):
        return False  # 阿妹: an ordinary word, unless 林阿妹 stands in the same text
    if told_how(words, after):
        return False
    if len(words) > 2:  # 古丽娜尔 of 古丽娜尔·吐尔逊: too long to stand there by chance
        return True
    if set(words) <= GLUE or (words in WORD_NAMES and before and not stands_as_given(mask, body, token)):
        return False
    said_of = bool(named & set(token.value.candidates)) and before.endswith(("说", "讲"))  # 鲍春来他妈说春来来不了
    return (not before or said_of or LEFT.search(before) is not None) and (
        FOLLOW.match(after) is not None or token.end in starts
    )


def _narrow(found: list[Token], tokens: list[Token]) -> list[Token]:
    """A given name borne by a pupil named in full in the same text is that pupil."""
    named = {m for t in tokens if t.kind == "N" for m in t.value.candidates}
    out = []
    for token in longest(found):
        mention = token.value
        common = tuple(c for c in mention.candidates if c in named)
        if len(mention.candidates) > 1 and len(common) == 1:
            whole = next(t.value for t in tokens if t.kind == "N" and t.value.candidates == common)
            mention = Mention(whole.name, common, False, mention.span)
        out.append(Token("N", token.start, token.end, mention))
    return out
