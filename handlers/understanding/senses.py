"""What a clause tells: the things done in it, how it is said, and what came of a visit or a contact."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.calls import calls_of
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.comings import no_return
from handlers.understanding.events import TALKS, Event
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.marks import marks_of
from handlers.understanding.word_table import Tables

STRONG = ("notice", "teach", "defer", "suspend", "transfer_in", "transfer_out", "dropout", "mark")
_STRONG_WORDS = Tables((
    ("teach", lex.TEACH), ("defer", lex.DEFER), ("suspend", lex.SUSPEND), ("transfer_in", lex.TRANSFER_IN),
    ("transfer_out", lex.TRANSFER_OUT), ("dropout", lex.DROPOUT),
))  # fmt: skip
_WEAK_WORDS = Tables((
    ("leave", lex.LEAVE), ("leave", lex.KEPT_HOME), ("absence", lex.ABSENT), ("visit", lex.VISIT), ("return", lex.RETURN),
))  # fmt: skip
_ANOTHERS = re.compile(
    rf"(?:{KIN}|老师|村长|干部|支书|医生|邻居|人家|我们?|K|弟弟|妹妹|哥哥|姐姐)(?:们|也|又|都|还|一直|今天|D|U|昨天|已经?|刚|才|就|自己|亲自|后来|A|了|连夜|带着人|从[^,]{{1,6}})*$"
)
_SIBLING_NAMED = re.compile(
    r"(?<![和跟与同])(?:他|她|N的?)(?:堂|表)?(?:哥哥?|姐姐?|弟弟?|妹妹?)(?![弟妹哥姐俩两])[^,NDRW]{0,3}(?:也|都|又|还)?$"
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
_NO_LEAVE_ASKED = re.compile(
    r"(?:没|未|无)(?:有)?(?:请)?假条|没人(?:给|替|帮)?(?:他|她|N|孩子)?请(?:过|个)?假|(?:算|按|记)旷课|(?:没|未)(?:有|曾)?(?:收到|见到?|交|办|批|履行|提供|提交|打)[^,]{0,8}(?:假|手续)|(?:假条|手续)(?:也|都)?(?:没|未)"
)
NOT_TAUGHT = re.compile(
    r"(?:安排|准备|需要?|等着?)[^,]{0,2}补课|送教[^,]{0,14}(?:取消|暂停|推迟|延期|未能|改期|没能)|(?:转|转为|改|改为|改成|变为|纳入|列入|批准|享受|接受|申请|需要?|实行|采取|符合)[^,]{0,3}送教|(?:原定|原计划|本来|本该|原本)[^,]{0,14}送教|(?:就|都|今天|D)?(?:没|未|冇)(?:能|有)?(?:上|教|送)(?:课)?(?=$|,|。)|送教[^,]{0,4}[,]?[^,]{0,4}(?:没开门|锁着?门|进不去|没进去|没人在家|家里没人)|(?:没|未|冇)(?:能|有)?(?:上|教|送|学|去)成|送教(?:上门)?[^,]{0,4}(?:改|调到|推到|推迟|延|取消|暂停|安排|没(?:上|送|教|能|去)|未(?:上|送|成)|定在|约|计划|还差|还欠|差|欠|任务|应)"
)
_FOR_SCHOOL = re.compile(r"校|课|班|学|勤|旷|缺|读")
_LEAVE_OVER = re.compile(
    r"(?:累计|总共|一共|加起来|这学期|本学期)[^,]{0,6}请|请[^,]{0,4}(?:累计|总共|一共|加起来)|假(?:期|后)?(?:回来|取消)|请完(?:了)?(?:[病事]?假)?|取消[^,]{0,4}假|(?:上周|上个?星期|上个?礼拜|上次|之前|前几天|前段时间|原来|本来)[^,]{0,4}请|假(?:期)?D?(?:就|也|早就)*(?:已经?)?(?:到期|期满|结束|完了?|满|到了|过了)|期满|到期|逾期|超期|未归|超假|假后|销假"
)
_VISIT_OF_ANOTHER = re.compile(rf"(?:{KIN})(?:也|都|D|U|刚|又|就)*$")
_WILL_NOT = re.compile(r"(?:[说讲]|死|打死|死活|铁了心|无论如何|说什么|怎么说?|横竖|坚决|硬是?|就是|偏)(?:也|都|就)?$")


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
    for kind, words in _STRONG_WORDS.of(text):
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
    return marks_of(clause)


_PUPIL_SITS = re.compile(r"N?(?:D|U|T|又|就|只|才|也|都|今天|刚)*")  # 张三上了一天课: sat there, was not taught at home
_SIBLING_HIMSELF = re.compile(
    r"(?:哥哥?|姐姐?|弟弟?|妹妹?)(?:们|也|都|已经?|就|又|D|U|早)*$"
)  # 哥哥退学了: not the pupil
_ONCE = re.compile(r"(?:之前|以前|原来|原先|曾经?|去年|前年|上学期|上学年)[^,]{0,6}$")
_NOT_GRANTED = re.compile(
    r"[^。N]{0,8}(?:没|未|不)(?:有|给)?(?:批|准|同意)(?!.*(?:后来|又|最后)[^。]*(?:批|准|同意)了)"
)
_DROPPED = re.compile(r"[^,]{0,3}(?:不(?:办|休|转|退|去)了|取消|作罢|作废|撤(?:回|销)|算了)")  # 休学不办了


def more_marks(clauses: list[Clause], events: list[Event]) -> list[Event]:
    """是困境儿童,建档立卡户: once a group is told, a clause of nothing but another group tells that one too."""
    if not any(e.kind == "mark" and not e.no for e in events) or any(e.kind in TALKS for e in events):
        return []
    marked = {e.clause for e in events}
    return [e for c in clauses if c not in marked for e in marks_of(c, going_on=True)]


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


def _weak_events(clause: Clause, line: Line) -> list[Event]:
    text = clause.text
    found: list[Event] = []
    for kind, words in _WEAK_WORDS.of(text):
        for match in words.finditer(text):
            event = _weak_event(kind, match, clause, line, found)
            if event:
                found.append(event)
    if any(e.no for e in found):  # 就差张三没家访了: what is left to be done, nobody missing
        found = [e for e in found if line.text[e.start : e.end] not in _LACKS]
    found += calls_of(clause, found)
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
    if kind == "return" and match.group()[0] in "DU" and _missed_before(match, clause, found):
        denied = False  # 周二没来周三到了: what is denied is the day before
    if kind == "leave" and (
        re.match(rf"的(?:他|她)?(?:{KIN})", text[match.end() :])  # 请产假的妈妈在家带她
        or (match.re is lex.KEPT_HOME and not re.search(KIN, _sentence(line, clause)))
        or (_LEAVE_OVER.search(text) and not ("R" in line.text and _IN_ALL.match(text)))
        or _NOT_GRANTED.match(line.text, clause.start + match.end())
    ):
        return None
    if kind == "visit" and (
        _VISIT_OF_ANOTHER.search(before)
        or re.search(r"(?<!摩)托[^,N]{1,8}$", before)  # 托李会计去他家说了
        or re.search(r"(?:视频|微信|电话|线上|网络|语音)$", before)
    ):
        return None
    if kind == "absence" and _excused_by_family(match, clause, line):
        kind = "leave"
    ran_back = kind == "return" and match.group() in ("回来", "回来了") and before.endswith("跑")  # 跑回来: away again
    if kind == "return" and not ran_back and (denied or no_return(match, clause, line, found)):
        return None
    denied = denied or ran_back or (kind == "leave" and _NO_LEAVE_ASKED.search(text) is not None)
    denied = denied or (kind == "leave" and _NOT_ALLOWED.search(before) is not None)
    denied = denied or (kind == "visit" and _NOT_DONE.match(text, match.end()) is not None)
    return Event(kind, clause.start + match.start(), clause.start + match.end(), clause, no=denied)


_NOT_ALLOWED = re.compile(r"(?:不|没|未)(?:有)?(?:同意|准|批准?|许|允许|答应|让|给)(?:给|让|帮)?(?:他|她|N|孩子|娃)?$")
_IN_ALL = re.compile(r"(?:一共|总共|共)请T")  # 4月14号到4月17号过寿,一共请四天
_LACKS = ("差", "缺", "少", "剩")
_NOT_DONE = re.compile(
    r"(?:的|表|工作|任务)?(?:D|U|我们?|这?本?周|也|都|还|一直|至今|根本|压根)*(?:没|未)(?:有|曾|得)?(?:做|去|搞|完成|弄|安排|开展|落实|进行|走|填|办|成(?!功))"
)  # 张三的家访还没做
_ILL_SAID = re.compile(
    rf"(?:{KIN})[^,。N]{{0,8}}(?:说|讲|告诉|请|[捎带]话)[^。N]*N?[^。N]*(?:{lex.ILL_WORDS}|医院|复查|检查|看牙|看病)[^。N]*$"
)


_FAMILY_SAYS = re.compile(rf"(?:{KIN})[^,。]{{0,6}}(?:说|讲|[捎带]话)[^。]*$")
_ILL_NEXT = re.compile(
    rf"[^,。]{{0,4}}[, ][^,。N]{{0,5}}(?:{lex.ILL_WORDS}|住院|医院|打针|手术)"
)  # 他妈说来不了,住院呢


def _excused_by_family(match: re.Match[str], clause: Clause, line: Line) -> bool:
    """他妈说发烧,今天明天都不来: what the family says beforehand is a leave, as where it stands in one clause."""
    if not any(words in match.group() for words in ("不来", "不能来", "来不", "不得来")):
        return False
    said = line.text[: clause.start + match.start()]
    ill_next = _FAMILY_SAYS.search(said) and _ILL_NEXT.match(line.text, clause.start + match.end())
    return _ILL_SAID.search(said) is not None or bool(ill_next)


_THING = re.compile(r"(?:会|补考|考试|比赛|N的[^,NDRUTO]{1,4})$")
_HOME = re.compile(r"N(?:的)?(?:家|屋)(?:里|头|那边)?(?:我们?|也|都|还|一|半)?$")


def _no_absence(match: re.Match[str], before: str) -> bool:
    """A thing or a parent that did not come, a home where nobody is, another child's absence, a will."""
    thing = _THING.search(before)
    home = _HOME.search(before)
    return bool(
        (thing and not re.search(r"N的(?:同学|孩子|人|娃)", before))
        or (home and not _FOR_SCHOOL.search(match.group()))
        or _SIBLING_NAMED.search(before)
        or (_ANOTHERS.search(before) and not _CARED_FOR.search(before))
        or before.endswith(("没人", "没有人", "无人", "没得人", "冇人"))
        or (match.group().startswith("不") and _WILL_NOT.search(before))
        or (before.endswith("想") and not before.endswith("不想"))  # 老想逃学
    )


def _missed_before(match: re.Match[str], clause: Clause, found: list[Event]) -> bool:
    return any(e.kind == "absence" and e.end == clause.start + match.start() for e in found)


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
        return ("家长会" in line.text or "开会" in line.text) and re.search(KIN, before) is not None
    if kind != "return":
        return False
    errand = match.group()[0] in "来到回返" and _ON_ERRAND.match(text, match.end()) is not None
    return errand or _SENT_BACK.search(before) is not None


_WHO_IS_BACK = re.compile(
    r"(?:了|过)?的N(?:[、和]?N)*(?:D|U|T|也|都|又|已经?|终于|总算)*(?:来|到|回|返|报到)(?!不)"
)  # 昨天请假的张三来了: which pupil it is
