"""What a clause tells: the things done in it, how it is said, and what came of a visit or a contact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.lexicon_names import KIN

STRONG = ("notice", "teach", "defer", "suspend", "transfer_in", "transfer_out", "dropout", "mark")
TALKS = ("visit", "contact")
_STRONG_WORDS = {
    "teach": lex.TEACH, "defer": lex.DEFER, "suspend": lex.SUSPEND, "transfer_in": lex.TRANSFER_IN,
    "transfer_out": lex.TRANSFER_OUT, "dropout": lex.DROPOUT,
}  # fmt: skip
_CHANNELS = (
    ("wechat", lex.WECHAT),
    ("phone", lex.PHONE),
    ("other", lex.OTHER_CHANNEL),
    ("in_person", lex.IN_PERSON),
    ("", lex.CONTACT),
)
_ANOTHERS = re.compile(
    rf"(?:{KIN}|老师|村长|干部|支书|医生|邻居|人家|我们?|K|弟弟|妹妹|哥哥|姐姐)(?:们|也|又|都|还|一直|今天|D|U|昨天|已经?|刚|才|就|自己|亲自|后来|A|了|连夜|带着人|从[^,]{{1,6}})*$"
)
_SIBLING_NAMED = re.compile(
    r"(?<![和跟与同])(?:他|她|N的?)(?:堂|表)?(?:哥哥?|姐姐?|弟弟?|妹妹?)[^,NDRW]{0,3}(?:也|都|又|还)?$"
)
_NEIGHBOUR = re.compile(
    r"N的?(?:同桌|室友|舍友|[前后邻]桌|[前后左右]面|旁边|隔壁|对面|好友|朋友)(?:的|那个?|一个|男生|女生|同学|人|娃)*(?:也|都|又|今天|D|U|刚)*$"
)  # 张三的同桌没来: not the pupil
_ON_ERRAND = re.compile(
    r"了?(?:一趟)?(?:拿|办|取|收拾|领|搬|找|闹|退|签|玩|看|谈|聊|交|要|接|带走)"
)  # 来学校办退学: not back in class
_SENT_BACK = re.compile(
    r"(?:书|表|材料|通知|消息|作业|钱|手续|证明|台账)[^,N孩娃他她人]{0,6}(?:退|寄|发|打|批|拿|带|送|传)回?$|(?<!烧)退了?$|办(?:下|好|回)?[^,]{0,3}证$"
)
_CARED_FOR = re.compile(
    rf"(?:照顾|照看|陪护?|带|跟着?|和|看|服侍|伺候|护理|帮|给|送|接)(?:生病的?|住院的?|他|她|自己)*{KIN}(?:们|又|也|就|一直|都|D|U|今天)*$"
)
_RETURN_OF_ANOTHER = re.compile(
    rf"(?:{KIN}|老师|K|邻居)(?:们|也|都|D|U|T|下午|上午|中午|早上|晚上|今早|已经?|刚|才|就|没|要|自己|打工|务工|出差|从[^,]{{1,6}}|在外|外地)*$"
)
_NO_LEAVE_ASKED = re.compile(
    r"(?:没|未|无)(?:有)?(?:请)?假条|没人(?:给|替|帮)?(?:他|她|N|孩子)?请(?:过|个)?假|(?:算|按|记)旷课|(?:没|未)(?:有|曾)?(?:收到|见到?|交|办|批|履行|提供|提交|打)[^,]{0,8}(?:假|手续)|(?:假条|手续)(?:也|都)?(?:没|未)"
)
NOT_TAUGHT = re.compile(
    r"(?:安排|准备|需要?|等着?)[^,]{0,2}补课|送教[^,]{0,14}(?:取消|暂停|推迟|延期|未能|改期|没能)|(?:转|转为|改|改为|改成|变为|纳入|列入|批准|享受|接受|申请|需要?|实行|采取|符合)[^,]{0,3}送教|(?:原定|原计划|本来|本该|原本)[^,]{0,14}送教|(?:就|都|今天|D)?(?:没|未|冇)(?:能|有)?(?:上|教|送)(?:课)?(?=$|,|。)|送教[^,]{0,4}[,]?[^,]{0,4}(?:没开门|锁着?门|进不去|没进去|没人在家|家里没人)|(?:没|未|冇)(?:能|有)?(?:上|教|送|学|去)成|送教(?:上门)?[^,]{0,4}(?:改|调到|推到|推迟|延|取消|暂停|安排|没(?:上|送|教|能|去)|未(?:上|送|成)|定在|约|计划|还差|还欠|差|欠|任务|应)"
)
_FOR_SCHOOL = re.compile(r"校|课|班|学|勤|旷|缺|读")
_ELSEWHERE = re.compile(
    r"回来[^,。?N]{0,3}[,。]?[^,。?N]{0,3}(?:在|待|躲|住)(?:他|她|自己|我们?|D)?[^,。?N校学班课]{0,3}(?:网吧|家|屋|村|街|工地|外面|镇上|县城|亲戚)"
)
_CAME_HOME = re.compile(r"回来了?[^。N]{0,8}(?:到的?家|回到家|到家了)")  # 回来了昨晚到的家: home, not yet at school
_FROM_A_TRIP = re.compile(r"(?:从[^,NDR]{1,6}|扫墓|赶集|放学|走亲戚?|旅游|老家|医院|外婆家|网吧)$")
_LEARNS_ELSEWHERE = re.compile(
    r"在(?:新|别的|外面的?|那边的?|当地的?|县城的?|外地的?|另外?一?[个所]?|私立)[^,]{0,4}(?:学校|中学|小学)(?:里)?$|在(?!学校|校|班|教室|家|学|上|读|这|我)[^,NDRTU校班]{2,6}$"
)  # 在浙江上学了
_THE_OTHERS = re.compile(r"(?:其[余他它]|剩下|别的|余下|大家|全班|全体)[^,NW]{0,6}$")
_LEAVE_OVER = re.compile(
    r"(?:累计|总共|一共|加起来|这学期|本学期)[^,]{0,6}请|请[^,]{0,4}(?:累计|总共|一共|加起来)|假(?:期|后)?(?:回来|取消)|请完(?:了)?(?:[病事]?假)?|取消[^,]{0,4}假|(?:上周|上个?星期|上个?礼拜|上次|之前|前几天|前段时间|原来|本来)[^,]{0,4}请|假(?:期)?D?(?:就|也|早就)*(?:已经?)?(?:到期|期满|结束|完了?|满|到了|过了)|期满|到期|逾期|超期|未归|超假|假后|销假"
)
_PROMISED_BEFORE = re.compile(lex.PROMISE.pattern)
_VISIT_OF_ANOTHER = re.compile(rf"(?:{KIN})(?:也|都|D|U|刚|又|就)*$")


_NUMBER_OR_WAIT = re.compile(
    r"(?:等|留了?|要了?|要到|问到|记下?)[^,D打]{0,5}$"
)  # 等他爸电话, 留了电话: nobody has called
_WILL_NOT = re.compile(r"(?:[说讲]|死|打死|死活|铁了心|无论如何|说什么|怎么说?|横竖|坚决|硬是?|就是|偏)(?:也|都|就)?$")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a clause says was done. ``start`` and ``end`` are places in the line; ``no`` when it is denied."""

    kind: str
    start: int
    end: int
    clause: Clause
    channel: str = ""
    no: bool = False
    group: str = ""


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
    if clause.sign == "?" or any(not _reported(text, m.start()) for m in lex.ASKS_WHETHER.finditer(text)):
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
_GOES_LATER = re.compile(r"(?:T|下午|晚上|中午|放学后?|待会儿?|等下)(?:再)?(?:去|上门|到)")
_LATER_TODAY = re.compile(
    r"^(?:N|我们?|D|[和跟同](?:K|村?支书|村?主任|书记|校长|老师|村干部|村委|学校|妇女主任))*(?:T|下午|晚上|中午|晚点|放学后?)+(?:我们?|再|要|一起|[和跟]K)*(?:去|到|上|家访|走访)[^了过]*$"
)


