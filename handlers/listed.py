"""A list that somebody asked for: in chat its first lines and what to type next, on a page all of it, each child a tap away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.desk import Desk, Said

NUMBERED, DOTTED, PLAIN, INLINE = "numbered", "dotted", "plain", "inline"
LINES = 200  # on a page; more than that is read in a workbook
DUTY, PUPIL = "duty:", "pupil:"
"""Before an id: what a number of a list stands for (``handlers.numbered``)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line, the child whom it is about, and the duty of the reader's that it shows; ``room``: the class to be called;
    ``leads``: another list (``bot.pages.lists``) that the line tells to ask for; ``school``: the one that it is about."""

    words: str
    pupil: str | None = None
    duty: str | None = None
    room: str | None = None
    leads: str | None = None
    school: str | None = None

    @property
    def ref(self) -> str:
        """What the line's number stands for."""
        return DUTY + self.duty if self.duty else PUPIL + self.pupil if self.pupil else ""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together. ``title`` stands over them (``INLINE``: before them, in one line); ``counted`` is what
    the lines count (人, 件): chat then says how many it shows when it leaves some away. ``beyond``: how many more there are
    for whom no line was made, as nobody is shown more than ``LINES``."""

    items: Sequence[Item]
    title: str = ""
    way: str = DOTTED
    counted: str = ""
    beyond: int = 0

    def cut(self, most: int) -> Part:
        """The same with no more lines than that; how many there are stays."""
        return replace(self, items=self.items[:most], beyond=self.many - min(most, len(self.items)))

    @property
    def many(self) -> int:
        """How many there are, shown or not."""
        return len(self.items) + self.beyond

    def said(self, most: int, first: int = 1) -> list[str]:
        """The lines of chat, numbered from ``first`` on where they have numbers."""
        shown = [item.words for item in self.items[:most]]
        if self.way == INLINE:
            return [f"· {self.title}：{'、'.join(shown)}{'等' if self.many > most else ''}"]
        mark = {NUMBERED: "{n}. {words}", DOTTED: "· {words}", PLAIN: "{words}"}[self.way]
        lines = [mark.format(n=n, words=words) for n, words in enumerate(shown, first)]
        more = [f"……只列前{most}{self.counted}。"] if self.counted and self.many > most else []
        return [*([self.title] if self.title else []), *lines, *more]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list says at its head, its lines, and (in chat alone) what can be typed next; a page has ``bot.pages.onward``.

    ``ends``: the reader's duty that is met by having gone through the list, its id and what it is called.
    """

    head: str
    parts: Sequence[Part] = ()
    then: str = ""
    most: int = 20
    ends: tuple[str, str] | None = None

    def said(self) -> Said:
        """The list in chat."""
        lines, refs = list[str](), list[str]()
        for part in self.parts:
            lines += part.said(self.most, len(refs) + 1)
            refs += [item.ref for item in part.items[: self.most]] if part.way == NUMBERED else []
        then = self.then
        if self.ends:
            refs.append(DUTY + self.ends[0])
            then += f"{self.ends[1]}请回“完成 {len(refs)}”。"
        text = "\n".join([self.head, *lines, *([then] if then else [])]) if self.parts else self.head + then
        return Said(text, numbers=tuple(refs))

    def shown(self) -> Listing:
        """As much of it as a page shows: ``LINES``, of which each part has as many as the others leave it."""
        most = next((n for n in range(LINES, 0, -1) if sum(min(n, len(part.items)) for part in self.parts) <= LINES), 1)
        return replace(self, parts=[part.cut(most) for part in self.parts])


def seen(desk: Desk, listing: Listing, what: str) -> Said:
    """The list in chat; that its pupils were looked at is kept in the trail."""
    if listing.parts:
        desk.work.audit.note(desk.writer.id, "look", what, "chat")
    return listing.said()


def first_page(
    heading: str, lines: Sequence[str], total: int, whole: str = "", then: str = "", pupils: Sequence[str] = ()
) -> Said:
    """A list of which the store gave the first lines: how many there are in all, where the ``whole`` is, what to type ``then``;
    ``pupils``: the id of each line's child."""
    if not total:
        return Said(f"{heading}：没有。")
    numbered = [f"{n}. {line}" for n, line in enumerate(lines, 1)]
    cut = [f"……只列前{len(lines)}人{whole}。"] if total > len(lines) else []
    return Said(
        "\n".join([f"{heading}，共{total}人：", *numbered, *cut, *([then] if then else [])]),
        numbers=tuple(PUPIL + id for id in pupils),
    )
