"""What of a clause no rule has explained: before something weak is recorded, what is left over must not turn its meaning.

校服没来, 来了月经, 不同意修路: the words of the field are there, and so is something else that they are said of.
"""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.understanding import lexicon as lex
from handlers.understanding.causes import FAMILY_MATTERS
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft
from handlers.understanding.events import TALKS
from handlers.understanding.leaves import OTHER_LEAVE, SICK
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.word_table import Tables

ATTENDANCE = ("absence", "return", "leave")
_FIELD = Tables(("", words) for words in (
    lex.ABSENT, lex.RETURN, lex.LEAVE, lex.VISIT, lex.PHONE, lex.WECHAT, lex.IN_PERSON, lex.OTHER_CHANNEL, lex.CONTACT, lex.SAID,
    lex.AGREED, lex.COMING, lex.REFUSED, lex.NOBODY, lex.AWAY, lex.ILL, lex.HARDSHIP, lex.RETURNED, lex.PROMISE, FAMILY_MATTERS,
    lex.TEACH, lex.SUSPEND, lex.DEFER, lex.TRANSFER_OUT, lex.TRANSFER_IN, lex.DROPOUT, lex.NOTICE, lex.NOTICE_GIVEN, *lex.GROUPS.values(),
    SICK, OTHER_LEAVE,
))  # fmt: skip
# What may stand beside the words of the field without turning them: how often, when, in what company, by what way.
_SMALL = re.compile(
    rf"[A-Z、\d·]|(?:姐弟|兄妹|姊妹|姐妹|兄弟|姊弟|哥弟|母女|叔侄)[俩仨]?|[俩仨]|左右|交给(?:了)?(?:班主任|老师|校长|学校|门卫|值班老师)(?:手[里上])?|(?:在家|帮家里|帮忙|去|在地里)*(?:接羔|打草|转场|剪羊毛|放羊|放马|挖虫草|掰苞谷|收麦子?|割麦子?|打谷子?|插秧|栽秧|[采摘]茶|割胶|砍甘蔗|[摘拾捡]棉花|晒谷|收玉米|收土豆|挖洋芋|带弟弟|带妹妹|看店|喂猪)|(?:清明|国庆|五一|端午|中秋|元旦|春节|寒假|暑假|周末)?节?(?:放(?:完)?了?假|收假|长假)(?:完|前|后|回来|回家后?)*|(?:小学|中学|外地|外县)?(?:转|新)来的|骑(?:着|了)?(?:摩托车?|电动车|三轮车?|单车|自行车|车)|开车|坐车|把人|送|这会儿?|第?L起?|称?不知情|忘(?:了|记)?(?:登|报|记|说|写|填)(?:记|上)?了?|双叒叕|麻烦|记一下|喂|[咧啦喽嘞]|报的|应(?:该)?[为是]|更正|打(?=D起)|坐(?:班|公交|大巴|客)?车|搭车|走路|自己|天天|每天|请完(?:了)?假|喔|一切|正常|稳定|情绪|表现|不错|良好|很好|还好|挺好|较好|进步|适应|状态|精神|心情|学习|成绩|融入|村组|教师|合力|包村|驻村|包片|挂村|(?:休学|[病事长]假|假期?|隔离)?(?:已经?)?(?:期满|到期|结束)(?=,?(?:已经?|今天|D)?(?:回|来|返|到校|复))|(?:父母|爸妈|爹妈|爸爸妈妈)(?:已经?|都|也)?离(?:婚|异)了?|{KIN}|不如|早点|趁早|挣点?钱|赚点?钱|浪费|丢人|没意思|听不懂|跟不上|考不上|没面子|态度[^,NDK]{{1,3}}|自从|照旧|说话算话|喊(?:了)?半天|半天|打(?:个|声)?招呼|吭(?:一)?声|说一声|点(?:了)?名(?:时|的时候|发现)?|校医|亲眼|仍|注册|开到|开了|新生|(?:虫草|庄稼|稻子|谷子|苞谷|玉米|茶叶?|烟叶|甘蔗|农活)(?:都|也)?(?:挖|收|割|采|打|砍|干)完了?|(?:老师|领导|大家|各位|校长)们?(?:早上?好?|好|们)|居家|在家|停课|婚约|婚事|解除|要么|挂断|挂掉|跑出(?:去|来)|(?:打|玩)(?:游戏|手机|台球|球|牌)|上网|泡网吧|开学(?:头一天|第一天|首日)|头一天|坡上|山上|田里|地里|放牛|回家后|放假回家|没办法|(?:清明|国庆|五一|端午|中秋|元旦|春节)(?:节)?(?:放假)?(?:前|后|回家后?)|[没未]交|骂我多管闲事|一道|开车|骑车|老?师傅|无恙地?|坐了?(?:一会儿?|会儿|半天)|中间|被[^,NDK]{{1,4}}(?:打|骂|批评|教育|训)了?(?:一顿)?|(?:跟|给|向)?(?:领导|您|各位|老师|校长|大家|你们?)(?:报告|汇报|说|反映)(?:一?下)?|大夫|医师|躺[起着]?|睡[起着]|[铁大]门|关门闭户|紧闭|关着|锁着|利索|(?:烧|高烧)退|退烧|兄妹|姐弟|姊妹|姐妹|哥俩|姐俩|双胞胎|叔侄|只|一?句|知道|弟兄|堂(?:兄弟|姐妹)|表(?:兄弟|姐妹)|谈|从|自(?=D)|[上这][个一]?(?:星期|礼拜)(?:[一二三四五六日天])?|[前这近]几天|[前这]段时间|最近|近来|没人(?:管|带|照顾|看)(?:他|她)?|犹豫|考虑|不吭声|没吭声|不说话|拿不定主意|商量|民警|公安|派出所|司法所?|妇联|团委|关工委|综治办?|网格员|驻村|工作队|从[^,NDK]{{1,6}}(?=带|接|找|拉|劝|领|拖|送)|两户|[一二两三四五六七八九十几第多好数]+(?:次|趟|回|户|家|人|个|方|名|位|度|遍|下|点|头|天|周|节)?"
    r"|孩子|(?<=[和跟与同][他她])[哥姐弟妹]{1,2}|姐弟|兄妹|姊妹|姐妹|学生|同学|本人|娃儿?|丫头?|伢|崽|仔|细佬|大人|两人|二人|妹俩|兄弟|人员|全部|全班|全校|班[上里]?|门口|村口|校门口|教室|医院|集市|路上|山路|县|镇|乡|村委?|学校|教育局|派出所|政府|综治办|德育处|村?支书|主任|局长|校长|干部|医生|班主任|老师"
    r"|已经?|现在?|起|连续?|一直|开始|然后|均为?|于|休学(?=T?(?:期?满|复学))|(?:到期|期满)(?=来|回|返)|原因|缘由|待查|不明|招呼(?:也|都)?没打(?:一声|一个)?|登记|补|报名?|情况|因为|由于|其实|另外|算|完|自己?|终于|总算|需|以|关于|安排|联合|一起|一同|正好|时候?|亲自|结果|先|其中|估计|至今|默默地|高兴地|晚上?|早上?|早读|开学|学期末?|国庆|元旦|五一|期中考?|高考|中考|节|前|后|课|日期?|号码?|读书?|书|访|无果|成功|帮|托|问|找|挂|忙|办|打|发|走|看|听|回复?|出|刚|要|不|没|除|续|延|嗯|呃|嘛|啦|啊|吧|哈|呢|咯|哋|俺|条|路|非要|赌气|经|再|可以?|能|行|得|这边|那边|家属|儿|连|带|算是|等|为了?|所以|但是?|而且|该|那个|这个|呀|哦|噢|唉|唠|按|今|昨|早|真|很|太|非常|特别|好像|居然|竟然|突然|忽然|反正|就是|继续|工作|思想|无故|外|批了?|席|勤|未|开门|应门|病愈|痊愈|康复|参加|收秋|干活|农活|身份证|改成?|原定|假期?|结束|卫生院|诊所|下?雷?[雨雪]|发?大水|路断|塌方|封路|更正|反映|核实|核查|拿|借口|名义|无理由|理由|家务|活|家住|本周|学期|学年|至|截止|目前|累计|共计|合计|合|总计|加|未|曾|均|特此|报告|记录|记|上报|汇报|缘故|多|满|到底|还是|老实|乖乖|高高兴兴|开开心心|欢欢喜喜|背着书包|顺利|正式|重新|准时|按时|及时|安全|平安|自行|主动|自愿|已然|意见|坚持|态度|坚决|明确|暂时|先后|分别|各自?|陆续|完全|确实|真的|实在|一齐|一块儿?|午休|课间|早操|自习|放学|体育课|医嘱|医生让|医生说|医生建议|打(?=D)|起就|直接|无缘无故|莫名其妙|悄悄|偷偷|私自|擅自|一声不吭|压根|根本|仍然|仍旧|依旧|依然|照样|始终|干脆|索性|硬是|一大早|大清早|那天|当天|同日|同天|当日|整天|全天|半天|一整天|通宵|半夜|凌晨|傍晚|中途|途中|现场|当场"
    r"|[的了着过也都又还就才只把被给跟和与同对向在是有个那这他她它们我咱你您说讲话来去到上下里]|里头|外头|那头"
)