_REMIND_OF_IT = re.compile(
    r"[,。](?:你|到时候?|记得|别忘了?|不要忘了?|请|麻烦)*(?:提前)?(?:提醒(?:一?下)?(?:我|$)|[叫喊](?:一?下)?我(?=[去,。]|$))"
)  # 周末去他家,提醒我


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
    if _WISHES.search(text) or _TO_BE_DONE.search(text):
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
        and any(_leans(t.value) >= 0 for _, t in line.tokens.items() if t.kind == "D")
    ):
        return True
    if re.search(
        r"(?:要|需要?|申请|应该?|安排|想要?|希望|盼[望着]?|等着?|要求|请求|建议|适合|可以)(?:能|我们|学校)*(?:给他|给她|上门)?送教[^了过L]*$",
        text,
    ):
        return True
    whole = (clause.end == len(line.text) or clause.sign in ("。", "\n")) and (
        clause.start == 0 or "我" in text or _GOES_LATER.match(text) is not None
    )
    return _visit_to_come(clause, line) or (whole and "L" not in text and _LATER_TODAY.search(text) is not None)


def _visit_to_come(clause: Clause, line: Line) -> bool:
    """明天去张三家: a coming day, a visit or call, and nobody who promises it."""
    text = clause.text
    coming = any(
        t.kind in "DR" and _leans(t.value) > 0 for at, t in line.tokens.items() if clause.start <= at < clause.end
    )
    if not coming or (lex.PROMISE.search(text) and not re.search(r"再|要", text)) or lex.LEAVE.search(text):
        return False
    return any(w.search(text) for w in (lex.VISIT, lex.PHONE, lex.TEACH, lex.NOTICE, lex.CONTACT)) and not re.search(
        r"了|过(?!去|来)", text
    )


