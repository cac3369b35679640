"""The command ``kongchuo``: each command's work stands in a module of its own, imported when it is called.

Exit 2 for bad usage or bad input, 1 for a failure; a user's mistake never shows a traceback.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import click

from bot.memory import look_seldom
from casework.policy import PACKS

DAY = click.DateTime(["%Y-%m-%d"])


class BadInput(click.ClickException):
    """The user's input is at fault; exit 2."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kongchuo-bot")
def cli() -> None:
    """控辍保学: a WeChat Work bot that keeps count of every absent child."""


@cli.command()
@click.option("--port", default=8000, show_default=True, help="where the chat page listens")
@click.option("--headless", is_flag=True, help="do not open a browser")
def demo(port: int, headless: bool) -> None:
    """The whole bot with a made-up county, a simulated WeChat Work, and a chat page."""
    from bot.demo import run

    run(port, open_browser=not headless)


@cli.command()
@click.option("--county", required=True, help="the county's name, such as 龙川县")
@click.option("--pack", type=click.Choice(PACKS), default="national", show_default=True, help="whose rules hold")
@click.option("--overrides", type=click.Path(exists=True, path_type=Path), help="the county's own thresholds (YAML)")
def init(county: str, pack: str, overrides: Path | None) -> None:
    """Make the database and the county."""
    from bot.commands import setup

    _run(setup.init, county, pack, overrides)


