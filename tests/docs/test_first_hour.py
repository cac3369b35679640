"""The conversation that both READMEs show is what the demo's county answers on that day."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from bot.demo import PACK
from bot.desks import desk_for
from bot.madeup import fill, make_county
from handlers.conversation import answer
from handlers.understanding import names
from tests.support.stores import fresh_store

ROOT = Path(__file__).parents[2]
SHOWN = dt.datetime(2026, 11, 24, 9)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_what_is_shown_is_what_is_answered(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    [(said, heard)] = re.findall(r"```text\n王老师: (.+)\n机器人: (.*?)```", text, re.S)
    store = fresh_store("sqlite://", pack=PACK, opened=SHOWN, fold=names)
    fill(store, make_county(SHOWN.date()), SHOWN)
    with store.begin(SHOWN) as work:
        desk = desk_for(work, "wang", "readme:1")
        assert desk is not None
        assert answer(desk, said).text.split() == heard.split()
