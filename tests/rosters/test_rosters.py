"""Rosters as offices write them: taken in once, bad rows told by number, column and reason."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from bot.rosters import RosterError, import_roster, read_roster
from bot.rosters.cells import Wrong, day
from bot.rosters.units import grade_of
from casework.people import Post
from handlers.understanding import names
from tests.support.stores import fresh_store

pytestmark = pytest.mark.broad

NOW = dt.datetime(2025, 9, 1, 8, 0)
UNITS = [
    ("路径", "类型"),
    ("老隆镇/第一中学/八年级3班", "班级"),
    ("老隆镇", "乡镇"),
    ("老隆镇/第一中学", "初中"),
    ("老隆镇/上坪村", "村"),
    ("老隆镇/第一中学/八年级4班", "班级"),
    ("佗城镇", "乡镇"),
    ("佗城镇/第一中学", "九年一贯"),
    ("佗城镇/第一中学/八年级3班", "班级"),
]
PUPILS_HEADER = (
    "姓名",
    "学校班级",
    "性别",
    "身份证号",
    "学籍号",
    "现住址",
    "村",
    "监护人",
    "关系",
    "监护人电话",
    "重点群体",
    "本县户籍",
    "送教",
    "入学日期",
)
CLASS = "老隆镇/第一中学/八年级3班"


def id_with_check(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


ID1, ID2, ID3 = (id_with_check(f"44162220110307{n:03}") for n in (1, 2, 3))


@pytest.fixture
def roster(tmp_path):
    """Writes lines as a workbook, or as CSV in an encoding, and gives its path."""

    def write(lines, encoding=None):
        if encoding:
            path = tmp_path / "roster.csv"
            path.write_text("\n".join(",".join(str(c) for c in line) for line in lines), encoding=encoding)
            return path
        path = tmp_path / "roster.xlsx"
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(list(line))
        book.save(path)
        return path

    return write


@pytest.fixture
def store():
    store = fresh_store(county="龙川县", fold=names)
    yield store
    store.close()


@pytest.fixture
def county(store, roster):
    import_roster(store, "units", roster(UNITS), NOW)
    return store


def counts(result):
    return result.added, result.changed, result.unchanged, len(result.bad)


def faults(result):
    return [(bad.number, bad.column) for bad in result.bad]


def child(name="张三", **more):
    """A row of the pupils' roster."""
    row = {"姓名": name, "学校班级": CLASS} | more
    return tuple(row.get(column) for column in PUPILS_HEADER)


def pupils(*rows):
    return [PUPILS_HEADER, *rows]


def everyone(store):
    with store.look(NOW) as work:
        scope = work.world.directory.scope_of("nobody", NOW.date())
        ids = [id for id, _, _ in work.people.all_names()]
        details = work.people.details_of(ids)
        assert scope.everything is False
        return {p.name: (p, details.get(p.id, {})) for p in work.people.pupils(ids).values()}


# -- units -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-8-sig", "gb18030"])
def test_units_in_any_order_and_encoding(store, roster, encoding):
    path = roster(UNITS, encoding)
    assert counts(import_roster(store, "units", path, NOW)) == (8, 0, 0, 0)
    assert counts(import_roster(store, "units", path, NOW)) == (0, 0, 8, 0)
    with store.look(NOW) as work:
        units = {unit.name: unit for unit in work.people.units()}
        paths = {work.world.directory.path(u.id) for u in units.values()}
    assert units["八年级4班"].grade == 8
    assert units["老隆镇"].parent == ""
    assert max(len(path) for path in paths) == 4


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (("老隆镇/第二中学", "高中"), "类型", "不认识"),
        (("老隆镇/第二中学", ""), "类型", "空"),
        (("柳城镇/第二中学", "初中"), "路径", "柳城镇"),
        (("八年级9班", "班级"), "路径", "全路径"),
        (("老隆镇", "乡镇"), "路径", "第3行重复"),
        (("", "乡镇"), "路径", "空"),
    ],
)
def test_bad_units(store, roster, line, column, word):
    result = import_roster(store, "units", roster([*UNITS, line]), NOW)
    [bad] = result.bad
    assert (bad.number, bad.column) == (10, column)
    assert word in bad.reason
    assert counts(result) == (0, 0, 0, 1)
    with store.look(NOW) as work:
        assert len(work.people.units()) == 1


