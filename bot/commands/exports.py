"""``kongchuo export`` and ``kongchuo compare``: papers to a file, on the county's own server."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources
from pathlib import Path

import click

from bot.app import Bot
from bot.commands.ground import Refused, noted, ready
from bot.desks import desk_for
from bot.papers.comparing import PAIRS, PARTS, WHOLE, compared, missed, our_rows, part_for
from bot.papers.numbering import is_numbered, make_numbered
from bot.papers.paperwork import NotMade, Wanted
from casework.facts import GROUPS
from handlers.desk import Desk
from handlers.opening import Missed, open_cases
from reports.catalogue import catalogue
from reports.compare import FOUR
from reports.compare_sheets import say_summary, workbook
from reports.lists import ListUnreadable, Source
from reports.templates.layouts import layouts
from storage.store import Work

LISTS = {
    "户籍": "户籍", "户口": "户籍", "学籍": "学籍", "在校": "在校", "花名册": "在校", "脱贫": "脱贫户", "贫困": "脱贫户",
    "上学期": "上学期名单", "本学期": "本学期名单", "六年级": "六年级毕业名单", "七年级": "七年级报到名单",
    "通知书": "入学通知书发放名单", "报到": "报到名单", "平台": "平台疑似名单", "本县疑似": "本县疑似名单",
}  # fmt: skip
"""Which list a file is, by a word in its name: the first that stands there."""
OURS = re.compile(rf"ours(?::(?P<part>{'|'.join(PARTS)}))?")


def to_file(what: str, place: str | None, pupil: str | None, month: str | None, out: Path | None) -> int:
    """Make one paper as the county's bureau; ``list`` names them all. Exit code 2 when it cannot be made."""
    if what == "list":
        for item in catalogue().values():
            click.echo(f"{item.name}\t{item.title}\t{item.kind}")
        return 0
    if what == "templates":
        return _templates(out or Path("templates"))
    bot = ready()
    with bot.store.begin(bot.now()) if is_numbered(Wanted(what)) else bot.store.look(bot.now()) as work:
        desk = _desk_of_county(work)
        wanted = Wanted(what, _pupil_id(work, desk, pupil), month, what if what in GROUPS else None, place)
        try:
            paper = make_numbered(work, desk, wanted, bot.settings.files)
        except NotMade as error:
            raise Refused(str(error)) from error
    target = out or Path(paper.name)
    target.write_bytes(paper.content)
    with bot.store.begin(bot.now()) as work:
        noted(work, "export", f"export:{what}"[:80], pupil=wanted.pupil or "", place=place or "")
    click.echo(f"已写入 {target}" + (f"；还要人填写：{'、'.join(paper.missing)}" if paper.missing else ""))
    return 0


def _templates(folder: Path) -> int:
    """Our Word templates, to be changed in Word and put into ``templates`` of the folder of files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in layouts():
        (folder / f"{name}.docx").write_bytes((resources.files("reports.templates") / f"{name}.docx").read_bytes())
    click.echo(
        f"已写入 {folder}，共{len(layouts())}份。用 Word 改好后放进 KONGCHUO_FILES 下的 templates 文件夹即生效。"
    )
    return 0


def _desk_of_county(work: Work) -> Desk:
    """The command speaks for the county: in the name of whoever holds that post."""
    holders = work.world.directory.holders("county", "", work.now.date()) or work.world.directory.holders(
        "admin", "", work.now.date()
    )
    desk = desk_for(work, holders[0], "command") if holders else None
    if desk is None:
        raise Refused("教职工名单里还没有县教育局人员或管理员，请先 kongchuo import staff")
    return desk


def _pupil_id(work: Work, desk: Desk, pupil: str | None) -> str | None:
    if pupil is None:
        return None
    if work.people.pupil(pupil):
        return pupil
    found = work.people.names(desk.scope).exact([pupil]).get(pupil, [])
    if len(found) != 1:
        raise Refused(f"{'没有找到' if not found else f'有{len(found)}名'}“{pupil}”，请用学生编号。")
    return str(found[0].id)


def compare_files(files: tuple[str, ...], out: Path, opening: bool = False, full: bool = False) -> int:
    """四查三比对 over lists, told apart by their file names or given as 名称=文件; ``ours`` is the register itself.

    With ``opening`` the cases of who is missing from school are opened after a yes; with ``full`` ID numbers stand in
    full in the workbook, which the trail says: so that needs the county's database.
    """
    lists: dict[str, Source] = {}
    for word in files:
        title, source = _named_list(word)
        if title in lists:
            raise Refused(f"{word} 和前面的文件是同一种名单，请只给一份。")
        lists[title] = source
    _name_ours(lists)
    if len(lists) < 2:
        raise Refused("比对至少要两份名单，例如：kongchuo compare 户籍.xlsx 学籍.xlsx 在校.xlsx 脱贫户.xlsx")
    bot = ready() if opening or full or any(isinstance(s, str) for s in lists.values()) else None
    try:
        if bot is not None:
            with bot.store.look(bot.now()) as work:
                desk = _desk_of_county(work)
                lists = {
                    t: our_rows(work, desk, s or part_for(t)) if isinstance(s, str) else s for t, s in lists.items()
                }
        found = compared(lists, dt.date.today())  # of a household list only children of school age, as on the page
    except (ListUnreadable, PermissionError) as error:
        raise Refused(str(error)) from error
    out.write_bytes(workbook(found, "命令行", dt.datetime.now(), full))
    if bot is not None:
        with bot.store.begin(bot.now()) as work:
            noted(work, "compare", "lists", lists="、".join(lists)[:80], full_numbers=full)
    click.echo(say_summary(found))
    click.echo(f"已写入 {out}" + ("" if full else "，身份证号只显示一部分；要全号请加 --full-numbers，会留下记录"))
    if bot is not None and opening:
        _open(bot, missed(found))
    return 0


def _named_list(word: str) -> tuple[str, Source]:
    """A list's title and where it is: ``名称=文件``, a file alone, or ``ours``, of which the part is given as words."""
    title, _, name = word.rpartition("=")
    if ours := OURS.fullmatch(name):
        return title, ours["part"] or ""
    if not Path(name).is_file():
        raise Refused(f"找不到文件 {name}")
    return title or next((kind for words, kind in LISTS.items() if words in Path(name).name), Path(name).stem), Path(
        name
    )


def _name_ours(lists: dict[str, Source]) -> None:
    """``ours`` without a title is the other list of a pair of which one is given, beside the four lists that of the
    school-status system, and else called what it is."""
    if "" not in lists:
        return
    part, given = lists.pop(""), lists.keys()
    pairs = [(pair.one, pair.other) for pair in PAIRS.values() if given & {pair.one, pair.other}]
    other = next((title for titles in pairs for title in titles if title not in given), "")
    plain = "学籍" if given <= set(FOUR.values()) else f"本系统{PARTS[str(part) or WHOLE]}"
    lists[other or plain] = part


def _open(bot: Bot, children: list[Missed]) -> None:
    if not children:
        click.echo("没有需要立案的学生。")
        return
    if not click.confirm(f"有{len(children)}人不在学校，要立案跟进吗？请先打开结果核对"):
        click.echo("没有立案。")
        return
    with bot.store.begin(bot.now()) as work:
        desk = _desk_of_county(work)
        opened = open_cases(desk, children)
        work.audit.note(desk.writer.id, "open_cases", "lists", "command", {"count": len(children)})
    for line in opened.say():
        click.echo(line)
