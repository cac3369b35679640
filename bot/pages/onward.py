"""What follows from a list on its page: a form about each child in it, forms about no child, other lists, papers to be made.

Chat says the same as words to type (``handlers.listed.Listing.then``); whoever has a page before them taps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from bot.pages import deeds, works
from bot.pages.door import storage_of
from bot.pages.forms import FORMS, NEWCOMERS
from bot.papers.paperwork import can_have
from casework.people import Pupil
from handlers import papers
from handlers.desk import Desk
from handlers.registry import REGISTRY

_ON_PAGE = {deed.action: deed for deed in deeds.DEEDS}


@dataclass(frozen=True, slots=True)
class Onward:
    """``tip`` is said under the list. ``deed``: the form about each child in it, with what stands in it already
    (``given``); ``start``: the form by which a child comes onto it, named where the list is empty; ``works``, ``lists``,
    ``sheets``: names in ``works.DEEDS``, ``lists.LISTS``, ``papers.OF_UNIT``; ``pages``: titles and endpoints."""

    tip: str = ""
    deed: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    start: str = ""
    works: Sequence[str] = ()
    lists: Sequence[str] = ()
    sheets: Sequence[str] = ()
    pages: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert {self.deed, self.start} <= {"", *FORMS, *NEWCOMERS, *_ON_PAGE}, (self.deed, self.start)
        assert set(self.works) <= set(works.DEEDS), self.works
        assert set(self.sheets) <= set(papers.OF_UNIT), self.sheets

    @property
    def title(self) -> str:
        """What the form about each child is called."""
        return _title(self.deed) if self.deed else ""

    def form(self, desk: Desk, pupil: Pupil) -> str | None:
        """The address of the form about this child; None where the reader may not fill it in."""
        if not self.deed or not desk.reader_of(pupil).may(_right(self.deed)):
            return None
        return url_for("pages.form", pupil_id=pupil.id, name=self.deed, **self.given)

    def beginning(self, desk: Desk) -> tuple[str, str, str] | None:
        """How a child comes onto the list, and the word and address of where that begins; None where nothing is to be said of it."""
        if not self.start or not desk.reader.may(_right(self.start)):
            return None
        title = _title(self.start)
        if self.start in NEWCOMERS:
            return f"要{title}，请点下面的按钮。", title, url_for("pages.newcomer", name=self.start)
        return f"要{title}，请先找到学生，在学生页面点“{title}”。", "找学生", url_for("pages.pending", which="all")

    def links(self, desk: Desk, lists: Mapping[str, str]) -> list[tuple[str, str]]:
        """What the reader can go on to: titles and addresses. ``lists``: the titles of the reader's lists by name."""
        mine = works.offered(desk)
        return [
            *((mine[name].title, url_for("pages.work", name=name)) for name in self.works if name in mine),
            *((lists[name], url_for("pages.list", name=name)) for name in self.lists if name in lists),
            *((title, url_for(f"pages.{page}")) for title, page in self.pages.items() if desk.reader.opens(page)),
        ]

    def papers(self, desk: Desk) -> list[tuple[str, str]]:
        """The papers that the reader may have made: names and titles."""
        return [(what, papers.TITLES[what]) for what in self.sheets if can_have(storage_of(desk), desk, what)]


def _title(form: str) -> str:
    return _ON_PAGE[form].title if form in _ON_PAGE else REGISTRY[form].title


def _right(form: str) -> str:
    return _ON_PAGE[form].right if form in _ON_PAGE else form