def _leans(value: object) -> int:
    day = value[0] if isinstance(value, tuple) else value
    return int(getattr(day, "lean", 0))


def governed_by(at: int, events: list[Event]) -> str:
    """Of several things told in one clause the kind that a day at this place belongs to: the next, else the last."""
    return next((e.kind for e in events if e.start > at), events[-1].kind if events else "")


def events_of(clause: Clause, line: Line) -> list[Event]:
    """What the clause says was done or not done, in order."""
    key = ("events", clause)
    if key not in line.heard:
        line.heard[key] = _events(clause, line)
    events: list[Event] = line.heard[key]
    return events


def _events(clause: Clause, line: Line) -> list[Event]:
    strong = _strong_events(clause, line)
    if strong and strong[0].kind != "mark":
        return strong
    weak = _weak_events(clause, line)
    if strong and not any(e.kind in TALKS for e in weak):
        return strong + [e for e in weak if e.kind in ("absence", "leave", "return") and lex.MARK.search(clause.text)]
    return weak


def _strong_events(clause: Clause, line: Line) -> list[Event]:
    text = clause.text
    notice = _notice(clause, line)
    if notice:
        return [notice]
    for kind, words in _STRONG_WORDS.items():
        match = words.search(text)
        if match and not (
            kind == "transfer_out"
            and re.search(r"转(?:入|来|进)|我们?班|我校|本校|我校", text[match.start() : match.end() + 3])
        ):
            if (
                kind == "teach"
                and match.group().startswith("上")
                and _PUPIL_SITS.fullmatch(text[: match.start()])
                and not re.search(r"送|教|辅导|康复|补", line.text)
            ):
                continue
            if kind != "teach" and _SIBLING_HIMSELF.search(text[: match.start()]):
                continue
            if kind == "transfer_out" and match.group().startswith("去") and lex.SAID.search(text[: match.start()]):
                continue  # 爷爷讲他爸带他去佛山读书了: where he is, as the family tells it
            if kind == "suspend" and (_LEAVE_OVER.search(text) or _ONCE.search(text[: match.start()])):
                continue
            denied = lex.NEGATION.search(text[: match.start()]) is not None or bool(_DROPPED.match(text, match.end()))
            denied = denied or (kind == "teach" and NOT_TAUGHT.search(text) is not None)
            return [Event(kind, clause.start + match.start(), clause.start + match.end(), clause, no=denied)]
    return _marks(clause)


