"""撤销 that names somebody takes back what was said of them, and of nobody else."""

from __future__ import annotations

import pytest

from handlers import wording
from tests.handlers.chat import Chat

NONE_OF_THEM = "在您负责的范围里没有找到“{}”，没有撤销任何记录。"


@pytest.mark.parametrize(("words", "name"), [
    ("撤销 赵六", "赵六"), ("撤销赵六的缺勤", "赵六"), ("撤回赵小明", "赵小明"), ("把赵六的撤销了", "赵六"), ("赵小明的缺勤撤销", "赵小明"),
    ("删掉 欧阳一一 那条", "欧阳一一"), ("撤销赵六的缺勤，李四今天没来", "赵六"), ("赵六那条报错了", "赵六"),
    ("撤销昨天赵六的缺勤", "赵六"), ("赵六没缺勤，报错了", "赵六"), ("刚才赵六的缺勤记错了", "赵六"),
])  # fmt: skip
def test_a_name_that_no_pupil_bears_takes_back_nothing(chat: Chat, words: str, name: str) -> None:
    """The last record was taken back, whoever it was about."""
    chat.say("wang", "李四没来")
    assert chat.say("wang", words)[0].startswith(NONE_OF_THEM.format(name))
    assert "缺勤第1天（从今天" in chat.say("wang", "查 李四")[0]


@pytest.mark.parametrize("words", ["撤销", "马上撤销", "撤销刚才那条", "撤销那个", "那条撤销", "前面的撤销", "撤销缺勤", "撤销李四的缺勤", "李四没缺勤，报错了",
    "时间记错了，撤销",
])  # fmt: skip
def test_a_word_that_names_nobody_still_takes_back_the_last(chat: Chat, words: str) -> None:
    chat.say("wang", "李四没来")
    assert chat.say("wang", words)[0].startswith("已撤销：\n· 李四")


@pytest.mark.parametrize("words", ["赵六最近表现挺好", "催 赵六"])
def test_what_only_has_the_form_of_a_command_lets_no_open_question_go(chat: Chat, words: str) -> None:
    """赵六最近表现挺好 of a child whom nobody knows: the question of the visit was gone, and its answer went nowhere."""
    asked, _ = chat.say("wang", "家访 李四")
    assert chat.say("wang", words)[0] == f"{wording.FIRST_THIS}\n{asked}"
    assert chat.say("wang", "1")[0].startswith("已记：李四")


def test_a_command_that_answers_is_no_answer_to_the_question(chat: Chat) -> None:
    chat.say("wang", "家访 李四")
    assert chat.say("wang", "查 2")[0].startswith("最近没有给您列过")
    assert chat.say("wang", "1")[0] == wording.NOT_ASKED