def test_a_school_becomes_nine_year(county, roster):
    lines = [UNITS[0], ("老隆镇/第一中学", "九年一贯"), ("龙川县/老隆镇", "镇")]
    assert counts(import_roster(county, "units", roster(lines), NOW)) == (0, 1, 1, 0)


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("八年级3班", 8), ("八(3)班", 8), ("三（2）班", 3), ("3年级2班", 3), ("初二1班", 8), ("初三（1）班", 9), ("三年2班", 3),
        ("301班", None), ("送教班", None), ("小学五年级", 5),
    ],
)  # fmt: skip
def test_the_grade_in_a_class_name(name, grade):
    assert grade_of(name) == grade


# -- staff -------------------------------------------------------------------------------------

STAFF_HEADER = ("姓名", "企业微信账号", "角色", "单位", "手机号")
STAFF = [
    STAFF_HEADER,
    ("王老师", "wang", "班主任", CLASS, "138 0000 0001"),
    ("王老师", "wang", "任课教师", "老隆镇/第一中学/八年级4班", ""),
    ("李主任", "li", "控辍专干", "老隆镇/第一中学", ""),
    ("刘支书", "liu", "村干部", "上坪村", ""),
    ("黄干事", "huang", "乡镇干部", "老隆镇", ""),
    ("周股长", "zhou", "县教育局", "龙川县", ""),
]


@pytest.mark.clause("XY-3", "LC-1", "FJ-26")
def test_staff_with_their_posts(county, roster):
    assert counts(import_roster(county, "staff", roster(STAFF), NOW)) == (5, 1, 0, 0)
    assert counts(import_roster(county, "staff", roster(STAFF), NOW)) == (0, 0, 6, 0)
    with county.look(NOW) as work:
        directory = work.world.directory
        held = {(p.role, directory.units[p.unit].name) for p in directory.posts_of("wang", NOW.date())}
        assert held == {("teacher", "八年级3班"), ("subject_teacher", "八年级4班")}
        assert work.people.phone("wang") == "13800000001"
        assert work.people.posts("zhou") == [Post("zhou", "county", "")]


def test_a_new_post_changes_one_row(county, roster):
    import_roster(county, "staff", roster(STAFF), NOW)
    more = [*STAFF, ("李主任", "li", "校长", "老隆镇/第一中学", "")]
    assert counts(import_roster(county, "staff", roster(more), NOW)) == (0, 1, 6, 0)


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (("赵老师", "zhao", "校医", CLASS, ""), "角色", "班主任"),
        (("赵老师", "zhao", "班主任", "老隆镇/第一中学", ""), "单位", "班级"),
        (("赵老师", "zhao", "班主任", "八年级3班", ""), "单位", "有2个"),
        (("赵老师", "zhao", "校长", "第三中学", ""), "单位", "第三中学"),
        (("赵老师", "", "班主任", CLASS, ""), "企业微信账号", "空"),
        (("赵老师", "赵老师", "班主任", CLASS, ""), "企业微信账号", "字母"),
        (("赵老师", "wang", "班主任", CLASS, ""), "企业微信账号", "第2行"),
        (("赵老师", "zhao", "班主任", CLASS, "12"), "手机号", "11位"),
        (("赵老师", "zhao", "县教育局", "老隆镇", ""), "单位", "龙川县"),
        (("赵老师", "zhao", "管理员", "", ""), "单位", "龙川县"),
        (("赵老师", "zhao", "班主任", "", ""), "单位", "空"),
        (("", "zhao", "班主任", CLASS, ""), "姓名", "空"),
    ],
)
def test_bad_staff(county, roster, line, column, word):
    result = import_roster(county, "staff", roster([*STAFF, line]), NOW)
    assert faults(result) == [(8, column)]
    assert word in result.bad[0].reason


