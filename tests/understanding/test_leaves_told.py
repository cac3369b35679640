"""Leaves and absences: from when, until when, for how long, on Wednesday 12 March 2025."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ["张三", "李四", "王五", "欧阳明月", "周末", "哈丽娅·木合塔尔", "郑州", "方圆", "彭秋秀", "蓝天"]
SAID = """
teacher|张三3月10日至3月10日没来|absence 张三 from=2025-03-10 days=1
teacher|张三今天下午就没来|absence 张三 date=2025-03-12
teacher|张三上周五没来，今天还没来，第二天了|absence 张三 date=2025-03-07; absence 张三 day=2 date=2025-03-12
teacher|张三旷课到今天是第二天|absence 张三 day=2 date=2025-03-12
teacher|张三周五就没来了，周一也没来，今天还没来|absence 张三 from=2025-03-07
teacher|张三假条上写两天，现在第三天了还没来|absence 张三 day=3
teacher|张三昨天没来，今天请假|leave 张三 from=2025-03-12; absence 张三 date=2025-03-11
teacher|张三请假三天，今天第二天|leave 张三 days=3 from=2025-03-11
teacher|张三请假三天，昨天是第二天|leave 张三 days=3 from=2025-03-10
teacher|张三今天没缺，昨天没来|absence 张三 date=2025-03-11
teacher|张三昨天来了，前天没来|absence 张三 date=2025-03-10; return 张三 date=2025-03-11
teacher|张三从3月3日到现在没来|absence 张三 from=2025-03-03
teacher|张三3月3日至今没来|absence 张三 from=2025-03-03
teacher|张三周一到今天没来|absence 张三 from=2025-03-10
teacher|张三3月6日到3月10日没来|absence 张三 from=2025-03-06 days=3
teacher|张三请假两天，李四三天|leave 张三 days=2; leave 李四 days=3
teacher|张三请假，病假|leave 张三 kind=sick
teacher|张三请假到周五|leave 张三 to=2025-03-14
teacher|张三请假到上周五|leave 张三 to=2025-03-07
teacher|张三请假从周三到周五|leave 张三 from=2025-03-12 to=2025-03-14
teacher|张三昨天开始请假三天|leave 张三 from=2025-03-11 days=3
teacher|张三请假三天，从昨天起|leave 张三 days=3 from=2025-03-11
teacher|张三请假，周一来|leave 张三
teacher|张三请假，下周一回来|leave 张三
teacher|张三这周请假|leave 张三
teacher|张三上午请假|leave 张三
teacher|张三请半天假|leave 张三
teacher|张三请假一个月|leave 张三 days=30
teacher|张三病假一周|leave 张三 kind=sick days=7
teacher|张三发烧请假，明天来|leave 张三 kind=sick reason=发烧
teacher|张三请长假|leave 张三
teacher|张三续假三天|leave 张三 days=3
teacher|张三再请三天假|leave 张三 days=3
teacher|张三请假没批|clarify 张三 about=meaning
teacher|张三请假，我没同意|clarify 张三 about=meaning
teacher|张三请假了两次，共三天|leave 张三 days=3
teacher|张三请三天假，今天第二天|leave 张三 days=3 from=2025-03-11
teacher|张三请假明天后天|leave 张三 from=2025-03-13 to=2025-03-14
teacher|张三请假明天和周五|leave 张三 from=2025-03-13 to=2025-03-14
teacher|张三明天请假半天|leave 张三 from=2025-03-13
teacher|张三陪妈妈去医院，请假一天|leave 张三 kind=personal days=1 reason=陪妈妈去医院
teacher|张三感冒请假|leave 张三 kind=sick reason=感冒
teacher|张三去比赛请假三天|leave 张三 kind=other days=3
teacher|张三补假条，昨天没来|leave 张三 from=2025-03-11
"""  # role | what is typed | what is understood


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_how_long(line: str) -> None:
    role, text, wanted = line.split("|")
    assert understood(role, text, ROSTER) == wanted
