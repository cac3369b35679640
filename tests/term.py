"""A term in the made-up county, typed by forty people.

``python -m tests.term [--seed N] [--days N] [--from N]`` plays its first days (all of them without ``--days``) and prints every word,
with ``--from`` those after the first N days alone.

The messages are those of the corpora, each at its own hour and day, by a writer of its role, with pupils of that writer's scope
in place of the roster's. Questions are answered as people do: mostly with the first option, sometimes not at all.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casework.people import COUNTY, Person, Post, Pupil
from casework.scope import Scope
from storage.rebuilding import rebuild
from tests.support.talk import Stage

CORPUS = Path(__file__).parent / "corpus"
FILES = ("dev", "second", "third", "fourth", "fifth", "sixth", "seventh", "own")
FIRST, LAST = dt.datetime(2025, 3, 3, 7), dt.datetime(2025, 7, 10, 18)
MORE = (
    ("ding", "丁老师", "subject_teacher", "c1"), ("jiang", "蒋老师", "subject_teacher", "c2"),
    ("shen", "沈老师", "subject_teacher", "c3"), ("han", "韩老师", "subject_teacher", "c4"),
    ("yang", "杨老师", "subject_teacher", "c5"), ("zhu", "朱老师", "subject_teacher", "c6"),
    ("qin", "秦老师", "subject_teacher", "c2"), ("you", "尤老师", "subject_teacher", "c3"),
    ("xu", "许主任", "school", "s1"), ("lv", "吕主任", "school", "s2"), ("shi2", "施主任", "school", "s3"),
    ("kong", "孔委员", "village", "v1"), ("cao", "曹委员", "village", "v2"), ("yan", "严委员", "village", "v3"),
    ("hua", "华委员", "village", "v4"), ("jin", "金副镇长", "township", "t1"), ("wei", "魏副乡长", "township", "t2"),
    ("tao", "陶干事", "township", "t1"), ("qi", "戚科员", "county", COUNTY),
)  # fmt: skip
"""Nineteen more than the demo's twenty-one: colleagues of the same posts."""
ROLES = {"teacher": ("teacher", "subject_teacher"), "school": ("school", "principal"), "county": ("county", "admin")}
PLACEHOLDERS = {"张三", "李四", "王五"}
"""Names in the bot's own examples; three pupils of the made-up county bear them too."""
ASKS = re.compile(r"请回|回复|回1|回“是”|哪一|请选|吗？")


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said or pushed: by whom (empty: the bot unasked), to whom, what was typed and what was heard."""

    at: dt.datetime
    person: str
    typed: str
    heard: str
    foreign: tuple[str, ...] = ()


@dataclass(slots=True)
class Term:
    """The county in the course of a term."""

    seed: int = 1
    stage: Stage = field(init=False)
    pupils: dict[str, Pupil] = field(init=False)
    roles: dict[str, str] = field(init=False)
    reach: dict[str, list[Pupil]] = field(init=False)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.stage = Stage("longchuan", FIRST)
        with self.stage.store.begin(FIRST) as work:
            work.people.put_people([Person(userid, name) for userid, name, _, _ in MORE])
            work.people.put_posts([Post(userid, role, unit) for userid, _, role, unit in MORE])
        self.stage.ids |= {name: userid for userid, name, _, _ in MORE}
        self.stage.names |= {userid: name for userid, name, _, _ in MORE}
        self._learn()

    def play(self, days: int = 200, each: int = 1) -> Iterator[Word]:
        """All words of the first ``days`` days, in order; of the corpora only each n-th line of each role."""
        until = min(LAST, FIRST + dt.timedelta(days=days))
        met = Counter[str]()
        for line in lines():
            moment = dt.datetime.fromisoformat(line["now"])
            if not FIRST < moment <= until:
                continue
            met[line["role"]] += 1
            if (met[line["role"]] - 1) % each:
                continue
            if moment > self.stage.now:
                yield from self._wait(moment)
            yield from self._say(line)
        yield from self._wait(max(until, self.stage.now))

    def differences(self) -> list[object]:
        """What ``kongchuo rebuild --check`` finds."""
        return list(rebuild(self.stage.store, self.stage.now, check=True))

    def _say(self, line: dict) -> Iterator[Word]:  # type: ignore[type-arg]
        roles = ROLES.get(line["role"], (line["role"],))
        writers = [name for name, id in self.stage.ids.items() if self.roles[id] in roles]
        who = self.dice.choice(writers)
        text = self._with_pupils(line["text"], line["roster"], self.stage.ids[who])
        yield (said := self._word(who, text))
        for _ in range(2):
            if not ASKS.search(said.heard.splitlines()[-1].replace("发错了请回", "")) or self.dice.random() < 0.2:
                return
            yield (said := self._word(who, self.dice.choice(("1", "是", "1", "2"))))

    def _word(self, who: str, text: str) -> Word:
        at = self.stage.now
        heard = self.stage.say(who, text)
        return Word(at, who, text, heard, self._foreign(who, text, heard))

    def _with_pupils(self, text: str, roster: list[str], person: str) -> str:
        """The text with pupils of the writer's reach in place of those of the corpus's roster."""
        mine = self.dice.sample(self.reach[person], min(len(self.reach[person]), 30))
        named = [name for name in sorted(set(roster), key=len, reverse=True) if name in text]
        for name, pupil in zip(named, mine, strict=False):
            text = text.replace(name, pupil.name)
        return text

    def _wait(self, until: dt.datetime) -> Iterator[Word]:
        """Time passes; what is pushed meanwhile, each at its own moment."""
        for at, who, text in self.stage.pass_moments(until):
            yield Word(at, who, "", text, self._foreign(who, "", text))

    def _foreign(self, who: str, typed: str, heard: str) -> tuple[str, ...]:
        """Names of pupils outside the person's scope that the person did not write."""
        own = {p.name for p in self.reach[self.stage.ids[who]]} | PLACEHOLDERS
        others = {p.name for p in self.pupils.values()} - own
        staff = set(self.stage.ids)
        return tuple(n for n in others if n in heard and n not in typed and not any(n in name for name in own | staff))

    def _learn(self) -> None:
        with self.stage.store.begin(FIRST) as work:
            self.pupils = {p.id: p for p in work.people.in_scope(Scope(everything=True), limit=1000)[0]}
            self.roles, self.reach = {}, {}
            for id in self.stage.ids.values():
                directory = work.world.directory
                self.roles[id] = directory.posts_of(id, FIRST.date())[0].role
                self.reach[id] = work.people.in_scope(directory.scope_of(id, FIRST.date()), limit=1000)[0]


def lines() -> list[dict]:  # type: ignore[type-arg]
    """All lines of the corpora by their moment; ``play`` takes those of its term."""
    rows = [json.loads(row) for name in FILES for row in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return sorted(rows, key=lambda row: (row["now"], row["id"]))


def _printed(word: Word) -> Iterator[str]:
    yield f"\n[{word.at:%m-%d %H:%M}] " + (f"{word.person}：{word.typed}" if word.typed else f"→ {word.person}")
    yield from (f"    {part}" for part in word.heard.splitlines())
    if word.foreign:
        yield f"    !! outside the scope: {'、'.join(word.foreign)}"


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--days", type=int, default=200)
    options.add_argument("--from", type=int, default=0, dest="after", metavar="N")
    given = options.parse_args()
    term = Term(given.seed)
    for word in term.play(given.days):
        if word.at >= FIRST + dt.timedelta(days=given.after):
            print("\n".join(_printed(word)))
    print("\nrebuild --check:", term.differences() or "no difference")