def test_a_second_post_over_the_county_waits_for_another_person_and_the_import_says_so(county, roster):
    assert import_roster(county, "staff", roster(STAFF), NOW).notes == (
        "新增岗位：班主任1、任课教师1、控辍专干1、村干部1、乡镇干部1、县教育局1。",
    )
    more = [*STAFF, ("吴科员", "wu", "管理员", "龙川县", "")]
    for dry_run in (True, False, False):
        [note] = import_roster(county, "staff", roster(more), NOW, dry_run=dry_run).notes
        assert "吴科员" in note
        assert "/m/settings/waiting" in note
    with county.look(NOW) as work:
        assert work.people.posts("wu") == []
        assert [one.what.person for one in work.proposals.open()] == ["wu"]


# -- calendar ----------------------------------------------------------------------------------

DAYS_HEADER = ("日期", "开始", "结束", "类型", "单位")
DAYS = [
    DAYS_HEADER,
    ("", "2025-09-01", "2026-01-30", "学期", ""),
    ("", dt.date(2026, 3, 2), dt.date(2026, 7, 10), "学期", "龙川县"),
    ("2025年10月11日", "", "", "上课", ""),
    ("2025/11/3", "", "", "停课", "老隆镇/第一中学"),
]


def test_days(county, roster):
    assert counts(import_roster(county, "calendar", roster(DAYS), NOW)) == (4, 0, 0, 0)
    assert counts(import_roster(county, "calendar", roster(DAYS), NOW)) == (0, 0, 4, 0)
    corrected = [DAYS_HEADER, ("", "2025-09-01", "2026-01-23", "学期", "")]
    assert counts(import_roster(county, "calendar", roster(corrected), NOW)) == (0, 1, 0, 0)
    with county.look(NOW) as work:
        days = work.world.calendar.county
        assert days.is_school_day(dt.date(2025, 10, 11))
        assert not days.is_school_day(dt.date(2026, 1, 26))
        assert [t.end for t in days.terms] == [dt.date(2026, 1, 23), dt.date(2026, 7, 10)]


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (("2025-02-30", "", "", "停课", ""), "日期", "没有这一天"),
        (("下周一", "", "", "停课", ""), "日期", "2025-09-01"),
        (("", "", "", "停课", ""), "日期", "空"),
        (("", "2025-09-01", "", "学期", ""), "结束", "空"),
        (("", "2025-09-01", "2025-08-01", "学期", ""), "结束", "早于"),
        (("", "2025-09-01", "2027-01-30", "学期", ""), "结束", "学期"),
        (("", "2025-12-01", "2026-02-10", "学期", ""), "开始", "重叠"),
        (("2025-10-11", "", "", "补课", ""), "类型", "上课"),
        (("", "2026-09-01", "2027-01-30", "学期", "老隆镇"), "单位", "留空"),
        (("2025-10-11", "", "", "停课", "柳城镇"), "单位", "柳城镇"),
    ],
)
def test_bad_days(county, roster, line, column, word):
    result = import_roster(county, "calendar", roster([*DAYS, line]), NOW)
    assert faults(result) == [(6, column)]
    assert word in result.bad[0].reason


# -- pupils ------------------------------------------------------------------------------------

FULL = child(
    性别="男", 身份证号=ID1, 学籍号="G" + ID1, 现住址="上坪村8号", 村="老隆镇/上坪村", 监护人="张大山", 关系="父亲",
    监护人电话="138-0000-0001", 重点群体="留守儿童、残疾", 本县户籍="否", 送教="是", 入学日期="2024-09-01",
)  # fmt: skip


