"""Commands of an administrator: make the county, import rosters, rebuild, menu, what was not understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.commands.ground import Refused, at_hand, noted, on_the_tables, ready
from bot.menu import menu
from bot.settings import WECOM, load


def init(county: str, pack: str, overrides: Path | None) -> None:
    """Make the tables and the county; run again, it only brings the tables up to date."""
    from bot.app import wall_clock
    from casework.policy import Policy, PolicyError
    from storage.counties import create_county, known_counties
    from storage.engine import build_engine
    from storage.migrating import grant, migrate

    settings = load(required=("data_key",))
    try:
        Policy.load(pack, overrides)
    except PolicyError as error:
        raise Refused(str(error)) from error
    engine = build_engine(settings.migration_url or settings.database_url)
    with on_the_tables():
        engine.connect().close()  # one that is away is said at once: `migrate` tries for a minute
        migrate(engine)
        if settings.migration_url:
            grant(engine, sa.make_url(settings.database_url).username or "")
    if county in {known.id for known in known_counties(engine)}:
        click.echo(f"{county}已存在，表结构已是最新。")
        return
    own = str(overrides.resolve()) if overrides else ""
    create_county(engine, settings.data_keys, county, pack, wall_clock(settings.timezone)(), overrides=own)
    click.echo(f"{county}已建好，规则包 {pack}。下一步：kongchuo import units 单位.xlsx")


def import_file(what: str, file: Path, dry_run: bool, skip_bad: bool) -> int:
    """Import a roster with a progress bar on a terminal; exit code 2 when rows are bad."""
    from bot.rosters import RosterError, import_roster

    bot = at_hand()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("导入", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        try:
            result = import_roster(
                bot.store, what, file, bot.now(), dry_run=dry_run, skip_bad=skip_bad, progress=progress
            )
        except RosterError as error:
            raise Refused(str(error)) from error
    if not dry_run and (result.added or result.changed):
        with bot.store.begin(bot.now()) as work:
            noted(work, "import", what, added=result.added, changed=result.changed)
    for line in summary(result, dry_run):
        click.echo(line)
    return 2 if result.bad and not skip_bad else 0


def summary(result: Any, dry_run: bool) -> list[str]:
    """What an import did or would do, in plain sentences."""
    lines = [f"未识别的列（已忽略）：{'、'.join(result.unknown_columns)}"] if result.unknown_columns else []
    if "民族" in result.unknown_columns:
        lines.append("民族由班主任登记一次：在聊天里发“全班都是汉族”，个别学生发“张三 民族：瑶族”。")
    lines += [f"第{bad.number}行“{bad.column}”：{bad.reason}" for bad in result.bad]
    lines += result.notes
    counts = f"新增{result.added}，修改{result.changed}，未变{result.unchanged}，有问题{len(result.bad)}行"
    if dry_run:
        return [*lines, f"试运行，没有写入。若正式导入：{counts}。", *_would_change(result)]
    written = result.added or result.changed or not result.bad
    return [
        *lines,
        f"{'已写入' if written else '没有写入'}：{counts}。" + ("改好后再导入一次即可。" if result.bad else ""),
    ]


def _would_change(result: Any) -> list[str]:
    """What a dry run ends with: the columns that rows would change, and what to do next."""
    lines = []
    if result.edits:
        many = "，".join(f"{column}{count}人" for column, count in result.edits.items())
        lines.append(f"修改的{result.changed}人里：{many}。")
    if result.bad:
        return [*lines, "请先改好有问题的行；不改就导入，一行也不会写入（加 --skip-bad 只跳过这些行）。"]
    if not (result.added or result.changed):
        return [*lines, "和现有名单一样，不用导入。"]
    return [*lines, "核对无误后，去掉 --dry-run 再导入一次。"]


def new_year(year: int | None, successors: tuple[str, ...], dry_run: bool) -> None:
    """The step into a school year, as a dry run or for real; done twice, it changes nothing."""
    from bot.rosters import RosterError
    from bot.rosters.new_year import plan_year, write_year

    pairs = [pair.partition("=") for pair in successors]
    if wrong := [pair for pair in pairs if not (pair[0].strip() and pair[2].strip())]:
        raise Refused(f"“{''.join(wrong[0])}”写法不对，应为 --successor 老隆镇/中心小学=老隆镇/第一中学")
    bot = at_hand()
    now = bot.now()
    try:
        plan = plan_year(bot.store, year or now.year, {a.strip(): b.strip() for a, _, b in pairs}, now)
    except RosterError as error:
        raise Refused(str(error)) from error
    if not dry_run:
        write_year(bot.store, plan, now)
    for line in plan.say(dry_run):
        click.echo(line)


def rebuild(only_check: bool) -> int:
    """Compute all cases and duties anew; with ``only_check`` exit 1 on any difference."""
    from storage.rebuilding import rebuild as compute

    bot = ready()
    differences = compute(bot.store, bot.now(), check=only_check)
    for difference in differences[:50]:
        click.echo(str(difference))
    click.echo(f"{'差异' if only_check else '更正'}：{len(differences)}处。")
    return 1 if only_check and differences else 0


def create_menu() -> None:
    """Create the app's menu (``menu``) in WeChat Work."""
    from bot.wecom.errors import WecomError

    bot = ready(load(required=("data_key", *WECOM)))
    try:
        bot.client.create_menu(menu(bot.settings.public_url))
    except WecomError as error:
        raise click.ClickException(f"企业微信没有接受菜单：{error}") from error
    click.echo("菜单已创建，成员重新进入应用即可看到。")


def list_unknowns(limit: int, as_tests: bool) -> None:
    """Messages not understood, newest first; as corpus lines they need only their expectation filled in."""
    bot = ready()
    with bot.store.begin(bot.now()) as work:
        noted(work, "look", "unknowns", limit=limit)
        for unknown in work.inbox.unknowns(limit):
            line: dict[str, Any] = {
                "id": unknown.id,
                "now": unknown.at.isoformat(timespec="minutes"),
                "text": unknown.text,
            }
            if as_tests:
                line |= {"role": "teacher", "roster": [], "expect": {"actions": []}}
            click.echo(json.dumps(line, ensure_ascii=False))