_PUPIL_SITS = re.compile(r"N?(?:D|U|T|又|就|只|才|也|都|今天|刚)*")  # 张三上了一天课: sat there, was not taught at home
_SIBLING_HIMSELF = re.compile(
    r"(?:哥哥?|姐姐?|弟弟?|妹妹?)(?:们|也|都|已经?|就|又|D|U|早)*$"
)  # 哥哥退学了: not the pupil
_ONCE = re.compile(r"(?:之前|以前|原来|原先|曾经?|去年|前年|上学期|上学年)[^,]{0,6}$")
_NOT_GRANTED = re.compile(
    r"[^。N]{0,8}(?:没|未|不)(?:有|给)?(?:批|准|同意)(?!.*(?:后来|又|最后)[^。]*(?:批|准|同意)了)"
)
_NOT_CALLED = re.compile(r"(?:没|未)(?:有|曾|给|跟|再|敢|想)*(?:N|他|她|家长|家里|家)?$")
_DROPPED = re.compile(r"[^,]{0,3}(?:不(?:办|休|转|退|去)了|取消|作罢|作废|撤(?:回|销)|算了)")  # 休学不办了
_SHALL_CALL = re.compile(r"(?:尽快|正在|正|表示|答应|帮忙?|会|继续|保持|请|设法|想办法|负责|等)$")
_OF_KIN = re.compile(
    rf"(?:{KIN})(?:也|都|是|有|均|双双|身有|属|属于|重度|轻度|肢体|智力|精神|听力|视力|双|一级|二级|三级|四级)*$"
)  # 父亲残疾: not the pupil
_UNMARK = re.compile(r"取消|去掉|删|撤|移[出除]|不再|解除|已经?不是")
_ONLY_MATTER = re.compile(
    r"(?:证[^,]{0,2}(?:过期|丢|掉|没|要换))|户?的?(?:事(?!实)|申请|钱|金|材料|手续|评议|评定|名额|政策|补助|资料|款)"
)  # 低保的事: no membership
_NAMES_BEFORE = re.compile(r"C?N[NC、和跟]*(?:[两几三四]个|都|均|二人|两人)*")  # 初二张三、李四学困生
_MEMBERS = re.compile(r"[^N,]{0,4}(?:有|是|为|包括)[^N,]{0,4}N")


def more_marks(clauses: list[Clause], events: list[Event]) -> list[Event]:
    """是困境儿童,建档立卡户: once a group is told, a clause of nothing but another group tells that one too."""
    if not any(e.kind == "mark" and not e.no for e in events) or any(e.kind in TALKS for e in events):
        return []
    marked = {e.clause for e in events}
    return [e for c in clauses if c not in marked for e in _marks(c, going_on=True)]


def _notice(clause: Clause, line: Line) -> Event | None:
    text = clause.text
    paper = lex.NOTICE.search(text)
    if not paper:
        return None
    given = lex.NOTICE_GIVEN.search(text)
    refused = lex.NOTICE_REFUSED.search(text)
    if refused and re.search(r"签(?:的|了|过|收)|留置", line.text[clause.start + refused.end() :].split("N")[0]):
        refused = None  # 他爸不在家,他妈签的字
    heads = clause.sign == ":" or paper.end() - paper.start() == len(text)  # 劝学通知书 张三 李四都签收了
    after = line.text[clause.end :] if heads else re.split(r"[。N]", line.text[clause.end :])[0]
    if not given and not refused and lex.NOTICE_GIVEN.search(after):
        given = paper  # 劝学通知书(11月5日)已送: said right after it
    if not given and not refused:
        return (
            Event("notice", clause.start + paper.start(), clause.start + paper.end(), clause, no=True)
            if lex.NEGATION.search(text)
            else None
        )
    return Event("notice", clause.start + paper.start(), clause.start + paper.end(), clause, no=refused is not None)