CHARACTERS = frozenset("".join(words.pattern for _, words in _FIELD) + _SMALL.pattern)
"""The characters of the words of the field and of those beside them (with the signs of their patterns)."""


def turned(draft: Draft, clauses: list[Clause], line: Line) -> bool:
    """Whether something unexplained stands where it makes a weak record another matter's: anywhere beside an absence, a
    return or a leave; after a talk, or after what was agreed to or refused in one, as its object.
    """
    if draft.slots.get("outcome") == "other" and any(_SMALL_TALK.search(c.text) for c in clauses):
        return True
    if (
        draft.action in (*ATTENDANCE, *TALKS)
        and not re.search(r"逃|旷", line.text)
        and any(_WITHIN_SCHOOL.search(c.text) for c in clauses)
    ):
        return True
    if draft.action == "return" and any(lex.ILL.search(c.text) for c in clauses) and _only_there(draft, line):
        return True
    if draft.action in ATTENDANCE and "action" in draft.spans:
        start, end = draft.spans["action"]
        return any(_another_matter(draft, c, start, end) for c in clauses if c.start <= start < c.end)
    if draft.action not in TALKS:
        return False
    if any(_HIS_THING.match(c.text) and _unexplained(c.text) for c in clauses):
        return True
    slot = {"agreed": "outcome", "refused": "outcome", "nobody": "outcome", "other": "action"}.get(
        str(draft.slots.get("outcome"))
    )
    if slot is None or slot not in draft.spans:
        return False
    if slot == "action" and _NIGHTFALL.match(line.text, draft.spans[slot][1]):
        return False
    start, end = draft.spans[slot]
    if draft.slots.get("outcome") == "refused" and any(_WANTED.search(c.text) for c in clauses):
        return True
    if re.search(r"[宁情]愿$", line.text[start:end]):
        return False  # 宁愿放牛: whatever is liked better
    if slot == "outcome" and any(
        _OTHER_MATTER.search(c.text) for c in clauses if c.start <= start < c.end or c.end <= start
    ):
        return True
    if slot == "outcome" and _OF_LEARNING.search(line.text[start : end + 2]):
        return False  # 说啥也不念了谁劝也不好使: it has its object, whatever dictation runs on with
    return any(_object(c, end, slot) for c in clauses if c.start <= start < c.end)