@pytest.mark.clause("TA-17")
def test_a_pupil_with_everything(county, roster):
    assert counts(import_roster(county, "pupils", roster(pupils(FULL)), NOW)) == (1, 0, 0, 0)
    [(pupil, details)] = everyone(county).values()
    assert (pupil.name, pupil.groups, pupil.local, pupil.home_taught) == (
        "张三",
        {"left_behind", "disabled"},
        False,
        True,
    )
    assert pupil.entered == dt.date(2024, 9, 1)
    assert details == {
        "sex": "男", "born": "2011-03-07", "id_number": ID1, "student_number": "G" + ID1, "address": "上坪村8号",
        "guardian": "张大山", "relation": "父亲", "phone": "13800000001",
    }  # fmt: skip
    assert counts(import_roster(county, "pupils", roster(pupils(FULL)), NOW)) == (0, 0, 1, 0)


def test_an_empty_cell_changes_nothing_and_a_filled_one_does(county, roster):
    import_roster(county, "pupils", roster(pupils(FULL)), NOW)
    bare = child(学籍号="G" + ID1)
    assert counts(import_roster(county, "pupils", roster(pupils(bare)), NOW)) == (0, 0, 1, 0)
    moved = child(学籍号="G" + ID1, 学校班级="老隆镇/第一中学/八年级4班", 重点群体="无", 监护人电话="13900000002")
    assert counts(import_roster(county, "pupils", roster(pupils(moved)), NOW)) == (0, 1, 0, 0)
    [(pupil, details)] = everyone(county).values()
    assert pupil.groups == frozenset()
    assert (details["phone"], details["guardian"], details["id_number"]) == ("13900000002", "张大山", ID1)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        pytest.param({"学籍号": "G100001"}, {"学籍号": "G100001", "姓名": "张三丰"}, (0, 1, 0, 0), id="renamed"),
        pytest.param({"学籍号": "G100001"}, {"学籍号": "g100001 "}, (0, 0, 1, 0), id="spelt otherwise"),
        pytest.param({"身份证号": ID1}, {"身份证号": ID1, "学籍号": "G100001"}, (0, 1, 0, 0), id="by 身份证号"),
        pytest.param({"学籍号": "G100001", "身份证号": ID1}, {"学籍号": "G100001", "身份证号": ID2}, (0, 1, 0, 0), id="corrected"),
        pytest.param({"监护人电话": "13800000001"}, {"监护人电话": "13800000001", "学籍号": "G100001"}, (0, 1, 0, 0), id="by phone"),
        pytest.param({}, {}, (0, 0, 1, 0), id="by class and name alone"),
        pytest.param({}, {"监护人电话": "13800000001"}, (0, 1, 0, 0), id="phone learnt"),
        pytest.param({"学籍号": "G100001"}, {"学籍号": "G100002"}, (1, 0, 0, 0), id="another child of that name"),
        pytest.param({"监护人电话": "13800000001"}, {"监护人电话": "13800000002"}, (0, 0, 0, 1), id="not to be told apart"),
        pytest.param({"学籍号": "G100001"}, {"学校班级": "老隆镇/第一中学/八年级4班"}, (1, 0, 0, 0), id="another class"),
    ],
)  # fmt: skip
def test_matching(county, roster, first, then, expected):
    assert counts(import_roster(county, "pupils", roster(pupils(child(**first))), NOW)) == (1, 0, 0, 0)
    assert counts(import_roster(county, "pupils", roster(pupils(child(**then))), NOW)) == expected


def test_two_of_one_name_told_apart_by_phone(county, roster):
    two = pupils(child(监护人电话="13800000001"), child(监护人电话="13800000002"))
    assert counts(import_roster(county, "pupils", roster(two), NOW)) == (2, 0, 0, 0)
    assert counts(import_roster(county, "pupils", roster(two), NOW)) == (0, 0, 2, 0)
    result = import_roster(county, "pupils", roster(pupils(child())), NOW)
    assert faults(result) == [(2, "姓名")]
    assert "学籍号" in result.bad[0].reason