def _marks(clause: Clause, going_on: bool = False) -> list[Event]:
    text = clause.text
    found = []
    for group, words in lex.GROUPS.items():
        match = words.search(text)
        if match and (
            lex.MARK.search(text[: match.end()])
            or re.search(
                r"证|标|[记登加算]上|记(?:个|一下|下)|列入|纳入|列为|[先暂]?作(?:为)?|名单[^,]{0,3}[加添增补]", text
            )
            or _MEMBERS.match(text, match.end())
            or (_NAMES_BEFORE.fullmatch(text[: match.start()]) and len(text) - match.end() <= 2)
            or (group == "single_parent" and match.group().endswith(("带", "拉扯", "养")))
            or (
                (
                    going_on
                    or clause.sign == ":"
                    or re.fullmatch(r"(?:属|是|系)?(?:留守|单亲|孤儿|随迁|低保|残疾|贫困)[^,]{0,3}", text)
                )
                and len(text) <= len(match.group()) + (6 if clause.sign == ":" else 4)
            )
        ):
            if group == "disabled" and re.search(rf"{KIN}(?:都|也|是|有|因)*$", text[: match.start()]):
                continue
            if _ONLY_MATTER.match(text, match.end()):
                continue
            if group == "disabled" and _OF_KIN.search(text[: match.start()]):
                continue
            denied = lex.NEGATION.search(text[: match.start()]) is not None or _UNMARK.search(text) is not None
            found.append(
                Event("mark", clause.start + match.start(), clause.start + match.end(), clause, no=denied, group=group)
            )
    if len(found) > 1:
        found = [e for e in found if not (e.group == "poor" and any(o.group == "at_risk" for o in found))]
    return sorted(found, key=lambda e: e.start)


def _weak_events(clause: Clause, line: Line) -> list[Event]:
    text = clause.text
    found: list[Event] = []
    for kind, words in (
        ("leave", lex.LEAVE),
        ("leave", lex.KEPT_HOME),
        ("absence", lex.ABSENT),
        ("visit", lex.VISIT),
        ("return", lex.RETURN),
    ):
        for match in words.finditer(text):
            event = _weak_event(kind, match, clause, line, found)
            if event:
                found.append(event)
    if any(e.no for e in found):  # 就差张三没家访了: what is left to be done, nobody missing
        found = [e for e in found if line.text[e.start : e.end] not in _LACKS]
    found += _contacts(clause, found)
    return sorted(found, key=lambda e: e.start)


def _weak_event(kind: str, match: re.Match[str], clause: Clause, line: Line, found: list[Event]) -> Event | None:
    text, before = clause.text, clause.text[: match.start()]
    if any(e.start - clause.start < match.end() and match.start() < e.end - clause.start for e in found):
        return None
    if _somebody_elses(kind, match, line, before, text):
        return None
    denied = lex.NEGATION.search(before) is not None
    if kind == "absence" and _no_absence(match, before):
        return None
    if kind == "leave" and (
        re.match(rf"的(?:他|她)?(?:{KIN})", text[match.end() :])  # 请产假的妈妈在家带她
        or (match.re is lex.KEPT_HOME and not re.search(KIN, _sentence(line, clause)))
        or (_LEAVE_OVER.search(text) and not ("R" in line.text and _IN_ALL.match(text)))
        or _NOT_GRANTED.match(line.text, clause.start + match.end())
    ):
        return None
    if kind == "visit" and (
        _VISIT_OF_ANOTHER.search(before) or re.search(r"(?:视频|微信|电话|线上|网络|语音)$", before)
    ):
        return None
    if kind == "absence" and _excused_by_family(match, clause, line):
        kind = "leave"
    ran_back = kind == "return" and match.group().startswith("回来") and before.endswith("跑")  # 跑回来: away again
    if kind == "return" and not ran_back and (denied or _no_return(match, clause, line, found)):
        return None
    denied = denied or ran_back or (kind == "leave" and _NO_LEAVE_ASKED.search(text) is not None)
    denied = denied or (kind == "visit" and _NOT_DONE.match(text, match.end()) is not None)
    return Event(kind, clause.start + match.start(), clause.start + match.end(), clause, no=denied)


