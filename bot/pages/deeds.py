"""What chat records by short commands about one child, as forms: the same functions, the child chosen instead of named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from bot.pages import acting
from bot.pages.door import storage_of
from bot.pages.forms import Field, free_words
from bot.papers.paperwork import can_have
from casework.access import ACTIONS
from casework.people import Pupil
from casework.terms import AUTHORITY, GROUPS, HELP, PAPERWORK, PLACEMENTS
from casework.waiting import open_letter
from handlers import (
    admitting,
    arrivals,
    departments,
    elsewhere,
    entering,
    formwords,
    guard,
    handover,
    hukou,
    letters,
    nations,
    outing,
    placing,
    platform,
    replies,
    steps,
    striking,
    urging,
    watched,
    worklog,
)
from handlers.desk import Desk, Said
from handlers.papers import FORM_TITLES
from handlers.places import place_name

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One form: its fields, what is done with what is filled in, and about which children it is offered.

    ``right`` is a row of ``casework.access.ACTIONS``.
    """

    action: str
    title: str
    right: str
    fields: Callable[[Desk], Sequence[Field]]
    do: Callable[[Desk, Pupil, Values], Said]
    fits: Callable[[Desk, Pupil], bool] = lambda desk, pupil: True

    def __post_init__(self) -> None:
        assert self.right in ACTIONS, self.right

    def carry_out(
        self, desk: Desk, pupil: Pupil, values: Values, words: str, links: Sequence[tuple[str, str]], undo: str = "",
        again: acting.Again | None = None,
    ) -> ResponseReturnValue:  # fmt: skip
        """Take the form in once; its free words are watched like a message's."""

        def do() -> Said:
            return guard.with_alarm(desk, free_words(self.fields(desk), values), self.do(desk, pupil, values))

        return acting.take_in(desk, words, do, links, undo, again)


def always(*fields: Field) -> Callable[[Desk], Sequence[Field]]:
    """Fields that are the same for everybody."""
    return lambda desk: fields


def day_in(values: Values, name: str = "date") -> dt.date:
    """The day that stands in a field of a form."""
    return dt.date.fromisoformat(str(values[name]))


ON = Field("date", "哪一天", "date", default="today", required=True)
# of HELP: each has a form of its own
_ELSEWHERE = ("outing", "admission", "undelivered", "plan", *PAPERWORK, "step", "no_hukou", "hukou_notice", "elsewhere")
_DEPARTMENTS = {who: who for who in ("专家组", *departments.RULES_OF)}
_REFERRED_TO = {who: who for who in departments.RULES_OF}


def _help(desk: Desk) -> Sequence[Field]:
    kinds = {
        code: word
        for code, word in HELP.items()
        if code not in _ELSEWHERE and (code not in AUTHORITY or desk.reader.may("order"))
    }
    note = Field("note", "做了什么", "area", required=True, hint="只写与帮扶有关的情况")
    return (Field("what", "种类", "select", kinds, True), note, ON)


def _paper(desk: Desk) -> Field:
    """The forms that this person may have made."""
    work = storage_of(desk)
    may = {paper: title for paper, title in FORM_TITLES.items() if can_have(work, desk, paper)}
    return Field("paper", "哪张表", "select", may, True)


def _schools(desk: Desk) -> Sequence[Field]:
    units = desk.world.directory.units
    names = sorted((place_name(desk.world.directory, u.id), u.id) for u in units.values() if u.kind == "school")
    return (Field("school", "到哪所学校就读", "select", {id: name for name, id in names}, True),)


