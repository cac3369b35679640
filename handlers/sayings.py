"""The same said in other words: sentences of plain speech, put into the words that a command or the grammar takes.

安排青石镇中心小学唐老师给张三送教 → 送教安排 张三：青石镇中心小学唐老师; 张三不辞而别 → 张三今天缺勤，原因：不辞而别. A table: what is meant, and the
sentence of the same meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import watched

_NAME = r"(?P<name>[\u4e00-\u9fff·•]{2,8}?)"
_PLEASE = r"(?:请|帮我|麻烦)?"
_WAY = r"(?P<way>送教上门|上门送教|送教|随班就读|特殊教育学校|特教学校|特校|远程教育|远程教学)"
_WAYS = {"上门送教": "送教上门", "送教": "送教上门", "远程教学": "远程教育"}
_GONE = r"(?:不辞而别|没有?打(?:个|过)?招呼就?(?:走|离开)了?|(?:一声不吭|悄悄|偷偷|不声不响)地?就?(?:走|离开)了|(?:走|离开)了[，,]?(?:也|都)?没有?打招呼|跟(?:着)?(?:父母|家长|家里人|爸妈)走了[，,]?(?:也|都)?没有?(?:打招呼|办转学))"
_FROM = r"(?P<who>公安|派出所|民政|残联|卫健|妇联|乡村振兴|户籍科?)(?:局|委|部门|科|那边)?"

_LOOK = r"(?:请|帮我)?(?:查一?下|查|看一?下|看看|看|说说)?\s*"
_OF_US = r"(?:我们|咱们?|我)?(?:全县|县里|全镇|镇里|镇上|镇|乡里|乡)?"
_BADLY = r"问题|情况|辍学|失学|疑似|缺勤|流失|逾期"

SAYINGS: Sequence[tuple[re.Pattern[str], str]] = (
    # FJ-15
    (re.compile(rf"{_PLEASE}(?:安排|指派|派|让|请)(?:由)?(?P<to>[\u4e00-\u9fff]{{2,16}}?(?:小学|中学|学校)[\u4e00-\u9fff]{{1,3}}老师)(?:给|为|去给|到)\s*{_NAME}(?:家)?(?:送教|上课|送课)(?:上门)?"), "送教安排 {name}：{to}"),
    (re.compile(rf"{_NAME}(?:的送教)?(?:改)?由(?P<to>[\u4e00-\u9fff]{{2,16}}?(?:小学|中学|学校)(?:[\u4e00-\u9fff]{{1,3}}老师)?)(?:来|负责|承担)*送教(?:上门)?(?:了)?"), "送教安排 {name}：{to}"),
    # FN-26, XY-20
    (re.compile(rf"{_PLEASE}(?:给|为|把|对)?{_NAME}\s*(?:办理?|申请|登记|安排|安置为?|改为?|转为|定为|登记为)(?:到|在|去|成)?\s*{_WAY}(?:就读|读书|学习|上学)?(?:了|吧)?"), "安置 {name} {way}"),
    (re.compile(rf"{_PLEASE}(?:给|为|把|对)?{_NAME}\s*(?:的安置方式|安置方式|安置)(?:改)?为\s*{_WAY}"), "安置 {name} {way}"),
    # TA-18, TA-30
    (re.compile(rf"{_NAME}[，,\s]*(?P<when>今天|昨天)?{_GONE}[，,]?(?:也)?(?:没有?办(?:理)?转学(?:手续)?)?(?:了)?"), "{name}{when}缺勤，原因：不辞而别"),
    # FJ-9
    (re.compile(rf"{_FROM}(?:的?[\u4e00-\u9fff]{{0,3}}同志)?(?:推送|通报|转来|提供|反馈|移交|推来|通知)(?:的|了|我们|给我们)*(?:[一1]?名|一个)?(?:新增|新)?(?:的)?(?:适龄|学龄|失学|未入学)?(?:儿童|孩子|少年)(?:信息|线索)?[:：，,\s]+(?P<rest>[\u4e00-\u9fff·].{{3,80}})"), "摸排发现{rest}，没上学，{who}通报"),
    # XY-7, FJ-23: of a child's guardian, and no inspection of a unit
    (re.compile(rf"{_PLEASE}(?:记录?|登记)?(?:今天|昨天)?(?:已经?)?约谈(?:了)?[:：\s]*{_NAME}(?:的)?(?:家长|监护人|父母|父亲|母亲|爸爸?|妈妈?)(?P<why>[，,：:\s].{{2,200}})?"), "记约谈家长 {name} 约谈监护人{why}"),
    (re.compile(rf"{_PLEASE}(?:已经?)?(?:给|向|对){_NAME}(?:的)?(?:家长|监护人|家)(?:里)?(?:已经?)?(?:下达?|下发|送达|发|送)(?:了)?《?(?P<way>)责令(?:限期)?(?:改正|复学|送学|整改)(?:通知书)?》?(?:了)?(?P<why>[，,：:\s].{{2,200}})?"), "记责令限期改正 {name} 已送达责令限期改正通知书{why}"),
    # TA-5
    (re.compile(rf"{_NAME}(?:家)?的?《?(?:入学)?通知书》?(?:还)?(?:没有?|未)(?:能)?(?:送到|送达|签收|送成)[，,：:\s]+(?:因为)?(?P<why>.{{2,60}})"), "入学通知书没送到 {name}：{why}"),
    # FN-9, LC-20: what whoever looks from above asks first
    (re.compile(rf"{_OF_US}(?:现在)?(?:哪个|哪所|哪些|哪几所)学校(?:的)?(?:{_BADLY}的?(?:学生|人|人数|事项)?)?(?:最)?(?:大|多|严重|差|少|好)[?？]?|(?:{_BADLY})(?:人数|事项)?最(?:多|严重)的学校(?:是哪[个所])?[?？]?"), "各校情况"),
    (re.compile(rf"{_OF_US}(?:现在)?(?:哪个|哪些|哪几个)(?:乡镇|镇|乡|街道)(?:的)?(?:{_BADLY}的?(?:学生|人|人数|事项)?)?(?:最)?(?:大|多|严重|差|少|好)[?？]?|(?:{_BADLY})(?:人数|事项)?最(?:多|严重)的(?:乡镇|镇|乡|街道)(?:是哪个)?[?？]?"), "各校情况"),
    (re.compile(r"(?:给我|发我)?(?:发)?(?:个|一?份)?(?:今天|今日|当天)?(?:的)?(?:简报|日报|小结)"), "今天缺勤多少人"),
    (re.compile(rf"{_NAME}(?:缺勤|辍学|没来|不来|不上学|不读书?)的?原因(?:是(?:什么|啥))?[?？]?"), "查 {name}"),
    (re.compile(rf"{_LOOK}{_NAME}(?:的)?(?:经过|经历|前后经过|来龙去脉|前因后果|(?:全部|所有|以前|之前|过去)的?(?:记录|情况))"), "查 {name}"),
    # what somebody asks who has just been told of a child, and has no time to look it up
    (re.compile(r"(?:那)?(?:我们?|咱们?)?(?:现在|接下来|下一步|下面)?(?:该|要|应该)?(?:怎么办|咋办|怎么做|咋整|咋弄)(?:才好|好)?[啊呀呢嘛]?[?？]?"), "待办"),
    (re.compile(r"(?:然后|接着|接下来|下一步|下面)呢?[?？]?"), "待办"),
    (re.compile(r"(?:今天|现在|这周|本周)?(?:我们?|咱们?)?(?:今天|现在|这周|本周)?(?:该|要|应该|需要|还要|还该)(?:上)?报(?:些|点)?(?:什么|啥|哪些)(?:东西|材料)?[?？]?"), "待办"),
    (re.compile(r"(?:给我|查一?下|看看?)?各班(?:的)?(?:出勤|缺勤|考勤|人数)(?:情况)?"), "各班情况"),
    (re.compile(r"(?:本月|这个月|\d{1,2}月)?(?:的)?月报(?:是)?(?:什么时候|几号|哪天|哪一天|多久)(?:要|前)?(?:交|报|截止|到期|上报|提交)?[?？]?"), "全部待办"),
    (re.compile(r"(?:今天|今日)(?:又)?新?(?:增|增加|报)(?:了)?(?:几个|几人|多少|多少人|几名)(?:学生|孩子)?[?？]?"), "今天缺勤多少人"),
    (re.compile(r"(?:还有)?(?:哪些|哪几个|哪个)(?:村|学校|班级?|老师|人|学生|娃)(?:还)?没(?:有)?(?:去)?(?:家访|走访|上门|入户|联系)(?:过)?(?:的)?[?？]?"), "逾期名单"),
)  # fmt: skip
"""What is meant, and the sentence of the same meaning with what was found in the first."""


def plain(text: str) -> str | None:
    """The sentence that means the same in known words; None where the text is none of these."""
    if given := watched.given_to(text):
        return given
    words = text.strip().rstrip("。.!！~～ ")
    for pattern, sentence in SAYINGS:
        if found := pattern.fullmatch(words):
            told = {key: value or "" for key, value in found.groupdict().items()}
            told["way"] = _WAYS.get(told.get("way", ""), told.get("way", ""))
            told["when"] = told.get("when") or "今天"
            return sentence.format(**told)
    return None
