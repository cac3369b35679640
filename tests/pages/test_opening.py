"""Cases opened from a comparison: once, by who confirmed, and never for a likely match or a name without a number."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.commands import exports
from bot.desks import desk_for
from bot.papers import serials
from bot.papers.comparing import PAIRS, our_list, part_for
from casework.facts import Kind
from reports.forms import read_texts
from tests.pages.county import CSRF, TODAY, Visitor, application, made_store

AT_SCHOOL, STRANGER, LIKELY = "110101201201011237", "11010120130101123X", "110101201301011232"


@pytest.fixture
def ground():
    store = made_store()
    with store.begin(TODAY) as work:
        pupil = work.people.pupil("p2")
        work.people.put_pupil(pupil, {"id_number": AT_SCHOOL, "guardian": "李大"})
    app, _ = application(store)
    yield store, app, pupil.name
    store.close()


def book(*rows: tuple[str, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (("姓名", "身份证号", "监护人", "住址"), *rows):
        made.active.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def post(app, path: str, files: dict[str, bytes], who: str = "zhou", **form: str):
    visitor = Visitor(app, who)
    token = CSRF.search(visitor.page("/m/compare" if who == "zhou" else "/m/todo"))[1]
    data = {key: (io.BytesIO(content), f"{key}.xlsx") for key, content in files.items()}
    return visitor.client.post(path, data={"csrf": token, **form, **data}, content_type="multipart/form-data")


def lists(name: str) -> dict[str, bytes]:
    gone = ((name, AT_SCHOOL, "李大", "上坪村"), ("陌生", STRANGER, "陌大", "上坪村"), ("无号", "", "无大", "上坪村"))
    return {
        "one": book(*gone, ("同名", LIKELY, "同大", "")),
        "other": book(("同名", "", "同大", ""), ("在校", "110101201401011238", "", "")),
    }


def facts(store, *kinds: Kind):
    with store.look(TODAY) as work:
        return work.cases.facts_between(TODAY.date() - dt.timedelta(days=200), TODAY.date(), kinds)


def test_the_workbook_alone_opens_nothing(ground):
    store, app, name = ground
    response = post(app, "/m/compare", lists(name), kind="grade7")
    assert response.status_code == 200
    assert response.data[:2] == b"PK"
    assert facts(store, Kind.NOT_REGISTERED, Kind.FOUND) == []


@pytest.mark.clause("FJ-8", "FJ-4")
def test_the_minutes_name_who_differs_with_numbers_in_part(ground):
    store, app, name = ground
    response = post(app, "/m/compare/minutes", lists(name), kind="departments")
    text = "".join(read_texts(response.data))
    assert name in text
    assert AT_SCHOOL not in text
    assert AT_SCHOOL[:6] in text
    assert "甲部门名单、乙部门名单" in text
    assert "比对〔2025〕1号" in text
    assert "比对〔2025〕1号" in "".join(
        read_texts(post(app, "/m/compare/minutes", lists(name), kind="departments").data)
    )
    assert post(app, "/m/compare/minutes", lists(name), who="li", kind="departments").status_code == 403
    with store.look(TODAY) as work:
        rows = serials.register(work, desk_for(work, "zhou", ""), "").rows
    assert [(number[-10:], title) for number, title, *_ in rows] == [("比对〔2025〕1号", "部门台账比对纪要")]


@pytest.mark.clause("XY-39")
def test_confirmed_each_missing_child_is_followed_up_once(ground):
    store, app, name = ground
    text = post(app, "/m/compare/open", lists(name), kind="grade7").text
    assert "已立案2人" in text
    assert f"在册未到校1人：{name}" in text
    assert "按摸排发现登记1人：陌生" in text
    assert "没有立案1人：无号" in text
    found = {fact.kind: fact for fact in facts(store, Kind.NOT_HANDED_OVER, Kind.FOUND)}
    assert found[Kind.NOT_HANDED_OVER].pupil == "p2"
    assert {(fact.by, fact.role) for fact in found.values()} == {("zhou", "county")}
    with store.look(TODAY) as work:
        assert [duty.rule for duty in work.cases.duties(pupil="p2")] != []
        assert [duty.rule for duty in work.cases.duties(pupil=found[Kind.FOUND].pupil)] == ["found_check"]
    again = post(app, "/m/compare/open", lists(name), kind="grade7").text
    assert "已立案0人" in again
    assert "没有重复立案2人" in again
    assert len(facts(store, Kind.NOT_HANDED_OVER, Kind.FOUND)) == 2


def test_the_register_stands_for_a_list(ground):
    store, app, name = ground
    household = book((name, AT_SCHOOL, "李大", ""), ("陌生", STRANGER, "", ""))
    text = post(app, "/m/compare/open", {"household": household}, ours="yes").text
    assert "按摸排发现登记1人：陌生" in text
    assert name not in text
    with store.look(TODAY) as work:
        rows = list(our_list(work, desk_for(work, "zhou", "")))
        _, total = work.people.in_scope(desk_for(work, "zhou", "").scope, limit=1)
    assert (name, AT_SCHOOL) in {(row["姓名"], row["身份证号"]) for row in rows}
    assert 0 < len(rows) <= total


@pytest.mark.parametrize(
    ("kind", "ours"), [("platform", "yes"), ("departments", "left_behind"), ("grade7", "yes"), ("term", "yes")]
)
def test_the_part_of_our_register_that_a_list_is_of_stands_for_it(ground, kind, ours):
    store, app, name = ground
    response = post(app, "/m/compare", {"one": book((name, AT_SCHOOL, "", ""))}, kind=kind, ours=ours)
    assert response.status_code == 200, response.text
    page = openpyxl.load_workbook(io.BytesIO(response.data))["汇总"]
    counted = [row[2].value for row in page.iter_rows(4) if row[0].value == "表"][1]
    with store.look(TODAY) as work:
        desk = desk_for(work, "zhou", "")
        part = ours if ours != "yes" else part_for(PAIRS[kind].other)
        rows = list(our_list(work, desk, part))
        every = list(our_list(work, desk))
        units = work.world.directory.units
        pupils = [p for p in work.people.in_scope(desk.scope, limit=10_000)[0] if p.class_id]
        wanted = {
            "platform": sum(work.cases.case(p.id).ledger in ("suspected", "dropout") for p in pupils),
            "departments": sum("left_behind" in p.groups for p in pupils),
            "grade7": sum(units[p.class_id].grade == 7 for p in pupils), "term": len(every),
        }[kind]  # fmt: skip
    assert len(rows) == wanted
    assert counted == wanted


def test_a_part_of_the_register_in_which_nobody_is_is_an_empty_list(ground):
    response = post(
        ground[1], "/m/compare", {"one": book(("某某", AT_SCHOOL, "", ""))}, kind="departments", ours="orphan"
    )
    page = openpyxl.load_workbook(io.BytesIO(response.data))["汇总"]
    assert [row[2].value for row in page.iter_rows(4) if row[0].value == "表"] == [1, 0]


def test_a_guarded_group_is_not_compared_by_who_may_not_know_it(ground):
    with ground[0].look(TODAY) as work, pytest.raises(PermissionError, match="由专人掌握"):
        list(our_list(work, desk_for(work, "guan", ""), "justice"))


@pytest.mark.parametrize(
    ("kind", "opens"),
    [
        ("term", Kind.NOT_RETURNED),
        ("notices", Kind.NOT_REGISTERED),
        ("platform", Kind.PLATFORM_FLAG),
        ("departments", None),
    ],
)
@pytest.mark.clause("XY-27", "TA-6", "TA-21", "LC-38")
def test_only_who_is_missing_from_school_is_followed_up(ground, kind, opens):
    store, app, name = ground
    response = post(app, "/m/compare/open", lists(name), kind=kind)
    assert response.status_code == (200 if opens else 422)
    asked = (Kind.NOT_REGISTERED, Kind.NOT_RETURNED, Kind.NOT_HANDED_OVER, Kind.PLATFORM_FLAG)
    assert [fact.kind for fact in facts(store, *asked)] == ([opens] if opens else [])


def test_only_the_county_opens_cases(ground):
    assert post(ground[1], "/m/compare/open", lists("x"), who="li", kind="term").status_code == 403


@pytest.mark.parametrize(("answer", "opened"), [("y\n", 2), ("n\n", 0)])
def test_the_command_asks_before_it_opens(ground, tmp_path, monkeypatch, answer, opened):
    store, _, name = ground
    bot = type("Bot", (), {"store": store, "now": staticmethod(lambda: TODAY)})()
    monkeypatch.setattr(exports, "ready", lambda: bot)
    given = lists(name)
    (tmp_path / "a.xlsx").write_bytes(given["one"])
    (tmp_path / "b.xlsx").write_bytes(given["other"])
    words = [
        "compare",
        f"入学通知书发放名单={tmp_path}/a.xlsx",
        f"报到名单={tmp_path}/b.xlsx",
        "--out",
        f"{tmp_path}/o.xlsx",
        "--open",
    ]
    result = CliRunner().invoke(cli, words, input=answer)
    assert result.exit_code == 0, result.output
    assert "有3人不在学校，要立案跟进吗" in result.output
    assert len(facts(store, Kind.NOT_REGISTERED, Kind.FOUND)) == opened


def test_the_command_takes_the_register_as_a_list(ground, tmp_path, monkeypatch):
    store, _, name = ground
    bot = type("Bot", (), {"store": store, "now": staticmethod(lambda: TODAY)})()
    monkeypatch.setattr(exports, "ready", lambda: bot)
    (tmp_path / "户籍.xlsx").write_bytes(book((name, AT_SCHOOL, "", ""), ("陌生", STRANGER, "", "")))
    result = CliRunner().invoke(cli, ["compare", f"{tmp_path}/户籍.xlsx", "ours", "--out", f"{tmp_path}/o.xlsx"])
    assert result.exit_code == 0, result.output
    assert "疑似失学（有户籍、无学籍）：1人" in result.output
    (tmp_path / "平台.xlsx").write_bytes(book((name, AT_SCHOOL, "", "")))
    for ours, said in (
        ("ours", "本县疑似名单："),
        ("ours:grade7", "本县疑似名单："),
        ("残联=ours:left_behind", "残联："),
    ):
        result = CliRunner().invoke(cli, ["compare", f"{tmp_path}/平台.xlsx", ours, "--out", f"{tmp_path}/o.xlsx"])
        assert result.exit_code == 0, result.output
        assert said in result.output


def test_children_of_care_stand_in_their_list_with_their_class(as_role):
    """Two of one name in a county are told apart before one of them is opened."""
    shown = re.findall(r'<span class="grow">([^<]*)</span></a>', as_role("county").page("/m/lists/helper"))
    assert shown
    assert [words for words in shown if not re.fullmatch(r"\S+（\S+班）", words)] == []
