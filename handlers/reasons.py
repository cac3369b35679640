"""A reason in words, read as its code: which of the documents' reasons a child is away for.

The codes decide duties (FJ-10: missing, abroad, wrong record and death go to the police; FJ-11: illness and
disability to the expert group), so the words of those stand first.
"""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("death", re.compile(r"死亡|去世|过世|身亡|病故|亡故|溺亡|夭折|不在人世|注销户口|没了命|意外身故")),
    ("missing", re.compile(r"失踪|失联|下落不明|去向不明|不知去向|找不到人|联系不上|无法联系|不知道去哪|走失|离家出走|杳无音信|查无此人|查无下落")),
    ("abroad", re.compile(r"出境|出国|境外|国外|移民|缅甸|越南|老挝|泰国|香港|澳门|台湾|美国|韩国|日本|新加坡|马来西亚")),
    ("wrong_record", re.compile(r"(?:户籍|户口|身份证号?|姓名|学籍|信息|登记|数据)[^，。；]{0,4}(?:错误?|有误|不符|重复|登错|写错)|空挂户|重户|双重户籍|双重学籍|重复学籍|错登|误登")),
    ("disability", re.compile(r"残疾|重残|残障|脑瘫|智障|智力|自闭|孤独症|聋|哑|失明|肢残|唐氏|发育迟缓|致残|精神残")),
    ("illness", re.compile(r"(?<!没)(?<!无)病|住院|手术|骨折|摔伤|受伤|抑郁|癌|白血|肿瘤|发烧|发热|感冒|流感|肺炎|肝炎|结核|肾|心脏|癫痫|哮喘|车祸|烧伤|烫伤|怀孕|化疗|透析|瘫|休养|身体原因|身体不|阑尾")),
    ("work", re.compile(r"打工|务工|进厂|上班|干活|工地|做工|学手艺|当学徒|学徒|挣钱|赚钱|做生意|开车|送外卖|做买卖|厂里|电子厂|外出做事|跑运输|理发|修车")),
    ("poverty", re.compile(r"贫|困难|没钱|交不起|供不起|揭不开锅|低保|欠债|负担不起|家里穷|家穷|经济")),
    ("study", re.compile(r"厌学|成绩|学不进|不想读|不想念|不愿读|不爱学|跟不上|逃学|网瘾|打游戏|沉迷|学习困难|读不进|不想上学|不愿上学|不肯读|学业")),
)  # fmt: skip


_KIN = r"(?:父|母|爸|妈|爹|娘|爷|奶|祖|外公|外婆|家长|监护人|家人|老人|哥|姐|弟|妹)"
_OF_KIN = re.compile(rf"{_KIN}[^，,。；;、]{{0,8}}|[^，,。；;、]{{0,8}}的{_KIN}[^，,。；;、]*")
_OF_THE_PUPIL = ("death", "missing", "disability", "illness")
"""What counts only when it is said of the pupil: a father's death is no reason to close the child's case."""


def reason_code(words: str) -> str:
    """One of ``casework.facts.REASON_CODES``; ``other`` where no word of the tables stands."""
    own = _OF_KIN.sub("", words)
    return next((code for code, pattern in _WORDS if pattern.search(own if code in _OF_THE_PUPIL else words)), "other")
