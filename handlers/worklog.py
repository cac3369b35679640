"""The work beside the cases: a unit's meetings, publicity, training and inspections; talks with a pupil, tutoring, aid.

记会议：3月5日班子会研究控辍保学，15人 · 记谈心 张三 情绪稳定 · 工作记录. What is recorded stands on 控辍保学工作记录表 (``reports``)
and, of a pupil, in the pupil's own history.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from casework.access import STAFF
from casework.calendar import school_year_of
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil, Unit
from casework.terms import AUTHORITY, HELP, PAPERWORK, RULES, WORK, say_day
from casework.timeline import standing
from handlers import lookup, meetings, numbered, pledges, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import one_pupil, unit_named
from handlers.places import place_name
from handlers.understanding import dates

CLAUSES = {
    "FN-2": ("record",), "FJ-7": ("record",), "LC-4": ("record",), "TA-1": ("record",), "XY-48": ("record",), "TA-14": ("record",), "TA-25": ("record",), "XY-7": ("record",), "XY-9": ("record",),
    "XY-22": ("record",), "XY-26": ("record",), "XY-30": ("record",), "XY-32": ("record",), "XY-43": ("record",), "XY-44": ("record",),
    "FN-22": ("record",), "LC-2": ("record",), "LC-5": ("record",),
    "LC-6": ("record",), "LC-8": ("record",), "LC-23": ("record",), "FJ-18": ("record",), "FJ-24": ("record",),
}  # fmt: skip
_WORDS = {
    "会议": "meeting", "会": "meeting", "座谈": "meeting", "宣传": "publicity", "培训": "training", "督查": "inspection", "检查": "inspection",
    "巡查": "inspection", "约谈": "inspection", "制度": "system", "方案": "system", "函件": "letter", "发函": "letter", "来函": "letter",
    "领导小组": "group", "工作专班": "group", "专班": "group", "包保": "cover", "包保分工": "cover", "分工": "cover", "包校": "cover", "包校安排": "cover", "督导包校": "cover",
    "七长": "seven", "七长责任": "seven", "部门联系人": "liaison", "联系人": "liaison",
    "责任书": "pledge", "责任状": "pledge",
    "谈心": "talk", "谈话": "talk", "心理辅导": "talk", "辅导": "tutoring", "补课": "tutoring", "资助": "aid", "慰问": "aid", "帮扶": "pairing", "结对": "pairing",
    "约谈家长": "interview", "约谈监护人": "interview", "责令限期改正": "order", "责令改正": "order", "责令": "order",
    "司法程序": "suit", "起诉": "suit",
}  # fmt: skip
_OWED = {
    "inspection": ("inspection",),
    "training": ("registrar_training",),
    "publicity": ("campaign",),
}
_NEWEST = 10
_EXAMPLE = "例如：记会议：3月5日班子会研究控辍保学，15人参加"
_EXAMPLE_HELP = "例如：记谈心 张三 情绪稳定，愿意上学"
_EXAMPLES = {
    "publicity": "记宣传：家长会上发放致家长的一封信320份",
    "training": "记培训：学籍管理员培训，35人参加",
    "inspection": "记督查：到青石镇中学查看台账，要求补家访记录",
    "group": "记领导小组：组长赵校长，成员李主任、王老师",
    "cover": "记包保分工：校长包校，李主任包八年级，王老师包八年级3班",
    "seven": "记七长责任：县长、乡镇长、村长各是谁",
    "liaison": "记部门联系人：民政局救助股 刘同志",
    "aid": "记资助 张三 生活补助500元",
    "pairing": "记结对帮扶 张三 每周辅导一次",
    "tutoring": "记辅导 张三 数学补课1次",
}


def year_of(desk: Desk) -> tuple[dt.date, dt.date]:
    """The school year so far: what a list of work covers."""
    return school_year_of(desk.today)[0], desk.today


def in_reach(desk: Desk, facts: Iterable[Fact]) -> list[Fact]:
    """The work that the reader may see: of the units and pupils of their scope, newest first."""
    facts = [f for f in facts if f.kind is Kind.WORK and f.data.get("what") not in PAPERWORK]
    pupils = desk.work.people.pupils([f.pupil for f in facts if f.pupil])
    seen = [f for f in facts if _seen(desk, f, pupils.get(f.pupil or ""))]
    return sorted(seen, key=lambda f: (f.on, f.at), reverse=True)


def _seen(desk: Desk, fact: Fact, pupil: Pupil | None) -> bool:
    if pupil is not None:
        return desk.scope.covers(pupil) and not pupil.struck and desk.reader_of(pupil).hears(fact)
    directory = desk.world.directory
    own = {p.unit for p in desk.posts}
    return fact.unit is not None and (
        desk.scope.everything or any(fact.unit in directory.below(u) or fact.unit == u for u in own)
    )


def recorded(desk: Desk) -> list[Fact]:
    """The standing work of the school year in the reader's reach, newest first."""
    first, last = year_of(desk)
    return in_reach(desk, standing(desk.work.cases.facts_between(first, last, (Kind.WORK.value, Kind.VOID.value))))


