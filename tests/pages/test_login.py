"""Logging in by WeChat Work, the session, its cookie, and what every answer carries."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest

from casework.people import Person
from tests.pages.county import Visitor, application, made_store

PHONE = "Mozilla/5.0 (Linux; Android 14) wxwork/4.1.20 MicroMessenger/7.0.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64) Chrome/126"


@pytest.fixture
def secure():
    """The pages as in production: an https address, login by WeChat Work."""
    return application(made_store(), demo=False, public_url="https://kc.example.cn")


def _begin(app, agent=PHONE, target="/m/pupil/p1"):
    client = app.test_client()
    response = client.get(f"/m/login?next={target}", headers={"User-Agent": agent}, base_url="https://kc.example.cn")
    return client, urlsplit(response.headers["Location"])


def _back(client, **query):
    return client.get("/m/login/back", query_string=query, base_url="https://kc.example.cn")


def test_inside_wechat_work_login_is_silent_and_on_a_desk_by_qr_code(secure):
    app, _ = secure
    _, phone = _begin(app)
    asked = {k: v[0] for k, v in parse_qs(phone.query).items()}
    assert (phone.netloc, phone.path, phone.fragment) == (
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
        "wechat_redirect",
    )
    assert asked["redirect_uri"] == "https://kc.example.cn/m/login/back"
    assert (asked["appid"], asked["scope"], asked["response_type"]) == ("wwtest", "snsapi_base", "code")
    assert asked["state"].isalnum()
    assert len(asked["state"]) <= 128
    _, desk = _begin(app, DESK)
    assert (desk.netloc, parse_qs(desk.query)["login_type"]) == ("login.work.weixin.qq.com", ["CorpApp"])


def test_a_simulated_wechat_work_is_asked_at_its_own_address():
    app, _ = application(made_store(), demo=False, wecom_api="http://127.0.0.1:8000/cgi-bin/")
    location = app.test_client().get("/m/login", headers={"User-Agent": DESK}).headers["Location"]
    assert location.startswith("http://127.0.0.1:8000/connect/oauth2/authorize?")


def test_a_code_logs_in_once_and_leads_to_the_page_asked_for(secure):
    app, running = secure
    client, there = _begin(app)
    state = parse_qs(there.query)["state"][0]
    running.client.codes["abc"] = "wang"
    response = _back(client, code="abc", state=state)
    assert (response.status_code, response.headers["Location"]) == (303, "/m/pupil/p1")
    cookie = response.headers["Set-Cookie"]
    for flag in ("__Secure-kongchuo=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/m"):
        assert flag in cookie
    assert client.get("/m/todo", base_url="https://kc.example.cn").status_code == 200
    running.client.codes["abc"] = "wang"
    assert _back(client, code="abc", state=state).status_code == 400


def test_a_state_is_taken_once_even_with_a_cookie_kept_from_before(secure):
    app, running = secure
    client, there = _begin(app)
    state = parse_qs(there.query)["state"][0]
    kept = client.get_cookie("__Secure-kongchuo", domain="kc.example.cn", path="/m").value
    running.client.codes.update(one="wang", two="wang")
    assert _back(client, code="one", state=state).status_code == 303
    client.set_cookie("__Secure-kongchuo", kept, domain="kc.example.cn", path="/m", secure=True)
    assert _back(client, code="two", state=state).status_code == 400
    assert running.client.codes == {"two": "wang"}


@pytest.mark.parametrize("query", [
    {"code": "abc"}, {"state": "x"}, {"code": "abc", "state": "0" * 32}, {"code": "", "state": ""}, {"code": "a" * 600, "state": "right"},
])  # fmt: skip
def test_a_wrong_or_missing_state_is_refused_and_the_code_not_asked_about(secure, query):
    app, running = secure
    client, there = _begin(app)
    running.client.codes["abc"] = "wang"
    if query.get("state") == "right":
        query = {**query, "state": parse_qs(there.query)["state"][0]}
    assert _back(client, **query).status_code == 400
    assert running.client.codes == {"abc": "wang"}


@pytest.mark.parametrize("userid", [None, "stranger"])
def test_who_is_not_on_the_staff_does_not_get_in(secure, userid):
    app, running = secure
    client, there = _begin(app)
    running.client.codes["abc"] = userid
    response = _back(client, code="abc", state=parse_qs(there.query)["state"][0])
    assert response.status_code == 403
    assert "联系县教育局管理员" in response.text
    assert client.get("/m/todo", base_url="https://kc.example.cn").status_code == 303


@pytest.mark.parametrize(("target", "leads_to"), [
    ("/m/county", "/m/county"), ("https://evil.cn/", "/m/todo"), ("//evil.cn", "/m/todo"), ("/m//evil.cn", "/m/todo"),
    ("/m/\\evil.cn", "/m/todo"), ("/wecom/callback", "/m/todo"), ("/m/todo%0d%0aX: y", "/m/todo"),
])  # fmt: skip
def test_login_leads_to_our_pages_only(secure, target, leads_to):
    app, running = secure
    client, there = _begin(app, target=target)
    running.client.codes["abc"] = "zhou"
    response = _back(client, code="abc", state=parse_qs(there.query)["state"][0])
    assert response.headers["Location"] == leads_to


def test_choosing_a_person_is_for_the_demo_alone(secure):
    app, _ = secure
    assert app.test_client().post("/m/login/as", data={"person": "wang"}).status_code in (400, 404)
    assert "login_as" not in {rule.endpoint for rule in app.url_map.iter_rules()}


def test_the_session_ends_when_the_person_leaves():
    store = made_store()
    app, _ = application(store)
    visitor = Visitor(app, "wang")
    visitor.page("/m/todo")
    with store.begin(dt.datetime(2025, 9, 18, 14)) as work:
        work.people.put_person(Person("wang", "王老师", active=False))
    assert visitor.get("/m/pupil/p1").status_code == 303
    assert visitor.get("/m/todo").headers["Location"].startswith("/m/login")


def test_a_session_of_another_key_is_none(app):
    visitor = Visitor(app, "wang")
    cookie = visitor.client.get_cookie("kongchuo", path="/m").value
    other, _ = application(made_store(), data_key="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    client = other.test_client()
    client.set_cookie("kongchuo", cookie, path="/m")
    assert client.get("/m/todo").status_code == 303
    client.set_cookie("kongchuo", cookie[:-3] + "abc", path="/m")
    assert client.get("/m/todo").status_code == 303


FORMS = [
    "/m/logout", "/m/login/as", "/m/pupil/p1/contact", "/m/pupil/p1/undo", "/m/pupil/p1/paper", "/m/roll", "/m/report",
    "/m/ledgers/send", "/m/compare", "/m/compare/open", "/m/compare/minutes", "/m/settings/people", "/m/settings/person/wang/post", "/m/settings/person/wang/end",
    "/m/settings/person/wang/active", "/m/settings/calendar", "/m/settings/calendar/drop", "/m/settings/calendar/import",
    "/m/settings/calendar/import/write", "/m/settings/import/pupils", "/m/settings/import/pupils/write", "/m/settings/erase/p1", "/m/settings/unknown/1",
    "/m/settings/letters/1", "/m/settings/waiting/1", "/m/duty/x/done", "/m/new/found", "/m/pending",
    "/m/settings/search", "/m/work/deputy", "/m/undo", "/m/arrivals/p1/accept", "/m/photo/1/signed", "/m/record/1/photo", "/m/record/1/amend", "/m/d/x/1",
]  # fmt: skip


def test_every_address_that_takes_a_form_is_in_the_list(app):
    taking = {r.rule for r in app.url_map.iter_rules() if "POST" in r.methods and r.rule.startswith("/m/")}
    assert len(taking) == len(FORMS)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_no_form_is_taken_without_its_token(as_role, path, token):
    fields = {} if token is None else {"csrf": token}
    response = as_role("admin").client.post(path, data=fields)
    assert response.status_code == 400
    assert "过期" in response.text


def test_the_token_of_one_session_does_not_serve_another(app):
    one, other = Visitor(app, "wang"), Visitor(app, "li")
    import re

    token = re.search(r'name="csrf" value="([^"]+)"', one.page("/m/todo"))[1]
    assert other.client.post("/m/pupil/p1/undo", data={"csrf": token}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/m/todo", "/m/pupil/p1", "/m/nothing", "/m/pupil/p100", "/m/static/style.css", "/m/login"]
)
def test_each_answer_carries_the_security_headers(as_role, path):
    headers = as_role("teacher").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == ("public, max-age=604800" if "static" in path else "no-store")


def test_a_file_that_is_not_there_is_not_kept_for_a_week(as_role):
    answer = as_role("teacher").get("/m/static/none.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_hsts_where_the_address_is_https(secure, as_role):
    app, _ = secure
    there = app.test_client().get("/m/login", base_url="https://kc.example.cn")
    assert there.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in as_role("teacher").get("/m/todo").headers


def test_logging_out(app):
    visitor = Visitor(app, "wang")
    assert visitor.post("/m/todo", "/m/logout").status_code == 303
    assert visitor.get("/m/todo").status_code == 303
