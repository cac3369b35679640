"""What a part says was done for its pupils: the drafts of records, or of a question where nothing may be written."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from handlers.understanding import lexicon as lex
from handlers.understanding.absences import counts_only
from handlers.understanding.attendance import attendance
from handlers.understanding.causes import text_of
from handlers.understanding.changes import changes
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.drafts import Draft, Setting, tokens_in
from handlers.understanding.echoes import without_echoes
from handlers.understanding.events import Event
from handlers.understanding.implied import implied
from handlers.understanding.moods import mood_of
from handlers.understanding.senses import NOT_TAUGHT, STRONG, events_of, more_marks
from handlers.understanding.talks import talks_of

_NOT_REACHED = re.compile(r"(?:没|未)(?:能|有)?(?:去成|去到|到成|找着路|找到路)")
_NOT_APPROVED = re.compile(
    r"(?:正在?|还在)联系(?:转学|学校)|转学[^,N]{0,4}还?没(?:有)?(?:定|决定|想好|落实)|(?:还?没|未|尚未|没有)(?:有)?(?:被)?(?:批|办完|办好|办妥|通过|审批|下来|获批)|待(?:批|审)|被(?:拒|驳)|驳回|没(?:能)?(?:办|转|弄)(?:成|下来|到)|办不(?:了|成|下来)|(?:材料|手续|资料|证明)(?:还|也|都)?(?:不全|不齐|不够|[没未](?:带|交|提交|弄|准备|盖|到|齐|办))|不(?:给|予)(?:办|批)|(?:审批|办理|审核)中|正在(?:办|申请|审批|走)|(?:手续|申请|材料|流程)(?:还|也|正)?在(?:办|走|弄|审|跑)"
)
_ROLL_TO_FOLLOW = re.compile(r"学籍[^,]{0,4}(?:办理中|还?没|未|正在|在办|待)")  # the child is here already
_PROPOSED = re.compile(r"建议|申请|拟|提出|打算|准备")
_GRANTED = re.compile(
    r"(?:审批|审核|批准|批复|核准|获批|通过|同意)(?:了|同意|通过|$|,)|已批|批了|批下来|办(?:好|妥|完|结)了?"
)
_FRUITLESS = re.compile(r"(?:劝返|家访|走访|上门|入户|动员)[^,]{0,4}(?:无效|未果|无果|失败|不成)")
_NOT_TO_BE_WRITTEN = re.compile(
    r"(?:先|暂时?|你)?(?:别|不要|不用|莫)(?:先)?(?:记|登记|录|报)(?:[啊吧了哈]|上去|下来)*(?=$|[,。])"
    r"|(?:别|不要|莫|不该|不能)(?:再)?(?:算|记|归|列|统计)(?:到|在|进|成|为|作)?(?:(?:我们?|咱们?|本)[^,]{0,3})?(?:辍学|失学|名下|头上)(?!台账|名单)"
)
_NO_SUCH_THING = re.compile(
    r"[差缺]T(?:才|就)?(?:满|够|到)T|(?<!啥都)(?<!什么都)(?<!啥也)(?<![都也的])(?:搞|弄|说)不(?:太)?清(?:楚)?(?=$|,)|到底(?:算|是)(?:哪|什么|啥)|(?:不算|不计|不记(?:为|作)?|算不上)(?:是)?(?:缺勤|旷课|缺课)(?!,?(?:而|应该)?是)|(?:没有?|无)(?:这|此|那)(?:回|个|件)?事|不知情"
)  # 第一节课才来,不算缺勤; 说是请假,家长说没有这回事
_TO_BE_VERIFIED = re.compile(r"请[^,NK]{0,6}(?:核实|核查|查证|调查)|(?:待|尚未|还没|未)(?:核实|核查|查实)")
_NOT_KNOWN = re.compile(
    r"(?:来没来|去没去|在不在|到没到|回没回|有没有来|是不是)[^,]{0,6}(?:不清楚|不知道|不晓得|不确定|没人知道)"
)


def records(part: Part, line: Line, setting: Setting) -> list[Draft]:
    """The drafts of one part, without its names."""
    doubts = (_NOT_TO_BE_WRITTEN, _NO_SUCH_THING, _TO_BE_VERIFIED, _NOT_KNOWN)
    if any(words.search(c.text) for words in doubts for c in part.clauses):
        return [Draft("clarify", slots={"about": "meaning"})]
    plain: list[Clause] = []
    moods: list[str] = []
    after = ""
    for clause in part.clauses:
        mood = mood_of(clause, line)
        if mood == "plan" and _APPROVED.match(line.text[clause.end :]):
            mood = ""  # 医院建议缓学,乡政府批了
        if (
            not mood
            and moods
            and moods[-1] == "condition"
            and (
                not re.search(r"了|过", clause.text)
                or re.match(r"(?:我们?|学校|班里)?(?:就|只好|只能|便)", clause.text)
            )
        ):
            mood = "plan"
        if mood in ("quote", "hearsay") and _NEIGHBOURS.match(clause.text) and _visited(plain, line):
            mood = ""
        if mood == "plan" and _PROPOSED.search(clause.text) and _granted(part.clauses, clause):
            mood = ""
        if not mood and after == "hearsay" and not events_of(clause, line) and not lex.SAID.search(clause.text):
            mood = "hearsay"  # 听说张三要去广东,不读了
        after = mood
        if mood:
            moods.append(mood)
        else:
            plain.append(clause)
    if any(_DOUBTED_AGAIN.match(c.text) for c in part.clauses):
        return [_asked("whether")]
    drafts = _told(plain, line, setting)
    asked = [c.text for c in part.clauses if mood_of(c, line) == "whether"]
    if any(words.search(text) for text in asked for words in lex.GROUPS.values()):  # 爸妈离婚了,算单亲吗
        drafts = [d for d in drafts if d.action != "mark"]
    if drafts and any(re.match(r"但|可|却|怎么", text) for text in asked):
        return [_asked("whether")]  # 请假了但人在教室?
    if any("我" in text for text in asked) and any(d.slots.get("outcome") == "returned" for d in drafts):
        return [_asked("whether")]  # 他娘说送去学校了,我去问了没有
    if not drafts and moods:
        return [_asked(moods[0])]
    return drafts


_DOUBTED_AGAIN = re.compile(r"又?(?:好像|可能|也许|似乎)(?:又|也)?[没未不]?[来到]")  # 来了,又好像没来
_NEIGHBOURS = re.compile(r"听?(?:村里人|村民|群众|邻居|隔壁|旁人|乡亲|邻里|左邻右舍)(?:们|都|也)?(?:说|讲|反映|告诉)")


def _visited(clauses: list[Clause], line: Line) -> bool:
    """大门上锁,村里人讲一家去佛山了: what is heard at the door belongs to the visit."""
    return any(e.kind == "visit" and not e.no for c in clauses for e in events_of(c, line))


def _granted(clauses: list[Clause], proposed: Clause) -> bool:
    """医院建议缓学,政府审批同意: what was proposed has been granted in a later clause."""
    later = ",".join(c.text for c in clauses if c.start > proposed.start)
    return _GRANTED.search(later) is not None and _NOT_APPROVED.search(later) is None


def _asked(mood: str) -> Draft:
    return Draft("case") if mood == "what" else Draft("clarify", slots={"about": "meaning"})


def _events_told(clauses: list[Clause], line: Line) -> list[Event]:
    """What the clauses say was done, with what other clauses deny of it."""
    events = [e for clause in clauses for e in events_of(clause, line)]
    if any(e.kind == "return" and line.text[e.start : e.end] == "复学" for e in events):  # 休学一年,今天复学了
        events = [e for e in events if e.kind != "suspend"]
    if _NOT_APPROVED.search(text_of(clauses, line)):
        events = [
            replace(e, no=True)
            if e.kind in ("transfer_out", "suspend", "defer")
            or (e.kind == "transfer_in" and not _ROLL_TO_FOLLOW.search(line.text))
            else e
            for e in events
        ]
    if _SENT_BY_SCHOOL.search(text_of(clauses, line)) and not any(e.kind == "leave" for e in events):
        events = [
            replace(e, kind="leave", no=False)
            if e.kind == "absence" and (e.no or not _BY_ITSELF.search(line.text[e.start : e.end]))
            else e
            for e in events
        ]
    if _KEPT_BY_FAMILY.search(text_of(clauses, line)):
        events = [
            replace(e, kind="leave") if e.kind == "absence" and line.text.startswith("不来", e.start) else e
            for e in events
        ]
    if any(e.group == "at_risk" and not e.no for e in events):  # 成绩跟不上,列为重点关注: why, no second group
        events = [e for e in events if e.group != "struggling" or lex.MARK.search(e.clause.text)]
    events = [_undone(e, clauses, line) for e in events]
    return _corrected(events + more_marks(clauses, events))


_BUT_NOT = re.compile(r"了?,?(?:又|但是?|可是?|却)没有?")


def _told_and_denied(clauses: list[Clause], line: Line) -> bool:
    """今天请假了又没请假: in one breath, so that only the writer knows."""
    events = [e for c in clauses for e in events_of(c, line)]
    return any(
        one.kind == other.kind and other.no and not one.no and _BUT_NOT.fullmatch(line.text, one.end, other.start)
        for one, other in itertools.pairwise(events)
    )


def _only_counted(clauses: list[Clause], events: list[Event], line: Line, setting: Setting) -> list[Event]:
    """第5天了,还是联系不上: an absence of which only the number of days is said; 刘洋3天,李明5天没来 too."""
    if any(e.kind in ("absence", "leave", "return", "teach") for e in events):
        return []
    counted = "OT" if setting.before and setting.before[-1].action == "absence" else "O"
    told = [c for c in clauses if counts_only(c) and tokens_in(line, c, counted)]
    return [Event("absence", c.start, c.end, c) for c in told[:1]]


def _told(clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Records from clauses said plainly."""
    if not clauses:
        return []
    if any(words.search(text_of(clauses, line)) for words in (_NOT_ADMITTED, _SENT_HOME, _CAME_AND_WENT, _CAME_LATER)):
        return [Draft("clarify", slots={"about": "meaning"})]
    events = _events_told(clauses, line)
    if _told_and_denied(clauses, line):
        return [Draft("clarify", slots={"about": "meaning"})]
    strong = [e for e in events if e.kind in STRONG and not e.no]
    drafts = changes(strong, clauses, line, setting)
    rest = [e for e in events if e.kind not in STRONG and not e.no]
    if _NOT_REACHED.search(text_of(clauses, line)):
        rest = [e for e in rest if e.kind not in ("visit", "return")]
        events = [*events, *(Event("visit", e.start, e.end, e.clause, no=True) for e in events if e.kind == "visit")]
    rest += _only_counted(clauses, events, line, setting)
    if any(d.action in ("suspend", "defer", "dropout", "transfer_out", "transfer_in") for d in drafts):
        rest = _beside_a_change(rest, line)
    if any(d.action == "notice" for d in drafts):
        rest = [e for e in rest if not re.match(r"(?:不|没|未)接|当面|面交", line.text[e.start : e.end])]
    if any(d.action in ("teach", "notice") for d in drafts):
        rest = [
            e
            for e in rest
            if e.kind not in ("visit", "contact", "return") or e.clause not in [s.clause for s in strong]
        ]
        rest = [e for e in rest if e.kind != "visit" or _HEARD_AT_HOME.search(text_of(clauses, line))]
    if any(e.kind == "absence" for e in rest):  # 已劝返,但今天又没到校
        rest = [e for e in rest if e.kind != "visit" or not _WAS_BACK.search(e.clause.text)]
    rest = without_echoes(rest, line, setting)
    if len(rest) > 1 or drafts:
        rest = [e for e in rest if e.kind != "visit" or not _FRUITLESS.match(line.text, e.start)]
    drafts += attendance(rest, clauses, line, setting)
    drafts += talks_of(rest, clauses, line, setting)
    if not drafts and all(e.kind == "dropout" for e in events if e.no):  # 在外县就读,不属于辍学
        drafts = implied(clauses, line, setting, events)
    if not drafts and any(e.no for e in events) and re.search(r"连(?:续|着)T", text_of(clauses, line)):
        return implied(clauses, line, setting, events)
    if not drafts and any(e.no for e in events):
        return [Draft("clarify", slots={"about": "meaning"})]
    return drafts


