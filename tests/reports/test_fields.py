"""The fields that part D of the requirements names for each form and ledger, held against the papers themselves.

Each row is a paper and its fields in the order of part D; a field stands under its own name, or after ``=`` under the words that
the paper has for it. Common head: 学校, 年级班级, 姓名, 性别, 身份证号, 学籍号, 户籍地址, 现住址, 监护人, 关系, 电话, 重点群体.
"""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest

from reports.catalogue import catalogue, produce
from reports.figure_sheets import CountyMonth, SchoolMonth
from reports.forms import read_texts
from reports.inputs import Entry
from reports.ledgers import ledgers
from reports.monthly import FIGURES, Monthly, RosterRow, count
from reports.round_sheets import Attendance, Quarter, Week, WeekChange
from reports.templates.layouts import layouts
from tests.reports.made import CASE, EVENTS, PUPIL, full, monthly

HEAD = "年级班级 姓名 性别 身份证号 学籍号 户籍地址 现住址 监护人 关系 联系电话 重点群体"
ON_FORMS = (
    "学校 年级班级 学生姓名 性别 身份证号 学籍号 户籍地址 现住址 村（社区） 监护人姓名 与学生关系 联系电话 重点群体"
)
GROUP = "类别=重点群体 依据文件 包联人 帮扶记录 资助项目=资助情况 就学状况=就读状态 学校 年级班级 姓名 身份证号 监护人 关系 联系电话 现住址"
AGE = f"{HEAD} 户籍=户籍类别 学籍=学籍号 就读方式=就读状态 来源 外地地点=就读地点和学校 证明=佐证材料"
SUSPECTED = f"{HEAD} 起日=缺勤起始日 天数=缺勤天数 联系=联系次数 家访=家访次数 经过=联系和劝返情况 研判=研判核对 处理=目前状态 通知=劝学通知书文号"
DROPOUT = f"{HEAD} 认定日=认定日期 认定材料 报告日=报告日期 劝返记录=联系和劝返情况 劝返次数 销号日=销号日期"
STAGE = f"学校 {HEAD} 学籍状态 实际就读状态=就读状态 疑似时间=列入疑似日期 辍学时间=认定日期 原因 去向 劝返次数 劝返结果=最近结果 返校日=返校日期 资助=资助情况 包保人=包联人 备注 公章 负责人"
LEDGERS = {
    **{f"age_{level}": AGE for level in ("county", "township", "village", "school")},
    **{f"suspected_{level}": SUSPECTED for level in ("county", "township", "village", "school")},
    **{f"dropout_{level}": DROPOUT for level in ("county", "township", "village", "school")},
    "ledger_primary": STAGE,
    "ledger_junior": STAGE,
    **{name: GROUP for name in ledgers() if name.startswith("group_")},
    "leave_register": "类型=请假类型 起=起始日期 止=截止日期 事由 证明 批准人=批准（登记）人 销假日=销假日期 第8天家访=满一周后家访 联系日志=联系和劝返情况",
    "changes": "异动类别 日期=异动日期 去处来处=来处（去处） 证明材料 核实人=登记（核实）人",
    "not_returned": "姓名 年级班级 监护人 去向 原因 已做工作=联系和劝返情况 责任人",
    "dropout_list": "姓名 年级班级 监护人 去向 原因 已做工作=联系和劝返情况 责任人",
}
FIRST_COLUMN = {"county": "乡镇", "township": "村（社区）", "village": "现住址", "school": "年级班级"}
FORMS = {
    "home_visit": f"{ON_FORMS} 家访教师 对象=访问对象 原因目的=家访原因和目的 出发前报告 形式=家访形式 时间=起止时间 地点=家访地点 在场人=陪同人员 家庭情况 在家在校=学生在家、在校情况 "
    "谈话概要 家长意见 应急=应急问题及处理 结果=家访结果 承诺返校日=约定返校日期 下步措施=商定措施和下次联系 家长签字=家长（监护人） 教师签名=家访教师 分管领导意见",
    "persuasion_record": f"{ON_FORMS} 缺勤起始日 累计天数=累计缺勤 原因=缺勤原因 第1日处置 第2日处置 第3日处置 次序 时间=日期 参加人=劝返人员 方式 结果 报告时间=向乡镇、县教育局报告时间 目前去向 返校日=返校日期 校长签名=校长 公章",
    "persuasion_notice": "字号=号 监护人=张大山 学生=张三 起日=起未到校 第五条第二款 限期=前送孩子返校 返校地点=到青石镇中学报到 联系人 印章 存根 送达文书名称及文号 受送达人 送达地点 送达时间 受送达人签名 送达人=送达人（两人）签名 拒签=未签收的情况说明 见证人",
    "dropout_report": f"{ON_FORMS} 致乡镇=青石镇人民政府 动员经过=劝返3次 送达日=发出《劝学通知书》 期满日=限期至 原因=了解到的原因 去向=目前去向 已做措施=已提供的帮助 请求事项=提请 校长 印章 乡镇签收 处置意见",
    "order": "机关=青石镇人民政府 监护人=张大山 事实=经查 第五十八条 期限=责令你于 送达=送达回证 救济=行政复议",
    "dropout_registration": f"{ON_FORMS} 辍学原因 去向=目前去向 辍学时间 家庭类型 劝返措施 劝返结果 责任人=学校责任人",
    "admission_notice": "编号=号 儿童=张三 监护人姓名 接收学校 报到=到 材料=报到时请带 法律=有关法律规定 追责=违法追责说明 发放人 签收人 日期 未送达原因",
    "inquiry_letter": "学生=张三 证件号 学籍号 离校日=起离开我地 去向=据称去向 核查=请核实 联系人 期限=前将回函 印章 回函=回　函 就读=在校就读 在家",
    "police_letter": "类别=失踪失联；2.出境；3.户籍信息错误；4.死亡 核实结果 证明材料 公章",
    "expert_opinion": f"{ON_FORMS} 残疾证=残疾证号（类别、等级） 诊断材料=诊断和证明材料 教育 卫健 残联 结论 随班就读 特殊教育学校 送教上门 建议缓学 建议休学 期限=建议期限 签名=专家组签名",
    "deferral": f"{ON_FORMS} 理由=申请理由 证明材料 学校情况说明 批准=审批意见 备案=县教育局备案 起止=申请期限 复学日=入学（复学）日期",
    "suspension": f"{ON_FORMS} 理由=申请理由 证明材料 学校情况说明 批准=审批意见 备案=县教育局备案 起止=申请期限 复学日=入学（复学）日期",
    "teaching_handbook": f"{ON_FORMS} 一人一册 残疾类别、等级 评估情况 一人一案 长期目标 短期目标 学期计划 日期 起止 课时（分钟） 送教教师 目标、内容和学生表现 家长签字 每月累计 学期累计=累计2课时 期末评价=期末评价和工作小结 工作小结",
    "platform_reply": "平台日期=平台下发日期 学生=张三 核查经过 核查结论 佐证材料清单 申请销号日期",
    "circular": "变动 姓名 学校 变动内容 处理人 期限=前反馈",
    "comparison_minutes": "各部门人数 差异=差异清单 处理人 期限",
    "pledge": "甲方 乙方 责任期限 目标 职责=乙方职责 奖惩=考核和奖惩 签名=（签名）",
    "minutes": "会议种类 专题 时间 地点 主持人 应到人数 实到人数 议题 决议 责任人=责任人和期限",
    "return_support": "结对人=结对帮扶人 日期 形式 状态=目前状态 下次日期=下次跟踪日期",
    "self_report": "一、基本情况 二、主要做法 四、今后工作方向",
}
ROW = RosterRow(
    "p1",
    "张三",
    "青石镇中学",
    "八年级3班",
    8,
    "男",
    frozenset(),
    True,
    True,
    "in_school",
    "dropout",
    since=date(2025, 3, 3),
)
SCHOOL = SchoolMonth(monthly(dropouts=1), "青石镇中学", "青石镇", "reported")
SHEETS: dict[str, tuple[Any, str]] = {
    "dropout_statistics": (
        count("青石镇中学", "2025-03", [ROW], [], []),
        "月份 学校=填报单位 在校数=月末在校 疑似=疑似辍学期末 辍学=辍学期末 年级 性别=其中女生 劝返=本月劝返 未返=期末未返 姓名 班级=年级班级 辍学时间=辍学（离校）时间 原因 去向 劝返情况 特殊群体 校长=单位负责人（校长） 公章=单位（公章） 零报告",
    ),
    "monthly_report": (
        monthly(dropouts=1),
        "在校数=月末在校 转入 转出 休学=休学（期末） 复学=复学（休学后） 疑似新增=疑似辍学新增 疑似累计=疑似辍学期末 辍学新增 辍学累计=辍学期末 劝返=劝返次数 未返=辍学期末 学籍变化=其他增加 名单=名单见附表 签章=单位（公章） 校长",
    ),
    "attendance_month": (Attendance("八年级3班", "2025-03", 40, 20), "月份 班级 应到=应到（人次） 实到=实到（人次） 出勤率 病假=病假（人次） 事假=事假（人次） 旷课=旷课（人次） 日期 天数 原因 处置"),
    "weekly_changes": (Week("3月", (WeekChange("＋", "张三", "青石镇中学", "列入疑似辍学", date(2025, 3, 5)),), {}), "变动 姓名 核查劝返进展"),
    "quarterly_review": (Quarter("1季度", (SCHOOL,), {}, (("青石镇中学", "八年级3班", "张三"),)), "校报数=学校报送辍学人数 复核数=复核人数 差异 抽查名单=随机抽查名单 入校入户=进校（入户）记录 意见=复核意见"),
    "county_month": (CountyMonth("2025-03", (SCHOOL,)), "学校 报送情况 两件齐否"),
}  # fmt: skip


