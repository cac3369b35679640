"""A masked text cut into parts, each about one group of pupils, and these into clauses.

The line is the mask with one character for each token, so that a pattern reads ``N缺勤O``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from handlers.understanding.borders import BREAK, stretches
from handlers.understanding.reading import Token

_JOIN = re.compile(
    r"(?:家(?=[、和]|$)|[、和跟与及同/+&,]|以及|还有|,?另外|及其|C|(?:[一二三四五六七八九十\d]+|[^,。NDK]{1,3}?)(?:组|队|社|村|班|年级)的|的?(?:同学|学生))*"
)
_SAME_PART = re.compile(
    r"(?:不是|还是|或者?|系|(?<![一1]个)是|^[,、]?(?:另外?)?[一1]个是|应该是|而是|像|比|叫|的(?:同桌|哥哥|姐姐|弟弟|妹妹|哥|姐|弟|妹|堂哥|表哥|堂妹|表妹|双胞胎)|打了?|带着?|的?同桌|的?室友|[跟和与同][他她](?:[大小堂表双]?胞?胎?(?:哥哥?|姐姐?|弟弟?|妹妹?)))$"
)
_ADVERB = r"(?:D|R|U|K|C|我?(?:准备|打算|计划|想着?|待会儿?|等下|等会儿?)|刚刚?|刚才|已经?|我们?|又|再|然后|接着|另外|还有|顺便|也|就|一起|一同|上午|下午|晚上|早上|中午|专门|随后|后来|最后|第[一二三]家|帮我|请|麻烦|同时|[跟和与同](?:K|校长|老师|村干部|支书|村支书|书记|村长|主任|派出所)(?:一起|一同|一道)?)"
_VERB = (
    r"(?:给|跟|和|与|同|对|向|找|把|将|(?<![肯愿想要会能让得敢应])(?:去|到|上|克)了?(?=$)|去?看望?了?|查询?|看看|看一?下|问了?|家访了?|走访了?|上门看了?|入户|联系上?了?|打(?:了个)?电话给|电话联系|微信联系|发微信给|通知了?"
    r"|确认|认定|劝返?了?|导出|打印|撤销|标记|登记|补报|关于|至于|除了|而|但是?|不过|只有|那个|这个|同学|学生|缺席的?是)"
)
_OPENING = re.compile(rf"{_ADVERB}*{_VERB}?$")
_NOT_TO = re.compile(r"[不没唔]$")
_WILLS = re.compile(r"(?:答应|同意|说|讲|话|保证|承诺|愿意|肯|想|要|表示|约好?|约定|许诺|说好|讲好|应承|应下)[DR]?$")
_BARE = re.compile(
    r"(?:[NWCKDUR、和跟与及同/+&,\n ]|以及|还有|同学|学生|那个|嗯|呃|就是|我们?班的?|我班的?|本班|查询?|家访|走访|看望|导出|打印|送教|(?:劝学|返校|催学)?通知书|劝返|登记|今日|男|女)*"
)
_FIELD = re.compile(
    r"(?:姓名|班级|原因|理由|备注|日期|时间|年级|学校|情况|缺勤日期|性别|家长|电话|结果|天数|次数|序号|异动类型|异动日期|转入学校|转出学校|起止)[:\u4e00-\u9fff]?"
)
_HEADING = re.compile(r"[\u4e00-\u9fff]{1,6}\d{0,2}人?:")  # 病假:张三 事假:李四
CORRECTS = re.compile(
    r"(?:啊|哦|噢|嗯|呃)*(?:更正|纠正|订正|更改|不对|哦不|噢不|不不|说错|打错|发错|报错|写错|讲错|搞错|记错|错了|等等)"
)
OF_THEM_ALL = re.compile(
    r"^(?:(?:他|她|这|那)们?[两三四五六七八九几俩仨]个?|他们|她们|[两二三四五六七八九俩仨](?:个|家|户|位|姊妹|姐妹|兄弟|兄妹|姐弟)?人?(?=都|均|全|也|是|D|已|同意|申请)|姐妹|兄弟|姊妹|兄妹|姐弟|[哥姐]俩|俩|都|均|全都|[TO]了都$)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """``places[i]`` is where character ``i`` stands in the normalised text; ``tokens`` go by their place in the line.

    ``heard`` keeps what has been made out of a clause, which several rules ask for.
    """

    text: str
    places: tuple[int, ...]
    tokens: dict[int, Token]
    heard: dict[tuple[str, Clause], Any] = field(default_factory=dict, compare=False)

    def body_span(self, start: int, end: int) -> tuple[int, int]:
        """A piece of the line as a piece of the normalised text."""
        if end <= start:
            return self.places[start], self.places[start]
        last = self.tokens.get(end - 1)
        return self.places[start], last.end if last else self.places[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the line between two signs. ``sign`` is the one that ends it, ``own`` whether it names its pupils."""

    start: int
    end: int
    text: str
    sign: str = ""
    own: bool = False

    def __hash__(self) -> int:
        return self.start  # asked for dozens of times a message


