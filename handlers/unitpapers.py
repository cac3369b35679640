"""Papers of a unit itself, written and finished: 自查报告 存在的问题：…, 定稿 会议记录, 另起 自查报告, 撤销定稿 自查报告.

As with a child's forms (``formwords``) a person's words fill what the records do not know, and a finished paper is kept as it
is. Each belongs to what it is about: a meeting, a month, a term, a school year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from casework.access import ACTIONS, ISSUERS, STAFF
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.finals import final_of_unit
from casework.people import Post
from casework.terms import say_day
from casework.timeline import standing
from handlers import papers, recording, wording
from handlers.answer import not_recorded
from handlers.command import Answer, Command, command, one_of
from handlers.desk import Desk, Said
from handlers.formwords import FILL, by_column, too_long
from handlers.hand import Hand
from handlers.places import place_name

CLAUSES = {"LC-3": ("produce",), "LC-5": ("produce",), "TA-32": ("produce",), "FJ-6": ("produce",)}
MINUTES = "minutes"
OF_TERM, OF_YEAR = ("pledge", "self_report"), ("school_plan", "open_letter", "publicity")
OF_MONTH, OF_DAY = ("circular",), ("dropout_roll",)
PAPERS = (MINUTES, *OF_TERM, *OF_YEAR, *OF_MONTH, *OF_DAY)
"""The Word papers of a unit, by what one of them is about."""
EXAMPLE = "自查报告 存在的问题：两名学生还没有劝返"
_NO_MEETING = "还没有会议记录。请先记会议，例如：记班主任会议：3月5日通报出勤，12人参加。"


def post_of(desk: Desk, paper: str) -> Post | None:
    """The widest post in which the writer may write that paper; minutes are written by whoever holds meetings."""
    roles = STAFF if paper == MINUTES else ACTIONS["unit_paper"].roles
    return next((p for p in reversed(desk.posts) if p.role in roles and ISSUERS[p.role] in desk.issuers(paper)), None)


def unit_of(desk: Desk, post: Post) -> str:
    """The unit in whose name the paper is made: a teacher's is the school."""
    found = desk.world.directory.at_level(post.unit, "school") if ISSUERS[post.role] == "school" else None
    return found or post.unit


def about_of(desk: Desk, paper: str, unit: str, month: str | None = None) -> str:
    """What the paper is about, as an id: the meeting, the month, the day its term or school year began; '' for minutes without
    a meeting."""
    if paper == MINUTES:
        held = last_meeting(desk, month)
        return held.id if held else ""
    if paper in OF_MONTH:
        return month or f"{desk.today:%Y-%m}"
    if paper in OF_DAY:
        return desk.today.isoformat()
    term = desk.world.days_of(unit or None).term(desk.today) if paper in OF_TERM else None
    return (term.start if term else school_year_of(desk.today)[0]).isoformat()


def last_meeting(desk: Desk, month: str | None = None) -> Fact | None:
    """The last meeting that was recorded of the writer's own units (in that month)."""
    first = school_year_of(desk.today)[0]
    facts = [f for unit in dict.fromkeys(p.unit for p in desk.posts) for f in facts_of(desk, unit, first)]
    held = [f for f in facts if f.data.get("what") == "meeting" and (not month or f"{f.on:%Y-%m}" == month)]
    return max(held, key=lambda f: (f.on, f.at), default=None)


def facts_of(desk: Desk, unit: str, since: dt.date | None = None) -> list[Fact]:
    """The standing work of a unit itself."""
    return standing(desk.work.cases.unit_facts(unit, (Kind.WORK.value, Kind.VOID.value), since))


def words_of(facts: list[Fact], paper: str, about: str) -> dict[str, str]:
    """What persons wrote for that paper, by slot; the last words of a column stand."""
    mine = [
        f
        for f in facts
        if f.data.get("what") == "form" and (f.data.get("paper"), f.data.get("about")) == (paper, about)
    ]
    return {str(f.data["slot"]): str(f.data["note"]).partition("：")[2] for f in mine}


def _open(desk: Desk, paper: str, month: str | None) -> tuple[Hand, str, str, Fact | None] | Said:
    """The hand that writes, the unit, what the paper is about and its 定稿 if there is one; else why nothing can be written."""
    post, title = post_of(desk, paper), papers.TITLES[paper]
    if post is None:
        return Said(f"《{title}》不由您的单位出具，或者由学校负责人、乡镇、县教育局填写。需要的话请联系他们。")
    unit = unit_of(desk, post)
    about = about_of(desk, paper, unit, month)
    if not about:
        return not_recorded(_NO_MEETING)
    hand = Hand(desk.writer.id, post.role, desk.now, desk.days, desk.new_id, desk.source, desk.unattended)
    return hand, unit, about, final_of_unit(facts_of(desk, unit), paper, about)


def write(desk: Desk, paper: str, words: Mapping[str, str], month: str | None = None) -> Said:
    """Keep these words, by the columns' names, for that paper of the writer's unit."""
    known, title, opened = desk.columns(paper), papers.TITLES[paper], _open(desk, paper, month)
    if isinstance(opened, Said):
        return opened
    hand, unit, about, done = opened
    if unknown := [name for name in words if name not in known]:
        labels = dict.fromkeys({slot: name for name, slot in reversed(list(known.items()))}.values())
        return not_recorded(
            f"《{title}》里没有“{unknown[0]}”这一栏，没有写入。可以补填：{'、'.join(reversed(list(labels)))}。"
        )
    if done:
        return not_recorded(
            f"{_done(desk, done)}，没有写入。要改请先发：撤销定稿 {title}；要另写一份请发：另起 {title}。"
        )
    if refused := too_long(words):
        return refused
    desk.work.cases.append(
        [
            hand.fact(
                Kind.WORK, desk.today, None, unit, what="form", paper=paper, about=about, slot=known[name],
                note=f"{name}：{said.strip()}",
            )
            for name, said in words.items()
        ]
    )  # fmt: skip
    columns = "、".join(f"“{name}”" for name in words)
    return Said(
        f"已写入{_whose(desk, unit)}的《{title}》{columns}一栏；记录里已有的数字和日期不改。填齐后请发：定稿 {title}。{wording.UNDO_HINT}"
    )


