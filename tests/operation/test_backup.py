"""Backup and restore: of nothing refused, of anything else whole, and nobody who was erased comes back with it."""

from __future__ import annotations

import base64
import datetime as dt
import gc
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bot.cli import cli
from bot.commands import backups
from bot.commands.erasing import ERASED
from casework.people import Pupil
from storage.engine import build_engine
from storage.evidence import Folder
from storage.migrating import differences
from storage.revisions import is_current
from storage.tables import pupil_keys
from tests.operation.running import running
from tests.support.databases import outside_transactions, server
from tests.support.stores import throw_away_database


def test_a_backup_of_no_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KONGCHUO_DATABASE_URL", f"sqlite:///{tmp_path}/nothing.db")
    ran = CliRunner().invoke(cli, ["backup", "copy.db"])
    assert ran.exit_code == 2
    assert "没有找到数据库" in ran.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_before_init_each_command_says_in_one_line_to_run_it_and_nothing_is_backed_up(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with throw_away_database(migrated=False) if kind == "postgresql" else nullcontext() as url:
        monkeypatch.setenv("KONGCHUO_DATABASE_URL", url or f"sqlite:///{tmp_path}/empty.db")
        monkeypatch.setenv("KONGCHUO_DATA_KEY", base64.b64encode(bytes(32)).decode())
        monkeypatch.setenv("KONGCHUO_WECOM_API", "http://127.0.0.1:9/cgi-bin/")
        Path("empty.db").touch()
        Path("单位.csv").write_text("路径,类型\n老隆镇,乡镇\n")
        for command in (
            ("import", "units", "单位.csv"), ("letters",), ("audit", "verify"), ("keys", "rotate"), ("rebuild", "--check"),
            ("erase", "p1", "--reason", "1", "--yes"), ("new-year", "--dry-run"),
        ):  # fmt: skip
            told = run(*command, code=2)
            assert "kongchuo init" in told, told
            assert len(told.strip().splitlines()) == 1, told
        assert "没有备份" in run("backup", "copy", code=2)
        assert not Path("copy").exists()
        told = run("doctor", code=1)
        assert "还没有表" in told


DATABASES = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]


@pytest.fixture(params=DATABASES)
def place(request, tmp_path, monkeypatch):
    """The environment of commands, and the bot of the made-up county that they work on."""
    with throw_away_database(migrated=False) if request.param == "postgresql" else nullcontext() as server:
        bot = running(tmp_path, url=server, now=dt.datetime.now().replace(microsecond=0))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("KONGCHUO_DATABASE_URL", bot.settings.database_url)
        monkeypatch.setenv("KONGCHUO_DATA_KEY", bot.settings.data_key)
        monkeypatch.setenv("KONGCHUO_FILES", str(bot.settings.files))
        yield bot
        bot.store.close()


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, words)
    ended, told = done.exit_code, done.output
    del done  # with how it ended, and so with all that it held
    gc.collect()  # a command is a process of its own, and takes its connections with it when it ends
    assert ended == code, told
    return told


def name_of(bot, pupil: str) -> str:
    with bot.store.look(bot.now()) as work:
        return work.people.pupil(pupil).name


def trail(bot, subject: str) -> list[str]:
    with bot.store.look(bot.now()) as work:
        return [trace.did for trace in work.audit.of(subject)]


