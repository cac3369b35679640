"""One table: action → who handles it, what it is called, examples. Help, hints and tests come from the same row."""

from __future__ import annotations

from dataclasses import dataclass

from casework.access import ACTIONS


@dataclass(frozen=True, slots=True)
class Row:
    """``kind``: ``record`` writes facts, ``ask`` only answers, ``file`` sends a file, ``talk`` is about the talk itself.

    ``needs_pupil``: the message must name one. ``serious``: asked back before it is written.
    ``clauses`` are the clauses of the documents that this action carries.
    """

    action: str
    title: str
    kind: str
    examples: tuple[str, ...]
    needs_pupil: bool = False
    serious: bool = False
    topics: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may, as the table of rights says."""
        return ACTIONS[self.action].roles


REGISTRY: dict[str, Row] = {
    row.action: row
    for row in (
        Row("absence", "报缺勤", "record", ("张三 缺勤 第3天", "张三 李四 今天没来"), True,
            topics=("缺勤", "旷课", "没来", "缺席"), clauses=("TA-8", "LC-13", "LC-14", "FN-15")),
        Row("all_present", "报全勤", "record", ("今天全勤",),
            topics=("全勤", "到齐"), clauses=("TA-8",)),
        Row("leave", "登记请假", "record", ("李四请病假3天", "王五 事假 周一到周三"), True,
            topics=("请假", "病假", "事假"), clauses=("FN-32", "FN-17")),
        Row("contact", "记联系", "record", ("给张三妈妈打电话没人接", "微信联系张三家长，同意明天返校"), True,
            topics=("联系", "电话", "微信"), clauses=("FN-15", "FN-18", "LC-31")),
        Row("visit", "记家访", "record", ("家访 张三 家长同意下周一返校", "去张三家没人"), True,
            topics=("家访", "走访", "上门", "劝返"), clauses=("LC-28", "LC-30", "LC-33", "XY-24", "TA-16")),
        Row("return", "记返校", "record", ("张三今天回来上课了",), True,
            topics=("销假", "返校", "复学", "回来"), clauses=("FN-33", "TA-11")),
        Row("dropout", "认定辍学", "record", ("确认张三辍学，外出打工",), True, True,
            topics=("辍学",), clauses=("TA-22", "FN-19", "LC-25", "XY-14")),
        Row("notice", "记劝学通知书送达", "record", ("已给张三家长送达劝学通知书",), True,
            topics=("劝学通知书", "通知书", "送达"), clauses=("XY-5",)),
        Row("transfer_out", "登记转出", "record", ("张三转到惠州了",), True, True,
            topics=("转学", "转出"), clauses=("TA-15", "XY-16")),
        Row("transfer_in", "登记转入", "record", ("赵小六从赣州转入我班",), True,
            topics=("转入",), clauses=("XY-16",)),
        Row("suspend", "登记休学", "record", ("张三骨折，3月10日起休学",), True, True,
            topics=("休学",), clauses=("TA-15", "XY-4", "FJ-12", "LC-40")),
        Row("defer", "登记缓学", "record", ("次仁缓学一年，乡里8月29日批的",), True, True,
            topics=("缓学",), clauses=("XY-4", "FJ-12", "FJ-13")),
        Row("teach", "记送教", "record", ("今天给李四送教2课时",), True,
            topics=("送教",), clauses=("FN-27", "FN-28", "TA-26", "XY-35")),
        Row("found", "报失学儿童", "record", ("摸排发现陈小花8岁没上学，住上坪村",),
            topics=("摸排", "发现", "失学"), clauses=("FN-13", "XY-33", "FJ-9")),
        Row("mark", "标注重点群体", "record", ("张三是留守儿童", "张三有辍学苗头"), True,
            topics=("留守", "随迁", "重点群体", "标注", "苗头", "厌学", "不想读", "不想上学", "不想念"), clauses=("FN-6", "FN-20", "XY-18", "TA-23")),
        Row("assign", "指定包联人", "record", ("张三转给李老师跟进",), True,
            topics=("包联", "转给", "跟进"), clauses=("XY-10", "XY-19", "FN-21")),
        Row("snooze", "推迟提醒", "talk", ("张三的提醒明天再说",), topics=("提醒", "推迟")),
        Row("undo", "撤销", "record", ("撤销",), topics=("撤销", "改错", "更正")),
        Row("platform_flag", "国家平台标疑似", "record", ("平台疑似名单里有张三",), True, clauses=("FN-31",)),
        Row("not_registered", "未按通知书报到", "record", ("李小四没来报到注册",), True,
            topics=("报到",), clauses=("TA-7", "FJ-20")),
        Row("not_returned", "开学未返校", "record", ("张三开学没返校",), True, topics=("开学",), clauses=("XY-27", "TA-13")),
        Row("not_handed_over", "小升初未移交", "record", ("张三小升初没移交",), True,
            topics=("小升初",), clauses=("XY-39", "XY-40")),
        Row("done", "完成一项待办", "record", ("完成 2",), topics=("完成",)),
        Row("todo", "看待办", "ask", ("待办",), topics=("待办",)),
        Row("case", "查学生", "ask", ("查 张三", "张三 接下来会发什么"), True, topics=("查", "情况")),
        Row("list", "看名单", "ask", ("待劝返名单", "逾期"), topics=("名单", "待劝返", "逾期")),
        Row("stats", "看统计", "ask", ("这个月缺勤多少人",), topics=("统计", "多少")),
        Row("report", "月报", "record", ("月报", "提交本月月报", "零报告", "季度复核"),
            topics=("月报", "零报告", "周报", "季度", "复核"), clauses=("LC-20", "TA-12", "FN-8", "XY-42")),
        Row("export", "导出台账、表格", "file", ("导出疑似辍学台账", "打印 张三 家访表"),
            topics=("导出", "打印", "台账", "表格"), clauses=("FN-4", "LC-21")),
        Row("help", "帮助", "ask", ("帮助", "怎么请假")),
        Row("whoami", "我是谁", "ask", ("我是谁",)),
        Row("greet", "问好", "ask", ("你好",)),
    )
}  # fmt: skip


def row_about(topic: str) -> tuple[str, Row] | None:
    """The longest topic word that the question uses, and its row."""
    hits = [(word, row) for row in REGISTRY.values() for word in row.topics if word in topic]
    return max(hits, key=lambda hit: len(hit[0]), default=None)
