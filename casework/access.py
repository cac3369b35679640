"""The one table of rights: role by action, page, paper and field. Chat, pages, exports and the tests read it and nothing else.

What a person reaches is a matter of place (``casework.scope``); this table says what a role may do and see there. The
ground of every row is necessity for the duty named (个人信息保护法 art. 6); what is sensitive (art. 28: health, cases at
law, data of children under 14) is for named posts (未成年人网络保护条例 art. 36).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from casework.facts import Fact, Kind

CLASSROOM = ("teacher", "subject_teacher")
SCHOOL = (*CLASSROOM, "school", "principal")
COUNTY = ("county", "admin")
LEADERS = ("school", "principal", "township", *COUNTY)
STAFF = (*SCHOOL, "village", "township", *COUNTY)
EDUCATION = (*SCHOOL, *COUNTY)
FULL, PART, HIDDEN = "full", "part", "hidden"


@dataclass(frozen=True, slots=True)
class Right:
    """Who has one thing, and the clause or article that this rests on."""

    roles: tuple[str, ...]
    basis: str


def _rights(*rows: tuple[str, tuple[str, ...], str]) -> Mapping[str, Right]:
    """Rows of names (several with spaces between), roles and basis, as a table by name."""
    return {name: Right(roles, basis) for names, roles, basis in rows for name in names.split()}


ACTIONS = _rights(
    ("absence", STAFF, "TA-8"),
    ("all_present", SCHOOL, "TA-8"),
    ("leave", EDUCATION, "FN-32"),
    ("contact", STAFF, "FN-15"),
    ("visit", STAFF, "LC-28"),
    ("return", STAFF, "FN-33"),
    ("dropout notice", STAFF, "XY-14"),
    ("transfer_out suspend defer", STAFF, "TA-15"),
    ("transfer_in", EDUCATION, "XY-16"),
    ("teach", STAFF, "FN-27"),
    ("found", STAFF, "FN-13"),
    ("mark", STAFF, "FN-6"),
    ("assign", STAFF, "XY-10"),
    ("platform_flag", LEADERS, "FN-31"),
    ("not_registered", LEADERS, "TA-7"),
    ("not_returned", EDUCATION, "XY-27"),
    ("not_handed_over", LEADERS, "XY-39"),
    ("report", LEADERS, "LC-20"),
    ("work", STAFF, "LC-5"),
    ("export", STAFF, "FN-4"),
    ("admit", EDUCATION, "TA-5"),
    ("snooze undo done todo case list stats help whoami greet deputy", STAFF, "LC-1"),
    # An open case is struck off by the county alone, that nobody drops out by a slip of the list.
    ("strike", ("school", "principal", *COUNTY), "XY-17"),
    ("roll_call", (*SCHOOL, "township", *COUNTY), "TA-8"),
    ("closure", LEADERS, "TA-15"),
    ("judge", LEADERS, "XY-25"),
    # Who is told of words that push a pupil out; the office and colleagues of whoever wrote them are not.
    ("alarms", ("principal", *COUNTY), "XY-25"),
    ("unit_paper", (*LEADERS, "village"), "LC-3"),
    ("order", ("township", *COUNTY), "义务教育法 art. 58"),
    ("place", ("school", "principal", *COUNTY), "FN-24"),
    ("place_at", COUNTY, "FJ-17"),
    ("letter", LEADERS, "TA-17"),
    ("reply", LEADERS, "FJ-10"),
    ("refer", LEADERS, "FN-22"),
    ("department_link", COUNTY, "FN-22"),
    ("chase", ("township", *COUNTY), "LC-20"),
    ("urge", LEADERS, "LC-22"),
    # A dropout is confirmed by these; anyone else's word is a proposal to the school.
    ("confirm_dropout", ("school", "principal", *COUNTY), "XY-14"),
    ("approve", ("school", "principal", "township", *COUNTY), "XY-4"),
)
"""What is done in chat or by a form; the names are those of ``handlers.registry``, and a few steps within them."""

PAGES = _rights(
    ("todo pupil pending ledgers newcomer lists", STAFF, "FN-4"),
    ("roll", SCHOOL, "TA-8"),
    ("report", LEADERS, "LC-20"),
    ("county", LEADERS, "LC-1"),
    ("rates", LEADERS, "XY-1"),
    ("arrivals", ("school", "principal", *COUNTY), "XY-16"),
    ("compare", COUNTY, "FN-12"),
    ("waiting", COUNTY, "未成年人网络保护条例 art. 36"),
    ("settings", ("admin",), "未成年人网络保护条例 art. 36"),
    # Proposed by one and confirmed by another who opens ``waiting``: what is erased does not come back.
    ("erasure", ("admin",), "未成年人网络保护条例 art. 34"),
)

NAMED = ("teacher", "school", "principal", *COUNTY)
PAPERS = _rights(
    ("restricted materials", NAMED, "未成年人网络保护条例 art. 36"),
    ("group_justice", ("principal", "county"), "未成年人保护法 art. 103"),
)
"""Papers for named posts: a paper that the catalogue calls restricted stands under its name, else under ``restricted``."""

ISSUERS = {
    **dict.fromkeys(SCHOOL, "school"), "village": "village", "township": "township",
    **dict.fromkeys(COUNTY, "county_edu"),
}  # fmt: skip
"""In whose name a role makes papers; which papers an issuer may make is law (``reports.law``)."""

DEPARTMENT = "department"
"""Who opens a dated link: no post of ours, no page but that one, and of the register what it takes to know the child."""
_NECESSARY = dict.fromkeys(STAFF, FULL)
_KNOWN = _NECESSARY | {DEPARTMENT: FULL}
_NUMBERS = {role: HIDDEN if role == "subject_teacher" else PART for role in STAFF}
FIELDS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "sex": (_KNOWN, "FN-4"),
    "ethnicity": (_NECESSARY, "FN-4"),
    "born": (_KNOWN, "FN-4"),
    "guardian": (_KNOWN, "FN-15"),
    "relation": (_NECESSARY, "FN-15"),
    "phone": (_NECESSARY, "FN-15"),
    "address": (_NECESSARY, "LC-28"),
    "household": (_KNOWN | {"subject_teacher": HIDDEN}, "XY-17"),
    "id_number": (_NUMBERS | {DEPARTMENT: PART}, "个人信息保护法 art. 6"),
    "student_number": (_NUMBERS, "个人信息保护法 art. 6"),
    "group:disabled": ({r: FULL if r in NAMED else HIDDEN for r in STAFF}, "个人信息保护法 art. 28"),
    "group:justice": ({r: FULL if r in ("principal", "county") else HIDDEN for r in STAFF}, "未成年人保护法 art. 103"),
}
"""How a field of the register is shown to a role, everywhere; a group of care that is no row here is shown to all staff."""

FULL_NUMBERS = {"comparison": Right(COUNTY, "FN-12")}
"""Papers that stay in the office that compares and show numbers in full: they hold what that office itself put in."""

CONFIDED = Right(EDUCATION, "未成年人网络保护条例 art. 36")
"""Who hears of talks in which a pupil confides (谈心): the school and the bureau, not the village or township."""

GUARDED = COUNTY
"""Posts over the whole county, which two persons give together."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a person may do and see by the roles held; several posts add up."""

    roles: frozenset[str]

    def may(self, action: str) -> bool:
        return self._any(ACTIONS[action])

    def opens(self, page: str) -> bool:
        return self._any(PAGES[page])

    def may_have(self, paper: str, restricted: bool) -> bool:
        """A paper of the catalogue, or ``materials``."""
        right = PAPERS.get(paper) or (PAPERS["restricted"] if restricted else None)
        return right is None or self._any(right)

    def full_numbers(self, paper: str) -> bool:
        return paper in FULL_NUMBERS and self._any(FULL_NUMBERS[paper])

    def view(self, field: str) -> str:
        """``full``, ``part`` or ``hidden``; a field that is no row of the table is hidden from everybody."""
        by_role = FIELDS[field][0] if field in FIELDS else {}
        held = {by_role.get(role, HIDDEN) for role in self.roles}
        return next((view for view in (FULL, PART) if view in held), HIDDEN)

    def shown(self, details: Mapping[str, str]) -> dict[str, str]:
        """The register's details as this reader may see them: hidden ones left out, numbers in part."""
        views = {name: self.view(name) for name in details}
        return {n: mask(v) if views[n] == PART else v for n, v in details.items() if views[n] != HIDDEN}

    def sees_group(self, code: str) -> bool:
        return f"group:{code}" not in FIELDS or self.view(f"group:{code}") == FULL

    def groups(self, codes: Iterable[str]) -> frozenset[str]:
        return frozenset(code for code in codes if self.sees_group(code))

    def hears(self, fact: Fact) -> bool:
        """Whether a record may be told: one that marks a hidden group may not, nor to others what a pupil told a teacher."""
        if fact.kind is Kind.WORK and fact.data.get("what") == "talk":
            return self._any(CONFIDED)
        if self._of_disability(fact):
            return self.sees_group("disabled")
        return fact.kind is not Kind.MARK or self.sees_group(str(fact.data.get("group", "")))

    @staticmethod
    def _of_disability(fact: Fact) -> bool:
        """How a child with a disability is taught, and why."""
        placed = fact.kind is Kind.PLACED and fact.data.get("way") != "school"
        return placed or (fact.kind is Kind.WORK and fact.data.get("what") == "plan")

    def _any(self, right: Right) -> bool:
        return not self.roles.isdisjoint(right.roles)


def roles_seeing(group: str | None) -> Collection[str]:
    """The roles whose reach a list of that group of care may show."""
    return [role for role in STAFF if group is None or Reader(frozenset({role})).sees_group(group)]


def mask(number: str) -> str:
    """All but the first six and the last character of an ID or register number (个人信息保护法 art. 6)."""
    kept = number.strip()
    return kept if len(kept) < 8 else kept[:6] + "*" * (len(kept) - 7) + kept[-1]