def test_fault_39_a_backup_is_whole_and_who_was_erased_since_does_not_come_back(place, tmp_path) -> None:
    with place.store.begin(place.now()) as work:
        work.audit.note("wang", "look", "pupil:p2", "chat")
        piece = work.evidence.expect("media", "wang", "image", pupil="p1")
        work.evidence.keep(
            piece, Folder(place.settings.files, place.store.sealer).write(piece, b"a photo", "image/jpeg")
        )
    run("backup", "copy")
    assert Path("copy").stat().st_mode & 0o77 == 0
    run("erase", "p1", "--reason", "教发〔2025〕9号", "--yes")
    assert [path.name for path in place.settings.files.rglob("*") if path.is_file()] == [ERASED]
    assert "张三" not in (place.settings.files / ERASED).read_text(encoding="utf-8")
    Folder(place.settings.files, place.store.sealer).write(
        piece, b"a photo", "image/jpeg"
    )  # the folder is restored too
    with place.store.begin(place.now()) as work:
        work.people.put_pupil(Pupil("later", "后来的人", "c1", None))
    place.store.close()
    assert "--force" in run("restore", "copy", code=2)
    assert "1名学生已再次删除" in run("restore", "copy", "--force")
    assert name_of(place, "p1") == ""
    assert [path.name for path in place.settings.files.rglob("*") if path.is_file()] == [ERASED]
    with place.store.look(place.now()) as work:
        assert work.people.pupil("later") is None
        assert name_of(place, "p2")
    assert trail(place, "database") == ["restore", "backup"]
    assert set(trail(place, "pupil:p1")) >= {"erase_reason", "erase"}
    assert trail(place, "pupil:p2") == ["look"]
    run("audit", "verify")
    run("rebuild", "--check")
    run("backup", "copy2")
    place.store.close()
    assert "再次删除" not in run("restore", "copy2", "--force"), "once is enough"


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(place) -> None:
    from alembic import command

    from storage.migrating import _config

    with place.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0003")
    place.store.close()
    url = sa.make_url(place.settings.database_url)
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(url.database, "old")
    else:
        backups._tool(["pg_dump", "--format=custom", "--file=old", backups._plain(url)])
    with place.store.engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    place.store.close()
    run("restore", "old", "--force")
    assert is_current(place.store.engine)
    assert differences(place.store.engine) == []
    assert name_of(place, "p1")


def test_what_is_no_backup_replaces_nothing(place) -> None:
    Path("broken").write_bytes(b"PGDMP but then nothing" * 50)
    place.store.close()
    run("restore", "broken", "--force", code=2)
    assert name_of(place, "p1")
    assert differences(place.store.engine) == []


def test_a_backup_under_another_key_replaces_nothing_until_that_key_is_named_too(place, monkeypatch) -> None:
    """Else it would be said to be restored, be readable by nobody, and hold the erased again once the key is named."""
    run("backup", "copy")
    run("erase", "p1", "--reason", "教发〔2025〕9号", "--yes")
    old, new = place.settings.data_key, base64.b64encode(b"another key".ljust(32, b".")).decode()
    place.store.close()
    monkeypatch.setenv("KONGCHUO_DATA_KEY", f"{new},{old}")
    assert "备份要用它才能恢复" in run("keys", "rotate")
    monkeypatch.setenv("KONGCHUO_DATA_KEY", new)
    told = run("restore", "copy", "--force", code=2)
    assert "另一把钥匙" in told
    assert len(told.strip().splitlines()) == 1, told
    assert "完整" in run("audit", "verify"), "what stood there stands"
    assert sorted(path.name for path in Path().glob("*restoring*")) == []
    monkeypatch.setenv("KONGCHUO_DATA_KEY", f"{new},{old}")
    assert "1名学生已再次删除" in run("restore", "copy", "--force")
    run("keys", "rotate")
    monkeypatch.setenv("KONGCHUO_DATA_KEY", new)
    run("rebuild", "--check")


def test_doctor_sees_that_a_rotation_was_not_finished_before_the_old_key_was_taken_out(place, monkeypatch) -> None:
    old, new = place.settings.data_key, base64.b64encode(b"another key".ljust(32, b".")).decode()
    monkeypatch.setenv("KONGCHUO_WECOM_API", "http://127.0.0.1:9/cgi-bin/")
    with place.store.look(place.now()) as work:
        [(pupil, wrapped)] = work.session.run(
            sa.select(pupil_keys.c.pupil_id, pupil_keys.c.wrapped)
            .where(work.session.here(pupil_keys), pupil_keys.c.pupil_id == "p1")
        ).all()  # fmt: skip
    monkeypatch.setenv("KONGCHUO_DATA_KEY", f"{new},{old}")
    run("keys", "rotate")
    monkeypatch.setenv("KONGCHUO_DATA_KEY", new)
    assert "表结构是最新的" in run("doctor", code=1)
    with place.store.begin(place.now()) as work:
        mine = sa.update(pupil_keys).where(work.session.here(pupil_keys), pupil_keys.c.pupil_id == pupil)
        work.session.run(mine.values(wrapped=wrapped))
    assert "[失败] 数据库：部分学生" in run("doctor", code=1)


