"""What a line tells, of pupils that are letters in it: the drafts of its parts, thought over."""

from __future__ import annotations

import datetime as dt
import re
from itertools import zip_longest

from handlers.understanding.absences import counts_only
from handlers.understanding.actions import CHAT_ALONE
from handlers.understanding.apart import ONE_EACH, last_alone, shared_out, told_apart, told_both_ways, which_is_which
from handlers.understanding.carried_on import FORMS, NAMES_ALONE, assigned_too, form_waiting, reminder_too
from handlers.understanding.clauses import CORRECTS, Clause, Line, Part, parts_of
from handlers.understanding.contradictions import EXCEPT, all_but, contradicted, of_the_others
from handlers.understanding.corrections import (
    DENIED_OF,
    EITHER,
    MISREPORTED,
    corrected,
    replaced_names,
    taken_back,
    takes_back,
)
from handlers.understanding.dates import COMING
from handlers.understanding.doubtful import sure
from handlers.understanding.doubtful_days import certain
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.events import TALKS
from handlers.understanding.found import newcomers
from handlers.understanding.full_house import all_present, day_slot, full_house, full_house_before
from handlers.understanding.handed_on import hand_on
from handlers.understanding.heads import is_header, is_span, is_talk, recorded
from handlers.understanding.moods import mood_of
from handlers.understanding.not_understood import nobody_named, nothing_told
from handlers.understanding.records import records
from handlers.understanding.requests import requests
from handlers.understanding.residue import turned
from handlers.understanding.second import second_thoughts, thought_over
from handlers.understanding.senses import events_of
from handlers.understanding.waits import put_wait


def told(line: Line, role: str, today: dt.date, no_such: bool) -> list[Draft]:
    """All drafts of a line that was ``meant``; ``no_such`` is whether a day is named in it that there is not."""
    lead, parts = parts_of(line)
    drafts = second_thoughts(_read(lead, parts, line, role, today), lead, parts, line, Setting(today, role))
    return [certain(sure(draft, line), line, no_such, today) for draft in drafts]


