"""On which page each action of chat is done, or why there is none; by whom it can be opened in the made-up county."""

from __future__ import annotations

from bot.pages.forms import FORMS, NEWCOMERS

PLACES = {
    **{action: ("li", f"/m/pupil/p1/{action}") for action in FORMS},
    **{action: ("li", f"/m/new/{action}") for action in NEWCOMERS},
    "all_present": ("wang", "/m/roll"), "undo": ("wang", "/m/pupil/p1"), "done": ("li", "/m/pupil/p1"),
    "todo": ("wang", "/m/todo"), "case": ("wang", "/m/pupil/p1"), "list": ("wang", "/m/pending"),
    "stats": ("li", "/m/county"), "report": ("li", "/m/report"), "export": ("wang", "/m/ledgers"),
}  # fmt: skip
"""Where each action of the registry stands: who opens which page."""
NOT_ON_A_PAGE = {
    "help": "a page shows what can be done as buttons; the handbook has the rest",
    "whoami": "the name stands at the head of every page, and what one sees is what one may",
    "greet": "nobody greets a page",
}
COMMANDS = {
    "接收 张三 八年级3班": ("/m/arrivals", "zhao"),
    "不接收 张三，没有到校": ("/m/arrivals", "zhao"),
    "张三 已到我校，请原校转来": ("/m/work/asked", "li"),
    "安置 陈小花 到青石镇中心小学": ("/m/pupil/px/place_at", "zhou"),
    "待接收名单": ("/m/arrivals", "li"),
    "催接收": ("/m/work/chase_receivers", "li"),
    "去向不明名单": ("/m/lists/unknown", "wang"),
    "转介 陈小花 给公安：没有户口，请核实登记": ("/m/pupil/p1/refer", "li"),
    "等部门答复名单": ("/m/lists/departments", "li"),
    "给民政局链接，到9月30日": ("/m/work/department_link", "zhou"),
    "收回民政局链接": ("/m/work/department_link_end", "zhou"),
    "部门链接": ("/m/lists/links", "zhou"),
    "公安 张三 已回复：人在深圳": ("/m/pupil/p1/reply", "li"),
    "记会议：3月5日班子会研究控辍保学，15人": ("/m/work/work", "li"),
    "记谈心 张三 情绪稳定": ("/m/pupil/p1/help", "wang"),
    "工作记录": ("/m/lists/work", "wang"),
    "寄出核查函 张三：惠城区教育局": ("/m/pupil/p1/letter", "li"),
    "核查函 张三 回复：已在当地就读": ("/m/pupil/p3/letter_reply", "li"),
    "核查函名单": ("/m/lists/letters", "li"),
    "安置 张三 随班就读": ("/m/pupil/p1/place", "li"),
    "张三安置为随班就读": ("/m/pupil/p1/place", "li"),
    "一人一案 张三：入户，每月2次": ("/m/pupil/p1/plan", "wang"),
    "送教安排 张三：青石镇中心小学王老师": ("/m/pupil/pt/taught_by", "zhou"),
    "安置名单": ("/m/lists/placements", "li"),
    "风险名单": ("/m/lists/risks", "wang"),
    "需要研判的记录": ("/m/lists/doubts", "li"),
    "年计划": ("/m/lists/plan", "li"),
    "没有资助的学生": ("/m/lists/aid", "li"),
    "家访缺照片": ("/m/lists/visits", "li"),
    "辍学学生家访次数": ("/m/lists/visited", "li"),
    "辍学原因统计": ("/m/lists/reasons", "li"),
    "专项行动": ("/m/lists/campaign", "li"),
    "入学通知书未送达名单": ("/m/lists/unserved", "li"),
    "未报到名单": ("/m/lists/unregistered", "li"),
    "记中考报考 建籍120人 报考75人": ("/m/work/exam", "li"),
    "中考报考率": ("/m/lists/exam", "li"),
    "入学通知书已送达 张三、李四": ("/m/pupil/pe/admission", "wu"),
    "出发家访 张三": ("/m/pupil/p1/outing", "wang"),
    "完成 2": ("/m/pupil/p1", "li"),
    "撤销 张三": ("/m/pupil/p1", "wang"),
    "张三 接下来会发什么": ("/m/pupil/p1", "wang"),
    "接下来会发什么 张三": ("/m/pupil/p1", "wang"),
    "催": ("/m/work/chase", "huang"),
    "我请假到周五，转给李老师": ("/m/work/deputy", "wang"),
    "我回来了": ("/m/work/back", "wang"),
    "第一中学 3月12日停课": ("/m/work/closure", "li"),
    "青石镇中学 3月14日补课": ("/m/work/teaching", "li"),
    "大小周 从3月14日起": ("/m/work/rhythm", "li"),
    "3月14日起隔周上课": ("/m/work/rhythm", "li"),
    "取消大小周": ("/m/work/rhythm_end", "li"),
    "大小周": ("/m/work/rhythm", "li"),
    "哪些班没点名": ("/m/lists/silent", "li"),
    "哪些班没报": ("/m/lists/silent", "li"),
    "谁没点名": ("/m/lists/silent", "li"),
    "没点名的班": ("/m/lists/silent", "li"),
    "今天点名情况": ("/m/lists/silent", "li"),
    "张三是重复录入": ("/m/pupil/p1/strike", "li"),
    "误录：张三": ("/m/pupil/p1/strike", "li"),
    "查无张三此人": ("/m/pupil/p1/strike", "li"),
    "确认移出 张三，重复录入": ("/m/pupil/p1/strike", "li"),
    "张三可以销号吗": ("/m/pupil/p1", "li"),
    "销号 张三": ("/m/pupil/p1", "li"),
    "签字表": ("/m/pupil/p1", "li"),
}
"""A sentence of each short command, and the page on which the same is done or read."""
OTHER_DOORS = {
    "没有包联人的学生": ("/m/lists/helper", "li"),
}
NO_PAGE_FOR = {
    "改 …": "a page takes the record back and offers the form again; the correction is then whole",
    "photos and files": "they are sent in the chat, where the phone has its camera and WeChat Work keeps the way short",
    "a list of names pasted": "the roll call ticks a class; the forms 平台标疑似, 未报到 and 未返校 stand on each child's page",
}