_IN_ALL = re.compile(r"(?:一共|总共|共)请T")  # 4月14号到4月17号过寿,一共请四天
_LACKS = ("差", "缺", "少", "剩")
_NOT_DONE = re.compile(
    r"(?:的|表|工作|任务)?(?:D|U|我们?|这?本?周|也|都|还|一直|至今|根本|压根)*(?:没|未)(?:有|曾|得)?(?:做|去|搞|完成|弄|安排|开展|落实|进行|走|填|办|成(?!功))"
)  # 张三的家访还没做
_ILL_SAID = re.compile(
    rf"(?:{KIN})[^,。N]{{0,8}}(?:说|讲|告诉|请|[捎带]话)[^。N]*N?[^。N]*(?:{lex.ILL_WORDS}|医院|复查|检查|看牙|看病)[^。N]*$"
)


def _excused_by_family(match: re.Match[str], clause: Clause, line: Line) -> bool:
    """他妈说发烧,今天明天都不来: what the family says beforehand is a leave, as where it stands in one clause."""
    stays = re.search(r"不来|不能来|来不|不得来", match.group()) is not None
    return stays and _ILL_SAID.search(line.text[: clause.start + match.start()]) is not None


def _no_absence(match: re.Match[str], before: str) -> bool:
    """A thing or a parent that did not come, a home where nobody is, another child's absence, a will."""
    thing = re.search(r"(?:家长会|会|补考|考试|比赛|N的[^,NDRUTO]{1,4})$", before)
    home = re.search(r"N(?:的)?(?:家|屋)(?:里|头|那边)?(?:我们?|也|都|还|一|半)?$", before)
    return bool(
        (thing and not re.search(r"N的(?:同学|孩子|人|娃)", before))
        or (home and not _FOR_SCHOOL.search(match.group()))
        or _SIBLING_NAMED.search(before)
        or (_ANOTHERS.search(before) and not _CARED_FOR.search(before))
        or re.search(r"(?:没有?|无|没得|冇)人$", before)
        or (match.group().startswith("不") and _WILL_NOT.search(before))
    )


def _no_return(match: re.Match[str], clause: Clause, line: Line, found: list[Event]) -> bool:
    """A coming back from elsewhere or of somebody else, one late, refused or only promised."""
    text, before, words = clause.text, clause.text[: match.start()], match.group()
    if any(e.kind == "absence" and e.end - clause.start == match.start() for e in found) or _NOT_SEEN_TO.search(before):
        return True  # 未到校报到
    if _AND_THEN_NOT.match(text, match.end()) or (
        lex.SAID.search(before) and _NOT_FOUND_SO.search(line.text, clause.end)
    ):
        return True
    if COMES_YET.match(line.text, clause.start + match.end()):
        return True  # 接回来了,明天去学校
    if words.startswith("回来") and _CAME_HOME.match(line.text, clause.start + match.start()):
        return True
    if re.match(r"(?:之|以)?后(?:情绪|表现|状态|学习|一切|适应|很|挺|都|各方面)", text[match.end() :]):
        return True  # 返校后情绪稳定: how one is doing who has been back
    if words == "回来" and re.match(r"(?:之后|以后|后)?(?:就|再|才)", text[match.end() :]):
        return True  # 挖虫草回来就送
    if before.endswith(("完", "完了")) and words.startswith(("就", "才", "再")) and "了" not in words:
        return True  # 收完就来
    if words.startswith("回来") and re.search(r"打工|务工|进厂|外出", before):
        return True  # 出去打工没三天又回来了: home
    if words.startswith("回来") and (_FROM_A_TRIP.search(before) or _ELSEWHERE.search(line.text, clause.start)):
        return True
    if words.startswith(("上学", "上课")) and _LEARNS_ELSEWHERE.search(before):
        return True
    return bool(
        _LATE.match(line.text, max(line.text.rfind("N", 0, clause.start + 1), 0))
        or _LATE.match(line.text, clause.start)
        or _THE_OTHERS.search(before)
        or _RETURN_OF_ANOTHER.search(before)
        or _promised(clause, match, line)
        or lex.REFUSED.search(text[max(0, match.start() - 2) : match.end()])
    )


