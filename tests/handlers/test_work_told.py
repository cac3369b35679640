"""Work told in plain words is recorded as what it is; what tells of more, or of nothing done yet, is left to the grammar."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from handlers import conversation, meetings, work_told
from tests.support.talk import Stage

RECORDED = [
    ("wang", "今天和李四谈心，情绪稳定"),
    ("wang", "跟李四谈了话"),
    ("wang", "李四心理辅导一次"),
    ("wang", "谈心 李四 情绪稳定"),
    ("wang", "给李四补课一次"),
    ("wang", "张三领了营养餐补助"),
    ("wang", "给张三、李四申请了寄宿生生活补助"),
    ("wang", "我们班今天开了主题班会"),
    ("li", "9月3日学校召开了班子会议，部署控辍保学工作"),
    ("li", "八年级3班今天开了主题班会"),
    ("zhou", "今天去青石镇中学检查控辍保学，台账齐全"),
    ("zhou", "督查青石镇中学，台账齐全"),
]
LEFT_ALONE = [
    ("wang", "和李四谈心，答应明天返校"),  # a contact with its outcome
    ("wang", "张三没来，给他补课也不来"),
    ("wang", "今天开主题班会，张三没来"),
    ("wang", "怎么给李四申请补助"),
    ("wang", "明天开班主任会"),
    ("wang", "给白日梦补课一次"),
    ("wang", "和李四妈妈谈话"),
    ("li", "学生会开会"),
    ("wang", "今天去青石镇中学检查控辍保学"),  # a teacher inspects nobody
]
KINDS = {
    "班主任会": "class_teachers",
    "主题班会": "class_meeting",
    "团会": "class_meeting",
    "领导小组会议": "leading_group",
    "学校领导班子会议": "leaders",
    "党总支会议": "party",
    "全校师生大会": "assembly",
    "全体教师会议": "staff",
    "班干部会议": "members",
    "家长座谈会": "forum",
    "送教教师座谈会": "teaching",
    "联席会议": "joint",
    "控辍例会": "",
}


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage("longchuan", dt.datetime(2025, 9, 5, 8))


def _is_one(stage: Stage, who: str, text: str) -> bool:
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, who, "")
        assert desk is not None
        return work_told.is_one(desk, text, conversation.meaning(desk, text))


@pytest.mark.parametrize(("who", "text"), RECORDED)
def test_work_told_in_plain_words(stage: Stage, who: str, text: str) -> None:
    assert _is_one(stage, who, text)


@pytest.mark.parametrize(("who", "text"), LEFT_ALONE)
def test_what_tells_of_something_else_is_left_alone(stage: Stage, who: str, text: str) -> None:
    assert not _is_one(stage, who, text)


@pytest.mark.clause("LC-5")
@pytest.mark.parametrize(("words", "kind"), KINDS.items())
def test_the_kind_of_a_meeting_is_read_from_its_name(words: str, kind: str) -> None:
    assert meetings.kind_of(words) == kind