def _asked(fields: str) -> list[str]:
    return [field.rpartition("=")[2] for field in fields.split()]


def _sheets(content: bytes) -> list[Any]:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets


@pytest.mark.parametrize(("name", "fields"), LEDGERS.items())
def test_a_ledger_has_every_field_of_part_d(name: str, fields: str) -> None:
    item = catalogue()[name]
    page = _sheets(produce(name, full(item.issuers[-1], entries=[Entry(PUPIL, CASE, EVENTS)])).content)[0]
    heads = [str(cell.value) for cell in page[3]]
    below = "".join(str(row[0].value or "") for row in page.iter_rows(4))
    lacking = [field for field in _asked(fields) if field not in heads and field not in below]
    assert lacking == []
    if (level := name.rpartition("_")[2]) in FIRST_COLUMN:
        assert heads[1] == FIRST_COLUMN[level]


def test_every_ledger_that_part_d_names_is_in_the_table() -> None:
    """Ledgers that other clauses ask for have no fields there."""
    others = {
        "class_ledger",
        "schooling_elsewhere",
        "home_taught",
        "helpers",
        "at_risk",
        "relapses",
        "public_list",
        "aid_list",
    }
    assert set(ledgers()) - set(LEDGERS) == others


@pytest.mark.parametrize(("name", "fields"), FORMS.items())
def test_a_form_has_every_field_of_part_d(name: str, fields: str) -> None:
    item = catalogue()[name]
    more: dict[str, Any] = (
        {"rows": [{"name": "张三", "sign": "＋"}]} if name in ("circular", "comparison_minutes") else {}
    )
    told = {"receiving_school": "青石镇中学", "return_place": "青石镇中学"}
    issuer = "township" if name == "order" else item.issuers[0] if "school" not in item.issuers else "school"
    words = " ".join(read_texts(produce(name, full(issuer, fields=told, number="〔2025〕7号", **more)).content))
    assert [field for field in _asked(fields) if field not in words] == []


