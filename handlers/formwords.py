"""A person's own words into a form, and the form finished: 张三 辍学报告书 监护人意见：…, 定稿 张三 辍学报告书.

Words fill what the records do not know; the last ones of a column stand (forms.md 0, rule 9). A visit's form takes them for
the latest visit (LC-33), any other for the absence that is open. A finished form is kept as it is, with its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from casework.access import ISSUERS, STAFF
from casework.facts import Fact, Kind
from casework.finals import final_of
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from handlers import nations, papers, wording
from handlers.answer import not_recorded
from handlers.command import NAME, ROOM, Command, command, one_of
from handlers.desk import Desk, Said, hand_for
from handlers.naming import one_pupil

CLAUSES = {"LC-33": ("record",)}
EXAMPLE = "张三 家访表 家庭情况：跟奶奶住，父母在外打工"
LONGEST = 2000  # characters of a column


def latest_visit(desk: Desk, pupil: Pupil) -> Fact | None:
    """The visit of which the visit's form speaks."""
    visits = [f for f in standing(desk.work.cases.facts(pupil.id)) if f.kind is Kind.VISIT]
    return max(visits, key=lambda f: (f.on, f.at), default=None)


def finished(desk: Desk, pupil: Pupil, paper: str) -> Fact | None:
    """The 定稿 of that form in force for those who write as the writer does: the school's, the township's, the bureau's."""
    facts, since = desk.work.cases.facts(pupil.id), desk.work.cases.case(pupil.id).since
    kinds = dict.fromkeys(ISSUERS[role] for role in desk.reader_of(pupil).roles)
    return next((fact for kind in kinds if (fact := final_of(facts, paper, kind, since))), None)


def write(desk: Desk, pupil: Pupil, paper: str, words: Mapping[str, str]) -> Said:
    """Keep these words, by the columns' names, for that form about the pupil."""
    known, title = desk.columns(paper), papers.FORM_TITLES[paper]
    if unknown := [name for name in words if name not in known]:
        labels = {slot: name for name, slot in reversed(list(known.items()))}
        return not_recorded(
            f"《{title}》里没有“{unknown[0]}”这一栏，没有写入。可以补填：{'、'.join(reversed(list(labels.values())))}。"
        )
    if done := finished(desk, pupil, paper):
        return not_recorded(
            f"{_say(desk, pupil, done)}，没有写入。要改请先发“撤销 {pupil.name}”撤销定稿；要另写一份请发：另起 {pupil.name} {title}。"
        )
    visit = latest_visit(desk, pupil) if paper == "home_visit" else None
    if paper == "home_visit" and visit is None:
        return not_recorded(
            f"还没有{pupil.name}的家访记录，没有写入。请先报家访，例如：家访 {pupil.name} 家长同意明天返校。"
        )
    if refused := too_long(words):
        return refused
    hand = hand_for(desk, pupil)
    facts, of = [], visit.id if visit else None
    for name, said in words.items():
        if known[name] == nations.SLOT:  # the same on every paper: kept in the register
            told = nations.of_one(desk, pupil, said)
            if len(words) == 1 or not told.text.startswith("已记"):
                return told
            continue
        note = f"{name}：{said.strip()}"
        facts.append(
            hand.fact(Kind.WORK, desk.today, pupil.id, what="form", paper=paper, slot=known[name], note=note, of=of)
        )
    desk.work.cases.append(facts)
    columns = "、".join(f"“{name}”" for name in words)
    if visit:
        day = say_day(visit.on, desk.today)
        return Said(f"已写入{pupil.name}{day}家访的记录表，{columns}一栏注明是您填的。{wording.UNDO_HINT}")
    return Said(
        f"已写入{pupil.name}的《{title}》{columns}一栏；记录里已有的数字和日期不改。填齐后请发：定稿 {pupil.name} {title}。{wording.UNDO_HINT}"
    )


def finish(desk: Desk, pupil: Pupil, paper: str) -> Said:
    """Ask for the form to be finished: done once it is made without a blank; what is missing is said instead."""
    title = papers.FORM_TITLES[paper]
    if done := finished(desk, pupil, paper):
        return Said(f"{_say(desk, pupil, done)}，不用再定。要打印请发：打印 {pupil.name} {title}。")
    desk.work.audit.note(desk.writer.id, "export", f"pupil:{pupil.id}", "chat")
    wanted = {"what": paper, "pupil": pupil.id, "final": desk.source}
    return Said(f"正在核对{pupil.name}的《{title}》：填齐了就定稿发给您，还缺什么会告诉您。", (wanted,))


