"""The matrix of rights, made from the one table and tried for real: in chat, on the pages and in the files (faults 37)."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desks import desk_for
from bot.pages.forms import FORMS
from bot.papers.paperwork import NotMade, Wanted, make, name_of, own_unit, post_for
from casework.access import ACTIONS, DEPARTMENT, FIELDS, FULL, HIDDEN, ISSUERS, PAGES, PAPERS, PART, STAFF, Reader, mask
from casework.people import Post
from casework.scope import Scope
from casework.terms import GROUPS
from casework.terms import ROLES as TERMS
from handlers.conversation import answer
from handlers.lookup import listing
from handlers.registry import REGISTRY
from handlers.topics import OTHER, TOPICS, UNSAID
from handlers.understanding.actions import Action
from reports.catalogue import catalogue
from storage.pupils import Entered
from tests.pages.county import ROLES, TODAY, Visitor, application, made_store, say

pytestmark = pytest.mark.broad

ADDRESS = {
    "todo": "/m/todo", "pupil": "/m/pupil/p1", "pending": "/m/pending", "ledgers": "/m/ledgers",
    "newcomer": "/m/new/found", "roll": "/m/roll", "report": "/m/report", "county": "/m/county",
    "compare": "/m/compare", "lists": "/m/lists", "arrivals": "/m/arrivals", "rates": "/m/rates", "waiting": "/m/settings/waiting", "settings": "/m/settings",
    "erasure": "/m/settings/erase/p1",
}  # fmt: skip
DETAILS = {
    "sex": "女", "guardian": "张大山", "relation": "父亲", "phone": "13800000000", "id_number": "441622201201010011",
    "student_number": "G441622201201010", "household": "老隆镇下村九组", "address": "老隆镇上坪村三组",
}  # fmt: skip
REFUSED = "不在您的职责里"
LISTS = {"disabled": "残疾学生名单", "justice": "涉案未成年人名单"}


@pytest.fixture(scope="module")
def filled():
    """The made-up county in which every field of one child is known, and the child is of both hidden groups."""
    store = made_store()
    with store.begin(TODAY) as work:
        pupil = work.people.pupil("p1")
        work.people.put_pupil(replace(pupil, groups=frozenset({"disabled", "justice", "left_behind"})), DETAILS)
    say(store, "zhao", "张三是涉案未成年人", TODAY)
    say(store, "zhao", "张三是残疾学生", TODAY)
    return store


@pytest.fixture(scope="module")
def visitors(filled, tmp_path_factory):
    app, _ = application(filled, tmp=str(tmp_path_factory.mktemp("files")))
    return {role: Visitor(app, person) for role, person in ROLES.items()}


def desk_of(work, role):
    return desk_for(work, ROLES[role], "test")


def test_a_department_may_know_which_child_it_is_and_no_more():
    outside = Reader(frozenset({DEPARTMENT}))
    assert {name: view for name in FIELDS if (view := outside.view(name)) != HIDDEN} == {
        "sex": FULL, "born": FULL, "guardian": FULL, "household": FULL, "id_number": PART,
    }  # fmt: skip
    assert not any(outside.may(action) for action in ACTIONS)
    assert not any(outside.opens(page) for page in PAGES)


def test_the_table_is_whole():
    assert set(ROLES) == set(STAFF) == set(TERMS) == set(ISSUERS)
    assert set(REGISTRY) <= set(ACTIONS)
    assert set(ADDRESS) == set(PAGES)
    for right in (*ACTIONS.values(), *PAGES.values(), *PAPERS.values()):
        assert right.basis
        assert set(right.roles) <= set(STAFF)
    for by_role, basis in FIELDS.values():
        assert basis
        assert set(by_role) - {DEPARTMENT} == set(STAFF)
    assert {f.removeprefix("group:") for f in FIELDS if f.startswith("group:")} <= set(GROUPS)


def test_every_view_of_the_pages_stands_in_the_table():
    """No page is opened by anything but its name in the table: the door takes no roles."""
    for file in Path("bot/pages").glob("*.py"):
        for page in re.findall(r"@(?:reads|writes)\((.*?)\)", file.read_text(encoding="utf-8")):
            assert page.strip('"') in PAGES, (file, page)


class TakenBack(Exception):
    """Ends a unit of work so that nothing of it stays."""


def hear(store, role, text):
    """What a role is answered; nothing of it stays."""
    with pytest.raises(TakenBack) as heard, store.begin(TODAY) as work:
        raise TakenBack(answer(desk_of(work, role), text).text)
    return str(heard.value)


@pytest.mark.parametrize("action", REGISTRY)
def test_fault_37_role_by_action_in_chat(filled, action):
    """The example of each action, said by each role of one child: refused in those words where the table refuses, and only there."""
    for role in STAFF:
        said = hear(filled, role, re.sub("李小四|李四|王五|次仁", "张三", REGISTRY[action].examples[0]))
        assert (REFUSED in said) == (role not in ACTIONS[action].roles), (role, said)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("441622201201010011", "441622***********1"),
        (" G441622201201010 ", "G44162*********0"),
        ("12345678", "123456*8"),
        ("1234567", "1234567"),  # nothing lies between the first six and the last
        ("", ""),
    ],
)
def test_a_number_shown_in_part(number, shown):
    assert mask(number) == shown


@pytest.mark.parametrize("role", STAFF)
def test_help_names_what_is_allowed_and_nothing_else(filled, role):
    said = "\n".join(hear(filled, role, f"帮助 {topic}") for topic in (*(t.name for t in TOPICS), OTHER))
    for row in REGISTRY.values():
        if row.action not in UNSAID:
            assert (f"· {row.title}：" in said) == (role in ACTIONS[row.action].roles), row.title


@pytest.mark.parametrize("role", STAFF)
def test_commands_of_posts(filled, role):
    assert (("月报已全部交齐" in (said := hear(filled, role, "催"))) or "已催报" in said) == (
        role in ACTIONS["chase"].roles
    )
    whole = "全县" if role in ("county", "admin") else ""  # a county is closed only by its name
    assert ("已记" in hear(filled, role, f"{whole}9月30日停课")) == (role in ACTIONS["closure"].roles)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", STAFF)
def test_fault_37_role_by_page(visitors, role, page):
    assert visitors[role].get(ADDRESS[page]).status_code == (200 if role in PAGES[page].roles else 403)


@pytest.mark.parametrize("role", STAFF)
def test_fault_37_role_by_form(visitors, role):
    """A form that is not offered cannot be opened nor sent by its address."""
    text = visitors[role].page("/m/pupil/p1")
    for action in FORMS:
        allowed = role in ACTIONS[action].roles
        assert (f'/m/pupil/p1/{action}"' in text) == allowed
        assert visitors[role].get(f"/m/pupil/p1/{action}").status_code == (200 if allowed else 404)
        if not allowed:
            assert visitors[role].post("/m/pupil/p1", f"/m/pupil/p1/{action}").status_code == 404


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("field", DETAILS)
def test_fault_37_role_by_field_on_the_page(visitors, role, field):
    text, value, view = visitors[role].page("/m/pupil/p1"), DETAILS[field], FIELDS[field][0][role]
    assert (f"<dd>{value}</dd>" in text or f">{value}</a></dd>" in text) == (view == FULL)
    assert (f"<dd>{mask(value)}</dd>" in text) == (
        view == PART or (view == FULL and mask(value) == value and field != "phone")
    )


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("group", LISTS)
def test_fault_37_role_by_group_of_care(filled, visitors, role, group):
    """A group that a role may not know of is on no page, in no list and in no answer; the record that marks it neither."""
    seen = FIELDS[f"group:{group}"][0][role] == FULL
    assert (GROUPS[group] in visitors[role].page("/m/pupil/p1")) == seen
    for address in (f"/m/pending?which=all&group={group}", f"/m/ledgers?which=special&group={group}"):
        assert visitors[role].get(address).status_code == (200 if seen else 404)
    for page in ("/m/pending?which=all", "/m/ledgers?which=special"):
        assert (GROUPS[group] in visitors[role].page(page)) == seen
    assert ("张三" in hear(filled, role, LISTS[group])) == seen
    assert (GROUPS[group] in hear(filled, role, "查 张三")) == seen


@pytest.mark.parametrize("group", GROUPS)
def test_fault_37_a_list_of_all_groups_does_not_give_away_a_hidden_one(group):
    """A child of one group alone stands on the list of all groups of whoever may know of that group, and of nobody else."""
    store = made_store()
    with store.begin(TODAY) as work:
        pupils, _ = work.people.in_scope(Scope(True), limit=1000)
        marked = [replace(pupil, groups=frozenset({group} if pupil.id == "p1" else ())) for pupil in pupils]
        work.people.put_pupils([Entered(pupil) for pupil in marked])
    app, _ = application(store)
    for role in STAFF:
        seen = Reader(frozenset({role})).sees_group(group)
        with store.begin(TODAY) as work:
            said = listing(desk_of(work, role), Action("list", (), {"which": "special"})).text
        assert ("张三" in said) == seen, role
        page = Visitor(app, ROLES[role]).page("/m/ledgers?which=special")
        assert ("张三" in page) == seen, role


def words_of(paper):
    """All words of a Word or Excel file, wherever in it they stand."""
    with zipfile.ZipFile(io.BytesIO(paper.content)) as file:
        parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
    return html.unescape("\n".join(re.sub(r"<[^>]*>", "", part) for part in parts))


def made_for(store, role, name, tmp_path, pupil=None):
    """The paper, or the sentence of the refusal."""
    with store.look(TODAY) as work:
        try:
            return make(work, desk_of(work, role), Wanted(name, pupil=pupil), tmp_path)
        except NotMade as reason:
            return str(reason)


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF)
def test_fault_37_role_by_paper_and_field(filled, role, tmp_path):
    """Every paper of the catalogue: had by those whom the table and the law allow; in none stands what is hidden."""
    reader, made = Reader(frozenset({role})), 0
    for name, item in catalogue().items():
        trusted = reader.may_have(name, item.restricted)
        allowed = trusted and ISSUERS[role] in item.issuers
        paper = made_for(filled, role, name, tmp_path, "p1" if "pupil" in item.needs else None)
        if isinstance(paper, str):
            assert ("只有学校、县教育局的专人" in paper) == (not trusted), (name, paper)
            assert not allowed or "出具" not in paper, (name, paper)
            continue
        assert allowed, name
        words, made = words_of(paper), made + 1
        for field in ("household", "id_number", "student_number"):
            assert reader.view(field) == FULL or DETAILS[field] not in words, (name, field)
            assert reader.view(field) != HIDDEN or mask(DETAILS[field]) not in words, (name, field)
        assert reader.sees_group("justice") or "涉案未成年人" not in words, name
    assert made > 10


@pytest.mark.parametrize("role", STAFF)
def test_all_materials_of_a_child(filled, role, tmp_path):
    made = made_for(filled, role, "materials", tmp_path, "p1")
    assert (not isinstance(made, str)) == (role in PAPERS["materials"].roles)


def test_two_posts_add_up_for_deeds_and_stay_apart_for_fields():
    """A head who also teaches may hand in the month's report in chat; what a post shows, it shows of its own pupils."""
    store = made_store()
    with store.begin(TODAY) as work:
        work.people.put_post(Post("zhao", "teacher", "c1"))
        work.people.put_post(Post("zhao", "subject_teacher", "c6"))
    with store.begin(TODAY) as work:
        desk = desk_for(work, "zhao", "test")
        assert desk.role == "teacher"
        assert REFUSED not in answer(desk, "月报").text
        assert desk.reader_of(work.people.pupil("p1")).sees_group("justice")
        [one, *_], _ = work.people.in_scope(desk.scope, place="c6")
        assert desk.reader_of(one).view("id_number") == HIDDEN


