"""Every Word form: made from a full and from an empty record, opened again, read and held against the rules."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Cm

from casework.case import Case
from reports import law
from reports.catalogue import catalogue, produce
from reports.forbidden import WITHHELD, Forbidden
from reports.forms import NotReady, make_form, read_texts
from reports.inputs import Entry, Event, Material, Paper, Photo
from reports.templates import drawing
from reports.templates.layouts import by_hand, labels, layouts
from tests.reports.made import CASE, EVENTS, ID, PUPIL, STUDENT_NO, empty, full, issuer

pytestmark = pytest.mark.broad

NAMES = list(layouts())
ENTRY = Entry(PUPIL, CASE, EVENTS)


def png() -> bytes:
    """The smallest picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def make(name: str, material: Material) -> Paper:
    """The form, issued by one who may."""
    return make_form(layouts()[name], replace(material, issuer=issuer(catalogue()[name].issuers[0])))


@cache
def made(name: str) -> Paper:
    """The form from the full record, made once for all tests that only read it."""
    return make(name, full(entries=(ENTRY,), rows=({"name": "张三", "id": ID},)))


def read(paper: Paper) -> str:
    return "\n".join(read_texts(paper.content))


@pytest.mark.parametrize("name", NAMES)
def test_templates_are_those_drawn_from_the_layouts(name: str) -> None:
    kept = zipfile.ZipFile(Path(drawing.__file__).parent / f"{name}.docx")
    drawn = zipfile.ZipFile(io.BytesIO(drawing.draw(layouts()[name])))
    assert kept.namelist() == drawn.namelist()
    assert [kept.read(part) for part in kept.namelist()] == [drawn.read(part) for part in drawn.namelist()]


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.clause(*layouts()[n].clauses)) for n in NAMES])
def test_every_form_is_made_from_a_full_record(name: str) -> None:
    paper = made(name)
    text = read(paper)
    assert paper.name.endswith("-20250312.docx")
    assert layouts()[name].title in text
    assert "{{" not in text
    assert "{%" not in text
    assert "草　稿" in text
    assert "依据：" in text
    assert "制表：李主任　2025-03-12 09:30" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_form_is_made_from_an_empty_record_with_visible_blanks(name: str) -> None:
    paper = make(name, empty(case=Case("p2", "suspected", "suspected")))
    if name != "open_letter":
        assert "＿＿" in read(paper)
        assert paper.missing
    assert all(re.search("[一-龥]", label) for label in paper.missing), "labels are Chinese"


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_a4_with_room_for_the_text(name: str) -> None:
    document = Document(io.BytesIO(made(name).content))
    section = document.sections[0]
    assert {round(section.page_width.cm, 1), round(section.page_height.cm, 1)} == {21.0, 29.7}
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room + Cm(0.2)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_of_identity_never_leave_in_full(name: str) -> None:
    text = read(made(name))
    assert ID not in text
    assert STUDENT_NO not in text


def test_every_slot_has_a_chinese_name() -> None:
    slots = {s for n in NAMES for s in re.findall(r"{{ *([a-z_]+) *}}", str(layouts()[n].body) + str(drawing.HEAD))}
    inner = {"draft_mark", "basis"}
    assert slots - inner <= set(labels())
    assert by_hand() <= set(labels())


def test_the_law_cited_by_forms_is_in_the_store() -> None:
    for layout in layouts().values():
        assert all(law.cite(*place) for place in layout.law)
    assert law.cite("义务教育法", 58) in read(make("order", full()))


NOTICE = [
    "张大山（父亲）：", "自2025年3月3日起未到校，至2025年3月12日已有8个教学日",
    "2025年3月3日电话、2025年3月4日家访、2025年3月5日家访", law.quote("义务教育法", 5, 2), law.quote("未成年人保护法", 28, 2),
    "请您在2025年3月20日前送孩子返校", "存根", "送达回证", "青石镇人民政府", "龙教〔2023〕134号（LC-17）", "〔2025〕第7号",
]  # fmt: skip