def begin_anew(desk: Desk, pupil: Pupil, paper: str) -> Said:
    """Another draft of a form that is finished: a second letter in the same absence. The first one is kept, and no longer in
    force."""
    title, done = papers.FORM_TITLES[paper], finished(desk, pupil, paper)
    if done is None:
        return Said(f"{pupil.name}的《{title}》还没有定稿，不用另起。要草稿请发：打印 {pupil.name} {title}。")
    if done.on == desk.today:
        return Said(f"{_say(desk, pupil, done)}，今天不能另起。写错了请发“撤销 {pupil.name}”撤销定稿，改好再定。")
    desk.work.cases.append(
        [hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what="anew", paper=paper, note=title)]
    )
    desk.work.audit.note(desk.writer.id, "export", f"pupil:{pupil.id}", "chat")
    kept = f"{done.data['said']}{say_day(done.on, desk.today)}定稿的那一份仍在{pupil.name}的劝返材料里。"
    return Said(
        f"已另起一份《{title}》，草稿稍后作为文件发给您；{kept}改好请发：定稿 {pupil.name} {title}。{wording.UNDO_HINT}",
        ({"what": paper, "pupil": pupil.id},),
    )


def _say(desk: Desk, pupil: Pupil, done: Fact) -> str:
    return f"{pupil.name}的{done.data['said']}{say_day(done.on, desk.today)}已经定稿"


def fill(desk: Desk, pupil: Pupil, paper: str, text: str) -> Said:
    """The same from one text, column by column."""
    words = by_column(desk.columns(paper), text)
    if not words:
        return not_recorded("没有看到栏名，没有写入。请先写栏名再写内容，例如：监护人意见：同意返校。")
    return write(desk, pupil, paper, words)


def _written(desk: Desk, found: re.Match[str]) -> Said | None:
    paper = papers.FORM_BY_WORD[found["paper"]]
    known = desk.columns(paper)
    words = by_column(known, found["rest"])
    # That a notice was served, and what was said then, is a record of its own.
    if paper == "persuasion_notice" and not words.keys() <= known.keys():
        return None
    return _about(desk, found, EXAMPLE, lambda pupil: write(desk, pupil, paper, words))


def _about(desk: Desk, found: re.Match[str], example: str, do: Callable[[Pupil], Said]) -> Said | None:
    """Do it about the pupil that is named; None where no pupil within reach has that name."""
    if not desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"]):
        return None
    pupil = one_pupil(desk, found["name"], found["room"], example)
    return not_recorded(pupil) if isinstance(pupil, str) else do(pupil)


def _finish(desk: Desk, found: re.Match[str]) -> Said | None:
    paper = papers.FORM_BY_WORD[found["paper"]]
    return _about(desk, found, f"定稿 八年级3班张三 {found['paper']}", lambda pupil: finish(desk, pupil, paper))


def _anew(desk: Desk, found: re.Match[str]) -> Said | None:
    paper = papers.FORM_BY_WORD[found["paper"]]
    return _about(desk, found, f"另起 八年级3班张三 {found['paper']}", lambda pupil: begin_anew(desk, pupil, paper))


def by_column(known: Mapping[str, str], text: str) -> dict[str, str]:
    """``监护人意见：不同意；提请事项：请依法处理``: each column with its words."""
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    pieces = re.split(rf"(?:^|[；;。，,\s])\s*({names}){FILL}", f" {text}") if names else [text]
    if len(pieces) < 3 or pieces[0].strip():
        first = re.match(rf"(?s)(.+?){FILL}(.+)", text)
        return {first[1].strip()[:20]: first[2]} if first else {}
    return {name: words.strip("；;，, \n") for name, words in zip(pieces[1::2], pieces[2::2], strict=True)}


def too_long(words: Mapping[str, str]) -> Said | None:
    """The refusal of a column with more words than are kept: nothing is cut off."""
    for name, said in words.items():
        if len(said) > LONGEST:
            return not_recorded(f"“{name}”写了{len(said)}个字，最多{LONGEST}个字，没有写入。请删短一些再发。")
    return None


FILL = r"(?:一栏|这栏|栏)?\s*(?:请?(?:填写?|写上?|写成)\s*[:：]?|[:：])\s*"
_PAPER = rf"《?(?P<paper>{one_of(papers.FORM_BY_WORD)})》?"
_WHOSE = rf"{ROOM}{NAME}\s*(?:的|那?张)?{_PAPER}"
COMMANDS: tuple[Command, ...] = (
    command(
        EXAMPLE,
        STAFF,
        _written,
        rf"(?s)(?:补填\s*)?{_WHOSE}\s*的?(?P<rest>[\u4e00-\u9fff\d、（）]{{2,14}}?{FILL}.+)",
    ),
    command(
        "定稿 张三 辍学报告书",
        STAFF,
        _finish,
        rf"(?:请|帮我)*定稿[:：\s]*{_WHOSE}",
        rf"(?:请|帮我|把|将)*{_WHOSE}\s*(?:可以|已经?)?定稿(?:了|吧|一下)?",
    ),
    command(
        "另起 张三 劝学通知书", STAFF, _anew, rf"(?:请|帮我)*(?:另起|另写|另出|重新起草)(?:一[份张])?[:：\s]*{_WHOSE}"
    ),
)
