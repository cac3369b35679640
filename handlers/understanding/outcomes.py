"""What came of a visit or a contact: agreed, refused, nobody there, away, ill, back, in hardship."""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Line
from handlers.understanding.comings import COMES_YET
from handlers.understanding.events import Event
from handlers.understanding.lexicon_names import KIN

_ELDERS = rf"(?:{KIN}|父母|大人|弟弟|妹妹|邻居|我)"
_ELDER_AWAY = re.compile(
    rf"{_ELDERS}(?:们|都|全|均|也|在|一直|长期|常年|双双|两个|都是|是|D|已经?|又|还|去|出|就|亲|外出|外地|外|常|在外|辍学|退学|(?:去|到|上|在|下|跑|进)了?[^,NKDW]{{1,4}})*$"
)
_TAKEN = re.compile(r"跟|随|和|带|接|一起|全家|一家|送(?!教)|被|同")
_ELDER_ILL = re.compile(
    r"(?:奶奶|爷爷|男人|老公|当家的|婆娘|爸爸?|妈妈?|父亲|母亲|爹|娘|老汉儿?|[他她]大|外公|外婆|姥姥|姥爷|娭毑|嗲嗲|阿公|阿婆|家里?人?|家长|老人|弟弟|妹妹|哥哥|姐姐|公公|婆婆|伯父|叔叔|他爸|他妈|她爸|她妈)(?:(?!说|讲|带|陪|送|接|电话|替|帮|请|来|反映|告|称|微信|短信|回|表示|发信|发微|发消|打|跟|知道)[^,N他她孩娃:]){0,8}$"
)


@lru_cache(maxsize=512)
def outcome_of(text: str, ahead: frozenset[int] = frozenset()) -> tuple[str, tuple[int, int]]:
    """What came of a talk, and which piece of the text says so; ``contradiction`` where it says two things at once.

    ``ahead`` are the places of days to come: nobody has returned on one.
    """
    will = _will_of(text)
    if will[0] == "contradiction":
        return will
    returned = _first(lex.RETURNED, text, lambda whole, m: _hoped(whole, m) or _on_a_coming_day(whole, m, ahead))
    if returned and will[0] != "refused" and COMES_YET.match(text, returned[1]):
        return "agreed", returned  # 劝回来了,明天来上课
    if returned and will[0] != "refused" and _NOT_SEEN_THERE.match(text, returned[1]):
        return "contradiction", returned
    if returned and will[0] != "refused":
        return "returned", returned
    if will[0]:
        return will
    for name, words, other in (
        ("ill", lex.ILL, elder_ill),
        ("hardship", lex.CANNOT_PAY, _paid_elsewhere),
        ("away", lex.AWAY, _not_away),
        ("hardship", lex.HARDSHIP, None),
    ):
        span = _first(words, text, other)
        if span and name == "away" and (brought := _FAMILY_BRINGS.search(text, span[1])):
            return "agreed", brought.span()
        if span:
            return name, span
    leaving = _first(lex.AWAY, text, lambda whole, m: _elder_away(whole, m) or _FOR_A_CURE.match(whole, m.end()))
    if leaving:
        return "refused", leaving
    coming = _first(
        lex.COMING,
        text,
        lambda whole, m: _own_plan(whole, m) or any(w.match(whole, m.end()) for w in (_BROKEN, _MERE_WORD, _CANNOT)),
    )
    nobody = _first(lex.NOBODY, text, _reached_after_all)
    if coming and (not nobody or re.search(r"说|讲|表示|同意", text[nobody[0] : coming[0]])):
        return "agreed", coming
    return ("nobody", nobody) if nobody else ("other", (0, 0))


def without_absences(event: Event, others: list[Event], line: Line, region: tuple[int, int]) -> str:
    """两天没见人影,微信跟他爸说了: who has not been seen at school is not who could not be reached."""
    text = list(line.text[slice(*region)])
    for missed in (o for o in others if o.kind == "absence" and region[0] <= o.start and o.end <= event.start):
        text[missed.start - region[0] : missed.end - region[0]] = "·" * (missed.end - missed.start)
    return "".join(text)


_FAMILY_BRINGS = re.compile(
    rf"D(?:一早|早上|上午|下午|中午)*(?:他|她)?的?[大小二三]?(?:{KIN})(?:亲自|会|就)*(?:领|带|送|接)(?:他|她)?(?:回?来|回去|去学校)(?!了)"
)  # 找着了,在他表哥店里,明天他表哥领来
_NOT_SEEN_THERE = re.compile(
    r"[^。N]{0,12}?(?:没(?:有)?(?:见|看[见到]|接到|等到)[着到]?(?:人|他|她)?|不见(?:人|了)|又(?:跑|溜|走)(?:了|掉|回))"
)  # 送到学校去了,学校说没见到人
_NOT_SEEN_YET = re.compile(r"(?:到|至)(?:现在|今|D)(?:为止)?(?:也|都|还)?$")


