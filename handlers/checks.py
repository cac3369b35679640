"""Checks for whoever leads: who is entitled to aid and has none, visits without a paper or photo, dropouts seldom visited,
why pupils dropped out; and the whole by groups of care (专项行动).

Lists within the reader's reach; nothing is recorded. 没有资助的学生 · 家访缺照片 · 辍学学生家访次数 · 辍学原因统计 · 专项行动
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from casework.access import STAFF
from casework.calendar import school_year_of
from casework.case import AWAY
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import GROUPS, REASONS, STAGES, say_day
from casework.timeline import standing
from handlers import filing
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import INLINE, NUMBERED, PLAIN, Item, Listing, Part, seen
from handlers.naming import with_class
from handlers.places import place_name, schools_in

CLAUSES = {
    "TA-24": ("check",), "LC-24": ("check",), "LC-33": ("check",), "LC-35": ("check",), "XY-14": ("query",),
    "FN-30": ("query",), "FJ-30": ("query",), "LC-18": ("check",), "TA-19": ("check",),
}  # fmt: skip
ENTITLED = ("poor", "disabled", "orphan", "de_facto_orphan", "in_difficulty")
FOCUS = ("orphan", "de_facto_orphan", "disabled", "left_behind", "migrant", "justice")  # FN-30
SEVERAL_VISITS = 2
EVERYONE = 1_000_000


def _aid(desk: Desk, found: re.Match[str]) -> Said:
    """没有资助的学生; the look is kept."""
    return seen(desk, without_aid(desk), "list:without_aid")


def without_aid(desk: Desk) -> Listing:
    """Pupils of groups entitled to aid for whom none is recorded this school year (TA-24, LC-24)."""
    parts, kinds = list[Part](), (Kind.WORK.value, Kind.VOID.value)
    told = desk.work.cases.facts_between(school_year_of(desk.today)[0], desk.today, kinds, scope=desk.scope)
    aided = {f.pupil for f in standing(told) if f.data.get("what") == "aid"}
    scopes = {group: scope for group in ENTITLED if (scope := desk.scope_of_group(group)).units}
    pupils = desk.work.people.in_scope(desk.scope, group=scopes, limit=EVERYONE)[0] if scopes else []
    for group, scope in scopes.items():
        bare = [p for p in pupils if group in p.groups and p.id not in aided and scope.covers(p)]
        if bare:
            parts.append(Part([Item(with_class(desk, p), p.id) for p in bare], f"{GROUPS[group]}{len(bare)}人", INLINE))
    if not parts:
        return Listing("您负责范围内，应受资助的学生本学年都有资助记录。")
    return Listing("本学年还没有资助记录的学生：", parts, "落实后请发，例如：记资助 张三 生活补助500元，营养餐。")


def bare_visits(desk: Desk) -> Listing:
    """Visits of this school year, and which of the two each lacks: the paper with the parent's signature, a photo (LC-33)."""
    facts = standing(
        desk.work.cases.facts_between(school_year_of(desk.today)[0], desk.today, (Kind.VISIT.value, Kind.VOID.value))
    )
    visits = [f for f in facts if f.kind is Kind.VISIT]
    pupils = _covered(desk, {f.pupil for f in visits if f.pupil})
    kept = desk.work.evidence.of_facts([f.id for f in visits])
    lacking = {f.id: filing.lacking(kept.get(f.id, ())) for f in visits if f.pupil in pupils}
    bare = sorted((f for f in visits if lacking.get(f.id)), key=lambda f: f.at, reverse=True)
    if not bare:
        return Listing("本学年的家访都有签字表和照片。")
    items = []
    for fact in bare:
        person = desk.work.people.person(fact.by)
        pupil = pupils[fact.pupil or ""]
        day = say_day(fact.on, desk.today)
        what = f"{with_class(desk, pupil)} {day}（{person.name if person else ''}）缺{lacking[fact.id]}"
        items.append(Item(what, pupil.id))
    then = "请打印“家访记录表”请家长签字，拍照发到这里，选是哪一次家访，再回“签字表”。"
    return Listing(f"本学年缺签字表、照片的家访{len(bare)}次：", [_numbered(items)], then)


