"""The counties of a database: made, and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from casework.people import COUNTY
from storage import tables
from storage.engine import told_plainly
from storage.sealing import MasterKeys, new_county_keys

counties, units = tables.counties, tables.units


@dataclass(frozen=True, slots=True)
class County:
    """A county of the database: id, name, pack, and the moment from which it uses this program."""

    id: str
    name: str
    pack: str
    opened: dt.datetime


def known_counties(engine: sa.Engine) -> list[County]:
    """The counties in a database."""
    with told_plainly(), engine.execution_options(writes=False).begin() as connection:
        rows = connection.execute(sa.select(counties).order_by(counties.c.county_id))
        return [County(row.county_id, row.name, row.pack, row.opened) for row in rows]


def create_county(
    engine: sa.Engine,
    data_keys: Sequence[bytes],
    name: str,
    pack: str,
    opened: dt.datetime,
    county: str | None = None,
    overrides: str = "",
) -> str:
    """Make a county in a database that has its tables; returns its id (its name unless one is given).

    ``overrides`` is the path of the county's own YAML layer over the pack. Raises ``IntegrityError`` when the id
    is taken.
    """
    id = county or name
    county_key, index_key = new_county_keys(MasterKeys(data_keys), id)
    row = {"county_id": id, "name": name, "pack": pack, "overrides": overrides, "opened": opened, "version": 0}
    with told_plainly(), engine.begin() as connection:
        connection.execute(sa.insert(counties), row | {"county_key": county_key, "index_key": index_key})
        connection.execute(sa.insert(units), {"county_id": id, "id": COUNTY, "kind": "county", "name": name})
    return id
