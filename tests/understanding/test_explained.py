"""The words that led to each slot (``kongchuo understand --explain``), on Wednesday 12 March 2025."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.commands.understand import run

ROSTER = ["张三", "李四"]
SAID = """
village|我去了张三家，她去了李四家，两家都同意|visit action=去了 outcome=同意 students=张三、李四
village|昨天家访张三，家长同意下周一返校|visit action=家访 outcome=同意 return_on=下周一 date=昨天 students=张三
teacher|张三发烧，请假3月10日到3月14日|leave action=请假 kind=发烧 from=3月10日到3月14日 to=3月10日到3月14日 reason=发烧 students=张三
teacher|张三 缺勤 第3天|absence action=缺勤 day=第3天 students=张三
village|去了张三家，大门上锁，村里人讲一家去佛山了|visit action=去了 outcome=一家去佛山了 note=一家去佛山了 students=张三
village|张三多次动员无效，去广东打工了|visit action=动员 outcome=无效 students=张三
school|张三3月5日转学到惠州市第一小学|transfer_out action=转学 date=3月5日 to=惠州市第一小学 students=张三
school|李四因病休学一年，从3月1日起|suspend action=休学 date=3月1日 reason=病 students=李四
school|给张三送教2课时，40分钟|teach action=送教 lessons=2课时 minutes=40分钟 students=张三
school|昨天给张三送教，语文一节，数学一节|teach action=送教 date=昨天 students=张三
village|发现一个孩子，叫杨小花，9岁，在青石村三组，没上学|found action=发现一个孩子，叫杨小花，9岁，在青石村三组，没上学 name=杨小花 age=9岁 place=青石村三组
village|张三是留守儿童，家里困难|mark action=留守 group=留守 students=张三
teacher|张三请病假三天|leave action=请病假 kind=病假 days=三天 students=张三
school|打印张三的家访表|export action=家访表 what=家访表 students=张三
school|三月份月报交了没有，给我看一眼|report action=月报 what=月报 step=给我看一眼 month=三月份
township|张三转给妇联李主任跟进|assign action=转给妇联李主任跟进 to=妇联李主任 students=张三
teacher|张三的提醒推到周五|snooze action=提醒 until=周五 students=张三
teacher|李四三天后再提醒|snooze action=三天后再提 until=三天后 students=李四
teacher|张三返校了，李四昨天返校|return action=返校 students=张三; return action=返校 date=昨天 students=李四
village|走访张三、李四，张三同意周一来，李四家没人|visit outcome=同意 return_on=周一 students=张三; visit action=李四家没人 outcome=没人 students=李四
village|张三爸爸打不通，妈妈接了，说周一送来|contact action=打不通 channel=打不通 outcome=周一送来 return_on=周一 students=张三
township|3月8日给张三家送了劝学通知书，他妈签的字|notice action=劝学通知书 date=3月8日 students=张三
teacher|微信联系张三家长，说孩子在厂里|contact action=微信 channel=微信 outcome=在厂里 note=在厂里 students=张三
county|二月的疑似辍学名单发我|list action=疑似 which=疑似
teacher|张三周五下午就没来了，今天还没来|absence action=没来 from=周五 students=张三
teacher|张三昨天早上没来|absence action=没来 date=昨天 students=张三
village|张三家长说周三来，又改口周五|visit outcome=说周三来 return_on=周五 students=张三
teacher|李四没来，张三家里很困难|absence action=没来 students=李四; mark group=张三家里很困难 students=张三
teacher|张三昨天没来，前天也没来|absence action=没来 date=前天 students=张三; absence action=没来 date=昨天 students=张三
teacher|张三的事明天下午3点提醒我|snooze action=提醒 until=明天 clock=下午3点 students=张三
teacher|张三两小时后提醒我|snooze action=提醒 hours=两小时 students=张三
teacher|张三过三天再提醒|snooze action=三天再提 days=三天 students=张三
village|张三是留守儿童，李四父母外出跟爷爷住|mark action=留守 group=留守 students=张三、李四
village|张三列为重点关注，登记一下|mark action=重点关注 group=重点关注 students=张三
township|上坪村待劝返名单，发给我|list action=待劝返 which=待劝返 place=上坪村
school|张三休学，3月3日起|suspend action=休学 date=3月3日 students=张三
teacher|张三没来，李四是昨天|absence action=没来 students=张三; absence action=李四是昨天 date=昨天 students=李四
teacher|张三返校了，李四还没有|return action=返校 students=张三; absence action=李四还没有 students=李四
school|二月、三月的月报给我看看|report action=月报 what=月报 step=二月、三月的月报给我看看 month=二月; report action=月报 what=月报 step=二月、三月的月报给我看看 month=三月
school|张三从外地转来，父母在本地打工|transfer_in action=从外地转来 from=外地 reason=父母在本地打工 students=张三
village|家访张三，今早他爸送来学校|return action=今早他爸送来 date=今早 students=张三
teacher|张三生病住院，从周一请到这周五|leave action=请到 kind=生病 from=周一 to=这周五 reason=生病住院 students=张三
teacher|张三上周五没来，今天还没来，第二天了|absence action=没来 date=上周五 students=张三; absence action=没来 day=第二天 date=今天 students=张三
"""  # role | what is typed | the words for each action and for each of its slots


def _short(answer: dict[str, Any]) -> str:
    """``visit action=家访 outcome=同意 students=张三、李四``, one after another."""
    return "; ".join(
        " ".join(
            [
                read["action"],
                *(f"{slot}={'、'.join(w) if isinstance(w, list) else w}" for slot, w in words.items()),
            ]
        )
        for read, words in zip(answer["actions"], answer["explained"], strict=True)
    )


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_the_words_are_those_that_say_it(line: str) -> None:
    role, text, wanted = line.split("|")
    asked = {"id": "x", "role": role, "now": "2025-03-12T08:05", "roster": ROSTER, "text": text}
    (answer,) = run([json.dumps(asked, ensure_ascii=False)], explain=True)
    assert _short(json.loads(answer)) == wanted