def test_every_form_that_part_d_names_is_in_the_table() -> None:
    """The others are parts of one that is (a receipt), or come from another clause."""
    others = {
        "service_receipt", "written_report", "no_hukou_guardian", "no_hukou_police", "open_letter", "publicity", "referral",
        "pupil_plan", "school_plan", "case_file", "dropout_roll",
    }  # fmt: skip
    assert set(layouts()) - set(FORMS) == others


@pytest.mark.parametrize(("name", "made"), SHEETS.items())
def test_a_sheet_of_figures_has_every_field_of_part_d(name: str, made: tuple[Any, str]) -> None:
    data, fields = made
    item = catalogue()[name]
    pages = _sheets(produce(name, full(item.issuers[-1], data=data)).content)
    words = [str(cell.value) for page in pages for row in page.iter_rows() for cell in row if cell.value is not None]
    lacking = [f for f in _asked(fields) if f not in words and not any(re.search(re.escape(f), word) for word in words)]
    assert lacking == []


def test_a_month_frozen_before_the_grades_were_counted_is_still_printed() -> None:
    old = {
        "pupil": "p1",
        "name": "张三",
        "class": "八年级3班",
        "state": "辍学",
        "groups": "",
        "whereabouts": "",
        "reason": "",
    }
    report = Monthly("青石镇中学", "2024-12", {"total": dict.fromkeys(FIGURES, 0)}, {}, (old,), ())
    pages = _sheets(produce("dropout_statistics", full(data=report)).content)
    assert [page.title for page in pages] == ["统计表", "名单"]
    assert [cell.value for cell in pages[1][4]][:4] == [1, "张三", None, "八年级3班"]
