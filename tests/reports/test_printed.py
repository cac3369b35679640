"""A form and a ledger through LibreOffice: the pages come out as A4, none of them blank."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.catalogue import produce
from reports.forms import make_letters
from reports.inputs import Entry, Paper
from reports.templates.layouts import layouts
from tests.reports.made import CASE, EVENTS, PUPIL, full

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
A4 = {595, 596, 841, 842}


PAGES = {
    "persuasion_notice": 2, "home_visit": 1, "suspected_school": 2, "admission_notice": 1, "suspension": 1, "teaching_handbook": 3,
    "letters_of_school": 5, "letters_of_county_edu": 5,
}  # fmt: skip


def papers() -> Iterator[tuple[str, Paper]]:
    """Forms and a ledger; and letters of a batch, which take one page each."""
    told = {"receiving_school": "青石镇中心小学", "report_place": "教务处", "undelivered": "全家外出"}
    for name in PAGES:
        if name.startswith("letters_of_"):
            issuer = name.removeprefix("letters_of_")
            letters = [full(issuer, number=f"〔2026〕{n}号", fields=told) for n in range(1, 6)]
            yield name, make_letters(layouts()["admission_notice"], letters, "5份")
        else:
            yield name, produce(name, full(entries=[Entry(PUPIL, CASE, EVENTS)] * 3))


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
def test_pages_come_out_as_a4(tmp_path: Path) -> None:
    """One LibreOffice for all of them: to start it takes longer than what it then does."""
    for name, paper in papers():
        (tmp_path / f"{name}.{paper.name.rpartition('.')[2]}").write_bytes(paper.content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    into = ["--convert-to", "pdf", "--outdir", str(tmp_path)]
    sources = [str(file) for file in tmp_path.iterdir()]
    subprocess.run([str(OFFICE), profile, "--headless", *into, *sources], check=True, capture_output=True, timeout=240)
    for name, pages in PAGES.items():
        pdf = (tmp_path / f"{name}.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == pages, name
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
        assert boxes, name
        assert all({int(float(wide)), int(float(tall))} <= A4 for wide, tall in boxes), name
