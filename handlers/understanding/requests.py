"""Questions and orders: clauses that ask the bot for something, and those about all or nobody in particular."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.actions import CHAT_ALONE
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, clock_of, month_of, next_monday
from handlers.understanding.drafts import Draft, put_day, tokens_in
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.reading import Token

_NEXT_WEEK = re.compile(r"下(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天])")


def requests(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    """What the clause asks for; empty if it asks for nothing. ``before`` is what was asked just before."""
    if ask.OFFTOPIC.search(clause.text) and not re.search(r"[NW]", clause.text) and not ask.LEDGER.search(clause.text):
        return []
    for reader in (_help, _undo, _snooze, _assign, _whoami, _report, _export, _todo, _listing, _case):
        found = reader(clause, line, now, before)
        if found:
            return found
    return []


def _draft(action: str, clause: Clause, match: re.Match[str] | None, **slots: object) -> Draft:
    start, end = match.span() if match else (0, len(clause.text))
    place = (clause.start + start, clause.start + end)
    return Draft(
        action,
        slots={k: v for k, v in slots.items() if v is not None},
        spans={"action": place} | dict.fromkeys(slots, place),
    )


_HOW_TO = re.compile(
    r"(?:怎么|如何|咋)(?:[给帮把]N)?(?:请假|登记|报|标|办|开|写|填|撤|改)|错了(?:怎么|如何|咋)改|(?:请假|休学|缓学|转学|送教)(?:怎么|咋|如何)(?:弄|报|填|操作|登记)"
)


def _help(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    match = ask.HELP.search(clause.text)
    if lex.CANNOT_PAY.search(clause.text):
        return []  # 供不起了咋弄: a sigh
    if not match or (
        re.search(r"N(?!.{0,3}(?:怎么(?:请假|登记|报|标|办|开)))", clause.text) and not _HOW_TO.search(clause.text)
    ):
        return []
    if before and before[-1].action == "help" and "N" not in clause.text and len(clause.text) < 9:
        return [Draft("")]
    topic = re.sub(r"[?,。的又是]|怎么|如何|咋|帮助|另外|请问|N", "", clause.text)
    draft = _draft("help", clause, match)
    draft.put("topic", topic or None, clause.start, clause.end)
    return [draft]


def _undo(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
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
    return [_draft("undo", clause, match)]


_THIS_ONE_TOO = re.compile(
    r"N(?:的|那个|那边|那家|也)+(?:事情?|提醒|案子|情况)?(?:推到|放到|挪到|拖到|改到|等到?|晚|过|再过|先)?[DTH]?(?:之?前|之?后|以后|开始)?(?:再|也|就|别|不|先|停)*(?:说|讲|提醒?|叫|催|弹|跟|停|我|[DTH])*[吧啊]?"
)


def _snooze(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    text = clause.text
    if re.search(r"告诉我(?:的|说)|照旧|照常", text):
        return []  # 是科任老师告诉我的
    if re.search(r"(?:怎么|为什么|为啥|咋|干嘛)(?:还|又|老|总|一直)", text):
        return []  # a complaint about a reminder
    if re.search(rf"各(?:学校|校|村|镇|乡|位|班)|大家|所有|(?:{KIN})(?:也|都|又)?(?:叫|喊|让|告诉|通知)我", text):
        return []  # an errand to others
    match = None if re.search(r"假(?:期)?(?:推迟|延后|延)", text) else ask.SNOOZE.search(text)
    goes_on = before and before[-1].action == "snooze" and _THIS_ONE_TOO.fullmatch(text)
    if (
        before
        and before[-1].action == "snooze"
        and before[-1].slots.keys() <= CHAT_ALONE
        and "N" not in text
        and (re.search(r"再|后|说|叫|提|喊", text) or re.fullmatch(r"(?:就|到)?[DTH](?:之?前|以后)?[吧啊]?", text))
    ):
        put_wait(before[-1], clause, line, now)
        return [Draft("")] if before[-1].slots else []
    if (not match and not goes_on) or lex.SAID.search(text) or re.search(r"(?:家长|妈|爸|孩子)说", text):
        return []
    if match and re.match(r"[推延]|往后", match.group()) and not goes_on and not re.search(r"N|提醒|催", text):
        return []  # 说周一返校,推到周四: the promise
    if match and "缓" in match.group() and lex.DEFER.search(line.text):
        return []  # 送来缓学申请,先缓一年
    draft = _draft("snooze", clause, match)
    put_wait(draft, clause, line, now)
    weak = match is None or re.search(r"说|处理|弄|看|议|办|跟|(?<!先不)管|延|告诉|通知|叫|喊", match.group())
    if weak and not draft.slots and not re.search(r"提醒|催|[叫喊]我|[DT上下午晚]再说", text):
        return []
    if (weak or (match and match.group().startswith("先不"))) and not re.search(r"N|他|她|提醒|催|[叫喊]我", text):
        return []
    if hour := next(iter(tokens_in(line, clause, "U")), None):
        days = "".join(day.value.words for _, day in tokens_in(line, clause, "D"))
        draft.put("clock", clock_of(str(hour[1].value), days), hour[0], hour[0] + 1)
    return [draft]


_NOT_THAT_DAY = re.compile(r"(?:就|先|暂时|暂)?(?:不|别|莫|唔好)(?:用|要)?(?:再)?(?:弹|催|提|叫|推|喊|发|跳|响)")


def put_wait(draft: Draft, clause: Clause, line: Line, now: dt.datetime) -> None:
    """Until when, or for how many hours or days."""
    for at, token in tokens_in(line, clause, "DHMT"):
        if token.kind == "D" and _NOT_THAT_DAY.match(line.text, at + 1) and re.search(r"[DTH]", line.text[at + 1 :]):
            continue  # 今天先不弹,周五再说
        if token.kind == "D":
            put_day(draft, "until", at, token.value, now.date(), COMING)
        elif token.kind == "T":
            draft.put("days", token.value, at, at + 1)
        else:
            hours = token.value / 60
            draft.put("hours", int(hours) if hours == int(hours) else hours, at, at + 1)
    month = re.search(r"下个?月(?!底)", clause.text)
    if month and not draft.slots:
        first = (now.date().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        draft.put("until", str(first), clause.start + month.start(), clause.start + month.end())
    week = _NEXT_WEEK.search(clause.text)
    if week and not draft.slots:
        draft.put(
            "until",
            str(next_monday(now.date())),
            clause.start + week.start(),
            clause.start + week.end(),
        )


_HANDED_OVER = re.compile(
    r"交(?:给|到)(?:了)?(?:班主任|老师|学校|门卫|值班老师|校长|班里)(?:手[里上])?(?:了|啦)?[哈哦啊嘛]?"
)  # the child, not the case
_OTHER_THING = re.compile(
    r"N(?:家)?的(?!(?:这|那)?个?(?:包[联保]|帮扶|责任|负责|联系人|结对|案|情况|事|工作|任务|劝返|学生|档案|个案|跟进|问题|线索|控辍|帮扶|送教|提醒|后续|单|孩子))[^,NK]{2,}$"
)  # 把张三的低保申请转给民政办: a paper, not the pupil
_ASSIGNS = (ask.ASSIGN_TO, ask.ASSIGN_HELPER, ask.SEND)


def _assign(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
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
    if _HANDED_OVER.fullmatch(text[match.start() :]) or _OTHER_THING.search(text[: match.start()]):
        return []
    if "K" in to:
        to = to[: to.rindex("K") + 1]
    to = re.sub(
        r"(?:尽快|马上|抓紧|继续|及时|务必|赶紧|立即|再|统一|共同|(?:去|来)?(?:跑|看|走)一?[趟次下]|(?<=..)包)+$",
        "",
        to,
    )
    draft = _draft("assign", clause, match)
    draft.put("to", to, clause.start + match.start(slot), clause.start + match.start(slot) + len(to))
    return [draft]


def _whoami(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    match = ask.WHOAMI.search(clause.text)
    if match and re.search(r"辍学|劝返|请假|缺勤|没来|留守|孤儿", clause.text):
        return []  # 我镇疑似辍学的是哪些人
    if match and match.group().startswith("归") and "我" not in line.text:
        return []  # 路灯不亮归谁管
    return [_draft("whoami", clause, match)] if match and "N" not in clause.text else []


_SENT_AS_FILE = re.compile(r"导|下载|打印|excel|word")
_HANDED_IN = re.compile(
    r"已经?(?:提交|上报|报送|交|报)|^(?:我们?|我校|学校|D|S|本月|这个月)*(?:的)?[月周季零]报告?(?:已经?|都|刚)*(?:提交|上报|报送|交|报)(?:上去)?(?:过)?了$"
)
_NOT_YET = re.compile(
    r"(?:还没|尚未|不|别|莫|甭|暂缓|暂时|等)[^,]{0,4}(?:提交|交|报|送|发)|如果|要是|万一|再(?:提交|交|报)"
)
_DONE_OR_DO = re.compile(r"(?:交|报|提交|上报)(?:上去)?了吧$")
_WHEN_DUE = re.compile(r"每?周几|什么时候|啥时候|几号|何时|哪天|截止|期限")


_MUST_WE = re.compile(
    r"(?:还|也|都)?(?:要不要|需不需要|用不用|要|用|需要)(?:交|报|写|做|填)[^,]{0,6}(?:吗|么)?$(?<=[吗么])|要不要|用不用"
)


def _report(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    text = clause.text
    found = next(((what, m) for what, words in ask.REPORTS if (m := words.search(text))), None)
    if not found and (unnamed := ask.REPORT_OF_OTHERS.search(text)) and not re.search(r"[NW]", text):
        return [_draft("report", clause, unnamed, what="monthly", step="progress")]
    if not found or _SENT_AS_FILE.search(text + _then_printed(clause, line)) or re.search(r"N", text):
        return _report_goes_on(clause, before, line, now)
    what, match = found
    if re.search(
        r"(?:上[面一]|刚才|那)一?[个条]?.*(?:发|报|交)(?:早|错|重|多)了?$|数(?:字|据)?(?:又|都)?(?:不对|错了?|有误)$",
        text,
    ):
        return []  # 撤回,月报数不对
    if _WHEN_DUE.search(text):
        return [_draft("help", clause, match, topic=match.group())]
    if _MUST_WE.search(text):
        return [_draft("help", clause, match, topic=match.group())]
    step = None
    for name, words in (("progress", ask.REPORT_PROGRESS), ("show", ask.REPORT_SHOW), ("submit", ask.REPORT_SUBMIT)):
        if words.search(text):
            step = name
            break
    if (
        step == "show"
        and re.search(r"先?(?:直接|帮我)?(?:提交|报送|上报)", text)
        and not re.search(r"看|瞧|发我", text)
    ):
        step = "submit"
    ahead = any(t.value.lean > 0 for _, t in tokens_in(line, clause, "D"))
    if step == "submit" and re.search(r"各(?:校|学校|村|镇|乡|班|家)|怎么样|怎样", text):
        step = "progress"
    if step == "submit" and _HANDED_IN.search(text):
        step = "show"  # told as done, not asked for
    if step != "progress" and re.search(r"(?:提醒|督促|催|通知|叫|让|要求).*(?:各|学校|他们|大家|村)", text):
        return [_draft("report", clause, match, what=what, step="progress")]  # others are to hand theirs in
    if step == "submit" and _DONE_OR_DO.search(text):
        step = "show"  # 月报交了吧: asked or ordered, nobody can tell
    if step != "progress" and (_NOT_YET.search(text) or ahead):
        step = "show"  # 先别提交, 明天再交: nothing is handed in now
    if len(several := _named_together(text)) > 1:
        return [_draft("report", clause, m, what=w, step=step or "show") for w, m in several]
    draft = _draft("report", clause, match, what=what)
    draft.put("step", step or ("show" if what != "zero" else None), clause.start, clause.end)
    put_month(draft, tokens_in(line, clause, "S"), now.date())
    return [draft]


def put_month(draft: Draft, months: Sequence[tuple[int, Token]], today: dt.date) -> None:
    """Of which month a monthly or a zero report is: of the first that is named."""
    if months and draft.slots["what"] in ("monthly", "zero"):
        at, token = months[0]
        draft.put("month", month_of(token.value, today), at, at + 1)


def _named_together(text: str) -> list[tuple[str, re.Match[str]]]:
    """周报、月报、零报告还差几个: the reports of one list, in its order."""
    found = sorted(((what, m) for what, words in ask.REPORTS for m in words.finditer(text)), key=lambda f: f[1].start())
    joined = all(re.fullmatch(r"[、和及与]", text[a[1].end() : b[1].start()]) for a, b in pairwise(found))
    return found if joined else []


def _report_goes_on(clause: Clause, before: list[Draft], line: Line, now: dt.datetime) -> list[Draft]:
    """月报还没交吧,先给我看一眼: the step comes in the next clause."""
    if (
        not before
        or before[-1].action != "report"
        or re.search(r"[NW]|缺勤|名单|待办", clause.text)
        or ask.TODO.search(clause.text)
        or len(clause.text) > 10
    ):
        return []
    if "再" in clause.text or _NOT_YET.search(clause.text):
        return [Draft("")]  # 先看,没问题我再交
    for step, words in (("progress", ask.REPORT_PROGRESS), ("show", ask.REPORT_SHOW), ("submit", ask.REPORT_SUBMIT)):
        if words.search(clause.text):
            before[-1].put("step", step, clause.start, clause.end)
            put_month(before[-1], tokens_in(line, clause, "S"), now.date())  # 月报填好了,把本月的提交上去
            return [Draft("")]
    return []


_PRINT_IT = re.compile(
    r"(?:[ ,]?(?:都|一起|一块儿?|一并|一道)?(?:打印|导出?|下载|出|发我|发一份|给我)(?:给我|一?下|一份|出来)?)?"
)


def _then_printed(clause: Clause, line: Line) -> str:
    """台账、月报,导给我: what stands after the clause, where it is only how to hand it over."""
    rest = _PAPERS_ON.match(line.text, clause.end)
    at = rest.end() if rest else clause.end
    return line.text[at:] if _PRINT_IT.fullmatch(line.text, at) else ""


_PAPER = re.compile(
    rf"(?:N的?|[^,NWD没]{{0,10}})(?:{ask.LEDGER.pattern})(?:(?:[、和跟]|还有|以及)(?:N的?|[^,NWD没]{{0,10}})(?:{ask.LEDGER.pattern}))*(?:、|都?要|都)?"
)
_PAPERS_ON = re.compile(
    rf"(?:[,、和]?N的?[^,NWD没]{{0,6}}(?:{ask.LEDGER.pattern}))*"
)  # 张三的劝返记录、李四的辍学报告书,打印
_EACH_PRINTED = re.compile(r"(?:各|都|分别|一起|一并)[^,N]{0,3}(?:出|打|印|导|开|要|发|来)[^,N]{0,4}")


_TO_PRINT = re.compile(r"(?:打印|导出?|下载)[^,。N]{0,4}[,:]$")  # 要打印两样,家访表、通知书


def _export(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    text = clause.text
    verb = ask.EXPORT_VERB.search(text) or _TO_PRINT.search(line.text, 0, clause.start)
    goes_on = before and before[-1].action == "export" and not re.search(r"[没未]|怎么|送达|送到|N(?!的)", text)
    alone = _PRINT_IT.fullmatch(line.text, clause.end) is not None  # 张三 劝返记录表 打印
    shared = _PAPER.fullmatch(text) and (_EACH_PRINTED.search(line.text, clause.end) or _then_printed(clause, line))
    bare = bool(shared) or (clause.start == 0 and alone and ask.LEDGER_ALONE.fullmatch(text))
    if not verb and not goes_on and not bare:
        return []
    as_list = re.search(r"名单|清单", text) and not _SENT_AS_FILE.search(text)
    if as_list and (re.search("看", text) or not re.search(r"台账|表格?|电子|特殊群体的?名单", text)):
        return []  # 辍学的名单给我一份: to be looked at
    kinds: list[tuple[int, str, re.Match[str]]] = []
    rest = text
    for what, words in ask.EXPORTS:
        for match in words.finditer(rest):
            kinds.append((match.start(), what, match))
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    if not kinds or not (
        ask.LEDGER.search(text) or (verb and re.search(r"导|打印|下载|份|张|本|出|开|生成|套", verb.group()))
    ):
        return []
    if re.search(r"(?:已|昨天|D)(?:经)?(?:送|下达|发给)", text):
        return []
    return [_draft("export", clause, match, what=what) for _, what, match in sorted(kinds, key=lambda k: k[0])]


def _todo(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    match = ask.TODO.search(clause.text)
    if (
        match
        and before
        and before[-1].action == "report"
        and match.group().startswith(("没", "未"))
        and not re.search("我|事", clause.text)
    ):
        return [Draft("")]  # 多少家完成了,没完成的列出来
    past = any(t.value.lean < 0 for _, t in tokens_in(line, clause, "D"))
    if not match or past or re.search(r"N|学校|月报|名单|超期|逾期|期限|时限|劝返|案子", clause.text):
        return []
    return [_draft("todo", clause, match)]


_OF_CARE = re.compile(r"(?:特殊|重点)(?:关爱)?(?:群体|人群|儿童|学生)")


_LISTED = "待劝返|未劝返|超期|逾期|疑似|辍学|请假|缺勤|旷课|返校|劝返"
_TWO_LISTS = re.compile(
    rf"(?P<one>{_LISTED})(?:学生)?的?(?:和|、|跟|与|及)(?P<other>{_LISTED})(?:学生)?的?(?:名单|清单|都|列|各)"
)


def _listing(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    """A list of pupils or figures about them."""
    text = clause.text
    if re.search(r"[NW]", text) and not re.search(r"^[NW]?(?:村|镇|中学|小学|学校|社区)", text.replace("W", "W村")):
        return []
    groups = [(m.start(), name, m) for name, words in lex.GROUPS.items() if (m := words.search(text))]
    which = next(((name, m) for name, words in ask.LISTS if (m := words.search(text))), None)
    if clause.sign == ":" or re.search(rf"(?:他|她)(?:{KIN})|不是(?:我|本)", text):
        return []
    if (
        which
        and which[0] == "leave"
        and re.search(r"(?:要|想|得|需要?)请|请(?:了)?(?:假)?T", text)
        and not re.search(r"哪|谁|名单|多少|几个|几人|列|表|的(?:给|发|看|有|调)", text)
    ):
        return []  # 爷爷病了,要请假两天回去看: a leave
    listed = _listed(clause, line)
    counted = ask.STATS.search(text) or ask.RATE.search(text)
    again = before and before[-1].action == "list"
    if not groups and not which:
        if again and listed and re.search(r"名单|列|发|给", text) and len(text) < 9:
            return [Draft("")]
        everyone = _OF_CARE.search(text) if listed else None
        if everyone:
            return with_place(_draft("list", clause, everyone, which="special"), clause)
        return (
            _figures(clause, counted)
            if counted and re.search(r"学生|人数|率|县|镇|乡|村|校|S", text) and not ask.OFFTOPIC.search(text)
            else []
        )
    if not listed and not counted and not (again and re.search(r"也|还有|呢|以及", text)):
        return []
    if which and which[0] == "pending" and not re.search(r"多少人|率", text):
        counted = None
    if counted and not re.search(r"名单|列|哪[些几]|清单|谁", text) and not _THEN_LIST.match(line.text, clause.end):
        return _figures(clause, counted)
    if groups and not (which and which[0] in ("pending", "overdue")):
        return [
            draft
            for _, name, m in sorted(groups, key=lambda g: g[0])
            for draft in with_place(_draft("list", clause, m, which="special", group=name), clause)
        ]
    if two := _TWO_LISTS.search(text):
        kinds = [next((name for name, words in ask.LISTS if words.search(two[g])), None) for g in ("one", "other")]
        return [d for kind in kinds if kind for d in with_place(_draft("list", clause, two, which=kind), clause)]
    if which:
        return with_place(_draft("list", clause, which[1], which=which[0]), clause)
    return []


def _listed(clause: Clause, line: Line) -> re.Match[str] | None:
    """The words that ask for a list: in the clause, the whole message, or right after 有单亲的学生吗."""
    whole = clause.start == 0 and clause.end == len(line.text)
    return (
        ask.LIST_WORDS.search(clause.text)
        or _THEN_LIST.match(line.text, clause.end)
        or (ask.BARE_LIST.search(clause.text) if whole else None)
        or (_THEN_LIST.match(line.text, clause.end) if clause.text.startswith("有") else None)
        or (_THOSE_LISTED.match(line.text, clause.end) if clause.text.endswith("的") else None)
    )


_THOSE_LISTED = re.compile(r",[^,NW]{0,8}(?:列|发|调|拉)(?:一?下|出来|给我|个|全|我)")  # 疑似辍学的,系统里有的全列一下
_THEN_LIST = re.compile(r"[,。?]+(?:把|给我|再|都)?(?:名单|名字|清单|列(?:个|一下|出|成|给))")  # 有几个,名单拉一下


def _figures(clause: Clause, match: re.Match[str] | None) -> list[Draft]:
    draft = _draft("stats", clause, match)
    period = ask.PERIOD.search(clause.text)
    if period:
        draft.put("period", period.group(), clause.start + period.start(), clause.start + period.end())
    return with_place(draft, clause)


def with_place(draft: Draft, clause: Clause) -> list[Draft]:
    """The draft for the place asked of; 河东村、河西村 is one for each."""
    text = re.sub(
        r"^(?:请|帮我|麻烦|看一?下|查一?下|看看|统计一?下|再|还有|列出|导出|给我|现在|把)+",
        lambda m: "。" * len(m.group()),
        clause.text,
    )
    places = [match] if (match := ask.PLACE.search(text)) else []
    while places and (joint := _AND_PLACE.match(text, places[-1].end())):
        following = ask.PLACE.match(text, joint.end())
        if not following:
            break
        places.append(following)
    out = []
    for place in places:
        one = Draft(draft.action, [], dict(draft.slots), dict(draft.spans))
        one.put("place", place["place"], clause.start + place.start("place"), clause.start + place.end("place"))
        out.append(one)
    return out or [draft]


_AND_PLACE = re.compile(r"[、和跟与及]|还有|以及")


_OF_HIM = re.compile(
    r"(?:请|帮我|再|先|另外|顺便)*(?:查|看|调|翻)(?:一?下|看|查|出|询)?(?:他|她|这孩子|这个学生)(?:的)?"
)


_HIS_TOO = re.compile(r"(?:还有)?N(?:的|呢|也|都)*(?:情况|资料|档案)?(?:也|都)?(?:要|看|查|发|给|调)?(?:一?下|看|我)*")


def _case(clause: Clause, line: Line, now: dt.datetime, before: list[Draft]) -> list[Draft]:
    text = clause.text
    if "N" not in text and not _OF_HIM.match(text):
        return []
    if re.search(r"没(?:上|来|读)几[天节]", text):
        return []
    match = ask.CASE.search(text) or ask.CASE_DAYS.search(text)
    if before and before[-1].action == "case" and (too := _HIS_TOO.fullmatch(text)):
        return [_draft("case", clause, too)]
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
    return [_draft("case", clause, match)]
