"""A form and a ledger through LibreOffice: the pages come out as A4, none of them blank."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.catalogue import produce
from reports.forms import make_letters
from reports.inputs import Entry, Paper
from reports.templates.layouts import layouts
from tests.reports.made import CASE, EVENTS, PUPIL, full

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
A4 = {595, 596, 841, 842}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("persuasion_notice", 2), ("home_visit", 1), ("suspected_school", 2), ("admission_notice", 1), ("suspension", 1),
        ("teaching_handbook", 3),
    ],
)  # fmt: skip
def test_pages_come_out_as_a4(name: str, pages: int, tmp_path: Path) -> None:
    assert_a4(produce(name, full(entries=[Entry(PUPIL, CASE, EVENTS)] * 3)), pages, tmp_path)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("issuer", ["school", "county_edu"])
def test_letters_of_a_batch_take_one_page_each(issuer: str, tmp_path: Path) -> None:
    told = {"receiving_school": "青石镇中心小学", "report_place": "教务处", "undelivered": "全家外出"}
    letters = [full(issuer, number=f"〔2026〕{n}号", fields=told) for n in range(1, 6)]
    assert_a4(make_letters(layouts()["admission_notice"], letters, "5份"), 5, tmp_path)


def assert_a4(paper: Paper, pages: int, tmp_path: Path) -> None:
    """The paper comes out of LibreOffice as so many pages of A4."""
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
