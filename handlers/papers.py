"""Papers by the names that people give them: 打印 张三 一生一案, 导出 班级台账, 导出3月周核查表, 自查报告.

The commonest are understood by the grammar (``reporting.EXPORTS``); these are the others, asked for by a verb and a
name of the paper or the name alone, with the pupil's name where it is about one. What a name stands for is a paper of the catalogue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from handlers.command import one_of
from handlers.desk import Desk
from handlers.understanding.actions import Action, Mention

# Paper → the names it goes by; the first one is how the answer calls it.
OF_PUPIL: Mapping[str, tuple[str, ...]] = {
    "materials": ("劝返材料", "全部材料", "劝返档案", "控辍档案", "档案"),
    "case_log": ("劝返过程记录", "过程记录"),
    "case_file": ("一生一案", "一人一案"),
    "pupil_plan": ("劝返方案", "控辍方案"),
    "service_receipt": ("送达回证",),
    "dropout_registration": ("辍学情况登记表", "辍学登记表", "适龄儿童少年辍学情况登记表"),
    "written_report": ("劝返无效书面报告", "书面报告"),
    "order": ("责令限期改正通知书", "责令通知书", "限期复学通知书", "责令送学通知书"),
    "admission_notice": ("入学通知书",),
    "inquiry_letter": ("核查函", "协查函"),
    "police_letter": ("公安核实函", "核实函"),
    "expert_opinion": ("专家组意见书", "专家意见书"),
    "deferral": ("缓学申请审批表", "缓学审批表", "缓学申请表", "缓学表"),
    "suspension": ("休学申请审批表", "休学审批表", "休学申请表", "休学表"),
    "teaching_handbook": ("送教上门工作手册", "送教手册", "送教上门手册"),
    "return_support": ("复学帮扶记录", "帮扶记录"),
    "platform_reply": ("平台核查情况说明", "平台疑似核查情况说明", "核查情况说明", "平台说明"),
    "referral": ("帮扶转介函", "转介函"),
    "no_hukou_guardian": ("户口告知书", "办理户口告知书", "无户口告知书"),
    "no_hukou_police": ("无户口告知函", "户口告知函"),
}
OF_UNIT: Mapping[str, tuple[str, ...]] = {
    "ledger_primary": ("小学台账", "小学控辍保学台账"),
    "ledger_junior": ("中学台账", "初中台账", "中学控辍保学台账"),
    "class_ledger": ("班级台账", "班级控辍保学台账"),
    "leave_register": ("请销假登记册", "请假登记册", "请假台账", "请销假台账", "请销假记录"),
    "changes": (
        "学生异动登记册",
        "异动登记册",
        "异动台账",
        "学籍异动登记册",
        "学籍异动登记",
        "学生异动登记",
        "学籍异动台账",
    ),
    "not_returned": ("未返校学生名册", "未返校名册", "未返校花名册"),
    "schooling_elsewhere": ("在外就学台账", "外出就学台账"),
    "home_taught": ("送教上门学生台账", "送教台账"),
    "helpers": ("包联安排表", "包保安排表"),
    "at_risk": ("重点关注学生名册", "重点关注名册"),
    "relapses": ("复学学生跟踪名册", "复学跟踪名册"),
    "public_list": ("公示名单", "帮扶公示名单"),
    "aid_list": ("资助情况表", "困难学生资助情况表"),
    "group_poor": ("家庭贫困学生台账", "贫困学生台账", "贫困台账", "贫困生台账"),
    "group_left_behind": ("留守儿童台账", "留守台账"),
    "group_disabled": ("残疾学生台账", "残疾儿童台账", "残疾台账"),
    "group_migrant": ("随迁子女台账", "随迁台账"),
    "group_orphan": ("孤儿台账",),
    "group_de_facto_orphan": ("事实无人抚养儿童台账", "事实无人抚养台账"),
    "group_in_difficulty": ("困境儿童台账", "困境台账"),
    "group_justice": ("涉案未成年人台账", "涉案台账"),
    "dropout_roll": ("辍学学生花名册（报送）", "报送花名册"),
    "monthly_report": ("控辍保学月报表", "月报明细表"),
    "county_month": ("月报汇总表", "县月报汇总表"),
    "attendance_month": ("出勤月报表", "学生出勤月报表", "出勤表"),
    "weekly_changes": ("周核查表", "台账周核查表", "周报表"),
    "quarterly_review": ("季度复核表", "复核表"),
    "rates": ("入学率巩固率统计表", "入学率统计表", "入学率", "巩固率统计表", "巩固率"),
    "number_register": ("发文登记簿", "发文登记", "文书编号登记", "文号登记"),
    "work_log": (
        "控辍保学工作记录表",
        "工作记录表",
        "工作台账",
        "工作记录",
        "包校安排表",
        "督导包校安排表",
        "部门联系人表",
        "联系人表",
        "领导小组名单",
    ),
    "assessment": ("控辍保学工作统计表", "工作统计表", "考核统计表", "学校统计表"),
    "circular": ("部门通报单", "变动情况通报", "部门通报"),
    "self_report": ("自查报告", "控辍保学自查报告"),
    "school_plan": ("一校一案", "控辍保学工作方案", "工作方案"),
    "pledge": ("目标责任书", "责任书", "责任状"),
    "minutes": ("会议记录", "控辍会议记录"),
    "open_letter": ("致家长的一封信", "致家长一封信", "家长信"),
    "publicity": (
        "法律法规宣传材料",
        "法律宣传材料",
        "普法宣传材料",
        "义务教育法律法规宣传材料",
        "义务教育法宣传材料",
        "未成年人保护法宣传材料",
        "福建省义务教育条例宣传材料",
        "义务教育条例宣传材料",
        "控辍保学宣传材料",
        "宣传材料",
        "宣传单",
    ),
}
OF_COMPARISON: Mapping[str, tuple[str, ...]] = {
    "comparison_minutes": (
        "部门台账比对纪要",
        "台账比对纪要",
        "部门比对纪要",
        "比对纪要",
        "部门台账比对",
        "部门比对",
        "台账比对",
    ),
    "comparison": ("数据比对结果", "比对结果"),
}
OF_COMPARISON_HOW = (
    "由名单比对生成：请县教育局在网页“四查三比对”里选好各部门的名单，点“开始比对”或“做比对纪要，交各部门签字”。"
)
_ALL = (OF_PUPIL, OF_UNIT, OF_COMPARISON)
TITLES = {name: words[0] for papers in _ALL for name, words in papers.items()}
FORMS: Mapping[str, str] = {
    "visit_form": "home_visit", "persuasion_record": "persuasion_record", "notice_form": "persuasion_notice",
    "dropout_report_form": "dropout_report",
}  # fmt: skip
"""The commonest forms, as the grammar names them, with their names in the catalogue."""
FORM_BY_WORD: Mapping[str, str] = {
    "家访记录表": "home_visit", "家访表": "home_visit", "劝返情况记录表": "persuasion_record",
    "疑似失学（辍学）学生劝返情况记录表": "persuasion_record", "疑似失学学生劝返情况记录表": "persuasion_record", "劝返记录表": "persuasion_record",
    "劝返表": "persuasion_record", "劝学通知书": "persuasion_notice", "辍学报告书": "dropout_report",
    **{word: name for name, words in OF_PUPIL.items() if name not in ("materials", "case_log") for word in words},
}  # fmt: skip
"""Every form about a pupil by the words it goes by."""
FORM_TITLES: Mapping[str, str] = {name: word for word, name in reversed(list(FORM_BY_WORD.items()))}
"""What each of them is called in an answer: the first of its words."""
_BY_WORD = {word: name for papers in _ALL for name, words in papers.items() for word in words}
_VERB = r"(?:请|帮我|给我|麻烦)?(?:导出?|打印|打|下载|开具?|出具?|生成|做|要|来|发我?)(?:一?下)?(?:一[份张本个]|[份本个])?"  # 张 alone is a surname
MONTH = r"(?:(?P<this>本月|这个月|上个?月)|(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|0?[1-9])月份?)"
_WORDS = one_of(_BY_WORD)
_WHOSE = r"(?:(?:我校|我们学校|本校|全校|全县|本县|我镇|本镇|本学期|本学年|今年|本年度?|年度|学年)的?)?"
_ASKED = re.compile(
    rf"(?P<verb>{_VERB})?\s*{_WHOSE}(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)??\s*的?\s*{MONTH}?\s*的?\s*《?(?P<paper>{_WORDS})》?(?:发我|给我|发来|(?:现在)?(?:是|有)?多少|怎么样)?"
)

_PAPER_FIRST = re.compile(
    rf"(?P<verb>{_VERB})?\s*(?P<this>)(?P<year>)(?P<month>)《?(?P<paper>{one_of(w for ws in OF_PUPIL.values() for w in ws)})》?[:：，,\s]+(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)"
)
"""送教手册 曹佳豪: the paper before the pupil."""


def asked(desk: Desk, text: str) -> Action | None:
    """The order for a paper that a text is; None when it is none, or names nobody of the writer's reach."""
    words = text.strip().rstrip("。.!！~～ ")
    found = _ASKED.fullmatch(words) or _PAPER_FIRST.fullmatch(words)
    if found is None:
        return None
    what, name = _BY_WORD[found["paper"]], found["name"]
    if name is None:
        return Action("export", (), _slots(what, found, desk.today))
    hits = desk.work.people.names(desk.scope).exact([name]).get(name, []) if what in OF_PUPIL else []
    students = (Mention(name, tuple(entry.id for entry in hits)),)
    return Action("export", students, _slots(what, found, desk.today)) if hits else None


def month_in(found: re.Match[str], today: dt.date) -> str | None:
    """The month said in the words of ``MONTH``, as YYYY-MM; the year that is not said is the last one in which it has begun."""
    if found["this"]:
        day = today if "上" not in found["this"] else today.replace(day=1) - dt.timedelta(days=1)
        return f"{day:%Y-%m}"
    if not found["month"]:
        return None
    month = int(found["month"])
    year = int(found["year"] or (today.year if month <= today.month else today.year - 1))
    return f"{year}-{month:02d}"


def _slots(what: str, found: re.Match[str], today: dt.date) -> dict[str, str]:
    month = month_in(found, today)
    return {"what": what} | ({"month": month} if month else {})