def _of_unit(desk: Desk, found: re.Match[str]) -> Said | None:
    words, word = found["note"] or "", found["what"]
    if word == "约谈" and (told := _GUARDIAN.match(words)):  # of a child's guardian, not of a school's head
        pupil = one_pupil(desk, told["name"])
        if isinstance(pupil, Pupil):
            return of_pupil(desk, pupil, "interview", f"约谈监护人{told['more']}", desk.today)
    return work_of_unit(desk, word, words)


def work_of_unit(desk: Desk, word: str, words: str, day: dt.date | None = None) -> Said:
    """记主题班会 八年级3班 9月4日 珍惜学习机会: by the word for it and the rest, which may begin with class and ``day``."""
    what, kind, note = _WORDS.get(word, "meeting"), meetings.kind_of(word), _note(words)
    room = None
    if kind != "class_teachers" and (first := _ROOM.match(note)) and (room := unit_named(desk, first[0])):
        note = _note(note[first.end() :])
    on = day or day_of(desk, note)
    if not desk.posts or not (note or kind):
        return not_recorded(f"请写明做了什么，{_EXAMPLE}。")
    if what == "meeting":
        kind = kind or meetings.kind_of(note)
    return of_unit(desk, what, note, on, _people(words), kind, room, _expected(words))


def of_unit(
    desk: Desk, what: str, note: str, on: dt.date, people: int | None, kind: str = "", room: Unit | None = None,
    expected: int | None = None,
) -> Said:  # fmt: skip
    """Work of the writer's own unit (or of a class in it), one of ``WORK``; ``kind``: of a meeting, one of ``MEETINGS``."""
    if on > desk.today:
        return not_recorded(f"{say_day(on, desk.today)}还没到。开完、做完以后再记，{_EXAMPLE}。")
    if what == "pledge":
        return pledges.record(desk, note, on)
    unit = room.id if room else desk.posts[0].unit
    kind = kind if what == "meeting" else ""
    hand = hand_for(desk, None)
    fact = hand.fact(
        Kind.WORK,
        on,
        None,
        unit,
        what=what,
        note=note,
        people=people,
        meeting=kind,
        expected=expected if kind else None,
    )
    desk.work.cases.append([fact])
    name = place_name(desk.world.directory, unit) or "县教育局"
    then = meetings.after(desk, kind, on) if what == "meeting" else ends(desk, what)
    then = (meetings.head_counts(desk, note) if kind == "class_teachers" else "") + then
    return Said(
        f"已记：{name}，{say_day(on, desk.today)}{wording.say_fact(fact, desk.today)}。{then}{wording.UNDO_HINT}"
    )


def _of_pupil(desk: Desk, found: re.Match[str]) -> Said | None:
    what, note, on = _WORDS[found["what"]], _note(found["note"] or ""), day_of(desk, found["note"] or "")
    if refused := _not_theirs(desk, what, found["name"]):
        return refused
    pupil = one_pupil(desk, found["name"], found["room"])
    return not_recorded(pupil) if isinstance(pupil, str) else of_pupil(desk, pupil, what, note, on)


def _not_theirs(desk: Desk, what: str, name: str) -> Said | None:
    if what not in AUTHORITY or desk.reader.may("order"):
        return None
    return not_recorded(
        f"{HELP[what]}由乡镇政府或县教育局办理，学校和村不能办，没有记录。要报告乡镇，请发：打印 {name} 劝返无效书面报告。"
    )


def of_pupil(desk: Desk, pupil: Pupil, what: str, note: str, on: dt.date) -> Said:
    """What was done for one pupil, one of ``HELP``."""
    if refused := _not_theirs(desk, what, pupil.name):
        return refused
    if not note or on > desk.today:
        return not_recorded(f"请写明做了什么，{_EXAMPLE_HELP}。")
    fact = hand_for(desk, pupil).fact(Kind.WORK, on, pupil.id, what=what, note=note)
    desk.work.cases.append([fact])
    where = place_name(desk.world.directory, pupil.class_id)
    return Said(
        f"已记：{pupil.name}（{where}），{say_day(on, desk.today)}{wording.say_fact(fact, desk.today)}。{wording.UNDO_HINT}"
    )


def _listed(desk: Desk, found: re.Match[str]) -> Said:
    """工作记录, or those of one kind."""
    return listed(desk, found["what"] or "").said()


def listed(desk: Desk, word: str = "") -> Listing:
    """The work of this school year, all of it or what goes by that word."""
    kind = meetings.kind_of(word)
    wanted = "meeting" if kind else _WORDS.get(word)
    facts = [
        f for f in recorded(desk) if wanted in (None, f.data.get("what")) and (not kind or meetings.named(f) == kind)
    ]
    if not facts:
        example = f"例如：{_EXAMPLES[wanted]}" if wanted in _EXAMPLES else f"{_EXAMPLE}；或{_EXAMPLE_HELP[3:]}"
        return Listing(f"本学年还没有{word or '工作'}记录。", then=f"要记请发，{example}。")
    counts = Counter({**WORK, **HELP}.get(str(f.data.get("what")), "工作") for f in facts)
    head = f"本学年工作记录{len(facts)}条：" + "，".join(f"{name}{many}" for name, many in counts.most_common()) + "。"
    part = Part(lines(desk, facts), counted="条")
    then = "要会议记录纸请发：打印会议记录；" if wanted == "meeting" else ""
    return Listing(head, [part], f"{then}要整张表请发：导出工作记录表。", _NEWEST)


