"""入学通知书 in batches: one page each, numbered once a season, limited to whom the asker may write to (TA-5)."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest

from bot.files import make_for
from bot.papers.paperwork import NotMade
from casework.people import Pupil, Unit
from reports.forms import read_texts
from tests.support.talk import Stage

DAY = dt.datetime(2026, 8, 10, 9)
SCHOOL = {"what": "admission_notices", "place": "s3"}
TOLD = {"report_date": "2026年8月31日", "report_place": "教务处", "papers": "户口簿"}
pytestmark = pytest.mark.clause("TA-5", "LC-12")


def letters(stage: Stage, who: str, at: dt.datetime, **wanted: object) -> tuple[str, bytes]:
    return make_for(stage.store, Path("nowhere"), "https://kc.example", stage.ids[who], {**SCHOOL, **wanted}, at)


def numbers(content: bytes) -> list[str]:
    """The numbers of the letters, in order; each stands on the letter and on its receipt."""
    found = [n for text in read_texts(content) for n in re.findall(r"^\S+入学〔2026〕\d+号$", text)]
    assert found[::2] == found[1::2]
    return found[::2]


def test_every_newcomer_has_a_letter_of_their_own_with_a_number_and_a_receipt() -> None:
    stage = Stage("national", DAY)
    name, content = letters(stage, "吴主任", DAY, told=TOLD)
    assert name == "义务教育入学通知书-河湾乡九年一贯制学校20份-20260810.docx"
    assert numbers(content) == [f"河湾乡九年一贯制学校入学〔2026〕{n}号" for n in range(1, 21)]
    texts = read_texts(content)
    with stage.store.look(DAY) as work:
        names = {p.name for p in work.people.in_scope(work.world.directory.scope_of("wu", DAY.date()), place="c6")[0]}
    said = [re.search("您的孩子(.+?)（", text) for text in texts]
    assert {found[1] for found in said if found} == names
    assert sum("请于2026年8月31日到教务处报到注册，报到时请带：户口簿。" in text for text in texts) == 20
    assert sum("安排到河湾乡九年一贯制学校就读" in text for text in texts) == 20
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.read("word/document.xml").count(b"<w:pageBreakBefore/>") == 19


def test_a_letter_printed_again_keeps_its_number_and_those_handed_over_are_left_out() -> None:
    stage = Stage("national", DAY)
    _, first = letters(stage, "吴主任", DAY)
    stage.say("吴主任", "入学通知书已送达 七年级1班，除何小鱼、孙小燕")
    name, again = letters(stage, "吴主任", DAY + dt.timedelta(days=3))
    assert "2份" in name
    assert len(numbers(again)) == 2
    assert set(numbers(again)) < set(numbers(first))
    _, of_bureau = letters(stage, "周股长", DAY)
    assert numbers(of_bureau) == ["青石县入学〔2026〕1号", "青石县入学〔2026〕2号"]


def test_the_letters_named_are_those_printed_and_none_beyond_the_reach() -> None:
    stage = Stage("national", DAY)
    with stage.store.look(DAY) as work:
        p = {
            e.name: e.id
            for name in ("何小鱼", "张三")
            for e in work.people.names(work.world.directory.scope_of("zhou", DAY.date())).exact([name])[name]
        }
    _, content = letters(stage, "吴主任", DAY, place=None, pupils=[p["何小鱼"], p["张三"]])
    assert len(numbers(content)) == 1
    with pytest.raises(NotMade, match="由县教育局或者学校发放"):
        letters(stage, "胡干事", DAY)
    with pytest.raises(NotMade, match="没有要发入学通知书的新生"):
        letters(stage, "李主任", DAY)


def test_several_schools_come_as_one_archive_a_file_each() -> None:
    stage = Stage("national", DAY)
    with stage.store.begin(DAY) as work:
        work.people.put_units([*work.people.units(), Unit("c9", "class", "一年级1班", "s2", grade=1)])
        work.people.put_pupil(Pupil("n1", "新小一", "c9", "v1"))
    name, content = letters(stage, "周股长", DAY, place=None)
    assert name == "义务教育入学通知书-21份-20260810.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(n.split("-")[1] for n in archive.namelist()) == ["河湾乡九年一贯制学校20份", "青石镇中心小学1份"]
        assert [len(numbers(archive.read(n))) for n in archive.namelist()] == [20, 1]


def test_children_with_a_place_fixed_have_theirs_with_the_schools() -> None:
    stage = Stage("national", DAY)
    stage.say("刘支书", "摸排发现陈小花8岁没上学，住上坪村")
    stage.say("周股长", "安置 陈小花 到青石镇中心小学")
    name, content = letters(stage, "周股长", stage.now, place="s2", told=TOLD)
    assert "青石镇中心小学1份" in name
    words = "\n".join(read_texts(content))
    assert "陈小花" in words
    assert "青石镇中心小学" in words


def test_what_could_not_be_handed_over_stands_on_the_receipt() -> None:
    stage = Stage("national", DAY)
    stage.say("吴主任", "入学通知书没送到 何小鱼：全家外出")
    stage.say("吴主任", "入学通知书已送达 七年级1班，除何小鱼")
    _, content = letters(stage, "吴主任", DAY)
    assert "8月10日（周一）没送到：全家外出" in " ".join(read_texts(content))
