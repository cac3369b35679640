"""Messages that differ in a word or a number, of which a careful clerk writes down two things, on Wednesday 12 March 2025."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ["张三", "李四", "王五", "司马青云", "欧阳明月"]
ALIKE = """
teacher|张三3天，李四5天没来|absence 张三 days=3; absence 李四 days=5
teacher|张三3天，李四请病假5天|clarify 张三 about=meaning; leave 李四 kind=sick days=5
teacher|张三3天，李四今天没缺课|clarify 张三 李四 about=meaning
village|张三3天，李四家访了没人|clarify 张三 about=meaning; visit 李四 outcome=nobody

village|今天家访张三同意，李四不同意|visit 张三 outcome=agreed date=2025-03-12; visit 李四 outcome=refused date=2025-03-12
village|3月10日家访张三同意，李四不同意|visit 张三 outcome=agreed date=2025-03-10; visit 李四 outcome=refused date=2025-03-10
village|家访张三同意，李四不同意|visit 张三 outcome=agreed; visit 李四 outcome=refused

school|张三休学了，微信联系家长|suspend 张三; contact 张三 channel=wechat outcome=other
school|张三休学了，上周家访过|suspend 张三; visit 张三 outcome=other
school|张三办了休学，联系了家长|suspend 张三
school|确认张三辍学，昨天家访过，家长不同意|dropout 张三 reason=家长不同意; visit 张三 outcome=refused date=2025-03-11
school|确认张三辍学，去了三次没人|dropout 张三

teacher|张三返校了明天考试|return 张三
teacher|张三明天请假，今天来上课了|leave 张三 from=2025-03-13; return 张三 date=2025-03-12

school|给张三上了两节课|teach 张三 lessons=2
teacher|张三今天上了两节课，语文数学|unknown
teacher|张三上了两节课就跑了|absence 张三

teacher|司玛青芸没来|absence 司马青云 fuzzy=True
teacher|欧样铭悦没来|clarify about=student

teacher|怎么请假，怎么销假|help topic=怎么请假
"""  # role | what is typed | what is understood; those that are alike stand together


@pytest.mark.parametrize("line", [line for line in ALIKE.splitlines() if line])
def test_a_word_or_a_number_tells_them_apart(line: str) -> None:
    role, text, wanted = line.split("|")
    assert understood(role, text, ROSTER) == wanted
