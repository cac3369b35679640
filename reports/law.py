"""The checked store of law: the only place from which an article is quoted, and who may issue what.

A text stands in ``articles/*.yaml`` with the sum of its characters; a store whose sums do not fit is refused,
so a slip of the keyboard never reaches a letter.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources

from casework import yaml_files
from reports.inputs import Issuer

DIGITS = "零一二三四五六七八九"


class LawDamaged(Exception):
    """An article of the store no longer has the characters that were checked."""


class NotInStore(LookupError):
    """That article, paragraph or item is not among the checked ones; the message says which, in Chinese."""


class NotAllowed(Exception):
    """This issuer may not make this paper; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article: paragraphs (款) in order, each a tuple of its opening and its items (项).

    ``copies`` counts the collections in which the text was found alike; ``letters`` is false where the
    article must not stand in a letter to a guardian; ``excerpt`` where only its first paragraphs are held.
    """

    law: str
    article: int
    paragraphs: tuple[tuple[str, ...], ...]
    version: str
    sources: str
    copies: int
    letters: bool = True
    excerpt: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line for paragraph in self.paragraphs for line in paragraph)


@functools.cache
def articles() -> dict[tuple[str, int], Article]:
    """All articles by law and number. Raises ``LawDamaged``."""
    store = {}
    for file in sorted((resources.files("reports") / "articles").iterdir(), key=lambda f: f.name):
        law = yaml_files.parse(file.read_text("utf-8"))
        for row in law["articles"]:
            article = _article(law, row)
            if hashlib.sha256(article.text.encode()).hexdigest()[:16] != row["sum"]:
                raise LawDamaged(f"{file.name}: {article.law} {article.article}")
            store[article.law, article.article] = article
    return store


def _article(law: dict[str, str], row: dict[str, object]) -> Article:
    return Article(
        law["name"],
        int(str(row["article"])),
        tuple(tuple(lines) for lines in row["paragraphs"]),  # type: ignore[attr-defined]
        law["version"],
        law["sources"],
        int(str(row["copies"])),
        bool(row.get("letters", True)),
        bool(row.get("excerpt", False)),
    )


@functools.cache
def full_name(law: str) -> str:
    """``义务教育法`` → ``中华人民共和国义务教育法``; regulations (条例) have no longer name."""
    return law if law.endswith("条例") else f"中华人民共和国{law}"


def find(law: str, number: int) -> Article:
    """The article, by the law's short or full name. Raises ``NotInStore``."""
    found = articles().get((law.removeprefix("中华人民共和国"), number))
    if found is None:
        raise NotInStore(f"《{law}》{say_article(number)}不在核对过的法条库中，不能引用。")
    return found


def quote(law: str, number: int, paragraph: int | None = None, item: int | None = None) -> str:
    """The exact characters of an article, one of its paragraphs (款, from 1) or items (项, from 1).

    Raises ``NotInStore``.
    """
    article = find(law, number)
    if paragraph is None:
        return article.text
    where = f"《{law}》{cite_place(number, paragraph, item)}"
    if not 1 <= paragraph <= len(article.paragraphs):
        raise NotInStore(f"{where}不在核对过的法条库中，不能引用。")
    lines = article.paragraphs[paragraph - 1]
    if item is None:
        return "\n".join(lines)
    if not 1 <= item < len(lines):
        raise NotInStore(f"{where}不在核对过的法条库中，不能引用。")
    return lines[item]


def cite(law: str, number: int, paragraph: int | None = None, item: int | None = None) -> str:
    """``《中华人民共和国义务教育法》第五条第二款``. Raises ``NotInStore``: nothing unchecked is cited."""
    quote(law, number, paragraph, item)
    article = find(law, number)
    # An article of one paragraph is cited without it; of an excerpt it is not known to be the only one.
    alone = len(article.paragraphs) == 1 and not article.excerpt
    return f"《{full_name(law)}》{cite_place(number, None if alone else paragraph, item)}"


def cite_place(number: int, paragraph: int | None = None, item: int | None = None) -> str:
    """``第五条第二款第（三）项``; the paragraph is named only where one is given."""
    place = say_article(number)
    place += f"第{say_number(paragraph)}款" if paragraph else ""
    return place + (f"第（{say_number(item)}）项" if item else "")


def say_article(number: int) -> str:
    """``28`` → ``第二十八条``."""
    return f"第{say_number(number)}条"


def say_number(number: int) -> str:
    """A number from 1 to 9,999 in Chinese, as statutes write it (``1259`` → ``一千二百五十九``)."""
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if zero else "") + DIGITS[digit] + name
        zero = bool(words) and not digit
    return words.removeprefix("一") if 10 <= number < 20 else words


@functools.cache
def powers() -> dict[str, dict[str, dict[str, object]]]:
    """``issuers`` (who: term, may) and ``verbs`` (what: term, basis, instead), as data (law.md 1, forms.md 0)."""
    table: dict[str, dict[str, dict[str, object]]] = yaml_files.parse(
        (resources.files("reports") / "issuers.yaml").read_text("utf-8")
    )
    return table


def may(issuer: Issuer, verb: str) -> bool:
    """Whether this issuer may do that: a subdistrict orders only on a local basis that was entered."""
    who = powers()["issuers"].get(issuer.kind, {})
    allowed: list[str] = list(who.get("may", ()))  # type: ignore[call-overload]
    with_basis: list[str] = list(who.get("may_with_basis", ()))  # type: ignore[call-overload]
    return verb in allowed or (verb in with_basis and bool(issuer.local_basis.strip()))


def require(issuer: Issuer, verb: str, title: str) -> None:
    """Raises ``NotAllowed`` with a sentence that says who may, on what basis, and what to do instead."""
    if may(issuer, verb):
        return
    issuers, rule = powers()["issuers"], powers()["verbs"][verb]
    who = issuers.get(issuer.kind, {}).get("term", "该单位")
    entitled = "、".join(str(row["term"]) for row in issuers.values() if verb in list(row["may"]))  # type: ignore[call-overload]
    basis = "、".join(cite(*place) for place in rule.get("basis", ()))  # type: ignore[attr-defined]
    sentence = f"{who}不能出具《{title}》：{rule['term']}只能由{entitled}作出"
    raise NotAllowed(f"{sentence}{f'（{basis}）' if basis else ''}。{rule.get('instead', '')}")