_OF_LEARNING = re.compile(r"[读念]|上学|学校|返校|复学|回校")
_NIGHTFALL = re.compile(r"(?:的?时候)?天(?:都|快|已经?|还没)?(?:黑|亮)")  # 到张三家天都黑了: still a visit
_DONE = re.compile(r".?了")  # 到校了情绪还可以: told, and then something else


def _another_matter(draft: Draft, clause: Clause, start: int, end: int) -> bool:
    """An object right after the word; else for a return anything unexplained, for an absence what stands before the word
    (校服没来). Why leave is asked for may be anything: 去考级请假一天.
    """
    words = clause.text[start - clause.start : end - clause.start]
    if takes_object(clause, end) and not (
        draft.action == "return"
        and re.search(r"[校学课]了?$", words)
        and _DONE.match(clause.text, end - clause.start - 1)
    ):
        return True
    if draft.action == "leave" and re.search(r"假|^请", clause.text[start - clause.start : end - clause.start + 3]):
        return False
    if draft.action == "absence" and _FAMILY_EXCUSE.search(clause.text[: start - clause.start]) and "不" in words:
        return False  # 他妈说摩托车坏了,今天不能来: whatever the family gives as its reason
    if draft.action == "absence" and re.search(r"[旷逃缺校课学]", words):
        return _unexplained_before(clause, start)
    if draft.action == "absence" and _BECAUSE_OF.match(clause.text, end - clause.start):
        return _unexplained_before(clause, start)  # 没来说是闹钟没响: whatever the reason
    if _DONE.match(clause.text, end - clause.start - 1):
        return _unexplained_before(clause, start)
    return bool(_unexplained(clause.text))


