"""A message as actions: the one door from words to what is meant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import zip_longest

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.actions import CHAT_ALONE, Action, Calendar, NameIndex
from handlers.understanding.apart import shared_out, told_apart, told_both_ways
from handlers.understanding.attendance import counts_only
from handlers.understanding.clauses import CORRECTS, Clause, Line, Part, line_of, parts_of, same_pupil
from handlers.understanding.dates import COMING, PAST
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.found import found_children, newcomers
from handlers.understanding.mentions import find_mentions
from handlers.understanding.outcomes import not_seen_there
from handlers.understanding.reading import days_and_numbers
from handlers.understanding.records import records
from handlers.understanding.requests import put_wait, requests
from handlers.understanding.residue import turned
from handlers.understanding.second import second_thoughts, thought_over
from handlers.understanding.senses import TALKS, Event, events_of, mood_of
from handlers.understanding.settle import acted
from handlers.understanding.text import Text, normalise
from handlers.understanding.tidy import tidied

LONGEST_TEXT = 600  # characters; what is longer was pasted, and is asked about
_REPLACED = re.compile(
    r"(?:不是|并非|不算)(?P<wrong>N[N、和]*)[^N]{0,6}?[,]?(?:而?是|应该是|应是|改成|换成)N|(?P<wrong3>N)没(?:有)?(?:请假|请|来|旷课|缺勤|转学|休学),(?:而)?是(?=N[请没旷缺转休])|N[^N?]{0,12}?[,(]?(?:而)?不是(?P<wrong2>N(?=N[来到没请旷])|N[N、和]*(?=$|[,。()]))"
)
_MISREPORTED = re.compile(
    r"(?:报|说|记|登|写)的N[^,N]{0,6}(?:(?:不对|有误|错了?),?(?:应该?)?)?是N"
)  # 昨天报的李四缺勤是王小明
_EITHER = re.compile(
    r"N(?:还是|或者?|要么|要不就?是)N|N[^N。]{1,6},?还是N[^N。]{0,8}(?:来着|忘了|记不清|不记得|搞不清)|N[^N。]{1,12}[,。](?:不|不对|哦不),?(?:好像|可能|大概|应该|也许|怕)是N$"
    r"|N[^N。]{1,12}[,。](?:又|也|还)?(?:好像|可能|像|也许|说不定|也可能)(?:又|也)?是N|N(?:[、和跟与]?N)+(?:到底)?(?:是)?(?:哪个|谁)[^?]{0,6}(?:没看清|没注意|不清楚|不知道|不晓得)"
    r"|N(?:[、和跟与]?N)+(?:里头?|中|当中|其中|这?两个|之)*有一个(?=没|请|旷|缺|转|不|来|到)"
)


_DENIED_OF = re.compile(r"(?:其实|今天|D)?不是N(?:D|今天)?(?:旷课|缺勤|缺课|请假|没来)(?:的|啊|呀)?")  # who else?


def understand(
    text: str, role: str, now: dt.datetime, names: NameIndex, calendar: Calendar | None = None
) -> list[Action]:
    """The actions a message means, in its order; ``clarify`` where nothing may be written before asking, ``unknown`` where nothing is meant."""
    line, even = line_and_text(text, names, calendar)
    drafts = _at_a_glance(line, even)
    if drafts is None:
        lead, parts = parts_of(line)
        drafts = second_thoughts(_read(lead, parts, line, role, now), lead, parts, line, Setting(now, role))
    actions = [a for draft in drafts for a in acted(_not_ahead(draft, line, now), line, even)]
    return tidied(actions, now.date()) or [Action("unknown")]


def line_and_text(text: str, names: NameIndex, calendar: Calendar | None) -> tuple[Line, Text]:
    """A message as a line, with its names, days and numbers found, and the even text that it stands for."""
    even = normalise(text[:LONGEST_TEXT])
    mask, tokens = find_mentions(even.body, names, lambda body: days_and_numbers(body, calendar))
    return _meant(line_of(mask, tokens)), even


def _not_ahead(draft: Draft, line: Line, now: dt.datetime) -> Draft:
    """What would be of a day to come has not happened: it is asked about, never recorded."""
    ahead = str(draft.slots.get("date", "")) > now.date().isoformat() or _rather_coming(draft, line, now.date())
    if ahead and draft.action in ("absence", "visit", "contact", "return", "teach", "notice", "all_present"):
        return Draft("clarify", draft.names, {"about": "meaning"})
    return draft


_OF_A_MONTH = re.compile(r"[\d一二三十廿]+[号日]")
FAR, NEAR = dt.timedelta(days=20), dt.timedelta(days=7)


def _rather_coming(draft: Draft, line: Line, today: dt.date) -> bool:
    """13号返校, written on the 12th: as a past day it is a month ago, as a coming one tomorrow; which, the writer knows."""
    token = line.tokens.get(draft.spans.get("date", (-1, -1))[0])
    if not token or token.kind != "D" or not _OF_A_MONTH.fullmatch(token.value.words):
        return False
    past, coming = token.value.on(today, PAST), token.value.on(today, COMING)
    return bool(past and coming and today - past > FAR and coming - today <= NEAR) and draft.slots["date"] == str(past)


_FORWARDED = re.compile(r"\s*[\[【(（]\s*(?:转发?|截图|聊天记录)\s*[\]】)）]")
_MESSENGER = re.compile(
    r"(?:托|让|叫|请|通过|经|问)[^,N]{0,5}N(?=(?:去|帮忙|给|向)?(?:带话|带信|捎话|捎信|转告|转达|传话|带口信))"
)


_BYSTANDER = re.compile(
    r"(?<=听)N(?=说|讲)|N(?=(?:说|讲|告诉我?|反映)N)|(?<=被)N(?=[^,N]{0,3}(?:打|骂|欺|推|伤|咬|踢|撞|吓|气))"
    r"|(?<=[他她][哥姐弟妹])N(?=[^,N]{0,6}(?:说|讲|反映|告诉))|(?<=[哥姐弟妹]{2})N(?=[^,N]{0,6}(?:说|讲|反映|告诉))"
    r"|N(?=(?:D|U|T|已经?|亲自|开车|自己|早上|晚上|也|又)*(?:去|跑去)?把N(?:给)?(?:接|劝|送|带|找|拉|领|叫|喊))|(?<=N[跟与])N(?=(?:打架|吵架|闹矛盾|吵了?架)[^,N都]{0,4}(?:没来|不来|没到))"
)  # 张三说李四没来, 张三被李四打了没来: whose word or doing it is; not the pupil told of
_BESIDES = re.compile(
    r"(?<=[,。 ])(?:另外|此外|还有就是|再就是|其次)[,:]?(?=[NCDR])"
)  # a new matter, as after a full stop
_SAME_DAY_AGAIN = re.compile(r"(?<=[DR])\(D\)")  # 下周一(22日)
_TALKING_TO = re.compile(
    r"^(?:哎|唉|喂|那个|嗯)*(?:我)?(?:跟|给|和|向)(?:你|您|你们|大家|领导|老师|校长)(?:说|讲|报告|汇报)(?:一?下|个事|一声)?[啊哈哦嘛呀]?"
)  # 我跟你说啊: to whom the writer speaks
_HEARD_THAT = re.compile(
    r"(?P<words>(?:^|(?<=[,。]))(?:D|刚才?|今天)*(?:听[^,。NK]{0,6}[说讲摆]|据说|有人[说讲反映]+|同学们?[说讲反映]+|好像))[,:](?=N)"
)  # 听说,张三不读了
_NOT_THE_OTHER = re.compile(r"(?<=N)\((?:可|并)?不是N[^,。()N]{0,4}\)")  # 王子涵(不是王梓涵)没来
_LISTED = re.compile(r"(?<=N)\.(?=N)")  # 张三.李四没来
_STOP = re.compile(r"(?<![\da-z])\.(?![\da-z])")  # 张三没来.李四请假: what stands in no name ends a sentence
_NOTHING = "·"  # stands for words that are taken back
_NOT_THAT_DAY = re.compile(
    r"T(?:的)?(?:改|换)(?:成|为|到)?(?=T)|不是[DROT][^,。NDROT?]{0,8},?(?=(?:而|应该|应)?是[DROT])|(?<=[DROT]),?(?:而)?不是[DROT]"
)


def _meant(line: Line) -> Line:
    """托张三带话给李四: 张三 only carries the word. 不是18号没来,是17号: the 18th is not meant."""
    text = _MESSENGER.sub(lambda m: m.group()[:-1] + "K", line.text)
    text = _STOP.sub("。", _LISTED.sub("、", text))
    text = _TALKING_TO.sub(lambda m: _NOTHING * len(m.group()), text)
    text = _NOT_THE_OTHER.sub(lambda m: _NOTHING * len(m.group()), text)
    text = _BYSTANDER.sub("K", text)
    text = _HEARD_THAT.sub(lambda m: m["words"] + _NOTHING, text)
    text = _BESIDES.sub(lambda m: "。" * len(m.group()), text)
    text = _NOT_THAT_DAY.sub(lambda m: _NOTHING * len(m.group()), text)
    if text.startswith("NN,N") and same_pupil(line, 0, 1) and not same_pupil(line, 0, 3):
        text = _NOTHING * 2 + text[2:]  # 莫愁莫愁,童话劝回来了: said for its sound
    text = _SAME_DAY_AGAIN.sub(lambda m: _NOTHING * len(m.group()), text)
    tokens = {at: token for at, token in line.tokens.items() if text[at] != _NOTHING}
    return replace(line, text=text, tokens=tokens)


_UNDERSTOOD = re.compile(
    r"(?:好的?|嗯+|哦|行|可以|收到|知道了?)[,。 ]?(?:明白|收到|知道|好的)[了啦的]?[。]?"
)  # 明白 is a pupil too


def _at_a_glance(line: Line, even: Text) -> list[Draft] | None:
    """What is seen before anything is taken apart: errands about all, pasted words, signs alone, found children."""
    pupils = [at for at, t in line.tokens.items() if t.kind == "N"]
    if ask.BULK.search(line.text) or (lex.PASTED.search(line.text) and "N" in line.text):
        return [Draft("clarify", pupils, {"about": "meaning"})]
    if "N" in line.text and _FORWARDED.match(even.raw):
        return [Draft("clarify", pupils, {"about": "meaning"})]
    if re.fullmatch(r"[?\s]+", even.raw):
        return [Draft("help")]
    if (not even.body and even.raw.strip()) or _UNDERSTOOD.fullmatch(even.body):
        return [Draft("greet")]
    if ask.INJECTED.search(even.body) or (ask.ANNOUNCEMENT.search(line.text) and not re.search(r"[NW]", line.text)):
        return []
    children = found_children(line, even)
    if children and not any(c.slots for c in children) and not re.search(r"[个名位孩娃童生]", line.text):
        return [Draft("clarify", slots={"about": "student"})]  # 失学有户: nobody in particular
    return children or None


def _read(lead: list[Clause], parts: list[Part], line: Line, role: str, now: dt.datetime) -> list[Draft]:
    """All drafts of a line."""
    setting = Setting(now, role)
    drafts = _leading(lead, line, setting, bool(parts))
    wrong = _replaced_names(line)
    either = _EITHER.search(line.text) or _MISREPORTED.search(line.text)
    if (either or _DENIED_OF.fullmatch(line.text)) and not drafts:
        return [Draft("clarify", [at for at, t in line.tokens.items() if t.kind == "N"], {"about": "student"})]
    given_up: list[Clause] = []
    if any(_which_is_which(part, line) for part in told_apart(parts, line)):
        return [Draft("clarify", [at for part in parts for at in part.names], {"about": "student"})]
    parts = told_apart(parts, line)
    if names := told_both_ways(parts, line):
        return [Draft("clarify", names, {"about": "meaning"})]
    parts = [one for told in parts for one in _last_alone(told, lead, line)]
    shared = [one for told in parts for one in shared_out(_corrected(told))]
    for part, following in zip_longest(shared, shared[1:]):
        if not setting.before and following and _only_counted(part, line) and _tells_absence(following, line):
            setting.before = [Draft("absence")]  # 刘洋3天,李明5天没来
        if set(part.names) <= wrong or (
            part is not parts[-1] and CORRECTS.fullmatch(re.sub("了$", "", part.clauses[-1].text) or "。")
        ):
            given_up += part.clauses
            continue
        right = Part([at for at in part.names if at not in wrong], part.clauses)
        if _takes_back(right, drafts):
            drafts = []
        setting.named_next = (
            following is not None and _NAMES_ALONE.fullmatch("".join(c.text for c in following.clauses)) is not None
        )
        made = _of_part(right, line, setting, drafts, lead, given_up)
        if len(shared) > 1 and not wrong and all(d.action == "clarify" for d in made):
            made = thought_over(made, right, line, setting)
        drafts += made
        if heads := [c for c in part.clauses[:1] if not c.own and c not in lead]:
            lead = heads  # 请假1人(张三),旷课2人(李四第3天、王五第1天): from here on the second head holds
    if wrong and not drafts:  # 错了,不是张三是李四: what is to be written of whom, only the writer knows
        return [Draft("clarify", [at for part in parts for at in part.names if at not in wrong], {"about": "meaning"})]
    if all(d.action == "return" for d in drafts):
        told = [*lead, *(c for part in parts for c in part.clauses)] if parts else []
        return [*_full_house(told, line, setting), *drafts]
    return [*_full_house_before(lead, drafts, line, setting), *drafts]


def _full_house_before(lead: list[Clause], drafts: list[Draft], line: Line, setting: Setting) -> list[Draft]:
    """昨天全到,今天张三没来: all were there on a day of its own, and others are told of another day."""
    days = {d.slots.get("date") for d in drafts}
    full = [d for c in lead for d in _full_house([c], line, setting)] if None not in days else []
    return [d for d in full if d.slots.get("date") and d.slots["date"] not in days]


_KIND_OF_LEAVE = re.compile(r"(?:请)?[病事丧公]假?|请假|住院")


def _last_alone(part: Part, lead: list[Clause], line: Line) -> list[Part]:
    """今天缺3个:张三、李四、王五(病假): what stands in brackets is said of the last one alone."""
    told = part.clauses
    at = next((i for i, c in enumerate(told) if c.sign == "("), len(told))
    if (
        len(part.names) < 2
        or at + 1 >= len(told)
        or not all(re.fullmatch(r"[N、和C]*", c.text) for c in told[: at + 1])
        or not _KIND_OF_LEAVE.fullmatch(told[at + 1].text)
        or not any(e.kind == "absence" for c in lead for e in events_of(c, line))
    ):
        return [part]
    last, named = part.names[-1], told[at]
    head = replace(named, end=last, text=named.text[: last - named.start], sign="")
    own = replace(named, start=last, text=named.text[last - named.start :])
    return [Part(part.names[:-1], [*told[:at], head]), Part([last], [own, *told[at + 1 :]])]


def _which_is_which(part: Part, line: Line) -> bool:
    """两兄弟一个转走了,一个还在: which of them is the one, nobody can tell; of visits it is the order of going."""
    told = [one for one in shared_out(part) if len(one.names) == 1] if len(part.names) > 1 else []
    if any(re.match(r"前者|后者", c.text) for one in told for c in one.clauses):
        return False
    return any(e.kind not in TALKS for one in told for c in one.clauses for e in events_of(c, line))


def _only_counted(part: Part, line: Line) -> bool:
    return counts_only(part.clauses[0]) and any(tokens_in(line, c, "OT") for c in part.clauses)


def _tells_absence(part: Part, line: Line) -> bool:
    return any(e.kind == "absence" and not e.no for c in part.clauses for e in events_of(c, line))


_ITS_TIME = re.compile(
    r"N[N、和]*(?:的|则|就|也|家|那个|提醒)*(?:等|过|再过|到|推到|推|缓|延|停|压|放)?[DTH](?:之?后|以后|钟后)?(?:再[讲说]|再提醒|提醒|再发|发|再提|再叫|叫我?)?"
)  # 张三十天后再提醒,李四周五
_ONE_EACH = re.compile(r"(?:一|1)(?:个|名|位)(?!(?:就|叫|名)?是?N)[^。]*?(?:一|1)(?:个|名|位)(?!(?:就|叫|名)?是?N)")
_SAID_BEFORE = re.compile(
    r"^(?:D|U|T|我|刚刚?|刚才|之前|前面|早上|上午|上次)*(?:说|报|记|登记|写)(?:的|了|过)?N[^,]*,"
    r"(?:[^,]*(?:其实|实际|原来|补(?:请|办|交|假|了))|(?:他|她|人|N|现在|后来|已经?|又|也)*(?:来了|到了|来上课|到校|请了?假|请了?T))"
)
_SAID_TO_BE = re.compile(
    r"^(?:D|T|我|刚刚?|刚才|之前|前面)*N(?:被?我)?(?:写|报|记|登|说|填)成[^,]*,(?:其实|实际|应该?|实为)"
)
_OWN_ERROR = re.compile(r"(?:是|属|报|记|写|弄|搞)(?:的)?(?:错的?|错误)了?$")


_OF_A_RECORD = re.compile(r"(?:那|这|上)一?条|的记录")  # 昨天那条缺勤记错了: what is to be taken back


def _corrected(part: Part) -> Part:
    """没来(更正:来了): what stands before the correction is not meant."""
    for at, clause in enumerate(part.clauses):
        if at and CORRECTS.match(clause.text) and (len(part.clauses) > at + 1 or len(clause.text) > 6):
            return Part(part.names, [_past_correction(c) for c in part.clauses[at:]])
        if (
            (_OWN_ERROR.search(clause.text) and not _OF_A_RECORD.search(clause.text))
            or _SAID_TO_BE.match(clause.text + "," + "".join(c.text for c in part.clauses[at + 1 : at + 2]))
            or _SAID_BEFORE.search(clause.text + "," + "".join(c.text for c in part.clauses[at + 1 : at + 2]))
        ) and len(part.clauses) > at + 1:
            return Part(part.names, [_past_correction(c) for c in part.clauses[at + 1 :]])
    return part


_RATHER = re.compile(r"(?:应该?|其实|实际)是?(?=.{2})")


def _past_correction(clause: Clause) -> Clause:
    """Without the 不对 or 应该是 at its head."""
    match = CORRECTS.match(clause.text) or _RATHER.match(clause.text)
    return replace(clause, text=clause.text[match.end() :], start=clause.start + match.end()) if match else clause


def _takes_back(part: Part, drafts: list[Draft]) -> bool:
    """张三没来,说错了,是李四: the record before it in the same message is not made at all."""
    first = part.clauses[0].text if part.clauses else ""
    return any(d.names for d in drafts) and CORRECTS.match(first) is not None


def _full_house(clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """今天班会讲江山多娇,全班到齐: a pupil's name beside it changes nothing, nor does one who is back."""
    for clause in clauses:
        if not clause.own and re.search(
            r"^(?=.*[全都均齐\d])(?:我们?班|其实|全班|全体|全校|人员?|学生|今天|D|\d+(?:个|人|名)(?:学生|同学)?)*(?:都|全部?|均)?(?:到齐|来齐|齐|全勤|到校|(?<=全)[到来在])(?:了|啦|的)?$",
            clause.text,
        ):
            return [
                Draft("all_present", slots=dict(_day_slot(line, setting)), spans={"action": (clause.start, clause.end)})
            ]
    return []


