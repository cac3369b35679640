"""All that can be said, sorted into topics, so that help never is longer than one message: 帮助 转学休学, 帮助 查询其他 第2页.

A topic names its actions of the registry and the modules of its short commands; what no topic names stands in the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers import (
    admitting,
    arranged,
    arrivals,
    awaiting,
    calling,
    checks,
    departments,
    elsewhere,
    entering,
    exempt,
    faring,
    filing,
    finished,
    formwords,
    glance,
    handover,
    hukou,
    inspected,
    judging,
    letters,
    links,
    meetings,
    mismatch,
    movements,
    nations,
    numbered,
    outing,
    overlong,
    placing,
    platform,
    pledges,
    reaching,
    replies,
    resting,
    roundup,
    sampling,
    steps,
    striking,
    targets,
    teaching,
    teaching_days,
    unitpapers,
    unmet,
    upward,
    urging,
    visiting,
    watched,
    worklog,
    yearplan,
)
from handlers.command import Command
from handlers.desk import Desk, Said
from handlers.registry import REGISTRY

LONGEST = 1400
"""Bytes of one answer's lines: a message has 2,048, and what stands around the lines is short."""
UNSAID = ("help", "greet", "snooze", "undo")
"""Actions without a line: they are said in the answer's own words, or nobody needs to be told."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``name`` is what one types after 帮助; ``actions`` are names of the registry."""

    name: str
    actions: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()


TOPICS = (
    Topic("待办查询", ("todo", "case", "list", "stats", "done"),
          (*numbered.COMMANDS, *finished.COMMANDS, *glance.COMMANDS, *overlong.COMMANDS, *reaching.COMMANDS, *urging.COMMANDS)),
    Topic("缺勤请假", ("absence", "all_present", "leave", "return", "not_returned"),
          (*calling.COMMANDS, *teaching_days.COMMANDS)),
    Topic("联系家访", ("visit", "contact"),
          (*outing.COMMANDS, *visiting.COMMANDS, *faring.COMMANDS, *filing.COMMANDS, *formwords.COMMANDS)),
    Topic("劝返辍学", ("notice", "dropout"), striking.COMMANDS),
    Topic("转学休学", ("transfer_out", "transfer_in", "suspend", "defer"),
          (*arrivals.COMMANDS, *awaiting.COMMANDS, *elsewhere.COMMANDS, *exempt.COMMANDS, *resting.COMMANDS, *steps.COMMANDS, *mismatch.COMMANDS, *movements.COMMANDS)),
    Topic("入学升学", ("found", "not_registered", "not_handed_over"),
          (*admitting.COMMANDS, *entering.COMMANDS, *handover.COMMANDS, *hukou.COMMANDS)),
    Topic("送教安置", ("teach",), (*placing.COMMANDS, *teaching.COMMANDS)),
    Topic("核实函件", ("platform_flag",),
          (*platform.COMMANDS, *letters.COMMANDS, *replies.COMMANDS, *departments.COMMANDS, *links.COMMANDS)),
    Topic("重点群体", ("mark", "assign"), (*watched.COMMANDS, *judging.COMMANDS, *nations.COMMANDS)),
    Topic("月报材料", ("report", "export"), (*roundup.COMMANDS, *upward.COMMANDS, *yearplan.COMMANDS, *unitpapers.COMMANDS)),
    Topic("会议检查", (), (*worklog.COMMANDS, *meetings.COMMANDS, *pledges.COMMANDS, *targets.COMMANDS, *inspected.COMMANDS, *unmet.COMMANDS,
                       *arranged.COMMANDS, *checks.COMMANDS, *sampling.COMMANDS)),
)  # fmt: skip
OTHER = "其他说法"
SHOWN_FIRST = 2  # sentences of a topic on the first page


def sorted_for(desk: Desk, commands: Sequence[Command]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each topic of which the reader may say anything, with its sentences: what it is called, where it has a name, and the
    words themselves. First the actions, then the short commands."""
    named = {action for topic in TOPICS for action in topic.actions}
    placed = {id(row) for topic in TOPICS for row in topic.commands}
    words = {example for row in REGISTRY.values() for example in row.examples}
    rest = Topic(OTHER, tuple(a for a in REGISTRY if a not in named), tuple(c for c in commands if id(c) not in placed))
    for topic in (*TOPICS, rest):
        said = [
            (row.title, row.examples[0])
            for row in (REGISTRY[action] for action in topic.actions if action not in UNSAID)
            if desk.reader.may(row.action)
        ]
        mine = (row for row in topic.commands if not desk.reader.roles.isdisjoint(row.roles))
        if said := [*said, *(("", row.example) for row in mine if row.example not in words)]:
            yield topic.name, said


def first_page(desk: Desk, commands: Sequence[Command]) -> Said:
    """A line a topic, with its commonest sentences, and how to see the rest."""
    lines = [
        f"· {name}：{'｜'.join(words for _, words in said[:SHOWN_FIRST])}" for name, said in sorted_for(desk, commands)
    ]
    more = f"看一类的全部说法，发“帮助”加类名，例如：帮助 {TOPICS[1].name}。"
    return Said("\n".join(["您可以这样发：", *lines, more, "说错了回“撤销”，不想答的问题回“取消”。"]))


def page(desk: Desk, name: str, number: int, commands: Sequence[Command]) -> Said:
    """The sheet of that number of one topic; for a name that is none, the first page."""
    said = dict(sorted_for(desk, commands)).get(name)
    if said is None:
        return first_page(desk, commands)
    sheets = list(cut(f"{title}：{words}" if title else words for title, words in said))
    number = min(max(number, 1), len(sheets))
    then = f"\n还有{len(sheets) - number}页，发“帮助 {name} 第{number + 1}页”。" if number < len(sheets) else ""
    return Said(f"{name}，这样发：\n" + "\n".join(f"· {line}" for line in sheets[number - 1]) + then)


def cut(lines: Iterable[str], longest: int = LONGEST) -> Iterator[list[str]]:
    """The lines in sheets of at most so many bytes; a line is never cut in two."""
    sheet, size = list[str](), 0
    for line in lines:
        need = len(f"· {line}\n".encode())
        if sheet and size + need > longest:
            yield sheet
            sheet, size = [], 0
        sheet.append(line)
        size += need
    if sheet:
        yield sheet
