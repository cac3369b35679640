"""小升初 from the list of Grade 6 to a class of Grade 7: a graduate without a junior school stays the former primary school's."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from bot.rosters.new_year import plan_year, write_year
from casework.people import Person, Post
from handlers.conversation import answer
from reminders.classdays import class_days
from storage.people import Days
from storage.store import Store
from tests.rosters import test_new_year
from tests.rosters.test_new_year import AUGUST, FEEDS, places

SEPTEMBER = dt.datetime(2025, 9, 3, 9)
store = test_new_year.store  # the county in which one school has no junior school after it
STAFF = {
    "shui": ("school", "水贝小学"), "zhong": ("school", "中心小学"), "chu": ("school", "第一中学"), "yu": ("school", "育才学校"),
    "xian": ("county", ""),
}  # fmt: skip


@pytest.fixture
def after(store: Store) -> Store:
    """The new year has come: 丙六 waits in 水贝小学, 乙六 stands in 第一中学 without a class."""
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    with store.begin(AUGUST) as work:
        at = {u.name: u.id for u in work.world.directory.units.values()}
        work.people.put_people([Person(id, f"{id}主任") for id in STAFF])
        work.people.put_posts([Post(id, role, at[unit] if unit else "") for id, (role, unit) in STAFF.items()])
        work.people.put_days([Days("term", dt.date(2025, 9, 1), dt.date(2026, 1, 30))])
    return store


class Talk:
    """Messages of the staff, a minute apart."""

    def __init__(self, county: Store) -> None:
        self.store, self.now = county, SEPTEMBER

    def __call__(self, who: str, text: str) -> str:
        self.now += dt.timedelta(minutes=1)
        with self.store.begin(self.now) as work:
            desk = desk_for(work, who, f"chat:{self.now}")
            assert desk is not None
            return answer(desk, text).text


@pytest.mark.clause("XY-39", "XY-40")
def test_a_graduate_without_a_school_is_the_former_primary_schools_until_a_junior_school_says_so(after: Store) -> None:
    say = Talk(after)
    assert "丙六（水贝小学2025届六年级毕业待升学） 还没有登记去向" in say("shui", "小升初名单")
    assert "丙六" in say("xian", "小升初名单")
    assert "丙六" not in say("zhong", "小升初名单")
    assert "第一中学1人" in say("chu", "小升初名单")  # 乙六, assigned and without a class
    assert "等对方确认" in say("shui", "丙六转到第一中学")
    assert "等第一中学确认，已等0天" in say("shui", "小升初名单")
    assert "转入第一中学八年级3班" in say("chu", "接收 丙六 八年级3班")
    assert "丙六" not in say("shui", "小升初名单")
    assert places(after)["丙六"] == "第一中学/八年级3班"


def test_the_county_fixes_the_junior_school_and_a_primary_school_is_none(after: Store) -> None:
    say = Talk(after)
    assert "没有初中年级，没有记录" in say("xian", "安置 丙六 到中心小学")
    assert "已告知初中和原小学" in say("xian", "安置 丙六 到育才学校")
    assert "等育才学校确认" in say("shui", "小升初名单")
    assert "没有到校" in say("yu", "不接收 丙六，没有到校")
    assert "还没有登记去向" in say("shui", "小升初名单")


@pytest.mark.clause("XY-40")
def test_who_is_missing_at_the_junior_school_is_seen_and_brought_back_by_the_former_one(after: Store) -> None:
    say = Talk(after)
    assert "没有找到" in say("zhong", "查 乙六")
    assert "小升初未移交，原小学劝返" in say("chu", "乙六小升初没移交")
    assert "乙六" in say("zhong", "小升初名单")
    assert "zhong主任" in say("xian", "小升初名单")
    assert "乙六" in say("zhong", "查 乙六")
    assert "乙六" not in say("shui", "小升初名单")
    assert "已记：乙六" in say("zhong", "家访 乙六 家长同意明天送去报到")
    say("chu", "乙六今天回来上课了")
    assert "乙六" not in say("zhong", "小升初名单").split("已升入初中")[0]
    assert "没有找到" in say("zhong", "查 乙六")


def test_no_roll_call_asks_a_class_that_has_finished_school(after: Store) -> None:
    with after.begin(SEPTEMBER) as work:
        names = {room.name for room in class_days(work)}
    assert "八年级3班" in names
    assert not any("毕业" in name for name in names)
    assert "毕业" not in Talk(after)("xian", "哪些班没点名")
