"""抽查名单: pupils drawn by lot from each school, to be seen at school or at home against the ledger (FN-9, FJ-29).

抽查学生 10人. One lot a day for everybody: what chat and page name first also stands first of its school in 季度复核表, and nobody
draws again until it suits.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import zip_longest

from casework.access import ACTIONS
from casework.people import Pupil, Unit
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import NUMBERED, Item, Listing, Part, seen
from handlers.places import place_name, schools_in
from handlers.understanding.numerals import NUMBER, number

CLAUSES = {"FJ-29": ("check", "query"), "FN-9": ("check",)}
OF_SCHOOL = 3  # pupils of each school on the page
USUAL, MOST = 10, 20  # pupils in chat
_THEN = "请进校、入户核对人在不在，再和台账、月报对照。明天抽的是另一批"


def lot(desk: Desk) -> dict[Unit, list[str]]:
    """The pupils (ids) of each school of one's reach in the order in which the day's lot draws them."""
    directory = desk.world.directory
    of_school: dict[str, list[str]] = {}
    for room, ids in desk.work.tallies.in_classes(desk.scope).items():
        of_school.setdefault(directory.at_level(room, "school") or "", []).extend(ids)
    drawn = {}
    for school in schools_in(directory, desk.scope):
        ids = sorted(of_school.get(school.id, ()))
        random.Random(f"{seed(desk)}:{school.id}").shuffle(ids)  # a lot, no secret
        drawn[school] = ids
    return drawn


def seed(desk: Desk) -> int:
    """The day, as it stands on the sheet: with it the lot can be drawn again."""
    return int(f"{desk.today:%Y%m%d}")


def draw(desk: Desk, many: int) -> Listing:
    """So many pupils: the first of each school, the schools by lot too, then the second of each."""
    order = list(lot(desk).values())
    random.Random(seed(desk)).shuffle(order)
    ids = [id for row in zip_longest(*order) for id in row if id is not None]
    if not ids:
        return Listing("您负责的范围里还没有学生。")
    pupils = desk.work.people.pupils(ids[:many])
    items = [_item(desk, pupils[id]) for id in ids[:many] if id in pupils]
    head = f"从{len(order)}所学校{len(ids)}名学生里随机抽到{len(items)}名（种子{seed(desk)}）："
    then = f"{_THEN}；要按每校5%抽的整张表请发：导出季度复核表。"
    return Listing(head, [Part(items, way=NUMBERED, counted="人")], then, MOST)


def of_each_school(desk: Desk) -> Listing:
    """The first few of each school, school by school."""
    drawn = {school: ids[:OF_SCHOOL] for school, ids in lot(desk).items() if ids}
    if not drawn:
        return Listing("您负责的范围里还没有学生。")
    pupils = desk.work.people.pupils([id for ids in drawn.values() for id in ids])
    parts = [Part([_item(desk, pupils[id]) for id in ids], school.name, NUMBERED) for school, ids in drawn.items()]
    head = f"每所学校随机抽{OF_SCHOOL}名（种子{seed(desk)}），和《季度复核表》里各校的前{OF_SCHOOL}名相同。{_THEN}。"
    return Listing(head, parts, "要抽别的人数请发，例如：抽查学生 10人。", MOST)


def of_share(desk: Desk, share: float) -> list[tuple[Unit, Sequence[str]]]:
    """That share of each school's pupils, at least one, as the lot draws them."""
    return [(school, ids[: max(1, round(len(ids) * share))]) for school, ids in lot(desk).items()]


def _item(desk: Desk, pupil: Pupil) -> Item:
    village = place_name(desk.world.directory, pupil.village_id)
    where = place_name(desk.world.directory, pupil.class_id)
    return Item(f"{pupil.name}（{where}{f'，住{village}' if village else ''}）", pupil.id)


def _asked(desk: Desk, found: re.Match[str]) -> Said:
    if not desk.reader.may("judge"):
        return Said("随机抽查由学校、乡镇和县教育局进行。您可以发“风险名单”，看需要提前关注的学生。")
    many = int(number(found["many"]) or 0) if found["many"] else USUAL
    if not 1 <= many <= MOST:
        return Said(f"请写要抽几人，1到{MOST}，例如：抽查学生 10人。要抽得更多，请发：导出季度复核表。")
    return seen(desk, draw(desk, many), "list:sample")


COMMANDS: tuple[Command, ...] = (
    command(
        "抽查学生 10人",
        ACTIONS["judge"].roles,
        _asked,
        rf"{LOOK}{PLACE}(?:季度)?(?:复核)?(?:的)?(?:随机)?(?:抽查|抽样|抽取|抽)(?:学生)?(?:名单)?[:：\s]*(?P<many>{NUMBER})(?:个|名|位)?(?:人|学生)?(?:名单)?",
        rf"{LOOK}{PLACE}(?:季度)?(?:复核)?(?:的)?(?:随机)?(?:抽查|抽样)(?:学生)?名单(?P<many>)[?？]?",
        asks=True,
    ),
)
