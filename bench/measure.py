"""What a measure says, and how all of them are shown: a table for people, JSON for programs."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.memory import look_seldom

LIMIT = 900  # seconds after which a part that runs apart has hung


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``value`` in ``unit``; ``beside`` is the baseline of the same run in the same unit, by name.

    ``must`` is what it has to reach, in words; ``reached`` is None where nothing is demanded.
    """

    row: str
    what: str
    value: float
    unit: str
    must: str = ""
    reached: bool | None = None
    beside: str = ""
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None


def at_most(row: str, what: str, value: float, unit: str, limit: float) -> Measure:
    """A figure that must stay under a limit."""
    return Measure(row, what, value, unit, f"< {limit:g} {unit}", value < limit)


def against(row: str, what: str, value: float, unit: str, name: str, baseline: float, least: float) -> Measure:
    """A figure that must be at least so many times its baseline's."""
    return Measure(row, what, value, unit, f"≥ {least:g} × {name}", value >= least * baseline, name, baseline)


def show(measures: Sequence[Measure], console: Console) -> None:
    """The table: each figure, its baseline and their ratio, what it must reach, and whether it does."""
    table = Table(title="kongchuo-bot", title_justify="left")
    for heading, side in (("row", "left"), ("measure", "left"), ("value", "right"), ("baseline", "right"),
                          ("ratio", "right"), ("must", "left"), ("", "left")):  # fmt: skip
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for one in measures:
        beside = f"{one.beside} {one.baseline:,.4g}" if one.baseline is not None else ""
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        verdict = {True: "[green]yes", False: "[red]NO", None: ""}[one.reached]
        table.add_row(one.row, one.what, f"{one.value:,.4g} {one.unit}", beside, ratio, one.must, verdict)
    console.print(table)


def tell(one: Measure) -> None:
    """The figure in one line, as soon as it is there, of a row that takes minutes."""
    verdict = {True: "", False: "  NO", None: ""}[one.reached]
    print(f"{one.row}: {one.what} {one.value:,.4g} {one.unit}{verdict}", file=sys.stderr, flush=True)


def write(measures: Sequence[Measure], file: Path) -> None:
    """All figures and the machine they were taken on."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform(),
               "load": os.getloadavg()}  # fmt: skip
    rows = [asdict(one) | {"ratio": one.ratio} for one in measures]
    file.write_text(json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": machine, "measures": rows},
                               ensure_ascii=False, indent=1) + "\n")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Apart:
    """What a function did in a process of its own: its result, wall and processor seconds, the peak of memory in MB."""

    result: Any
    seconds: float
    cpu: float
    megabytes: float


def apart(work: Callable[..., Any], *arguments: Any) -> Apart:
    """Run a function in a new process; raises ``RuntimeError`` when it fails there."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_run_apart, args=(there, work, arguments))
    process.start()
    there.close()
    try:
        if not here.poll(LIMIT):
            raise RuntimeError(f"{work.__name__} took longer than {LIMIT} s")
        return Apart(*here.recv())
    except EOFError:
        raise RuntimeError(f"{work.__name__} failed") from None
    finally:
        process.terminate()
        process.join()


def _run_apart(there: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    look_seldom()
    begun, cpu = time.perf_counter(), time.process_time()
    result = work(*arguments)
    there.send((result, time.perf_counter() - begun, time.process_time() - cpu, peak_megabytes()))


def peak_megabytes() -> float:
    """The most memory this process has held. Not ``ru_maxrss``: that one a new process inherits from its parent."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
