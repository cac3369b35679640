"""Backup while everything serves, and restore: whole, of an older version too, and without bringing back who was erased."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from bot.commands.erasing import erase_again
from bot.commands.ground import Refused, counties, noted, on_the_tables, ready
from bot.settings import Settings, load
from storage.engine import PROGRAM, Unavailable, build_engine, told_plainly
from storage.migrating import grant, migrate
from storage.rotating import closed
from storage.sealing import MasterKeys
from storage.tables import metadata

IN_USE = "数据库正在使用。请先停止 kongchuo-web 和 kongchuo-jobs，再恢复。"
CONNECTED = "数据库正在使用，还有{}个连接。请先停止每台服务器上的 kongchuo-web 和 kongchuo-jobs，再恢复。"
LEAVING = 3.0  # seconds that connections of a process just ended may still be listed
OTHER_KEY = (
    "这份备份是用另一把钥匙封存的，没有恢复。请把当时的 KONGCHUO_DATA_KEY 接在现在的后面（中间加英文逗号），再运行一次；"
    "恢复以后运行 kongchuo keys rotate。"
)
ASIDE = "kongchuo_replaced"  # PostgreSQL: the schema in which the old tables wait until the new ones stand


def backup(file: Path) -> None:
    """A consistent copy of the database while it serves; documents and photos lie in FILES beside it."""
    settings = load()
    url = sa.make_url(settings.database_url)
    if file.exists():
        raise Refused(f"{file} 已存在，请换一个文件名。")
    on_sqlite = url.get_backend_name() == "sqlite"
    if on_sqlite and not Path(url.database or "").exists():
        raise Refused(f"没有找到数据库 {url.database}，没有备份。请核对 KONGCHUO_DATABASE_URL。")
    _of_records(url)
    _note(settings, "backup", file)
    if on_sqlite:
        with closing(sqlite3.connect(url.database or "")) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
    else:
        _tool(["pg_dump", "--format=custom", f"--file={file}", _plain(url)])
    os.chmod(file, 0o600)
    click.echo(f"已备份到 {file}。请把 KONGCHUO_FILES 文件夹也复制一份；KONGCHUO_DATA_KEY 另放一处。")


def _of_records(url: sa.URL) -> None:
    """Refuses where there is no county: a copy of nothing would be taken for a backup. What is away the tools tell."""
    engine = build_engine(url.render_as_string(hide_password=False))
    try:
        with told_plainly(), engine.execution_options(writes=False).connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            empty = (
                "counties" not in tables
                or connection.scalar(sa.select(metadata.tables["counties"].c.county_id)) is None
            )
    except Unavailable:
        return
    finally:
        engine.dispose()
    if empty:
        raise Refused(f"数据库 {url.database} 里还没有县的记录，没有备份。请核对 KONGCHUO_DATABASE_URL。")


def restore(file: Path, force: bool) -> None:
    """Put a backup in place of the database; refuses to replace records without ``--force``."""
    settings = load(required=("data_key",))
    url = sa.make_url(settings.migration_url or settings.database_url)
    with on_the_tables():
        put = _restore_sqlite if url.get_backend_name() == "sqlite" else _restore_postgresql
        put(url, file, force, MasterKeys(settings.data_keys))
        engine = build_engine(url.render_as_string(hide_password=False))
        migrate(engine)
        if settings.migration_url:
            grant(engine, sa.make_url(settings.database_url).username or "")
        engine.dispose()
    _note(settings, "restore", file)
    again = erase_again(settings)
    click.echo(f"已恢复{f'，备份之后删除过的{again}名学生已再次删除' if again else ''}。")
    click.echo("请运行 kongchuo doctor 和 kongchuo rebuild --check 检查，并在“设置/教职工”里停用备份之后离岗的人。")


def _restore_sqlite(url: sa.URL, file: Path, force: bool, masters: MasterKeys) -> None:
    target = Path(url.database or "")
    if target.exists() and target.stat().st_size and not force:
        raise Refused(f"{target} 里已有数据。确认要替换请加 --force。")
    with closing(sqlite3.connect(file)) as source:
        try:
            whole = source.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            whole = False
    if not whole:
        raise Refused(f"{file} 不完整，没有恢复。")
    if target.exists():
        _alone(target)
    fresh = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(file, fresh)
    try:
        _can_be_read(url.set(database=str(fresh)), masters)
    except Refused:
        fresh.unlink()
        raise
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    fresh.replace(target)


def _can_be_read(url: sa.URL, masters: MasterKeys) -> None:
    """Refuses what was sealed with a key that is not set: nobody could read it, and who was erased could not be erased again."""
    engine = build_engine(url.render_as_string(hide_password=False))
    try:
        with told_plainly(), engine.execution_options(writes=False).begin() as connection:
            shut = closed(connection, masters)
    except Unavailable as error:
        raise Refused("这个文件不是控辍保学的备份，没有恢复。") from error
    finally:
        engine.dispose()
    if shut:
        raise Refused(OTHER_KEY)


def _alone(target: Path) -> None:
    """Refuses while a server has the database open: it would go on writing into the file that is replaced."""
    with closing(sqlite3.connect(target, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # only the last one out may leave the write-ahead log
        except sqlite3.OperationalError as error:
            raise Refused(IN_USE) from error
        except sqlite3.DatabaseError:
            return  # not a database any more: nobody serves from it


def _restore_postgresql(url: sa.URL, file: Path, force: bool, masters: MasterKeys) -> None:
    engine = build_engine(url.render_as_string(hide_password=False))
    there = [name for name in sa.inspect(engine).get_table_names() if name in {*metadata.tables, "alembic_version"}]
    if there and not force:
        raise Refused("这个数据库里已有表。确认要替换请加 --force。")
    _unserved(engine)
    with _set_aside(engine, there):
        _tool(
            ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-acl", f"--dbname={_plain(url)}", str(file)]
        )  # fmt: skip
        _can_be_read(url, masters)
    engine.dispose()


def _unserved(engine: sa.Engine) -> None:
    """Refuses while any process of ours is connected: it would go on with what it knows of the register that is replaced, and
    answer people out of it."""
    ours = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name IN (:program, current_setting('application_name'))"
    )
    until = time.monotonic() + LEAVING
    while True:
        with engine.connect() as connection:
            others = connection.scalar(ours, {"program": PROGRAM})
        if not others:
            return
        if time.monotonic() > until:
            raise Refused(CONNECTED.format(others))
        time.sleep(0.1)


@contextmanager
def _set_aside(engine: sa.Engine, names: list[str]) -> Iterator[None]:
    """The old tables wait in a schema of their own; they come back when the restore fails, else they go."""
    moves = [
        sa.text(f'ALTER TABLE {{}}."{name}" SET SCHEMA {{}}'.format(*way))
        for way in (("public", ASIDE), (ASIDE, "public"))
        for name in names
    ]
    try:
        with told_plainly(), engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {ASIDE}"))
            for move in moves[: len(names)]:
                connection.execute(move)
    except Unavailable as error:
        raise Refused(IN_USE) from error
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            for name in {*sa.inspect(connection).get_table_names()} & {*metadata.tables, "alembic_version"}:
                connection.execute(sa.text(f'DROP TABLE public."{name}" CASCADE'))  # what was restored and refused
            for move in moves[len(names) :]:
                connection.execute(move)
            connection.execute(sa.text(f"DROP SCHEMA {ASIDE}"))
        raise
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {ASIDE} CASCADE"))


def _note(settings: Settings, did: str, file: Path) -> None:
    """In the trail of every county of the database. A backup is made all the same where the trail cannot be written."""
    try:
        for county in counties(settings):
            bot = ready(settings.model_copy(update={"county": county}))
            with bot.store.begin(bot.now()) as work:
                noted(work, did, "database", file=file.name[:80])
            bot.store.close()
    except (Refused, Unavailable, sa.exc.DatabaseError) as error:
        click.echo(f"审计记录没有写上：{type(error).__name__}", err=True)


def _plain(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _tool(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise Refused(f"找不到 {command[0]}，请安装 PostgreSQL 客户端工具。")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(
            f"{command[0]} 失败：{done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        )
