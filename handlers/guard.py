"""Never against the child: words that push a pupil out of school, or that keep one who comes back from entering, are told
to the head and the county at once.

A message that only tells of it (a parent complains) is understood as ever, and the alarm goes out; one that would have a
suspension or departure recorded that way records nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from casework.access import SCHOOL
from handlers import naming
from handlers.desk import Desk, Said
from handlers.registry import REGISTRY
from handlers.telling import Notice
from handlers.understanding.actions import Action

ALARM = "alarm:pushed_out"
"""The subject under which the trail keeps that such words were said: never the words."""
CLAUSES = {"XY-34": ("record", "escalate"), "XY-25": ("check", "escalate"), "LC-40": ("check", "escalate")}

_PAPERS = "(?![的所]?(?:手续|申请|材料|证明|审批|表|期))"
_LEAVING = f"(?:(?:退学|停学|休学|转学){_PAPERS}|转走|离校|转到(?:别的|其他|外面的?)学校)"
_WHOM = r"[\u4e00-\u9fff]{0,8}?"
_MADE = "(?:让|叫|要求|动员|劝说?|通知|建议|安排)"
_SAYER = "(?:学校|中学|小学|老师|校长|班主任|主任|校方|教师)"
_CLEARED = "(?:把|将|被)[^，,。；;]{0,6}清退|(?:打算|准备|要)清退|清退[^，,。；;]{0,4}(?:学生|他|她)"
_WISH = (
    "[了一份张个]{0,2}(?:自愿(?:退学|停学|离校|休学|转学|放弃)|(?:退学|停学|离校|放弃(?:学业|上学|读书|就学|义务教育)))"
    "[\u4e00-\u9fff]{0,6}?(?:申请|保证|承诺|协议|声明)书?"
)
"""A family made to write that it leaves of its own will is pushed out all the same."""
_NOT_COME = (
    r"(?:别|不要|不用|不必|不准|不许)再?(?:(?:来|去|上)(?:上学|学校|上课|读书|念书|考试|报名|学|课|了|(?=$|[，,。；;！!]))"
    r"|在(?:这|我们|我校|本校)[\u4e00-\u9fff]{0,4}?(?:读|上|念|待|呆))"
)
_WORDS = re.compile(
    rf"劝退|开除|除名|{_CLEARED}|劝(?:他|她|其|[\u4e00-\u9fff]{{2,4}}?){_LEAVING}"
    rf"|(?:强制|强行|强迫|逼迫|逼着?|迫使|勒令)[\u4e00-\u9fff]{{0,6}}?{_LEAVING}"
    rf"|(?:要求|动员|劝说|通知){_WHOM}(?:退学|停学)|(?:{_MADE}|{_SAYER}[^，,。；;]{{0,3}}?说){_WHOM}{_NOT_COME}"
    rf"|{_MADE}{_WHOM}(?:写|签|交|填){_WISH}|(?:写|签|交|填){_WISH}才(?:能|可以|给|让)"
    rf"|(?<!不)让(?:他|她)走(?:人|吧)?(?=$|[，,。；;！!])|学籍(?:就)?不要了"
    rf"|(?:把|将)?[\u4e00-\u9fff·]{{0,4}}被?{_SAYER}[^，,。；;]{{0,6}}?(?:赶|撵|轰)(?:了)?[\u4e00-\u9fff]{{0,4}}?(?:出|回|走|离)"
    rf"|(?:让|叫|通知|要求)[\u4e00-\u9fff]{{0,6}}?领回(?:去|家)"
    rf"|{_SAYER}[^，,。；;]{{0,4}}?(?:让|叫)[\u4e00-\u9fff]{{0,4}}?(?:回|在)家(?:待|呆|住|自学)"
    rf"|{_MADE}{_WHOM}(?:不(?:要|用|必|参加|考|报)|别再?(?:报|考|参加)|放弃)[\u4e00-\u9fff]{{0,2}}?(?:中考|毕业考|报考)"
    rf"|中考(?:就)?别(?:报|考|参加)|(?:劝|动员|要求|建议|安排)[\u4e00-\u9fff]{{0,6}}?分流|提前(?:发[\u4e00-\u9fff]{{0,2}}毕业证|毕业)[\u4e00-\u9fff]{{0,2}}离校"
    r"|(?:(?:按|作|做)(?:了)?|视为|算(?:作|是)?|给(?:他|她|予)?|决定)[\u4e00-\u9fff]{0,4}?(?:自动)?(?:退学|停学)(?:处理)?(?=$|[，,。；;！!]|了|处)"
    rf"|{_MADE}{_WHOM}换(?:个|所|一所)?(?:学校|地方)(?=$|[，,。；;！!]|读|上|念|吧|算)"
    rf"|{_MADE}{_WHOM}(?:领|接|带)回(?:去|家)?[^。；;]{{0,6}}?{_NOT_COME}"
    r"|不(?:想|愿意?|能再?|敢)?要(?:他|她|这(?:个|种|样的)?(?:学生|孩子|娃))(?:了|(?=$|[，,。；;！!]))"
    r"|再(?:犯|有|这样|旷课|闹|打架)[^，,。；;]{0,4}?(?:自己|自动|主动)?(?:走人|退学|转学|离校|别来)"
    r"|(?:把|将)[^，,。；;]{0,8}?(?:劝走|劝离|赶走|撵走|弄走|打发走|分流)|被分流"
    r"|(?:提前|考前)(?:放(?![学假])|让|叫|打发)[\u4e00-\u9fff]{0,4}?(?:回家|离校|走)(?=$|[，,。；;！!]|了|吧)"
    r"|毕业证[^，,。；;]{0,4}?(?:照|一样|到时)[^，,。；;]{0,2}?(?:发|给|拿)[^。；;]{0,6}?(?:不用|别|不必)再?(?:来|去|上)"
)
_AGREED = re.compile(
    r"(?:退学|不来|不读|打工|辍学)[^。；;]{0,6}?(?:我们?|学校|老师|班里|我校)(?:也|都|就|已经?)?(?:没有?意见|不反对|同意|默许|随他)"
    r"|中考[^。；;]{0,6}(?:我们?|学校|老师|班里)(?:已经?|都|就)?(?:同意|允许|默许)[^，,。；;]{0,8}(?:提前离校|不来|离校)"
)
"""A family's wish that the school grants all the same: no examination, no more school."""
_WEAK = re.compile(
    r"(?:(?:成绩|学习|纪律|表现)(?:一直|实在)?[太很]?(?:差|不好|跟不上)|拖(?:班级|全班)?后腿|影响(?:平均分|升学率|中考))"
    rf"(?P<between>[^。；;]{{0,12}}?)(?:{_LEAVING}|(?<!不)让(?:他|她)走|{_NOT_COME}|不如[^，,。；;]{{0,4}}(?:打工|回家|不读|学手艺)|(?:读|念|上)(?:下去|书|学)?(?:也|都)?没(?:有)?(?:意义|必要))"
)
"""A weakness as the ground for leaving; not where the family or the pupil is who wants it."""
_FOR_US = re.compile(
    rf"{_LEAVING}[^。；;]{{0,6}}?(?:免得|以免|省得|不然|否则|怕)[^。；;]{{0,4}}?(?:影响|拖|拉)[^。；;]{{0,6}}?(?:班|成绩|分|升学率|考核|学校|中考|评比)"
)
"""Leaving for the sake of the class's figures."""
_OWN_WISH = re.compile("觉得|认为|嫌|厌学|想(?:去|要)|自称")
_COUNTED = re.compile(rf"(?:{_LEAVING})(?:了)?的(?:学生|孩子)?(?:有哪些|名单|有谁|有?多少人?)?[?？]?$")
"""A question after who left: asked by whoever looks into it."""
_ELSEWHERE = re.compile("网吧|游戏厅|店|厂|工地|公司|KTV|酒吧|台球|河边|水库|街上")
_ADVISED = re.compile(
    rf"(?:{_MADE}(?!说)|{_SAYER}[^，,。；;]{{0,4}}?说){_WHOM}(?:去办|办个?|申请|先)?{_LEAVING}(?=$|[，,。；;！!]|去|吧|了|算了|一|半)"
)
"""Advice to leave: by a doctor or the family it is none of the school's."""
_EXCUSED = re.compile(
    "病|发烧|发热|感冒|水痘|腮腺|流感|住院|骨折|疼|痛|咳|受伤|摔|吐|拉肚子|不舒服|头晕|过敏|放假|台风|暴雨|大雪|冰冻|疫情|全校停课|传染|隔离"
)
"""Who is ill is sent home for the child's own good; a day off for all pushes nobody out."""
_SENT_HOME = re.compile(f"{_NOT_COME}|领回|回家|在家|换个?(?:学校|地方)")
_DOCTOR = re.compile("(?:医生|大夫|医院|医嘱|专家组?|鉴定|诊断)[^。；;]{0,10}$")
_REFUSED = re.compile(
    "被(?:停课|赶|撵)[^。；;]{0,4}?不(?:让|准|许)[^，,。；;]{0,3}?进(?:教室|校|班|门|学校)|拒收(?:学生|复学|返校)|(?:学校|校长|老师|班主任|校方|中学|小学)(?:还是|仍然?|就是|都)?"
    "(?:拒收|不(?:肯|愿|愿意)?接?收(?![费钱取据])|不给(?:他|她)?(?:进|复|返|办)"
    r"|不(?:让|准|许|允许)[\u4e00-\u9fff·]{0,4}?(?:上学|上课|听课|读书|念书|就读|进(?:教室|校|班|门|学校)|返校|复学|回校|回学校|回班|入学|来上|来学校|来校|报名|报到|注册)"
    "|拒绝(?:接收|接受)?[\u4e00-\u9fff]{0,4}(?:返校|复学|入学|就读|报到))"
)
_DENIED = re.compile(
    r"(?:不得|不能|不准|不许|不可|不会|不敢|没有|没|未|禁止|严禁|杜绝|防止|并非|不是|从不|绝不)[\u4e00-\u9fff]{0,4}(?:[、和或](?:变相)?[\u4e00-\u9fff]{0,4})*$"
)
_KEPT = re.compile(
    "(?:别|不要|不用|不能|不得|不准|不许|不可以?|不应该?|不会)(?:再)?(?:随便|轻易|急着)?(?:让|叫|劝|给|把|逼)?[\u4e00-\u9fff]{0,4}?(?:退学|停学|休学|转学|转走|离校|分流)"
)
"""劝他别转学, 校长说了不能让他退学 keep a pupil in school."""
_FAMILY = re.compile(
    r"(?:家长|家里|监护人|爸|妈|父|母|爷|奶|外公|外婆|哥|姐|叔|舅|自己|本人|自愿|主动)(?P<then>[^。；;]{0,12})$"
)
_SCHOOL = re.compile("老师|学校|校长|主任|校方|[我本]校|[我本]班|我们[校班]")
_SCHOOLS_ALONE = re.compile("劝退|开除|清退|除名|(?:同意|允许|默许|没有?意见|不反对|随他)")
"""What only a school can do: a family that tells of it is no excuse."""
_TALKED = re.compile(
    "家访|走访|上门|入户|访|打.{0,3}电话|电联|电话|微信|联系|去.{0,6}家|到.{0,6}家|见到|面谈|家长(?:说|讲|反映)"
)
_DEPARTING = ("suspend", "defer", "transfer_out")


