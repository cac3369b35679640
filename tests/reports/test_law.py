"""The store of law: exact characters, citations, and who may issue what."""

from __future__ import annotations

import hashlib

import pytest

from reports import law
from reports.inputs import Issuer

# Recomputed from law.md when the store was made: all articles in order of law and number, joined by line breaks.
WHOLE = "70c891ec5c648ac077ab9c7e2cc5fa3568ef4fb76905874516c60697f9cdc3f4"


def test_the_store_holds_the_eighty_checked_articles_unchanged() -> None:
    store = law.articles()
    joined = "\n".join(store[key].text for key in sorted(store))
    assert len(store) == 80
    assert hashlib.sha256(joined.encode()).hexdigest() == WHOLE
    assert all(article.sources and article.version for article in store.values())


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("义务教育法", 5, 2), "适龄儿童、少年的父母或者其他法定监护人应当依法保证其按时入学接受并完成义务教育。"),
        (("中华人民共和国义务教育法", 27), "对违反学校管理制度的学生，学校应当予以批评教育，不得开除。"),
        (("未成年人保护法", 16, 1, 5), "（五）尊重未成年人受教育的权利，保障适龄未成年人依法接受并完成义务教育；"),
        (("未成年人保护法", 28, 2), "学校应当对尚未完成义务教育的辍学未成年学生进行登记并劝返复学；劝返无效的，应当及时向教育行政部门书面报告。"),
    ],
)  # fmt: skip
def test_quotes_are_exact(place: tuple[str, int], words: str) -> None:
    assert law.quote(*place) == words


def test_the_order_follows_a_comma_in_article_58() -> None:
    assert "给予批评教育，责令限期改正。" in law.quote("义务教育法", 58)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("义务教育法", 5, 2), "《中华人民共和国义务教育法》第五条第二款"),
        (("义务教育法", 58), "《中华人民共和国义务教育法》第五十八条"),
        (("义务教育法", 58, 1), "《中华人民共和国义务教育法》第五十八条"),
        (("未成年人保护法", 16, 1, 5), "《中华人民共和国未成年人保护法》第十六条第（五）项"),
        (("残疾人教育条例", 17, 4), "《残疾人教育条例》第十七条第四款"),
        (("行政复议法", 24, 1), "《中华人民共和国行政复议法》第二十四条第一款"),
    ],
)
def test_citations_name_law_article_and_paragraph(place: tuple[str, int], words: str) -> None:
    assert law.cite(*place) == words


@pytest.mark.parametrize(
    "place", [("义务教育法", 15), ("义务教育法", 5, 5), ("未成年人保护法", 16, 1, 11), ("教育法", 1)]
)
def test_what_was_not_checked_cannot_be_quoted(place: tuple[str, int]) -> None:
    with pytest.raises(law.NotInStore, match="不在核对过的法条库中"):
        law.quote(*place)


def test_a_changed_character_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    read = law.yaml_files.parse
    monkeypatch.setattr(law.yaml_files, "parse", lambda text: read(text.replace("批评教育，责令", "批评教育。责令")))
    with pytest.raises(law.LawDamaged, match="义务教育法 58"):
        law.articles.__wrapped__()


@pytest.mark.parametrize(
    ("number", "words"),
    [(5, "五"), (10, "十"), (17, "十七"), (20, "二十"), (108, "一百零八"), (118, "一百一十八"), (201, "二百零一"), (1259, "一千二百五十九")],
)  # fmt: skip
def test_numbers_read_as_in_statutes(number: int, words: str) -> None:
    assert law.say_number(number) == words


ALLOWED = [
    # who, verb, may
    ("school", "urge", True), ("school", "report", True), ("school", "order", False), ("school", "approve", False),
    ("school", "verify", False), ("village", "order", False), ("village", "serve", False), ("township", "order", True),
    ("township", "approve", True), ("township", "assess", False), ("county_edu", "order", True), ("county_edu", "assess", True),
    ("subdistrict", "order", False), ("nobody", "urge", False),
]  # fmt: skip


@pytest.mark.clause("FJ-23")
@pytest.mark.parametrize(("kind", "verb", "may"), ALLOWED)
def test_the_issuer_decides_the_verb(kind: str, verb: str, may: bool) -> None:
    assert law.may(Issuer(kind, "某单位"), verb) is may


def test_a_subdistrict_orders_only_on_a_local_basis_that_was_entered() -> None:
    assert law.may(Issuer("subdistrict", "某街道办事处", local_basis="某省义务教育条例第四十条"), "order")


def test_a_refusal_says_who_may_on_what_basis_and_what_to_do_instead() -> None:
    with pytest.raises(law.NotAllowed) as refused:
        law.require(Issuer("school", "青石镇中学"), "order", "责令限期改正通知书")
    sentence = str(refused.value)
    assert "学校不能出具《责令限期改正通知书》" in sentence
    for words in ("乡镇人民政府", "县级教育行政部门", "《中华人民共和国义务教育法》第五十八条", "辍学报告书"):
        assert words in sentence


def test_no_issuer_of_ours_has_a_verb_of_penalty() -> None:
    terms = " ".join(str(verb["term"]) for verb in law.powers()["verbs"].values())
    assert not any(word in terms for word in ("处罚", "罚款", "训诫", "开除"))