def unsigned(desk: Desk) -> Listing:
    """Forms of this school year, finished or handed in as a duty, of which no signed scan was sent (LC-18, TA-19)."""
    first = school_year_of(desk.today)[0]
    told = desk.work.cases.facts_between(first, desk.today, (Kind.WORK.value, Kind.VOID.value))
    done = desk.work.cases.facts_between(first, desk.today, (Kind.DONE.value,), rule="persuasion_record")
    forms = [f for f in standing([*told, *done]) if filing.paper_of(f)]
    pupils = _covered(desk, {f.pupil for f in forms if f.pupil})
    own = {p.unit for p in desk.posts}
    kept = desk.work.evidence.of_facts([f.id for f in forms])
    bare = {}  # of one form of a child, or one paper of a unit, the newest counts
    for fact in forms:
        if fact.pupil in pupils or (fact.pupil is None and fact.unit in own):
            bare[fact.pupil, fact.unit, filing.paper_of(fact), fact.data.get("about")] = fact
    lacking = [f for f in bare.values() if not any(p.signed for p in kept.get(f.id, ()))]
    if not lacking:
        return Listing("本学年定稿的表格、填好的劝返情况记录表都有签字扫描件。")
    lacking.sort(key=lambda f: f.at, reverse=True)
    items = [
        Item(
            f"{_whose(desk, f, pupils)} {say_day(f.on, desk.today)}的《{filing.signed_paper(f)}》",
            f.pupil,
        )
        for f in lacking
    ]
    then = "签字盖章后请拍照发到这里，归到那张表，再回“签字表”。"
    return Listing(f"本学年还缺签字扫描件的表格{len(lacking)}份：", [_numbered(items)], then)


def _whose(desk: Desk, fact: Fact, pupils: Mapping[str, Pupil]) -> str:
    if fact.pupil:
        return with_class(desk, pupils[fact.pupil])
    return place_name(desk.world.directory, fact.unit) or "县教育局"


def visited(desk: Desk) -> Listing:
    """How often each suspected or dropped-out pupil was visited, the least visited first (LC-35)."""
    rows, total = desk.work.cases.listing(desk.scope, states=("suspected", "dropout"), limit=EVERYONE, plain=True)
    if not total:
        return Listing("您负责范围内没有疑似辍学、辍学学生。")
    facts = desk.work.cases.facts_of([row.pupil.id for row in rows])
    counted = []
    for row in rows:
        visits = [
            f
            for f in standing(facts.get(row.pupil.id, ()))
            if f.kind is Kind.VISIT and (not row.case.since or f.on >= row.case.since)
        ]
        counted.append((len(visits), row.pupil))
    counted.sort(key=lambda item: (item[0], item[1].name))
    few = sum(n < SEVERAL_VISITS for n, _ in counted)
    head = f"疑似辍学、辍学学生{total}人，家访不到{SEVERAL_VISITS}次的{few}人〔依据 LC-35〕："
    return Listing(
        head, [_numbered([Item(f"{with_class(desk, pupil)} 家访{times}次", pupil.id) for times, pupil in counted])]
    )


def reasons(desk: Desk) -> Listing:
    """Why pupils stand absent, suspected or dropped out: counts by reason (XY-14)."""
    counts = Counter[str]()
    for code, many in desk.work.tallies.by_reason(desk.scope, AWAY).items():
        counts[REASONS.get(code, "还没写明")] += many
    if not (total := counts.total()):
        return Listing("您负责范围内没有缺勤、疑似辍学、辍学学生。")
    part = Part([Item(f"{reason}{many}人") for reason, many in counts.most_common()])
    return Listing(f"缺勤、疑似辍学、辍学学生共{total}人，按原因：", [part], "发“查 姓名”看每名学生的记录。")


def campaign(desk: Desk) -> Listing:
    """How the work stands by groups of care and stage, and until when all is to be settled (FN-30, FJ-30)."""
    marked, lines = dict[str, Counter[str]](), []
    for scope, groups in desk.scopes_of_care().items():
        counted = desk.work.tallies.by_groups(scope)
        marked |= {g: _sum(many for together, many in counted.items() if g in together) for g in groups}
    lines += [Item(f"{GROUPS[group]}{_counted(marked[group])}") for group in FOCUS if marked.get(group)]
    of_class, school_of = desk.work.tallies.by_class(desk.scope), desk.world.directory.at_level
    for stage, name in STAGES.items():
        schools = {s.id for s in schools_in(desk.world.directory, desk.scope) if s.stage == stage}
        if schools:
            every = _sum(many for room, many in of_class.items() if school_of(room, "school") in schools)
            lines.append(Item(f"{name}{len(schools)}所，{_counted(every)}"))
    if not lines:
        return Listing("您负责范围内还没有学生。")
    rule = desk.world.policy.rule("settle_all", desk.today)
    days = [dt.date.fromisoformat(f"2024-{day}") for day in rule.values["dates"]] if rule else []  # type: ignore[union-attr]
    until = f"本县要求每年{'、'.join(f'{d.month}月{d.day}日' for d in days)}前全部核查劝返到位。" if days else ""
    parts = [Part(lines), *([Part([Item(until)], way=PLAIN)] if until else [])]
    then = "发“待劝返名单”看名单，发“没有包联人的学生”看谁还没有落实到人。"
    return Listing("控辍保学专项行动进展：", parts, then)


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter[str]())