def forced(text: str) -> str | None:
    """The words that push a pupil out, None when there are none, they are denied, or a family speaks them."""
    if _COUNTED.search(text.strip()):
        return None
    for pattern in (_WORDS, _AGREED, _WEAK, _FOR_US, _ADVISED):
        for found in pattern.finditer(text):
            before = text[: found.start()]
            if not (_DENIED.search(before) or _KEPT.search(found[0])) and (
                pattern is _FOR_US or _SCHOOLS_ALONE.search(found[0]) or not _innocent(pattern, found, before)
            ):
                return found[0]
    return None


def _innocent(pattern: re.Pattern[str], found: re.Match[str], before: str) -> bool:
    """Whether the family, a doctor or an illness is behind the words, not the school."""
    if not re.match(_SAYER, found[0]) and _by_family(before):
        return True
    if pattern is _WEAK and (_FAMILY.search(found["between"]) or _OWN_WISH.search(found["between"])):
        return True
    if _ELSEWHERE.search(found[0]):  # 把他从网吧劝走
        return True
    if pattern is _ADVISED and (_DOCTOR.search(before) or _EXCUSED.search(before)):
        return True
    return bool(_SENT_HOME.search(found[0]) and _EXCUSED.search(before))


def _by_family(before: str) -> bool:
    """Whether the one who speaks or acts last before the words is of the family, not of the school."""
    family = _FAMILY.search(before)
    return family is not None and not _SCHOOL.search(family["then"])