@dataclass(slots=True)
class Part:
    """What is said of one group of pupils; ``names`` are places of N and W in the line."""

    names: list[int] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)


def line_of(mask: str, tokens: list[Token]) -> Line:
    """The mask with one character a token, an unknown name written like any; a gap after a bare name, day or verb is no border."""
    by_start = {t.start: t for t in tokens}
    chars: list[str] = []
    places: list[int] = []
    kept: dict[int, Token] = {}
    for at, char in enumerate(mask):
        if char == "~":
            continue
        if (
            char == " "
            and not _FIELD.match(mask, at + 1)
            and not _HEADING.match(mask, at + 1)
            and _BARE.fullmatch("".join(chars), _last_break("".join(chars)))
        ):
            continue
        if at in by_start:
            kept[len(chars)] = by_start[at]
        chars.append("N" if char == "W" else char)
        places.append(at)
    return Line("".join(chars), (*places, len(mask)), kept)


def _last_break(text: str) -> int:
    return max((m.end() for m in BREAK.finditer(text)), default=0)


def parts_of(line: Line) -> tuple[list[Clause], list[Part]]:
    """What stands before any pupil is named, and the parts."""
    lead: list[Clause] = []
    heads: list[Clause] = []  # 旷课: in the middle holds for the pupils after it
    parts: list[Part] = []
    before = ""
    for start, end, sign in stretches(line.text):
        pieces = _by_subject(line, start, end)
        for at, (first, last, names) in enumerate(pieces):
            clause = Clause(first, last, line.text[first:last], sign if at == len(pieces) - 1 else "", bool(names))
            if names:
                parts.append(Part(names, [*heads, clause]))
                heads = []
            elif parts and (
                _heads(clause.text, sign) or (before in ("。", "\n") and _GROUP_HEAD.match(line.text, start))
            ):
                heads.append(clause)
            elif parts:
                _add(parts, clause)
            else:
                lead.append(clause)
        before = sign
    return lead, _merged(line, parts)


_GROUP_HEAD = re.compile(
    r"(?:留守|单亲|孤儿|事实孤儿|随迁|残疾|脱贫|贫困|低保|困境|监测|学困)(?:家庭|儿童|学生|子女|户|生|对象)?(?:的|有|是)? (?=N)"
)  # 留守儿童 张三。单亲 李四


_COUNTED = re.compile(
    r"(?:另|还有|其中)?(?:病假|事假|请假|旷课|缺勤|缺课|未到|未到校|返校|休学)[\d一二两三四五六七八九十]+[人名个位](?:学生)?"
)  # 病假1人(张三),旷课1人(李四)
_CLASS_LACKS = re.compile(
    r"(?:班上|班里|我们?班|全班|今天|早上|[DUC]|共|一共)+(?:缺|少|旷课|请假|没来|没到)(?:课|席|勤)?(?:了|的)?(?:有)?[一二两三四五六七八九十\d]+[个人名](?:人|学生)?"
)  # 班上缺了两个, after something told of another pupil


def _heads(text: str, sign: str) -> bool:
    """Whether it stands before the pupils that it is about: 旷课:, or 旷课1人(."""
    if sign == ":":
        return not _FIELD.match(text.lstrip("DRT")) and not CORRECTS.match(text)
    if _CLASS_LACKS.fullmatch(text):
        return True
    return sign == "(" and _COUNTED.fullmatch(text) is not None


_LOOKS = re.compile(r"(?:帮?我?)(?:查|看)(?:一?下|询|看)?")
_SAYING = re.compile(r"(?:说|讲|称|表示|反映|让|叫|要|送|接|带|领|陪)$")