@pytest.mark.parametrize(
    ("post", "ledger", "issuer"),
    [
        (Post("wang", "township", "t1"), "suspected_township", "township"),
        (Post("wang", "county", ""), "suspected_county", "county_edu"),
        (Post("wang", "principal", "s1"), "suspected_school", "school"),
    ],
)
def test_a_teacher_with_a_second_post_makes_lists_under_the_wider_one_and_the_schools_papers_as_the_school(
    post, ledger, issuer
):
    store = made_store()
    with store.begin(TODAY) as work:
        work.people.put_post(post)
    with store.look(TODAY) as work:
        desk = desk_for(work, "wang", "test")
        wanted = Wanted("suspected_ledger")
        assert name_of(desk, wanted) == ledger
        assert ISSUERS[post_for(work, desk, wanted).role] == issuer
        assert own_unit(work, desk, wanted) == post.unit
        assert not isinstance(make(work, desk, wanted), str)
        for paper in ("persuasion_notice", "home_visit"):
            assert own_unit(work, desk, Wanted(paper, pupil="p1")) == "s1"
        if issuer == "county_edu":
            assert own_unit(work, desk, Wanted("expert_opinion", pupil="p1")) == ""


def test_an_unknown_field_is_shown_to_nobody():
    assert {Reader(frozenset({role})).view("religion") for role in STAFF} == {HIDDEN}
