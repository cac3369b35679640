"""What the comments of the understanding give as their reason, each as a whole message, on Wednesday 12 March 2025."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ["张三", "李四", "王五", "陈浩宇", "李明轩", "周末", "石头"]
SAID = """
teacher|去了张三、李四两家，一个同意，一个没人|visit 张三 outcome=agreed; visit 李四 outcome=nobody
teacher|张三、李四一个请假一个没来，请假的是张三|leave 张三; absence 李四
teacher|张三李四王五都不在，前两个请了假，最后那个不晓得|leave 张三 李四; absence 王五
teacher|家访张三和李四，前一个答应周一来，后一个不去|visit 张三 outcome=agreed return_on=2025-03-17; visit 李四 outcome=refused
teacher|张三昨天没请假没来，今天补了假条|leave 张三 from=2025-03-11
teacher|张三没来，明天也不来|clarify 张三 about=meaning
teacher|张三返校三天了|clarify 张三 about=date
teacher|张三先请假两天，后来又没来三天|leave 张三 days=2; absence 张三 days=3
teacher|张三病假到昨天，今天返校|leave 张三 kind=sick to=2025-03-11; return 张三 date=2025-03-12
teacher|张三明天没来|clarify 张三 about=meaning
teacher|张三2月30日没来|clarify 张三 about=date
teacher|张三来了又没来|clarify 张三 about=meaning
teacher|张三请假到昨天今天没来|leave 张三 to=2025-03-11; absence 张三 date=2025-03-12
teacher|张三昨天上午没来，下午来了|absence 张三 date=2025-03-11; return 张三 date=2025-03-11
teacher|张三补请假，昨天肚子疼没来|leave 张三 kind=sick from=2025-03-11 reason=肚子疼
teacher|张三请假陪奶奶去医院|leave 张三 kind=personal reason=陪奶奶去医院
teacher|张三请了三天假，今天第二天|leave 张三 days=3 from=2025-03-11
teacher|张三请了一周假，今天是最后一天|leave 张三 days=7 from=2025-03-06 to=2025-03-12
teacher|张三昨晚发信息说今天请假|leave 张三 from=2025-03-12
teacher|张三周一请假，周二没来|leave 张三 from=2025-03-10; absence 张三 date=2025-03-11
teacher|张三周二周三请假|leave 张三 from=2025-03-11 to=2025-03-12
teacher|张三从周一请到这周五|leave 张三 from=2025-03-10 to=2025-03-14
teacher|张三今天没缺，昨天缺了两节|absence 张三 date=2025-03-11
teacher|张三假条写两天，现在第三天没来|clarify 张三 about=meaning
teacher|张三李四都没来，两个都四天了|absence 张三 李四 days=4
teacher|张三周五下午就没来了，今天还没来|absence 张三 from=2025-03-07
teacher|张三没来，不是生病|absence 张三
teacher|张三肚子疼早上没来|absence 张三 reason=肚子疼
school|张三3月应送教8课时|clarify 张三 about=date
school|给张三送教，语文一节，数学一节|teach 张三 lessons=2
teacher|李四没来，班上缺了两个|absence 李四
teacher|走访张三、李四，张三同意周一来，李四家没人|visit 张三 outcome=agreed return_on=2025-03-17; visit 李四 outcome=nobody
teacher|请假的有张三和李四，张三病假，李四事假|leave 张三 kind=sick; leave 李四 kind=personal
teacher|张三请假到元旦|leave 张三 to=2026-01-01
teacher|张三和李四请假，张三是感冒，李四是陪妈妈看病|leave 张三 kind=sick reason=感冒; leave 李四 kind=personal reason=陪妈妈看病
village|张三家准备搬走|clarify 张三 about=meaning
village|张三爸爸打不通，妈妈接了，说周一送来|contact 张三 channel=phone outcome=agreed return_on=2025-03-17
village|张三在家带妹妹，家里没人照看|clarify 张三 about=meaning
village|我叫张三星期一去学校|clarify 张三 about=meaning
village|张三答应得好好的，就是不见人|clarify 张三 about=meaning
village|明天再去一趟张三家|clarify 张三 about=meaning
village|张三不读了要学剃头，他家里同意|visit 张三 outcome=refused
village|张三肯不肯去学校|clarify 张三 about=meaning
village|去外婆家路上碰到张三，他说下周一来|contact 张三 channel=in_person outcome=agreed return_on=2025-03-17
teacher|张三感冒好了，今天来了|return 张三 date=2025-03-12
teacher|昨天报的李四缺勤是张三|clarify 李四 张三 about=student
teacher|张三说李四没来|clarify 李四 about=meaning
teacher|张三被李四打了没来|absence 张三
teacher|不是18号没来，是张三17号没来|clarify 张三 about=meaning
teacher|请假1人（张三），旷课2人（李四第3天、王五第1天）|leave 张三; absence 李四 day=3; absence 王五 day=1
teacher|错了，不是张三是李四|clarify 李四 about=meaning
teacher|张三没来，说错了，是李四|absence 李四
teacher|都到|clarify about=meaning
teacher|今天到齐，就差一个|clarify about=student
teacher|上次那个答应来的又反悔了|clarify about=student
teacher|张三十天后再提醒，李四周五|snooze 张三 until=2025-03-22; snooze 李四 until=2025-03-14
teacher|打印家访表，张三的|export 张三 what=visit_form
teacher|打了三次电话没人接，张三|contact 张三 channel=phone outcome=nobody
teacher|缺勤：张三。李四昨天没来|absence 张三; absence 李四 date=2025-03-11
teacher|送教：张三2课时，李四他妈说不读了|teach 张三 lessons=2; contact 李四 outcome=refused
teacher|缺勤：张三，李四今天来了|absence 张三; return 李四 date=2025-03-12
teacher|张三后天我再去一趟，提醒我|snooze 张三 until=2025-03-14
teacher|张三这个星期都没来|absence 张三 from=2025-03-10
teacher|张三周四周五两天没来|absence 张三 date=2025-03-06; absence 张三 date=2025-03-07
teacher|张三上礼拜四五没来|absence 张三 date=2025-03-06; absence 张三 date=2025-03-07
teacher|张三上礼拜四跟礼拜五没来|absence 张三 date=2025-03-06; absence 张三 date=2025-03-07
teacher|张三第一节课才来，不算缺勤|clarify 张三 about=meaning
teacher|张三说是请假，家长说没有这回事|clarify 张三 about=meaning
village|去了张三家，大门上锁，村里人讲一家去佛山了|visit 张三 outcome=away note=一家去佛山了
school|张三休学一年，今天复学了|return 张三 date=2025-03-12
teacher|张三第5天了，还是联系不上|absence 张三 day=5; contact 张三 outcome=nobody
village|张三多次动员无效|visit 张三 outcome=refused
village|张三已劝返，但今天又没到校|absence 张三 date=2025-03-12
teacher|张三到了又走了|clarify 张三 about=meaning
teacher|张三他哥结婚，两天不来|leave 张三 kind=personal days=2 reason=他哥结婚
teacher|张三不是没来，是去参加比赛了|leave 张三 kind=other reason=去参加比赛了
village|给张三送劝学通知书，家长不在家没送成|clarify 张三 about=meaning
school|给张三送教，没上成|clarify 张三 about=meaning
teacher|张三不是旷课是请假|leave 张三
teacher|是科任老师告诉我的|unknown
school|张三的提醒今天先不弹，周五再说|snooze 张三 until=2025-03-14
school|月报还没交吧，先给我看一眼|report what=monthly step=show
school|周报、月报、零报告还差几个|report what=weekly step=progress; report what=monthly step=progress; report what=zero step=progress
school|张三 劝返记录表 打印|export 张三 what=persuasion_record
teacher|张三爷爷病了，要请假两天回去看|leave 张三 kind=personal days=2 reason=爷爷病了
teacher|张三他妈说摩托车坏了，今天不能来|absence 张三 date=2025-03-12
teacher|张三没来说是闹钟没响|absence 张三
teacher|张三肚子疼在教室|clarify 张三 about=meaning
teacher|张三的同桌没来|clarify 张三 about=meaning
teacher|张三来学校办退学|clarify 张三 about=meaning
village|张三回来了昨晚到的家|clarify 张三 about=meaning
village|张三在浙江上学了|visit 张三 outcome=away note=在浙江上学了
teacher|等张三他爸电话|clarify 张三 about=meaning
village|明天去张三家|clarify 张三 about=meaning
village|张三哥哥退学了|unknown
school|张三休学不办了|clarify 张三 about=meaning
village|张三是困境儿童，建档立卡户|mark 张三 group=in_difficulty; mark 张三 group=poor
village|劝学通知书给张三送了，他爸不在家，他妈签的字|notice 张三
teacher|张三他妈说发烧，今天明天都不来|leave 张三 kind=sick from=2025-03-12 to=2025-03-13 reason=发烧
village|张三接回来了，明天去学校|visit 张三 outcome=agreed return_on=2025-03-13
village|张三劝回来了，明天来上课|visit 张三 outcome=agreed return_on=2025-03-13
teacher|张三看牙齿下午回来上课|clarify 张三 about=meaning
teacher|张三去比赛，周五回来|clarify 张三 about=meaning
village|张三在县城打工，确定辍学了|dropout 张三 reason=在县城打工
teacher|缺勤两人：张三、李四，张三请了假|absence 李四; leave 张三
village|张三他妈同意，张三自己不去|visit 张三 outcome=refused
teacher|张三和李四今天都缺课，张三是第二天了|absence 李四 date=2025-03-12; absence 张三 day=2 date=2025-03-12
village|去了张三家，周日接回来，周一去学校|visit 张三 outcome=agreed return_on=2025-03-17
village|张三家长同意复学，时间3月20日|visit 张三 outcome=agreed return_on=2025-03-20
village|张三家长说周三来，又改口周五|visit 张三 outcome=agreed return_on=2025-03-14
village|张三两次家访，第一次没人，第二次同意|visit 张三 outcome=agreed
village|张三家昨天同意今天又反悔了|visit 张三 outcome=refused
village|刚从张三家出来，联系不上张三家长|visit 张三 outcome=nobody
township|张三、李四都不愿意读；前一个答应周一来|visit 张三 outcome=agreed return_on=2025-03-17; visit 李四 outcome=refused
teacher|李四没来，打印劝学通知书，张三的|export 张三 what=notice_form; absence 李四
teacher|明天放假，全班到齐|all_present
teacher|欧阳娜没来|clarify 欧阳娜 about=student
teacher|张三爸爸李四打电话请假两天|leave 张三 days=2
teacher|张三甲流请假到周五，下周二再说|leave 张三 kind=sick to=2025-03-14 reason=甲流
teacher|张三上午没来，后来来了|absence 张三; return 张三
teacher|早上报的张三没来，后来到校了|return 张三
teacher|张三周一没来，李四是周二|absence 张三 date=2025-03-10; absence 李四 date=2025-03-11
teacher|张三昨天请假，今天没来，第3天了|leave 张三 from=2025-03-11; absence 张三 day=3 date=2025-03-12
village|把张三送到学校了，他不肯进教室，不读|visit 张三 outcome=refused
village|去了张三家，今天没到校|absence 张三 date=2025-03-12; visit 张三 outcome=other
village|昨天去了张三家，今天还没来上学|absence 张三 date=2025-03-12; visit 张三 outcome=other date=2025-03-11
village|家访张三，家长说明天没空，后天送来|visit 张三 outcome=agreed return_on=2025-03-14
teacher|张三没来.李四病假三天.|absence 张三; leave 李四 kind=sick days=3
teacher|张三.李四没来...|absence 张三 李四
teacher|张三请假2.5天|leave 张三
teacher|张三3.10请假2天|leave 张三 from=2025-03-10 days=2
school|送教：张三2课时，李四今天没来|teach 张三 lessons=2; absence 李四 date=2025-03-12
village|昨天去马小跳家没人，张三没来上课|clarify 马小跳 about=student; absence 张三
teacher|张三周二、周三请假|leave 张三 from=2025-03-11 to=2025-03-12
"""  # role | what is typed | what is understood


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_it_is_read_so(line: str) -> None:
    role, text, wanted = line.split("|")
    assert understood(role, text, ROSTER) == wanted