def _by_subject(line: Line, start: int, end: int) -> list[tuple[int, int, list[int]]]:
    """A stretch cut where a new pupil becomes its subject: start, end, names of each piece."""
    groups: list[list[int]] = []
    cuts = [start]
    first = next((at for at in range(start, end) if line.text[at] in "NW"), end)
    opens = _OPENING.search(line.text[start:first])
    before = first - (len(opens.group()) if opens else 0)
    looked_for = _LOOKS.fullmatch(line.text[start:first]) is not None  # 顺便查一下张三
    if start and end > first and before - start > 2 and not looked_for and not BREAK.match(line.text, start - 1):
        # 甲昨天没来|今天来了说是帮忙乙一直没来: where dictation was cut, what stands before the next name is the last one's
        return [(start, before, []), *_by_subject(line, before, end)]
    for at in range(start, end):
        if line.text[at] not in "NW":
            continue
        if not groups:
            groups.append([at])
            continue
        between = line.text[groups[-1][-1] + 1 : at]
        if _SAYING.search(between) and same_pupil(line, groups[-1][-1], at):
            continue  # 方圆他爸说方圆不读了: named twice
        if any(same_pupil(line, one, at) for one in groups[-1]):  # 请假的有甲和乙甲病假乙事假: each told again
            cuts.append(at)
            groups.append([at])
            continue
        if _JOIN.fullmatch(between) or _SAME_PART.search(between):
            groups[-1].append(at)
            continue
        opening = _OPENING.search(between)
        size = len(opening.group()) if opening else 0
        size = 0 if _NOT_TO.search(between[: len(between) - size]) else size  # 哭着就是不去|李四家锁门
        cuts.append(at if _WILLS.search(between[: len(between) - size]) else at - size)
        groups.append([at])
    if not groups:
        return [(start, end, [])]
    ends = [*cuts[1:], end]
    return list(zip(cuts, ends, groups, strict=True))


_OF_THE_SAME = re.compile(r"[DR](?:起|开始)?$|(?:也|都|还是|均)?(?:没人|无人|不|没)(?:接|应|在家|回)")


def _add(parts: list[Part], clause: Clause) -> None:
    """A clause without names goes to the last part, or with 两个都 and the like to all that it means."""
    if _OF_THE_SAME.match(clause.text):  # 都办了休学,3月12日起; 都打过电话,没人接: goes on with all of them
        last = parts[-1].clauses[-1]
        for part in [p for p in parts if p.clauses[-1] == last]:
            part.clauses.append(clause)
        return
    if OF_THEM_ALL.match(clause.text) and len(parts) > 1 and len(parts[-1].names) == 1:
        count = 2 if re.match(r"[^两俩]*[两俩]|[哥姐]俩|姐妹|兄弟|姊妹|兄妹|姐弟", clause.text) else len(parts)
        for part in parts[-count:]:
            part.clauses.append(clause)
    else:
        parts[-1].clauses.append(clause)


def _merged(line: Line, parts: list[Part]) -> list[Part]:
    """Names that stand alone share what is said of the next names, or, at the end, of those before."""
    out: list[Part] = []
    waiting: Part | None = None
    for part in parts:
        if waiting:
            again = _pupils(line, waiting) & _pupils(line, part)  # 走访张三、李四,张三…,李四…: each is told by itself
            headed = bool(again) or line.text[: waiting.names[0]].endswith(
                ":"
            )  # 缺勤:张三、李四 is whole without what follows
            if not headed and line.text[part.clauses[0].start] in "NWC" and waiting.clauses[-1].sign not in "。?":
                part = Part(waiting.names + part.names, [*waiting.clauses, *part.clauses])
            else:
                out.append(waiting)
            waiting = None
        if all(_BARE.fullmatch(c.text) for c in part.clauses):
            waiting = part
        else:
            out.append(part)
    if waiting:
        if out and out[-1].clauses[-1].own and out[-1].clauses[-1].text[-1] in "NW":
            out[-1] = Part(out[-1].names + waiting.names, [*out[-1].clauses, *waiting.clauses])
        else:
            out.append(waiting)
    return out


def _pupils(line: Line, part: Part) -> set[object]:
    return {line.tokens[at].value.candidates for at in part.names if line.tokens[at].kind == "N"}


def same_pupil(line: Line, one: int, other: int) -> bool:
    """Whether two names of the line are of one pupil."""
    first, second = line.tokens[one], line.tokens[other]
    return bool(first.kind == second.kind == "N" and first.value.candidates == second.value.candidates)
