"""Pupils in a text: looked up by the pieces of the text, never by going through the roster.

In this order: whole names, names without their dots, given names, sound and look, and last the names that
somebody must bear but no pupil does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers.understanding.actions import Entry, Mention, NameIndex
from handlers.understanding.lexicon_names import COMPOUND_SURNAMES, KIN, NOT_NAMES, SURNAMES, TITLES, WORD_NAMES
from handlers.understanding.names import LONGEST, look_of, plain, sounds_of
from handlers.understanding.reading import Token, longest, paint

# Characters that stand in no long (transliterated) name, and those that stand in no unknown name.
_BREAKS = frozenset("的了是没请假今昨明校班就在不说还有也都这我他她你们吗呢吧把被给跟去到打家电话天")
_GLUE = frozenset(
    "的了是不没未在我你他她它们这那哪谁吗呢吧啊呀也都又还就才要会能可把被给让跟和与及去到说请假缺旷课没已很再从因为所以而但或之其及时上下今昨前后日月号天周年个位名全其等校班办报"
)
_FOLLOW_CHARS = (
    "家他她它的也又都还仍已刚没未不无冇莫冒唔毋缺旷逃翘请病事发感来到回返去跟和与同及随转休缓辍属是系在被因从由要想会办读上联电打说讲答拒愿肯死坚铁患住受伤骨得查确本现近昨今明后前早晚下周星这那第连"
    "一二两三四五六七八九十几半老经至对把将让叫给为以于再自目完提推先暂交派安换归什怎如多有该吗呢吧么啊呀咋补标列纳入加申户学考辞嫁结玩网跑走离出进外送接领劝访动看见问找通迟退作厌怕疑情案台资信记导状啥谁"
    "人个等我你仨俩、重复准打擅主私偷失销违父母爷奶爸妈爹娘姐哥弟妹叔伯舅姨姑监屋只光很真总常老最越却倒竟居突正还能可敢爱喜沉迷满差身头肚脚腿手眼腹牙感咳过甲流水腮低困贫孤残单留农家特智听视精自抑系参骑"
)
FOLLOW = re.compile(rf"$|[,。?:、\n ()\"\-/+&0-9]|[A-Z]|[{_FOLLOW_CHARS}]")
_GIVEN = frozenset(
    "轩涵怡豪杰强丽娟婷龙凤梅雨雪霞芳英秀兰燕玲红艳静琴云莲珍荣华辉军伟刚勇鹏飞宇浩博文武斌波涛鑫磊森林洋海峰宁彬超洁倩雅琪瑶萱妍蕊欣悦萌萍莉丹娜娇妮佳嘉俊峻豪宝贝贵福财旺兴盛昌昊天泽睿哲瀚"
    "皓晨晓阳光亮旭东南西北春夏秋冬松柏竹菊桂花蓉薇琳莹晶瑛珊瑜璐瑞瑾玥婉娴媛嫣姗妤妙彤丰桐梓楠柯树根柱铁钢金银生诚信义仁德忠良善明思念慧智敏捷锐志远乐康健平安朋友国建民庆喜顺祥吉立成功才龄然冉一凡"
)
_WORD_AFTER = re.compile(
    r"生(?:病|活|气|日|疮|产|孩)|成(?:绩|天|年|都|了|功|绩)|平(?:时|常)|光(?:着|是)|思想|顺(?:路|利|便)|喜欢|兴(?:趣|奋)|信息|国庆|立(?:即|刻|马)|才|然后|一|根本|明(?:天|日|早|年|显|确|晚)|安(?:排|全)|心(?:情|理|脏)"
    r"|文化|高(?:烧|兴|一|二|三|中)|东(?:莞|西)|南(?:方|宁|昌)|西(?:藏|安)|北(?:京|方)|春节|夏天|秋天|冬天|康复|铁了心|金额|飞(?:去|到)|勇敢|健康|可能|冉冉"
)
_JOINED = re.compile(
    r"由于|关于|对于|等于|属于|至于|终于|过于|处于|位于|在于|便于|敢于|善于|如何|任何|为何|几何|地方|对方|校方|双方|官方|警方|男方|女方|东方|南方|北方|本周|上周|下周|每周|这周|一周|两周|三周|提高"
    r"|最高|升高|发高|长江|浙江|镇江|九江|表白|明白|空白|其余|剩余|业余|多余|几万|一万|两万|开水|口水|薪水|花钱|没钱|有钱|要钱|给钱|交钱|挣钱|赚钱|治安|公安|保安|不安|平安|下田|种田|作文|语文|小康|人马|罗马"
    r"|很成|没成|已成|变成|完成|造成|赞成|达成|办成|劝成|不成|会成|太阳|重阳|庆阳|沈阳|洛阳|贵阳|衡阳|不许|也许|或许|允许|准许|国家|全家|大家|不太|每时|当时|小时|有时|及时|按时|到时|同时|暂时|不解|了解|理解|和解"
)
OPENERS = (
    r"给|跟|和|与|同|对|向|找|把|将|被|去|到|往|看|看下|看了|看看|查|查询|查下|查看|问|问下|家访|家访了|走访|走访了|访|联系|联系上|联系到|联系了|通知|确认|认定|劝|教|让|叫|请|替|是|有|的|导出|打印|我班|我们班|班上|班里|本班|学生|同学"
    r"|孩子|娃|娃儿|还有|另外|以及|而|但|但是|不过|至于|关于|除了|只有|其中|名单|缺勤|旷课|请假|撤销|了|过|那个|这个|叫做|名叫|我村|本村|村里|为|那边|这边|今日|我们村|贫困户|村民|户主|就是|应该是|不是|还是|或者|或|及|送教|劝返|提醒|登记|标记|把我们班的|因|系"
    r"|缺席|旷学|没来|没到|未到|未到校|早上|上午|下午|晚上|中午|刚才|刚刚|然后|嗯|呃|额|那|哦|就|又|也|帮我|麻烦|请问|老师|报告|汇报|更正|改成|改为|换成|发现|岁|来了|在|新生|转学生|插班生|住校生|男生|女生"
)
_LEFT = re.compile(rf"(?:[,。?:、\n (\"\-/+&]|[A-Z]~*|{OPENERS})$")
_NOT_NAMES = re.compile("|".join(sorted((w for w in NOT_NAMES if len(w) > 1), key=len, reverse=True)))
_PLACE_ENDS = frozenset("路镇村院县市乡街区店厂屯组庄坪寨沟湾州省站局所部会费钱饭药课书证")
_TITLED = re.compile(rf"(?P<who>[\u4e00-\u9fff]{{0,4}}?)(?P<title>{TITLES})")
_KIN_BEFORE = re.compile(rf"(?:的|他|她)?{KIN}$")
_SIBLING = re.compile(r"(?:姐姐|妹妹|哥哥|弟弟|姐|妹|哥|弟)$")
_NICK = re.compile(r"(?:小|阿|老)(?!学|孩|时|组|朋|师|人|家|乡|板|百|早|姨|公|婆|爸|妈|妹|哥|叔|爷|升|区|伙|心|娃|子|汉|豆|窦|是|不|想|说|要|表|大|幺|奶|头|窝)[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Compact:
    """The text without spaces and dots, and where each character stands."""

    text: str
    places: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


def find_mentions(body: str, names: NameIndex, read_again: Callable[[str], list[Token]]) -> tuple[str, list[Token]]:
    """The mask of the text and its tokens, with pupils (N), colleagues (K) and unknown names (W) added.

    ``read_again`` finds days and numbers in a text; where a pupil's name touches one it is asked again.
    """
    tokens = read_again(body)
    compact = _compacted(body)
    whole, part = _looked_up(compact, names)
    chosen = _settle(body, tokens, whole)
    if any(body[n.end - 1] in _NUMERALS or any(t.start <= n.end and n.start < t.end for t in tokens) for n in chosen):
        blank = list(body)
        for name in chosen:  # 张三一个礼拜: its numeral is no number
            blank[name.start : name.end] = "甲" * (name.end - name.start)
        tokens = read_again("".join(blank))
    tokens = tokens + chosen
    tokens += _colleagues(body, tokens, names)
    tokens = _without_relatives(body, tokens)
    for token in longest(part):
        if _can_be_given(body, tokens, token, {t.start for t in part}):
            tokens = [*tokens, *_narrow([token], tokens)]
    tokens += _by_sound_or_unknown(body, tokens, names)
    tokens.sort(key=lambda t: t.start)
    return masked(body, tokens), tokens


def masked(body: str, tokens: list[Token]) -> str:
    """The text with its tokens painted over."""
    mask = list(body)
    for token in tokens:
        paint(mask, token)
    return "".join(mask)


def _compacted(body: str) -> _Compact:
    kept = [at for at, char in enumerate(body) if char not in " ·." or (char == "." and not _between_names(body, at))]
    return _Compact("".join(body[at] for at in kept), tuple(kept))


def _between_names(body: str, at: int) -> bool:
    return 0 < at < len(body) - 1 and "\u4e00" <= body[at - 1] <= "\u9fff" and "\u4e00" <= body[at + 1] <= "\u9fff"


def _looked_up(compact: _Compact, names: NameIndex) -> tuple[list[Token], list[Token]]:
    """Whole names and parts of names, as the index knows them."""
    pieces = _pieces(compact.text)
    known = names.exact(list(pieces)) if pieces else {}
    whole, part = [], []
    for piece, entries in known.items():
        full = [e for e in entries if plain(e.name) == piece]
        for start in pieces[piece]:
            place = compact.place(start, start + len(piece))
            (whole if full else part).append(Token("N", *place, _mention(full or entries, piece, not full, place)))
    return whole, part


def _pieces(text: str) -> dict[str, list[int]]:
    """Every piece that can be a name → where it starts: two to four characters anywhere, longer ones without function words."""
    pieces: dict[str, list[int]] = {}
    for run in re.finditer(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002ffff]{2,}", text):
        first, last = run.span()
        for start in range(first, last - 1):
            for end in range(start + 2, min(start + LONGEST, last) + 1):
                if end - start > 4 and text[end - 1] in _BREAKS:
                    break
                pieces.setdefault(text[start:end], []).append(start)
    return pieces


def _mention(entries: list[Entry], typed: str, fuzzy: bool, place: tuple[int, int]) -> Mention:
    known = list({entry.id: entry for entry in entries}.values())
    spelled = {entry.name for entry in known}
    return Mention(spelled.pop() if len(spelled) == 1 else typed, tuple(e.id for e in known), fuzzy, place)


def _settle(body: str, tokens: list[Token], found: list[Token]) -> list[Token]:
    """Of the whole names found the ones meant: the longest, no ordinary words, no piece of a longer name or word."""
    mask = masked(body, tokens)
    kept = []
    for token in longest(found):
        words = body[token.start : token.end]
        if any(t.start <= token.start and token.end <= t.end and t.kind in "DRTSOC" for t in tokens):
            continue
        if token.start and len(words) == 2 and _JOINED.match(body[token.start - 1 : token.start + 1]):
            continue
        if words in WORD_NAMES and not _stands_as_name(mask, body, token):
            continue
        kept.append(token)
    return [_stretched(body, mask, token, kept) for token in kept]


_WORD_VERBS = {
    "许诺": re.compile(r"家长|妈|爸|孩子|他|她|爷爷|奶奶"), "成功": re.compile(r"$^"), "来到": re.compile(r"."), "解决": re.compile(r"."),
}  # fmt: skip
_NUMERALS = frozenset("零〇一二两三四五六七八九十廿百千万第半几")
_TAKES_PUPIL = re.compile(r"(?:给|把|将|对|家访|走访|查|查询|确认|找|跟|去|到|通知)$")
_ADVERBS = frozenset("成功 高兴 安静 平安 顺利 安全 圆满 积极 勇敢 快乐 安心 自然 连夜 平时 常常 未来 简单 圆满".split())
_AS_ADVERB = re.compile(r"(?:地|得|把|将|劝|送|返|说服|动员|找到|联系上|接|很|的(?:话|时候|消息|日子|事))")


def _stands_as_name(mask: str, body: str, token: Token) -> bool:
    """Whether an ordinary word stands where only a name can: at the head of a clause or after a verb that takes a pupil."""
    before, after = mask[: token.start], mask[token.end :]
    if before and not _LEFT.search(before):
        return False
    said_by = _WORD_VERBS.get(body[token.start : token.end])
    if said_by and before and said_by.search(re.split(r"[,。?:\n ]", before)[-1]):
        return False
    if body[token.start : token.end] not in _ADVERBS:
        return True
    return _TAKES_PUPIL.search(before) is not None or not _AS_ADVERB.match(after)


def _stretched(body: str, mask: str, token: Token, found: list[Token]) -> Token:
    """张三丰 where only 张三 is known: an unknown name, never 张三."""
    after = token.end
    if after - token.start != 2 or after >= len(body) or any(t.start == after for t in found):
        return token
    if body[after] in _GIVEN and not _WORD_AFTER.match(body, after) and body[after] not in _FOLLOW_CHARS and mask[after] == body[after] and FOLLOW.match(mask[after + 1 :]):
        return Token("W", token.start, after + 1, body[token.start : after + 1])
    return token


def _colleagues(body: str, tokens: list[Token], names: NameIndex) -> list[Token]:
    """Colleagues by name, or anybody by surname and title."""
    taken = [(t.start, t.end) for t in tokens]
    free = [run for run in re.finditer(r"[\u4e00-\u9fff]{2,}", masked(body, tokens))]
    pieces = {body[a:b]: (a, b) for run in free for a in range(run.start(), run.end()) for b in (a + 2, a + 3, a + 4) if b <= run.end()}
    found = [Token("K", *pieces[piece], piece) for piece in names.staff(list(pieces))]
    for match in _TITLED.finditer(body):
        start = match.start("title")
        pupil = next((t for t in tokens if t.kind == "N" and t.end == start), None)
        if pupil:
            found.append(Token("K", pupil.start, match.end(), body[pupil.start : match.end()]))
            continue
        for size in (3, 2, 1):
            who = body[max(0, start - size) : start]
            if len(who) == size and who[0] in SURNAMES and not any(a < start and b > start - size for a, b in taken) and not (set(who) & _GLUE):
                if size > 1 and start - size > 0 and not _LEFT.search(body[: start - size]):
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
            if _KIN_BEFORE.search(body[: token.start]) and not _SIBLING.search(body[: token.start]) and _owner_before(tokens, token, body):
                continue
        out.append(token)
    return out


def _owner_before(tokens: list[Token], token: Token, body: str) -> bool:
    kin = _KIN_BEFORE.search(body[: token.start])
    return kin is not None and (kin.group()[0] in "的他她" or any(t.kind == "N" and t.end == kin.start() for t in tokens))


def _can_be_given(body: str, tokens: list[Token], token: Token, starts: set[int]) -> bool:
    """A given name alone counts where a name stands, and only if no other surname goes before it."""
    if any(t.start < token.end and token.start < t.end for t in tokens):
        return False
    mask = masked(body, tokens)
    before, after = mask[: token.start], mask[token.end :]
    words = body[token.start : token.end]
    if _NOT_NAMES.match(body, token.start) or (words in _ADVERBS and _AS_ADVERB.match(after)):
        return False
    if set(words) <= _GLUE or (len(words) == 2 and words in WORD_NAMES and before):
        return False
    return (not before or _LEFT.search(before) is not None) and (FOLLOW.match(after) is not None or token.end in starts)


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


def _by_sound_or_unknown(body: str, tokens: list[Token], names: NameIndex) -> list[Token]:
    """Names that no pupil bears as written: by sound or look a pupil's, else unknown."""
    mask = masked(body, tokens)
    windows = _windows(mask)
    keys: dict[str, list[tuple[int, int]]] = {}
    for start, end in windows:
        piece = body[start:end]
        for key in (*sounds_of(piece), look_of(piece), *("." + k for k in sounds_of(piece, surname_first=False) if len(piece) == 2)):
            keys.setdefault(key, []).append((start, end))
    known = names.sounding(list(keys)) if keys else {}
    heard = [
        Token("N", start, end, _mention(fitting, body[start:end], True, (start, end)))
        for key, entries in known.items()
        for start, end in keys[key]
        if (fitting := [e for e in entries if _alike(body[start:end], plain(e.name), key)])
    ]
    heard = _again(body, longest(heard), mask)
    unknown = [
        Token("W", start, end, body[start:end])
        for start, end in windows
        if _looks_unknown(body[start:end]) and not any(h.start < end and start < h.end for h in heard)
    ]
    return heard + longest(unknown)


