"""无需劝返 for a grave illness or disability: only on the expert group's opinion on deferment or suspension, with all papers (FJ-13).

A pupil who is being persuaded back and is to be suspended or deferred for such a reason stays in the ledger until the opinion is
there. 缓学休学材料 lists who is suspended or deferred for it, and which papers are missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casework.access import NAMED
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import REASONS, say_day
from casework.timeline import standing
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import Item, Listing, Part, seen
from handlers.naming import with_class
from handlers.placing import opinion_of
from handlers.reasons import reason_code

CLAUSES = {"FJ-13": ("check", "record")}
GRAVE = ("illness", "disability")
PERSUADED = ("suspected", "dropout")
REMARK = (
    "因病因残不再劝返的，要有专家组的缓学、休学意见〔依据 FJ-13〕。还没有意见，先记为待办，仍在台账，照常跟进。"
    "意见书样式请发：打印 {name} 专家组意见书；收到后请发：专家组 {name} 意见：同意休学或缓学，再报一次。"
)


def lacks_opinion(desk: Desk, action: str, slots: Mapping[str, Any], case: Case, facts: Sequence[Fact]) -> bool:
    """Whether a suspension or deferment would end the persuasion of a pupil on whom the expert group has not spoken yet."""
    if action not in ("suspend", "defer") or desk.unattended or case.state not in PERSUADED:
        return False
    rule = desk.world.policy.rule("expert_opinion", desk.today)
    if rule is None or not rule.clause.startswith("FJ"):  # Fujian's own clause, and Tong'an's after it
        return False
    reason = slots.get("reason")
    code = slots.get("reason_code") or (reason_code(str(reason)) if reason else case.reason_code)
    return code in GRAVE and opinion_of(facts) is None


def papers(desk: Desk) -> Listing:
    """Who is suspended or deferred for illness or disability, and what is missing of opinion, reason and kept papers."""
    left = [pupil for pupil, _ in desk.work.cases.among(desk.scope_of_group("disabled"), ("left",))]
    facts = desk.work.cases.facts_of([p.id for p in left])
    rows = [(p, fact, facts[p.id]) for p in left if (fact := _ground(facts.get(p.id, ())))]
    if not rows:
        return Listing("没有因病因残休学、缓学的学生。")
    kept = desk.work.evidence.of_facts([fact.id for _, fact, _ in rows])
    lines = [(_missing(fact, told, bool(kept.get(fact.id))), p, fact) for p, fact, told in rows]
    lines.sort(key=lambda line: (not line[0], line[1].name))
    items = [
        Item(f"{_said(desk, p, fact)}{'——缺' + '、'.join(missing) if missing else ''}", p.id)
        for missing, p, fact in lines
    ]
    short = sum(bool(missing) for missing, *_ in lines)
    then = "意见请发：专家组 某某 意见：内容；审批表、诊断证明请拍照发到这里，归到那次休学、缓学。"
    return Listing(f"因病因残休学、缓学{len(rows)}人，材料不齐{short}人：", [Part(items, counted="人")], then)


def _ground(told: Sequence[Fact]) -> Fact | None:
    """The suspension or deferment in force, when it is for illness or disability."""
    steps = [f for f in standing(told) if f.kind in (Kind.SUSPEND, Kind.DEFER, Kind.RETURN, Kind.TRANSFER_OUT)]
    last = next((f for f in reversed(steps) if not f.data.get("pending")), None)
    fine = last is not None and last.kind in (Kind.SUSPEND, Kind.DEFER) and last.data.get("reason_code") in GRAVE
    return last if fine else None


def _missing(fact: Fact, told: Sequence[Fact], papers_kept: bool) -> list[str]:
    wanted = [
        ("专家组意见", opinion_of(told) is not None),
        ("审批表和诊断证明", papers_kept),
        ("到哪天", bool(fact.data.get("until"))),
    ]
    return [word for word, there in wanted if not there]


def _said(desk: Desk, pupil: Pupil, fact: Fact) -> str:
    word = "休学" if fact.kind is Kind.SUSPEND else "缓学"
    return f"{with_class(desk, pupil)} {say_day(fact.on, desk.today)}起{word}，{REASONS[str(fact.data['reason_code'])]}"


def _listed(desk: Desk) -> Said:
    if not desk.reader.sees_group("disabled"):
        return Said("缓学休学材料由学校和县教育局查看。")
    return seen(desk, papers(desk), "list:exempt")


COMMANDS: tuple[Command, ...] = (
    command(
        "缓学休学材料",
        NAMED,
        lambda desk, _: _listed(desk),
        rf"{LOOK}{PLACE}(?:哪些)?(?:因病因残)?(?:的)?(?:缓学|休学)(?:[、和及]?(?:休学|缓学))?(?:学生)?(?:的)?(?:缺)?材料(?:清单|名单|齐不齐|缺什么)?[?？]?",
        rf"{LOOK}{PLACE}无需劝返(?:的)?(?:学生)?(?:名单|清单|材料)?[?？]?",
        asks=True,
    ),
)