def _counted(counts: Mapping[str, int]) -> str:
    words = (("absent", "缺勤"), ("suspected", "疑似辍学"), ("dropout", "辍学"), ("observed", "返校跟踪"))
    return f"{counts.get('pupils', 0)}人：" + "，".join(f"{word}{counts.get(key, 0)}" for key, word in words)


def _covered(desk: Desk, ids: Iterable[str]) -> dict[str, Pupil]:
    """Of these the pupils of one's reach; not those struck off, who stand in no list."""
    return {id: p for id, p in desk.work.people.pupils(ids).items() if desk.scope.covers(p) and not p.struck}


def _numbered(items: Sequence[Item]) -> Part:
    return Part(items, way=NUMBERED, counted="个")


_LOOK = rf"{LOOK}(?:本学年|本学期)?{PLACE}"
_TAIL = r"(?:的)?(?:学生|孩子|人)?(?:名单|清单)?(?:有哪些|有谁)?[?？]?"
COMMANDS: tuple[Command, ...] = (
    command(
        "没有资助的学生",
        STAFF,
        _aid,
        rf"{_LOOK}(?:哪些|还有哪些|谁)?(?:学生|孩子|困难学生|贫困学生|贫困生|困难生)?(?:应助未助|(?:还)?(?:没有?|未)(?:落实|享受|得到|受)?(?:到)?资助){_TAIL}"
        rf"|{_LOOK}(?:哪些|谁|还有谁)?(?:学生|孩子)?(?:应该?|该)(?:享受|受|得到|领)(?:的)?(?:资助|补助)(?:还|却)?(?:没有?|未)(?:享受|落实|领)?(?:到)?{_TAIL}"
        rf"|{_LOOK}(?:家庭)?(?:困难|贫困|经济困难)(?:学生|生)?(?:的)?资助(?:落实)?(?:情况|进度)[?？]?",
        asks=True,
    ),
    command(
        "家访缺照片",
        STAFF,
        lambda desk, _: bare_visits(desk).said(),
        rf"{_LOOK}(?:哪些)?家访(?:记录表?)?(?:还)?(?:缺|没有?)(?:少)?(?:签字|签名|照片|佐证)(?:[、和或](?:签字|签名|照片|佐证))?{_TAIL}",
        asks=True,
    ),
    command(
        "表格缺签字",
        STAFF,
        lambda desk, _: unsigned(desk).said(),
        rf"{_LOOK}(?:哪些)?(?:定稿的?)?(?:劝返(?:情况)?(?:记录)?表|表格?|文书|通知书)(?:还)?(?:缺|没有?)(?:少)?(?:签字|签名|盖章|扫描件)(?:盖章)?(?:的)?(?:扫描件)?{_TAIL}",
        asks=True,
    ),
    command(
        "辍学学生家访次数",
        STAFF,
        lambda desk, _: visited(desk).said(),
        rf"{_LOOK}(?:辍学|疑似辍学)(?:学生)?(?:的)?家访(?:了)?(?:次数|几次)[?？]?",
        asks=True,
    ),
    command(
        "辍学原因统计",
        STAFF,
        lambda desk, _: reasons(desk).said(),
        rf"{_LOOK}(?:缺勤|辍学|疑似辍学)(?:的)?原因(?:统计|分析|有哪些)[?？]?",
        asks=True,
    ),
    command(
        "专项行动",
        STAFF,
        lambda desk, _: campaign(desk).said(),
        rf"{_LOOK}(?:控辍保学)?专项行动(?:的)?(?:进展|情况|怎么样|进度)?(?:如何|了)?[?？]?",
        asks=True,
    ),
)
