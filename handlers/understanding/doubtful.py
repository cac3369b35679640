"""What a sentence says besides may make a record of it doubtful: 收完稻子就来 is no return. It is asked about, never recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Line
from handlers.understanding.drafts import Draft
from handlers.understanding.events import TALKS
from handlers.understanding.lexicon_names import KIN

_AT_ALL = ("absence", "leave", "visit", "contact", "return", "teach")
DOUBTS: Sequence[tuple[tuple[str, ...], re.Pattern[str], str]] = (
    # 收完稻子就来, 拿了成绩单就来: that is still to come
    (("return",), re.compile(r"(?:完|好|毕|后|了)[^,。了]{1,6}?就(?:会|能)?(?:来|去|回来?|返校|到校|上学)(?!了|过)(?=$|[,。])"), "meaning"),
    # 定在周一返校: the day to come, not the last one of that name
    (("return",), re.compile(r"(?:定在|定于|定好|约在|约好|约定|说定|讲好|拟(?:于|在)?)[^,。]{0,2}D[^,。]{0,4}(?:返|回|来|到)"), "meaning"),
    # 没交给老陈
    (("assign",), re.compile(r"(?:没有?|未|不)(?:交|转|派|移交)给?"), "meaning"),
    # 不是张三连着3天没来: who it was is not said
    (("absence",), re.compile(r"不是N(?:连续?着?|一直|已经?)?T[^,。]{0,3}(?:没|缺|旷|不)"), "meaning"),
    # 给张三送教,家里没人; 下周再送2课时; 答应周一送来: no lesson was given
    (("teach",), lex.NOBODY, "meaning"),
    (("teach",), re.compile(r"(?:答应|同意|说好|约好|准备|打算|计划|再)[^,。]{0,4}送"), "meaning"),
    # 月报发我看一下再提交
    (("submit",), re.compile(r"(?:看|瞧|过目|核对?|核实|审)[^,。]{0,6}(?:再|后|才)[^,。]{0,2}(?:提?交|上?报)"), "meaning"),
    # 分别请假一天、两天、三天: whose is which
    (_AT_ALL, re.compile(r"(?:分别|各自)[^,。]{0,4}(?:T[^T。]{0,4}){2}"), "student"),
    # 缺勤:张三。家访:李四
    (("absence", "visit"), re.compile(r"^(?:缺勤|旷课)[: ]*N[N、,和 ]*[。,; ]+(?:家访|走访)[: ]*N"), "student"),
)  # fmt: skip
"""The actions, what of the masked line makes them doubtful, and what is then asked about."""


_OUTCOMES = (
    # 他爸明天从广东回来: the father, not the child; 他爸说明天回来 is another matter
    re.compile(
        rf"{KIN}(?:要|会|得|要到)?D(?:T|上午|下午|晚上|才|就|要|会)*(?:从[^,。]{{1,6}})?回(?:来|家|屋)(?!了|过|上学|读书|学校)(?![^。]*(?:送|同意|答应|保证|谈))"
    ),
    # 答应得好好的,就是不见人; 说10号送,到今天也没送; 答应了三次都没送来
    re.compile(
        r"(?:答应|同意|保证|说好|说[DT])[^。N不]{0,12}?(?:就是|还是|到D|至今|都|又|一直|结果|[DT]也)[^,。N]{0,3}?(?:(?:没|未)(?:有)?(?:送|来|见|到(?!位)|去|动静|影)|不见人)"
    ),
)
"""What leaves open how a talk or visit ended, though a word of it sounds like a promise."""


def _left_open(draft: Draft, line: Line) -> Draft:
    """The visit or talk without its outcome, which is then asked for; 昨天答应的,今天还是没来 was a promise yesterday."""
    promised = (draft.slots.get("outcome") == "agreed" or "return_on" in draft.slots) and "date" not in draft.slots
    if draft.action not in TALKS or not promised or not any(words.search(line.text) for words in _OUTCOMES):
        return draft
    kept = {slot: value for slot, value in draft.slots.items() if slot not in ("outcome", "return_on")}
    return Draft(draft.action, draft.names, {**kept, "outcome": "other"}, draft.spans)


def sure(draft: Draft, line: Line) -> Draft:
    """The draft, without what its words leave open, or the question that stands for it."""
    draft = _left_open(draft, line)
    action = "submit" if draft.slots.get("step") == "submit" else draft.action
    for actions, words, about in DOUBTS:
        if action in actions and words.search(line.text):
            return Draft("clarify", draft.names, {"about": about})
    return draft
