"""A school's month recomputed a second, simple way: what the projections showed at each day's end, counted by hand."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from bot import months
from bot.files import make_for
from bot.madeup import UNITS, make_county
from casework.facts import Fact, Kind
from casework.people import Pupil
from reports.monthly import FIGURES
from storage.people import Days
from storage.pupils import Entered
from storage.store import Store
from tests.support.stores import fresh_store
from tests.support.talk import Stage

START = dt.date(2025, 9, 1)
PRESENT = ("in_school", "absent", "on_leave", "observed")
SCHOOLS = {u.id: [c for c in UNITS if c.parent == u.id] for u in UNITS if u.kind == "school"}
GRADE = {u.id: u.grade for u in UNITS if u.kind == "class"}
Facts = list[tuple[Kind, dict[str, object]]]


@dataclass
class Diary:
    """A county lived through day by day: what was written, and what each pupil's case showed at each day's end."""

    store: Store
    pupils: dict[str, Pupil]
    sexes: dict[str, str]
    facts: list[Fact] = field(default_factory=list)
    evenings: dict[dt.date, dict[str, str]] = field(default_factory=dict)
    arrived: dict[str, dt.date] = field(default_factory=dict)
    left: dict[str, tuple[dt.date, Kind]] = field(default_factory=dict)

    def live(self, until: dt.date, lot: random.Random) -> None:
        day = START - dt.timedelta(days=3)
        while day <= until:
            noted = dt.datetime.combine(day, dt.time(9))
            with self.store.begin(noted) as work:
                for id in sorted(lot.sample(sorted(self.pupils), 9)):
                    for n, (kind, data) in enumerate(self._said(id, lot) if day >= START else []):
                        fact = Fact(f"{day}-{id}-{n}", kind, day, noted, "li", "school", id, data=data)
                        work.cases.append([fact])
                        self.facts.append(fact)
                if day >= START and lot.random() < 0.15:
                    self._come(work, day, noted, lot)
            self._evening(day)
            day += dt.timedelta(days=1)

    def _said(self, id: str, lot: random.Random) -> Facts:
        state = self.evenings[max(self.evenings)].get(id, "in_school")
        if state == "left":
            suspended = id in self.left and self.left[id][1] is not Kind.TRANSFER_OUT
            return [(Kind.RETURN, {})] if suspended and lot.random() < 0.5 else []
        choices: list[Facts] = [[(Kind.ABSENCE, {"reason": "不想读"})]] * 6
        choices += [[(Kind.CONTACT, {"outcome": "nobody"})], [(Kind.VISIT, {"outcome": "away", "note": "在东莞打工"})]]
        choices += [[(kind, {"until": None})] for kind in (Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT)]
        choices += [[(Kind.SUSPEND, {"pending": True})]]
        if state in ("absent", "suspected", "dropout"):
            choices += [[(Kind.RETURN, {})]] * 3 + [[(Kind.NOTICE, {}), (Kind.VISIT, {"outcome": "refused"})]]
            choices += [[(Kind.DONE, {"rule": "dropout_report"})]]
        if state == "suspected":
            choices += [[(Kind.DROPOUT, {"reason_code": "work", "reason": "外出打工"})]] * 4
        return lot.choice(choices)

    def _come(self, work, day: dt.date, noted: dt.datetime, lot: random.Random) -> None:
        id, room = f"new-{day}", lot.choice(sorted(GRADE))
        pupil = Pupil(id, f"转入{day:%m%d}", room, None)
        work.people.put_pupil(pupil, {"sex": "女"})
        fact = Fact(f"{day}-{id}", Kind.TRANSFER_IN, day, noted, "li", "school", id, data={"place": "邻县"})
        work.cases.append([fact])
        self.facts.append(fact)
        self.pupils[id], self.sexes[id], self.arrived[id] = pupil, "女", day

    def _evening(self, day: dt.date) -> None:
        with self.store.begin(dt.datetime.combine(day, dt.time(23, 59))) as work:
            work.cases.refresh(*work.cases.waking(10_000))
        with self.store.look(dt.datetime.combine(day, dt.time(23, 59))) as work:
            cases = work.cases.cases(self.pupils)
            silent = {id: "home_taught" if p.home_taught else "in_school" for id, p in self.pupils.items()}
            self.evenings[day] = silent | {id: case.state for id, case in cases.items() if id in silent}
        for fact in self.facts:
            if (
                fact.on == day
                and fact.kind in (Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT)
                and not fact.data.get("pending")
            ):
                self.left[str(fact.pupil)] = (day, fact.kind)

    def registered(self, id: str, day: dt.date) -> bool:
        """On the register at the end of a day: come, and not gone except with papers that keep the place."""
        if self.arrived.get(id, day) > day:
            return False
        return self.evenings[day][id] != "left" or self.away(id, day) in (Kind.SUSPEND, Kind.DEFER)

    def away(self, id: str, day: dt.date) -> Kind | None:
        if self.evenings[day].get(id) != "left":
            return None
        kinds = (Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT)
        return [
            f.kind
            for f in self.facts
            if f.pupil == id and f.kind in kinds and f.on <= day and not f.data.get("pending")
        ][-1]


def by_hand(diary: Diary, school: str, month: str) -> dict[str, int]:
    """All figures of a school and month from the diary alone."""
    year, number = map(int, month.split("-"))
    first = dt.date(year, number, 1)
    before, last = first - dt.timedelta(days=1), dt.date(year, number, calendar.monthrange(year, number)[1])
    last = min(last, max(diary.evenings))
    rooms = {c.id for c in SCHOOLS[school]}
    mine = [id for id, p in diary.pupils.items() if p.class_id in rooms]
    at_end, at_start = diary.evenings[last], diary.evenings[before]
    out: Counter[str] = Counter()
    for id in mine:
        here = diary.arrived.get(id, last) <= last
        state = at_end[id] if here else ""
        out["registered_start"] += id in at_start and diary.registered(id, before)
        out["registered"] += diary.registered(id, last)
        out["present"] += state in PRESENT
        out["home_taught"] += state == "home_taught"
        out["suspended"] += diary.away(id, last) is Kind.SUSPEND
        out["deferred"] += diary.away(id, last) is Kind.DEFER
        out["suspected_start"] += at_start.get(id) == "suspected"
        out["dropout_start"] += at_start.get(id) == "dropout"
        out["suspected"] += state == "suspected"
        out["dropouts"] += state == "dropout"
        for key, holds in (
            ("girls", diary.sexes[id] == "女"),
            *((g, g in diary.pupils[id].groups) for g in ("poor", "disabled")),
        ):
            out[key] += state == "dropout" and holds
    out.update(_steps(diary, mine, before, last))
    out.update(_deeds(diary, mine, first, last))
    return {key: out[key] for key in FIGURES}


def _steps(diary: Diary, mine: list[str], before: dt.date, last: dt.date) -> Iterator[str]:
    days = [d for d in sorted(diary.evenings) if before <= d <= last]
    for id in mine:
        shown = [diary.evenings[d][id] for d in days if id in diary.evenings[d]]
        for old, new in pairwise(shown):
            if old == new:
                continue
            for state, stem in (("suspected", "suspected"), ("dropout", "dropout")):
                if new == state:
                    yield f"{stem}_new"
                if old == state and new in PRESENT:
                    yield f"{stem}_back"
                elif old == state:
                    yield "suspected_to_dropout" if new == "dropout" else f"{stem}_other"


def _deeds(diary: Diary, mine: list[str], first: dt.date, last: dt.date) -> Iterator[str]:
    words = {
        Kind.TRANSFER_IN: "transfer_in",
        Kind.TRANSFER_OUT: "transfer_out",
        Kind.NOTICE: "notices",
        Kind.VISIT: "visits",
    }
    for fact in diary.facts:
        if fact.pupil not in mine or not first <= fact.on <= last or fact.data.get("pending"):
            continue
        if fact.kind in words:
            yield words[fact.kind]
        if fact.kind in (Kind.VISIT, Kind.CONTACT):
            yield "persuasions"
        if fact.kind is Kind.DONE:
            yield "reports"
        if fact.kind is Kind.RETURN and diary.evenings[fact.on - dt.timedelta(days=1)].get(str(fact.pupil)) == "left":
            yield "resumed"


def lived(seed: int, until: dt.date, pack: str = "longchuan") -> Diary:
    """A county in which everything happened that can be told from the chat."""
    store, county, lot = (
        fresh_store("sqlite://", pack=pack, opened=dt.datetime(2025, 8, 1)),
        make_county(START),
        random.Random(seed),
    )
    sexes = {p.id: lot.choice("男女") for p in county.pupils}
    pupils = [replace(p, groups=frozenset(lot.sample(("poor", "disabled", "migrant"), 2))) for p in county.pupils]
    with store.begin(dt.datetime(2025, 8, 1)) as work:
        work.people.put_units(county.units)
        work.people.put_people(county.people)
        work.people.put_posts(county.posts)
        work.people.put_days([Days("term", start, end) for start, end in county.terms])
        work.people.put_pupils([Entered(p, {"sex": sexes[p.id]}) for p in pupils])
    diary = Diary(store, {p.id: p for p in pupils}, sexes)
    diary.live(until, lot)
    return diary


@pytest.mark.slow
@pytest.mark.clause("FN-8", "TA-12")
@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_the_days_showed(seed: int) -> None:
    diary = lived(seed, dt.date(2025, 11, 12))
    seen: Counter[str] = Counter()
    with diary.store.look(dt.datetime(2025, 11, 12, 23, 59)) as work:
        for school in SCHOOLS:
            for month in ("2025-09", "2025-10", "2025-11"):
                report = months.count(work, school, month)
                assert report.figures["total"] == by_hand(diary, school, month), (school, month)
                assert not [s for s in report.contradictions if "对不上" in s or "停在" in s]
                seen.update(report.figures["total"])
    assert {key for key in FIGURES if not seen[key]} <= {"entered", "gone", "home_taught"}  # the others were tried


@pytest.mark.clause("LC-21")
def test_what_was_learnt_after_submission_is_a_difference_and_not_inside() -> None:
    diary = lived(3, dt.date(2025, 9, 12))
    book, at = months.MonthBook(), dt.datetime(2025, 9, 25, 10)
    with diary.store.begin(at) as work:
        before = months.count(work, "s1", "2025-09")
        digest = book.submit(work, "s1", "2025-09", "li")
    victim = next(
        id
        for id, state in diary.evenings[dt.date(2025, 9, 12)].items()
        if state == "in_school" and diary.pupils[id].class_id == "c1"
    )
    with diary.store.begin(at + dt.timedelta(days=5)) as work:
        fact = Fact(
            "late", Kind.ABSENCE, dt.date(2025, 9, 16), work.now, "li", "school", victim, data={"start": "2025-09-16"}
        )
        work.cases.append([fact])
    with diary.store.look(at + dt.timedelta(days=6)) as work:
        kept = months.of_school(work, "s1", "2025-09")
        assert kept.figures == before.figures
        assert list(kept.names) == list(before.names)
        assert work.reports.frozen("s1", "2025-09").hash == digest
        name = diary.pupils[victim].name
        assert f"{name}：提交时不在名单上，现为疑似辍学。" in book.differences(work, "s1", "2025-09")
        assert any(s.startswith("疑似辍学期初") for s in months.count(work, "s1", "2025-10").contradictions)


@pytest.mark.clause("XY-16")
def test_a_pupil_who_came_within_the_month_was_not_there_at_its_beginning() -> None:
    diary = lived(4, dt.date(2025, 9, 3))
    with diary.store.begin(dt.datetime(2025, 9, 4, 9)) as work:
        work.people.put_pupil(replace(diary.pupils["p1"], id="x", name="赵小六"), {"sex": "男"})
        work.cases.append(
            [Fact("in", Kind.TRANSFER_IN, dt.date(2025, 9, 4), work.now, "li", "school", "x", data={"place": "赣州"})]
        )
        without = months.count(work, "s1", "2025-08").figures["total"]
        figures = months.count(work, "s1", "2025-09").figures["total"]
    assert figures["registered"] == figures["registered_start"] + figures["transfer_in"] - figures["transfer_out"]
    assert figures["registered_start"] == without["registered"]


@pytest.mark.clause("LC-21", "XY-42")
def test_both_halves_of_a_month_are_ticked_and_silence_stands_apart() -> None:
    stage = Stage("xiuyan", dt.datetime(2025, 9, 25, 9))
    stage.say("李主任", "零报告")
    shown = stage.say("李主任", "月报")
    assert "☑电子表　□盖章扫描件。请打印统计表，校长签名盖章后拍照发回" in shown
    assert "已报、还缺盖章扫描件：青石镇中学" in stage.say("周股长", "哪些学校没交月报")
    assert "☑电子表　☑盖章扫描件（1份）" in stage.say("李主任", "", "image", "media-1")
    assert "☑盖章扫描件（1份）" in stage.say("李主任", "月报")
    said = stage.say("周股长", "哪些学校没交月报")
    assert "缺盖章" not in said
    assert "视为0" not in said
    assert "已催报2所" in stage.say("周股长", "催")
    stage.now = dt.datetime(2025, 10, 2, 9)
    said = stage.say("周股长", "哪些学校没交9月月报")
    assert "已报1所（其中零报告1所），未报2所" in said
    assert "按本县规定视为0，与已报的零报告分开" in said
    _, content = make_for(stage.store, Path("files"), "", "zhou", {"what": "monthly", "month": "2025-09"}, stage.now)
    page = openpyxl.load_workbook(io.BytesIO(content))["各校"]
    rows = {r[1].value: (r[2].value, r[5].value, r[6].value) for r in page.iter_rows(4, 6)}
    assert rows["青石镇中学"][:2] == ("已报（零报告）", "☑电子表　☑盖章扫描件（1份）")
    assert rows["青石镇中心小学"] == ("0（未报视为0）", None, None)