_NOT_SEEN_TO = re.compile(r"没(?:有)?(?:看|见)(?:到|着|过)?N$")  # 没看到张三来了
COMES_YET = re.compile(
    rf"[^,NW ]{{0,2}},?(?:他|她|{KIN})*(?:说|讲|同意|答应)?D(?:就|再|会|开始|一早|早上|上午|下午)*(?:坐[^,NK]{{1,6}}去|来|返|回|到校|送|去上|去学校|去读|去报到|上学|上课|带)(?!.*(?:了|的$))"
)
"""劝回来了,明天来上课: brought home, and at school only on the day that is named after it."""
_NOT_FOUND_SO = re.compile(
    r"(?:我|我们)[^。N]{0,8}(?:没有|没见|没来|没到|不见|不在)(?:人|到|他|她)?(?=$|[,。])"
)  # 他娘说送去学校了,我去问了没有
_AND_THEN_NOT = re.compile(r"(?:之|以)?后(?:就|又|便|再|一直|至今|D)*(?:没|未|不|再没|再未)")  # 报到后至今未再到校
_LATE = re.compile(
    r"[^。,N\n]*N?[^。,N\n]*(?:[来到]是[来到]了,?(?:就是|只是|不过)?(?:晚|迟)|迟到|迟了|睡过头|L(?:才|快)|来得?(?:有点|比较|稍微)?[晚迟]|(?:来|到)?晚(?:到|了)了?(?=[HMLT]|[一几十来]+分钟|一会|,?但))"
)  # came, but late: neither a return nor an absence


def _sentence(line: Line, clause: Clause) -> str:
    """The clause with what stands before it in its sentence."""
    start = max(line.text.rfind(stop, 0, clause.start) for stop in "。\n")
    return line.text[start + 1 : clause.end]


def _somebody_elses(kind: str, match: re.Match[str], line: Line, before: str, text: str) -> bool:
    """A neighbour's absence, a parent at a meeting, a paper sent back, an errand to school."""
    if kind in ("absence", "leave", "return") and _NEIGHBOUR.search(before):
        return True
    if kind in ("absence", "leave") and _WHO_IS_BACK.match(text, match.end()):
        return True
    if kind == "absence":
        return re.search(r"家长会|开会", line.text) is not None and re.search(KIN, before) is not None
    if kind != "return":
        return False
    errand = match.group()[0] in "来到回返" and _ON_ERRAND.match(text, match.end()) is not None
    return errand or _SENT_BACK.search(before) is not None


_WHO_IS_BACK = re.compile(
    r"(?:了|过)?的N(?:[、和]?N)*(?:D|U|T|也|都|又|已经?|终于|总算)*(?:来|到|回|返|报到)(?!不)"
)  # 昨天请假的张三来了: which pupil it is
_CALLED_BACK = re.compile(r"(?:喊|劝|叫|催|唤)(?:了)?(?:他|她|N|孩子|娃|人|其)?(?:们|俩|两个)*$")


