"""Corrections within one message: which pupil, and which words, the writer takes back."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.clauses import CORRECTS, Clause, Line, Part
from handlers.understanding.drafts import Draft

_REPLACED = re.compile(
    r"(?:不是|并非|不算)(?P<wrong>N[N、和]*)[^N就]{0,6}?[,]?(?:而?是|应该是|应是|改成|换成)N|(?P<wrong3>N)没(?:有)?(?:请假|请|来|旷课|缺勤|转学|休学),(?:而)?是(?=N[请没旷缺转休])|N[^N?]{0,12}?[,(]?(?:而)?不是(?P<wrong2>N(?=N[来到没请旷])|N[N、和]*(?=家?(?:$|[,。()])))"
)
MISREPORTED = re.compile(
    r"(?:报|说|记|登|写)的N[^,N]{0,6}(?:(?:不对|有误|错了?),?(?:应该?)?)?是N"
)  # 昨天报的李四缺勤是王小明
EITHER = re.compile(
    r"不是N(?:家|班)?[,]?就是N|N(?:还是|或者?|要么|要不就?是)N|N[^N。]{1,6},?还是N[^N。]{0,8}(?:来着|忘了|记不清|不记得|搞不清)|N[^N。]{1,12}[,。](?:不|不对|哦不),?(?:好像|可能|大概|应该|也许|怕)是N$"
    r"|N[^N。]{1,12}[,。](?:又|也|还)?(?:好像|可能|像|也许|说不定|也可能)(?:又|也)?是N|N(?:[、和跟与]?N)+(?:到底)?(?:是)?(?:哪个|谁)[^?]{0,6}(?:没看清|没注意|不清楚|不知道|不晓得|,?[^,?]{0,4}(?:搞|弄|记|看)(?:混|错)|分不清)"
    r"|N(?:[、和跟与]?N)+(?:我|也|又|还|到底|里头?)*(?:不知道?|不晓得|不清楚|没看清|分不清|忘了|记不清)(?:楚)?(?:到底)?(?:是)?(?:哪|谁)"
    r"|N(?:[、和跟与]?N)+(?:里头?|中|当中|其中|这?两个|之)*有一个(?=没|请|旷|缺|转|不|来|到)"
)
DENIED_OF = re.compile(r"(?:其实|今天|D)?不是N(?:D|今天)?(?:旷课|缺勤|缺课|请假|没来)(?:的|啊|呀)?")  # who else?
_SAID_BEFORE = re.compile(
    r"^(?:D|U|T|我|刚刚?|刚才|之前|前面|早上|上午|上次)*(?:说|报|记|登记|写)(?:的|了|过)?N[^,]*,"
    r"(?:[^,]*(?:其实|实际|原来|补(?:请|办|交|假|了))|(?:他|她|人|N|现在|后来|已经?|又|也)*(?:来了|到了|来上课|到校|请了?假|请了?T))"
)
_SAID_TO_BE = re.compile(
    r"^(?:D|T|我|刚刚?|刚才|之前|前面)*N(?:被?我)?(?:写|报|记|登|说|填)成[^,]*,(?:其实|实际|应该?|实为)"
)
_OWN_ERROR = re.compile(r"(?:是|属|报|记|写|弄|搞)(?:的)?(?:错的?|错误)了?$")
_OF_A_RECORD = re.compile(r"(?:那|这|上)一?条|的记录")  # 昨天那条缺勤记错了: what is to be taken back


def corrected(part: Part) -> Part:
    """没来(更正:来了): what stands before the correction is not meant."""
    for at, clause in enumerate(part.clauses):
        if at and (found := CORRECTS.match(clause.text)) and (len(part.clauses) > at + 1 or _says_more(clause, found)):
            return Part(part.names, [_past_correction(c) for c in part.clauses[at:]])
        if (
            (_OWN_ERROR.search(clause.text) and not _OF_A_RECORD.search(clause.text))
            or _SAID_TO_BE.match(clause.text + "," + "".join(c.text for c in part.clauses[at + 1 : at + 2]))
            or _SAID_BEFORE.search(clause.text + "," + "".join(c.text for c in part.clauses[at + 1 : at + 2]))
        ) and len(part.clauses) > at + 1:
            return Part(part.names, [_past_correction(c) for c in part.clauses[at + 1 :]])
    return part


def _says_more(clause: Clause, found: re.Match[str]) -> bool:
    """更正:来了, and not 不对啊: whether the correction says what it was instead."""
    return len(clause.text[found.end() :].strip("():,。?! ")) > 1


_RATHER = re.compile(r"(?:应该?|其实|实际)是?(?=.{2})")


def _past_correction(clause: Clause) -> Clause:
    """Without the 不对 or 应该是 at its head."""
    match = CORRECTS.match(clause.text) or _RATHER.match(clause.text)
    return replace(clause, text=clause.text[match.end() :], start=clause.start + match.end()) if match else clause


_TAKEN_BACK = re.compile(
    r"(?:啊|哦|噢|嗯|呃|哎呀?)*(?:[说打发报写讲搞记弄填看]错(?:人|名字)?|错|不对|不是)了?[啊呀哈吧]*"
)


def taken_back(parts: list[Part]) -> bool:
    """张三没来,说错了: what it was instead is not said, so that nothing is recorded."""
    told = [c for part in parts for c in part.clauses]
    ends = len(told) > 1 and not told[-1].own and _TAKEN_BACK.fullmatch(told[-1].text) is not None
    return ends and not any(_NEVER_WAS.search(clause.text) for clause in told[:-1])


_NEVER_WAS = re.compile(r"没(?:有)?(?:缺|旷|辍|请假)")  # 李四没缺勤,报错了: an earlier record is wrong


def takes_back(part: Part, drafts: list[Draft]) -> bool:
    """张三没来,说错了,是李四: the record before it in the same message is not made at all."""
    first = part.clauses[0].text if part.clauses else ""
    return any(d.names for d in drafts) and CORRECTS.match(first) is not None


def replaced_names(line: Line) -> set[int]:
    """Places of the pupils that 不是A是B takes back."""
    out: set[int] = set()
    for match in _REPLACED.finditer(line.text):
        group = next(name for name, one in match.groupdict().items() if one)
        out |= {at for at in range(*match.span(group)) if line.text[at] == "N"}
    return out
