"""Reports, papers, cases and children found: what is asked for and what is told, on Wednesday 12 March 2025."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ["张三", "李四", "王五", "欧阳明月", "周末", "哈丽娅·木合塔尔", "郑州", "方圆", "彭秋秀", "蓝天"]
SAID = """
school|二月、三月的月报给我看看|report what=monthly step=show month=2025-02; report what=monthly step=show month=2025-03
school|月报每周几交|help topic=月报
school|上季度季报|report what=quarterly step=show period=上季度
school|月报填好了，把本月的提交上去|report what=monthly step=submit month=2025-03
school|月报已经交了|report what=monthly step=show
school|上一条月报发早了|undo
township|还有哪些学校没交|report what=monthly step=progress
township|上个月还有几所学校没报|report what=monthly step=progress
school|请把月报交了吧|report what=monthly step=submit
school|月报，看一下，待办也看一下|report what=monthly step=show; todo
township|月报多少学校完成了，没完成的列出来|report what=monthly step=progress
teacher|没做完的列出来|todo
teacher|查一下张三，李四的也要|case 张三 李四
teacher|张三现在什么情况|case 张三
teacher|张三家访记录给我看看|case 张三
teacher|张三：什么情况|case 张三
teacher|问了张三妈妈什么情况|contact 张三 outcome=other
school|第二季度季报给我看看|report what=quarterly step=show period=第二季度
school|把2月的月报提交了|report what=monthly step=submit month=2025-02
township|各校月报交得怎么样|report what=monthly step=progress
school|月报和零报告给我看看|report what=monthly step=show; report what=zero step=show
school|月报，先看看，没问题我再交|report what=monthly step=show
school|月报、待办|report what=monthly step=show; todo
teacher|我还有哪些事没办|todo
school|打印张三的家访表和李四的劝返记录|export 张三 what=visit_form; export 李四 what=persuasion_record
school|打印两样，家访表、劝学通知书|export what=visit_form; export what=notice_form
school|家访表和通知书各打一份|export what=visit_form; export what=notice_form
school|特殊群体名单导出excel|export what=special_ledger
school|空白家访表一份|export what=visit_form
township|发现一个孩子没上学|found
township|发现一个失学儿童，8岁|found age=8
township|摸排到两个孩子没上学，王小花8岁，王小草6岁|found name=王小花 age=8; found name=王小草 age=6
township|王小花，女，8岁，住上坪村，没上学|found name=王小花 age=8 place=上坪村
township|张三的妹妹8岁没上学，住上坪村|found age=8 place=上坪村
township|叫阿木，13了，没上学，住河东村|found name=阿木 place=河东村 age=13
township|九岁十岁的孩子没上学|found
township|没有发现失学儿童|unknown
township|失学儿童名单给我|list which=dropout
township|发现8岁失学儿童是不是要上报|unknown
township|请问发现8岁的孩子没上学怎么办|help topic=请问发现8岁的孩子没上学怎么办
township|新来的陈小妹，10岁，在河东村租房，没上学|found name=陈小妹 age=10 place=河东村
township|有个女孩叫周小兰，今年7岁，没入学|found name=周小兰 age=7
township|叫黄小，8岁，没上学|found name=黄小 age=8
township|组里反映张三又没上学了|absence 张三
school|张三从外地转来，父母在本地打工|transfer_in 张三 from=外地 reason=父母在本地打工
school|转来一个学生，叫吴小明|transfer_in 吴小明
village|后天我再去张三家，提醒我|snooze 张三 until=2025-03-14
village|过三天我再去张三家，到时候喊我|snooze 张三 days=3
village|张三家三天后我再去，提醒我|snooze 张三 until=2025-03-15
village|张三的事先放着，周五提醒|snooze 张三 until=2025-03-14
school|打印张三的家访表和劝学通知书|export 张三 what=visit_form; export 张三 what=notice_form
school|辍学报告书给我一份，张三的|export 张三 what=dropout_report_form
school|张三没来，打印劝学通知书|export 张三 what=notice_form; absence 张三
school|月报提交前先给我看看|report what=monthly step=show
school|给我把月报提交了|report what=monthly step=submit
school|月报直接上报|report what=monthly step=submit
township|特殊群体名单，列出来|list which=special
township|留守儿童名单，再发一份|list which=special group=left_behind
township|待劝返名单，发给我|list which=pending
township|我们村有多少待劝返的|list which=pending place=我们村; stats place=我们村
township|全县劝返率多少|stats place=全县
township|请假名单列一下|list which=leave
township|哪些要请假|list which=leave
"""  # role | what is typed | what is understood


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_what_is_asked_for(line: str) -> None:
    role, text, wanted = line.split("|")
    assert understood(role, text, ROSTER) == wanted
