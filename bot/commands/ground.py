"""What every command stands on: the program on the configured database, a refusal in one line, a row in the trail."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bot.logs import configure
from bot.settings import Settings, load

if TYPE_CHECKING:  # `serve` has to say where processes share their counts before prometheus_client is imported
    from bot.app import Bot
    from storage.store import Work

COMMAND = "command"
"""Who the trail names for a command; the place names the account of the operating system."""


NOT_ALLOWED = "42501"
"""PostgreSQL's code for a right that the account has not."""
NOT_OWNER = (
    "这个数据库账号不能改表。请用数据库所有者的账号再运行一次，写在命令前面："
    "KONGCHUO_MIGRATION_URL=postgresql://所有者:密码@主机/数据库 kongchuo …"
)


class Refused(Exception):
    """The user's input is at fault: said in one line, exit 2."""


def ready(settings: Settings | None = None) -> Bot:
    """The running program's parts on the configured database, given back when the command ends; refuses where there is no
    county yet."""
    from bot.app import build
    from storage.engine import Unavailable
    from storage.sealing import KeyUnknown
    from storage.store import CountyUnclear

    settings = settings or load(required=("data_key",))
    try:
        bot = build(settings)
    except CountyUnclear as error:
        raise Refused(
            f"数据库里没有要用的县（现有：{error}）。请先运行 kongchuo init --county 县名 --pack 规则包"
        ) from error
    except KeyUnknown as error:
        raise Refused("KONGCHUO_DATA_KEY 不是封存这个数据库的那一把，请核对") from error
    except (Unavailable, ValueError) as error:
        raise Refused(
            f"数据库用不了（{_first_line(error)}）。请运行 kongchuo init 或检查 KONGCHUO_DATABASE_URL"
        ) from error
    if context := click.get_current_context(silent=True):
        context.call_on_close(bot.store.close)
    return bot


@contextmanager
def on_the_tables() -> Iterator[None]:
    """Work on the tables themselves: a database that is away, or an account that may not, is said in one line."""
    import sqlalchemy as sa

    from storage.engine import Unavailable, told_plainly

    try:
        with told_plainly():
            yield
    except Unavailable as error:
        raise Refused(f"连不上数据库（{_first_line(error)}）。请检查数据库是否在运行、设置里的地址对不对") from error
    except sa.exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != NOT_ALLOWED:
            raise
        raise Refused(NOT_OWNER) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def at_hand() -> Bot:
    """``ready`` for a command that somebody watches: on a terminal without the log's lines of every writing."""
    bot = ready()
    if sys.stderr.isatty():
        configure("WARNING")
    return bot


def noted(work: Work, did: str, subject: str = "", **detail: Any) -> None:
    """Put a command into the trail."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        account = "?"
    work.audit.note(COMMAND, did, subject, f"command:{account}"[:80], detail)


def counties(settings: Settings) -> list[str]:
    """The counties that the configured database holds."""
    from storage.counties import known_counties
    from storage.engine import build_engine

    engine = build_engine(settings.database_url)
    try:
        return [known.id for known in known_counties(engine)]
    finally:
        engine.dispose()
