"""Questions in words: what must be known before something is recorded, and the choices there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.people import Pupil
from casework.terms import OUTCOMES, REASONS, say_day
from handlers.hand import Option, Question
from handlers.understanding.choices import choice_of, is_no, is_yes


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words; each option has a ``label`` and what choosing it means (see ``conversation``)."""

    text: str
    options: tuple[Mapping[str, Any], ...] = ()
    free: str = ""  # what a free answer gives: ``date``, or words that complete the message


def ask(question: Question, pupil: Pupil | None, today: dt.date) -> Asked:
    """A question of ``recording`` in words, with labels for its options."""
    name = pupil.name if pupil else "这名学生"
    options = tuple(_label(option, question, today) for option in question.options)
    free = "date" if question.kind in ("future", "no_school_day", "return_day") else ""
    return Asked(_SENTENCES[question.kind](name, question.data, today), options, free)


def choice(text: str, options: Sequence[Mapping[str, Any]]) -> int | None:
    """Which of the options a text chooses: by number, by words, by yes or no; None where it is none of them."""
    if not options:
        return None
    if len(options) == 1 and is_yes(text):
        return 0
    if len(options) <= 2 and options[0].get("yes"):
        if is_yes(text):
            return 0
        if is_no(text):
            return len(options) - 1
    return choice_of(text, [str(option["label"]) for option in options])


def _label(option: Option, question: Question, today: dt.date) -> Mapping[str, Any]:
    group, _, code = option.kind.partition(":")
    if group == "outcome":
        return {"label": OUTCOMES[code], "answers": dict(option.answers)}
    if group == "reason":
        return {"label": REASONS[code], "answers": dict(option.answers)}
    if option.kind == "stop":
        return {"label": "先不登记", "stop": True}
    if option.kind == "yes":
        return {"label": "是", "answers": dict(option.answers), "yes": True}
    if option.kind == "not_yet":
        return {"label": "还没到校，先不记", "stop": True}
    words = {
        "back_now": f"{_when(question.data.get('date'), today)}已经回到学校（住校）",
        "back_then": f"{_when(question.data.get('last'), today)}就到校上课了",
        "day_said": f"按第{question.data.get('said')}天更正",
        "day_kept": "按原记录继续",
        "since_opening": f"从开学{_when(question.data.get('opening'), today)}起（第{question.data.get('taught')}天）",
        "over_holidays": f"放假前就没来，从{_when(question.data.get('start'), today)}起（第{question.data.get('said')}天）",
        "papers_yes": "手续齐了，办结",
        "papers_no": "还没齐，先记为待办",
    }
    return {"label": words[option.kind], "answers": dict(option.answers)}


def _when(value: Any, today: dt.date) -> str:
    return say_day(dt.date.fromisoformat(str(value)), today) if value else ""


_SENTENCES: Mapping[str, Callable[[str, Mapping[str, Any], dt.date], str]] = {
    "future": lambda n, d, t: f"{_when(d['date'], t)}还没到，没有记录。到时再报，或请改日期再发一次。",
    "no_school_day": lambda n, d, t: f"{_when(d['date'], t)}不上课，没有记录{n}缺勤。请问是哪一天？",
    "days_missing": lambda n, d, t: (
        f"{d['year']}年的放假安排还没有录入，算不出{n}从哪天起缺勤，没有记录。请写开始的日期，例如：{n} {t.month}月{t.day}日起缺勤。"
    ),
    "day_differs": lambda n, d, t: (
        f"{n}：您说是第{d['said']}天（从{_when(d['start'], t)}算起），"
        + (
            f"原记录是第{d['day']}天（从{_when(d['since'], t)}算起）。按哪个？"
            if d.get("since")
            else "但期间有返校记录。按哪个？"
        )
    ),
    "over_holidays": lambda n, d, t: (
        f"您说{n}没来{d['said']}天，可{_when(d['opening'], t)}才开学，到今天只有{d['taught']}个上课日。从哪天算起？"
    ),
    "return_day": lambda n, d, t: f"{_when(d['date'], t)}不上课，{n}是哪天返校的？",
    "leave_backwards": lambda n, d, t: (
        f"{n}的请假到{_when(d['to'], t)}，早于开始的{_when(d['from'], t)}，没有记录。请写明从哪天到哪天。"
    ),
    "outcome": lambda n, d, t: f"{n}的联系（家访）结果是？",
    "reason": lambda n, d, t: f"{n}辍学的原因是？",
    "confirm_dropout": lambda n, d, t: (
        f"确认把{n}认定为辍学吗（{d.get('reason') or REASONS.get(str(d.get('code')), '原因未写明')}）？"
        "认定后列入辍学台账，当天要报县教育局和乡镇。"
    ),
    "papers": lambda n, d, t: (
        f"{n}{ {'suspend': '休学', 'defer': '缓学', 'transfer_out': '转出'}[d['kind']] }的手续齐了吗？"
        + {
            "suspend": "要有三步：监护人书面申请（附县级以上医院证明）、乡镇政府批准、县教育局备案。",
            "defer": "要有三步：监护人书面申请（附医院证明或专家意见）、乡镇政府批准、县教育局备案。",
            "transfer_out": "转出须有转学手续，并由接收学校确认已到校。",
        }[d["kind"]]
        + "没齐之前仍按缺勤计算。"
    ),
    "lessons": lambda n, d, t: f"给{n}送教了几课时（每课时30分钟）？请回课时数，例如：送教2课时。",
}
