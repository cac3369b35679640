"""Tables by migration, rights on PostgreSQL, pragmas on SQLite, and the county in every statement."""

from __future__ import annotations

import multiprocessing
import threading
import time
import uuid

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from storage import tables
from storage.engine import PATIENCE_MS, Unavailable, build_engine, told_plainly
from storage.migrating import APPEND_ONLY, PATIENCE_OF_TABLES_MS, _config, differences, grant, migrate
from storage.revisions import is_current, known, revision
from tests.storage.county import NOW, settle
from tests.storage.small_rules import SMALL
from tests.support.stores import CountyForgotten, fresh_store, throw_away_database


def test_migrations_make_the_tables_of_the_page(empty):
    assert differences(empty.engine) == []
    assert is_current(empty.engine)
    with empty.engine.begin() as connection:
        scripts = ScriptDirectory.from_config(_config(connection))
        assert revision(connection) == scripts.get_current_head() == known()[-1]
        assert {one.revision for one in scripts.walk_revisions()} == set(known())
    migrate(empty.engine)
    assert differences(empty.engine) == []


def test_on_postgresql_only_the_facts_ask_for_their_pupils_and_units(empty):
    """What is made from them does not ask again (eleven times a report); SQLite would have to copy its tables to stop."""
    of = {
        table: len(sa.inspect(empty.engine).get_foreign_keys(table)) for table in ("facts", "cases", "duties", "wakes")
    }
    asked_again = empty.engine.dialect.name == "sqlite"
    assert of == {"facts": 2, "cases": asked_again, "duties": 2 * asked_again, "wakes": asked_again}


@pytest.mark.postgres
def test_a_message_in_hand_and_the_migration_that_lets_go_of_keys_do_not_wait_for_each_other():
    """The migration waits for the pupils first, as a message does: then it has nothing yet that the message wants."""
    with throw_away_database(migrated=False) as url:
        engine = build_engine(url)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "0011")
        migrating = threading.Thread(target=_migrate, args=(url,))
        with engine.begin() as message:
            message.execute(sa.text("SELECT count(*) FROM pupils"))
            migrating.start()
            waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'pupils'::regclass")
            until = time.monotonic() + 20
            while not message.execute(waits).scalar_one():
                assert time.monotonic() < until, "the migration wants the tables"
            message.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE_OF_TABLES_MS // 2}ms'"))
            for table in ("cases", "duties", "facts", "units"):
                message.execute(sa.text(f"SELECT count(*) FROM {table}"))
        migrating.join(60)
        assert is_current(engine)
        assert differences(engine) == []
        engine.dispose()


def test_an_empty_database_is_not_current(tmp_path):
    engine = build_engine(f"sqlite:///{tmp_path}/new.db")
    assert not is_current(engine)
    assert differences(engine) != []


def test_keys_begin_with_the_county():
    for table in tables.metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "county_id", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "county_id", index.name


def _migrate(url: str) -> None:
    migrate(build_engine(url))


@pytest.mark.postgres
def test_several_processes_migrate_at_once():
    with throw_away_database(migrated=False) as url:
        fork = multiprocessing.get_context("fork")
        workers = [fork.Process(target=_migrate, args=(url,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0, 0]
        engine = build_engine(url)
        assert is_current(engine)
        engine.dispose()


def refused(store, role: str, statement: str) -> bool:
    try:
        with store.begin(NOW) as work:
            work.session.run(sa.text(f"SET LOCAL ROLE {role}"))
            work.session.run(sa.text(statement))
    except sa.exc.ProgrammingError as error:
        return "permission denied" in str(error)
    return False


@pytest.mark.postgres
def test_fault_40_the_applications_role_can_neither_change_nor_delete_facts_and_trail(
    postgresql_url, postgresql_engine
):
    role = f"app_{uuid.uuid4().hex[:8]}"
    with postgresql_engine.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'"))
    grant(postgresql_engine, role)
    store = fresh_store(postgresql_engine, rules=SMALL)
    settle(store)
    try:
        with store.begin(NOW) as work:
            work.session.run(sa.text(f"SET LOCAL ROLE {role}"))
            work.audit.note("wang", "look", "pupil:p1", "chat")
            work.inbox.take_in("m1", "wang", "张三 缺勤", NOW)
            work.inbox.answer("m1", "已记录")
        for table in APPEND_ONLY:
            for change in (f"DELETE FROM {table}", f"UPDATE {table} SET county_id = 'x'"):
                assert refused(store, role, f"{change} WHERE county_id = 'x'"), change
        assert not refused(store, role, "UPDATE pupils SET name = 'x' WHERE county_id = 'x'")
    finally:
        with postgresql_engine.begin() as connection:
            connection.execute(sa.text(f"DROP OWNED BY {role}"))
            connection.execute(sa.text(f"DROP ROLE {role}"))


def test_sqlite_keeps_what_it_acknowledged(tmp_path):
    engine = build_engine(f"sqlite:///{tmp_path}/new.db")
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert values == ["wal", 2, PATIENCE_MS, 1]
    assert PATIENCE_MS < 4000


@pytest.mark.slow
def test_a_locked_database_is_unavailable_within_four_seconds(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.engine.PATIENCE_MS", 50)
    store = fresh_store(f"sqlite:///{tmp_path}/locked.db", rules=SMALL)
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.begin(NOW):
            inside.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(10)
    try:
        with pytest.raises(Unavailable), store.begin(NOW):
            pass
        with store.look(NOW) as work:
            assert work.people.person("wang") is None
    finally:
        done.set()
        holder.join()


def test_a_database_that_is_away_is_unavailable():
    engine = build_engine("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable), told_plainly(), engine.begin():
        pass


def test_only_the_two_databases():
    with pytest.raises(ValueError, match="neither"):
        build_engine("mysql://root@localhost/x")


def test_a_look_at_the_county_of_another_is_refused(store):
    """The hook that all tests of the suite run under."""
    with store.look(NOW) as work, pytest.raises(CountyForgotten):
        work.session.run(sa.select(tables.pupils.c.name))
    with store.look(NOW) as work, pytest.raises(CountyForgotten):
        work.session.run(sa.select(tables.pupils.c.name).where(tables.pupils.c.county_id.is_not(None)))


def test_two_counties_in_one_database_do_not_meet(store):
    other = fresh_store(store.engine, rules=SMALL)
    with other.look(NOW) as work:
        assert work.people.everyone() == []
        assert work.people.pupil("p1") is None
    settle(other)
    with other.begin(NOW) as work:
        work.inbox.take_in("m1", "wang", "张三 缺勤", NOW)
        work.inbox.answer("m1", "已记录")
    with store.begin(NOW) as work:
        assert work.inbox.take_in("m1", "wang", "张三 缺勤", NOW).new
