"""A made-up county of any size: 102 schools and 115,152 pupils by default, as in the county that the measures name."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.load import KEY, MORNING
from casework.facts import Fact, Kind
from casework.people import COUNTY, Person, Post, Pupil, Unit
from handlers.understanding import names
from storage import factbook
from storage.counties import create_county
from storage.engine import build_engine
from storage.migrating import migrate
from storage.people import Days
from storage.pupils import Entered, read_keys
from storage.session import chunks
from storage.store import Store, open_store
from storage.tables import metadata

PUPILS, SCHOOLS, CLASSES = 115_152, 102, 2448
TOWNSHIPS, VILLAGES = 20, 240
NAME = "测量县"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万"
_GIVEN = "子涵雨桐浩然欣怡志强小燕俊杰思琪佳豪美玲天宇晓彤国栋秀英家乐梦瑶文丽娟建华轩海雪梅明嘉伟春生金宝水勇珍大山玉兰光朝阳翠满仓冬"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the county is. ``scale`` 1 is the county of the measures; every number is at least one."""

    pupils: int = PUPILS
    schools: int = SCHOOLS
    classes: int = CLASSES

    @classmethod
    def of(cls, scale: float) -> Size:
        schools = max(2, round(SCHOOLS * scale))
        return cls(max(100, round(PUPILS * scale)), schools, max(schools, round(CLASSES * scale)))


def make_units(size: Size) -> list[Unit]:
    """Townships with their villages and schools, and the classes of the schools."""
    townships = [Unit(f"t{n}", "township", f"第{n}镇") for n in range(TOWNSHIPS)]
    villages = [Unit(f"v{n}", "village", f"第{n}村", f"t{n % TOWNSHIPS}") for n in range(VILLAGES)]
    schools = [
        Unit(f"s{n}", "school", f"第{n}学校", f"t{n % TOWNSHIPS}", ("primary", "junior", "nine_year")[n % 3])
        for n in range(size.schools)
    ]
    classes = [
        Unit(f"c{n}", "class", f"{'一二三四五六七八九'[n % 9]}年级{n // size.schools + 1}班", f"s{n % size.schools}", grade=n % 9 + 1)
        for n in range(size.classes)
    ]  # fmt: skip
    return [*townships, *villages, *schools, *classes]


def make_staff(size: Size) -> list[Post]:
    """A teacher for each class, an officer and a principal for each school, and those of the villages and above."""
    posts = [Post(f"ban{n}", "teacher", f"c{n}") for n in range(size.classes)]
    posts += [Post(f"kong{n}", "school", f"s{n}") for n in range(size.schools)]
    posts += [Post(f"zhang{n}", "principal", f"s{n}") for n in range(size.schools)]
    posts += [Post(f"cun{n}", "village", f"v{n}") for n in range(VILLAGES)]
    posts += [Post(f"zhen{n}", "township", f"t{n}") for n in range(TOWNSHIPS)]
    return [*posts, Post("xian", "county", COUNTY), Post("guan", "admin", COUNTY)]


def make_pupils(size: Size) -> list[Pupil]:
    """Pupils with names as common as real ones, the same each time, in the villages of their school's township; one in two
    hundred is taught at home."""
    chance = random.Random(115_152)
    pupils = []
    for n in range(size.pupils):
        given = "".join(chance.choice(_GIVEN) for _ in range(1 if chance.random() < 0.15 else 2))
        groups = frozenset({("left_behind", "poor", "migrant", "disabled")[n % 4]} if n % 9 == 0 else ())
        place = n % size.classes
        village = place % size.schools % TOWNSHIPS + n // size.classes % (VILLAGES // TOWNSHIPS) * TOWNSHIPS
        pupils.append(
            Pupil(f"p{n}", chance.choice(_SURNAMES) + given, f"c{place}", f"v{village}", groups,
                  home_taught=n % 200 == 7, local=n % 40 != 3)
        )  # fmt: skip
    return pupils


