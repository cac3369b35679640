"""What papers about one pupil need beyond the register: photos, kept files, and words computed from the rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bot.papers.records import file_name, own_word
from casework.access import Reader
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import COUNTY, Pupil
from casework.policy import Rule
from casework.story import reach
from casework.terms import HELP, PLACEMENTS
from casework.timeline import standing
from casework.waiting import awaited
from handlers import filing, placing, resting
from reports.archive import Kept, folder_of
from reports.forbidden import withhold
from reports.inputs import Photo
from reports.templates.layouts import layouts
from reports.wording import say_date, say_groups, say_source
from storage.evidence import Folder, Piece
from storage.sealing import SealBroken
from storage.store import Work

# The duty behind a paper: its clause stands at the paper's foot.
RULE_OF = {
    "home_visit": "absence_visit", "persuasion_record": "persuasion_record", "persuasion_notice": "notice",
    "dropout_report": "dropout_report", "inquiry_letter": "inquiry_letter", "police_letter": "police_check",
    "expert_opinion": "expert_opinion", "platform_reply": "platform_reply", "return_support": "return_followup",
    "pupil_plan": "absence_plan", "teaching_handbook": "teach_month", "written_report": "outside_report",
    "minutes": "term_meetings", "pledge": "pledge", "circular": "circular", "comparison_minutes": "compare_lists",
    "dropout_roll": "dropout_notify",
}  # fmt: skip
MOST_PHOTOS = 6
OF_HELP = {
    "tutoring": "help_study",
    "aid": "aid",
    "pairing": "help_pairing",
}  # and the slot of each, where a form has one
OF_TEACHING, OF_PAPERS, OF_PERSUASION = 3, 6, 4  # folders of the archive (FN-10)
FOLDER_OF = {Kind.TEACH: OF_TEACHING, Kind.SUSPEND: OF_PAPERS, Kind.DEFER: OF_PAPERS, Kind.TRANSFER_OUT: OF_PAPERS}


def clause_of(work: Work, name: str) -> str:
    """The clause that asks for a paper in this county today; empty where no rule does."""
    rule = work.world.policy.rule(RULE_OF.get(name, ""), work.now.date()) if name in RULE_OF else None
    return rule.clause if rule else ""


def fields_of(work: Work, pupil: Pupil, case: Case, facts: Iterable[Fact], name: str = "") -> dict[str, str]:
    """Slots of the form of that name that follow from the records and the rules in force; what only a person knows is not
    here."""
    directory, today, policy = work.world.directory, work.now.date(), work.world.policy
    township = directory.at_level(pupil.village_id, "township") or directory.at_level(pupil.class_id, "township")
    kept = standing(facts)
    entered = reach(policy, "suspected_review", case.since, work.world.days_of(pupil.class_id)) if case.since else None
    report = policy.rule("dropout_report", today)
    found = {
        "return_place": directory.name_at(pupil.class_id, "school"),
        **_entry(work, pupil, case, kept),
        "family_kind": say_groups(pupil.groups),
        "listed_date": say_date(entered[0]) if entered and entered[0] <= today else "",
        "local_rule": say_source(entered[1].clause) if entered else "",
        # The day of service is not counted: handed over today, the last day is as many days on (forms.md 0, rule 4).
        "deadline_date": say_date(today + dt.timedelta(days=report.number("calendar_days"))) if report else "",
        "notice_until": _until(kept, report),
        **_helped(kept, case),
        "reported_on": _day_of(kept, "outside_report"),
        "next_followup": next(
            (say_date(d.due) for d in work.cases.duties(pupil=pupil.id) if d.rule == "return_followup"), ""
        ),
        "flagged_on": next((say_date(f.on) for f in reversed(kept) if f.kind is Kind.PLATFORM_FLAG), ""),
        "owner_school": _names(work, directory.holders("teacher", pupil.class_id or "", today)),
        "owner_township": _names(work, directory.holders("township", township, today)) if township else "",
        "reply_date": next(
            (say_date(d.due) for d in work.cases.duties(pupil=pupil.id) if d.rule == "police_check"), ""
        ),
    }
    if more := _OF_PAPER.get(name):
        found |= more(work, kept)
    return {slot: words for slot, words in found.items() if words}


def words_of(work: Work, facts: Iterable[Fact], case: Case) -> dict[str, dict[str, str]]:
    """What persons wrote for the forms of this absence, by paper and slot.

    A record says who wrote it; a letter does not.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in layouts()}
    for fact in standing(facts):
        paper, slot, said = own_word(fact) or ("", "", "")
        if not slot or paper not in layouts() or fact.data.get("of") or (case.since and fact.on < case.since):
            continue
        person = work.people.person(fact.by) if layouts()[paper].verb == "record" else None
        found[paper][slot] = f"{said}（{person.name}填）" if person else said
    return found


