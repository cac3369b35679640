"""Words that push a pupil out of school are noticed; denials, families' own words and plain reports are not."""

from __future__ import annotations

import pytest

from handlers.guard import forced, refused

PUSHED = [
    "打算劝退李四",
    "李四被学校劝退了，在家",
    "张三成绩太差，让他办休学",
    "拖班级后腿，建议他转学",
    "强制休学一年",
    "逼着学生转学",
    "老师叫他别来学校了",
    "通知王五不要来上课",
    "学校动员张三退学去职校",
    "考勤太差，校长说要开除张三",
    "学习不好影响升学率，劝他休学",
    "家长反映孩子被劝退",
    "他妈妈说老师叫他别来学校",
    "张三太差了，让他别来了",
    "让张三转到别的学校去吧",
    "张三成绩跟不上，建议转学",
    "要求李四休学",
    "叫张三家长领回去，不用来了",
    "建议李四去职校，中考别报了",
    "让李四不参加中考",
    "劝李四分流到中职",
    "李四提前发毕业证离校",
    "校长说把李四清退",
    "张三被学校赶回家了",
    "学校把张三撵回来了",
    "老师说张三不用去学校了",
    "张三学籍不要了，让他走",
    "成绩差的学生办休学",
    "勒令张三停学",
    "张三打架，学校让他回家待几天",
    "罗建华家里有困难，我校动员他转学",
    "家长说让赵小龙别参加中考，我同意他提前离校",
    "成绩差，学校让家长写自愿退学申请",
    "班主任叫李四签自愿离校保证书",
    "校长说写了放弃学业承诺书才给毕业证",
]
PLAIN = [
    "家长自己写了退学申请，我没同意",
    "张三骨折，我让家长填休学申请",
    "家长来接，我同意他提前离校",
    "家长说孩子不想读，我校劝他别转学",
    "劝张三不要退学",
    "学校同意他转学，手续齐了",
    "不得劝退任何学生",
    "学校没有劝退他",
    "严禁学校开除学生",
    "家长让张三退学打工",
    "他妈妈不让来，叫他别来上学了",
    "张三骨折，3月10日起休学",
    "张三自己要求退学",
    "张三转到惠州了",
    "家访 张三 劝他返校",
    "张三成绩差，厌学，今天没来",
    "劝返李四，家长同意",
    "医生建议李四休学半年",
    "李四因肾炎要休学，已通知家长办休学手续",
    "张三发烧，让他别来了",
    "肚子疼，叫家长领回去了",
    "台风，通知学生不用来了",
    "张三成绩差，自己想退学",
    "奶奶不让他走",
    "张三打架，停课反省三天",  # up to a week is lawful: 中小学教育惩戒规则（试行） art. 10
    "店主已清退，答应明日送校",
    "家长要求张三转学",
    "妈妈劝他别去学校了",
]


@pytest.mark.clause("XY-25", "LC-40")
@pytest.mark.parametrize("text", PUSHED)
def test_pushed_out(text: str) -> None:
    assert forced(text) is not None


@pytest.mark.clause("XY-25")
@pytest.mark.parametrize("text", PLAIN)
def test_no_alarm(text: str) -> None:
    assert forced(text) is None


REFUSED = [
    "张三要回来读书，学校拒收",
    "李四想复学，青石镇中学不收",
    "家长送王五来，校长不让他返校",
    "学校拒绝张三复学",
    "孩子回来了班主任不给办手续",
    "家长反映老师不让孩子进教室",
    "家长说学校不让张三上学",
]
TAKEN_BACK = [
    "不得拒收学生",
    "学校没有拒收",
    "家长拒绝返校",
    "张三拒绝复学",
    "家长不让他上学",
    "学校不收费",
    "老师不让他玩手机，生气没来",
    "邓文博 已下达劝学通知书；罗小军拒收，未送达",
    "家访 张三 家长拒绝送孩子返校",
]


@pytest.mark.clause("XY-34")
@pytest.mark.parametrize("text", REFUSED)
def test_kept_out(text: str) -> None:
    assert refused(text) is not None


@pytest.mark.clause("XY-34")
@pytest.mark.parametrize("text", TAKEN_BACK)
def test_nobody_is_kept_out(text: str) -> None:
    assert refused(text) is None
