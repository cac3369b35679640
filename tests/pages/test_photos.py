"""A photo is put to one's own record by a form: examined, sealed, once, and by nobody else."""

from __future__ import annotations

import io
import re

import pytest

from tests.pages.county import CSRF, ONCE, TODAY, Visitor, application, made_store, say

JPEG = b"\xff\xd8\xff\xe0" + b"a photo of the visit" * 40
PDF = b"%PDF-1.7 " + b"the signed paper" * 40


@pytest.fixture
def store():
    made = made_store()
    say(made, "wang", "去张三家了，家长同意明天返校", TODAY)
    yield made
    made.close()


@pytest.fixture
def app(store, tmp_path):
    return application(store, tmp=str(tmp_path / "files"))[0]


def address_of(visitor):
    return re.search(r'href="(/m/record/[^"]+/photo)"', visitor.page("/m/pupil/p1"))[1]


def send(visitor, path, content, name="照片.jpg", form_on=None, **changed):
    text = visitor.page(form_on or path)
    tokens = {"csrf": CSRF.search(text)[1], "once": ONCE.findall(text)[-1]} | changed
    files = {"photo": (io.BytesIO(content), name)} if content is not None else {}
    return visitor.client.post(path, data={**tokens, **files}, content_type="multipart/form-data")


def files(tmp_path):
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


@pytest.mark.clause("LC-26", "TA-19")
@pytest.mark.parametrize(("content", "word"), [(JPEG, "照片"), (PDF, "文件")])
def test_it_stands_at_its_record_and_is_sealed(store, app, tmp_path, content, word):
    wang = Visitor(app, "wang")
    answer = send(wang, address_of(wang), content)
    assert (answer.status_code, f"{word}已归到张三9月18日的家访" in answer.text) == (200, True), answer.text
    page = wang.page("/m/pupil/p1")
    photo = re.search(r'href="(/m/photo/\w+)"', page)[1]
    assert wang.get(photo).data == content
    assert "这是签字表" in page
    (sealed,) = files(tmp_path)
    assert content[10:40] not in sealed.read_bytes()
    with store.look(TODAY) as work:
        (piece,) = work.evidence.of_pupil("p1")
        fact = work.cases.fact(piece.fact)
        assert (piece.by, piece.state, piece.size, str(fact.kind)) == ("wang", "kept", len(content), "visit")


@pytest.mark.parametrize(("content", "sentence"), [
    (None, "还没有选照片"),
    (b"", "还没有选照片"),
    (b"<svg onload=alert(1)>", "这种文件不能接收"),
    (b"MZ" + b"\0" * 100, "这种文件不能接收"),
    (b"<!doctype html><script>alert(1)</script>", "这种文件不能接收"),
])  # fmt: skip
def test_what_is_no_photo_is_refused_and_not_kept(store, app, tmp_path, content, sentence):
    wang = Visitor(app, "wang")
    answer = send(wang, address_of(wang), content)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert files(tmp_path) == []
    with store.look(TODAY) as work:
        assert work.evidence.of_pupil("p1") == []


def test_one_that_is_too_large_is_turned_away(app, tmp_path):
    wang = Visitor(app, "wang")
    assert send(wang, address_of(wang), JPEG + b"0" * 25 * 1024 * 1024).status_code == 413
    assert send(wang, address_of(wang), JPEG + b"0" * 21 * 1024 * 1024).status_code == 422
    assert files(tmp_path) == []


def test_a_form_without_its_token_or_a_stranger_is_refused(app, tmp_path):
    wang = Visitor(app, "wang")
    path = address_of(wang)
    assert send(wang, path, JPEG, csrf="other").status_code == 400
    assert Visitor(app).client.post(path, data={"photo": (io.BytesIO(JPEG), "a.jpg")}).status_code == 400
    assert files(tmp_path) == []


@pytest.mark.parametrize("who", ["li", "chen", "liu", "zhou"])
def test_nobody_adds_to_the_record_of_another(app, tmp_path, who):
    path, other = address_of(Visitor(app, "wang")), Visitor(app, who)
    assert other.get(path).status_code == 404
    assert send(other, path, JPEG, form_on="/m/todo").status_code == 404
    assert files(tmp_path) == []


def test_a_record_that_was_taken_back_takes_no_photo(store, app, tmp_path):
    wang = Visitor(app, "wang")
    path = address_of(wang)
    say(store, "wang", "撤销", TODAY)
    assert send(wang, path, JPEG, form_on="/m/todo").status_code == 404
    assert files(tmp_path) == []


def test_a_form_sent_twice_is_kept_once(store, app, tmp_path):
    wang = Visitor(app, "wang")
    path = address_of(wang)
    once = ONCE.findall(wang.page(path))[-1]
    first, second = (send(wang, path, JPEG, once=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(files(tmp_path)) == 1
    with store.look(TODAY) as work:
        assert len(work.evidence.of_pupil("p1")) == 1


def test_after_a_visit_the_way_to_its_photo_is_offered(app):
    wang = Visitor(app, "wang")
    answer = wang.post("/m/pupil/p1/visit", "/m/pupil/p1/visit", outcome="agreed", date=TODAY.date().isoformat())
    path = re.search(r'href="(/m/record/[^"]+/photo)"', answer.text)[1]
    assert "张三9月18日的家访" in wang.page(path)
    assert "已归到张三9月18日的家访" in send(wang, path, JPEG).text