def scans_of(work: Work, facts: Iterable[Fact], case: Case) -> frozenset[str]:
    """The forms of this absence of which a signed scan was sent."""
    ours = {f.id: filing.paper_of(f) for f in standing(facts) if case.since is None or f.on >= case.since}
    pieces = work.evidence.of_facts([id for id, paper in ours.items() if paper])
    return frozenset(ours[id] for id, many in pieces.items() if any(piece.signed for piece in many))


def _entry(work: Work, pupil: Pupil, case: Case, facts: Sequence[Fact]) -> dict[str, str]:
    """The school where a child is to begin: the one that the county or the former school named, else the one it is in."""
    asked, directory = awaited(pupil, case, facts), work.world.directory
    receiver = str(asked.data["receiver"]) if asked else directory.at_level(pupil.class_id, "school")
    name = directory.units[receiver].name if receiver in directory.units else ""
    return {"receiving_school": name, "report_place": name}


def _of_teaching(work: Work, facts: Sequence[Fact]) -> dict[str, str]:
    """The booklet's plan in the words of 一人一案, on what it rests, and who teaches (FN-26, FN-29)."""
    plan, opinion, placed = placing.plan_of(facts), placing.opinion_of(facts), placing.placement_of(facts)
    taught_by = next((f for f in reversed(facts) if f.kind is Kind.PLACED and f.data.get("taught_by")), None)
    taught = dict.fromkeys(f.by for f in facts if f.kind is Kind.TEACH)
    basis = f"{say_date(opinion.on)}专家组意见" if opinion else ""
    if placed:
        basis += f"{'，' if basis else ''}{say_date(placed.on)}登记{PLACEMENTS[str(placed.data['way'])]}"
    found = {
        "ability": withhold(str(opinion.data["note"])) if opinion else "",
        "placement_basis": basis,
        "helper": str(taught_by.data.get("note", "")).removeprefix("由").removesuffix("送教")
        if taught_by
        else _names(work, taught),
    }
    return found | (_parts_of_plan(withhold(str(plan.data["note"]))) if plan else {})


_PLAN = {
    "长期目标": "goal_long", "学年目标": "goal_long", "短期目标": "goal_short", "学期目标": "goal_short", "目标": "goal_short",
    "教学内容": "teaching_plan", "内容": "teaching_plan", "方法": "teaching_plan", "康复训练": "training_plan",
    "生活训练": "training_plan", "康复": "training_plan", "安排": "term_plan", "计划": "term_plan",
}  # fmt: skip
_LABEL = re.compile(rf"(?:^|[，,。；;\n])\s*({'|'.join(sorted(_PLAN, key=len, reverse=True))})\s*[:：]")


def _parts_of_plan(note: str) -> dict[str, str]:
    """A plan's words under the headings that it names (短期目标：…；内容：…); what stands under none is the term's plan."""
    pieces = _LABEL.split(note)
    found = {"term_plan": pieces[0].strip("，,。；; ")}
    for label, words in zip(pieces[1::2], pieces[2::2], strict=True):
        slot = _PLAN[label]
        found[slot] = "；".join(filter(None, (found.get(slot, ""), words.strip("，,。；; "))))
    return found


def _of_platform(work: Work, facts: Sequence[Fact]) -> dict[str, str]:
    """What was found out about a flag, in the words of the 核查说明, by whom and when (FN-31)."""
    said = [f for f in facts if f.kind is Kind.DONE and f.data.get("rule") == "platform_reply" and f.data.get("note")]
    if not said:
        return {}
    person = work.people.person(said[-1].by)
    return {
        "finding": withhold(str(said[-1].data["note"])),
        "checked_on": say_date(said[-1].on),
        "checked_by": person.name if person else "",
    }


def _of_leaving(work: Work, facts: Sequence[Fact]) -> dict[str, str]:
    """The time applied for and the reason, of the suspension or deferment told last (XY-4)."""
    told = next((f for f in reversed(facts) if f.kind in resting.KINDS), None)
    if told is None:
        return {}
    end = say_date(resting.until(told))
    return {
        "apply_from": say_date(told.on),
        "apply_to_date": end,
        "remind_on": end,
        "condition_short": withhold(str(told.data.get("reason") or "")),
    }


def _of_referral(work: Work, facts: Sequence[Fact]) -> dict[str, str]:
    """To which department the pupil was referred last, and why (FN-22)."""
    told = next((f for f in reversed(facts) if f.kind is Kind.REFERRED), None)
    if told is None:
        return {}
    department = str(told.data.get("department") or "")
    county = work.world.directory.units[COUNTY].name
    known = department if department.endswith(("联", "局", "委")) else f"{department}部门"
    return {
        "addressee_unit": f"{county}{known}" if department else "",
        "difficulties": withhold(str(told.data.get("note") or "")),
    }


