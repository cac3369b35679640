"""What is asked where a message leaves open whom or what it means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from casework.people import Pupil
from casework.rolls import reported
from casework.scope import SCHOOL_STAFF
from handlers import wording
from handlers.answer import not_recorded
from handlers.asking import Asked
from handlers.desk import Desk, Said
from handlers.line import Line
from handlers.places import place_name
from handlers.understanding import dates
from handlers.understanding.actions import Action

OPEN_FOR = dt.timedelta(minutes=30)
"""How long a question stays open, and for how long a pupil just written about is offered."""
OFFERED = 4
OF_WHOM = "请问说的是哪名学生？请写出姓名。"


def clarify(desk: Desk, action: Action, line: Line) -> Asked | Said:
    """A question about whom or what a message means, with what may be meant to choose from; nothing is recorded."""
    candidates = tuple(dict.fromkeys(c for m in action.students for c in m.candidates))
    if action.slots.get("about") == "student":
        names = "、".join(dict.fromkeys(m.name for m in action.students))
        if len(candidates) > 1 and "、" in names:
            return Asked(f"这句话里有{names}，我分不清哪件事说的是谁，没有记录。{_APART}")
        if len(candidates) > 1:
            return which(desk, names, candidates)
        if not candidates and action.students:
            return not_recorded(wording.unknown_pupil([m.name for m in action.students]))
        return Asked(OF_WHOM, lately(desk, line), free="words")
    if day := dates.no_such_day(line.text, desk.today):
        return not_recorded(f"没有{day}这一天，没有记录。请把日期写对，整句再发一次。")
    if len(candidates) == 1:
        name = action.students[0].name
        back = desk.work.cases.case(candidates[0]).state == "observed" and desk.reader.may("all_present")
        wished = [row for word, row in _WISHED if word in line.text]
        rows = (_WHAT[0], *wished, *(_WELL if back else ()), *_WHAT[1:])
        pupil = desk.work.people.pupil(candidates[0])
        out = _AT_SCHOOL if pupil and pupil.class_id is None else ()
        mine = (row for row in rows if desk.reader.may(row[0]) and row[0] not in out)
        options = ({"label": label, "text": words.format(name)} for _, label, words in mine)
        return Asked(f"{name}怎么了？", tuple(options))
    return Asked("这句话我拿不准，没有记录。请把情况说完整：谁、哪天、怎么了。", ())


_APART = "请一人一句分开写，例如：张三请假；李四缺勤。"
_WELL = (("contact", "在校正常，记一次跟踪回访", "回访{}，在校正常"),)
"""Of a child who is back, for those who see it at school."""
_WISHED = (
    ("休学", ("suspend", "家长申请休学，先登记（手续没齐不算离校）", "{}申请休学")),
    ("缓学", ("defer", "家长申请缓学，先登记（手续没齐不算离校）", "{}申请缓学")),
    ("转学", ("transfer_out", "家长申请转学，先登记（手续没齐不算离校）", "{}申请转学")),
)
"""What a wish to leave may be meant as (李四腿断了要休学): an application, which ends nothing yet."""
_WHAT = (
    ("case", "查看情况", "查 {}"),
    ("absence", "今天缺勤", "{}今天缺勤"),
    ("return", "已经返校", "{}今天返校了"),
    ("leave", "请假一天", "{}今天请假"),
    ("visit", "家访过了", "家访 {}"),
    ("mark", "有辍学苗头，要盯着", "{}有辍学苗头"),
)
"""What may be meant by a name alone; first what records nothing, for some answer 1 without reading."""
_AT_SCHOOL = ("absence", "return", "leave", "suspend", "transfer_out")
"""Who has no school is neither missing there nor back."""


def never_away(desk: Desk, action: Action, line: Line) -> Asked | None:
    """王五不想读了, told at school of one who is not away: a sign to be watched, and no refusal to come back unless somebody
    talked with the child or the family; asked before it is written down."""
    told = (action.action, action.slots.get("outcome"), action.slots.get("channel")) == ("contact", "refused", None)
    ids = [m.candidates[0] for m in action.students] if told else []
    if len(ids) != 1 or f"talked:{ids[0]}" in line.answers or _TALKED.search(line.text):
        return None
    if desk.unattended or desk.reader.roles.isdisjoint(SCHOOL_STAFF) or not desk.reader.may("mark"):
        return None
    away = desk.work.cases.case(ids[0]).state != "in_school"
    if away or reported(desk.work.cases.facts(ids[0]), desk.today):
        return None
    name = action.students[0].name
    options = (
        {"label": "有辍学苗头，要盯着", "text": f"{name}有辍学苗头"},
        {"label": "今天没来上课", "text": f"{name}今天缺勤"},
        {"label": "和学生或家长谈过，不愿意读，记一次联系", "answers": {f"talked:{ids[0]}": "yes"}},
    )
    return Asked(f"{name}现在没有缺勤记录。这句话怎么记？", options)


_TALKED = re.compile("[家爸妈爹娘父母爷奶公婆哥姐叔舅姑姨伯]|电话|微信|联系|见[到了过]|谈|劝|问[了过他她]")
"""Words of a talk, or of the family that it was with."""


def lately(desk: Desk, line: Line) -> tuple[Mapping[str, Any], ...]:
    """打他妈电话没人接, right after 张三缺勤: the pupils just written about are offered, then those of whom the writer owes
    something; never assumed."""
    about = [f.pupil for f in reversed(desk.work.cases.recent_by(desk.writer.id, desk.now - OPEN_FOR))]
    about += [d.pupil for d in sorted(desk.work.cases.todo(desk.writer.id), key=lambda d: (d.due, d.pupil or ""))]
    ids = list(dict.fromkeys(filter(None, about)))[:OFFERED]
    pupils = desk.work.people.pupils(ids)
    return tuple(
        {"label": _with_places(desk, pupils[id]), "text": f"{pupils[id].name} {line.text}"}
        for id in ids
        if id in pupils
    )


def which(desk: Desk, name: str, candidates: Sequence[str]) -> Asked:
    """A numbered choice between pupils; choosing one rules the others out."""
    pupils = desk.work.people.pupils(candidates)
    options = []
    for pupil in sorted(pupils.values(), key=lambda p: (p.class_id or "", p.village_id or "", p.name, p.id)):
        options.append({"label": _with_places(desk, pupil), "exclude": [c for c in candidates if c != pupil.id]})
    return Asked(f"有{len(options)}名学生可能是“{name}”，是哪一位？", tuple(options))


def _with_places(desk: Desk, pupil: Pupil) -> str:
    places = (place_name(desk.world.directory, unit) for unit in (pupil.class_id, pupil.village_id))
    return f"{pupil.name}（{'，'.join(filter(None, places)) or '未入学'}）"
