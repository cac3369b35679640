"""Words of coming that tell of no return: from elsewhere, of somebody else, late, refused, only promised."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.events import Event
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.moods import leans

_RETURN_OF_ANOTHER = re.compile(
    rf"(?:{KIN}|老师|K|邻居)(?:们|也|都|D|U|T|下午|上午|中午|早上|晚上|今早|已经?|刚|才|就|没|要|自己|打工|务工|出差|从[^,]{{1,6}}|在外|外地)*$"
)
_ELSEWHERE = re.compile(
    r"回来[^,。?N]{0,3}[,。]?[^,。?N]{0,3}(?:在|待|躲|住)(?:他|她|自己|我们?|D)?[^,。?N校学班课]{0,3}(?:网吧|家|屋|村|街|工地|外面|镇上|县城|亲戚)"
)
_CAME_HOME = re.compile(r"回来了?[^。N]{0,8}(?:到的?家|回到家|到家了)")  # 回来了昨晚到的家: home, not yet at school
_FROM_A_TRIP = re.compile(r"(?:从[^,NDR]{1,6}|扫墓|赶集|放学|走亲戚?|旅游|老家|医院|外婆家|网吧)$")
_LEARNS_ELSEWHERE = re.compile(
    r"在(?:新|别的|外面的?|那边的?|当地的?|县城的?|外地的?|另外?一?[个所]?|私立)[^,]{0,4}(?:学校|中学|小学)(?:里)?$|在(?!学校|校|班|教室|家|学|上|读|这|我)[^,NDRTU校班]{2,6}$"
)  # 在浙江上学了
_A_PAPER_COMES = re.compile(
    r"(?:函|信|材料|证明|表|单|消息|照片|文件|档案)(?:也|都|已经?|又|D)*(?:发|寄|传|转|送)过?$|(?:发|寄|传)[^,N来回到]{0,4}过?$"
)  # 那边学校发函过来了
_THE_OTHERS = re.compile(r"(?:其[余他它]|剩下|别的|余下|大家|全班|全体)[^,NW]{0,6}$")
_PROMISED_BEFORE = re.compile(lex.PROMISE.pattern)


def no_return(match: re.Match[str], clause: Clause, line: Line, found: list[Event]) -> bool:
    """A coming back from elsewhere or of somebody else, one late, refused or only promised."""
    text, before, words = clause.text, clause.text[: match.start()], match.group()
    missed = any(e.kind == "absence" and e.end - clause.start == match.start() for e in found)
    if (missed and words[0] not in "DU") or _NOT_SEEN_TO.search(before):
        return True  # 未到校报到; but 周二没来周三到了
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
    if words.startswith("回来") and re.search(r"从N(?:的)?[家屋]", before):
        return True  # 刚从张三家给他上完课回来: the writer
    if re.search(r"(?:D[、和跟]?){2,}(?:都|也)*$", before):
        return True  # 前天昨天都来了,今天没来: was there on those days
    if words == "在教室" and _UNLIKE_ANOTHER.search(line.text[: clause.start + match.end()]):
        return True  # 杜明辉没见人,杜明在教室: who was not missing
    if words == "回来" and re.match(r"(?:之后|以后|后)?(?:就|再|才)", text[match.end() :]):
        return True  # 挖虫草回来就送
    if before.endswith(("完", "完了")) and words.startswith(("就", "才", "再")) and "了" not in words:
        return True  # 收完就来
    if words.startswith("回来") and re.search(r"打工|务工|进厂|外出", before):
        return True  # 出去打工没三天又回来了: home
    if words.startswith("回来") and (_FROM_A_TRIP.search(before) or _ELSEWHERE.search(line.text, clause.start)):
        return True
    if words.startswith(("上学", "上课", "复学", "报到", "入学", "读书", "就读")) and _LEARNS_ELSEWHERE.search(before):
        return True
    if words.startswith(("过来", "来")) and _A_PAPER_COMES.search(before):
        return True
    return bool(
        _LATE.match(line.text, max(line.text.rfind("N", 0, clause.start + 1), 0))
        or _LATE.match(line.text, clause.start)
        or _THE_OTHERS.search(before)
        or _RETURN_OF_ANOTHER.search(before)
        or _promised(clause, match, line)
        or lex.REFUSED.search(text[max(0, match.start() - 2) : match.end()])
    )


_UNLIKE_ANOTHER = re.compile(r"N[^N。]*(?:没|未|缺|旷|不)[^N。]*[,。 ]N在教室$")
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
    r"[^。,N\n]*N?[^。,N\n]*(?:[来到]是[来到]了,?(?:就是|只是|不过)?[^,。N]{0,4}(?:晚|迟)|迟到|迟了|睡过头|L(?:才|快)|来得?(?:有点|比较|稍微)?[晚迟]|(?:来|到)?晚(?:到|来|了)了?(?=[HMLT]|半[节堂]|[一几十来]+分钟|一会|,?但))"
)  # came, but late: neither a return nor an absence
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
    done = match.group().endswith(("了", "啦", "的")) or _IS_DONE.match(after) is not None
    if _ABOUT_TO.search(before) and match.group()[0] in "来回返到":
        return True  # 又说要来了
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
        not (done and (m.group() in ("就", "才", "再", "通知") or _HAD_SOMEBODY_BRING.match(before, m.start())))
        for m in _PROMISED_BEFORE.finditer(before + match.group()[:1])
    ):
        return True
    return any(
        t.kind in "DR" and leans(t.value) > 0 and at < clause.start + match.start()
        for at, t in line.tokens.items()
        if clause.start <= at < clause.end
    )


_ABOUT_TO = re.compile(r"(?<!不)(?<!需)(?:要|快要?|马上|就要|准备)$")


_IS_DONE = re.compile(r"(?:念书?|读书?|上课|上学)?(?:了|啦|的)")
_HAD_SOMEBODY_BRING = re.compile(rf"让(?:他|她|N|孩子)?的?(?:{KIN})+(?:亲自|开车|给)*[送带领接]$")  # 让他姥爷送回来了


def _weekday_before(clause: Clause, match: re.Match[str], line: Line) -> bool:
    token = line.tokens.get(clause.start + match.start() - 1)
    return token is not None and token.kind == "D" and str(token.value.words)[:1] in "周星礼"
