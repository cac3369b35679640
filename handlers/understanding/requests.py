"""Questions and orders: clauses that ask the bot for something, and those about all or nobody in particular."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft, asked_for, tokens_in
from handlers.understanding.handed_over import assign
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.lists_asked import listing
from handlers.understanding.papers_asked import export
from handlers.understanding.reports_asked import report
from handlers.understanding.waits import snooze


def of_all(line: Line) -> bool:
    """An errand about all pupils at once, or pasted words that name one."""
    return ask.BULK.search(line.text) is not None or ("N" in line.text and lex.PASTED.search(line.text) is not None)


def asked_about_all(line: Line) -> Draft:
    """What of that is meant, is asked of all who are named."""
    return Draft("clarify", [at for at, t in line.tokens.items() if t.kind == "N"], {"about": "meaning"})


def announced(line: Line) -> bool:
    """An announcement to everybody, about nobody."""
    return "N" not in line.text and ask.ANNOUNCEMENT.search(line.text) is not None


def requests(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """What the clause asks for; empty if it asks for nothing. ``before`` is what was asked just before."""
    if ask.OFFTOPIC.search(clause.text) and not re.search(r"[NW]", clause.text) and not ask.LEDGER.search(clause.text):
        return []
    for reader in (_help, _undo, snooze, assign, _whoami, report, export, _todo, listing, _case):
        found = reader(clause, line, today, before)
        if found:
            return found
    return []


_HOW_TO = re.compile(
    r"(?:怎么|如何|咋)(?:[给帮把]N)?(?:请假|登记|报|标|办|开|写|填|撤|改)|错了(?:怎么|如何|咋)改|(?:请假|休学|缓学|转学|送教)(?:怎么|咋|如何)(?:弄|报|填|操作|登记)"
)


def _help(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    match = ask.HELP.search(clause.text)
    if not match or lex.CANNOT_PAY.search(clause.text):
        return []  # 供不起了咋弄: a sigh
    if re.search(r"N(?!.{0,3}(?:怎么(?:请假|登记|报|标|办|开)))", clause.text) and not _HOW_TO.search(clause.text):
        return []
    topic = re.sub(r"[?,。的又是]|怎么|如何|咋|帮助|另外|请问|N", "", clause.text)
    draft = asked_for("help", clause, match)
    draft.put("topic", topic or None, clause.start, clause.end)
    return [draft]


def _undo(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    match = ask.UNDO.search(clause.text)
    if (
        not match
        or ask.BULK.search(clause.text)
        or re.search(
            r"是不是|会不会|有没有|看看|[吗么]$|(?:电话|号码|地址|身份证|名字|生日)[^,]{0,4}(?:录|写|填|登|报|打)错",
            clause.text,
        )
        or re.search(
            r"怎么|如何|户口|学籍撤|系统(?:弄|搞|记|显示|数据)|(?:月报|周报|季报|台账|学籍|名册|表)里", clause.text
        )
    ):
        return []
    return [asked_for("undo", clause, match)]


def _whoami(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    match = ask.WHOAMI.search(clause.text)
    if match and re.search(r"辍学|劝返|请假|缺勤|没来|留守|孤儿", clause.text):
        return []  # 我镇疑似辍学的是哪些人
    if match and match.group().startswith("归") and "我" not in line.text:
        return []  # 路灯不亮归谁管
    return [asked_for("whoami", clause, match)] if match and "N" not in clause.text else []


def _todo(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    match = ask.TODO.search(clause.text)
    if not match:
        return []
    if (
        before
        and before[-1].action == "report"
        and match.group().startswith(("没", "未"))
        and not re.search("我|事", clause.text)
    ):
        return [Draft("")]  # 多少家完成了,没完成的列出来
    past = any(t.value.lean < 0 for _, t in tokens_in(line, clause, "D"))
    if past or re.search(r"N|学校|月报|名单|超期|逾期|期限|时限|劝返|案子", clause.text):
        return []
    return [asked_for("todo", clause, match)]


_OF_HIM = re.compile(
    r"(?:请|帮我|再|先|另外|顺便)*(?:查|看|调|翻)(?:一?下|看|查|出|询)?(?:他|她|这孩子|这个学生)(?:的)?"
)
_HIS_TOO = re.compile(r"(?:还有)?N(?:的|呢|也|都)*(?:情况|资料|档案)?(?:也|都)?(?:要|看|查|发|给|调)?(?:一?下|看|我)*")


def _case(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    text = clause.text
    if "N" not in text and not _OF_HIM.match(text):
        return []
    match = ask.CASE.search(text) or ask.CASE_DAYS.search(text)
    if (not match and not before) or re.search(r"没(?:上|来|读)几[天节]", text):
        return []
    if before and before[-1].action == "case" and (too := _HIS_TOO.fullmatch(text)):
        return [asked_for("case", clause, too)]
    if (
        not match
        or clause.sign == ":"
        or re.search(r"家访(?!记录|情况)|上门|去看|看了|看望|打电话|汇报|报告|反映|说明|通报|电话", text[: match.end()])
        or lex.SAID.search(text)
        or "了解情况" in text
        or lex.UNKNOWING.search(text)
        or re.search(rf"问了?N的?(?:{KIN})", text)
        or re.search(r"[吗没]$|是不是|有没有", text)
    ):
        return []
    return [asked_for("case", clause, match)]
