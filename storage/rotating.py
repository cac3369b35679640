"""A new master key: every wrapped key is wrapped again, nothing else has to be touched; and which keys a database needs."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from storage import tables
from storage.sealing import NAME_BYTES, MasterKeys
from storage.session import chunks
from storage.store import Store

counties, keys = tables.counties, tables.pupil_keys


def rotate(store: Store, now: dt.datetime) -> int:
    """Wrap all keys of the county by the newest master key; returns how many were of an older one.

    Afterwards the older keys may leave the settings. May be run again, also after an interruption.
    """
    masters, county = store.sealer.masters, store.county
    with store.begin(now) as work:
        row = work.session.run(sa.select(counties).where(work.session.here(counties))).one()
        own = {
            name: masters.rewrap(sealed, f"{county}/{name}")
            for name, sealed in (("county_key", row.county_key), ("index_key", row.index_key))
            if not masters.is_newest(sealed)
        }
        if own:
            work.session.run(sa.update(counties).where(work.session.here(counties)).values(**own))
        rows = work.session.run(sa.select(keys.c.pupil_id, keys.c.wrapped).where(work.session.here(keys))).all()
    old = [row for row in rows if not masters.is_newest(row.wrapped)]
    for batch in chunks(old):
        with store.begin(now) as work:
            again = [
                {"pupil_id": row.pupil_id, "wrapped": store.sealer.rewrap(row.pupil_id, row.wrapped)} for row in batch
            ]
            statement = sa.update(keys).where(work.session.here(keys), keys.c.pupil_id == sa.bindparam("one"))
            work.session.run(
                statement.values(wrapped=sa.bindparam("fresh")),
                [{"one": row["pupil_id"], "fresh": row["wrapped"]} for row in again],
            )
    return len(own) + len(old)


def closed(connection: sa.Connection, masters: MasterKeys) -> list[str]:
    """The counties, of a database of whatever version, of which some keys were wrapped with a master key that is not set."""
    county = sa.select(counties.c.county_id, counties.c.county_key, counties.c.index_key)
    found = []
    for row in connection.execute(county.order_by(counties.c.county_id)).all():
        begins = sa.func.substr(keys.c.wrapped, 1, NAME_BYTES)
        ways = connection.scalars(sa.select(begins).where(keys.c.county_id == row.county_id).distinct()).all()
        if not all(masters.opens(bytes(one)) for one in (row.county_key, row.index_key, *ways)):
            found.append(row.county_id)
    return found
