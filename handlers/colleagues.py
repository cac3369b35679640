"""Which colleague is meant: a name, a surname and a title (王主任), or a title alone (班主任), nearest to the pupil first."""

from __future__ import annotations

from casework.people import Person, Pupil
from handlers.desk import Desk
from handlers.understanding.lexicon_names import COMPOUND_SURNAMES
from handlers.understanding.names import split_name

POSTS_OF = {
    "老师": ("teacher", "subject_teacher"), "班主任": ("teacher",), "专干": ("school",), "校长": ("principal",),
    "主任": ("school", "village", "township"), "村主任": ("village",), "村长": ("village",), "村干部": ("village",),
    "支书": ("village",), "书记": ("village", "township"), "干部": ("village", "township"),
    "镇干部": ("township",), "乡干部": ("township",), "乡镇干部": ("township",), "干事": ("township",),
    "镇长": ("township",), "乡长": ("township",), "股长": ("county",),
}  # fmt: skip
"""Which posts a title may stand for, said after a surname or by itself."""
TITLES = tuple(sorted(POSTS_OF, key=len, reverse=True))
"""The longest first, for 班主任 ends with 主任."""
_NO_POST = {"镇长", "乡长"}
"""Titles of people whom the posts do not tell from their staff: whoever is found so is asked about first."""


def certain(said: str, person: Person) -> bool:
    """Whether the words that found this colleague alone can mean no other."""
    return person.name in said or _title(said) not in _NO_POST


def called(desk: Desk, said: str, pupil: Pupil | None = None) -> list[Person]:
    """Those who may be meant, each once: by the whole name if there is one, else by surname and title.

    A title alone means whoever has that post where the pupil learns or lives; nobody where no pupil is named.
    """
    everyone = [p for p in desk.work.people.everyone() if p.active and len(p.name) > 1] if said else []
    title = _title(said)
    stem = said.removesuffix(title)
    whole, ends = {said, stem}, [words for words in (said, stem) if not split_name(words)[0]]
    named = [p for p in everyone if p.name in whole] or [p for p in everyone for e in ends if e.endswith(p.name)]
    surname = stem if stem in COMPOUND_SURNAMES else stem[-1:]  # 青石镇黄干事: the rest says where
    if named or not title or (stem != surname and stem not in ends):  # 李华老师, and nobody is called 李华
        return list(dict.fromkeys(named))
    directory = desk.world.directory
    near = {*directory.path(pupil.class_id), *directory.path(pupil.village_id)} if pupil else set[str]()
    titled = [
        (person, post.unit in near)
        for person in everyone
        if surname in ("", split_name(person.name)[0] or person.name[:1])
        for post in directory.posts_of(person.id, desk.today)
        if post.role in POSTS_OF[title]
    ]
    found = [p for p, close in titled if close] or [p for p, _ in titled if stem]
    return list(dict.fromkeys(found))


def _title(said: str) -> str:
    return next((title for title in TITLES if said.endswith(title)), "")