@pytest.mark.clause("XY-5")
def test_the_notice_of_a_school_asks_and_quotes() -> None:
    text = read(make("persuasion_notice", full(fields={"deadline_date": "2025年3月20日"})))
    assert [words for words in NOTICE if words not in text] == []


@pytest.mark.clause("XY-5")
def test_the_notice_of_a_school_never_orders() -> None:
    text = read(make("persuasion_notice", full()))
    assert not re.search("责令|违法|起诉|视为送达|处罚|罚款", text)


@pytest.mark.clause("XY-6")
def test_the_dropout_report_tells_what_was_done() -> None:
    text = read(make("dropout_report", full(fields={"request": "请依法处理"})))
    for words in (
        "先后劝返3次",
        "于2025年3月6日发出《劝学通知书》（劝通字〔2025〕第3号）",
        "限期至2025年3月13日",
        "提请：请依法处理",
        "学习困难、厌学（不想读了）",
    ):
        assert words in text


@pytest.mark.clause("LC-33")
def test_the_visit_form_shows_the_latest_visit_and_what_is_missing() -> None:
    paper = make("home_visit", full())
    text = read(paper)
    for words in ("2025年3月5日", "黄干事（乡镇干部）", "同意返校", "答应周一返校", "2025年3月17日"):
        assert words in text
    assert {"照片", "家长签字", "访问对象"} <= set(paper.missing)


@pytest.mark.clause("FN-29")
def test_the_handbook_adds_up_lessons() -> None:
    more = Event(dt.date(2025, 3, 6), "teach", "王老师", "teacher", lessons=2, minutes=70)
    text = read(make("teaching_handbook", full(events=(*EVENTS, more))))
    assert "已送教2次，累计4课时，130分钟" in text
    assert "2025年2月" in text


@pytest.mark.clause("FJ-19")
@pytest.mark.parametrize(("kind", "words", "absent"), [
    ("county_edu", law.quote("义务教育法", 58), "依照《中华人民共和国义务教育法》第五十八条处理"),
    ("school", "依照《中华人民共和国义务教育法》第五十八条处理", "责令"),
])  # fmt: skip
def test_the_admission_notice_carries_law_and_liability(kind: str, words: str, absent: str) -> None:
    text = read(make_form(layouts()["admission_notice"], full(kind)))
    assert "违法追责说明" in text
    assert law.quote("义务教育法", 11, 1) in text
    assert words in text
    assert absent not in text


@pytest.mark.clause("FJ-23")
@pytest.mark.parametrize("kind", ["school", "village", "subdistrict"])
def test_only_township_and_county_order(kind: str) -> None:
    with pytest.raises(law.NotAllowed, match="责令限期改正只能由乡镇人民政府、县级教育行政部门作出"):
        make_form(layouts()["order"], full(kind))


@pytest.mark.parametrize("kind", ["township", "county_edu"])
def test_the_urging_letter_is_the_schools(kind: str) -> None:
    with pytest.raises(law.NotAllowed, match="由学校出具"):
        make_form(layouts()["persuasion_notice"], full(kind))


def test_only_the_education_department_cites_its_own_duty_to_order() -> None:
    article = law.cite("未成年人保护法", 83, 2)
    assert article in read(make_form(layouts()["order"], full("county_edu")))
    assert article not in read(make_form(layouts()["order"], full("township")))


READY = {
    "identity_proof": "户口簿", "edu_date": "2025年3月10日", "guardian_statement": "想让孩子打工", "finding": "家庭无特殊困难",
    "proof": "家访记录", "assigned_school": "青石镇中学", "deadline_date": "2025年3月24日", "signer": "黄镇长",
    "contact_unit": "青石镇人民政府", "contact_phone": "0592-7654321", "support_offer": "可以申请资助", "review_authority": "某县人民政府", "court": "某县人民法院",
}  # fmt: skip


def test_whom_to_call_is_never_guessed() -> None:
    assert "0592-1234567" not in read(make_form(layouts()["order"], full("township")))
    assert "0592-1234567" in read(make("persuasion_notice", full()))