def _replaced_names(line: Line) -> set[int]:
    """Places of the pupils that 不是A是B takes back."""
    out: set[int] = set()
    for match in _REPLACED.finditer(line.text):
        group = next(name for name, one in match.groupdict().items() if one)
        out |= {at for at in range(*match.span(group)) if line.text[at] == "N"}
    return out


def _leading(lead: list[Clause], line: Line, setting: Setting, named: bool) -> list[Draft]:
    """What is asked or told before any pupil is named."""
    drafts: list[Draft] = []
    told: list[Clause] = []
    for clause in lead:
        found = requests(clause, line, setting.now, drafts)
        if found and not (named and _LIST_HEAD.fullmatch(clause.text)):
            drafts += [d for d in found if d.action]
        else:
            told.append(clause)
    for clause in told:
        days = [d for d in tokens_in(line, clause, "D") if d[1].value.lean <= 0]
        if days and not re.search(r"不算|除外", clause.text):
            setting.day = (days[-1][0], days[-1][0] + 1)
        for event in events_of(clause, line):
            if event.kind in TALKS:
                setting.talk = event
    present = [] if any(d.action == "help" for d in drafts) else _all_present(told, line, setting)
    if present:
        return drafts + present
    return drafts + ([] if named or drafts else _nobody_named(told, line))


