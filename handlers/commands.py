"""Short commands that refer to the talk itself, to a list just shown, or to posts and days: understood by their form.

They stand before the grammar of ``understanding``, which knows nothing of what was shown or recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.access import ACTIONS, STAFF
from casework.terms import say_month
from handlers import (
    accountable,
    admitting,
    arranged,
    arrivals,
    awaiting,
    calling,
    checks,
    departments,
    elsewhere,
    entering,
    exempt,
    faring,
    filing,
    finished,
    formwords,
    foundlist,
    glance,
    handover,
    hukou,
    inspected,
    judging,
    letters,
    links,
    lookup,
    meetings,
    mismatch,
    movements,
    nations,
    numbered,
    outing,
    overlong,
    placing,
    platform,
    pledges,
    posts_and_days,
    reaching,
    replies,
    resting,
    roundup,
    sampling,
    schedule,
    steps,
    striking,
    targets,
    teaching,
    teaching_days,
    topics,
    undoing,
    unitpapers,
    unmet,
    upward,
    urging,
    visiting,
    watched,
    wording,
    worklog,
    yearplan,
)
from handlers.command import WHEN, Command, any_of, command
from handlers.desk import Desk, Said
from handlers.places import schools_in
from handlers.reporting import submitted
from handlers.telling import Notice
from handlers.understanding.actions import Action, Mention
from handlers.understanding.numerals import NUMBER, number
from handlers.understanding.text import simplified_forms


def run(desk: Desk, text: str) -> Said | None:
    """What a command answers; None when the text is none."""
    return next((said for row, found in _found(text) if (said := row.answer(desk, found)) is not None), None)


def _found(text: str) -> Iterator[tuple[Command, re.Match[str]]]:
    """The commands that the words are, as typed or else with their traditional characters made simple."""
    words = text.strip().rstrip("。.!！~～ ")
    for said in dict.fromkeys((words, words.translate(simplified_forms()))):
        if _ANY.fullmatch(said):
            yield from ((row, found) for row in COMMANDS if (found := row.found(said)))


def _undo_about(desk: Desk, found: re.Match[str]) -> Said | None:
    """撤销 张三: the writer's last standing record of the past week about that pupil."""
    hits = desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"], [])
    ids = {entry.id for entry in hits}
    if not ids:
        return None
    return Said(undoing.about(desk, found["name"], ids))


def _ahead(desk: Desk, found: re.Match[str]) -> Said | None:
    """张三 接下来会发什么: what will be sent, to whom and when."""
    hits = desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"], [])
    if not hits:
        return Said(wording.unknown_pupil([found["name"]]))
    students = tuple(Mention(entry.name, (entry.id,)) for entry in hits)
    return lookup.case(desk, Action("case", students, {"ahead": True}))


def _chase(desk: Desk, found: re.Match[str]) -> Said | None:
    """催: one word reminds every school of one's reach that has not sent this month's report."""
    return chase(desk) if desk.reader.may("chase") else None


def chase(desk: Desk) -> Said:
    """Each silent school hears of it once a day."""
    month = f"{desk.today:%Y-%m}"
    late = [s for s in schools_in(desk.world.directory, desk.scope) if not submitted(desk, s, month)]
    told = []
    for school in late:
        for person in desk.world.directory.in_charge("school", school.id, desk.today):
            key = f"chase:{school.id}:{month}:{desk.today}:{person}"
            text = f"{desk.writer.name}提醒：{school.name}还没有提交{say_month(month)}月报。核对后请回“提交本月月报”；没有疑似和辍学学生请回“零报告”。"
            if desk.work.outbox.queue(Notice(key, person, text, desk.now, rules=("monthly_report",))):
                told.append(school.name)
    if not late:
        return Said(f"{say_month(month)}月报已全部交齐，不用催了。")
    names = "、".join(dict.fromkeys(told))
    return Said(f"已催报{len(set(told))}所：{names}。" if told else f"还有{len(late)}所没交，今天都已经催过了。")


def _help_on(desk: Desk, found: re.Match[str]) -> Said:
    """帮助 转学休学: one topic, or another sheet of it."""
    return topics.page(desk, found["topic"] or "", int(number(found["n"] or "1") or 1), COMMANDS)


