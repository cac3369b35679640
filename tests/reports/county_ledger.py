"""The age ledger of an eighth of a county in a process of its own: prints CPU seconds, peak memory in kB and bytes
made. The whole county is measured by ``make bench``."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path

from casework.case import Case
from reports.catalogue import produce
from reports.inputs import Entry, PupilRecord
from tests.reports.made import full


def pupils() -> Iterator[Entry]:
    """Every pupil's words are strings of their own, as from a database."""
    for n in range(115_152 // 8):
        yield Entry(
            PupilRecord(
                str(n), f"张{n}", f"第{n % 102}中学", f"{n % 9 + 1}年级{n % 6}班", n % 9 + 1, f"G{n:018d}", "男", dt.date(2012, 1, 1),
                "汉族", f"{n:018d}", "本地", f"某县某镇某村{n}号", f"某县某镇某村{n}号", f"镇{n % 20}", f"村{n % 300}", f"家长{n}", "父亲", f"138{n:08d}",
            ),
            Case(str(n)),
        )  # fmt: skip


if __name__ == "__main__":
    start = time.process_time()
    paper = produce("age_county", full("county_edu", entries=pupils()))
    # Not ru_maxrss: a child begins with its parent's.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    print(time.process_time() - start, peak[1] if peak else 0, len(paper.content))
