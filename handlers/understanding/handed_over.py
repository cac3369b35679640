"""Cases given to a colleague."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft, asked_for
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.lexicon_places import TITLED
from handlers.understanding.names import split_name

_HANDED_OVER = re.compile(
    r"交(?:给|到)(?:了)?(?:班主任|老师|学校|门卫|值班老师|校长|班里)(?:手[里上])?(?:了|啦)?[哈哦啊嘛]?"
)  # the child, not the case
_OTHER_THING = re.compile(
    r"N(?:家)?的(?!(?:这|那)?个?(?:包[联保]|帮扶|责任|负责|联系人|结对|案|情况|事|工作|任务|劝返|学生|档案|个案|跟进|问题|线索|控辍|帮扶|送教|提醒|后续|单|孩子))[^,NK]{2,}$"
)  # 把张三的低保申请转给民政办: a paper, not the pupil
TO_BE_TOLD = re.compile(
    r"N(?:的)?[^,NK]{0,6}(?:情况|材料|报告书?|表|名单|说明|结果|方案|通知书|函)[^,NK]{0,3}(?:报|发|交|汇报|反馈|送)(?:(?:给|到)(?:我|学校|镇|乡|县|局|教育)[^,NK]{0,4}|上来|过来)$"
)  # 让王老师把张三的情况报给我: asked for a word, not given the case
_FROM_NOW_ON = re.compile(
    r"N(?:的(?:事情?|情况|案子))?(?:以后|今后|往后|从现在起|接下来|后面|后续)(?:就|都|由|归|让)*(?P<to>[^,NDW]{0,4}K)(?:来|去|那边|负责)*(?:跟|管|盯|负责|联系|包|带|接)"
)  # 张三以后王老师跟进
_AFTER_A_NAME = "吧了哈啊哦吗呢嘛来去跟管盯包带接劝办做负就先再也都"
_ASSIGNS = (ask.ASSIGN_TO, ask.ASSIGN_HELPER, ask.SEND, _FROM_NOW_ON)


def assign(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """A case that is given to a colleague, by name or title."""
    text = clause.text
    match = next((m for words in _ASSIGNS for m in words.finditer(text) if not m.group().startswith("换个")), None)
    if (
        not match
        or lex.NOTICE.search(text)
        or (lex.TRANSFER_OUT.search(text) and "K" not in text)
        or re.search(r"学校了|送到|已经?(?:送|拉|带)|电话|通知", text)
    ):
        return []
    if re.search(r"一起|共同|联合|陪同|会同", text) and match.group().startswith("由"):
        return []
    slot = "to" if match["to"] else "to2"
    to = match[slot]
    if (
        re.fullmatch(r"我们|他|她|自己|家长|孩子|别?人|个人", to)
        or re.match(r"你|您|大家|系统|机器人|我(?!.*K|$|名下|手|[镇乡局县办][^,]{2})", to)
        or (to == "我" and not match.group().startswith(("由", "归", "改由")))
        or re.search(r"哪|谁|什么|啥|几|我村|本村|我校|本校", to)
        or (re.match(rf"(?:他|她)?的?[大小二三]?(?:{KIN})", to) and "K" not in to)
        or (match.group()[0] in "安派" and re.search(r"已经?$", text[: match.start()]))
        or re.search(r"(?:不|没|别)$", text[: match.start()])
        or (re.search(r"我班|我们班|本班|学校$|[他她N]|家长|父母", to) and "K" not in to)
    ):
        return []
    if TO_BE_TOLD.search(text):
        return []
    if _HANDED_OVER.fullmatch(text[match.start() :]) or _OTHER_THING.search(text[: match.start()]):
        return []
    if "K" in to:
        end = to.rindex("K") + 1
        colleague = str(line.tokens[clause.start + match.start(slot) + end - 1].value)
        named = split_name(colleague)[0] and not TITLED.search(colleague)
        goes_on = named and len(to) == end + 1 and to[end] not in _AFTER_A_NAME  # 李华明 is not 李华
        to = to if goes_on else to[:end]
    to = re.sub(
        r"(?:尽快|马上|抓紧|继续|及时|务必|赶紧|立即|再|统一|共同|(?:去|来)?(?:跑|看|走)一?[趟次下]|(?<=..)包)+$",
        "",
        to,
    )
    draft = asked_for("assign", clause, match)
    draft.put("to", to, clause.start + match.start(slot), clause.start + match.start(slot) + len(to))
    return [draft]