# Looked at first: most messages have neither, and need not be tried with each length of a unit's name.
_CLOSED = r"(?=[^课假]*+[课假])(?P<unit>[\u4e00-\u9fff0-9]{0,16}?)"
_SPAN = rf"(?P<first>{WHEN})(?:(?:到|至|-|—|~)(?P<last>{WHEN}))?"
_SEASON = "农忙|三夏|三秋|春耕|夏收|秋收|双抢|收割|采茶|虫草"
_CAUSE = (
    r"(?P<cause>(?:因为?|由于)[\u4e00-\u9fff]{1,8}?|[下大暴]*[雪雨]|冰冻|台风|高温|停电|停水|洪水|疫情|流感|手足口病?|水痘"
    rf"|放?(?:{_SEASON}))?"
)
_NO_SCHOOL = r"(?:(?:假期?)?(?:全校|全镇|全县)?(?:停课|放假|不上课)(?:一天)?|(?<=[忙夏秋耕收抢割茶草])假期?)"
COMMANDS: tuple[Command, ...] = (
    *arrivals.COMMANDS,
    *awaiting.COMMANDS,
    *calling.COMMANDS,
    *striking.COMMANDS,
    *teaching_days.COMMANDS,
    *replies.COMMANDS,
    *arranged.COMMANDS,
    *inspected.COMMANDS,
    *unmet.COMMANDS,
    *targets.COMMANDS,
    *upward.COMMANDS,
    *mismatch.COMMANDS,
    *movements.COMMANDS,
    *worklog.COMMANDS,
    *roundup.COMMANDS,
    *sampling.COMMANDS,
    *meetings.COMMANDS,
    *pledges.COMMANDS,
    *letters.COMMANDS,
    *departments.COMMANDS,
    *accountable.COMMANDS,
    *links.COMMANDS,
    *elsewhere.COMMANDS,
    *exempt.COMMANDS,
    *resting.COMMANDS,
    *steps.COMMANDS,
    *placing.COMMANDS,
    *platform.COMMANDS,
    *teaching.COMMANDS,
    *judging.COMMANDS,
    *watched.COMMANDS,
    *yearplan.COMMANDS,
    *checks.COMMANDS,
    *visiting.COMMANDS,
    *filing.COMMANDS,
    *formwords.COMMANDS,
    *nations.COMMANDS,
    *unitpapers.COMMANDS,
    *admitting.COMMANDS,
    *entering.COMMANDS,
    *handover.COMMANDS,
    *foundlist.COMMANDS,
    *schedule.COMMANDS,
    *hukou.COMMANDS,
    *outing.COMMANDS,
    *numbered.COMMANDS,
    *reaching.COMMANDS,
    *finished.COMMANDS,
    *glance.COMMANDS,
    *urging.COMMANDS,
    *faring.COMMANDS,
    *overlong.COMMANDS,
    command(
        "帮助 缺勤请假",
        STAFF,
        _help_on,
        rf"(?:更多)?帮助[:：\s]*(?P<topic>{'|'.join([*(topic.name for topic in topics.TOPICS), topics.OTHER])})?(?:\s*第?(?P<n>{NUMBER})页)?",
        asks=True,
    ),
    command(
        "撤销 张三", STAFF, _undo_about, r"(?:撤销|撤回|删掉)\s*(?P<name>[\u4e00-\u9fff·•]{2,15}?)(?:的|那条|的记录)?"
    ),
    command(
        "张三 接下来会发什么",
        STAFF,
        _ahead,
        r"(?:查\s*)?(?P<name>[\u4e00-\u9fff·•]{2,15}?)\s*的?接下来(?:会|要)?(?:发|提醒)(?:些)?(?:什么|啥)(?:消息|提醒)?[?？]?",
        r"(?:那|之后|再)?接下来(?:会|要)?(?:发|提醒)(?:些)?(?:什么|啥)(?:消息|提醒)?[:：,，\s]*(?P<name>[\u4e00-\u9fff·•]{2,15}?)[?？]?",
        asks=True,
    ),
    command("催", ACTIONS["chase"].roles, _chase, r"催(?:一?下|报|办|月报|交|一催)*"),
    command(
        "我请假到周五，转给李老师",
        ACTIONS["deputy"].roles,
        posts_and_days.deputy,
        rf"我(?:要|想|得)?(?:请假|出差|外出|休假|学习|培训)(?:到|至)(?P<until>{WHEN}|[^，,。]{{2,8}})[，,\s。]*"
        r"(?:我的)?(?:学生|待办|工作|班级|班上?|事)?(?:先)?(?:转给|交给|托给|请|由)(?P<to>[\u4e00-\u9fff]{2,6}?)(?:代管|代办|代|跟进|负责|管)?",
        rf"我(?:要|想|得)?(?:{WHEN}|下午|上午)?(?:要|想|得)?请(?:(?:{NUMBER}|半)天|个)?(?:病|事)?假(?:(?:{NUMBER}|半)天)?",
    ),
    command(
        "我回来了",
        ACTIONS["deputy"].roles,
        posts_and_days.back,
        r"我(?:已经?|今天|提前)*(?:回来(?:上班)?|销假|到岗|返岗|上班)了",
    ),
    command(
        "第一中学 3月12日停课",
        ACTIONS["closure"].roles,
        posts_and_days.closure,
        rf"{_CLOSED}[，,\s]*{_CAUSE}[，,\s]*{_SPAN}{_NO_SCHOOL}(?P<reason>[，,（(].*)?",
        rf"{_CLOSED}\s*{_SPAN}[，,\s]*{_CAUSE}{_NO_SCHOOL}(?P<reason>[，,（(].*)?",
        rf"{_CLOSED}\s*{_CAUSE}{_NO_SCHOOL}[：:，,\s]*{_SPAN}(?P<reason>[，,（(].*)?",
    ),
)
_ANY = any_of(form for row in COMMANDS for form in row.forms)
"""Most messages are none of these; one look tells."""
