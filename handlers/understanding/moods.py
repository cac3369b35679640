"""How a clause is said: plainly, as a question, a condition, a plan, hearsay, or somebody else's words."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.lexicon_names import KIN


def mood_of(clause: Clause, line: Line) -> str:
    """How a clause is said: "" (plainly), what, whether, condition, plan, hearsay, quote."""
    key = ("mood", clause)
    if key not in line.heard:
        line.heard[key] = _mood(clause, line)
    return str(line.heard[key])


def _mood(clause: Clause, line: Line) -> str:
    text = clause.text
    if lex.QUOTE.search(text) and not _PARENT_IN_GROUP.search(text) and not _COUNT_TOLD.fullmatch(text):
        return "quote"
    if _asks_what(text):
        return "what"
    if clause.sign == "?" or any(
        not _reported(text, m.start()) and not (m.group() == "嘛" and "我" in text[: m.start()])
        for m in lex.ASKS_WHETHER.finditer(text)
    ):  # 我亲自送到学校了嘛: of one's own doing nobody asks
        return "whether"
    if any(not _reported(text, m.start()) for m in lex.CONDITION.finditer(text)):
        return "condition"
    if lex.HEARSAY.search(text) or (lex.HABIT.search(text) and "R" not in line.text):
        return "hearsay"
    return "plan" if _planned(clause, line) else ""


_PARENT_IN_GROUP = re.compile(rf"{KIN}在?(?:班级|家长|微信)*群里")  # what a parent writes there is told to the teacher
_COUNT_TOLD = re.compile(r"(?:班主任|老师|K)(?:说|讲|报)(?:今天|D|已经?|是|都|有)*[OT]了?")  # 班主任说第3天了
_SOME_DAY = re.compile(r"^(?!.*(?:已|了|办好)).*(?:下个?(?:学期|月|周)|明年|年后|暑假|寒假|开学后|要)")
_TO_BE_DONE = re.compile(
    r"N(?:这边|那边|家)?(?:莫|别|甭|不用|不要|不必)(?:再)?(?:喊|叫|派|让|安排)(?:人|我)|^(?:D|U|下次|以后|今后)*(?:别|不要|莫|该|需要|应该|必须|务必)(?:再|先)?(?:给|去|对|向|把)[^,]{0,2}N|N(?:家)?(?:还|也)?(?:需要|该|必须)(?:再)?(?:送教|家访|走访|联系)"
)
_WISHES = re.compile(
    r"(?:N|[爸妈爷奶父母]|家长)(?:也|都)?同意(?:他|她|孩子|N)?(?:办(?:理)?)?(?:转学|休学|缓学|退学)(?!了|手续)|(?:来|要|想|申请|闹着|吵着|打算|准备)(?:给|帮)?(?:他|她|孩子|N)?(?:办|要)?(?:理)?退学|(?:要求|请求|希望|盼着?)(?:能)?(?:给|帮|让|为)?(?:他|她|孩子|N)?(?:办理?|要)?(?:转学|休学|缓学|退学)|(?<!不)想请(?:个|T|病|事)?假|请假(?:条)?(?:还?没|未)(?:有)?(?:批|同意|准)|(?<!不)(?<!需)要(?:给他|给她|让他|让她|把他|把她)?(?:去)?(?:办(?:理)?)?(?:转学|休学|退学)(?!.*(?:办好|办了|办完|手续|已))|请假条(?:D|什么|$)(?!补?交了)(?:再?交|给)?|(?<!不)想(?:要|给他|给她|给孩子|让他|让她)?(?:办)?(?:转学|转走|转到|转去|休学|缓学|退学)"
)
_LESSONS_TO_COME = re.compile(r"^(?:N|我们?|D|U)*(?:要|去|再去|准备)(?:给|帮|到|上)?N?(?:的?家)?(?:里)?送教[^了过]*$")
_LESSONS_HELD = re.compile(
    r"[,。 ](?:给|为)?(?:他|她|N|孩子)?(?:一共|总共|共)?(?:讲|上|教|学|辅导|补)了"
)  # 去他家送教,讲了一个钟头
_TO_BE_TAUGHT = re.compile(
    r"(?:要|需要?|申请|应该?|安排|想要?|希望|盼[望着]?|等着?|要求|请求|建议|适合|可以)(?:能|我们|学校)*(?:给他|给她|上门)?送教[^了过L]*$"
)
_GOES_LATER = re.compile(r"(?:T|下午|晚上|中午|放学后?|待会儿?|等下)(?:再)?(?:去|上门|到)")
_LATER_TODAY = re.compile(
    r"^(?:N|我们?|D|[和跟同](?:K|村?支书|村?主任|书记|校长|老师|村干部|村委|学校|妇女主任))*(?:T|下午|晚上|中午|晚点|放学后?)+(?:我们?|再|要|一起|[和跟]K)*(?:去|到|上|家访|走访)(?!.*(?:没人|不在|锁|没应|无人|扑空))[^了过]*$"
)
_REMIND_OF_IT = re.compile(
    r"[,。](?:你|到时候?|记得|别忘了?|不要忘了?|请|麻烦)*(?:提前)?(?:提醒(?:一?下)?(?:我|$)|[叫喊](?:一?下)?我(?=[去,。]|$))"
)  # 周末去他家,提醒我


_REST_BEGUN = re.compile(
    r"(?:办理?)?休学T?[,]?(?:(?:从|自|打)?(?P<day>D)(?:就)?(?:起|开始|算起?)|(?:从|自|打)(?P<since>D)$)"
)


def _has_begun(clause: Clause, line: Line) -> bool:
    """要休学一年,从10月13号开始: with its first day named it is told, not wished."""
    match = _REST_BEGUN.search(line.text, clause.start)
    token = line.tokens.get(match.start(match.lastgroup or 0)) if match else None
    return token is not None and leans(token.value) <= 0


def _reported(text: str, at: int) -> bool:
    """他爸讲读书干嘛: what somebody of the family asks is no question to the bot."""
    said = lex.SAID.search(text)
    return (said is not None and said.end() < at) or _ASKED_THEM.search(text[:at]) is not None


_ASKED_THEM = re.compile(rf"问(?:了|过)?(?:一?下)?(?:N|他|她)?的?(?:{KIN})[^,N]{{0,3}}$")  # 微信上问他爸怎么回事


def _asks_what(text: str) -> bool:
    asked = [m for m in lex.ASKS_WHAT.finditer(text) if not _reported(text, m.start())]
    return bool(asked) and not lex.UNKNOWING.search(text)


def _planned(clause: Clause, line: Line) -> bool:
    """The writer's own intent to visit or call, or anybody's to move a pupil: nothing has been done yet."""
    text = clause.text
    if "了" not in text and _REMIND_OF_IT.match(line.text, clause.end):
        return True
    if _SOME_DAY.search(text) and any(w.search(text) for w in (lex.TRANSFER_OUT, lex.TRANSFER_IN)):
        return True
    if (_WISHES.search(text) and not _has_begun(clause, line)) or _TO_BE_DONE.search(text):
        return True
    for plan in lex.PLAN.finditer(text):
        ahead = text[plan.start() :]
        if any(
            words.search(ahead)
            for words in (lex.SUSPEND, lex.TRANSFER_OUT, lex.DEFER, lex.TRANSFER_IN, lex.NOTICE, lex.TEACH, lex.DROPOUT)
        ):
            return True
        if (
            (
                plan.group().startswith("我")
                or re.search(r"我们?$", text[: plan.start()])
                or not re.search(rf"{KIN}|孩子|他|她|本人|娃|说", text[: plan.start()])
            )
            and any(w.search(text) for w in (lex.VISIT, lex.PHONE, lex.CONTACT, lex.IN_PERSON, lex.WECHAT, lex.LEAVE))
            and not (plan.group().endswith("要去") and lex.LEAVE.search(text))
        ):
            return True
    if (
        "L" not in text
        and _LESSONS_TO_COME.search(text)
        and not _LESSONS_HELD.match(line.text, clause.end)
        and any(leans(t.value) >= 0 for _, t in line.tokens.items() if t.kind == "D")
    ):
        return True
    if "送教" in text and _TO_BE_TAUGHT.search(text):
        return True
    whole = (clause.end == len(line.text) or clause.sign in ("。", "\n")) and (
        clause.start == 0 or "我" in text or _GOES_LATER.match(text) is not None
    )
    if whole and _on_a_weekday(clause, line):
        return True
    return _visit_to_come(clause, line) or (whole and "L" not in text and _LATER_TODAY.search(text) is not None)


_WITH = r"(?:我们?)?(?:[和跟与同][^,NDT了过]{1,8}?)?"
_GOES_ON = re.compile(
    rf"{_WITH}(?P<day>D)(?:T|上午|下午|早上|晚上|中午)?{_WITH}(?:一起|一道|一同|再|要)*+(?:去|到|上|家访|走访|入户)[^,DT了过]{{0,3}}"
    r"N的?(?:家里?)?(?:看看|看一下|看望|走访|家访|一趟|走一趟|坐坐)?$"
)


def _on_a_weekday(clause: Clause, line: Line) -> bool:
    """周五去张三家, and no word of how it was: of the Friday to come, or of the one that was? Only the writer knows."""
    goes = _GOES_ON.match(clause.text)
    day = line.tokens[clause.start + goes.start("day")].value if goes else None
    return day is not None and day.words[:1] in "周星礼" and leans(day) == 0


def _visit_to_come(clause: Clause, line: Line) -> bool:
    """明天去张三家: a coming day, a visit or call, and nobody who promises it."""
    text = clause.text
    coming = any(
        t.kind in "DR" and leans(t.value) > 0 for at, t in line.tokens.items() if clause.start <= at < clause.end
    )
    if not coming or (lex.PROMISE.search(text) and not re.search(r"再|要", text)) or lex.LEAVE.search(text):
        return False
    return any(w.search(text) for w in (lex.VISIT, lex.PHONE, lex.TEACH, lex.NOTICE, lex.CONTACT)) and not re.search(
        r"了|过(?!去|来)", text
    )


def leans(value: object) -> int:
    day = value[0] if isinstance(value, tuple) else value
    return int(getattr(day, "lean", 0))
