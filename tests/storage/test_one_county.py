"""Every statement of a talk names the county, so that over a distributed PostgreSQL each stays on one shard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from storage.engine import build_engine
from storage.tables import metadata
from tests.support import talk as talks
from tests.support.stores import CountyForgotten, bring_tables, watch_county

TALKS = sorted((Path(__file__).parents[1] / "talks").glob("*.md"))
OURS = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(' + "|".join(sorted(metadata.tables)) + r')"?\b', re.I)


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_every_statement_of_a_talk_carries_the_county(path: Path) -> None:
    """``watch_county`` raises at the first that does not; sweeps and sendings between the messages included."""
    engine = build_engine("sqlite://")
    bring_tables(engine)
    watch_county(engine)
    said: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, text, values, ctx, many: said.append((text, values)))
    for _ in talks.play(talks.read(path.read_text(encoding="utf-8")), engine):
        pass
    ours = [(text, values) for text, values in said if OURS.search(text)]
    assert len({text for text, _ in ours}) > 40
    told = {name.lower() for text, _ in ours for name in OURS.findall(text)}
    assert told >= {"facts", "cases", "duties", "outbox", "said", "pupils", "people"}
    with engine.connect() as connection:
        counties = set(connection.execute(sa.text("select county_id from counties")).scalars())
    assert len(counties) == 1
    [county] = counties
    without = [text for text, values in ours if county not in str(values)]
    assert without == [], "the county is a value of every statement, not only a column"


def test_the_watch_refuses_what_names_none() -> None:
    engine = build_engine("sqlite://")
    bring_tables(engine)
    watch_county(engine)
    with engine.connect() as connection, pytest.raises(CountyForgotten):
        connection.execute(sa.select(metadata.tables["facts"]))
