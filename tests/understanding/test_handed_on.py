"""What is told of one pupil goes on to the next as far as the next repeats it, and no farther, on Wednesday 12 March 2025."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand
from handlers.understanding.text import normalise

NOW = dt.datetime(2025, 3, 12, 8, 5)
ROSTER = ListIndex(("张三", "李四", "王五"))
HANDED_ON = """
teacher|张三请病假3天，李四2天|张三 leave days=3 kind=sick; 李四 leave days=2 kind=sick
teacher|张三请事假到周五，李四三天|张三 leave kind=personal to=2025-03-14; 李四 leave days=3 kind=personal
teacher|张三因事请假到周五，李四三天|张三 leave kind=personal reason=事 to=2025-03-14; 李四 leave days=3 kind=personal
teacher|张三请病假3月10日到3月14日，李四两天|张三 leave from=2025-03-10 kind=sick to=2025-03-14; 李四 leave days=2 kind=sick
teacher|王五病假一天，张三三天，李四两天|王五 leave days=1 kind=sick; 张三 leave days=3 kind=sick; 李四 leave days=2 kind=sick
village|打了三次电话没人接，张三|张三 contact channel=phone outcome=nobody
teacher|请了三天病假，张三|张三 leave days=3 kind=sick
teacher|缺课两天，张三|张三 absence days=2
village|走访3月10日，张三同意返校，李四家里没人|张三 visit date=2025-03-10 outcome=agreed; 李四 visit date=2025-03-10 outcome=nobody
village|走访了3月10日：张三、李四都同意|张三、李四 visit date=2025-03-10 outcome=agreed
"""  # role | what is typed | for each action its pupils, what it is, and its slots


@pytest.mark.parametrize("line", HANDED_ON.strip().splitlines())
def test_what_goes_on_to_the_next(line: str) -> None:
    role, text, wanted = line.split("|")
    told = []
    for action in understand(text, role, NOW, ROSTER):
        slots = " ".join(f"{slot}={value}" for slot, value in sorted(action.slots.items()))
        told.append(f"{'、'.join(m.name for m in action.students)} {action.action} {slots}".strip())
    assert "; ".join(told) == wanted


def test_who_comes_new_is_no_other_by_sound() -> None:
    [action] = understand("张山从韶关转来我班", "teacher", NOW, ROSTER)
    [mention] = action.students
    assert (mention.name, mention.candidates, mention.fuzzy) == ("张山", (), False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3 4节没来", "3 4节没来"),
        ("第 3 节", "第3节"),
        ("张三 3 天", "张三3天"),
        ("张三 李四", "张三 李四"),
        (" 张三  没来 ", "张三 没来"),
    ],
)
def test_a_space_between_two_numbers_keeps_them_apart(typed: str, read: str) -> None:
    assert normalise(typed).body == read