def refused(text: str) -> str | None:
    """The words by which a school keeps a pupil from coming back, None when there are none or they are denied."""
    found = _REFUSED.search(text)
    return found[0] if found and not _DENIED.search(text[: found.start()]) else None


def warn(desk: Desk, text: str, meant: Sequence[Action]) -> str | None:
    """Tell the head of the school and the county of such words; what the writer hears, None when there are none."""
    if words := forced(text):
        law = "任何人不得以任何理由劝迫学生离校、退学，也不得强行让学生休学、转学〔依据 XY-25、LC-40〕。"
        order = "学校不得劝退学生，不得强行让学生休学、转学〔依据 XY-25、LC-40〕。请当面了解情况，保证学生在校学习。"
    elif words := refused(text):
        law = "愿意返校的学生，学校都要接收，不得拒收任何一名〔依据 XY-34〕。"
        order = "学校不得拒收任何一名愿意复学的学生〔依据 XY-34〕。请今天就安排返校，并告知家长。"
    else:
        return None
    _tell(desk, text, words, order, meant)
    return f"消息里有“{words}”。{law}\n已告知校长和县教育局核实。学生确有困难的，请发“家访 姓名 情况”，由学校安排帮扶；学生已经没来的，请发“姓名 缺勤”。"


def with_alarm(desk: Desk, text: str, said: Said) -> Said:
    """The answer to a command or form that was carried out; where its words push a pupil out, the alarm goes out with it."""
    warning = warn(desk, text, ())
    return replace(said, text=f"{warning}\n\n{said.text}") if warning else said


