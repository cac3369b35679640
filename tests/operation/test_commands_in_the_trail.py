"""Commands that bring children's data in or take it out leave a line in the trail."""

from __future__ import annotations

import openpyxl
import pytest

from bot.commands import exports, ground, setup
from tests.operation.running import running


@pytest.fixture
def bot(tmp_path, monkeypatch):
    made = running(tmp_path)
    for module in (ground, setup, exports):
        monkeypatch.setattr(module, "ready", lambda: made)
    return made


def trail(bot, subject):
    with bot.store.look(bot.now()) as work:
        return [(t.person, t.did, t.place.partition(":")[0]) for t in work.audit.of(subject)]


def test_an_import_is_in_the_trail_and_a_trial_run_is_not(bot, tmp_path):
    roster = tmp_path / "units.csv"
    roster.write_text("路径,类型\n新设镇,乡镇\n", encoding="utf-8")
    setup.import_file("units", roster, dry_run=True, skip_bad=False)
    assert trail(bot, "units") == []
    assert setup.import_file("units", roster, dry_run=False, skip_bad=False) == 0
    assert trail(bot, "units") == [("command", "import", "command")]


def test_an_export_is_in_the_trail(bot, tmp_path):
    assert exports.to_file("suspected_ledger", None, None, None, tmp_path / "out.xlsx") == 0
    assert trail(bot, "export:suspected_ledger") == [("command", "export", "command")]


def test_a_comparison_with_the_register_is_in_the_trail(bot, tmp_path):
    other = tmp_path / "在校.csv"
    other.write_text("姓名,身份证号\n张三,\n", encoding="utf-8")
    assert exports.compare_files((str(other), "学籍=ours"), tmp_path / "out.xlsx") == 0
    assert trail(bot, "lists") == [("command", "compare", "command")]


def test_reading_what_was_not_understood_is_in_the_trail(bot, capsys):
    with bot.store.begin(bot.now()) as work:
        work.inbox.keep_unknown("wang", "咋整")
    setup.list_unknowns(5, as_tests=False)
    assert "咋整" in capsys.readouterr().out
    assert trail(bot, "unknowns") == [("command", "look", "command")]


def test_a_roster_alone_gives_no_post_over_the_county_where_somebody_holds_one(bot, tmp_path):
    roster = tmp_path / "staff.csv"
    roster.write_text("姓名,企业微信账号,角色,单位\n外来人,intruder,管理员,全县\n", encoding="utf-8")
    for _ in range(2):
        assert setup.import_file("staff", roster, dry_run=False, skip_bad=False) == 0
    with bot.store.look(bot.now()) as work:
        assert work.people.posts("intruder") == []
        assert [(one.what.person, one.what.role) for one in work.proposals.open()] == [("intruder", "admin")]


def test_numbers_stand_in_full_in_a_comparison_only_when_asked_for_and_noted(bot, tmp_path, capsys):
    lists = {"户籍": "441622201201010011", "学籍": "441622201201010038"}
    files = []
    for title, number in lists.items():
        files.append(tmp_path / f"{title}.csv")
        files[-1].write_text(f"姓名,身份证号\n{title}甲,{number}\n", encoding="utf-8")
    names = tuple(map(str, files))
    out = tmp_path / "out.xlsx"

    def shown() -> str:
        return "".join(str(c.value) for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows() for c in row)

    assert exports.compare_files(names, out) == 0
    assert "441622***********1" in shown()
    assert lists["户籍"] not in shown()
    assert "加 --full-numbers" in capsys.readouterr().out
    assert trail(bot, "lists") == []
    assert exports.compare_files(names, out, full=True) == 0
    assert lists["户籍"] in shown()
    with bot.store.look(bot.now()) as work:
        assert [t.detail.get("full_numbers") for t in work.audit.of("lists")] == [True]


def test_a_trial_run_ends_with_what_would_change(bot, tmp_path, capsys):
    roster = tmp_path / "pupils.csv"
    lines = "姓名,学校班级,学籍号,监护人\n赵一,青石镇/青石镇中学/八年级3班,G441622201201010011,{}\n"
    roster.write_text(lines.format("赵大山"), encoding="utf-8")
    assert setup.import_file("pupils", roster, dry_run=True, skip_bad=False) == 0
    assert capsys.readouterr().out.endswith(
        "新增1，修改0，未变0，有问题0行。\n核对无误后，去掉 --dry-run 再导入一次。\n"
    )
    assert setup.import_file("pupils", roster, dry_run=False, skip_bad=False) == 0
    capsys.readouterr()
    roster.write_text(lines.format("赵小山"), encoding="utf-8")
    assert setup.import_file("pupils", roster, dry_run=True, skip_bad=False) == 0
    assert "修改的1人里：监护人1人。" in capsys.readouterr().out
    roster.write_text(lines.format("赵大山"), encoding="utf-8")
    assert setup.import_file("pupils", roster, dry_run=True, skip_bad=False) == 0
    assert "和现有名单一样，不用导入。" in capsys.readouterr().out
    roster.write_text(lines.format("赵大山") + "钱二,没有这个班,,\n", encoding="utf-8")
    assert setup.import_file("pupils", roster, dry_run=True, skip_bad=False) == 2
    assert "请先改好有问题的行" in capsys.readouterr().out