_BY_COLUMN = "一栏一行，先写栏名，例如：监护人意见：同意返校"
_FINAL = {"final": "定稿", "anew": "另起一份（这张已经定稿）"}
KEPT = "定稿后内容和编号不再变，再打印还是这一份；还有空栏的会告诉您补填什么"
_NO_CHILD = ("重复录入", "误录，没有这名学生")
_STRUCK = "不再列入名单和统计，原记录保留，可以撤销；案件还没有结束的，由县教育局办理"
_WAYS = {code: word for code, word in PLACEMENTS.items() if code != "school"}  # a school is fixed by a form of its own
DEEDS = (
    Deed(
        "urge", "催办", "urge", always(), lambda desk, pupil, v: urging.of_pupil(desk, pupil),
        lambda desk, pupil: any(d.who and desk.writer.id not in d.who for d in desk.work.cases.duties(pupil=pupil.id)),
    ),
    Deed(
        "outing", "出发家访报备", "work", always(Field("note", "去做什么", "text")),
        lambda desk, pupil, v: outing.announce(desk, pupil, v.get("note", "")),
    ),
    Deed(
        "help", "记谈心、帮扶", "work", _help,
        lambda desk, pupil, v: worklog.of_pupil(desk, pupil, v["what"], v["note"], day_in(v)),
    ),
    Deed(
        "plan", "记一人一案", "work",
        always(Field("note", "方式、目标和安排", "area", required=True, hint="例如：入户，每月2次，每次2课时，练习生活语文")),
        lambda desk, pupil, v: placing.plan(desk, pupil, v["note"]),
    ),
    Deed(
        "form_words", "补填表格", "work",
        lambda desk: (_paper(desk), Field("words", "写什么", "area", required=True, hint=_BY_COLUMN)),
        lambda desk, pupil, v: formwords.fill(desk, pupil, v["paper"], v["words"]),
    ),
    Deed(
        "unmark", "取消标注重点群体", "mark", always(Field("group", "不再属于哪一类", "select", GROUPS, True)),
        lambda desk, pupil, v: watched.unmark(desk, pupil, v["group"]), lambda desk, pupil: bool(pupil.groups),
    ),
    Deed(
        "final", "表格定稿", "work",
        lambda desk: (_paper(desk), Field("step", "做什么", "select", _FINAL, True, "final", hint=KEPT)),
        lambda desk, pupil, v: (formwords.finish if v["step"] == "final" else formwords.begin_anew)(desk, pupil, v["paper"]),
    ),
    Deed(
        "ethnicity", "登记民族", "work", always(Field("nation", "民族", "select", {n: n for n in (*nations.NATIONS, *nations.OTHERS)}, True, hint="登记一次，以后表格和台账都自动填写")),
        lambda desk, pupil, v: nations.of_one(desk, pupil, v["nation"]),
    ),
    Deed(
        "place", "登记安置", "place",
        always(Field("way", "安置方式", "select", _WAYS, True), Field("note", "说明", "text")),
        lambda desk, pupil, v: placing.place(desk, pupil, v["way"], v.get("note", "")),
    ),
    Deed(
        "taught_by", "安排谁送教", "place_at",
        always(Field("who", "哪所学校、哪位教师", "text", required=True, hint="写学校全名和教师，例如：青石镇中心小学王老师")),
        lambda desk, pupil, v: placing.taught_by(desk, pupil, v["who"]),
        lambda desk, pupil: pupil.home_taught,
    ),
    Deed(
        "place_at", "安排就读学校", "place_at", _schools,
        lambda desk, pupil, v: arrivals.place_at(desk, pupil, desk.world.directory.units[v["school"]]),
        lambda desk, pupil: pupil.class_id is None or handover.is_waiting(desk.world.directory, pupil),
    ),
    Deed(
        "letter", "寄出核查函", "letter", always(Field("to", "寄给哪个教育局", "text")),
        lambda desk, pupil, v: letters.sent(desk, pupil, v.get("to", "")),
    ),
    Deed(
        "letter_reply", "记核查函回复", "letter", always(Field("words", "回复的内容", "area", required=True)),
        lambda desk, pupil, v: letters.answered(desk, pupil, v["words"]),
        lambda desk, pupil: open_letter(desk.work.cases.facts(pupil.id)) is not None,
    ),
    Deed(
        "elsewhere", "记在外就学", "work", always(Field("words", "在哪所学校就读、有什么证明", "text", required=True)),
        lambda desk, pupil, v: elsewhere.record(desk, pupil, v["words"]),
        lambda desk, pupil: pupil.class_id is None or desk.work.cases.case(pupil.id).state == "left",
    ),
    Deed(
        "leaving_step", "记休学缓学手续", "suspend",
        always(Field("step", "哪一步", "select", steps.STEPS, True), ON),
        lambda desk, pupil, v: steps.write(desk, pupil, {v["step"]: day_in(v)}),
        lambda desk, pupil: steps.applied(desk.work.cases.facts(pupil.id)) is not None,
    ),
    Deed("no_hukou", "记没有户口", "found", always(), lambda desk, pupil, v: hukou.mark(desk, pupil)),
    Deed(
        "hukou_notice", "户口告知书已送达家长", "refer", always(), lambda desk, pupil, v: hukou.tell_parents(desk, pupil),
        lambda desk, pupil: hukou.marked(desk.work.cases.facts(pupil.id)) is not None,
    ),
    Deed(
        "hukou_police", "户口告知函已送公安", "refer", always(), lambda desk, pupil, v: hukou.tell_police(desk, pupil),
        lambda desk, pupil: hukou.marked(desk.work.cases.facts(pupil.id)) is not None,
    ),
    Deed(
        "explain", "平台核查说明", "platform_flag",
        always(Field("words", "核查经过、结论和佐证", "area", required=True)),
        lambda desk, pupil, v: platform.explain(desk, pupil, v["words"]),
        lambda desk, pupil: platform.flagged(desk, pupil) is not None,
    ),
    Deed(
        "refer", "转介给部门", "refer",
        always(
            Field("department", "转给哪个部门", "select", _REFERRED_TO, True),
            Field("note", "要办什么", "area", required=True, hint="例如：没有户口，请核实登记"),
        ),
        lambda desk, pupil, v: departments.refer(desk, pupil, v["department"], v["note"]),
    ),
    Deed(
        "reply", "代录部门回复", "reply",
        always(
            Field("department", "哪个部门", "select", _DEPARTMENTS, True),
            Field("words", "回复的内容", "area", required=True),
        ),
        lambda desk, pupil, v: replies.replied(desk, pupil, v["department"], v["words"]),
    ),
    Deed(
        "strike", "移出名册（重复、误录）", "strike",
        always(Field("why", "原因", "select", {why: why for why in _NO_CHILD}, True, hint=_STRUCK)),
        lambda desk, pupil, v: striking.strike(desk, pupil, v["why"]),
        lambda desk, pupil: not pupil.struck,
    ),
    Deed(
        "admission", "入学通知书已送达", "work", always(), lambda desk, pupil, v: entering.serve(desk, [pupil]), entering.enters,
    ),
    Deed(
        "undelivered", "入学通知书没送到", "work", always(Field("why", "为什么没送到", "text", required=True)),
        lambda desk, pupil, v: admitting.undelivered(desk, pupil, v["why"]), entering.enters,
    ),
)  # fmt: skip


def offered(desk: Desk, pupil: Pupil) -> list[Deed]:
    """What this person may record about this child."""
    reader = desk.reader_of(pupil)
    return [deed for deed in DEEDS if reader.may(deed.right) and deed.fits(desk, pupil)]