def filled_in(actions: Sequence[Action]) -> str:
    """What the free fields of a form say, with the name of what is to be done: the reason 成绩太差 of a 登记休学."""
    fields = (str(action.slots.get(key) or "") for action in actions for key in ("reason", "note"))
    said = "".join(dict.fromkeys(fields))
    return said and said + "".join(dict.fromkeys(REGISTRY[a.action].title for a in actions if a.action in _DEPARTING))


def refuses(desk: Desk, text: str, meant: Sequence[Action]) -> bool:
    """Whether nothing of the message is recorded: it would have a pupil leave, or a pupil is kept out, who therefore is
    neither back nor visited; an absence always is recorded.

    What a school calls a dropout there, and a talk that nobody says to have had, are the pushing itself.
    """
    if refused(text):
        return any(action.action != "absence" for action in meant)
    of_school = not desk.reader.roles.isdisjoint(SCHOOL)
    return any(
        action.action in _DEPARTING
        or (action.action == "dropout" and of_school)
        or (action.action in ("contact", "visit") and not _TALKED.search(text))
        for action in meant
    )


def _tell(desk: Desk, text: str, words: str, order: str, meant: Sequence[Action]) -> None:
    ids = [m.candidates[0] for a in meant for m in a.students if len(m.candidates) == 1]
    pupils = desk.work.people.pupils(ids or naming.pupils_in(desk, text))
    today, directory = desk.today, desk.world.directory
    told = {
        p: None
        for pupil in pupils.values()
        for role in ("principal", "county")
        for p in desk.world.who(role, pupil, today)
    }
    if not pupils:
        told = {
            p: None
            for post in desk.posts
            for role in ("principal", "county")
            for p in directory.in_charge(role, post.unit, today)
        }
    said = f"请核实：{desk.writer.name}发来的消息里有“{words}”。\n原话：{text}\n{order}"
    for person in told:
        if person != desk.writer.id:
            desk.work.outbox.queue(Notice(f"forced:{desk.source}:{person}"[:150], person, said, desk.now))
    at = {"pupils": sorted(pupils), "unit": desk.posts[0].unit if desk.posts else ""}
    desk.work.audit.note(desk.writer.id, "forced_words", ALARM, "chat", at)
