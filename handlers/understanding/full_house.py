"""A class that is all there."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import PAST
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.moods import mood_of


def full_house_before(lead: list[Clause], drafts: list[Draft], line: Line, setting: Setting) -> list[Draft]:
    """昨天全到,今天张三没来: all were there on a day of its own, and others are told of another day."""
    days = {d.slots.get("date") for d in drafts}
    full = [d for c in lead for d in full_house([c], line, setting)] if None not in days else []
    return [d for d in full if d.slots.get("date") and d.slots["date"] not in days]


def full_house(clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """今天班会讲江山多娇,全班到齐: a pupil's name beside it changes nothing, nor does one who is back."""
    for clause in clauses:
        if not clause.own and re.search(
            r"^(?=.*[全都均齐\d])(?:我们?班|其实|全班|全体|全校|人员?|学生|今天|D|\d+(?:个|人|名)(?:学生|同学)?)*(?:都|全部?|均)?(?:到齐|来齐|齐|全勤|到校|(?<=全)[到来在])(?:了|啦|的)?$",
            clause.text,
        ):
            return [
                Draft("all_present", slots=dict(day_slot(line, setting)), spans={"action": (clause.start, clause.end)})
            ]
    return []


def all_present(told: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """A whole class is said to be there, in words or by two equal counts; asked about where the counts differ or one is left out."""
    text = line.text
    counts = ask.COUNTS.search(text)
    if counts and (counts["due"] or counts["due2"]) != (counts["here"] or counts["here2"]):
        return [] if any(c in text for c in "NW") else [Draft("clarify", slots={"about": "student"})]
    match = counts or ask.ALL_PRESENT.search(text)
    if (
        not match
        or any(c in text for c in "NW")
        or re.search(r"适龄|摸底|摸排|全[村镇乡县]", text)  # of a village, not of a class
        or any(mood_of(c, line) for c in told)
        or re.search(r"家长|会议|老师|开会|作业|材料|干部", text)
    ):
        return []
    if lex.NEGATION.search(text[: match.start()]) or re.search(
        r"[吗么没?]$|其余|其他|(?<!没)(?<!没得)(?<!没有)(?<!都)(?<!全)(?<!齐)(?:缺|旷|来|到|请)[^,]?[勤课假]?的", text
    ):
        return []
    if not counts and of_others(told):
        return [Draft("clarify", slots={"about": "meaning"})]
    if len(text) < 3 and not re.search(r"[全齐无零0]|没缺", text):
        return [Draft("clarify", slots={"about": "meaning"})]  # 都到: too little to write down a full house
    if _ALL_BUT.search(text, match.end()):
        return [Draft("clarify", slots={"about": "student"})]
    said = (ask.COUNTS, ask.ALL_PRESENT)
    own = [c for c in told if (c.start < match.end() and match.start() < c.end) or any(w.search(c.text) for w in said)]
    own += [c for c in told if _TOO.fullmatch(c.text) and c not in own]
    days = [(at, t) for c in own for at, t in tokens_in(line, c, "D") if t.value.lean <= 0] or [
        (at, t) for c in told for at, t in tokens_in(line, c, "D") if t.value.lean <= 0 and c.start < match.start()
    ]
    drafts = [Draft("all_present", spans={"action": match.span()}) for _ in range(max(1, len(days)))]
    for draft, (at, token) in zip(drafts, days, strict=False):
        put_day(draft, "date", at, token.value, setting.today, PAST)
    return drafts


def of_others(clauses: list[Clause]) -> bool:
    """领导都来了, 值日生都到了: those who are all there are not the class."""
    said = [(clause.text, ask.ALL_PRESENT.search(clause.text)) for clause in clauses]
    before = [text[: found.start()] for text, found in said if found]
    return any(re.search("KD?$", words) or not _OURS.fullmatch(words) for words in before)


_OURS = re.compile(
    r"(?:[CDTOKN,、()（）]|我们?|咱们?|俺们?|本|这|那|该|各|每|所有|全|班级?|学校|校|教学点|开学|点名?|报|补|早读|晚自习|早上|上午|中午|下午|晚上"
    r"|现在|刚才?|今|昨|前|天|日|周|节|国庆|中秋|清明|五一|端午|元旦|收假|放假|假期|归来|回来|返校|复课|考试|学生|同学|孩子|娃|崽|伢|子|儿|小|朋友"
    r"|家伙|些|们|大家|个|名|位|人员?|的|\d+|[一二三四五六七八九十百两零]|其实|也|是|跟|和|都|已经?|基本|应到?|实到?|有|要|会|得|必须|争取|[上里内后第])*+"
)
"""What may stand before 都到了 for it to be said of a class; a word that is none of these is somebody else."""
_TOO = re.compile(r"D也(?:是|一样|同样)的?")  # 昨儿一个没少,今儿也是
_ALL_BUT = re.compile(r"(?:就|只|仅|还|单)(?:差|缺|少|剩)")  # 到齐,就差一个


def day_slot(line: Line, setting: Setting) -> dict[str, str]:
    """The past day that the line names, as a slot."""
    days = [t.value.on(setting.today, PAST) for t in line.tokens.values() if t.kind == "D" and t.value.lean <= 0]
    return {"date": days[0].isoformat()} if days and days[0] else {}