_TO_RECORD = "在这次记录下面点“加照片”；签好字的，照片加好后再点“这是签字表”。"
_PENDING = {"待劝返名单": "pending"}
ONWARD: Mapping[str, Onward] = {
    "risks": Onward("请联系家长、问清原因；有辍学苗头的，在学生页面标注重点群体。", "contact"),
    "silent": Onward("点班级去点名，全到齐也请确认一次；不是自己班的，请督促班主任今天点名。"),
    "unknown": Onward("问到去向记联系或家访；已在外地就读的，在学生页面登记转出；户籍不在本地的寄核查函。", "contact"),
    "apart": Onward("学籍系统整份核对由县教育局在“比对”里做。", "contact", sheets=("changes",)),
    "waiting": Onward("到校了请在“待接收”里接收。", works=("chase_receivers",)),
    "letters": Onward("收到回复，点旁边的按钮记下来。", "letter_reply", start="letter"),
    "departments": Onward("收到答复，点旁边的按钮记下来；没有用这个程序的部门，可以给它发链接。", "reply", works=("department_link",), start="refer"),
    "platform": Onward("写明核查经过和结论才算办结：在学生页面点“平台核查说明”。家访照片、返校证明在说明下面点“加照片”。", start="platform_flag"),
    "alarms": Onward("请当面了解情况，保证学生在校学习；愿意返校的今天就安排。原话当时已经发给您。"),
    "doubts": Onward("核实有误的，请让登记人在学生页面那一条下面点“改这一条”；过了一周的，请再记正确的内容。"),
    "visited": Onward("", "visit"),
    "visits": Onward(f"请打印家访记录表请家长签字，拍照，{_TO_RECORD}"),
    "unsigned": Onward(f"签字盖章后拍照，{_TO_RECORD}"),
    "accountable": Onward("这里只列事实，是否追究由人认定。"),
    "drawn": Onward("请向家访人核对《家访记录表》、家长签字和照片。每次打开重新抽。"),
    "holidays": Onward("假期家访照常记家访，自动计入。"),
    "movements": Onward("名单在“学生异动登记册”里，各校上报的数在“月报汇总表”里。"),
    "reasons": Onward("", pages=_PENDING),
    "campaign": Onward("", lists=("helper",), pages=_PENDING),
    "mine": Onward("联系、家访在学生页面记；谈心、辅导点旁边的按钮。", "help", start="assign"),
    "focus": Onward("", lists=("ninth",), sheets=("at_risk",), start="mark"),
    "struggling": Onward("", "help", {"what": "tutoring"}, start="mark"),
    "returned": Onward("", "help", {"what": "pairing"}, sheets=("relapses",)),
    "relapses": Onward("请重新研判原因，安排结对帮扶、心理辅导。", "help", {"what": "pairing"}, sheets=("relapses",)),
    "ninth": Onward("九年级全体都列入重点关注。", sheets=("at_risk",)),
    "helper": Onward("", "assign", sheets=("helpers",)),
    "aid": Onward("", "help", {"what": "aid"}, sheets=("aid_list",)),
    "placements": Onward("缺什么，在学生页面点“登记安置”“代录部门回复”“记一人一案”补上。", sheets=("home_taught",), start="mark"),
    "teaching": Onward("每周还要送多少，看学生页面。", "teach"),
    "lessons": Onward(f"请拍当次的照片和家长签字的手册页，{_TO_RECORD}"),
    "hukou": Onward("告知办好了，在学生页面记“户口告知书已送达家长”“户口告知函已送公安”。", start="no_hukou"),
    "exempt": Onward("审批表、诊断证明请拍照，在那次休学、缓学下面点“加照片”。", "reply", {"department": "专家组"}),
    "resting": Onward("复学了，记返校；没有写到哪天的，在学生页面再登记一次。", "return"),
    "steps": Onward("办了一步记一步。", "leaving_step", start="suspend"),
    "elsewhere": Onward("补记在学生页面点“记在外就学”。", sheets=("schooling_elsewhere",), start="elsewhere"),
    "found": Onward("就读学校由县教育局安排。", "place_at", start="found"),
    "unserved": Onward("没送到的，在学生页面点“入学通知书没送到”，写明原因。", "admission", works=("letters",)),
    "unregistered": Onward("上门了记家访，到校了在学生页面记返校。", "visit", start="not_registered"),
    "handover": Onward("已有去向的登记转出，由初中接收；不知去向的请家访。七年级编班请管理员导入名单。", "transfer_out", start="not_handed_over"),
    "exam": Onward("", works=("exam",)),
    "week": Onward("", sheets=("weekly_changes",)),
    "month": Onward("", sheets=("circular",), pages=_PENDING),
    "quarter": Onward("点学校看它的学生。", lists=("sample",), sheets=("quarterly_review",)),
    "sample": Onward("每校5%的整张名单在季度复核表里。", sheets=("quarterly_review",)),
    "schools": Onward("只列数字，不排名次，评价由人作出。点学校看它的学生。", lists=("exam",), sheets=("assessment",)),
    "work": Onward("", works=("work",), sheets=("work_log", "minutes")),
    "meetings": Onward("会开完了，点“记会议、宣传、培训等工作”。", works=("work",), sheets=("minutes", "attendance_month", "changes")),
    "pledges": Onward("签好了，种类选“目标责任书签订”，写谁签了。", works=("work",), sheets=("pledge",)),
    "classes": Onward("没达到的要限期整改。", works=("limit",), sheets=("assessment",)),
    "inspected": Onward("督查后记下来，种类选“督查”，写学校和结果。点学校看它的学生。", works=("work",)),
    "unmet": Onward("到期没办的已按时限逐级提醒。点学校看它的学生。", lists=("plan",)),
    "arranged": Onward("要登记或改动，种类选“领导小组”“包保分工”“七长责任”“部门联系人”。", works=("work",), sheets=("work_log",)),
    "plan": Onward("到期前会提醒。要改日期，请管理员改本县的规则文件。"),
    "activities": Onward("", works=("work",), sheets=("open_letter",)),
    "links": Onward("", works=("department_link", "department_link_end")),
}  # fmt: skip
"""Each list of ``lists.LISTS``."""
