"""Children whom no register holds: found out of school, or come from elsewhere."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.drafts import Draft, Setting
from handlers.understanding.records import records
from handlers.understanding.senses import events_of
from handlers.understanding.text import Text

SIBLINGS = "小?弟弟?|小?妹妹?|哥哥?|姐姐?|堂[弟妹哥姐]|表[弟妹哥姐]"
_SIBLING_OF_AGE = re.compile(rf"N家?的?(?:{SIBLINGS})[^,]{{0,4}}A")
_CALLED = re.compile(
    r"(?:名字?(?:叫|是)|名字[: ]?(?![还没问不叫是也])|姓名[:是]?|叫做?|(?<=[,。:])喊(?:做)?|名叫|孩子[:叫]|小孩[:叫]|娃儿?叫)(?!啥|什么|甚|么|不|哪|咩)(?!(?:还|都|也|暂时?|目前)*(?:不知|不详|不清|未知|不晓|没问|没有|待))(?P<name>[NW]|[^,。NDA叫]{2,6}?)(?=[,。(A \n]|今年|男|女|的|$)"
)
_NAMED = re.compile(
    r"(?:发现(?:了)?|摸排(?:到|出)?|排查(?:到|出)?|走访到|[查访摸]到|有[个一]细人|细人|细路仔?|(?:失学|辍学|适龄|留守|未入学)(?:儿童|学生|少年|女孩|男孩|女童|男童)(?:一名|1名|一个|1人|一人)?[:]?|上报|补报|登记|(?:(?:他|她)?(?:妹妹?|弟弟?|哥哥?|姐姐?))|新?搬来的|新来的|外来的|外地来的|租房的|租住的|打工的|另有|另外(?:有)?|还有(?:个|一个)?|和|(?:一|1)?[个名](?:[^,。NWDA\d]{0,4}?(?:女孩|男孩|孩子|娃儿?|儿童|女童|男童|小孩|女娃|男娃|姑娘|女子|男子))?[:]?|(?:外来|外地|搬来|流动|租房|租)户|(?<=[,、:。])(?:[^,。NDA]{1,6}(?:村|组|寨|屯|社区))?|(?<=发现)(?:了)?[^,。NDA]{1,6}(?:村|组|寨|屯|社区)(?:有)?(?:个|一个)?的?|(?<=[,、:。])(?:隔壁|邻居|旁边)(?:家|屋|那家|邻居)*(?:还有个?|有个?|的)?|(?<=[,、:。])[大小]的(?:叫|是)?|(?:细|小)?妹子|(?<=[,、:。])(?:有)?(?:一?[个名])?[男女](?:孩子?|童|娃儿?|生|学生)[,:]?|(?:女儿|儿子|子女)(?:叫)?|(?<=A)[ ,]?)(?!妹仔(?=A)|天天|整天|经常|说不|看样子|看着|瞅着|瞧着|看上去|估计|可能|听说|应该|不晓|不知|名字|叫不|大的|小的|老大|老二|老三|大概|大约|今年|差不多|才|快|已经|男|女|约)(?P<name>[NW]|[^,。:(NWDA\dS娃孩童男女叫的]{1,2}叫(?=[,。(]?A)|[^,。:(NWDA\dS娃孩童男女在有个一两新户家人没未从叫发现社区网格员反映租住]{2,5})(?=[,。(]?(?:(?:男|女|今年|大概|大约|约|才|快|已经?)[,、]?)*A)"
)
_PLACE = re.compile(
    r"(?:[都均]?(?:家)?住(?:在|址[:是]?)?|现居(?:住)?(?:在|于)?|租(?:住在|住|在)|暂住(?:在)?|在(?!那|这|家)|家在|户籍(?:地|所在地|在|是)*[:]?(?:我们?|本)?[镇乡县]?|地址[:是]?|位于)(?P<place>(?![了着过])[^,。]{2,16}?)(?=[,。]|$|帮|租房|打工|做工|干活|放[牛羊]|没|未|跟|从)|(?P<place2>(?<!发)(?!发现|有个|都是|均[是为]|(?<=都)是|(?<=均)[是为])[^,。NWA 男女]{1,8}?(?:村|组|屯|寨|社区|街道))(?:人|的|$|[,。])"
)
_NEW_HERE = re.compile(
    r"(?:村|组|寨|社区|街上?)[^,]{0,3}来了?(?:一)?(?:个|户|家)[^,NK]{0,6}(?:娃|孩|童|妹|仔)[^NW]*A"
)  # whether it is at school is what must be found out
_AGE_ALONE = re.compile(r"(?:[,。，]|(?<=[\u4e00-\u9fff]))(\d|1[0-7])(?:了|岁多?)?(?=[,。，]|$)")  # 叫阿木,13了
_NONE = re.compile(
    r"(?:没有?|未|无|不存在|没得)(?:再|新)?(?:发现|失学|辍学|适龄|未入学|此类|这类|遗漏)|清零|归零|为零|为0"
)
_NEVER = re.compile(r"从(?:未|没|来没)(?:有)?(?:入|上|读|进)")
_ASKED_FOR = re.compile(r"(?:名单|清单)(?:给我|发我|看看|一?下|列一下)*$")  # 失学儿童名单: to be looked at


def found_children(line: Line, even: Text) -> list[Draft]:
    """One draft for each child that the message reports as out of school; empty if it reports none."""
    return [_child(line, even, *told) for told in children_told(line)]


def children_told(line: Line) -> list[tuple[tuple[int, int] | None, int, int]]:
    """Where each child that a line reports as out of school is named, if it is, and the region that tells of it."""
    text = line.text
    sibling = "A" in text and _SIBLING_OF_AGE.search(text) is not None
    reported = (
        sibling
        or ask.FOUND.search(text)
        or ("A" in text and (all(t.kind != "N" for t in line.tokens.values()) or _NEVER.search(text)))
    )
    if (
        not reported
        or not (ask.OUT_OF_SCHOOL.search(text) or _NEW_HERE.search(text))
        or not _is_child(text)
        or _NONE.search(text)
    ):
        return []
    if not sibling and "A" not in text and not _NEVER.search(text) and _of_the_register(line):
        return []
    if re.match(r"(?:想)?(?:咨询|请教|请问|问)(?:一?下|个事)?[,:]?", text):
        return []
    if (ask.LEDGER.search(text) or _ASKED_FOR.search(text)) and "A" not in text:
        return []
    if (
        (lex.ASKS_WHAT.search(text) and not lex.UNKNOWING.search(text))
        or re.search(r"[吗?]$|是不是|有没有", text)
        or lex.CONDITION.search(text)
    ):
        return []
    names = [m.span("name") for words in (_CALLED, _NAMED) for m in words.finditer(text)]
    names = sorted({span for span in names if not any(o != span and o[0] <= span[0] < o[1] for o in names)})
    if not names and not sibling:
        names = [(at, at + 1) for at, t in line.tokens.items() if t.kind in "NW"][:1]
    if not names:
        ages = [at for at, t in line.tokens.items() if t.kind == "A"] or [len(text)]
        if "AA" in text:
            ages = [len(text)]  # 九岁十岁: one child, whose age nobody knows
        return [(None, at, at + 1) for at in ages]
    first = max((p for p in range(names[0][0]) if text[p] == "。"), default=0)
    starts = [first] + [start for start, _ in names[1:]]
    return list(zip(names, starts, [*starts[1:], len(text)], strict=True))


def _of_the_register(line: Line) -> bool:
    """组里反映张三又没上学了: all who are named are pupils already."""
    named = [t for t in line.tokens.values() if t.kind in "NW"]
    return bool(named) and all(t.kind == "N" and not t.value.fuzzy for t in named)


_WITHOUT_KIN = re.compile(
    r"^(?:(?:隔壁|邻居|旁边)家?的?|丫头|小子|[男女细]?(?:妹子|妹仔|娃儿?)|[男女]仔|(?:姓名|名叫|名字)[是叫为]?|(?:他|她)的?[大小堂表]?(?:弟弟?|妹妹?|哥哥?|姐姐?))(?=..)"
)


def _is_child(text: str) -> bool:
    return (
        re.search(
            r"A|孩|娃|童|女仔|男仔|细路|细佬|妹仔|细妹|小妹|伢|崽|丫头|小子|妹子|儿子|女儿|失学|辍学|没上学|未入学|从没|没读",
            text,
        )
        is not None
    )


def _child(line: Line, even: Text, name: tuple[int, int] | None, start: int, end: int) -> Draft:
    draft = Draft("found", spans={"action": (0, len(line.text))})
    written = even.body[slice(*line.body_span(*name))] if name else ""
    if name and not written.startswith("姓"):  # 姓杨 is nobody's name, and nobody of the register
        token = line.tokens.get(name[0])
        spelled = token.value.name if token and token.kind == "N" else written
        draft.put("name", _WITHOUT_KIN.sub("", spelled), *name)
    said = _AGE_ALONE.search(even.body)
    if not describe(draft, line, (start, end), start if name else 0) and said:
        draft.slots["age"] = int(said[1])
    return draft


def describe(draft: Draft, line: Line, told: tuple[int, int], at: int = 0) -> bool:
    """Puts where a found child lives and how old it is; whether an age is told in that region of the line."""
    ages = [(at, t) for at, t in line.tokens.items() if t.kind == "A" and (told[0] <= at < told[1])]
    if ages:
        draft.put("age", ages[0][1].value, ages[0][0], ages[0][0] + 1)
    place = _PLACE.search(line.text, at) or _PLACE.search(line.text)
    if place:
        group = "place" if place["place"] else "place2"
        draft.put("place", place[group], *place.span(group))
    return bool(ages)


def newcomers(part: Part, told: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """A transfer from elsewhere: its pupils may be in no register yet."""
    if not any(e.kind == "transfer_in" and not e.no for c in told for e in events_of(c, line)):
        return []
    drafts = records(Part(part.names, told), line, setting)
    return [d for d in drafts if d.action in ("transfer_in", "clarify", "case")][:1]
