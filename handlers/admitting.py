"""入学通知书 for all newcomers of a school, township or class, or for those named, in one order (TA-5, LC-12).

打印 青石镇中心小学 入学通知书 · 打印 张三、李四 入学通知书，8月31日报到，带户口簿、接种证 · 入学通知书没送到 张三：全家外出
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from casework.access import STAFF
from casework.facts import Kind
from casework.people import COUNTY, Pupil, Unit
from casework.terms import say_day
from handlers import entering, wording
from handlers.answer import not_recorded
from handlers.command import NAME, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.naming import one_pupil, unit_named
from handlers.places import place_name
from handlers.understanding import dates

CLAUSES = {"TA-5": ("produce",), "LC-12": ("produce",)}
LETTERS = "admission_notices"
"""What the order asks for: made by ``bot.papers.batches``, not a paper about one pupil."""
MOST = 1500  # letters in one order: made within a minute
ALL = ("", "全校", "本校", "我校", "全县", "本县", "全镇", "全乡", "本班", "全班")


def addressed(desk: Desk, unit: Unit | None) -> list[Pupil]:
    """The newcomers within reach (and within ``unit``) whose families have not signed yet, class by class; a child for whom
    a school was fixed stands with that school's."""
    bare, places = entering.without_notice(desk), entering.fixed(desk)
    if unit and unit.id != COUNTY:
        bare = entering.inside(desk, unit, bare)
    directory = desk.world.directory
    return sorted(bare, key=lambda p: (place_name(directory, p.class_id or places.get(p.id)), p.name, p.id))


def order(desk: Desk, unit: Unit | None, named: Sequence[Pupil], told: Mapping[str, str]) -> Said:
    """The letters of the newcomers of a unit, or of those named; they come as a file into this chat."""
    pupils = list(named) or addressed(desk, unit)
    where = (place_name(desk.world.directory, unit.id) if unit else "") or "您负责范围内"
    if not pupils:
        return Said(
            f"{where}没有要发入学通知书的新生：一年级、七年级没有学生，或者都已送达。发“入学通知书未送达名单”查看。"
        )
    if len(pupils) > MOST:
        return Said(
            f"{where}有{len(pupils)}名新生还没有送达，一次最多{MOST}份。请按乡镇或学校分开，例如：打印 青石镇 入学通知书。"
        )
    about = f"unit:{unit.id}" if unit else f"pupils:{len(named)}"
    desk.work.audit.note(desk.writer.id, "export", about[:80], "chat", {"what": LETTERS, "letters": len(pupils)})
    wanted = {
        "what": LETTERS, "place": unit.id if unit else None, "pupils": [p.id for p in named] or None,
        "told": dict(told) or None,
    }  # fmt: skip
    whom = "、".join(p.name for p in named[:10]) if named else where
    lacking = "" if told.get("report_date") else "\n报到日期没有写，留空由人填。要印上，请加上，例如：，8月31日报到。"
    return Said(
        f"正在生成{whom}的《义务教育入学通知书》{len(pupils)}份，每人一页、带回执和编号，稍后作为文件发给您。{lacking}\n"
        f"家长签收后请发：入学通知书已送达 {pupils[0].name}；没送到的请发：入学通知书没送到 {pupils[0].name}：原因。",
        (wanted,),
    )


def _ordered(desk: Desk, found: re.Match[str]) -> Said | None:
    """打印 … 入学通知书: of a unit or of several named; one pupil alone is left to the papers of one pupil."""
    if not desk.reader.may("admit"):
        return not_recorded("入学通知书由县教育局或者学校发放，没有生成。需要的话请联系他们。")
    whom = re.sub(r"(?:的|全部|所有|全体|新生|一年级和?七年级|今年|每个|学生|\s)+$", "", found["whom"])
    told = _told(found["more"] or "", desk.now)
    if told is None:
        return not_recorded(
            "日期、地点没看懂，没有生成。请这样发：打印 青石镇中心小学 入学通知书，8月31日报到，带户口簿、接种证。"
        )
    if whom in ALL:
        return order(desk, None, (), told)
    if unit := unit_named(desk, whom):
        return order(desk, unit, (), told)
    names = [name for name in re.split(r"[、，,\s和及]+", whom) if name]
    found_here = [one_pupil(desk, name) for name in names]
    if len(names) == 1 and isinstance(found_here[0], str):
        return not_recorded(
            f"在您负责的范围里没有找到叫“{whom}”的乡镇、学校、班级或者学生，没有生成。请核对后再发一次。"
        )
    if len(names) == 1 and not told:
        return None
    pupils = [pupil for pupil in found_here if isinstance(pupil, Pupil)]
    faults = [fault for fault in found_here if isinstance(fault, str)]
    faults += [f"{pupil.name}不在一年级、七年级。" for pupil in pupils if not entering.enters(desk, pupil)]
    if faults:
        return not_recorded("\n".join([*faults, "没有生成，请改好后再发一次。"]))
    return order(desk, None, pupils, told)