def not_seen_there(text: str) -> bool:
    """Whether somebody was brought to school, and was not seen there or ran again: what holds, only the writer knows."""
    return any(_NOT_SEEN_THERE.match(text, m.end()) and not _hoped(text, m) for m in lex.RETURNED.finditer(text))


def _reached_after_all(text: str, match: re.Match[str]) -> bool:
    """爸爸打不通,妈妈接了: somebody was spoken to. 他爸说送他来,到现在没见人: it is the pupil who was not seen."""
    if "见" in match.group() and _NOT_SEEN_YET.search(text[: match.start()]):
        return True
    if match.group().endswith(("挂了", "挂断", "挂掉")) and _HUNG_UP_AFTER.search(text[: match.end()]):
        return True
    return _ANSWERED.search(text, match.end()) is not None or _SEEN_AT_HOME.search(text[: match.start()]) is not None


_HUNG_UP_AFTER = re.compile(
    rf"(?:{KIN}|他|她)(?:只|就|也)?(?:说|讲|回|骂)了?(?!没空|没时间)[^,]{{1,14}}[,]?(?:就|又|然后|把电话|直接)+挂(?:了|断|掉)$"
)  # 她妈说晚点再讲就挂了: somebody answered


def _paid_elsewhere(text: str, match: re.Match[str]) -> bool:
    """Only where the pupil works at home: who has gone away is away, whatever for."""
    away = [m for m in lex.AWAY.finditer(text) if not _not_away(text, m)]
    return any(not _AT_HOME.search(m.group()) for m in away)


_AT_HOME = re.compile(r"放|帮工|摆摊")
_SEEN_AT_HOME = re.compile(r"在家(?:里)?(?:带|照顾|照看|干活|睡|玩|看电视)")  # 在家带妹妹,家里没人照看
_ELDER_BACK = re.compile(
    rf"(?:{KIN})(?:也|都|刚|就)*D?(?:已经?|刚|就)*(?:回来|到校|来校|[到来]学校)了?$"
)  # 他爸昨天回来了
_ELDER_CAME = re.compile(
    rf"(?:{KIN})(?:也|都|刚)*D(?:也|都|刚|已经?|就)*回(?:来|家|到)?了?$"
)  # 他爸昨天回来了: who came was he
_FOR_A_CURE = re.compile(r"[^,]{0,3}(?:治|看病|看眼|看医|手术|检查|医院)")
_ANSWERED = re.compile(
    rf"[,。][^,没不]{{0,6}}(?:{KIN})[^,没不]{{0,4}}(?:接了|接到|接的|通了|在家)|[,。](?:[跟和与][^,]{{0,4}}(?:{KIN})[^,没不]{{0,2}}(?:谈|聊|说)|(?:{KIN})[说讲])"
)
_TOLD_TO = re.compile(
    r"(?:我们?|^|(?<=,)|(?<=通知)|(?<=[^,N]N))(?:也|都|已经?|又|再三)*(?:叫|让|喊|劝|催|要求|通知|叮嘱)(?:了)?(?:他|她|N|其|家长|爸爸?|妈妈?|爷爷?|奶奶?|孩子|娃)*$"
)  # 我叫她星期一去学校: what she was told, not what she promised
_ON_CONDITION = re.compile(r"(?:什么时候|啥时候|几时|等|要是|除非)[^,。]{0,4}$")  # 什么时候想通了什么时候来
_CANNOT = re.compile(r"不(?:了|成|到|得)")  # 明天来不了
_MERE_WORD = re.compile(
    r"了?(?:[个句一]|[两二三几]个字|[\":]|,(?:知道|晓得|嗯|哦|好吧))"
)  # 就回了个嗯: an answer, nobody who comes
_BROKEN = re.compile(
    r"[^,。]{0,8}?,?(?:但是?|可是?|就是|结果|却|到D|D|到?现在|至今)*(?:也|都|还|一直|仍|又)*(?:不见人|没(?:有)?(?:来|去|送|到|见)|不(?:来|去|送)(?!了))"
)  # 答应得好好的,就是不见人; 说10号送,到今天也没送


def _own_plan(text: str, match: re.Match[str]) -> bool:
    """明天再去一趟: what the writer will do, not what the family promises."""
    if _TOLD_TO.search(text[: match.start()]) or _ELDER_CAME.search(text[: match.end() + 1]):
        return True
    return (
        re.search(
            r"再(?:去|打|联系|跑)|我(?!(?:开车|亲自|去)?[带送接](?:他|她|N|孩子|娃)|们?(?:[说讲]|保证|答应|表示|承诺))",
            text[max(0, match.start() - 2) : match.end() + 2],
        )
        is not None
    )


_TO_QUIT = re.compile(
    rf"(?:不读|不念|打工|进厂|要学)[^。]{{0,10}},[^,。]{{0,3}}(?:{KIN}|家里)(?:也|都)?同意$"
)  # 不读了要学剃头,他家里同意
_NOT_SAID = r"(?:没|未)(?:有)?(?:明)?(?:说|讲|表态|表示|答复|回)(?:过|要|他|她|N|孩子)*$"  # 没说同意也没说不同意