@pytest.mark.clause("FJ-6")
def test_the_circular_lists_changes_with_their_days() -> None:
    line = {
        "sign": "＋",
        "name": "张三",
        "id": ID,
        "school": "青石镇中学",
        "change": "列入疑似辍学",
        "on": dt.date(2025, 3, 5),
    }
    text = read(make_form(layouts()["circular"], full("county_edu", rows=(line, line))))
    assert text.count("1\n＋\n张三\n350212***********0\n青石镇中学\n列入疑似辍学\n2025年3月5日") == 1


def test_an_order_is_signed_when_everything_before_it_was_done() -> None:
    text = read(make_form(layouts()["order"], full("township", signed=True, fields=READY)))
    assert "责令你于2025年3月24日前送张三到青石镇中学就读" in text
    assert "六十日内向某县人民政府申请行政复议" in text
    assert "草　稿" not in text


@pytest.mark.parametrize(
    "step", ["edu_date", "guardian_statement", "finding", "assigned_school", "identity_proof", "signer"]
)
def test_an_order_is_not_signed_before(step: str) -> None:
    fields = {slot: words for slot, words in READY.items() if slot != step}
    with pytest.raises(NotReady, match="还不能出具《责令限期改正通知书》，请先"):
        make_form(layouts()["order"], full("township", signed=True, fields=fields))


@pytest.mark.parametrize(
    "wrong",
    [
        {"case": replace(CASE, state="home_taught")}, {"case": replace(CASE, state="left")},
        {"case": replace(CASE, state="on_leave")}, {"case": replace(CASE, state="observed")},
        {"pupil": replace(PUPIL, born=dt.date(2005, 1, 1))}, {"pupil": replace(PUPIL, born=dt.date(2020, 1, 1))},
    ],
)  # fmt: skip
def test_some_children_are_never_ordered_to_school(wrong: dict[str, object]) -> None:
    with pytest.raises(NotReady, match="请先：核对"):
        make_form(layouts()["order"], full("township", **wrong))


def test_a_paper_with_blanks_is_not_signed() -> None:
    with pytest.raises(NotReady, match="补填限期日期"):
        make("persuasion_notice", full(signed=True))


def test_a_paper_is_signed_when_only_what_comes_later_is_blank() -> None:
    fields = {"deadline_date": "2025年3月20日", "return_place": "教务处", "support_offer": "可以申请资助"}
    paper = make("persuasion_notice", full(signed=True, fields=fields))
    assert "草　稿" not in read(paper)
    assert "送达时间" in paper.missing


@pytest.mark.parametrize(
    "words",
    ["再不来就罚款五百元", "将注销学籍", "根据《义务教育法》第五条第二条", "责令您送孩子返校", "您已构成违法行为"],
)
def test_words_given_by_a_person_are_refused_in_a_letter(words: str) -> None:
    with pytest.raises(Forbidden, match="请改写后再出具"):
        make("persuasion_notice", full(fields={"support_offer": words}))


def test_recorded_words_are_withheld_and_named() -> None:
    harsh = Event(dt.date(2025, 3, 7), "visit", "王老师", "teacher", "refused", "家长说罚款也不去")
    paper = make("persuasion_record", full(events=(*EVENTS, harsh)))
    assert paper.withheld == ("家长说罚款也不去",)
    assert WITHHELD in read(paper)
    assert "罚款" not in read(paper)


def test_what_is_written_is_never_markup_or_code() -> None:
    name = "张<b>三&{{ law }}\x0b"
    text = read(make("home_visit", full(pupil=replace(PUPIL, name=name), fields={"purpose": "第一行\n第二行"})))
    assert "张<b>三&{{ law }}" in text


def test_a_child_involved_in_a_case_at_law_is_not_named_so_on_open_forms() -> None:
    assert "涉案" not in read(make("home_visit", full()))
    assert "留守儿童" in read(make("home_visit", full()))


def test_an_office_may_edit_its_own_template(tmp_path: Path) -> None:
    document = Document(io.BytesIO(drawing.draw(layouts()["open_letter"])))
    document.add_paragraph("欢迎来电：{{ contact_phone }}　{{ 没有的栏目 }}")
    document.save(str(tmp_path / "open_letter.docx"))
    paper = make_form(layouts()["open_letter"], full(), tmp_path)
    assert "欢迎来电：0592-1234567　＿＿" in read(paper)


