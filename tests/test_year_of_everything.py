"""A school year, replayed, in which every rule makes a duty and every paper is made (issue 8, "Shown by").

The county's own file turns on each rule that the national pack leaves off, with the numbers of the pack whose document has
it. What happens in the year is below, day by day; the duties are those that the replay itself prints, the papers are made
of the year's records for whoever may have them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.commands.replay import RULES, Player, Stage, _act, _advance, _open
from bot.desks import desk_for
from bot.papers.comparing import compared, minutes
from bot.papers.numbering import make_numbered
from bot.papers.paperwork import NotMade, Wanted
from casework.policy import FOLDER, PACKS
from casework.shapes import SHAPES
from reports.catalogue import catalogue
from reports.compare_sheets import workbook
from reports.forms import read_texts
from storage.rebuilding import rebuild
from storage.tables import duties

NOW, END = dt.datetime(2025, 8, 18, 7), dt.datetime(2026, 8, 31, 18)
TERMS = [["2025-09-01", "2026-01-30"], ["2026-03-02", "2026-07-10"]]
UNITS = [
    {"id": "z", "kind": "township", "name": "城关镇"},
    {"id": "v", "kind": "village", "name": "东坡村", "in": "z"},
    {"id": "s", "kind": "school", "name": "城关中学", "stage": "junior", "in": "z"},
    {"id": "x", "kind": "school", "name": "城关小学", "stage": "primary", "in": "z"},
    {"id": "c", "kind": "class", "name": "八年级1班", "in": "s"},
    {"id": "k", "kind": "class", "name": "六年级1班", "in": "x"},
]
PEOPLE = [
    ("wang", "teacher", "c"), ("chen", "subject_teacher", "c"), ("li", "school", "s"), ("xz", "principal", "s"), ("he", "teacher", "k"),
    ("sun", "school", "x"), ("qian", "principal", "x"), ("cun", "village", "v"), ("zhen", "township", "z"), ("xian", "county", ""),
]  # fmt: skip
NAMES = [
    "江一帆",
    "池二宝",
    "石三川",
    "柳四季",
    "谷五丰",
    "林六合",
    "溪七星",
    "田八斗",
    "秋九月",
    "海十洲",
    "岳百川",
    "雨千重",
]
PUPILS = [
    {"name": name, "class": "k" if n in (8, 9) else "c", "village": "v", "local": n != 0, "home_taught": n == 7,
     "groups": {0: ["poor"], 1: ["left_behind", "migrant"], 7: ["disabled"]}.get(n, [])}
    for n, name in enumerate(NAMES)
]  # fmt: skip


def _own_file() -> dict[str, Any]:
    """Each rule that is off in the national pack, as the first pack that has it says."""
    rules: dict[str, list[dict[str, Any]]] = {}
    for pack in PACKS:
        for rule, versions in yaml.safe_load((FOLDER / f"{pack}.yaml").read_text(encoding="utf-8"))["rules"].items():
            on = [v for v in versions if not v.get("no_duty")]
            if on and pack == "national":
                rules[rule] = []
            elif on:
                rules.setdefault(rule, [{**on[-1], "document": "本县文件", "from": "2025-01-01"}])
    rules["settle_all"] = [
        {
            "dates": ["07-31"],
            "clause": "FJ-30",
            "article": "四",
            "quote": "7月底前",
            "document": "本县文件",
            "from": "2025-01-01",
        }
    ]
    documents = {"本县文件": {"title": "本县文件", "from": "2025-01-01"}}
    return {"pack": "本县", "name": "本县", "documents": documents, "rules": {r: v for r, v in rules.items() if v}}


STAGE = {
    "county": "某县", "pack": "national", "now": NOW.isoformat(), "terms": TERMS, "overrides": _own_file(), "units": UNITS,
    "people": [{"id": id, "name": f"员{id}", "role": role, "unit": unit} for id, role, unit in PEOPLE], "pupils": PUPILS,
}  # fmt: skip


def _year() -> Iterator[tuple[str, str, str]]:
    """When, who, what they type. Written as people write it; the replay answers every question with yes."""
    one, two, three, four, five, six, seven, eight, nine, ten, eleven, _ = NAMES
    yield "2025-09-01T09:00", "sun", f"{nine}没来报到注册"
    yield "2025-09-02T09:00", "li", f"{two}开学没返校"
    yield "2025-09-04T08:00", "wang", f"{two}返校了"
    yield "2025-09-05T08:30", "sun", f"{ten}小升初没移交"
    yield "2025-09-08T08:00", "wang", f"{one}缺勤"
    yield "2025-09-09T17:00", "wang", f"家访 {one} 家长不同意，说家里困难要出去打工"
    yield "2025-09-10T17:00", "chen", f"家访 {one} 家里没人"
    yield "2025-09-18T10:00", "li", f"已给{one}家长送达劝学通知书"
    yield "2025-09-19T10:00", "li", f"平台疑似名单里有{three}"
    yield "2025-09-22T09:00", "wang", f"{four}有辍学倾向"
    yield "2025-09-23T09:00", "cun", "摸排发现陈小花8岁没上学，住东坡村"
    yield "2025-10-10T09:00", "li", f"确认{one}辍学，家庭困难"
    yield "2025-10-11T10:00", "zhen", f"记约谈家长 {one} 父亲答应月底送回"
    yield "2025-11-03T08:00", "wang", f"{one}今天回来上课了"
    for day in ("2025-11-04", "2025-11-06", "2025-11-10"):
        yield f"{day}T08:00", "wang", f"{five}今天没来"
        yield f"{day}T18:00", "wang", f"{five}今天下午回来了"
    yield "2025-11-11T08:00", "wang", f"{six}请病假40天"
    yield "2025-11-14T10:00", "wang", f"今天给{eight}送教2课时"
    yield "2025-11-17T09:00", "li", f"确认{seven}辍学，失踪失联"
    yield "2025-11-20T09:00", "li", f"{eleven}因病休学到2026年3月1日"
    yield "2025-11-24T17:00", "li", "零报告"
    yield "2025-11-25T10:00", "wang", f"记谈心 {four} 想念父母"
    yield "2025-11-25T11:00", "li", f"记资助 {one} 生活补助500元"
    yield "2025-11-25T12:00", "li", "记会议：班子会研究控辍保学，15人"


@pytest.mark.slow
def test_a_year_of_everything(tmp_path: Path) -> None:
    """One test, so that the year is played once however the suite is shared out."""
    player, lines = _played(tmp_path)
    assert {line["rule"] for line in lines if line["type"] == "duty"} == set(SHAPES) & RULES
    assert _rules_of_duties(player) == set(SHAPES)
    assert list(rebuild(player.store, END, check=True)) == [], "computed anew it is the same"
    _every_paper_is_made(player, tmp_path)


def _rules_of_duties(player: Player) -> set[str]:
    """The rules of all duties that the year left in the store, those that the replay does not print among them."""
    with player.store.look(END) as work:
        query = sa.select(duties.c.rule).where(work.session.here(duties)).distinct()
        return set(work.session.run(query).scalars())


def _played(folder: Path) -> tuple[Player, list[dict[str, Any]]]:
    stage = Stage(STAGE)
    player = Player(stage, _open(stage, folder))
    lines, now = list[dict[str, Any]](), NOW
    _advance(player, now, now)
    for when, who, text in _year():
        at = dt.datetime.fromisoformat(when)
        _advance(player, now, at)
        _act(player, {"from": who, "text": text}, at)
        now = at
    _advance(player, now, END)
    lines += player.lines
    return player, lines


def _every_paper_is_made(player: Player, tmp_path: Path) -> None:
    bare = {
        name: _why_not(player, name, tmp_path)
        for name in catalogue()
        if name not in ("comparison", "comparison_minutes")
    }
    assert {name: why for name, why in bare.items() if why} == {}
    lists = {
        "学籍": [{"姓名": NAMES[0], "身份证号": "110101201101011231"}],
        "在校": [{"姓名": NAMES[1], "身份证号": "110101201101011258"}],
    }
    found = compared(lists)
    assert workbook(found, "员xian", END)[:2] == b"PK"
    with player.store.look(END) as work:
        desk = desk_for(work, "xian", "year:minutes")
        assert desk is not None
        assert "疑似辍学（有学籍、不在校）：1人" in "".join(read_texts(minutes(work, desk, found).content))


def _why_not(player: Player, name: str, folder: Path) -> str:
    """Nothing when somebody on the staff list gets the paper, else why each was refused."""
    faults = []
    about = [f"p{n}" for n in (1, 8, 7, 11)] if "pupil" in catalogue()[name].needs else [None]
    with player.store.begin(dt.datetime(2026, 6, 10, 10)) as work:
        for person, _, _ in PEOPLE:
            desk = desk_for(work, person, f"year:{name}:{person}")
            assert desk is not None
            for pupil in about:
                try:
                    paper = make_numbered(work, desk, Wanted(name, pupil, "2025-11"), folder)
                except NotMade as fault:
                    faults.append(str(fault))
                    continue
                assert paper.content[:2] == b"PK"
                return ""
    return " / ".join(dict.fromkeys(faults))
