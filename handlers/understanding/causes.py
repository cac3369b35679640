"""Why something happened, in the words of the message."""

from __future__ import annotations

import re
from itertools import pairwise

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft
from handlers.understanding.events import TALKS
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.senses import events_of

FAMILY_MATTERS = re.compile(
    r"[爷奶公婆爸妈伯叔舅姑姨][^,NDR]{0,2}(?:不在了|走了|没了|老了)|出海|收网|帮(?:他|她|家里|屋里)?(?:爸|妈|爹|娘|爷|奶|家)|事假|(?<=\()事(?=\))|陪(?:N|他|她|弟|妹|同学)|(?:因|有)(?:急|点|要|私)?事|陪(?:护|同|着)?(?:他|她)?[^,N]{0,3}(?:妈|爸|奶|爷|娘|爹|父|母|公|婆|弟|妹)|(?:父|母|爸|妈|爹|娘|爷|奶|公|婆|姥|家人|家里人?)[^,]{0,4}(?:病|住院|手术|摔)|家(?:里|中|庭)?有?(?:点|急|些)?事|家里|屋里|屋头|家中|生二胎|生(?:小孩|孩子|娃)|坐月子|订婚|走人家|吃酒|办酒|酒席|坐席|帮忙|插秧|栽秧|打谷|收稻|苞谷|采茶|砍甘蔗|播种|盖房|建房|私事|婚礼|婚宴|[酒寿喜]宴|寿|满月|乔迁|喜酒|结婚|过世|去世|丧|奔丧|葬|白事|红事|喜事|走亲|探亲|(?:看|去|到|回|接|送)[^,]{0,4}外婆|N家(?!长|访|属)|搬家|办(?:证|身份证|户口|护照)|回老家|上坟|扫墓|祭祖|过年|过节|生日|农忙|收割|亲戚|娶亲|出嫁|满月|旅游|出门|个人原因|照顾|照料|陪护"
)
TO_BE_VERIFIED = re.compile(
    r"(?<![父母爸妈亲长爷奶])(?:失踪|失联|下落不明|去向不明|走失|出境|出国|户籍(?:信息)?(?:错误|有误)|空挂户|双重(?:户籍|学籍)|(?:死亡|溺亡|身亡|病故))"
)
"""Reasons of a dropout that the police verify (FJ-10), said of the pupil."""
_HOME = re.compile(r"家里|屋里|屋头|家中|N家")  # 屋头电话打不通: where, not why
_STAYS = re.compile(r"不[来去到回](?!想|愿|读|念)")
_SAYS = re.compile(r"(?:人|也|又|都)*(?:说|讲|来电|打电话)")
_REASON = re.compile(
    r"(?:因为|因(?!为)|由于|原因(?:是)?|缘由)[:,]?(?!还|正在|不[明详清]|待|未知|没)(?P<why>[^,。A-Z]{1,20}?)(?=申请|办理|休学|缓学|辍学|转|请|未|没|缺|旷|(?<![过出进回起走])不[能来]|无法|没法|[,。A-Z]|$)"
)
_DANGLING = re.compile(r"了?(?:就|所以)?(?:要|得|想|需要)$")
_CURE = re.compile(r"了?(?:就|所以)?(?:他|她)?(?:要|得|想|需要?)(?=去|回|请|看医|休息|在家)")
"""她发烧了要请两天假, 发烧了要去医院: the cause ends where begins what is to be done about it."""


def text_of(clauses: list[Clause], line: Line) -> str:
    """The stretch of the line from the first of the clauses to the last."""
    return line.text[clauses[0].start : clauses[-1].end] if clauses else ""


def own_text(clauses: list[Clause], line: Line) -> str:
    """The same stretch, with what lies between the clauses painted over: it is told of others."""
    text, start = list(text_of(clauses, line)), clauses[0].start if clauses else 0
    for before, after in pairwise(clauses):
        if "N" in line.text[before.end : after.start]:
            text[before.end - start : after.start - start] = "。" * (after.start - before.end)
    return "".join(text)


def put_reason(draft: Draft, clauses: list[Clause], line: Line) -> None:
    """The cause as said: after 因为, else what illness, journey or trouble the part tells of."""
    text = text_of(clauses, line)
    match = _REASON.search(text)
    if match:
        start, end = match.span("why")
        end = _alone(text, start + 1, end, lex.ILL.search(text, start, end) is not None)
        draft.put("reason", text[start:end], clauses[0].start + start, clauses[0].start + end)
        return
    gone = (TO_BE_VERIFIED,) if draft.action == "dropout" else ()
    for words in (*gone, lex.ILL, lex.AWAY, FAMILY_MATTERS, lex.HARDSHIP, lex.REFUSED):
        for clause in clauses:
            match = next((m for m in words.finditer(clause.text) if not _said_already(draft, clause, m)), None)
            if match and not (_HOME.fullmatch(match.group()) and any(e.kind in TALKS for e in events_of(clause, line))):
                start, end = _stretch(clause, match, line)
                if draft.action.startswith("transfer") and any(a < end and start < b for a, b in draft.spans.values()):
                    continue  # 转到惠州了 says where to, not why
                draft.put("reason", line.text[start:end], start, end)
                return


def _said_already(draft: Draft, clause: Clause, match: re.Match[str]) -> bool:
    """The words of the action itself, 事假 or 唔来读书, say no cause, nor does what is denied."""
    start, end = draft.spans.get("action", (0, 0))
    if _HOME.fullmatch(match.group()) and _SAYS.match(clause.text, match.end()):
        return True  # 家里说不到20号不回来: who says it
    if lex.NEGATION.search(clause.text[: match.start()]):
        return True  # 不是生病
    if draft.action == "leave" and match.re is lex.REFUSED and _STAYS.match(match.group()):
        return True  # 请假不来了
    return start <= clause.start + match.start() and clause.start + match.end() <= end


def _alone(text: str, start: int, end: int, ill: bool) -> int:
    """Where the cause ends that stands between these places."""
    found = (_CURE if ill else _DANGLING).search(text, start, end) or _DANGLING.search(text, start, end)
    return found.start() if found else end


_SAID_FIRST = re.compile(r"[是的因为 其系经]|同学|学生|孩子|娃儿?|本人|确认|经?核实")
_PUPIL_SAID = re.compile(rf"(?:他|她)(?!的?{KIN}|家|们)(?=.{{2}})")  # 她发烧了, but 她妈病了
_PART_OF_DAY = re.compile(r"(?:早上|上午|下午|中午|晚上|今早|需要?|于)*$")  # 肚子疼早上没来: when, not why


def _stretch(clause: Clause, match: re.Match[str], line: Line) -> tuple[int, int]:
    """The words around a cause, up to what was done and to the next pupil or day."""
    low, high = clause.start, clause.end
    start, end = clause.start + match.start(), clause.start + match.end()
    for event in events_of(clause, line):
        if event.end <= start:
            low = max(low, event.end)
        elif event.start >= end:
            high = min(high, event.start)
    while start > low and line.text[start - 1] not in "NWDRUTO了说示讲称:":
        start -= 1
    while end < high and line.text[end] not in "NWDRT":
        end += 1
    ill = match.re is lex.ILL
    end = _alone(line.text, clause.start + match.end(), end, ill)
    end -= len("".join(_PART_OF_DAY.findall(line.text[start:end])))
    if ill and (whose := _PUPIL_SAID.match(line.text, start, end)):
        start = whose.end()
    while start < end - 1 and (said := _SAID_FIRST.match(line.text, start, end - 1)):
        start = said.end()
    return start, end