def lines(desk: Desk, facts: Sequence[Fact]) -> list[Item]:
    """One line for each."""
    pupils = desk.work.people.pupils([f.pupil for f in facts if f.pupil])
    return [
        Item(
            f"{say_day(f.on, desk.today)} {_whose(desk, f, pupils.get(f.pupil or ''))} {wording.say_fact(f, desk.today)}",
            f.pupil,
        )
        for f in facts
    ]


def _whose(desk: Desk, fact: Fact, pupil: Pupil | None) -> str:
    return pupil.name if pupil else place_name(desk.world.directory, fact.unit) or "县教育局"


def ends(desk: Desk, what: str) -> str:
    """If a meeting, training or campaign was owed, the word that says that this was it."""
    duty = owed_by(desk, what)
    return f"如果这就是待办里的“{RULES[duty.rule]}”，请回“完成 {numbered.of(desk, duty)}”。" if duty else ""


def owed_by(desk: Desk, what: str) -> Duty | None:
    """The writer's duty of these days that such work may meet."""
    return next((d for d in lookup.own_duties(desk) if d.rule in _OWED.get(what, ())), None)


def _note(text: str) -> str:
    return text.strip(" ：:，,。、")


def day_of(desk: Desk, text: str) -> dt.date:
    """The day that the note begins with, else today: a date within it may be a promise or a deadline."""
    first = _FIRST_DAY.match(_note(text))
    return (dates.resolve(first[0], desk.now, dates.NEAREST, desk.days) if first else None) or desk.today


def _people(text: str) -> int | None:
    """How many came: the number after 实到 or 到会, else the first of persons."""
    found = re.search(r"(?:实到|到会|参会|参加)(?:了)?\s*(\d{1,4})\s*(?:人|名)", text) or re.search(
        r"(?<!应到)(?<!\d)(\d{1,4})\s*(?:人|名)", text
    )
    return int(found[1]) if found else None


def _expected(text: str) -> int | None:
    found = re.search(r"应到\s*(\d{1,4})\s*(?:人|名)", text)
    return int(found[1]) if found else None


_GUARDIAN = re.compile(
    r"(?s)\s*(?P<name>[\u4e00-\u9fff·]{2,8}?)的?(?:家长|监护人|父母|父亲|母亲|爸爸?|妈妈?)(?P<more>.*)"
)
_ROOM = re.compile(r"[一二三四五六七八九]年级[一二三四五六七八九十\d()（）]{1,5}班")
_FIRST_DAY = re.compile(
    r"大?前天|昨天|昨日|今天|今日|[上本这]?(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号]|明天|后天"
)
_UNIT_WORK = "|".join(
    [
        f"(?:控辍保学|控辍)?(?:{meetings.WORD})",
        *sorted((w for w, what in _WORDS.items() if what in WORK), key=len, reverse=True),
    ]
)
_PUPIL_HELP = "|".join(sorted((w for w, what in _WORDS.items() if what in HELP), key=len, reverse=True))
COMMANDS: tuple[Command, ...] = (
    command(
        "记会议：3月5日班子会研究控辍保学，15人",
        STAFF,
        _of_unit,
        rf"(?s)(?:请|帮我)?(?:记录?|登记)(?:一?下|一?次|了)?(?P<what>{_UNIT_WORK})(?:记录)?(?:[:：，,\s]+(?P<note>.{{2,300}}))?",
    ),
    command(
        "记谈心 张三 情绪稳定",
        STAFF,
        _of_pupil,
        rf"(?s)(?:请|帮我)?(?:记录?|登记)(?:一?下|一?次|了)?(?P<what>{_PUPIL_HELP})[:：，,\s]+(?:(?P<room>[\u4e00-\u9fff\d()（）]{{1,12}}班)的?)?(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)(?:[:：，,\s]+(?P<note>.{{2,300}}))?",
    ),
    command(
        "工作记录",
        STAFF,
        _listed,
        rf"{LOOK}{PLACE}(?:本学年|本学期|今年)?(?:的)?(?:学籍管理员|班主任|教师|老师|家长)(?P<what>培训|宣传)(?:记录|情况|名单)?(?:办|做|开展)?(?:了)?(?:没有?|吗|有哪些)?[?？]?",
        rf"{LOOK}(?:本学年|本学期|全部)?(?:的)?(?:(?P<what>{_UNIT_WORK}|{_PUPIL_HELP})(?:记录(?:有哪些|列一下|清单|有吗)?|(?:情况|台账|名单|通报)(?:怎么样)?|(?:都)?(?:开|召开|办|做|开展|搞)(?:了|过)?(?:没有?|吗|么|没))|工作记录)[?？]?",
        asks=True,
    ),
)
