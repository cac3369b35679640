"""Pupils found by lookup: as written, by part, by sound, by look; and never one for another."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.actions import Entry
from handlers.understanding.lexicon_places import BREAKS
from handlers.understanding.names import ListIndex, exact_keys, fold, plain, sound_keys
from handlers.understanding.parse import understand
from handlers.understanding.text import simplified_forms

NOW = dt.datetime(2025, 3, 12, 8, 5)


@pytest.mark.parametrize(
    ("roster", "text", "name"),
    [
        ("陈浩宇", "陳浩宇没来", "陈浩宇"), ("陈浩宇", "浩宇没来", "陈浩宇"), ("李明", "李　明没来", "李明"), ("曾庆辉", "曾庆晖没来", "曾庆辉"),
        ("覃海燕", "覃海艳没来", "覃海燕"), ("单小飞", "单晓飞没来", "单小飞"), ("仇小云", "邱小云没来", "仇小云"), ("解东", "谢东没来", "解东"),
        ("张子涵", "章子涵没来", "张子涵"), ("李宁宁", "李玲玲没来", "李宁宁"), ("阿依古丽·买买提", "阿依古丽买买提没来", "阿依古丽·买买提"),
        ("阿依古丽·买买提", "阿依古丽•买买提没来", "阿依古丽·买买提"), ("阿依古丽·买买提", "阿依古丽没来", "阿依古丽·买买提"),
        ("欧阳娜", "欧阳没来", "欧阳娜"), ("高兴", "高兴今天没来", "高兴"), ("周一鸣", "周一鸣周一没来", "周一鸣"), ("白天", "白天今天没来", "白天"),
        ("许诺", "许诺家长许诺明天来", "许诺"), ("陈浩宇", "陈浩字没来", "陈浩宇"), ("吉克阿呷", "阿呷没来", "吉克阿呷"), ("张三", "三(2)班张三没来", "张三"),
        ("陈晶波", "静波没来", "陈晶波"),
        ("古丽娜尔·吐尔逊", "今天缺古丽娜尔一个", "古丽娜尔·吐尔逊"),
    ],
)  # fmt: skip
def test_one_pupil_fits(roster: str, text: str, name: str) -> None:
    actions = understand(text, "teacher", NOW, ListIndex([roster, "钟秀英", "赖伟强"]))
    assert [m.name for m in actions[0].students] == [name], actions
    assert actions[0].action in ("absence", "contact")


@pytest.mark.parametrize("text", ["丁香在家带弟弟，没来", "丁香没来，回家带弟弟", "丁香没来，在家带妹妹"])
def test_who_is_at_home_is_nobody_else(text: str) -> None:
    """家带 sounds nearly like the given name of another pupil of the class: the absence was the other's."""
    [action] = understand(text, "teacher", NOW, ListIndex(["丁香", "周家大"]))
    assert (action.action, [m.name for m in action.students]) == ("absence", ["丁香"])


@pytest.mark.parametrize(
    ("roster", "text"),
    [
        (["张三"], "张三丰没来"), (["李明"], "李明轩没来"), (["陈浩宇"], "王浩宇没来"), (["张伟", "张伟"], "张伟没来"), (["陈雨桐", "陈雨彤"], "陈雨童没来"),
        (["陈浩宇", "王浩宇"], "浩宇没来"), (["周到"], "上周到他家没人"), (["张三"], "张三老师没来"), (["于海"], "由于海水倒灌没来"), (["李四"], "张三的舅舅李四没来"),
        (["马安静"], "安静返校了"),
    ],
)  # fmt: skip
def test_nobody_is_taken_for_another(roster: list[str], text: str) -> None:
    actions = understand(text, "teacher", NOW, ListIndex([*roster, "钟秀英"]))
    assert all(a.action in ("clarify", "unknown") for a in actions), actions


@pytest.mark.parametrize("colleague", ["周明", "李建国", "欧阳建国"])
def test_a_colleague_is_no_pupil(colleague: str) -> None:
    index = ListIndex(["张三"], colleagues=["周明", "李建国", "欧阳建国"])
    (action,) = understand(f"{colleague}上门看了张三，家里没人", "village", NOW, index)
    assert action.as_json() == {"action": "visit", "students": ["张三"], "outcome": "nobody"}