@cli.command("import")
@click.argument("what", type=click.Choice(["units", "staff", "pupils", "calendar"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="check and say what would change, write nothing")
@click.option("--skip-bad", is_flag=True, help="write the good rows, list the bad ones")
def import_(what: str, file: Path, dry_run: bool, skip_bad: bool) -> None:
    """Read a roster (.xlsx or .csv)."""
    from bot.commands import setup

    sys.exit(_run(setup.import_file, what, file, dry_run, skip_bad))


@cli.command("new-year")
@click.option("--year", type=int, help="in which the school year begins (default: the one that begins this year)")
@click.option("--successor", "successors", multiple=True, metavar="PRIMARY=JUNIOR", help="where a Grade 6 goes")
@click.option("--dry-run", is_flag=True, help="say what would change, write nothing")
def new_year(year: int | None, successors: tuple[str, ...], dry_run: bool) -> None:
    """Classes move up a grade, Grade 6 goes to its junior school, Grade 9 leaves."""
    from bot.commands import setup

    _run(setup.new_year, year, successors, dry_run)


@cli.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT")
@click.option("--workers", default=2, show_default=True, help="web processes")
@click.option("--with-jobs", is_flag=True, help="scheduler and sender in one extra process")
def serve(bind: str, workers: int, with_jobs: bool) -> None:
    """The production server: callback and pages under gunicorn."""
    from bot import server

    _run(server.serve, bind, workers, with_jobs)


@cli.command()
@click.option("--metrics", help="HOST:PORT at which this process answers /metrics")
def jobs(metrics: str | None) -> None:
    """Scheduler and sender alone; any number of these may run at once."""
    from bot import server

    _run(server.run_jobs, metrics)


@cli.command()
@click.option("--explain", is_flag=True, help="also show which words led to which slot")
def understand(explain: bool) -> None:
    """JSON lines of messages in, JSON lines of actions out; needs no database."""
    from bot.commands.understand import run

    try:
        for line in run(sys.stdin, explain=explain):
            click.echo(line)
    except ValueError as error:
        raise BadInput(str(error)) from error


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(file: Path) -> None:
    """Play a timeline through handlers, rules and reminders; JSON lines out."""
    from bot.commands.replay import ReplayError, play

    try:
        for line in play(file.read_text(encoding="utf-8").splitlines()):
            click.echo(line)
    except ReplayError as error:
        raise BadInput(str(error)) from error


@cli.group()
def policy() -> None:
    """The rules in force."""


@policy.command("show")
@click.argument("pack", type=click.Choice(PACKS), default="national")
@click.option("--on", "day", type=DAY, help="the day on which they hold (default: today)")
@click.option("--overrides", type=click.Path(exists=True, path_type=Path), help="the county's own thresholds (YAML)")
def policy_show(pack: str, day: dt.datetime | None, overrides: Path | None) -> None:
    """Each rule with its value, its clause and why."""
    from bot.commands import policies

    _run(policies.show, pack, (day or dt.datetime.now()).date(), overrides)


@policy.command("check")
@click.argument("packs", type=click.Choice(PACKS), nargs=-1)
@click.option("--overrides", type=click.Path(exists=True, path_type=Path), help="the county's own thresholds (YAML)")
def policy_check(packs: tuple[str, ...], overrides: Path | None) -> None:
    """Refuse an unknown key or a number without a source."""
    from bot.commands import policies

    sys.exit(_run(policies.check, packs or PACKS, overrides))


@cli.command()
@click.argument("what")
@click.option("--place", help="a unit, such as 老隆镇 or 老隆镇/第一中学")
@click.option("--pupil", help="name or id of a pupil, for a form")
@click.option("--month", help="YYYY-MM, for a report")
@click.option("--out", type=click.Path(path_type=Path), help="where to write the file")
def export(what: str, place: str | None, pupil: str | None, month: str | None, out: Path | None) -> None:
    """A workbook or form to a file; `kongchuo export list` names them all, `export templates` writes the Word templates."""
    from bot.commands import exports

    sys.exit(_run(exports.to_file, what, place, pupil, month, out))


@cli.command()
@click.argument("lists", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=Path("比对结果.xlsx"), show_default=True)
@click.option("--open", "opening", is_flag=True, help="ask, then open a case for each child missing from school")
@click.option("--full-numbers", is_flag=True, help="ID numbers in full; the audit trail says so")
def compare(lists: tuple[str, ...], out: Path, opening: bool, full_numbers: bool) -> None:
    """四查三比对: household, school-status, in-school and poverty lists (Excel), told apart by file name.

    Or two lists against each other: 上学期 and 本学期, 六年级 and 七年级, 通知书 and 报到, 平台 and 本县疑似, or any
    TITLE=FILE of two departments. `ours` is our register, `ours:suspected`, `ours:grade6`, `ours:poor` and the like a part of it.
    """
    from bot.commands import exports

    sys.exit(_run(exports.compare_files, lists, out, opening, full_numbers))


@cli.command()
@click.option("--check", "only_check", is_flag=True, help="compare only; exit 1 on any difference")
def rebuild(only_check: bool) -> None:
    """Compute all cases and duties anew from the facts."""
    from bot.commands import setup

    sys.exit(_run(setup.rebuild, only_check))


@cli.command()
def doctor() -> None:
    """Try settings, database, clock, keys and WeChat Work; one line each, with the mend."""
    from bot.commands.doctor import examine

    sys.exit(_run(examine))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """A consistent copy while serving."""
    from bot.commands import backups

    _run(backups.backup, file)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="replace a database that holds records")
def restore(file: Path, force: bool) -> None:
    """Put a backup in place of the database; whom it still holds and who was erased since is erased again."""
    from bot.commands import backups

    _run(backups.restore, file, force)


@cli.command()
def menu() -> None:
    """Create the app's menu in WeChat Work."""
    from bot.commands import setup

    _run(setup.create_menu)


@cli.command()
@click.option("--limit", default=50, show_default=True)
@click.option("--as-tests", is_flag=True, help="as lines for the message corpus")
def unknowns(limit: int, as_tests: bool) -> None:
    """Messages that were not understood, newest first."""
    from bot.commands import setup

    _run(setup.list_unknowns, limit, as_tests)


@cli.group()
def keys() -> None:
    """The keys that seal personal data."""


@keys.command("rotate")
def keys_rotate() -> None:
    """Wrap all data keys by the newest KONGCHUO_DATA_KEY."""
    from bot.commands import upkeep

    _run(upkeep.rotate_keys)


@cli.group()
def audit() -> None:
    """The trail of who did or saw what."""


@audit.command("verify")
@click.option("--head", help="NUMBER:HASH, a link kept from an earlier run or from the log")
def audit_verify(head: str | None) -> None:
    """Recompute the chain; exit 1 if a row was altered, removed or moved."""
    from bot.commands import upkeep

    sys.exit(_run(upkeep.verify_audit, head))


@cli.command()
@click.argument("pupil_id")
@click.option("--reason", required=True, help="the number or date of the written decision; no name")
@click.option("--yes", is_flag=True, help="do not ask")
def erase(pupil_id: str, reason: str, yes: bool) -> None:
    """Erase a child's personal data for good; facts stay, naming nobody."""
    from bot.commands import erasing

    _run(erasing.erase_pupil, pupil_id, reason, yes)


@cli.command()
@click.option(
    "--again", "again", multiple=True, metavar="ID", help="put this one back into the queue; `all`: every one"
)
def letters(again: tuple[str, ...]) -> None:
    """Messages that could not be delivered: why, and once more."""
    from bot.commands import upkeep

    _run(upkeep.letters, again)


def _run(work: Any, *arguments: Any) -> Any:
    """Call the work of a command; what the user can mend is said in one line."""
    from bot.commands.ground import Refused
    from bot.settings import SettingsError

    try:
        return work(*arguments)
    except (SettingsError, Refused) as error:
        raise BadInput(str(error)) from error


def main() -> None:
    """The entry point of the distribution."""
    look_seldom()
    os.umask(0o077)  # a database, a backup or an export names children: for this account alone, whoever starts it
    cli(prog_name="kongchuo")