def test_numbers_of_two_children_in_one_row(county, roster):
    import_roster(county, "pupils", roster(pupils(child(学籍号="G100001"), child("李四", 身份证号=ID2))), NOW)
    result = import_roster(county, "pupils", roster(pupils(child(学籍号="G100001", 身份证号=ID2))), NOW)
    assert faults(result) == [(2, "学籍号")]


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (child(""), "姓名", "空"),
        (child("123"), "姓名", "姓名"),
        (child(学校班级=""), "学校班级", "空"),
        (child(学校班级="老隆镇/第一中学/八年级9班"), "学校班级", "八年级9班"),
        (child(学校班级="八年级3班"), "学校班级", "有2个"),
        (child(学校班级="老隆镇/第一中学"), "学校班级", "班级"),
        (child(身份证号=ID1[:-1] + ("1" if ID1[-1] != "1" else "2")), "身份证号", "校验码"),
        (child(身份证号=ID1[:-1]), "身份证号", "18位"),
        (child(身份证号=id_with_check("44162220111307001")), "身份证号", "出生日期"),
        (child(学籍号="无"), "学籍号", "字母和数字"),
        (child(监护人电话="没有"), "监护人电话", "电话"),
        (child(村="下坪村"), "村", "下坪村"),
        (child(重点群体="留守儿童、外星人"), "重点群体", "外星人"),
        (child(本县户籍="大概"), "本县户籍", "是"),
        (child(送教="?"), "送教", "否"),
        (child(入学日期="去年"), "入学日期", "2025-09-01"),
        (child(性别="男孩"), "性别", "女"),
        (child("王五", 学籍号="G100009"), "学籍号", "第2行"),
        (child("王五", 身份证号=ID3), "身份证号", "第2行"),
        (child("孙八"), "姓名", "第3行"),
    ],
)
def test_bad_pupils(county, roster, row, column, word):
    good = (child("钱七", 学籍号="G100009", 身份证号=ID3), child("孙八"))
    result = import_roster(county, "pupils", roster(pupils(*good, row)), NOW)
    assert faults(result) == [(4, column)]
    assert word in result.bad[0].reason
    assert counts(result)[:3] == (0, 0, 0)
    assert everyone(county) == {}
    kept = import_roster(county, "pupils", roster(pupils(*good, row)), NOW, skip_bad=True)
    assert counts(kept) == (2, 0, 0, 1)
    assert everyone(county).keys() == {"钱七", "孙八"}


def test_every_fault_of_a_row_is_told(county, roster):
    result = import_roster(county, "pupils", roster(pupils(child(性别="x", 送教="y?", 村="z"))), NOW)
    assert faults(result) == [(2, "性别"), (2, "村"), (2, "送教")]


def test_dry_run_writes_nothing(county, roster):
    result = import_roster(county, "pupils", roster(pupils(FULL, child("李四", 送教="?"))), NOW, dry_run=True)
    assert counts(result) == (1, 0, 0, 1)
    assert everyone(county) == {}


def test_names_are_found_after_the_import(county, roster):
    import_roster(county, "staff", roster(STAFF), NOW)
    rows = (child("阿依古丽·买买提"), child("欧阳娜娜", 监护人电话="13800000002"))
    import_roster(county, "pupils", roster(pupils(*rows)), NOW)
    with county.look(NOW) as work:
        scope = work.world.directory.scope_of("wang", NOW.date())
        index = work.people.names(scope, [])
        assert set(index.exact(["阿依古丽", "娜娜", "张三"])) == {"阿依古丽", "娜娜"}


# -- files -------------------------------------------------------------------------------------


def test_columns_in_any_order_unknown_ones_listed_blank_rows_skipped(county, roster):
    lines = [
        ("备注", "学校班级*", " 姓名 ", "序号"),
        ("", CLASS, "张三", 1),
        ("", "", "", ""),
        ("", CLASS, "李 四", 2),
        ("", "x", "王五", 3),
    ]
    result = import_roster(county, "pupils", roster(lines), NOW)
    assert result.unknown_columns == ["备注", "序号"]
    assert faults(result) == [(5, "学校班级")]


