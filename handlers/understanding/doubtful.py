"""What a sentence says besides may make a record of it doubtful: 收完稻子就来 is no return. It is asked about, never recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Line
from handlers.understanding.drafts import Draft

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


def sure(draft: Draft, line: Line) -> Draft:
    """The draft, or the question that stands for it."""
    action = "submit" if draft.slots.get("step") == "submit" else draft.action
    for actions, words, about in DOUBTS:
        if action in actions and words.search(line.text):
            return Draft("clarify", draft.names, {"about": about})
    return draft