_BECAUSE_OF = re.compile(r"(?:上学|上课|学校|了)?(?:说是?|因为?|由于|原因是)")
_FAMILY_EXCUSE = re.compile(rf"(?:{KIN})[^,。]{{0,10}}[说讲]")
_HIS_THING = re.compile(
    r"N(?:家(?:里)?)?的(?![一二两三四五六七八九十\d]|情况|事|劝返|家长|同学|孩子|[爸妈爷奶父母哥姐弟妹叔伯舅姑姨婶]|外[公婆]|姥)"
)  # 户口迁走了, 牛跑了
_WITHIN_SCHOOL = re.compile(
    r"(?:去|在|到|上)(?:了|老师|班主任|学校)*(?:的)?(?:厕所|医务室|校医室|办公室(?!谈|聊|来|面谈|当面|[跟和找见])|食堂|操场|图书馆|小卖部|实验室|机房)|(?:去|到|(?<!已)(?<!经)在)C(?:去|上课|听课)|(?:去|到)C班?(?:去)?上课"
)  # away from the seat, not from school


def _only_there(draft: Draft, line: Line) -> bool:
    """肚子疼在教室: said of where the pupil sits, not of a coming back."""
    return "在教室" in line.text[slice(*draft.spans.get("action", (0, 0)))]


_WANTED = re.compile(
    r"^(?:N|他|她|孩子|自己)*(?:想|要|闹着|要求)(?:要|着)?(?:转学|休学|退学|住校|换班|转班|请假)"
)  # what the family refused then
_SMALL_TALK = re.compile(r"月考|考试成绩|成绩单|作业|牛奶|校服|缴费|交钱|水费|资料费|报名费|保险|疫苗|家长会|春游|研学")
_OTHER_MATTER = re.compile(
    r"接(?:N|他|她|孩子)?(?:回家|走)(?!.*(?:答应|同意|说))|家长会|开会|会议|运动会|校服|班长|班干|座位|体育课|补课费|[午晚]托|保险|疫苗|体检|征地|占地|拆迁|同意搬|搬迁[款补费户]|修路|盖房|宅基地|[水电]费|医保|社保|合作医疗|选举|投票|当兵|参军|彩礼|低保"
)
_TO_SCHOOL = re.compile(r"返校|学堂|回校|上学|读|学校|复学|到校|上课|来|回|送|返")
_EMPTY = re.compile(r"[了的过]*")


def takes_object(clause: Clause, end: int) -> bool:
    """没来领书, 来了月经, 没到十二岁: something directly after the word that no rule knows."""
    at = _EMPTY.match(clause.text, end - clause.start)
    rest = clause.text[at.end() :] if at else ""
    return bool(rest) and (rest[0] == "A" or not _known(clause.text)[len(clause.text) - len(rest)])


def _object(clause: Clause, end: int, slot: str) -> bool:
    if slot == "action" and (re.search(r"说|讲|谈|问|聊|话|醉|留言|回了?[个句]", clause.text) or end == clause.end):
        return False
    tail = clause.text[end - clause.start :]
    if slot == "outcome" and _TO_SCHOOL.search(tail):
        return False
    return _known(clause.text)[end - clause.start :].count(False) > 1


def _unexplained(text: str) -> list[int]:
    """Where runs of two characters and more begin that neither the field's words nor small words explain."""
    return [m.start() for m in re.finditer(r"0{2,}", "".join("1" if done else "0" for done in _known(text)))]


def _unexplained_before(clause: Clause, start: int) -> bool:
    return any(clause.start + at < start for at in _unexplained(clause.text))


_CAUSE = re.compile(r"(?:因为?|由于)[^,NDRT]{1,10}?(?=请|没|未|缺|旷|休|隔|不来|[DRT])")


@lru_cache(maxsize=512)
def _known(text: str) -> tuple[bool, ...]:
    """Which characters are explained. The clauses of most messages are a few, for pupils are a letter in them."""
    known = [False] * len(text)
    for match in _CAUSE.finditer(text):
        known[match.start() : match.end()] = [True] * (match.end() - match.start())
    for _, words in (*_FIELD.of(text), ("", _SMALL)):
        for match in words.finditer(text):
            known[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(known)
