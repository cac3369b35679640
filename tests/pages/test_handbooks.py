"""The handbooks keep their word: every sentence is understood, every page opens, every picture is there and can be taken anew."""

from __future__ import annotations

import re

import pytest

from tests.pages import handbooks
from tests.pages.county import ROLES, TODAY, Visitor, application, made_store, say

ROLE_OF = {
    "班主任": "teacher", "村干部": "village", "学校专干": "school", "乡镇": "township", "县教育局": "county", "管理员": "admin",
}  # fmt: skip
TEXTS = {title: (handbooks.FOLDER / f"{title}.md").read_text(encoding="utf-8") for title in ROLE_OF}
SENTENCES = [
    (title, sentence)
    for title, text in TEXTS.items()
    for sentence in re.findall(r"^\| [^|]+ \| `([^`]+)` \|$", text, re.M)
]
LOST = ("没看懂", "拿不准", "不在您的职责里", "没有找到", "请写出姓名", "说完整")


def test_there_is_one_for_each_role():
    assert {path.stem for path in handbooks.FOLDER.glob("*.md")} == set(ROLE_OF)
    assert len(SENTENCES) > 40


@pytest.mark.parametrize(("title", "sentence"), SENTENCES)
def test_every_sentence_is_understood_from_that_role(title, sentence):
    reply = say(made_store(), ROLES[ROLE_OF[title]], sentence, TODAY)
    assert reply
    assert not [word for word in LOST if word in reply], reply


@pytest.mark.parametrize("title", ROLE_OF)
def test_every_page_named_opens_for_that_role(title):
    app, _ = application(made_store())
    visitor = Visitor(app, ROLES[ROLE_OF[title]])
    pages = re.findall(r"`(/m/[^`]*)`", TEXTS[title])
    assert pages
    for page in pages:
        visitor.page(page)


def test_every_picture_named_is_there_and_none_is_left_over():
    named = {name for text in TEXTS.values() for name in re.findall(r"\]\(pictures/([^)]+)\)", text)}
    assert named == {path.name for path in (handbooks.FOLDER / "pictures").iterdir()}


@pytest.mark.browser
@pytest.mark.slow
def test_the_pictures_can_be_taken_anew(tmp_path):
    taken = {path.name for path in handbooks.take(tmp_path)}
    assert taken == {path.name for path in (handbooks.FOLDER / "pictures").iterdir()}