def _beside_a_change(rest: list[Event], line: Line) -> list[Event]:
    """The visits and calls that stay records of their own; 多次动员无效, 去了四次 say why, and are no visit."""
    talks = [e for e in rest if e.kind == "visit" or (e.kind == "contact" and e.channel)]
    return [e for e in talks if not _HOW_OFTEN.match(line.text, e.start)]


_HOW_OFTEN = re.compile(r"动员|劝|做|(?:[去走跑上]了?|家访了?)(?:好?几|[两二三四五六七八九十\d]+)[次趟回]")
_SENT_HOME = re.compile(r"停课(?:反省|处理|处分|检讨|整顿)|(?:回家|在家)反省|被(?:学校|老师)?停课")
_NOT_ADMITTED = re.compile(
    r"(?:学校|校长|老师)(?:又|却|也|说|都|就是|竟然)*不(?:肯|愿意?|给|让)?(?:收|接收|要|进)(?!到|费|钱)"
)  # neither back nor refused
_CAME_AND_WENT = re.compile(
    r"(?<![回没])(?:来|到)(?:了|过|校)?(?:一会儿?|一下|一节课|T)?(?:但是?|不过)?(?:就|又|后|第?[一二三\dL]+节?课?后)+(?:走|跑|溜|回家)了|没来但(?:是)?来了|没到但(?:是)?(?:来|到)了|既[^,。]{1,5}又(?:请|旷|缺|来|到|全|没)|到了[又也]没到|在校?[又也]不在|来了[又也]没来"
)  # 到了又走了: there and not there, which of both counts only the writer knows
_CAME_LATER = re.compile(r"L[^,DN]{0,2}没[来到],?第?L[^,DN]{0,3}才?[来到]")  # 第一节没来,第二节才到
_WAS_BACK = re.compile(r"(?:已经?|刚|才|曾)?劝返(?:了|回来)?$")
_APPROVED = re.compile(r"[^N。]*(?:政府|教育局|[乡镇局县]里?)[^,。N]{0,10}(?:审批|批准|批复|批了|批的|同意|盖了?章)")
_KEPT_BY_FAMILY = re.compile(
    r"(?:结婚|婚礼|喜酒|过世|去世|丧|葬|白事|红事|走亲|上坟|扫墓|祭祖|生日|手术)[^。]*[DRT][^,。]{0,2}不来"
)  # 他哥结婚,两天不来
_SENT_BY_SCHOOL = re.compile(
    r"(?<![要想])(?:去|到|在|参加|代表)[^,。N]{0,10}(?:[比决初复]赛|竞赛|运会|运动会|集训|演出|夏令营|研学|汇演|合唱|联考|体考|选拔)(?!回|完|结束|后|的?时候)"
)  # 不是没来,是去参加比赛了: away, and not of one's own will
_BY_ITSELF = re.compile(r"[旷逃翘]|缺勤")
_NOT_HANDED = re.compile(
    r"还?[没未](?:有)?(?:送|交|发|给|签)(?:$|,)|(?:没|未)(?:能|有)?(?:送|交|给)(?:成|到|达|出)|退回"
)


def _undone(event: Event, clauses: list[Clause], line: Line) -> Event:
    """送劝学通知书,家长不在家没送成; 送教,没上成: what came to nothing, told in a later clause."""
    words = {"notice": _NOT_HANDED, "teach": NOT_TAUGHT}.get(event.kind)
    if words is None or event.no:
        return event
    later = ",".join(c.text for c in clauses if c.start > event.start and lex.NOTICE.search(c.text) is None)
    return replace(event, no=True) if words.search(later) else event


_HEARD_AT_HOME = re.compile(lex.SAID.pattern + r"|答应|同意|不肯|不愿|拒绝")


def _corrected(events: list[Event]) -> list[Event]:
    """不是旷课是请假: what is denied goes, what stands in its place stays."""
    kinds = {e.kind for e in events if not e.no}
    return [e for e in events if not e.no or not kinds - {"return"}]
