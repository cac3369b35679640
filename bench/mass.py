"""Rows over everybody at once: a year rebuilt, a roster imported, lists compared, workbooks made."""

from __future__ import annotations

import datetime as dt
import random
import time
from pathlib import Path

import xlsxwriter

from bench.county import Size, facts_of_a_year, make_pupils, make_staff, make_units, put_facts
from bench.ground import Ground
from bench.load import KEY, MORNING
from bench.measure import Measure, apart, at_most
from casework.scope import Directory
from handlers.understanding import names
from storage.store import Store, open_store

FACTS = 300_000
LISTS = ("户籍", "学籍", "在校", "脱贫户")


def open_county(url: str) -> Store:
    return open_store(url, data_keys=[KEY], fold=names)


def year_of(size: Size) -> int:
    """How many facts a year of this county brings."""
    return FACTS * size.pupils // Size().pupils


def rebuild(ground: Ground) -> list[Measure]:
    """A year of facts, then all cases and duties computed anew from them."""
    with ground.county("sqlite") as url:
        store = open_county(url)
        put = put_facts(store, facts_of_a_year(ground.size, year_of(ground.size)))
        store.close()
        done = apart(_rebuild, url)
        row = f"rebuild, {put:,} facts"
        return [
            at_most(row, "all cases and duties", done.result[0], "s", 120),
            Measure(row, "differences written", done.result[1], ""),
            at_most(row, "memory", done.megabytes, "MB", 1000),
        ]


def _rebuild(url: str) -> tuple[float, int]:
    from storage.rebuilding import rebuild as compute

    store = open_county(url)
    begun = time.perf_counter()
    differences = compute(store, MORNING)
    return time.perf_counter() - begun, len(differences)


def roster(ground: Ground) -> list[Measure]:
    """The register of a whole county from one sheet of 13 columns, checked and written."""
    file = ground.folder / "pupils.xlsx"
    _write_roster(file, ground.size)
    return [measure for database in ground.databases for measure in _roster(ground, database, file)]


def _roster(ground: Ground, database: str, file: Path) -> list[Measure]:
    with ground.empty(database) as url:
        apart(_without_pupils, url, ground.size)
        done = apart(_import, url, file)
    told, added = done.result
    row = f"import, {database}"
    return [
        at_most(row, f"{added:,} rows of 13 columns", done.seconds, "s", 30),
        Measure(row, "its processor time", done.cpu, "s"),
        Measure(row, "rows not taken", ground.size.pupils - added, "", "= 0", added == ground.size.pupils),
        at_most(row, "memory", done.megabytes, "MB", 600),
        Measure(row, "times progress was told", told, "", "> 20", told > 20),
    ]


def _without_pupils(url: str, size: Size) -> None:
    from bench.county import build_county

    build_county(url, Size(0, size.schools, size.classes)).close()


def _import(url: str, file: Path) -> tuple[int, int]:
    from bot.rosters import import_roster

    told: list[int] = []
    store = open_county(url)
    result = import_roster(store, "pupils", file, MORNING, progress=lambda done, of: told.append(done))
    assert not result.bad, result.bad[:3]
    return len(told), result.added


def id_number(born: dt.date, n: int) -> str:
    """A number of the form of GB 11643 with its right check digit."""
    body = f"441622{born:%Y%m%d}{n % 1000:03d}"
    total = sum(
        int(digit) * weight
        for digit, weight in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def _write_roster(file: Path, size: Size) -> None:
    directory = Directory(make_units(size), make_staff(size))
    head = ("姓名", "学校班级", "性别", "身份证号", "学籍号", "户籍地址", "现住址", "村", "监护人", "关系", "监护人电话", "重点群体",
            "本县户籍")  # fmt: skip
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head)
        for n, pupil in enumerate(make_pupils(size)):
            number = id_number(dt.date(2008, 1, 1) + dt.timedelta(days=n // 999), n % 999)
            line = (pupil.name, _path(directory, pupil.class_id), "男女"[n % 2], number, f"G{number}", f"某镇{n}号", f"某村{n}号",
                    _path(directory, pupil.village_id or ""), "家长", "母亲", f"138{n:08d}",
                    "留守" if "left_behind" in pupil.groups else "", "是" if pupil.local else "否")  # fmt: skip
            sheet.write_row(n + 1, 0, line)


def _path(directory: Directory, unit: str | None) -> str:
    steps = []
    while unit and unit in directory.units:
        steps.append(directory.units[unit].name)
        unit = directory.units[unit].parent
    return "/".join(reversed(steps))


def lists(ground: Ground) -> list[Measure]:
    """四查三比对: four lists of a whole county, the three differences as a workbook."""
    files = _write_lists(ground.folder, ground.size)
    done = apart(_compare, files)
    row = f"compare, four lists of {ground.size.pupils:,} rows"
    return [
        at_most(row, "three differences as a workbook", done.seconds, "s", 10),
        Measure(row, "lines that differ", done.result, "", "> 0", done.result > 0),
        Measure(row, "memory", done.megabytes, "MB"),
    ]


def _write_lists(folder: Path, size: Size) -> dict[str, Path]:
    pupils, files = make_pupils(size), {}
    for at, title in enumerate(LISTS):
        chance = random.Random(at)
        files[title] = folder / f"{title}.xlsx"
        with xlsxwriter.Workbook(str(files[title]), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ("姓名", "身份证号", "出生日期", "监护人", "现住址"))
            for n, pupil in enumerate(pupils):
                other = n + (10_000_000 if chance.random() < 0.01 else 0)  # one in a hundred stands in this list alone
                born = dt.date(2008, 1, 1) + dt.timedelta(days=other // 999 % 3600)
                sheet.write_row(n + 1, 0, (pupil.name, id_number(born, other % 999), f"{born}", "家长", f"某村{n}号"))
    return files


def _compare(files: dict[str, Path]) -> int:
    from reports.compare import compare
    from reports.compare_sheets import workbook

    found = compare(files, MORNING.date())
    assert len(workbook(found, "测量", MORNING)) > 1000
    return sum(len(difference.people) for difference in found.differences)


def books(ground: Ground) -> list[Measure]:
    """The county's month of all schools, and the ledger of everybody of school age."""
    with ground.county("sqlite") as url:
        store = open_county(url)
        put_facts(store, facts_of_a_year(ground.size, year_of(ground.size) // 10))
        with store.begin(MORNING) as work:
            from bot.papers import book

            for n in range(ground.size.schools):
                book.submit(work, f"s{n}", "2025-09", f"kong{n}")
        store.close()
        month = apart(_paper, url, "county_month")
        ledger = apart(_paper, url, "age_ledger")
    return [
        at_most("workbook", f"a month of {ground.size.schools} schools", month.result[0], "s", 5),
        at_most("workbook", f"age ledger of {ground.size.pupils:,} rows", ledger.result[0], "s", 20),
        at_most("workbook", "memory for the ledger", ledger.megabytes, "MB", 300),
        Measure("workbook", "size of the ledger", ledger.result[1] / 1e6, "MB"),
    ]


def _paper(url: str, what: str) -> tuple[float, int]:
    from bot.desks import desk_for
    from bot.papers.paperwork import Wanted, make

    store = open_county(url)
    begun = time.perf_counter()
    with store.look(MORNING) as work:
        desk = desk_for(work, "xian", "bench")
        assert desk is not None
        paper = make(work, desk, Wanted(what, month="2025-09"))
    return time.perf_counter() - begun, len(paper.content)