def _will_of(text: str) -> tuple[str, tuple[int, int]]:
    """agreed or refused, whichever is said last; both without a turn between them contradict each other."""
    agreed = [
        m.span()
        for m in lex.AGREED.finditer(text)
        if not lex.NEGATION.search(text[: m.start()])
        and not re.search(rf"[不没未]$|{_NOT_SAID}", text[: m.start()])
        and not _BROKEN.match(text, m.end())
        and not _ON_CONDITION.search(text[: m.start()])
    ]
    refused = [
        m.span()
        for m in lex.REFUSED.finditer(text)
        if text[m.start() : m.start() + 1] != "不"
        or text[m.start() - 1 : m.start()] != text[m.start() + 1 : m.start() + 2]  # 肯不肯: a question, no refusal
        if not re.search(
            rf"{_NOT_SAID}|不是$|(?:医生|大夫)(?:也|又|说|讲|叫|交代|还|都)*$|没(?:有)?$|(?<!把)(?<!骂)(?:我们?|学校)(?:也|都)?$",
            text[: m.start()],
        )
        and not (_SIBLING.search(text[: m.start()]) and (agreed or re.match(r"不(?:读|念|上|去|想)|厌", m.group())))
    ]
    agreed = [a for a in agreed if not _TO_QUIT.search(text[: a[1]])]
    agreed = [a for a in agreed if not any(r[0] < a[1] and a[0] < r[1] for r in refused)]
    if not agreed or not refused:
        span = (agreed or refused or [(0, 0)])[-1]
        return ("agreed" if agreed else "refused" if refused else ""), span
    first, last = sorted((agreed[-1], refused[-1]))
    if text[first[1] : last[0]].strip("又也、, ") == "":
        return "contradiction", (first[0], last[1])
    return ("agreed" if last == agreed[-1] else "refused"), last


def _first(words: re.Pattern[str], text: str, other: object) -> tuple[int, int] | None:
    for match in words.finditer(text):
        if not callable(other) or not other(text, match):
            return match.span()
    return None


def _clause_before(text: str, match: re.Match[str]) -> str:
    return re.split(r"[,。?:\n()\" ]", text[: match.start()])[-1]


_ALREADY = re.compile(r"D(?:早上|上午|下午|晚上)?(?:就|才)$")


def _hoped(text: str, match: re.Match[str]) -> bool:
    before = _clause_before(text, match)
    if _SIBLING.search(before) or _ELDER_BACK.search(before + match.group()):
        return True
    if _ALREADY.search(before) and text.startswith("了", match.end()):
        return False  # 人昨天就送回学校了
    return lex.PROMISE.search(before) is not None or lex.NEGATION.search(before) is not None


def _on_a_coming_day(text: str, match: re.Match[str], ahead: frozenset[int]) -> bool:
    return any(at in ahead for at in range(match.start() - len(_clause_before(text, match)), match.start() + 1))


_MEANS_TO = re.compile(r"(?:打算|准备|要|想|让|叫|喊)(?:他|她|孩子|娃|D|先|跟着?|出去|去|早点|辍学|退学|休学)*$")


def _not_away(text: str, match: re.Match[str]) -> bool:
    """An elder is away, or the pupil only means to go: that one refuses school."""
    return (
        _elder_away(text, match)
        or _MEANS_TO.search(_clause_before(text, match)) is not None
        or re.match(r"[^,]{0,6}(?:算了|得了)", text[match.end() :]) is not None
    )


_ON_THE_WAY = re.compile(r"[^,N]{0,2}的?(?:路|途)[上中]")  # 去外婆家路上: where it happened, not where the pupil is
_SIBLING = re.compile(r"[他她N]的?(?:大|二|三|小|堂|表)?(?:哥哥?|姐姐?|弟弟?|妹妹?)(?:也|都|D|U|已经?|就|又|刚)*$")


def _elder_away(text: str, match: re.Match[str]) -> bool:
    before = _clause_before(text, match)
    if _ON_THE_WAY.match(text, match.end()):
        return True
    return lex.NEGATION.search(before) is not None or (
        _ELDER_AWAY.search(before) is not None and not _TAKEN.search(before + match.group())
    )


_WELL_AGAIN = re.compile(r"(?:病|了|现在|已经?|都|也|差不多|基本|完全|全)*(?:好|退|痊愈|康复|没事)了")  # 感冒好了


def elder_ill(text: str, match: re.Match[str]) -> bool:
    """Somebody of the family is ill, not the pupil; or the illness is denied."""
    before = _clause_before(text, match)
    if _WELL_AGAIN.match(text, match.end()):
        return True
    if re.match(rf"(?:了)?的(?:{KIN})", text[match.end() :]):
        return True
    return _ELDER_ILL.search(before) is not None or lex.NEGATION.search(before) is not None