@pytest.mark.parametrize(
    ("written", "read"),
    [("12-9-1", "2012-09-01"), ("09.9.1", "2009-09-01"), ("19年9月1日", "2019-09-01"), ("1/9/12", None), ("9/1/12", None), ("10/9/12", None)],
)  # fmt: skip
def test_a_year_of_two_places_is_read_where_it_can_only_be_one(written: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(Wrong, match="年份写成四位"):
            day(written)
    else:
        assert day(written).isoformat() == read


def test_numbers_and_dates_as_excel_keeps_them(county, roster):
    row = child(监护人电话=13800000001, 入学日期=dt.datetime(2024, 9, 1), 学籍号=100001)
    assert counts(import_roster(county, "pupils", roster(pupils(row)), NOW)) == (1, 0, 0, 0)
    [(pupil, details)] = everyone(county).values()
    assert (details["phone"], pupil.entered, details["student_number"]) == (
        "13800000001",
        dt.date(2024, 9, 1),
        "100001",
    )


@pytest.mark.parametrize(
    ("lines", "word"),
    [([("姓名", "班级"), ("张三", "x")], "学校班级"), ([], "空"), ([("姓名", "姓名", "学校班级")], "两次")],
)
def test_a_file_at_fault_as_a_whole(county, roster, lines, word):
    with pytest.raises(RosterError, match=word):
        import_roster(county, "pupils", roster(lines), NOW)


def test_no_table_at_all(county, tmp_path):
    fake = tmp_path / "roster.xlsx"
    fake.write_bytes(b"PK not really")
    for path, word in ((fake, "打不开"), (tmp_path / "roster.doc", "另存")):
        with pytest.raises(RosterError, match=word):
            read_roster(path)
    with pytest.raises(RosterError, match="不能导入"):
        import_roster(county, "parents", fake, NOW)


def test_progress_is_told_up_to_the_end(county, roster):
    told = []
    import_roster(county, "pupils", roster(pupils(FULL)), NOW, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_class_may_be_written_as_pages_show_it_where_that_is_clear(county, roster):
    done = import_roster(county, "pupils", roster(pupils(child(学校班级="第一中学八年级4班"))), NOW)
    assert counts(done) == (1, 0, 0, 0)
    assert everyone(county)["张三"][0].class_id == import_roster_class(county, "八年级4班")
    unclear = import_roster(county, "pupils", roster(pupils(child("李四", 学校班级="第一中学八年级3班"))), NOW)
    assert "请写全路径" in unclear.bad[0].reason
    nowhere = import_roster(county, "pupils", roster(pupils(child("李四", 学校班级="第二中学八年级3班"))), NOW)
    assert "镇/第一中学/八年级" in nowhere.bad[0].reason


def import_roster_class(store, name):
    with store.look(NOW) as work:
        return next(unit.id for unit in work.people.units() if unit.name == name)


def test_a_telephone_that_has_changed_is_taken_in_the_way_that_the_sentence_says(county, roster):
    import_roster(county, "pupils", roster(pupils(child(监护人电话="13800000001"))), NOW)
    refused = import_roster(county, "pupils", roster(pupils(child(监护人电话="13900000002"))), NOW)
    assert faults(refused) == [(2, "监护人电话")]
    assert "名册里这个班已有“张三”，电话和这一行不同" in refused.bad[0].reason
    assert counts(import_roster(county, "pupils", roster(pupils(child(身份证号=ID1))), NOW)) == (0, 1, 0, 0)
    again = import_roster(county, "pupils", roster(pupils(child(身份证号=ID1, 监护人电话="13900000002"))), NOW)
    assert counts(again) == (0, 1, 0, 0)
    assert everyone(county)["张三"][1]["phone"] == "13900000002"
    other = import_roster(county, "pupils", roster(pupils(child(身份证号=ID2, 监护人电话="13900000003"))), NOW)
    assert counts(other) == (1, 0, 0, 0)