def _again(body: str, heard: list[Token], mask: str) -> list[Token]:
    """The same name, written in the same way further on."""
    more = [
        Token("N", at.start(), at.end(), token.value)
        for token in heard
        for at in re.finditer(re.escape(body[token.start : token.end]), mask)
    ]
    return longest(heard + more)


def _windows(mask: str) -> list[tuple[int, int]]:
    """Places of two to four characters where a name can stand and no known word begins."""
    out = []
    for run in re.finditer(r"[\u4e00-\u9fff]{2,}", mask):
        for start in range(run.start(), run.end() - 1):
            if start and not _LEFT.search(mask[max(0, start - 6) : start]):
                continue
            if _NOT_NAMES.match(mask, start):
                continue
            for size in (4, 3, 2):
                end = start + size
                if end <= run.end() and not set(mask[start:end]) & _GLUE and FOLLOW.match(mask[end:]):
                    out.append((start, end))
    return out


def _alike(typed: str, name: str, key: str) -> bool:
    """A homophone keeps a character of the name, or is a whole name of three with a surname of its own."""
    if key.startswith("."):
        return len(name) > len(typed) and any(a == b for a, b in zip(typed, name[-len(typed) :], strict=False))
    if len(typed) != len(name):
        return False
    same = sum(a == b for a, b in zip(typed, name, strict=True))
    if len(name) < 4 and typed[0] != name[0] and typed[0] not in SURNAMES:
        return False
    return same >= 1 if len(name) < 4 else same >= 2 or (len(name) == 3 and typed[0] in SURNAMES)


def _looks_unknown(piece: str) -> bool:
    """Surname and one or two characters, or 小 with a given name."""
    if piece[-1] in _PLACE_ENDS:
        return False
    if any(piece.startswith(s) for s in COMPOUND_SURNAMES):
        return 3 <= len(piece) <= 4
    return (len(piece) in (2, 3) and piece[0] in SURNAMES) or (len(piece) == 2 and _NICK.match(piece) is not None)
