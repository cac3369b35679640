"""Who leaves the directory is out at the next request, in chat and on the pages; what they had to do goes on to others."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.reception import Reception
from bot.wecom.messages import parse
from casework.people import Post
from reminders.sweep import sweep
from tests.pages.county import TODAY, Visitor, application, made_store, say

REAL = dt.datetime(2026, 1, 1)
PAGE = "/m/todo"


@pytest.fixture
def store():
    return made_store()


def event(store, name: str, user: str = "sys", **fields: str) -> None:
    """One event of WeChat Work, taken in twice as a retry would."""
    inside = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    xml = (
        f"<xml><ToUserName>corp</ToUserName><FromUserName><![CDATA[{user}]]></FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>event</MsgType><Event><![CDATA[{name}]]></Event>{inside}</xml>"
    )
    for _ in range(2):
        Reception(store, lambda: TODAY, lambda: REAL).answer(parse(xml))


def standing(store, person: str) -> tuple[bool, list[str]]:
    """Whether the account is open, and the posts held today."""
    with store.look(TODAY) as work:
        known = work.people.person(person)
        return known is not None and known.active, [p.role for p in work.world.directory.posts_of(person, TODAY.date())]


def told(store, person: str) -> list[str]:
    with store.look(TODAY) as work:
        return [m.text for m in work.outbox.sent_to(person, TODAY) if m.key.startswith("left:")]


GONE = [
    {"ChangeType": "delete_user", "UserID": "wang"},
    {"ChangeType": "delete_user", "UserID": "WANG"},
    {"ChangeType": "update_user", "UserID": "wang", "Status": "5"},
]


@pytest.mark.parametrize("fields", GONE)
@pytest.mark.clause("LC-42")
def test_fault_37_who_was_deleted_a_moment_ago_is_out(store, tmp_path, fields):
    app, _ = application(store, tmp=str(tmp_path))
    teacher = Visitor(app, "wang")
    assert teacher.get(PAGE).status_code == 200
    say(store, "wang", "张三今天没来", TODAY)
    with store.look(TODAY) as work:
        before = {duty.id for duty in work.cases.todo("wang")}
    assert before
    event(store, "change_contact", **fields)
    assert teacher.get(PAGE).status_code in (302, 303, 403)
    assert teacher.get("/m/pupil/p1").status_code in (302, 303, 403)
    assert standing(store, "wang") == (False, [])
    sweep(store, TODAY)
    with store.look(TODAY) as work:
        assert work.cases.todo("wang") == []
        others = {d.id for person in ("li", "zhao") for d in work.cases.todo(person)}
        assert before <= others, "what the teacher had to do is the school's now"
        assert [t.did for t in work.audit.of("person:wang")] == ["directory_left"]
    for holder in ("guan", "zhou"):
        [words] = told(store, holder)
        assert "职务已结束" in words
        assert "班主任" in words


def test_hidden_from_the_app_shuts_the_account_and_keeps_its_posts(store, tmp_path):
    app, _ = application(store, tmp=str(tmp_path))
    teacher = Visitor(app, "wang")
    event(store, "unsubscribe", "wang")
    assert teacher.get(PAGE).status_code in (302, 303, 403)
    assert standing(store, "wang") == (False, ["teacher"])
    event(store, "subscribe", "wang")
    assert standing(store, "wang") == (True, ["teacher"])


def test_the_directory_does_not_open_what_an_administrator_shut(store, tmp_path):
    app, _ = application(store, tmp=str(tmp_path))
    event(store, "change_contact", ChangeType="update_user", UserID="wang", Status="2")
    event(store, "change_contact", ChangeType="update_user", UserID="wang", Status="1")
    assert standing(store, "wang")[0]
    Visitor(app, "guan").post("/m/settings/person/wang", "/m/settings/person/wang/active", active="0")
    event(store, "unsubscribe", "wang", EventKey="later")
    event(store, "subscribe", "wang", EventKey="later")
    event(store, "change_contact", ChangeType="update_user", UserID="wang", Status="1", Name="x")
    assert standing(store, "wang") == (False, [])


def test_another_userid_takes_the_posts_along_but_not_those_over_the_county(store):
    with store.begin(TODAY) as work:
        work.people.put_post(Post("wang", "county", ""))
    event(store, "change_contact", ChangeType="update_user", UserID="wang", NewUserID="wang2")
    assert standing(store, "wang") == (False, [])
    assert standing(store, "wang2") == (True, ["teacher"])
    [words] = told(store, "guan")
    assert "wang2" in words
    assert "班主任" not in words


@pytest.mark.parametrize("fields", [
    {"ChangeType": "update_user", "UserID": "wang", "Department": "1,2"},
    {"ChangeType": "update_user", "UserID": "wang", "Status": "1"},
    {"ChangeType": "update_user", "UserID": "wang", "NewUserID": "li"},
    {"ChangeType": "delete_user", "UserID": "nobody"}, {"ChangeType": "delete_user"}, {"ChangeType": "delete_party", "Id": "2"},
    {"ChangeType": "create_user", "UserID": "wang"},
])  # fmt: skip
def test_other_changes_of_the_directory_change_nothing(store, fields):
    event(store, "change_contact", **fields)
    assert standing(store, "wang") == (True, ["teacher"])
    assert standing(store, "li")[0]


def test_only_wechat_work_itself_speaks_for_the_directory(store):
    """The envelope is sealed for the app, but whoever sends a message is named in it: a member is no directory."""
    event(store, "change_contact", "li", ChangeType="delete_user", UserID="wang")
    assert standing(store, "wang") == (True, ["teacher"])