_LIST_HEAD = re.compile(
    r"D?(?:缺勤|旷课|缺课|请假|病假|事假|未到校?|返校)(?:学生)?名单"
)  # 缺勤名单 张三 李四: no question


def _all_present(told: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    text = line.text
    counts = ask.COUNTS.search(text)
    if counts and (counts["due"] or counts["due2"]) != (counts["here"] or counts["here2"]):
        return [] if any(c in text for c in "NW") else [Draft("clarify", slots={"about": "student"})]
    match = counts or ask.ALL_PRESENT.search(text)
    if (
        not match
        or any(c in text for c in "NW")
        or re.search(r"适龄|摸底|摸排|全[村镇乡县]", text)  # of a village, not of a class
        or any(mood_of(c, line) for c in told)
        or re.search(r"家长|会议|老师|开会|作业|材料|干部", text)
    ):
        return []
    if lex.NEGATION.search(text[: match.start()]) or re.search(
        r"[吗么没?]$|其余|其他|(?<!没)(?<!没得)(?<!没有)(?<!都)(?<!全)(?<!齐)(?:缺|旷|来|到|请)[^,]?[勤课假]?的", text
    ):
        return []
    if len(text) < 3 and not re.search(r"[全齐无零0]|没缺", text):
        return [Draft("clarify", slots={"about": "meaning"})]  # 都到: too little to write down a full house
    if _ALL_BUT.search(text, match.end()):
        return [Draft("clarify", slots={"about": "student"})]
    said = (ask.COUNTS, ask.ALL_PRESENT)
    own = [c for c in told if (c.start < match.end() and match.start() < c.end) or any(w.search(c.text) for w in said)]
    own += [c for c in told if _TOO.fullmatch(c.text) and c not in own]
    days = [(at, t) for c in own for at, t in tokens_in(line, c, "D") if t.value.lean <= 0] or [
        (at, t) for c in told for at, t in tokens_in(line, c, "D") if t.value.lean <= 0 and c.start < match.start()
    ]
    drafts = [Draft("all_present", spans={"action": match.span()}) for _ in range(max(1, len(days)))]
    for draft, (at, token) in zip(drafts, days, strict=False):
        put_day(draft, "date", at, token.value, setting.today, PAST)
    return drafts


_TOO = re.compile(r"D也(?:是|一样|同样)的?")  # 昨儿一个没少,今儿也是
_ALL_BUT = re.compile(r"(?:就|只|仅|还|单)(?:差|缺|少|剩)")  # 到齐,就差一个


def _nobody_named(told: list[Clause], line: Line) -> list[Draft]:
    """A record without a pupil is asked about; a greeting is one; anything else is not for the bot."""
    moods = [mood_of(c, line) for c in told]
    events = [e for c, mood in zip(told, moods, strict=True) if not mood for e in events_of(c, line)]
    if any(ask.GREET.search(c.text) for c in told) and not any(e.kind not in TALKS for e in events):
        return [Draft("greet")]
    if ask.OFFTOPIC.search(line.text):
        return []
    asked = [e for c, mood in zip(told, moods, strict=True) if mood == "whether" for e in events_of(c, line)]
    if asked and len(line.text) <= 14:
        return [Draft("clarify", slots={"about": "student"})]
    if not events and _TOLD_OF_ONE.search(line.text) and "" in moods:
        return [Draft("clarify", slots={"about": "student"})]
    if events and _about_a_pupil(told, events):
        return [Draft("clarify", slots={"about": "student"})]
    return []


_TOLD_OF_ONE = re.compile(
    r"^(?:他|她)的?(?:爸|妈|爹|娘|爷爷?|奶奶?|家长?|家里)(?:也|都|又|已经?|说)*(?:答应|同意|不肯|不愿|不同意)|(?:那|这)(?:个|一?家|一?户|孩子|娃儿?|学生)[^,。]{0,8}[,]?[^,。]{0,6}(?:不去了|不来了|答应|同意|反悔|变卦|不肯|不愿|不读|不念|打工|外出|没人在家|锁门|[又就](?:跑|溜|蹽|走)(?:了|回)|又?(?:不|没)(?:去|来)(?:学校|上学|读)|又?没影|又回家)"
)  # 上次那个答应来的又反悔了
_SOMEBODY = re.compile(
    r"他|她|娃|孩子|学生|同学|男生|女生|一个|两个|[一二两三四五六七八九\d](?:个|名|位|人|户|家)|那家|家长|这家|妹|崽|细佬|伢|仔|有人|的那个(?=又|也|还|没|D|今天)"
)


def _about_a_pupil(told: list[Clause], events: list[Event]) -> bool:
    text = ",".join(c.text for c in told)
    return _SOMEBODY.search(text) is not None or (
        len(text) <= 12 and any(e.kind not in ("contact", "mark") for e in events)
    )


def _reminder_too(part: Part, line: Line, setting: Setting, before: list[Draft]) -> list[Draft]:
    """张三十天后再提醒,李四周五: the reminder of the next pupil, with its own time."""
    if not before or before[-1].action != "snooze" or not _ITS_TIME.fullmatch("".join(c.text for c in part.clauses)):
        return []
    draft = Draft("snooze", part.names)
    for clause in part.clauses:
        put_wait(draft, clause, line, setting.now)
    return [draft] if draft.slots else []


_TO_ANOTHER = re.compile(
    r"N[N、和]*(?:的|则|就|家|那(?:个|户))*(?:交?给|归|由|让)(?P<to>[^,。N]{1,10}?)(?:去?(?:跟进|负责|跟|管|跑))?$"
)


def _assigned_too(part: Part, before: list[Draft]) -> list[Draft]:
    """甲的交给杨校长,乙的给妇联小马: whom the next pupil is given to."""
    told = part.clauses[0]
    match = _TO_ANOTHER.fullmatch(told.text) if before and before[-1].action == "assign" else None
    if not match or len(part.clauses) > 1:
        return []
    draft = Draft("assign", part.names)
    draft.put("to", match["to"], told.start + match.start("to"), told.start + match.end("to"))
    return [draft]


_NAMES_ALONE = re.compile(r"(?:还有|以及|另外)?[N、和]+的?(?:也要|也来一份|也)?")


def _form_waiting(part: Part, before: list[Draft]) -> list[Draft] | None:
    """打印家访表,张三的: the paper whose names come after it; 甲的家访表导一份,还有乙的: the same one again."""
    if _NAMES_ALONE.fullmatch("".join(c.text for c in part.clauses)) is None:
        return None
    forms = [d for d in before if d.action == "export" and d.slots["what"] in _FORMS]
    if forms and not forms[-1].names:
        forms[-1].names = part.names
        return []
    if forms and part.clauses[0].text.startswith(("还有", "以及", "另外")):
        return [Draft("export", part.names, dict(forms[-1].slots), dict(forms[-1].spans))]
    return None


def _of_part(
    part: Part, line: Line, setting: Setting, before: list[Draft], lead: list[Clause], given_up: list[Clause]
) -> list[Draft]:
    """Requests and records of one part, with its pupils; ``given_up`` is what was said of pupils taken back."""
    names = part.names
    carried = _reminder_too(part, line, setting, before) or _assigned_too(part, before)
    if carried:
        return carried
    if len(set(names)) > 1 and _ONE_EACH.search(",".join(c.text for c in part.clauses)):
        return [Draft("clarify", names, {"about": "student"})]  # which of them is the one, nobody can tell
    drafts: list[Draft] = []
    told: list[Clause] = []
    for clause in part.clauses:
        found = requests(clause, line, setting.now, before + drafts)
        if not found:
            told.append(clause)
        for draft in found:
            if draft.action in ("snooze", "assign", "case") or (
                draft.action == "export" and draft.slots["what"] in _FORMS
            ):
                draft.names = [] if draft.action == "export" and setting.named_next and not clause.own else names
            if draft.action == "snooze" and draft.slots.keys() <= CHAT_ALONE:
                told = _take_time(draft, told, line, setting)
            if draft.action:
                drafts.append(draft)
    if (form := _form_waiting(part, before)) is not None:
        return form
    made = newcomers(part, told, line, setting) or _recorded(
        names,
        told,
        line,
        setting,
        [] if drafts else [c for c in lead if _is_header(c, line) or _is_talk(c, lead, line) or _is_span(c)],
    )
    if not made and not drafts and given_up and not any("没" in c.text for c in part.clauses):
        made = records(Part(names, [*given_up, *part.clauses]), line, setting)
    made = [d if not turned(d, told, line) else Draft("clarify", slots={"about": "meaning"}) for d in made]
    if (made and _contradicted(made, told, line)) or _of_the_others(made, line):
        return [*drafts, Draft("clarify", names, {"about": "meaning"})]
    for draft in made:
        draft.names = names
    made = _without_answers_of_staff(made, drafts, told, line)
    made = [d for d in made if d.action != "return" or not _EXCEPT.search(line.text)]
    if not made and not drafts and _EXCEPT.search(line.text) and re.search(r"到|来|齐|勤", line.text):
        made = [Draft("absence", names, dict(_day_slot(line, setting)))]
    if not made and not drafts:
        made = _nothing_told(part, told, line, names, setting)
    _hand_on(setting, made, told, line)
    return drafts + made


def _without_answers_of_staff(made: list[Draft], asked: list[Draft], told: list[Clause], line: Line) -> list[Draft]:
    """老刘不用管了,改由老陈跟: where a case is handed over and no talk is named, nobody of the family has answered."""
    if not any(d.action == "assign" for d in asked) or any(e.kind in TALKS for c in told for e in events_of(c, line)):
        return made
    return [d for d in made if d.action not in TALKS]


def _contradicted(made: list[Draft], told: list[Clause], line: Line) -> bool:
    """没来上课,他在上课; 送到学校去了,学校说没见到人: what holds, only the writer knows."""
    if any(d.action == "absence" for d in made) and _SITS_THERE.search(",".join(c.text for c in told)):
        return True
    back = any(d.action == "return" or d.slots.get("outcome") == "returned" for d in made)
    return back and not_seen_there(line.text[told[0].start : told[-1].end])


def _of_the_others(made: list[Draft], line: Line) -> bool:
    """除了张三都没来, 除了张三,家访都做完了: told of all but the one who is named."""
    if _EXCEPT.search(line.text) and re.search(r"(?:都|全|均|全部)(?:没|未|缺|请|旷|不)", line.text):
        return True
    return _EXCEPT_ALONE.search(line.text) is not None and any(
        d.action not in ("absence", "clarify", "return") for d in made
    )


_SITS_THERE = re.compile(
    r",D?(?:他|她|人)?D?(?:现在|又|也|全天|一直|都)*在(?:上课|教室里?|学校|校|班上|班里|座位上)$"
    r"|^N(?:D|U|人|现在|正|也|都)*(?:(?:全天|一?整天|一直)都?在校?|T都在校?|在(?:教室|班|课堂|座位|校))[里上]?(?:上课|听课|坐着|自习|读书)?[, ]|(?:课[上堂]|上课(?:时候?)?)[^,没未]{0,2}表现"
)


def _recorded(names: list[int], told: list[Clause], line: Line, setting: Setting, header: list[Clause]) -> list[Draft]:
    """缺勤2人:张三(感冒)、李四: what stands at the head holds for each of whom nothing else is told."""
    own = any(not e.no for c in told for e in events_of(c, line))
    if own and header and all(_is_span(c) for c in header):
        return records(Part(names, header + told), line, setting)
    if header and told and _told_by_itself(header, told, line, own):
        header = []
    if own and header and any(e.kind == "return" for e in events_of(header[-1], line)):
        return records(Part(names, told), line, setting)  # 开学报到:张三没到: only what it is about
    if header and header[-1].sign == "," and told and all(re.fullmatch(r"[N、和C]*", c.text) for c in told):
        return records(Part(names, header), line, setting)  # 打了三次电话没人接,张三
    if told and told[0].sign == ":" and not told[0].own:
        return records(Part(names, told), line, setting)
    if header and not (own and header[-1].sign != ":"):
        return records(Part(names, header + told), line, setting)
    return records(Part(names, told), line, setting)


def _told_by_itself(header: list[Clause], told: list[Clause], line: Line, own: bool) -> bool:
    """缺勤:张三。李四昨天没来: what stands at the head of one sentence does not hold for another that tells its own."""
    between = line.text[header[-1].end + 1 : told[0].start]
    if re.search(r"[。\n]", between) and (own or header[-1].sign != ":"):
        return True
    if re.search(r"[^:,、(]{2,}:", between) and not lex.NOTICE_GIVEN.search(between):
        return True  # 请假:张三,旷课:李四,王五家访了
    if told[0].own and (
        lex.SAID.search(told[0].text)
        or ("N" in between and re.fullmatch(r"N(?:家访|走访|联系)(?:过)?了", told[0].text))
    ):
        return True  # 送教:张三2课时,李四他妈说不读了
    heads = {e.kind for e in events_of(header[-1], line)}
    if "mark" in heads and own:
        return True  # 留守儿童:张三、李四,单亲是王五
    kinds = {e.kind for c in told for e in events_of(c, line) if not e.no}
    if "return" in kinds and "absence" not in kinds and told[0].sign != "(":
        return "absence" in heads  # 缺勤:张三,李四今天来了
    return bool(kinds & {"absence", "leave", "return"}) and not heads & {"absence", "leave", "return"}


_GRAVE = re.compile(r"周岁|订婚|出嫁|嫁人|嫁给|结婚|怀孕|失踪|走失|走丢|拐|虐待|家暴|自杀|自残|轻生|割腕|欺负|霸凌|死")
_NOT_OURS = re.compile(r"N不(?:是|在|归|属于)(?:我们?|本|咱们?)(?:村|班|校|镇|县|组|社区|学校)")
_THERE_AFTER_ALL = re.compile(r"没(?:有)?(?:缺|旷)(?:勤|课)?$|来得?晚|晚(?:了|到)")
_EXCEPT = re.compile(
    r"除(?:了)?[^,]*?N(?:[、和]*N)*[^,]{0,10}(?:,|外|之外|以外)*(?:其[余他它]|别的|剩下|余下|另外的|全|都|均|大家)"
)
_EXCEPT_ALONE = re.compile(
    r"除(?:了|去|开)?(?:NC?|[、和跟与])+(?:[他她](?:们|家)?|[俩仨]|[两三四几]个?人?)?(?:以外|之外|外|家)?(?:[,都全均其别剩余]|$)|N(?:除外|不算|以外)[,都全均其]"
)  # 除了张三,家访都做完了: what is told is of the others
_FORMS = ("visit_form", "persuasion_record", "notice_form", "dropout_report_form")


_TO_GO_AGAIN = re.compile(r"(?:再|还|要|得|打算|准备)(?:要|得|去|到|跑|上|走)")


def _take_time(draft: Draft, told: list[Clause], line: Line, setting: Setting) -> list[Clause]:
    """后天我再去一趟,提醒我: the plan before it is no record, only when to remind."""
    for clause in told:
        days = [d for d in tokens_in(line, clause, "D") if d[1].value.lean >= 0]
        if days and (mood_of(clause, line) == "plan" or _TO_GO_AGAIN.search(clause.text)):
            put_day(draft, "until", days[-1][0], days[-1][1].value, setting.today, COMING)
            return [c for c in told if c is not clause]
    return told


def _day_slot(line: Line, setting: Setting) -> dict[str, str]:
    """The past day that the line names, as a slot."""
    days = [t.value.on(setting.today, PAST) for t in line.tokens.values() if t.kind == "D" and t.value.lean <= 0]
    return {"date": days[0].isoformat()} if days and days[0] else {}


def _is_talk(clause: Clause, lead: list[Clause], line: Line) -> bool:
    """The last thing told before a bare name, what came of it and all: 打了三次电话没人接,张三."""
    return (
        clause is lead[-1]
        and clause.sign == ","
        and re.fullmatch(r"[N、和C]+", line.text[clause.end + 1 :]) is not None
        and any(e.kind in TALKS for e in events_of(clause, line))
        and not mood_of(clause, line)
    )


def _is_span(clause: Clause) -> bool:
    """从周一到今天: before the names; whatever follows was on these days."""
    since = re.match(r"(?:从|自|打)[^,]*D|D(?:开始|起)$|(?:已经?|今天|都)*O了?$", clause.text)
    return ("R" in clause.text or since is not None) and counts_only(clause)


def _is_header(clause: Clause, line: Line) -> bool:
    """缺勤: before the names; what it says holds for all of them."""
    return "K" not in clause.text and any(
        e.kind
        in (
            "absence",
            "leave",
            "return",
            "dropout",
            "mark",
            "notice",
            "suspend",
            "defer",
            "teach",
            "transfer_in",
            "transfer_out",
        )
        for e in events_of(clause, line)
    )


def _nothing_told(part: Part, told: list[Clause], line: Line, names: list[int], setting: Setting) -> list[Draft]:
    text = ",".join(c.text for c in part.clauses)
    if re.search(
        r"N(?:的)?家(?:里)?(?:还|也)?(?:没|未)(?:有)?(?:去|走)|迟到|早退|来晚|踩着?(?:上课)?[铃点]|还是我来|我(?:自己)?来(?:跟|管|负责)?$|在(?:校|学校|班|教室)(?:里|上课)?$",
        text,
    ):
        return []
    if setting.before and _THERE_AFTER_ALL.search(text):
        return []  # told beside others: came late, or was not missing
    talked = setting.talk or any(d.action in TALKS for d in setting.before)
    if talked and names and part.clauses[0].own:  # one of several homes, and what was found there is not clear
        return [Draft("clarify", names, {"about": "meaning"})]
    bare = not re.sub(r"[NWCKDUTOR、,和 的了呢吧啊那这个\d]", "", text) or re.fullmatch(r"N家", text)
    told_of = any(words.search(text) for words in (lex.ILL, lex.AWAY, lex.HARDSHIP, lex.REFUSED, lex.AGREED))
    if "N" in text and (
        bare
        or told_of
        or _GRAVE.search(text)
        or _NOT_OURS.search(text)
        or (len(text) <= 30 and lex.OF_THE_FIELD.search(text) and not ask.OFFTOPIC.search(text))
    ):
        return [Draft("clarify", names, {"about": "meaning"})]
    return []


def _hand_on(setting: Setting, made: list[Draft], told: list[Clause], line: Line) -> None:
    """The kind of talk goes on to the next pupils; its day too where it was said of several homes before any name."""
    kinds = {d.action for d in made}
    for clause in told:
        for event in events_of(clause, line):
            if event.kind in TALKS and (event.kind in kinds or not kinds & set(TALKS)):
                setting.talk = event
                before = line.text[clause.start : event.end]
                days = [d for d in tokens_in(line, clause, "D") if d[0] < event.end and d[1].value.lean <= 0]
                if days and "N" not in before and "W" not in before:
                    setting.day = (days[0][0], days[0][0] + 1)
                elif days and (line.text[clause.start : days[0][0]].count("N") != 1):
                    setting.talk_day = (days[0][0], days[0][0] + 1)
    if made:
        setting.before = made
        setting.leaves += [d for d in made if d.action == "leave"]