_PARTS = re.compile(
    r"(?:(?P<on>\d{1,2}月\d{1,2}[日号])(?:之?前)?报到(?:注册)?|到(?P<place>[^，,。；;到带]{2,30}?)报到(?:注册)?"
    r"|(?:请)?(?:带|携带)(?:上|好|齐)?(?P<papers>[^，,。；;]{2,60}))[，,。；;\s]*"
)


def _told(words: str, now: dt.datetime) -> dict[str, str] | None:
    """Slots of the letter told with the order: day and place of registration, papers to bring; None where not understood."""
    told, place = dict[str, str](), 0
    words = words.strip(" ，,。；;")
    while place < len(words):
        found = _PARTS.match(words, place)
        if found is None:
            return None
        if found["on"]:
            day = dates.resolve(found["on"], now, dates.COMING)
            if day is None:
                return None
            told["report_date"] = day.isoformat()
        told |= {slot: found[key] for slot, key in (("report_place", "place"), ("papers", "papers")) if found[key]}
        place = found.end()
    return on_paper(told)


def on_paper(told: Mapping[str, str]) -> dict[str, str]:
    """What was told for the letters, as it is printed; days come as ISO dates. Only words of the letter's own slots."""
    days = {slot: dt.date.fromisoformat(told[slot]) for slot in ("report_date", "apply_until") if told.get(slot)}
    words = {slot: told[slot] for slot in ("report_place", "papers") if told.get(slot)}
    return words | {slot: f"{day.year}年{day.month}月{day.day}日" for slot, day in days.items()}


def _undelivered(desk: Desk, found: re.Match[str]) -> Said:
    pupil = one_pupil(desk, found["name"], found["room"], "入学通知书没送到 张三：全家外出")
    return not_recorded(pupil) if isinstance(pupil, str) else undelivered(desk, pupil, found["why"].strip())


def undelivered(desk: Desk, pupil: Pupil, why: str) -> Said:
    """The letter was carried out and could not be handed over; why stands in the list and on the receipt (TA-5)."""
    if not entering.enters(desk, pupil):
        return not_recorded(f"{pupil.name}不在一年级、七年级，没有记录。")
    fact = hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what="undelivered", note=why)
    desk.work.cases.append([fact])
    return Said(
        f"已记：{pupil.name}的入学通知书{say_day(desk.today)}没有送到，原因：{why}。送到后请发：入学通知书已送达 {pupil.name}；"
        f"开学没来报到的，请发：{pupil.name}没来报到注册。{wording.UNDO_HINT}"
    )


COMMANDS: tuple[Command, ...] = (
    command(
        "打印 青石镇中心小学 入学通知书",
        STAFF,
        _ordered,
        r"(?:请|帮我|给我|麻烦)?(?:批量)?(?:导出?|打印|打|下载|开具?|出具?|生成|制作|做)(?:一?下)?[:：\s]*(?P<whom>[^，,。：:]{0,120}?)\s*的?(?:义务教育)?"
        r"《?入学通知书》?(?:[，,\s]+(?P<more>.{2,120}))?",
    ),
    command(
        "入学通知书没送到 张三：全家外出",
        STAFF,
        _undelivered,
        rf"《?入学通知书》?(?:还)?(?:没有?|未)(?:能)?(?:送到|送达|签收|送成)[:：\s]*{ROOM}{NAME}[:：，,\s]+(?:因为|原因是?[:：]?)?(?P<why>.{{2,100}})",
    ),
)
