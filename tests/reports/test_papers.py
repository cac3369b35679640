"""Papers asked for in chat by their names: what arrives is made from the records, within the asker's reach."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from bot import files as outgoing
from bot.commands import exports
from bot.desks import desk_for
from bot.files import make_for
from bot.papers import months, rounds, workfigures
from bot.papers.entries import entries
from bot.papers.paperwork import NotMade, Wanted, make
from bot.papers.rates import rate_table
from handlers import papers, reporting
from reports.archive import FOLDERS
from reports.catalogue import catalogue
from reports.columns import COLUMNS
from reports.forms import read_texts
from storage.evidence import Folder
from storage.store import Store
from tests.pages.county import TODAY, made_store, say, wake

pytestmark = pytest.mark.broad

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def store() -> Store:
    store = made_store()
    say(store, "wang", "家访 张三 家长说不想读了，不同意返校", TODAY)
    wake(store, TODAY)
    return store


ASKED = [
    # who, what they type, which paper, about whom
    ("wang", "打印 张三 劝返材料", "materials", "张三"),
    ("li", "张三 一生一案", "case_file", "张三"),
    ("li", "导出张三的核查函", "inquiry_letter", "张三"),
    ("zhou", "给我开一份张三的责令限期改正通知书", "order", "张三"),
    ("wang", "打印一张张三的缓学表", "deferral", "张三"),
    ("wang", "打印张三送达回证", "service_receipt", "张三"),
    ("wang", "导出班级台账", "class_ledger", None),
    ("li", "导出 请销假登记册", "leave_register", None),
    ("li", "下载异动登记册", "changes", None),
    ("wang", "导出9月出勤月报表", "attendance_month", None),
    ("zhou", "导出留守儿童台账", "group_left_behind", None),
    ("zhou", "导出周核查表。", "weekly_changes", None),
    ("zhou", "导出《季度复核表》", "quarterly_review", None),
    ("zhou", "生成一份自查报告", "self_report", None),
    ("li", "目标责任书", "pledge", None),
]  # fmt: skip


@pytest.mark.parametrize(("who", "text", "what", "name"), ASKED)
def test_a_paper_is_asked_for_by_its_name(store: Store, who: str, text: str, what: str, name: str | None) -> None:
    with store.look(TODAY) as work:
        action = papers.asked(desk_for(work, who, ""), text)
    assert action is not None
    assert (action.slots["what"], [m.name for m in action.students]) == (what, [name] if name else [])


@pytest.mark.parametrize(
    "text",
    [
        "张三今天没来",
        "一生一案怎么填",
        "已给张三家长送达劝学通知书",
        "不认识的人 一生一案",
        "张三 家访表",
        "开会议记录会",
    ],
)
def test_what_is_no_order_for_a_paper_stays_with_the_grammar(store: Store, text: str) -> None:
    with store.look(TODAY) as work:
        assert papers.asked(desk_for(work, "li", ""), text) is None


def test_the_month_said_is_the_month_meant(store: Store) -> None:
    said = [
        ("导出8月出勤月报表", "2025-08"),
        ("导出上个月出勤月报表", "2025-08"),
        ("导出11月份周核查表", "2024-11"),
        ("导出2024年3月周核查表", "2024-03"),
    ]
    with store.look(TODAY) as work:
        desk = desk_for(work, "li", "")
        assert [papers.asked(desk, text).slots["month"] for text, _ in said] == [month for _, month in said]


def test_every_name_is_a_paper_and_every_paper_has_a_name() -> None:
    chat = {*papers.TITLES, *reporting.EXPORTS} - {"materials"}
    levels = {
        f"{ledger}_{level}"
        for ledger in ("age", "suspected", "dropout")
        for level in ("county", "township", "village", "school")
    }
    made = {"home_visit", "persuasion_record", "persuasion_notice", "dropout_report", "dropout_statistics"}
    elsewhere = {"dropout_list"}  # the same list again as a sheet
    assert set(papers.TITLES) - {"materials"} <= set(catalogue())
    assert set(catalogue()) - chat - levels - made == elsewhere


ROLES = {"school": "li", "township": "huang", "county_edu": "zhou", "village": "liu"}


@pytest.mark.parametrize("what", [*papers.OF_PUPIL, *reporting.OF_PUPIL])
def test_every_paper_about_a_pupil_can_be_made_from_the_records(store: Store, what: str, tmp_path: Path) -> None:
    item = catalogue().get(
        {"visit_form": "home_visit", "notice_form": "persuasion_notice", "dropout_report_form": "dropout_report"}.get(
            what, what
        )
    )
    who = next(ROLES[k] for k in ("school", "county_edu", "township") if item is None or k in item.issuers)
    name, content = make_for(store, tmp_path, "", who, {"what": what, "pupil": "p1"}, TODAY)
    assert "张三" in name
    if name.endswith("docx"):
        assert ("张大山" if what == "service_receipt" else "张三") in "".join(read_texts(content))


@pytest.mark.clause("FN-26", "FN-29")
def test_the_booklet_holds_the_plan_the_opinion_and_who_teaches(tmp_path: Path) -> None:
    store = made_store()
    for minute, (who, words) in enumerate((
        ("li", "专家委员会 李四 意见：肢体一级，不具备到校接受教育能力，建议送教上门"),
        ("li", "安置 李四 送教上门"),
        ("li", "一人一案 李四：入户，每周一下午；长期目标：能认200字；短期目标：能说完整的话；内容：生活语文；康复：手指操"),
        ("zhou", "送教安排 李四：青石镇中心小学唐老师"),
        ("wang", "今天给李四送教2课时，共60分钟"),
    )):  # fmt: skip
        say(store, who, words, TODAY + dt.timedelta(minutes=minute))
    _, content = make_for(store, tmp_path, "", "li", {"what": "teaching_handbook", "pupil": "p2"}, TODAY)
    text = "".join(read_texts(content))
    for words in (
        "能认200字", "能说完整的话", "生活语文", "手指操", "入户，每周一下午", "建议送教上门",
        "9月18日专家组意见，2025年9月18日登记送教上门", "送教教师：青石镇中心小学唐老师", "已送教1次，累计2课时，60分钟",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.clause("FJ-3", "FN-5")
def test_the_ledger_of_schooling_elsewhere_says_where_and_what_proves_it(tmp_path: Path) -> None:
    store = made_store()
    say(store, "li", "李四转到惠州市第一小学了", TODAY)
    say(store, "li", "1", TODAY + dt.timedelta(minutes=1))
    say(store, "huang", "在外就学 李四：惠州市第一小学五年级，就读证明", TODAY + dt.timedelta(minutes=2))
    _, content = make_for(store, tmp_path, "", "huang", {"what": "schooling_elsewhere"}, TODAY + dt.timedelta(hours=1))
    cells = [str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(content)).active for cell in row]
    assert "惠州市第一小学五年级" in cells
    assert "就读证明" in cells


@pytest.mark.clause("FN-31")
def test_the_account_of_a_flag_is_made_of_what_was_written(tmp_path: Path) -> None:
    store = made_store()
    say(store, "li", "平台疑似名单里有李四", TODAY)
    say(store, "li", "核查说明 李四：9月17日已返校，平台数据未更新", TODAY + dt.timedelta(minutes=1))
    _, content = make_for(store, tmp_path, "", "li", {"what": "platform_reply", "pupil": "p2"}, TODAY)
    text = "".join(read_texts(content))
    assert "核查结论：9月17日已返校，平台数据未更新" in text
    assert "核查时间：2025年9月18日；核查人：李主任" in text


@pytest.mark.parametrize("what", [w for w in papers.OF_UNIT if w not in ("school_plan", "dropout_roll")])
def test_every_paper_of_a_unit_can_be_made_from_the_records(store: Store, what: str, tmp_path: Path) -> None:
    who = (
        "wang"
        if what == "attendance_month"
        else next(ROLES[k] for k in ("county_edu", "school") if k in catalogue()[what].issuers)
    )
    name, content = make_for(store, tmp_path, "", who, {"what": what}, TODAY)
    assert name.endswith((".xlsx", ".docx"))
    assert len(content) > 2000


@pytest.mark.clause("LC-9", "LC-10")
@pytest.mark.parametrize(("who", "rooms"), [("li", ["八年级3班", "九年级1班"]), ("wang", ["八年级3班"])])
def test_attendance_is_given_out_by_class_and_by_school(
    store: Store, who: str, rooms: list[str], tmp_path: Path
) -> None:
    _, content = make_for(store, tmp_path, "", who, {"what": "attendance_month"}, TODAY)
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [row for row in book["出勤"].iter_rows(min_row=4, values_only=True) if row[1]]
    assert [row[0] for row in lines] == rooms
    assert all(row[4] == row[3] - row[6] - row[7] - row[8] for row in lines)
    heads = [cell.value for cell in book["缺勤明细"][3]]
    assert ("班级" in heads) == (who == "li")
    with pytest.raises(NotMade, match="由学校按全校导出"):
        make_for(store, tmp_path, "", "zhou", {"what": "attendance_month"}, TODAY)


@pytest.mark.parametrize(
    ("who", "wanted", "said"),
    [
        ("li", {"what": "order", "pupil": "p1"}, "学校不能出具"),
        ("liu", {"what": "case_file", "pupil": "p1"}, "专人"),
        ("huang", {"what": "group_disabled"}, "专人"),
        ("li", {"what": "group_justice"}, "专人"),
        ("he", {"what": "materials", "pupil": "p1"}, "没有找到"),
        ("li", {"what": "quarterly_review"}, "县级教育行政部门出具"),
    ],
)
def test_what_may_not_be_had_is_refused_with_a_sentence(
    store: Store, who: str, wanted: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(NotMade, match=said):
        make_for(store, tmp_path, "", who, wanted, TODAY)


def test_a_notice_has_its_last_day_and_clause_and_a_form_its_photo(store: Store, tmp_path: Path) -> None:
    _, notice = make_for(store, tmp_path, "", "li", {"what": "notice_form", "pupil": "p1"}, TODAY)
    text = "".join(read_texts(notice))
    assert "请您在2025年9月25日前送孩子返校，到青石镇中学报到" in text
    with store.begin(TODAY) as work:
        visit = next(f for f in work.cases.facts("p1") if f.kind.value == "visit" and f.by == "wang")
        id = work.evidence.expect("m1", "wang", "image", "p1", visit.id)
        work.evidence.keep(id, Folder(tmp_path, store.sealer).write(id, PIXEL, "image/png"))
        work.evidence.expect("m2", "wang", "image", "p1", visit.id)
    name, archive = make_for(store, tmp_path, "", "li", {"what": "materials", "pupil": "p1"}, TODAY)
    packed = zipfile.ZipFile(io.BytesIO(archive))
    photos = [n for n in packed.namelist() if n.startswith(f"{FOLDERS[4]}/照片-")]
    assert (name, [packed.read(n) for n in photos]) == ("张三控辍保学档案-20250918.zip", [PIXEL])
    index = openpyxl.load_workbook(io.BytesIO(packed.read("目录.xlsx")))["目录"]
    said = "".join(str(c.value or "") for row in index.iter_rows() for c in row)
    assert "没有取到，请补传" in said
    assert "家长签字" in said
    forms = [zipfile.ZipFile(io.BytesIO(packed.read(n))) for n in packed.namelist() if "家访记录表" in n]
    assert sum(any(n.startswith("word/media/") for n in form.namelist()) for form in forms) == 1  # of its own visit


def test_a_file_too_large_for_the_chat_comes_as_a_link(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "LARGEST", 1000)
    with pytest.raises(NotMade, match=r"https://x\.cn/m/pupil/p1/paper/materials"):
        make_for(store, tmp_path, "https://x.cn/", "li", {"what": "materials", "pupil": "p1"}, TODAY)
    with pytest.raises(NotMade, match=r"/m/ledgers/file\?what=changes&month=2025-08"):
        make_for(store, tmp_path, "https://x.cn", "li", {"what": "changes", "month": "2025-08"}, TODAY)


@pytest.mark.clause("FJ-1", "FJ-6")
def test_the_week_and_the_circular_tell_who_came_onto_the_ledger(store: Store, tmp_path: Path) -> None:
    _, week = make_for(store, tmp_path, "", "zhou", {"what": "weekly_changes"}, TODAY)
    rows = [[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(week))["周报"].iter_rows(4)]
    assert rows[0][1:6] == ["＋", "张三", "青石镇中学", "列入疑似辍学", dt.datetime(2025, 9, 17)]
    _, circular = make_for(store, tmp_path, "", "zhou", {"what": "circular"}, TODAY)
    assert "新增1人，核减0人，期末1人" in "".join(read_texts(circular))


@pytest.mark.clause("TA-32", "FN-9")
def test_review_and_self_report_hold_the_countys_figures(store: Store, tmp_path: Path) -> None:
    _, review = make_for(store, tmp_path, "", "zhou", {"what": "quarterly_review"}, TODAY)
    book = openpyxl.load_workbook(io.BytesIO(review))
    assert {r[1].value: (r[2].value, r[4].value) for r in book["复核表"].iter_rows(4, 6)} == dict.fromkeys(
        ("青石镇中学", "青石镇中心小学", "河湾乡九年一贯制学校"), ("未报", 0)
    )
    drawn = [r[1].value for r in book["抽查名单"].iter_rows(4) if isinstance(r[0].value, int)]
    assert {s: drawn.count(s) for s in set(drawn)} == dict.fromkeys(
        ("青石镇中学", "青石镇中心小学", "河湾乡九年一贯制学校"), 2
    )
    _, report = make_for(store, tmp_path, "", "zhou", {"what": "self_report"}, TODAY)
    text = "".join(read_texts(report))
    assert "义务教育学校3所，其中小学1所、初中1所、九年一贯制学校1所；在籍学生121人，其中小学60人、初中61人" in text
    # No school has reported yet: silence is not zero.
    assert "应报3份，已报0份）合计：转入＿＿人，转出＿＿人" in text
    assert "疑似辍学新增＿＿人" in text


def test_an_office_changes_a_template_in_word(store: Store, tmp_path: Path) -> None:
    assert exports.to_file("templates", None, None, None, tmp_path / "templates") == 0
    own = tmp_path / "templates" / "persuasion_notice.docx"
    document = Document(str(own))
    document.paragraphs[0].insert_paragraph_before("某某县统一格式")
    document.save(str(own))
    _, notice = make_for(store, tmp_path, "", "li", {"what": "notice_form", "pupil": "p1"}, TODAY)
    assert read_texts(notice)[0] == "某某县统一格式"
    assert "张三" in "".join(read_texts(notice))


def test_aid_and_what_was_done_for_a_pupil_are_filled_in(tmp_path: Path) -> None:
    store = made_store()
    for who, text in (
        ("li", "记资助 张三 生活补助500元"),
        ("wang", "记谈心 张三 他说怕同学笑话"),
        ("huang", "记约谈家长 张三 讲明法律"),
    ):
        say(store, who, text, TODAY)
    with store.look(TODAY) as work:
        li, huang = desk_for(work, "li", "x"), desk_for(work, "huang", "x")
        assert li is not None
        assert huang is not None
        file = "".join(read_texts(make(work, li, Wanted("case_file", "p1")).content))
        assert "生活补助500元" in file
        plan = "".join(read_texts(make(work, li, Wanted("pupil_plan", "p1")).content))
        assert "资助帮扶：生活补助500元" in plan
        assert "复学或者安置方案：＿＿" in file  # not in school: nothing is said of how the pupil is taught
        report = "".join(read_texts(make(work, li, Wanted("dropout_report_form", "p1")).content))
        assert report.startswith("青石镇中学辍学报告书〔　　　　〕　　号青石镇人民政府、")
        assert "笑话" not in report
        order = "".join(read_texts(make(work, huang, Wanted("order", "p1")).content))
        assert "本机关于2025年9月18日对你进行了批评教育" in order
        plan = "".join(read_texts(make(work, li, Wanted("school_plan")).content))
        assert re.search(r"在籍学生\d+人，在校\d+人", plan)
    store.close()


@pytest.mark.clause("LC-18", "XY-15")
def test_the_papers_of_a_pupil_who_is_back_tell_of_the_absence_that_ended(tmp_path: Path) -> None:
    store = made_store()
    day = dt.datetime(2025, 9, 10, 8, 5)
    for days, text in (
        (0, "张三 缺勤 不想读了"), (1, "家访 张三 18:30到19:10见到父亲，不同意返校"), (2, "张三 缺勤"), (5, "张三 缺勤"),
        (6, "张三今天回来上课了"), (7, "家访 张三 家长同意继续读书"),
    ):  # fmt: skip
        say(store, "wang", text, day + dt.timedelta(days=days, hours=11 if "家访" in text else 0))
    later = day + dt.timedelta(days=8)
    pupil = next(p for p in ("p1", "p2", "p3") if _name(store, p) == "张三")
    texts = {
        what: "\n".join(read_texts(make_for(store, tmp_path, "", "wang", {"what": what, "pupil": pupil}, later)[1]))
        for what in ("persuasion_record", "dropout_registration", "return_support", "visit_form")
    }
    assert "逐次劝返记录（已劝返3次）" in texts["persuasion_record"], "what comes after the return is a follow-up"
    for words in ("2025年9月10日", "4个教学日", "不想读了", "2025年9月16日"):
        assert words in texts["persuasion_record"], words
        assert words in texts["dropout_registration"], words
    assert "劝返结果\n已返校" in texts["dropout_registration"]
    assert "2025年9月10日" in texts["return_support"]
    assert "2025年9月23日" in texts["return_support"], "when the next follow-up is due"
    assert "家长同意继续读书" in texts["visit_form"]
    with store.look(later) as work:
        (entry,) = (e for e in entries(work, desk_for(work, "li", ""), silent=False) if e.pupil.name == "张三")
    shown = {head: COLUMNS[head].value(entry) for head in ("since", "days", "visits", "listed", "owner")}
    assert shown == {
        "since": dt.date(2025, 9, 10),
        "days": 4,
        "visits": 2,
        "listed": dt.date(2025, 9, 12),
        "owner": "王老师",
    }
    (first,) = [e for e in entry.events if e.kind == "visit" and e.on == dt.date(2025, 9, 11)]
    assert (first.start, first.end, first.text) == ("18:30", "19:10", "18:30到19:10见到父亲，不同意返校")


def _name(store: Store, id: str) -> str:
    with store.look(TODAY) as work:
        pupil = work.people.pupil(id)
        return pupil.name if pupil else ""


@pytest.mark.clause("FN-29", "FN-22")
def test_minutes_that_nobody_told_are_no_zero_and_a_referral_goes_to_its_department(tmp_path: Path) -> None:
    store = made_store()
    say(store, "li", "今天给李四送教2课时，认识数字1到10", TODAY)
    say(store, "li", "转介 李四 给民政：家里困难", TODAY + dt.timedelta(minutes=1))
    text = "\n".join(
        read_texts(make_for(store, tmp_path, "", "li", {"what": "teaching_handbook", "pupil": "p2"}, TODAY)[1])
    )
    assert "已送教1次，累计2课时，＿＿＿＿＿＿分钟" in text or "累计2课时，＿＿分钟" in text
    assert "0分钟" not in text.replace("30分钟", "")
    assert "认识数字1到10" in text
    letter = "\n".join(read_texts(make_for(store, tmp_path, "", "li", {"what": "referral", "pupil": "p2"}, TODAY)[1]))
    assert "民政部门：" in letter
    assert "在就学中遇到困难：家里困难" in letter


def test_self_report_plan_and_monthly_report_count_one_register(tmp_path: Path) -> None:
    """A suspended pupil stays registered, one who was transferred does not; each paper says the same."""
    store = made_store()
    for text in ("李四因病休学到2026年8月31日", "1", "确认张三辍学，外出打工", "是"):
        say(store, "li", text, TODAY)
    with store.look(TODAY + dt.timedelta(hours=1)) as work:
        desk = desk_for(work, "li", "")
        school = desk.posts[-1].unit
        counted = months.count(work, school, f"{TODAY:%Y-%m}").figures["total"]
        plan, report = rounds.school_plan(work, desk), rounds.self_report(work, desk, f"{TODAY:%Y-%m}")
        board, lines = work.cases.counts(desk.scope, TODAY.date()), list(entries(work, desk, silent=True))
        (sheet,) = (row.pupils for row in workfigures.assessment(work, desk, "").schools)
    assert counted["suspended"] == 1
    assert plan["registered"] == report["registered"] == counted["registered"]
    assert plan["present"] == counted["present"]
    assert sheet == counted["registered"]
    assert report["registered_primary"] + report["registered_junior"] == report["registered"]
    states, ledgers = Counter(e.case.state for e in lines), Counter(e.case.ledger for e in lines)
    assert len(lines) == board["pupils"]
    assert {state: board[state] for state in states} == states, "the dashboard counts what the ledgers list"
    assert {name: board[f"ledger_{name}"] for name in ledgers} == ledgers
    assert (counted["suspected"], counted["dropouts"]) == (states["suspected"], states["dropout"])
    assert (report["suspected"], report["dropouts"]) == (states["suspected"], states["dropout"])


def test_the_self_report_has_the_rates_of_the_whole_and_not_of_its_last_school() -> None:
    store = made_store()
    with store.begin(TODAY) as work:
        pupil = work.people.pupil("p1")
        work.people.put_pupil(replace(pupil, groups=pupil.groups | {"disabled"}))
    say(store, "li", f"确认{pupil.name}辍学，外出打工", TODAY)
    say(store, "li", "是", TODAY + dt.timedelta(minutes=1))
    with store.look(TODAY + dt.timedelta(hours=1)) as work:
        desk = desk_for(work, "zhou", "")
        rates = [r.figure.percent for r in rate_table(work, desk, "").rates if r.name == "disabled"]
        report = rounds.self_report(work, desk, f"{TODAY:%Y-%m}")
    assert rates[-1] == "100.00%" != rates[0]
    assert report["disabled_rate"] == rates[0]
