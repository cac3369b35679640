"""What a visit or a call found, what was promised in it and for which day, on Wednesday 12 March 2025."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ["张三", "李四", "王五", "欧阳明月", "周末", "哈丽娅·木合塔尔", "郑州", "方圆", "彭秋秀", "蓝天"]
SAID = """
village|张三没来，打了三次电话均没人接|absence 张三; contact 张三 channel=phone outcome=nobody
village|去了张三家、李四家，两次都没人|visit 张三 李四 outcome=nobody
village|电话核实：张三同意，李四联系不上|contact 张三 channel=phone outcome=agreed; contact 李四 channel=phone outcome=nobody
village|微信联系：张三同意，李四不肯|contact 张三 channel=wechat outcome=agreed; contact 李四 channel=wechat outcome=refused
village|张三去广东打工了，家访，月底才回来|visit 张三 outcome=away note=去广东打工了
village|家访张三，在佛山打工，下周一回校|visit 张三 outcome=agreed note=在佛山打工 return_on=2025-03-17
village|家访张三，今早他爸送来学校|return 张三 date=2025-03-12
village|家访张三，他爸说今早送来学校|visit 张三 outcome=agreed return_on=2025-03-12
village|张三家3月5日去的，没人|visit 张三 outcome=nobody date=2025-03-05
village|家访张三，第一次没人，第二次同意周一来|visit 张三 outcome=agreed return_on=2025-03-17
village|昨天、今天两次家访张三，第一次同意周一来，第二次没人|visit 张三 outcome=agreed return_on=2025-03-17 date=2025-03-11; visit 张三 outcome=nobody date=2025-03-12
village|家访张三（3月10日），同意|visit 张三 outcome=agreed date=2025-03-10
village|家访张三，时间3月10日，同意返校|visit 张三 outcome=agreed date=2025-03-10
village|家访张三，时间3月20日，同意返校|visit 张三 outcome=agreed return_on=2025-03-20
village|家访张三，说周三来，又改到周五|visit 张三 outcome=agreed return_on=2025-03-14
village|家访张三，同意返校，今天还没回学校|absence 张三 date=2025-03-12; visit 张三 outcome=agreed
village|家访张三，明天没空，后天去学校|visit 张三 outcome=agreed return_on=2025-03-14
village|家访张三，明天不来，周五来|visit 张三 outcome=agreed return_on=2025-03-14
village|家访张三，周日接回来，周一去学校|visit 张三 outcome=agreed return_on=2025-03-17
village|家访张三，上周就离家了，联系不上|visit 张三 outcome=away note=上周就离家了
village|家访张三，昨天同意今天又反悔了|visit 张三 outcome=refused
village|张三昨天同意今天又反悔了|visit 张三 outcome=refused
village|家访张三，他从周一就不见了|absence 张三 from=2025-03-10; visit 张三 outcome=other
village|张三、李四两人都走访了，张三同意，李四外出打工|visit 张三 outcome=agreed; visit 李四 outcome=away note=外出打工
village|张三三天、李四两天没来，都打过电话，没人接|absence 张三 days=3; contact 张三 李四 channel=phone outcome=nobody; absence 李四 days=2
village|昨天打电话给张三，今天家访，同意|contact 张三 channel=phone outcome=other date=2025-03-11; visit 张三 outcome=agreed date=2025-03-12
village|打电话给张三没人接，去家里也没人|contact 张三 channel=phone outcome=nobody; visit 张三 outcome=nobody
village|打电话给张三他爸，去家里见了他妈，同意|contact 张三 channel=phone outcome=other; visit 张三 outcome=agreed
teacher|张三他妈打电话来请假两天|leave 张三 days=2
teacher|张三他妈发微信请假|leave 张三
teacher|我去张三家，他妈请假三天|clarify 张三 about=meaning
village|我去了张三家，她去了李四家，两家都不肯|visit 张三 李四 outcome=refused
village|家访张三，他爸说3月20号送来|visit 张三 outcome=agreed return_on=2025-03-20
village|家访张三，他爸说20号送来|visit 张三 outcome=agreed return_on=2025-03-20
village|家访张三，他爸说一定来|visit 张三 outcome=agreed
village|家访张三，他爸答应周一送去，妈妈不同意|visit 张三 outcome=refused
village|家访张三，奶奶说爸妈去广东了|visit 张三 outcome=other
village|家访张三，跟爸爸去广东了|visit 张三 outcome=away note=跟爸爸去广东了
village|家访张三，奶奶病了，走不开|visit 张三 outcome=hardship
village|家访张三，他病了，奶奶在照顾|visit 张三 outcome=ill
village|家访张三，感冒好了|visit 张三 outcome=other
village|家访张三，没钱上学，去打工了|visit 张三 outcome=hardship note=去打工了
village|家访张三，没钱上学，在家帮工|visit 张三 outcome=hardship
village|家访张三，没说同意也没说不同意|visit 张三 outcome=other
village|家访张三，肯不肯还没说|visit 张三 outcome=other
village|家访张三，家长不同意，后来同意了|visit 张三 outcome=agreed
village|家访张三，家长同意，孩子不同意|visit 张三 outcome=refused
village|家访张三，去广东打工算了|visit 张三 outcome=refused
village|家访张三，去广东治病了|visit 张三 outcome=ill
village|家访张三，去外婆家路上摔了|visit 张三 outcome=other
village|家访张三，他哥返校了|visit 张三 outcome=other
village|家访张三，他昨天就返校了|clarify 张三 about=meaning
village|家访张三，说明天返校|visit 张三 outcome=agreed return_on=2025-03-13
village|家访张三，没返校|visit 张三 outcome=other
village|家访张三，人找着了，在他表哥店里，明天他表哥领来|visit 张三 outcome=agreed return_on=2025-03-13
village|家访张三，送到学校去了，学校说没见到人|clarify 张三 about=meaning
village|家访张三，送回学校，又跑了|clarify 张三 about=meaning
village|打电话给张三，她妈说晚点再讲就挂了|contact 张三 channel=phone outcome=other
village|家访张三，在家带妹妹，家里没人照看|visit 张三 outcome=other
village|家访张三，什么时候想通了什么时候来|visit 张三 outcome=other
village|家访张三，他爸昨天回来了|visit 张三 outcome=other
village|家访张三，就回了个嗯|visit 张三 outcome=other
village|家访张三，不读了要学剃头，他家里同意|visit 张三 outcome=refused
village|家访张三，医生说不能去|visit 张三 outcome=other
village|家访张三，不是不想读|visit 张三 outcome=other
village|家访张三，哥哥不读了，他也不读|visit 张三 outcome=refused
village|家访张三，劝回来了，明天来上课|visit 张三 outcome=agreed return_on=2025-03-13
village|两天没见张三，微信跟他爸说了|contact 张三 channel=wechat outcome=other
teacher|家访了张三，要她照顾老人，暂时来不了|visit 张三 outcome=hardship
village|昨天去了张三家，还没回来|visit 张三 outcome=other date=2025-03-11
village|去了张三家，没见着人|visit 张三 outcome=nobody
village|去张三家，他妈说在家休息|visit 张三 outcome=other
village|打电话给张三妈妈，在家休养|clarify 张三 about=meaning
village|电话联系张三他妈：还在家休养|contact 张三 channel=phone outcome=other
village|张三不来|visit 张三 outcome=refused
village|张三就不来|visit 张三 outcome=refused
village|去了张三家，他爸说请假两天|leave 张三 kind=personal days=2; visit 张三 outcome=other
teacher|张三没来，在家休息|absence 张三
village|去了张三家，联系不上他爸|visit 张三 outcome=nobody
village|去了张三家，联系不上张三|visit 张三 outcome=nobody
village|联系不上张三|contact 张三 outcome=nobody
village|家访张三，三天没见人|absence 张三 days=3; visit 张三 outcome=nobody
village|去了张三家，旷课三天|clarify 张三 about=meaning
village|去了张三家，他还没回学校|visit 张三 outcome=other
village|去了张三家，张三不在|visit 张三 outcome=nobody
village|张三他爸说准备不读了|visit 张三 outcome=refused
village|李四家访，同意；张三打算不读了|visit 李四 outcome=agreed; visit 张三 outcome=refused
teacher|张三申请休学，审批同意|suspend 张三
teacher|群里张三妈妈说请假两天|leave 张三 days=2
teacher|我通知张三他爸了没|clarify 张三 about=meaning
village|家访张三，时间3月12日，同意返校|visit 张三 outcome=agreed return_on=2025-03-12
village|家访张三，时间今天，同意返校|visit 张三 outcome=agreed return_on=2025-03-12
village|去石桥中学家访张三|visit 张三 outcome=other
village|约了明天家访：张三、李四|clarify 张三 李四 about=meaning
village|昨天家访：张三没人，李四同意|visit 张三 outcome=nobody date=2025-03-11; visit 李四 outcome=agreed date=2025-03-11
village|昨天去了三家，张三没人，李四同意|visit 张三 outcome=nobody date=2025-03-11; visit 李四 outcome=agreed date=2025-03-11
village|昨天去张三家没人，李四家同意|visit 张三 outcome=nobody date=2025-03-11; visit 李四 outcome=agreed date=2025-03-11
village|打电话：张三没接，微信：李四同意|contact 张三 channel=phone outcome=nobody; contact 李四 channel=wechat outcome=agreed
village|昨天打电话给张三，没接，李四同意|contact 张三 channel=phone outcome=nobody date=2025-03-11; contact 李四 channel=phone outcome=agreed date=2025-03-11
teacher|旷课：张三，家访了，没人|absence 张三; visit 张三 outcome=nobody
village|张三他爸说我们周一来|visit 张三 outcome=other return_on=2025-03-17
village|张三妈说来不了，住院呢|leave 张三 kind=sick reason=住院呢
village|张三他妈说发烧，今天不来|leave 张三 kind=sick from=2025-03-12 reason=发烧
village|张三他妈说今天不来|absence 张三 date=2025-03-12
village|张三没来，他妈说发烧|absence 张三 reason=发烧
village|家访张三，在学校|visit 张三 outcome=returned
teacher|张三同意返校|contact 张三 outcome=agreed
village|张三同意返校|visit 张三 outcome=agreed
village|张三他妈说生病了|visit 张三 outcome=ill
village|家访张三，他妈昨天回家了|visit 张三 outcome=other date=2025-03-11
school|张三转到我们班|transfer_in 张三 to=我们班
school|张三转到我校|transfer_in 张三 to=我校
village|张三是留守儿童，李四父母外出跟爷爷住|mark 张三 李四 group=left_behind
"""  # role | what is typed | what is understood


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_what_came_of_it(line: str) -> None:
    role, text, wanted = line.split("|")
    assert understood(role, text, ROSTER) == wanted
