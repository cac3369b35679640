"""What the second reader writes down of a meaning that it believes: the days, lengths, places and pupils of the message."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.clauses import Part, parts_of
from handlers.understanding.drafted import drafted
from handlers.understanding.drafts import Setting
from handlers.understanding.meant import meant
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import line_and_text

ROSTER = ListIndex(["张三", "李四"])
TODAY = dt.date(2025, 3, 12)  # a Wednesday
BELIEVED = """
list:pending|上坪村要去劝的念给我听|list which=pending place=上坪村
list:special|哪些娃要照顾的|list which=special
all_present|昨天一个都没少|all_present date=2025-03-11
all_present|明天一个都不少|all_present
all_present|张三也在|
found|上坪村那边多出来个九岁的|found age=9
found|张三多出来|
visit:agreed|昨天张三屋头说周一送来|visit 张三 outcome=agreed return_on=2025-03-17 date=2025-03-11
visit:agreed|张三、李四屋头都答应了，周一来|visit 张三 李四 outcome=agreed return_on=2025-03-17
visit:refused|张三屋头不松口，周一再讲|visit 张三 outcome=refused
visit:nobody|张三屋头门是锁的|visit 张三 outcome=nobody
visit:agreed|屋头答应|
contact:nobody|微信呼张三他爸，没理|contact 张三 channel=wechat outcome=nobody
contact:nobody|昨天打张三他爸手机，没理|contact 张三 channel=phone outcome=nobody date=2025-03-11
contact:agreed|张三他爸回信说周五来|contact 张三 outcome=agreed return_on=2025-03-14
absence|张三昨天又不见人影|absence 张三 date=2025-03-11
absence|张三三天不见人影|absence 张三 days=3
leave:sick|张三肚皮痛，歇两天|leave 张三 days=2 kind=sick
leave:personal|张三屋头有事，要耽搁到周五|leave 张三 kind=personal to=2025-03-14 reason=屋头有事
return|张三昨天坐进教室了|return 张三 date=2025-03-11
return|张三，昨天坐进教室了，脸色好|return 张三 date=2025-03-11
snooze|张三过三天再说|snooze 张三 days=3
snooze|张三的先放放|
case|张三咋个样|case 张三
assign|张三以后归别人管|
teach|昨天给张三讲了两节|teach 张三 lessons=2 date=2025-03-11
teach|昨天给张三讲了40分钟|teach 张三 minutes=40 date=2025-03-11
transfer_out|张三3月5日走了|transfer_out 张三 date=2025-03-05
transfer_in|张三3月5日从都匀来|transfer_in 张三 date=2025-03-05 from=都匀
suspend|张三3月5日起停一年|suspend 张三 date=2025-03-05
mark:left_behind|张三爸妈都在外头|mark 张三 group=left_behind
export:visit_form|张三的上门表弄一份|export 张三 what=visit_form
report:monthly:submit|二月的就这么送上去|report what=monthly step=submit month=2025-02
report:monthly:show|上个月的拿来看看|report what=monthly step=show month=2025-02
help|这个东西咋个搞|help topic=这个东西咋个搞
todo|手里压着哪些活|todo
nothing|张三|
"""  # what it believes | what is typed | what is drafted


@pytest.mark.parametrize("row", BELIEVED.strip().splitlines())
def test_a_meaning_that_is_believed_takes_its_slots_from_the_message(row: str) -> None:
    meaning, text, wanted = row.split("|")
    line = meant(line_and_text(text, ROSTER, None)[0])
    lead, parts = parts_of(line)
    made = drafted(meaning, parts[0] if parts else Part([], lead), line, Setting(TODAY, "teacher"))
    told = [
        " ".join([d.action, *(line.tokens[at].value.name for at in d.names), *(f"{k}={v}" for k, v in d.slots.items())])
        for d in made
    ]
    assert "; ".join(told) == wanted
    assert all(d.spans["action"] for d in made)


@pytest.mark.parametrize(("said", "heard"), [("李老师", 1), ("王主任", 1), ("不用李老师", 0)])
def test_a_case_is_handed_to_whom_the_message_names(said: str, heard: int) -> None:
    line = meant(line_and_text(f"张三以后归{said}管", ROSTER, None)[0])
    made = drafted("assign", parts_of(line)[1][0], line, Setting(TODAY, "school"))
    assert len(made) == heard
    assert all("to" in d.slots for d in made)