def build_county(url: str, size: Size, now: dt.datetime = MORNING, pack: str = "longchuan") -> Store:
    """A new county with everybody in it, in a database that has no tables yet."""
    engine = build_engine(url)
    migrate(engine)
    create_county(engine, [KEY], NAME, pack, dt.datetime(2025, 9, 1))
    store = open_store(engine, data_keys=[KEY], fold=names)
    units, posts = make_units(size), make_staff(size)
    years = [((y, 9, 1), (y + 1, 1, 30)) for y in (2024, 2025)] + [((y, 3, 2), (y, 7, 10)) for y in (2025, 2026)]
    with store.begin(now) as work:
        work.people.put_units(units)
        work.people.put_people([Person(post.person, f"{post.person}老师") for post in posts])
        work.people.put_posts(posts)
        work.people.put_days([Days("term", dt.date(*start), dt.date(*end)) for start, end in years])
    for batch in chunks(make_pupils(size), 30_000):
        with store.begin(now) as work:
            details = {"guardian": "家长", "relation": "母亲", "phone": "13800000000"}
            work.people.put_pupils([Entered(pupil, details) for pupil in batch])
    settle(store)
    return store


def settle(store: Store) -> None:
    """Let the database tidy up and gather its statistics, as a server that has been running for a day has: of what there is.

    PostgreSQL's own autovacuum looks at no empty table. One that is told to be empty is planned for as if it stayed so.
    """
    tidy = "VACUUM ANALYZE" if store.engine.dialect.name == "postgresql" else "ANALYZE"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.tables:
            if connection.execute(sa.text(f'SELECT EXISTS (SELECT 1 FROM "{table}")')).scalar_one():
                connection.execute(sa.text(f'{tidy} "{table}"'))


def facts_of_a_year(size: Size, count: int) -> Iterator[Fact]:
    """About ``count`` facts of the school year before: absences with contacts, visits and returns, leaves, a few dropouts."""
    chance = random.Random(300_000)
    days = [dt.date(2024, 9, 2) + dt.timedelta(days=n) for n in range(300)]
    days = [day for day in days if day.weekday() < 5 and not dt.date(2025, 1, 31) <= day <= dt.date(2025, 3, 2)]
    made = 0
    while made < count:
        n = chance.randrange(size.pupils)
        start = chance.randrange(len(days) - 12)
        for fact in _story(n, n % size.classes, days, start, chance, made):
            made += 1
            yield fact


def _story(n: int, place: int, days: list[dt.date], start: int, chance: random.Random, number: int) -> Iterator[Fact]:
    def fact(kind: Kind, at: int, hour: int, /, **data: str | int) -> Fact:
        day = days[at]
        told = dt.datetime.combine(day, dt.time(hour, chance.randrange(60)))
        id = f"{told:%Y%m%d%H%M}-{number:07d}-{kind.value}-{at}"
        return Fact(
            id,
            kind,
            day,
            told,
            f"ban{place}",
            "teacher",
            pupil=f"p{n}",
            data=data,
            source=f"msg:{number}-{at}-{kind.value}",
        )

    length = chance.choice((1, 1, 1, 2, 2, 3, 5, 9))
    if chance.random() < 0.25:
        yield fact(Kind.LEAVE, start, 8, kind="sick", to=days[start + length - 1].isoformat())
        yield fact(Kind.RETURN, start + length, 8)
        return
    yield fact(Kind.ABSENCE, start, 8, reason="感冒在家休息")
    yield fact(Kind.CONTACT, start, 9, channel="phone", outcome="promised")
    if length > 1:
        yield fact(Kind.VISIT, start + 1, 17, outcome="agreed", note="到家里谈了半个小时")
    if length < 9 or chance.random() < 0.9:
        yield fact(Kind.RETURN, start + length, 8)
    else:
        yield fact(Kind.DROPOUT, start + length, 10, reason="外出打工", reason_code="work")


def put_facts(store: Store, facts: Iterator[Fact], now: dt.datetime = MORNING) -> int:
    """Append facts without judging anybody; returns how many."""
    count = 0
    for batch in chunks(facts, 5000):
        with store.begin(now) as work:
            keys = read_keys_of(work.session, sorted({fact.pupil for fact in batch if fact.pupil}))
            factbook.add(work.session, batch, keys)
        count += len(batch)
    settle(store)
    return count


def read_keys_of(session: object, ids: list[str]) -> dict[str, object]:
    """The keys of many pupils, in pieces."""
    found: dict[str, object] = {}
    for batch in chunks(ids):
        found.update(read_keys(session, batch))  # type: ignore[arg-type]
    return found


def file_url(path: Path) -> str:
    return f"sqlite:///{path}"
