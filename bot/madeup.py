"""A made-up county for the demo and the tests: two townships, three schools, six classes, all roles.

Every name is put together from lists; none is a real child's.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from casework.people import COUNTY, Person, Post, Pupil, Unit
from storage.people import Days
from storage.pupils import Entered
from storage.store import Store

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹"
GIVEN = [
    "子涵",
    "雨桐",
    "浩然",
    "欣怡",
    "志强",
    "小燕",
    "俊杰",
    "思琪",
    "佳豪",
    "美玲",
    "天宇",
    "晓彤",
    "国栋",
    "秀英",
    "家乐",
    "梦瑶",
    "文杰",
    "丽娟",
    "建华",
    "子轩",
    "海燕",
    "小龙",
    "雪梅",
    "明轩",
    "嘉欣",
    "伟强",
    "春生",
    "阿妹",
    "金宝",
    "水生",
    "小勇",
    "丽珍",
    "大山",
    "小鱼",
    "玉兰",
    "光明",
    "朝阳",
    "翠翠",
    "满仓",
    "冬梅",
]

UNITS = (
    Unit("t1", "township", "青石镇"),
    Unit("t2", "township", "河湾乡"),
    Unit("v1", "village", "上坪村", "t1"),
    Unit("v2", "village", "石桥村", "t1"),
    Unit("v3", "village", "河东村", "t2"),
    Unit("v4", "village", "柳树村", "t2"),
    Unit("s1", "school", "青石镇中学", "t1", "junior"),
    Unit("s2", "school", "青石镇中心小学", "t1", "primary"),
    Unit("s3", "school", "河湾乡九年一贯制学校", "t2", "nine_year"),
    Unit("c1", "class", "八年级3班", "s1", grade=8),
    Unit("c2", "class", "九年级1班", "s1", grade=9),
    Unit("c3", "class", "六年级1班", "s2", grade=6),
    Unit("c4", "class", "三年级2班", "s2", grade=3),
    Unit("c5", "class", "五年级1班", "s3", grade=5),
    Unit("c6", "class", "七年级1班", "s3", grade=7),
)
STAFF = (
    ("wang", "王老师", "teacher", "c1"), ("chen", "陈老师", "subject_teacher", "c1"),
    ("he", "何老师", "teacher", "c2"), ("luo", "罗老师", "teacher", "c3"),
    ("tang", "唐老师", "teacher", "c4"), ("xie", "谢老师", "teacher", "c5"), ("feng", "冯老师", "teacher", "c6"),
    ("li", "李主任", "school", "s1"), ("zhao", "赵校长", "principal", "s1"),
    ("sun", "孙主任", "school", "s2"), ("qian", "钱校长", "principal", "s2"),
    ("wu", "吴主任", "school", "s3"), ("zheng", "郑校长", "principal", "s3"),
    ("liu", "刘支书", "village", "v1"), ("shi", "石主任", "village", "v2"),
    ("dong", "董支书", "village", "v3"), ("ma", "马主任", "village", "v4"),
    ("huang", "黄干事", "township", "t1"), ("hu", "胡干事", "township", "t2"),
    ("zhou", "周股长", "county", COUNTY), ("guan", "管理员", "admin", COUNTY),
)  # fmt: skip
PER_CLASS = 20
GIRLS = {
    "雨桐", "欣怡", "小燕", "思琪", "美玲", "晓彤", "秀英", "梦瑶", "丽娟", "海燕", "雪梅", "嘉欣", "阿妹", "丽珍", "小鱼",
    "玉兰", "翠翠", "冬梅",
}  # fmt: skip
GUARDIANS = (("父亲", "大山"), ("母亲", "秀芳"), ("父亲", "建国"), ("祖父", "福生"), ("母亲", "玉珍"))


@dataclass(frozen=True, slots=True)
class County:
    """Units, staff with their posts, and pupils, ready to be put into a store."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    pupils: tuple[Pupil, ...]
    terms: tuple[tuple[dt.date, dt.date], ...]


def make_county(today: dt.date) -> County:
    """The county as of the school year of ``today``; the same each time."""
    people = tuple(Person(userid, name) for userid, name, _, _ in STAFF)
    posts = tuple(Post(userid, role, unit) for userid, _, role, unit in STAFF)
    return County(UNITS, people, posts, tuple(_pupils()), _terms(today))


def _pupils() -> list[Pupil]:
    names = _names()
    classes = [u for u in UNITS if u.kind == "class"]
    villages = {"s1": ("v1", "v2"), "s2": ("v1", "v2"), "s3": ("v3", "v4")}
    out = [Pupil("p1", "张三", "c1", "v1", frozenset({"left_behind"})), Pupil("p2", "李四", "c1", "v2"),
           Pupil("p3", "王五", "c1", "v1", local=False)]  # fmt: skip
    for place, unit in enumerate(classes):
        village = villages[unit.parent or ""]
        for n in range(PER_CLASS - (3 if unit.id == "c1" else 0)):
            number = len(out) + 1
            groups = frozenset(
                {("left_behind", "poor", "migrant", "struggling")[number % 4]} if number % 5 == 0 else ()
            )
            taught = unit.id == "c5" and n == 0
            out.append(
                Pupil(
                    f"p{number}", next(names), unit.id, village[(n + place) % 2],
                    groups | (frozenset({"disabled"}) if taught else frozenset()), home_taught=taught,
                    local=number % 17 != 0,
                )
            )  # fmt: skip
    # Two of one name in one class: the numbered choice is a thing to see in the demo.
    twin = out[5]
    out.append(Pupil(f"p{len(out) + 1}", twin.name, "c1", "v2"))
    return out


def _names() -> itertools.chain[str]:
    pairs = ((i * 7 % len(SURNAMES), (i * 11 + i // 40) % len(GIVEN)) for i in range(len(SURNAMES) * len(GIVEN)))
    return itertools.chain(dict.fromkeys(SURNAMES[s] + GIVEN[g] for s, g in pairs))


def _terms(today: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    year = today.year if today.month >= 8 else today.year - 1
    years = range(year - 1, year + 2)
    return tuple(
        term
        for y in years
        for term in ((dt.date(y, 9, 1), dt.date(y + 1, 1, 30)), (dt.date(y + 1, 3, 2), dt.date(y + 1, 7, 10)))
    )


def fill(store: Store, county: County, now: dt.datetime) -> None:
    """Put the made-up county into an empty store."""
    with store.begin(now) as work:
        work.people.put_units(county.units)
        work.people.put_people(county.people)
        work.people.put_posts(county.posts)
        work.people.put_days([Days("term", start, end) for start, end in county.terms])
        work.people.put_pupils([Entered(pupil, _details(county, pupil)) for pupil in county.pupils])


def _details(county: County, pupil: Pupil) -> dict[str, str]:
    """What a register says of a child, made up: no number of identity, and a telephone that is nobody's."""
    number = int(pupil.id[1:])
    relation, given = GUARDIANS[number % len(GUARDIANS)]
    surname = SURNAMES[number % len(SURNAMES)] if relation == "母亲" else pupil.name[0]
    grade = next(u.grade or 1 for u in county.units if u.id == pupil.class_id)
    first = min(start for start, _ in county.terms)
    village = next(u.name for u in county.units if u.id == pupil.village_id)
    return {
        "sex": "女" if pupil.name[1:] in GIRLS else "男",
        "born": dt.date(first.year + 1 - 6 - grade, 1 + number % 8, 1 + number % 28).isoformat(),
        "guardian": surname + given,
        "relation": relation,
        "phone": f"1380000{number:04}",
        "address": f"{village}{1 + number % 60}号",
    }