def test_a_homophone_is_marked_so() -> None:
    (action,) = understand("曾庆晖返校了", "teacher", NOW, ListIndex(["曾庆辉"]))
    assert action.as_json() == {"action": "return", "students": ["曾庆辉"], "fuzzy": True}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("张三", ["张三"]),
        ("陳浩宇", ["陈浩宇", "浩宇"]),
        ("欧阳娜", ["欧阳娜", "欧阳"]),
        ("欧阳明月", ["欧阳明月", "明月", "欧阳"]),
        ("吉克阿呷", ["吉克阿呷", "阿呷", "吉克"]),
        ("扎西措", ["扎西措", "西措"]),  # no surname of the table
        ("麦麦提江·艾力", ["麦麦提江艾力", "麦麦提江"]),
        ("玛·依", ["玛依"]),  # one sign alone names nobody
        ("玛·依拉", ["玛依拉"]),
        ("古丽·买买", ["古丽买买", "古丽"]),
    ],
)
def test_what_a_pupil_is_written_as(name: str, keys: list[str]) -> None:
    assert exact_keys(name) == keys


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("张三", "zan-san 姓张"),
        ("彭秋秀", "pen-qiu-xiu .qiu-xiu 姓彭 pen-xiu-qiu"),  # 彭秀秋 is the same pupil
        ("彭秀秀", "pen-xiu-xiu .xiu-xiu 姓彭"),
        ("覃海燕", "qin-hai-yan tan-hai-yan .hai-yan 姓覃 qin-yan-hai tan-yan-hai"),
        ("欧阳娜", "ou-yan-la ou-yan-luo 姓欧阳"),
        ("陈浩宇", "cen-hao-yu cen-gao-yu .hao-yu .gao-yu 姓陈 cen-yu-hao cen-yu-gao =陈洁宇"),
        ("古丽·买买提", "gu-li-mai-mai-ti gu-li-mai-mai-di"),
        ("麦麦提·江", "mai-mai-ti-jian mai-mai-di-jian mai-mai-ti mai-mai-di"),
        ("重行长乐", "con-xin-zan-le con-xin-zan-yue con-xin-can-le con-xin-can-yue"),  # at most four readings
    ],
)
def test_what_a_pupil_sounds_like(name: str, keys: str) -> None:
    assert sound_keys(name) == keys.split()


@pytest.mark.parametrize(
    ("reading", "heard"),
    [("zhang", "zan"), ("ning", "lin"), ("shi", "si"), ("chen", "cen"), ("e", "e"), ("n", "n"), ("ng", "n")],
)
def test_syllables_fold(reading: str, heard: str) -> None:
    assert fold(reading) == heard


class _Asked(ListIndex):
    """A roster that keeps what it is asked."""

    def exact(self, pieces: list[str]) -> dict[str, list[Entry]]:
        self.pieces = set(pieces)
        return super().exact(pieces)


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("阿依古丽买买提没来", 9),  # up to the last character before one that no name has
        ("欧阳娜娜和古丽娜尔没来", 11),
        ("张三", 2),
        ("一二三四五六七八九十甲乙丙丁戊己", 14),  # the longest name that is looked up
    ],
)
def test_every_piece_that_can_be_a_name_is_looked_up(text: str, longer: int) -> None:
    """Two to four characters anywhere; longer ones up to the first that no name has, after the fourth."""
    index = _Asked(["张三"])
    understand(text, "teacher", NOW, index)
    wanted = {
        text[start : start + long]
        for start in range(len(text))
        for long in range(2, min(longer, len(text) - start) + 1)
        if not any(char in BREAKS for char in text[start + 4 : start + long])
    }
    assert index.pieces == wanted


def test_dots_in_names_are_no_full_stops() -> None:
    index = _Asked(["阿依古丽·买买提"])
    for text in ("阿依古丽.买买提没来", ".阿依古丽.买买提没来.", "阿依古丽·买买提没来", "阿依古丽 买买提没来"):
        actions = understand(text, "teacher", NOW, index)
        assert [m.name for m in actions[0].students] == ["阿依古丽·买买提"], text


@given(st.text("唐思兰張國·.Ａaé́豈〇 "))
def test_a_name_that_is_plain_already_is_left_alone(name: str) -> None:
    slowly = unicodedata.normalize("NFKC", name).translate(simplified_forms()).lower()
    assert plain(name) == slowly.translate(str.maketrans("", "", " ·•.・‧∙･●-_'’"))