def _promised(clause: Clause, match: re.Match[str], line: Line) -> bool:
    """A coming back that is only promised, planned or wished."""
    before, after = clause.text[: match.start()], clause.text[match.end() :]
    if (
        re.search(r"(?:T|下午|晚上|中午)(?:再|就|会)?$", before)
        and match.group().startswith("回来上")
        and "了" not in match.group() + after[:1]
    ):
        return True  # 看牙齿下午回来上课
    done = match.group().endswith(("了", "啦", "的")) or after.startswith(("了", "啦", "的"))
    if (_CALLED_BACK.search(before) and not done) or re.search(r"(?<!不)(?:可以|能)(?:正常|按时)?$", before):
        return True  # 喊他们回学校: what they were told to do; 周四可以来上课: not yet
    if (
        match.group() == "回来"
        and not done
        and re.search(r"(?:^|[^上])D$", before)
        and _weekday_before(clause, match, line)
    ):
        return True  # 去比赛,周五回来
    if any(
        not done or m.group() not in ("就", "才", "再", "通知")
        for m in _PROMISED_BEFORE.finditer(before + match.group()[:1])
    ):
        return True
    return any(
        t.kind in "DR" and _leans(t.value) > 0 and at < clause.start + match.start()
        for at, t in line.tokens.items()
        if clause.start <= at < clause.end
    )


def _weekday_before(clause: Clause, match: re.Match[str], line: Line) -> bool:
    token = line.tokens.get(clause.start + match.start() - 1)
    return token is not None and token.kind == "D" and str(token.value.words)[:1] in "周星礼"


_AT_ONCE = re.compile(
    r"我们?(?:马上|这就|等会儿?|待会儿?|赶紧|立刻|现在就?|再)(?:去|给[^,]{0,4})*$"
)  # the writer is about to


_CALLED_FOR_LATER = re.compile(
    rf"(?:T|下午|晚上|中午|明早|放学后?)约(?:了|好)?N?的?{KIN}[^,了]*$|(?:通知|叫|让|请|喊|约|要求)(?:了)?[N、和跟他她]*的?{KIN}D[^,了]*$"
)  # 通知他爸明天来校: not yet


_NOT_A_CALL = re.compile(r"(?:都|也)没(?:有|得)?(?:来)?(?:一个|打)")  # 电话都没一个: nobody called


def _contacts(clause: Clause, found: list[Event]) -> list[Event]:
    """At most one contact for each channel that the clause names; one of none only if there is no other talk."""
    text = clause.text
    out: list[Event] = []
    for channel, words in _CHANNELS:
        match = words.search(text)
        if not match or (
            channel == "phone"
            and any(e.channel == "wechat" and abs(e.end - clause.start - match.start()) <= 2 for e in out)
        ):
            continue
        if not channel and (out or any(e.kind == "visit" for e in found)):
            continue
        if re.match(r"打[^,通]*电话|视频|微信", match.group()) and _NOT_CALLED.search(text[: match.start()]):
            continue
        if match.group() == "电话" and clause.sign == ":" and match.end() == len(text):
            continue
        if channel == "wechat" and not clause.sign and re.search(r"加(?:了|上)?[^,]{0,6}$", text[: match.start()]):
            continue
        if _NOT_A_CALL.match(text, match.end()) or _AT_ONCE.search(text[: match.start()]):
            continue
        if channel in ("in_person", "") and _CALLED_FOR_LATER.search(text[: match.end()]):
            continue
        if channel == "phone" and re.match(r"里(?:也|都)?没(?:有)?说", text[match.end() :]):
            continue  # 电话里也没说去哪
        if channel == "phone" and _NUMBER_OR_WAIT.search(text[: match.start()]):
            continue
        if not channel and _SHALL_CALL.search(text[: match.start()]):
            continue
        if channel == "in_person" and (
            any(e.kind == "visit" for e in found) or (out and re.search(r"谈|聊|拉", match.group()))
        ):
            continue
        out.append(Event("contact", clause.start + match.start(), clause.start + match.end(), clause, channel))
    return out


def contact_channel(clauses: list[Clause]) -> str:
    """The first channel that clauses name, whatever else they say; none where they name none."""
    return next((channel for channel, words in _CHANNELS if channel and any(words.search(c.text) for c in clauses)), "")