def _read(lead: list[Clause], parts: list[Part], line: Line, role: str, today: dt.date) -> list[Draft]:
    """All drafts of a line."""
    setting = Setting(today, role)
    drafts = _leading(lead, line, setting, bool(parts))
    wrong = replaced_names(line)
    either = EITHER.search(line.text) or MISREPORTED.search(line.text)
    if (either or DENIED_OF.fullmatch(line.text)) and not drafts:
        return [Draft("clarify", [at for at, t in line.tokens.items() if t.kind == "N"], {"about": "student"})]
    given_up: list[Clause] = []
    if any(which_is_which(part, line) for part in told_apart(parts, line)):
        return [Draft("clarify", [at for part in parts for at in part.names], {"about": "student"})]
    if not wrong and taken_back(parts):
        return [Draft("clarify", [at for part in parts for at in part.names], {"about": "meaning"})]
    parts = told_apart(parts, line)
    if names := told_both_ways(parts, line):
        return [Draft("clarify", names, {"about": "meaning"})]
    parts = [one for told in parts for one in last_alone(told, lead, line)]
    shared = [one for told in parts for one in shared_out(corrected(told))]
    for part, following in zip_longest(shared, shared[1:]):
        if not setting.before and following and _only_counted(part, line) and _tells_absence(following, line):
            setting.before = [Draft("absence")]  # 刘洋3天,李明5天没来
        if set(part.names) <= wrong or (
            part is not parts[-1] and CORRECTS.fullmatch(re.sub("了$", "", part.clauses[-1].text) or "。")
        ):
            given_up += part.clauses
            continue
        right = Part([at for at in part.names if at not in wrong], part.clauses)
        if takes_back(right, drafts):
            drafts = []
        setting.named_next = (
            following is not None and NAMES_ALONE.fullmatch("".join(c.text for c in following.clauses)) is not None
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
        return [*full_house(told, line, setting), *drafts]
    return [*full_house_before(lead, drafts, line, setting), *drafts]


def _only_counted(part: Part, line: Line) -> bool:
    return counts_only(part.clauses[0]) and any(tokens_in(line, c, "OT") for c in part.clauses)


def _tells_absence(part: Part, line: Line) -> bool:
    return any(e.kind == "absence" and not e.no for c in part.clauses for e in events_of(c, line))


def _leading(lead: list[Clause], line: Line, setting: Setting, named: bool) -> list[Draft]:
    """What is asked or told before any pupil is named."""
    drafts: list[Draft] = []
    told: list[Clause] = []
    for clause in lead:
        found = requests(clause, line, setting.today, drafts)
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
    present = [] if any(d.action == "help" for d in drafts) else all_present(told, line, setting)
    if present:
        return drafts + present
    return drafts + ([] if named or drafts else nobody_named(told, line))


_LIST_HEAD = re.compile(
    r"D?(?:缺勤|旷课|缺课|请假|病假|事假|未到校?|返校)(?:学生)?名单"
)  # 缺勤名单 张三 李四: no question


def _of_part(
    part: Part, line: Line, setting: Setting, before: list[Draft], lead: list[Clause], given_up: list[Clause]
) -> list[Draft]:
    """Requests and records of one part, with its pupils; ``given_up`` is what was said of pupils taken back."""
    names = part.names
    carried = reminder_too(part, line, setting, before) or assigned_too(part, before)
    if carried:
        return carried
    if len(set(names)) > 1 and ONE_EACH.search(",".join(c.text for c in part.clauses)):
        return [Draft("clarify", names, {"about": "student"})]  # which of them is the one, nobody can tell
    drafts: list[Draft] = []
    told: list[Clause] = []
    for clause in part.clauses:
        found = requests(clause, line, setting.today, before + drafts)
        if not found:
            told.append(clause)
        for draft in found:
            if draft.action in ("snooze", "assign", "case") or (
                draft.action == "export" and draft.slots["what"] in FORMS
            ):
                draft.names = [] if draft.action == "export" and setting.named_next and not clause.own else names
            if draft.action == "snooze" and draft.slots.keys() <= CHAT_ALONE:
                told = _take_time(draft, told, line, setting)
            if draft.action:
                drafts.append(draft)
    if (form := form_waiting(part, before)) is not None:
        return form
    made = newcomers(part, told, line, setting) or recorded(
        names,
        told,
        line,
        setting,
        [] if drafts else [c for c in lead if is_header(c, line) or is_talk(c, lead, line) or is_span(c)],
    )
    if not made and not drafts and given_up and not any("没" in c.text for c in part.clauses):
        made = records(Part(names, [*given_up, *part.clauses]), line, setting)
    made = [d if not turned(d, told, line) else Draft("clarify", slots={"about": "meaning"}) for d in made]
    if (made and contradicted(made, told, line)) or of_the_others(made, line):
        return [*drafts, Draft("clarify", names, {"about": "meaning"})]
    for draft in made:
        draft.names = names
    made = _without_answers_of_staff(made, drafts, told, line)
    made = [d for d in made if d.action != "return" or not EXCEPT.search(line.text)]
    if not made and not drafts and all_but(line):
        made = [Draft("absence", names, dict(day_slot(line, setting)))]
    if not made and not drafts:
        made = nothing_told(part, told, line, names, setting)
    hand_on(setting, made, told, line)
    return drafts + made


def _without_answers_of_staff(made: list[Draft], asked: list[Draft], told: list[Clause], line: Line) -> list[Draft]:
    """老刘不用管了,改由老陈跟: where a case is handed over and no talk is named, nobody of the family has answered."""
    if not any(d.action == "assign" for d in asked) or any(e.kind in TALKS for c in told for e in events_of(c, line)):
        return made
    return [d for d in made if d.action not in TALKS]


_LATER_ON = re.compile(r"(?:再)?过[TH]|[TH](?:之|以)?后")  # 过三天我再去一趟,到时候喊我
_TO_GO_AGAIN = re.compile(r"(?:再|还|要|得|打算|准备)(?:要|得|去|到|跑|上|走)")


def _take_time(draft: Draft, told: list[Clause], line: Line, setting: Setting) -> list[Clause]:
    """后天我再去一趟,提醒我: the plan before it is no record, only when to remind."""
    for clause in told:
        days = [d for d in tokens_in(line, clause, "D") if d[1].value.lean >= 0]
        again = mood_of(clause, line) == "plan" or _TO_GO_AGAIN.search(clause.text)
        if again and days:
            put_day(draft, "until", days[-1][0], days[-1][1].value, setting.today, COMING)
            return [c for c in told if c is not clause]
        if again and _LATER_ON.search(clause.text):
            put_wait(draft, clause, line, setting.today)
            return [c for c in told if c is not clause]
    return told
