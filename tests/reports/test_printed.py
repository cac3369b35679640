"""A form and a ledger through LibreOffice: the pages come out as A4, none of them blank."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.catalogue import produce
from reports.inputs import Entry
from tests.reports.made import CASE, EVENTS, PUPIL, full

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
A4 = {595, 596, 841, 842}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("persuasion_notice", 2), ("home_visit", 1), ("suspected_school", 1), ("admission_notice", 1), ("suspension", 1),
        ("teaching_handbook", 3),
    ],
)  # fmt: skip
def test_pages_come_out_as_a4(name: str, pages: int, tmp_path: Path) -> None:
    paper = produce(name, full(entries=[Entry(PUPIL, CASE, EVENTS)] * 3))
    source = tmp_path / f"paper.{paper.name.rpartition('.')[2]}"
    source.write_bytes(paper.content)
    command = [
        str(OFFICE),
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = (tmp_path / "paper.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == pages
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert boxes
    assert all({int(float(wide)), int(float(tall))} <= A4 for wide, tall in boxes)