def test_nothing_is_restored_under_a_server_that_runs(place) -> None:
    """One that is idle, too: it has the register in mind, and would answer out of what was replaced."""
    run("backup", "copy")
    with place.store.begin(place.now()) as work:
        work.people.put_pupil(Pupil("later", "后来的人", "c1", None))
    told = run("restore", "copy", "--force", code=2)
    assert "请先停止" in told
    assert len(told.strip().splitlines()) == 1, told
    assert name_of(place, "later") == "后来的人", "nothing was replaced"
    place.store.close()
    run("restore", "copy", "--force")
    with place.store.look(place.now()) as work:
        assert work.people.pupil("later") is None


@pytest.mark.postgres
def test_an_owner_of_few_rights_sees_that_the_applications_role_is_connected(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    owner, role = (f"{what}_{uuid.uuid4().hex[:10]}" for what in ("owner", "app"))
    with throw_away_role(owner), throw_away_role(role), throw_away_database(migrated=False) as url:
        name = sa.make_url(url).database
        with outside_transactions(server()) as connection:
            connection.execute(sa.text(f'ALTER DATABASE "{name}" OWNER TO {owner}'))
        monkeypatch.setenv("KONGCHUO_DATA_KEY", base64.b64encode(bytes(32)).decode())
        monkeypatch.setenv("KONGCHUO_FILES", str(tmp_path / "files"))
        monkeypatch.setenv("KONGCHUO_DATABASE_URL", as_role(url, role))
        monkeypatch.setenv("KONGCHUO_MIGRATION_URL", as_role(url, owner))
        run("init", "--county", "龙川县")
        run("backup", "copy")
        served = build_engine(as_role(url, role))
        served.connect().close()  # kept open in the pool, as by a server in a quiet hour
        assert "还有1个连接" in run("restore", "copy", "--force", code=2)
        served.dispose()
        run("restore", "copy", "--force")


def test_a_database_that_is_away_is_said_in_one_line(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KONGCHUO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("KONGCHUO_DATA_KEY", base64.b64encode(bytes(32)).decode())
    Path("copy").write_bytes(b"PGDMP")
    for command in (("init", "--county", "龙川县"), ("restore", "copy"), ("letters",)):
        told = run(*command, code=2)
        assert "数据库" in told
        assert len(told.strip().splitlines()) == 1, told


@pytest.mark.postgres
def test_an_account_that_may_not_change_tables_is_told_which_one_may(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    role = f"app_{uuid.uuid4().hex[:10]}"
    with throw_away_role(role), throw_away_database(migrated=False) as url:
        monkeypatch.setenv("KONGCHUO_DATA_KEY", base64.b64encode(bytes(32)).decode())
        monkeypatch.setenv("KONGCHUO_FILES", str(tmp_path / "files"))
        monkeypatch.setenv("KONGCHUO_DATABASE_URL", as_role(url, role))
        assert "KONGCHUO_MIGRATION_URL" in run("init", "--county", "龙川县", code=2)
        with monkeypatch.context() as owner:
            owner.setenv("KONGCHUO_MIGRATION_URL", url)
            run("init", "--county", "龙川县")
        run("backup", "copy")
        told = run("restore", "copy", "--force", code=2)
        assert "KONGCHUO_MIGRATION_URL" in told
        assert len(told.strip().splitlines()) == 1, told
        with monkeypatch.context() as owner:
            owner.setenv("KONGCHUO_MIGRATION_URL", url)
            assert "已恢复" in run("restore", "copy", "--force")
        assert "完整" in run("audit", "verify"), "the application's role works on what the owner restored"


@contextmanager
def throw_away_role(name: str) -> Iterator[None]:
    """A role that may log in and nothing else."""
    with outside_transactions(server()) as connection:
        connection.execute(sa.text(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'"))
    try:
        yield
    finally:
        with outside_transactions(server()) as connection:
            connection.execute(sa.text(f"DROP ROLE IF EXISTS {name}"))


def as_role(url: str, role: str) -> str:
    """The same database, as that role."""
    return sa.make_url(url).set(username=role, password=role).render_as_string(hide_password=False)
