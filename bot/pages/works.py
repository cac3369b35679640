"""What chat records by short commands about no single child, as forms: a unit's work, closed days, one's own absence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, forms
from bot.pages.deeds import KEPT, ON, Values, always, day_in
from bot.pages.door import Outside, reads, writes
from bot.pages.forms import Field
from bot.pages.monthly import BACK, months_back
from casework.access import ACTIONS, CLASSROOM
from casework.people import COUNTY, Unit
from casework.terms import MEETINGS, WORK, say_month
from handlers import (
    admitting,
    arrivals,
    awaiting,
    commands,
    departments,
    entering,
    guard,
    inspected,
    links,
    nations,
    papers,
    posts_and_days,
    targets,
    teaching_days,
    unitpapers,
    unmet,
    upward,
    worklog,
)
from handlers.answer import not_recorded
from handlers.desk import Desk, Said
from handlers.places import place_name
from handlers.understanding.actions import Action


@dataclass(frozen=True, slots=True)
class Deed:
    """One form and what is done with it; ``fits``: whether it concerns this person at all."""

    title: str
    right: str
    fields: Callable[[Desk], Sequence[Field]]
    do: Callable[[Desk, Values], Said]
    hint: str = ""
    fits: Callable[[Desk], bool] = lambda desk: True

    def __post_init__(self) -> None:
        assert self.right in ACTIONS, self.right


_WHOLE = "county"  # the county's own id is empty, as is a field that nobody filled in


def _unit_in(desk: Desk, values: Values) -> Unit:
    return desk.world.directory.units[COUNTY if values["unit"] == _WHOLE else values["unit"]]


def _closure(desk: Desk, values: Values) -> Said:
    unit = _unit_in(desk, values)
    first, last = day_in(values, "from"), day_in(values, "to")
    if last < first:
        return not_recorded("停课的最后一天早于第一天，没有记录。请改日期再填一次。")
    return posts_and_days.close(desk, unit, first, last, values.get("reason", ""))


def _rhythm(desk: Desk, values: Values) -> Said:
    unit = _unit_in(desk, values)
    if unit.id == COUNTY:
        return not_recorded("大小周按学校登记，没有记录。请选一所学校。")
    return teaching_days.rhythm(desk, unit, day_in(values))


def _own_units(desk: Desk, title: str) -> Field:
    """Of the units that the writer answers for: which one."""
    directory = desk.world.directory
    own = posts_and_days.closable(desk)
    kinds = ("township", "school") if any(u.kind == "county" for u in own) else ("township", "school", "class")
    inside = [directory.units[u] for unit in own for u in directory.below(unit.id) if directory.units[u].kind in kinds]
    units = {u.id or _WHOLE: place_name(directory, u.id) or "全县" for u in dict.fromkeys([*own, *inside])}
    return Field("unit", title, "select", units, True)


_SPAN = (
    Field("from", "从", "date", required=True, default="today"),
    Field("to", "到（含当天）", "date", required=True, default="today"),
)
_FIRST = Field(
    "date", "第一个上课的周末是哪天", "date", required=True, hint="从那天起每两周上一次，法定节假日和假期除外"
)


def _entrants(desk: Desk, values: Values) -> Said:
    school = entering.examined_school(desk)
    assert school is not None, "the form is offered to such a school alone"
    return entering.entrants(desk, school, values["registered"], values["entered"])


def _asked_for(desk: Desk, values: Values) -> Said:
    school = arrivals.own_school(desk)
    assert school is not None, "the form is offered to a school alone"
    return arrivals.ask_for(desk, school, values["name"])


def _letters_of(desk: Desk) -> Sequence[Field]:
    """Of which unit, and what the letters say of registration."""
    return (
        _own_units(desk, "哪个单位的新生"), Field("report_date", "报到日期", "date"), Field("report_place", "报到地点", "text"),
        Field("papers", "带什么材料", "text", hint="例如：户口簿、预防接种证"), Field("apply_until", "缓学申请截止日期", "date"),
    )  # fmt: skip


def _letters(desk: Desk, values: Values) -> Said:
    return admitting.order(desk, _unit_in(desk, values), (), admitting.on_paper(values))


_BY_COLUMN = "一栏一行，先写栏名，例如：存在的问题：两名学生还没有劝返"
_FINAL = {"final": "定稿", "anew": "另起一份（这份已经定稿）", "back": "撤销定稿"}
_STEPS = {"final": unitpapers.finish, "anew": unitpapers.begin_anew, "back": unitpapers.take_back}
_DEPARTMENT = Field("department", "哪个部门", "select", {who: who for who in departments.RULES_OF}, True)
_UNIT_WORK = {
    code: word for code, word in WORK.items() if code not in ("exam", "target")
}  # these have forms of their own
DEEDS: Mapping[str, Deed] = {
    "work": Deed(
        "记会议、宣传、培训等工作", "work",
        always(
            Field("what", "种类", "select", _UNIT_WORK, True), Field("kind", "会议种类（记会议才选）", "select", MEETINGS),
            Field("note", "做了什么（责任书写谁签了）", "area", required=True),
            Field("people", "参加人数", "number", most=9999), ON,
        ),
        lambda desk, v: worklog.of_unit(desk, v["what"], v["note"], day_in(v), v.get("people"), v.get("kind", "")),
    ),
    "nation": Deed(
        "登记全班民族", "work", always(Field("nation", "还没登记的学生都是", "select", {n: n for n in nations.NATIONS}, True, "汉族")),
        lambda desk, v: nations.of_class(desk, v["nation"]), "已经登记过的学生不改；个别学生请到学生页面登记。",
        lambda desk: any(post.role in CLASSROOM for post in desk.posts),
    ),
    "exam": Deed(
        "记中考报考人数", "work",
        always(Field("registered", "建籍人数", "number", required=True, most=99_999), Field("entered", "报考人数", "number", required=True, most=99_999)),
        _entrants, fits=lambda desk: entering.examined_school(desk) is not None,
    ),
    "letters": Deed(
        "打印入学通知书（批量）", "admit", _letters_of, _letters,
        "没有送达的一年级、七年级新生每人一页，带回执和编号，作为 Word 文件发到您的聊天里。没有填的留空，由人填写。",
        lambda desk: bool(posts_and_days.closable(desk)),
    ),
    "unit_words": Deed(
        "补填单位材料", "work",
        lambda desk: (_unit_paper(desk), _of_month(desk), Field("words", "写什么", "area", required=True, hint=_BY_COLUMN)),
        lambda desk, v: unitpapers.fill(desk, v["paper"], v["words"], v.get("month")), fits=lambda desk: bool(unit_papers(desk)),
    ),
    "unit_final": Deed(
        "单位材料定稿", "work",
        lambda desk: (_unit_paper(desk), _of_month(desk), Field("step", "做什么", "select", _FINAL, True, "final", hint=KEPT)),
        lambda desk, v: _STEPS[v["step"]](desk, v["paper"], v.get("month")), fits=lambda desk: bool(unit_papers(desk)),
    ),
    "closure": Deed(
        "登记停课", "closure", lambda desk: (_own_units(desk, "停课的单位"), *_SPAN, Field("reason", "原因", "text")), _closure,
        "停课的日子不算缺勤，也不点名，按上学日算的期限顺延。",
    ),
    "teaching": Deed(
        "登记补课", "closure", lambda desk: (_own_units(desk, "补课的单位"), *_SPAN),
        lambda desk, v: teaching_days.teach(desk, _unit_in(desk, v), day_in(v, "from"), day_in(v, "to")),
        "补课的日子照常点名，缺勤照常计算。",
    ),
    "rhythm": Deed(
        "登记大小周", "closure", lambda desk: (_own_units(desk, "实行大小周的单位"), _FIRST),
        _rhythm,
    ),
    "rhythm_end": Deed(
        "取消大小周", "closure", lambda desk: (_own_units(desk, "哪个单位"),),
        lambda desk, v: teaching_days.end(desk, _unit_in(desk, v)), "从今天起不再实行大小周。",
    ),
    "deputy": Deed(
        "请假，把工作转给同事", "deputy",
        always(Field("to", "转给谁（姓名）", "text", required=True), Field("date", "请假到哪天（含当天）", "date", required=True)),
        lambda desk, v: posts_and_days.lend(desk, v["to"], day_in(v)), "到期自动转回给您。",
    ),
    "back": Deed(
        "我回来了，收回工作", "deputy", always(), lambda desk, v: posts_and_days.returned(desk), "转给同事的待办和提醒从现在起转回给您。"
    ),
    "asked": Deed(
        "外校学生已到我校，请原校转来", "work", always(Field("name", "学生姓名", "text", required=True)), _asked_for,
        "县内学校会收到核对的请求；原校登记转出后，请您在“待接收”里确认。", lambda desk: arrivals.own_school(desk) is not None,
    ),
    "department_link": Deed(
        "给部门发链接", "department_link",
        lambda desk: (_DEPARTMENT, Field("date", "有效到哪天（含当天）", "date", required=True)),
        lambda desk, v: links.give(desk, v["department"], day_in(v)),
        "没有用这个程序的部门，凭链接只看到交它办理的事项，可以直接填答复。以前发给它的链接同时作废。",
    ),
    "department_link_end": Deed(
        "收回部门链接", "department_link", always(_DEPARTMENT), lambda desk, v: links.revoke(desk, v["department"]),
    ),
    "chase": Deed(
        "催交月报", "chase", always(), lambda desk, v: commands.chase(desk), "给您负责范围里还没交本月月报的学校各发一条提醒，一天最多一条。"
    ),
    "upward": Deed(
        "向乡镇报告本校情况", "work", always(Field("more", "提请乡镇做什么", "text")), lambda desk, v: upward.of_own(desk, str(v.get("more") or "")), "人数、缺勤和辍学的学生发给本校所在乡镇的干部。",
        lambda desk: arrivals.own_school(desk) is not None,
    ),
    "limit": Deed(
        "限期完成控辍目标", "unit_paper", lambda desk: (forms.units_of(desk, "哪个班", "class"), Field("date", "限到哪天（含当天）", "date", required=True)),
        lambda desk, v: targets.limit(desk, _unit_in(desk, v), day_in(v)), "班主任会收到。", lambda desk: arrivals.own_school(desk) is not None,
    ),
    "circulate": Deed("通报督查情况", "chase", always(), lambda desk, v: inspected.circulate(desk), "督查过的学校各收到自己的情况，一天一次。"),
    "receive": Deed(
        "签收年度台账", "place_at", lambda desk: (forms.units_of(desk, "哪所学校", "school"),), lambda desk, v: unmet.receive(desk, _unit_in(desk, v)),
    ),
    "chase_receivers": Deed(
        "催接收学校确认", "work", always(), lambda desk, v: awaiting.chase_receivers(desk), "给还没确认的接收学校各发一条提醒，一天最多一条。",
        lambda desk: desk.reader.opens("arrivals"),
    ),
}  # fmt: skip


def unit_papers(desk: Desk) -> dict[str, str]:
    """The papers of a unit itself that this person may write."""
    return {paper: papers.TITLES[paper] for paper in unitpapers.PAPERS if unitpapers.post_of(desk, paper)}


def _unit_paper(desk: Desk) -> Field:
    return Field("paper", "哪份材料", "select", unit_papers(desk), True)


def _of_month(desk: Desk) -> Field:
    months = {month: say_month(month) for month in months_back(f"{desk.today:%Y-%m}", BACK)}
    return Field("month", "哪个月的", "select", months, hint="通报单、会议记录才选；不选就是本月、最近一次")


def add(routes: Blueprint) -> None:
    """``/m/work/<name>``."""
    routes.add_url_rule("/work/<name>", "work", show)
    routes.add_url_rule("/work/<name>", "do_work", done, methods=["POST"])
    routes.add_url_rule("/undo", "undo_last", undo, methods=["POST"])


def offered(desk: Desk) -> dict[str, Deed]:
    """What this person may record."""
    return {name: deed for name, deed in DEEDS.items() if desk.reader.may(deed.right) and deed.fits(desk)}


def _deed(desk: Desk, name: str) -> Deed:
    if name not in (mine := offered(desk)):
        raise Outside(f"work:{name}")
    return mine[name]


@reads("lists")
def show(desk: Desk, name: str) -> ResponseReturnValue:
    """The form."""
    deed = _deed(desk, name)
    return _page(desk, name, deed, forms.defaults(deed.fields(desk), desk.today), {})


def _page(
    desk: Desk, name: str, deed: Deed, given: Mapping[str, str], faults: Mapping[str, str], refused: str = ""
) -> str:
    return render_template(
        "m/form.html", title=deed.title, hint=deed.hint, button=deed.title, fields=deed.fields(desk), given=given,
        faults=faults, refused=refused, action=url_for("pages.do_work", name=name), back=url_for("pages.lists"),
    )  # fmt: skip


@writes("lists")
def done(desk: Desk, name: str) -> ResponseReturnValue:
    """Take the form in once; its free words are watched like a message's."""
    deed = _deed(desk, name)
    fields = deed.fields(desk)
    slots, faults = forms.slots_of(fields, request.form)
    if faults:
        return _page(desk, name, deed, request.form, faults), 422

    def do() -> Said:
        return guard.with_alarm(desk, forms.free_words(fields, slots), deed.do(desk, slots))

    return acting.take_in(
        desk, forms.told("", deed.title, fields, slots), do, _links(), url_for("pages.undo_last"),
        lambda words: _page(desk, name, deed, request.form, {}, words),
    )  # fmt: skip


def _links() -> list[tuple[str, str]]:
    return [("名单和记录", url_for("pages.lists")), ("我的待办", url_for("pages.todo"))]


@writes("lists")
def undo(desk: Desk) -> ResponseReturnValue:
    """Take back one's own last message, as 撤销 does in chat."""
    return acting.act(desk, [Action("undo")], "撤销", _links())
