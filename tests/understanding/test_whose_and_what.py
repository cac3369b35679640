"""Of whom a thing is told, and what comes of it: lists with a leave at their end, sentences taken back, causes, groups."""

from __future__ import annotations

import pytest

from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand
from tests.understanding.test_dates_ahead import NOW, told

SAID = """
没来的有张三、李四、王五请病假|张三、李四、王五 clarify about=student
今天没来的:张三、李四、王五病假|张三、李四、王五 clarify about=student
缺勤的有张三、李四和王五请事假两天|张三、李四、王五 clarify about=student
没来的有张三、李四、王五都请了病假|张三、李四、王五 leave kind=sick
没来的张三、李四、王五请假了|张三、李四、王五 leave
张三、李四、王五请病假|张三、李四、王五 leave kind=sick
没来的有张三、李四，王五请病假|张三、李四 absence; 王五 leave kind=sick
没来的有张三、李四请病假、王五旷课|张三、李四 leave kind=sick; 王五 absence
张三没来，说错了|张三 clarify about=meaning
李四请假三天，打错了|李四 clarify about=meaning
张三返校了，发错了|张三 clarify about=meaning
张三没来，不对|张三 clarify about=meaning
张三没来，搞错了，是李四|李四 absence
请假的是张三不是李四，搞错了|张三 leave
家访张三，他爸同意，今早已经送来了|张三 visit outcome=returned
给李四爸爸打电话，他爸同意，今早已经送来了|李四 contact channel=phone outcome=returned
张三昨天送到学校了，乡上干部开车送的|张三 return date=2025-03-11
给张三妈妈打电话，说了半天被挂断了|张三 contact channel=phone outcome=other
给李四妈妈打电话，讲到一半信号断了|李四 contact channel=phone outcome=other
张三没来，腿断了|张三 absence reason=腿断了
张三今天没来，下雨路断了|张三 absence date=2025-03-12 reason=下雨路断了
张三没来，她发烧了要去看医生|张三 absence reason=发烧
李四请假，他肚子疼得去卫生院|李四 leave kind=sick reason=肚子疼
王五妈妈说她出水痘要请一个礼拜|王五 leave days=7 kind=sick reason=出水痘
张三请假一天，他爸住院了要去照顾|张三 leave days=1 kind=personal reason=他爸住院
李四由于车祸不能到校|李四 absence reason=车祸
张三今天没来，家里说不知道|张三 absence date=2025-03-12
张三他娘住院，请到周五回去伺候|张三 leave kind=personal reason=他娘住院 to=2025-03-14
张三妈妈打电话说明天来不了|张三 contact channel=phone outcome=other
李四爸爸说明天来|李四 contact outcome=agreed return_on=2025-03-13
张三妈妈微信说在医院，明天来不了|张三 leave from=2025-03-13 kind=sick reason=在医院
张三请假不来了|张三 leave
李四妈妈不同意他请假|李四 clarify about=meaning
学校没批张三请假|张三 clarify about=meaning
李四又说要来了|李四 clarify about=meaning
李四马上到校|李四 clarify about=meaning
李四终于来了|李四 return
张三说的请假其实是旷课|张三 absence
今天全部到齐 除了张三|张三 absence date=2025-03-12
都没来，除了张三|张三 clarify about=meaning
都返校了除了张三|张三 clarify about=meaning
都来了，除了张三没来|张三 absence
去了李四家他妈答应明天送学校如果不送我们再上门|李四 visit outcome=agreed return_on=2025-03-13
张三没来因为没钱交学费|张三 absence reason=没钱交学费
王五没去上学是因为没有校服|王五 absence
"""
DICTATED = """
张三今天没来我打电话给他妈妈他妈妈说孩子发烧请两天假|张三 leave days=2 kind=sick reason=发烧; 张三 contact channel=phone outcome=ill
张三今天没到校电话联系家长说是感冒了请假两天|张三 leave days=2 kind=sick reason=感冒了; 张三 contact channel=phone outcome=ill
今天张三没来学校我打了他妈妈电话她说孩子发高烧了要请三天假|张三 leave days=3 kind=sick reason=发高烧; 张三 contact channel=phone outcome=ill
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines() + DICTATED.strip().splitlines())
def test_what_is_told_of_whom(line: str) -> None:
    text, wanted = line.split("|")
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "action", "slots"),
    [
        ("建档立卡的有几个没来", "stats", {"among": "poor"}),
        ("留守儿童有几个没来", "stats", {"among": "left_behind"}),
        ("有几个没来", "stats", {}),
        ("留守儿童待劝返名单", "list", {"which": "pending", "group": "left_behind"}),
        ("单亲的还有哪些没劝返", "list", {"which": "pending", "group": "single_parent"}),
        ("待劝返名单", "list", {"which": "pending"}),
        ("哪几个村还没有报上来", "report", {"what": "monthly", "step": "progress"}),
        ("还有哪些学校没有报上来", "report", {"what": "monthly", "step": "progress"}),
        ("上个月哪几个村缺勤最多", "stats", {"period": "上个月", "guessed": True}),
        ("哪些村还有娃没回来读书", "list", {"which": "pending"}),
        ("河东村还有哪些没劝返", "list", {"which": "pending", "place": "河东村"}),
    ],
)
def test_groups_and_places_asked_of(text: str, action: str, slots: dict[str, str]) -> None:
    [asked] = understand(text, "township", NOW, ListIndex(["张三"]))
    assert (asked.action, asked.slots) == (action, slots)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("培楚没来", "王培楚"),
        ("欧阳没来", "欧阳雪"),
        ("九年级的满仓旷课两天了", "黄满仓"),
        ("给春生妈妈打电话没人接", "马春生"),
        ("查春生", "马春生"),
        ("查一下春生", "马春生"),
        ("上课前要做好准备", None),
        ("家里粮食满仓", None),
    ],
)
def test_a_name_not_written_in_full(text: str, name: str | None) -> None:
    roster = ListIndex(["王培楚", "欧阳雪", "黄满仓", "马春生"])
    named = {m.name for action in understand(text, "teacher", NOW, roster) for m in action.students}
    assert named == ({name} if name else set())
