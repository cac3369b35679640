"""``python -m bench [ROW…]``: every measure beside its baseline, as a table and as JSON; about ten minutes in all."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from bench import answers, clockwork, mass, pages, words
from bench.ground import Ground
from bench.measure import Measure, show, write

ROWS = {
    "report": answers.report,
    "tail": answers.tail,
    "forged": answers.forged,
    "start": answers.start,
    "understand": words.understand,
    "sweep": clockwork.sweeps,
    "sender": clockwork.sender,
    "rebuild": mass.rebuild,
    "import": mass.roster,
    "compare": mass.lists,
    "workbook": mass.books,
    "pages": pages.pages,
}


@click.command()
@click.argument("rows", nargs=-1, type=click.Choice(list(ROWS)))
@click.option("--scale", default=1.0, show_default=True, help="size of the county; 1 has 115,152 pupils")
@click.option("--json", "file", default=Path("bench.json"), show_default=True, type=click.Path(path_type=Path))
def main(rows: tuple[str, ...], scale: float, file: Path) -> None:
    """Measure the rows named, or all of them. Exit code 1 when a figure is not reached."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    ground = Ground(scale)
    measures: list[Measure] = []
    try:
        for name in rows or ROWS:
            found = ROWS[name](ground)
            measures += found
            show(found, console)
    finally:
        ground.close()
    if len(rows) != 1:
        show(measures, console)
    write(measures, file)
    sys.exit(any(one.reached is False for one in measures))


if __name__ == "__main__":
    main()
