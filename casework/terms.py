"""The field's Chinese terms for what the code names in English; every room that speaks takes them from here.

``docs/glossary.md`` is made of these tables.
"""

from __future__ import annotations

import datetime as dt
import re

STATES = {
    "in_school": "在校",
    "absent": "缺勤",
    "on_leave": "请假",
    "suspected": "疑似辍学",
    "dropout": "辍学",
    "observed": "已返校，跟踪中",
    "home_taught": "送教上门",
    "left": "已离校（转学、休学、缓学等）",
}
LEDGERS = {"age": "适龄儿童台账", "suspected": "疑似辍学台账", "dropout": "辍学台账"}
ROLES = {
    "teacher": "班主任",
    "subject_teacher": "任课教师",
    "school": "控辍专干",
    "principal": "校长",
    "village": "村干部",
    "township": "乡镇干部",
    "county": "县教育局",
    "admin": "管理员",
}
UNIT_KINDS = {"county": "县", "township": "乡镇", "village": "村", "school": "学校", "class": "班级"}
STAGES = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯"}
OUTCOMES = {
    "agreed": "同意返校",
    "refused": "不同意返校",
    "nobody": "没联系上人",
    "away": "孩子外出",
    "ill": "生病",
    "returned": "已返校",
    "hardship": "家庭困难",
    "other": "其他情况",
}
CHANNELS = {"phone": "电话", "wechat": "微信", "in_person": "当面", "other": "其他方式"}
LEAVES = {"sick": "病假", "personal": "事假", "other": "请假"}
GROUPS = {
    "left_behind": "留守儿童",
    "migrant": "随迁子女",
    "poor": "家庭贫困",
    "disabled": "残疾",
    "orphan": "孤儿",
    "single_parent": "单亲",
    "struggling": "学习困难",
    "at_risk": "有辍学倾向",
    "de_facto_orphan": "事实无人抚养",
    "in_difficulty": "困境儿童",
    "justice": "涉案未成年人",
}
REASONS = {
    "illness": "因病",
    "disability": "因残",
    "poverty": "家庭困难",
    "study": "学习困难、厌学",
    "work": "外出务工",
    "missing": "失踪失联",
    "abroad": "出境",
    "wrong_record": "户籍信息错误",
    "death": "死亡",
    "other": "其他",
}
# What each duty asks for: short, as it stands in a list of things to do.
RULES = {
    "absence_contact": "联系家长，问清原因",
    "absence_visit": "家访",
    "absence_joint_visit": "班主任和任课教师一起家访",
    "absence_plan": "登记、报告校长、制定劝返方案",
    "suspected_review": "核对疑似辍学台账",
    "outside_report": "书面报告乡镇和县教育局",
    "persuasion_record": "填写《劝返情况记录表》",
    "joint_persuasion": "学校、乡镇、村联合上门劝返",
    "cumulative_alert": "累计缺勤3天，请研判",
    "notice": "送达《劝学通知书》",
    "dropout_report": "向乡镇报送《辍学报告书》",
    "dropout_notify": "辍学情况报县教育局和乡镇",
    "persist": "再次联系或家访",
    "inquiry_letter": "向户籍地寄发《核查函》",
    "police_check": "请公安核实",
    "expert_opinion": "取得专家组意见",
    "leave_visit": "请假超过一周，实地家访",
    "leave_contact": "长期请假，联系一次",
    "leave_end": "请假到期，确认是否返校",
    "return_followup": "返校后跟踪回访",
    "risk_visit": "有辍学倾向，家访",
    "teach_month": "本月送教",
    "teach_term": "本学期送教课时",
    "platform_reply": "平台疑似名单核查说明",
    "trace_tell": "告知乡镇：新生未报到",
    "trace": "追踪未报到学生，上门",
    "found_check": "失学儿童核查、安置入学",
    "handover": "小升初未移交，原小学劝返",
    "monthly_report": "控辍保学月报",
    "weekly_check": "每周台账核查",
    "quarterly_review": "季度复核",
    "circular": "向部门通报变动",
    "compare_lists": "部门台账比对",
    "month_meeting": "月末班主任会、出勤月报表",
    "term_meetings": "学期初领导小组会、班主任会、主题班会",
    "pledge": "签订目标责任书",
    "visit_forms": "收齐家访记录表",
    "term_start_list": "开学未返校名册",
    "term_start_visit": "上门走访未返校学生，送《劝学通知书》",
    "ledger_yearly": "台账盖章签字上报",
    "g7_register": "七年级学籍建立",
    "g1_list": "一年级适龄儿童名单",
    "g1_register": "一年级报到注册",
    "campaign": "控辍保学活动月",
    "teach_meeting": "送教教师座谈会",
    "joint_meeting": "控辍保学联席会议（部门会商）",
    "leading_meeting": "学期初班子会、党组织会",
    "staff_meeting": "开学全体教师会，布置家访",
    "term_end_meeting": "学期末全体教师会，公布学生变动",
    "inspection": "督查各校并通报",
    "school_assessment": "学年各校评比（数字由人评）",
    "self_report": "控辍保学自查报告",
    "registrar_training": "培训学籍管理员",
    "police_list": "向公安取适龄儿童名单",
    "four_checks": "四查三比对",
    "disabled_check": "残疾学生摸底核查",
    "holiday_visits": "假期家访（师访万家）",
    "settle_all": "全部核查劝返到位",
    "register_mark": "在学籍系统标注辍学",
    "guardian_urge": "批评教育监护人、责令限期改正",
    "aid_referral": "因贫辍学，协调民政救助",
}
# What a unit did beside its pupils' cases, and what was done for a pupil beside contacts and visits.
WORK = {
    "meeting": "会议",
    "publicity": "宣传",
    "training": "培训",
    "inspection": "督查",
    "system": "制度方案",
    "letter": "函件",
    "group": "领导小组",
    "cover": "包保分工",
    "seven": "七长责任",
    "liaison": "部门联系人",
    "exam": "中考报考",
    "pledge": "目标责任书签订",
    "target": "限期完成控辍目标",
}
MEETINGS = {
    "leaders": "学校领导班子会议",
    "party": "党组织会议",
    "leading_group": "控辍保学工作领导小组会议",
    "assembly": "全校师生大会",
    "staff": "全体教师会议",
    "class_teachers": "班主任会议",
    "class_meeting": "主题班（团）会",
    "members": "团员、学生干部会议",
    "forum": "学生、家长、教师座谈会",
    "joint": "联席会议（部门会商）",
    "teaching": "送教教师座谈会",
}
"""The nine kinds of a school's meetings (LC-5), the county's with its departments (XY-9) and that of 送教 teachers (TA-27)."""
HELP = {
    "talk": "谈心",
    "tutoring": "学习辅导",
    "aid": "资助帮扶",
    "pairing": "结对帮扶",
    "outing": "外出家访报备",
    "admission": "入学通知书送达",
    "undelivered": "入学通知书没有送到",
    "interview": "约谈监护人",
    "order": "责令限期改正",
    "suit": "司法程序",
    "plan": "一人一案",
    "no_hukou": "没有户口",
    "elsewhere": "在外就学",
    "hukou_notice": "户口告知书送达",
    "form": "补填表格",
    "final": "表格定稿",
    "anew": "另起表格",
    "ethnicity": "登记民族",
    "step": "休学缓学手续",
}
PAPERWORK = frozenset({"form", "final", "anew", "ethnicity"})
"""What is written about papers alone: no work done for a child or by a unit."""
PLACEMENTS = {
    "regular": "随班就读",
    "special": "特殊教育学校",
    "home": "送教上门",
    "remote": "远程教育",
    "school": "就读于",
}
AUTHORITY = frozenset({"interview", "order", "suit"})
"""What only township and bureau do, by law (义务教育法 art. 58)."""
WEEKDAYS = "一二三四五六日"


def say_month(month: str) -> str:
    """``2025-03`` → ``2025年3月``; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", month)
    return f"{found[1]}年{int(found[2])}月" if found else month


def say_day(day: dt.date, today: dt.date | None = None) -> str:
    """``3月12日（周三）``; with the year where it differs from today's, and 今天/明天/昨天 where it is near."""
    words = {0: "今天", 1: "明天", -1: "昨天"}
    near = words.get((day - today).days, "") if today else ""
    year = f"{day.year}年" if today and day.year != today.year else ""
    return f"{near}{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def say_dated(day: dt.date) -> str:
    """``2026年3月12日（周四）``: where days of several years stand side by side."""
    return f"{day.year}年{say_day(day)}"


def clause_name(clause: str) -> str:
    """A clause id as it stands in a column or row; the national default has no document of its own."""
    return "国家通行做法" if clause == "N" else clause


def say_clause(clause: str) -> str:
    """A clause id as it is quoted in a message."""
    return "〔国家通行做法〕" if clause == "N" else f"〔依据 {clause}〕"