def test_photos_are_shown_and_other_files_named() -> None:
    photos = (
        Photo("家访.png", png(), "2025-03-05 18:20", "王老师", "ab" * 32),
        Photo("录音.amr", b"#!AMR", sha256="cd" * 32),
        Photo("坏图.png", png()[:30]),
    )
    seen = tuple(replace(event, photos=1) if event.kind == "visit" else event for event in EVENTS)
    paper = make("home_visit", full(photos=photos, events=seen))
    assert len(Document(io.BytesIO(paper.content)).inline_shapes) == 1
    assert "abababab" in read(paper)
    assert "附件，另存" in read(paper)
    assert "照片" not in paper.missing
    assert "照片" in make("home_visit", full(photos=photos)).missing  # of another record than this visit


@pytest.mark.clause("LC-33", "XY-5")
def test_a_signature_is_missing_until_a_signed_paper_is_here() -> None:
    signed = tuple(replace(event, signed=1) for event in EVENTS)
    for form, words in (("home_visit", "家长签字"), ("persuasion_notice", "送达回证")):
        assert words in make(form, full()).missing
        assert words not in make(form, full(events=signed)).missing
    scan = "签字盖章的扫描件（监护人、两名劝返人员、校长）"
    assert scan in make("persuasion_record", full(events=signed)).missing  # a paper of its own
    assert scan not in make("persuasion_record", full(scans=frozenset({"persuasion_record"}))).missing


def test_a_form_of_a_visit_shows_the_photos_of_that_day_alone() -> None:
    photos = (Photo("家访.png", png(), "2025-03-05 18:20"), Photo("前次.png", png(), "2025-02-20 10:00"))
    text = read(make("home_visit", full(photos=photos)))
    assert "家访.png" in text
    assert "前次.png" not in text


def test_a_long_log_is_cut_to_the_latest() -> None:
    many = tuple(
        Event(dt.date(2025, 3, 3) + dt.timedelta(n), "contact", "王老师", "teacher", way="phone") for n in range(30)
    )
    text = read(make("persuasion_notice", full(events=many)))
    assert "共30次，最近12次为" in text


@pytest.mark.clause("LC-25")
def test_the_roll_lists_every_dropout() -> None:
    text = read(make("dropout_roll", full(entries=(ENTRY, ENTRY))))
    assert text.count("张三") == 2
    assert re.search(r"^1\n张三[\s\S]*^2\n张三", text, re.M)
    assert "350212***********0" in text


def test_the_guard_reads_what_stands_above_the_first_page_alone() -> None:
    document = Document()
    document.add_paragraph("正文")
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "首页页眉"
    document.save(out := io.BytesIO())
    assert [text for text in read_texts(out.getvalue()) if text] == ["正文", "首页页眉"]


@pytest.mark.parametrize("name", NAMES)
def test_a_custom_is_no_clause_and_a_number_not_given_is_a_blank_to_write_in(name: str) -> None:
    said = read(make(name, empty(case=Case("p2", "suspected", "suspected"))))
    assert "国家通行做法" not in said
    assert "依据：\n" not in f"{said}\n"
    if "number" in layouts()[name].body:
        assert "〔　　　　〕　　号" in said


@pytest.mark.parametrize("name", ["dropout_report", "written_report"])
@pytest.mark.parametrize(
    ("returned", "said"), [(None, "学生至今未返校"), (dt.date(2025, 3, 11), "学生已于2025年3月11日返校")]
)
def test_a_report_says_that_a_pupil_is_not_back_only_while_that_is_so(
    name: str, returned: dt.date | None, said: str
) -> None:
    case = replace(CASE, returned=returned, state="observed" if returned else "suspected")
    text = "".join(read_texts(produce(name, full(case=case)).content))
    assert said in text
    assert ("至2025年3月12日共8个教学日" in text) == (returned is None)