def fill(desk: Desk, paper: str, text: str, month: str | None = None) -> Said:
    """The same from one text, column by column."""
    words = by_column(desk.columns(paper), text)
    if not words:
        return not_recorded("没有看到栏名，没有写入。请先写栏名再写内容，例如：存在的问题：两名学生还没有劝返。")
    return write(desk, paper, words, month)


def finish(desk: Desk, paper: str, month: str | None = None) -> Said:
    """Ask for the paper to be finished: done once it is made without a blank; what is missing is said instead."""
    opened, title = _open(desk, paper, month), papers.TITLES[paper]
    if isinstance(opened, Said):
        return opened
    if opened[3]:
        return Said(f"{_done(desk, opened[3])}，不用再定。要打印请发：打印{title}。")
    return Said(
        f"正在核对{_whose(desk, opened[1])}的《{title}》：填齐了就定稿发给您，还缺什么会告诉您。",
        (_wanted(desk, paper, opened[1], month) | {"final": desk.source},),
    )


def begin_anew(desk: Desk, paper: str, month: str | None = None) -> Said:
    """Another draft of a paper that is finished; the first one is kept, and no longer in force."""
    opened, title = _open(desk, paper, month), papers.TITLES[paper]
    if isinstance(opened, Said):
        return opened
    hand, unit, about, done = opened
    if done is None:
        return Said(f"《{title}》还没有定稿，不用另起。要草稿请发：打印{title}。")
    desk.work.cases.append(
        [hand.fact(Kind.WORK, desk.today, None, unit, what="anew", paper=paper, about=about, note=title)]
    )
    return Said(
        f"已另起一份《{title}》，草稿稍后作为文件发给您，原来定稿的一份仍然保存。改好请发：定稿 {title}。{wording.UNDO_HINT}",
        (_wanted(desk, paper, unit, month),),
    )


def take_back(desk: Desk, paper: str, month: str | None = None) -> Said:
    """The finished paper is a draft again; its number stays."""
    opened, title = _open(desk, paper, month), papers.TITLES[paper]
    if isinstance(opened, Said):
        return opened
    hand, unit, _, done = opened
    if done is None:
        return Said(f"{_whose(desk, unit)}的《{title}》没有定稿，不用撤销。")
    desk.work.cases.append(list(recording.undo(hand, [done]).facts))
    return Said(f"已撤销定稿：{done.data['said']}。定稿的文件保留备查。改好请再发：定稿 {title}。")


def _wanted(desk: Desk, paper: str, unit: str, month: str | None) -> dict[str, str]:
    desk.work.audit.note(desk.writer.id, "export", f"unit:{unit}", "chat", {"paper": paper})
    return {"what": paper} | ({"month": month} if month else {})


def _done(desk: Desk, done: Fact) -> str:
    return f"{_whose(desk, done.unit or '')}的{done.data['said']}{say_day(done.on, desk.today)}已经定稿"


def _whose(desk: Desk, unit: str) -> str:
    return place_name(desk.world.directory, unit) or "县教育局"


def _written(desk: Desk, found: re.Match[str]) -> Said | None:
    paper = _BY_WORD[found["paper"]]
    known = desk.columns(paper)
    words = by_column(known, found["rest"])
    # 会议记录 3月5日班子会：… is a meeting, not a column of its paper.
    if not found["more"] and not words.keys() & known.keys():
        return None
    return write(desk, paper, words, papers.month_in(found, desk.today))


def _step(do: Callable[[Desk, str, str | None], Said]) -> Answer:
    return lambda desk, found: do(desk, _BY_WORD[found["paper"]], papers.month_in(found, desk.today))


_BY_WORD = {word: name for name in PAPERS for word in papers.OF_UNIT[name]}
_PAPER = rf"(?:我校的?|本校的?|全县的?)?{papers.MONTH}?的?《?(?P<paper>{one_of(_BY_WORD)})》?"
COMMANDS: tuple[Command, ...] = (
    command(
        EXAMPLE,
        STAFF,
        _written,
        rf"(?s)(?P<more>补填\s*)?{_PAPER}\s*的?(?P<rest>[\u4e00-\u9fff\d、（）]{{2,14}}?{FILL}.+)",
    ),
    command(
        "定稿 会议记录",
        STAFF,
        _step(finish),
        rf"(?:请|帮我)*定稿[:：\s]*{_PAPER}",
        rf"(?:请|帮我|把|将)*{_PAPER}\s*(?:可以|已经?)?定稿(?:了|吧|一下)?",
    ),
    command(
        "另起 自查报告",
        STAFF,
        _step(begin_anew),
        rf"(?:请|帮我)*(?:另起|另写|另出|重新起草)(?:一[份张])?[:：\s]*{_PAPER}",
    ),
    command(
        "撤销定稿 自查报告",
        STAFF,
        _step(take_back),
        rf"(?:请|帮我)*(?:撤销|撤回|取消)定稿[:：\s]*{_PAPER}",
        rf"(?:请|帮我)*(?:撤销|撤回|取消)[:：\s]*{_PAPER}的?定稿",
    ),
)
