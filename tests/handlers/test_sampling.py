"""The lot of a day: the same for chat, page and workbook, another one the next day."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from bot.papers import rounds
from handlers import sampling
from tests.support.talk import Stage

NOW = dt.datetime(2025, 11, 3, 8, 0)


@pytest.mark.clause("FJ-29", "FN-9")
def test_chat_page_and_workbook_name_the_same_pupils() -> None:
    stage = Stage("national", NOW)
    with stage.store.look(NOW) as work:
        desk = desk_for(work, "zhou", "")
        assert desk is not None
        everyone = sampling.lot(desk)
        assert {school.name: len(set(ids)) for school, ids in everyone.items()} == {
            "青石镇中学": 41, "青石镇中心小学": 40, "河湾乡九年一贯制学校": 40,
        }  # fmt: skip
        page = {part.title: [item.pupil for item in part.items] for part in sampling.of_each_school(desk).parts}
        names = {id: p.name for id, p in work.people.pupils([id for ids in page.values() for id in ids if id]).items()}
        book = rounds.quarter(work, desk, "2025-11")
        for school, ids in everyone.items():
            assert page[school.name] == ids[: sampling.OF_SCHOOL]
            assert [name for s, _, name in book.sample if s == school.name] == [names[id] for id in ids[:2]], (
                "5 % of 40"
            )
        [chat] = sampling.draw(desk, 4).parts
        first = {ids[0] for ids in everyone.values()}
        assert {item.pupil for item in chat.items[:3]} == first, "one of each school before a second of any"
        assert chat.items[3].pupil in {ids[1] for ids in everyone.values()}
        one_school = desk_for(work, "li", "")
        assert one_school is not None
        assert list(sampling.lot(one_school).values()) == [everyone[s] for s in everyone if s.name == "青石镇中学"]
        assert str(book.seed) in sampling.draw(desk, 1).head
    with stage.store.look(NOW + dt.timedelta(days=1)) as work:
        later = desk_for(work, "zhou", "")
        assert later is not None
        assert sampling.lot(later) != everyone


def test_who_may_draw_and_how_many() -> None:
    stage = Stage("national", NOW)
    said = stage.say("周股长", "抽查学生 5人").splitlines()
    assert said[0].startswith("从3所学校121名学生里随机抽到5名")
    assert [line[:2] for line in said[1:6]] == ["1.", "2.", "3.", "4.", "5."]
    assert stage.say("周股长", "抽查名单").startswith("从3所学校121名学生里随机抽到10名")
    assert stage.say("周股长", "2").startswith(stage.say("周股长", "抽查名单").splitlines()[2][3:].split("（")[0])
    assert "1到20" in stage.say("周股长", "抽查学生 21人")
    assert "随机抽到" not in stage.say("王老师", "抽查学生 5人")