_OF_PAPER: Mapping[str, Callable[[Work, Sequence[Fact]], dict[str, str]]] = {
    "teaching_handbook": _of_teaching,
    "platform_reply": _of_platform,
    "referral": _of_referral,
    "deferral": _of_leaving,
    "suspension": _of_leaving,
}
"""Papers whose slots hold words of records that no other paper shows."""


def _helped(facts: Sequence[Fact], case: Case) -> dict[str, str]:
    """What was done for the pupil, in the words recorded; of an interview the day alone, of talks in confidence nothing."""
    given = [f for f in facts if f.kind is Kind.WORK and f.data.get("what") in OF_HELP]
    said = {
        slot: [str(f.data.get("note") or "") for f in given if f.data["what"] == what] for what, slot in OF_HELP.items()
    }
    interviews = [f.on for f in facts if f.kind is Kind.WORK and f.data.get("what") == "interview"]
    heard = [day for day in interviews if case.since is None or day >= case.since]
    support = "；".join(f"{HELP[str(f.data['what'])]}：{f.data.get('note') or ''}" for f in given)
    known = {slot: "；".join(notes) for slot, notes in said.items()}
    return {**known, "support": support, "edu_date": say_date(heard[-1]) if heard else ""}


def _until(facts: Sequence[Fact], report: Rule | None) -> str:
    """The last day of the notice served last: what was said, else as many days after it as the county's rule gives."""
    notice = next((f for f in reversed(facts) if f.kind is Kind.NOTICE), None)
    if notice is None or notice.data.get("until") or report is None:
        return ""
    return say_date(notice.on + dt.timedelta(days=report.number("calendar_days")))


def _day_of(facts: Sequence[Fact], rule: str) -> str:
    done = [f.on for f in facts if f.kind is Kind.DONE and f.data.get("rule") == rule]
    return say_date(done[-1]) if done else ""


def _names(work: Work, userids: Iterable[str]) -> str:
    return "、".join(person.name for userid in userids if (person := work.people.person(userid)))


def photos_of(work: Work, pupil: Pupil, facts: Iterable[Fact], files: Path) -> tuple[Photo, ...]:
    """The newest photos of the pupil's visits and lessons, for the forms that show them."""
    days = {f.id: f.on for f in standing(facts) if f.kind in (Kind.VISIT, Kind.TEACH, Kind.NOTICE)}
    pieces = [p for p in work.evidence.of_pupil(pupil.id) if p.kind == "image" and p.state == "kept" and p.fact in days]
    folder, shown = Folder(files, work.session.sealer), []
    for piece in pieces[-MOST_PHOTOS:]:
        content = _read(folder, piece)
        if content is not None:
            by = work.people.person(piece.by)
            taken = f"{days[piece.fact or '']:%Y-%m-%d}"
            shown.append(Photo(file_name(piece), content, taken, by.name if by else piece.by, piece.sha256 or ""))
    return tuple(shown)


def evidence_of(
    work: Work, pupil: Pupil, facts: Iterable[Fact], files: Path, reader: Reader
) -> tuple[list[Kept], list[str]]:  # fmt: skip
    """All photos and files of a pupil for the archive, each in its folder; and a sentence for each that is not there."""
    known = {f.id: f for f in standing(facts)}
    folder, kept, missing = Folder(files, work.session.sealer), [], []
    for piece in work.evidence.of_pupil(pupil.id):
        content = _read(folder, piece) if piece.state == "kept" else None
        if content is None:
            missing.append(
                f"{piece.at:%Y-%m-%d}发来的{'照片' if piece.kind == 'image' else '文件'}（没有取到，请补传）"
            )
            continue
        fact = known.get(piece.fact or "")
        if piece.kind == "final":
            if fact is not None and may_see(work, pupil, fact, reader):  # not taken back
                kept.append(Kept(folder_of(str(fact.data["paper"])), final_name(fact, pupil.name), content))
            continue
        kind = fact.kind if fact else None
        kept.append(Kept(FOLDER_OF.get(kind, OF_PERSUASION) if kind else OF_PERSUASION, file_name(piece), content))
    return kept, missing


def may_see(work: Work, pupil: Pupil, fact: Fact, reader: Reader) -> bool:
    """Whether whoever finished a form (``fact``) saw nothing of the child that this reader may not see."""
    maker, details = Reader(frozenset(fact.data["roles"])), work.people.details(pupil.id)
    shown = set(maker.shown(details).items()) <= set(reader.shown(details).items())
    return shown and maker.groups(pupil.groups) <= reader.groups(pupil.groups)


def final_name(fact: Fact, whose: str) -> str:
    """What the file of a finished form is called."""
    return f"{layouts()[str(fact.data['paper'])].title}-{whose}-{fact.on:%Y%m%d}定稿.docx"


def _read(folder: Folder, piece: Piece) -> bytes | None:
    try:
        return folder.read(piece)
    except (FileNotFoundError, SealBroken):
        return None
