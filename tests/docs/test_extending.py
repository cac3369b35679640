"""``docs/extending.md`` followed word for word in a copy of the checkout: only the files it names are touched, and it works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.S | re.M))
STEP = re.compile(
    r"^(?P<pad> *)(?:In \*\*`(?P<old>[^`]+)`\*\*, (?P<how>before|instead of) `(?P<anchor>[^`]+)`"
    r"|New file \*\*`(?P<new>[^`]+)`\*\*|Run, which makes \*\*`(?P<made>[^`]+)`\*\*|It works[^\n]*):\n\n"
    r" *```\w+\n(?P<block>.*?)^ *```$",
    re.S | re.M,
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The checkout, without what git does not keep."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    # What is compiled of a file holds for a copy that has its time; what a step changes is compiled anew.
    for folder in list(tmp_path.rglob("*")):
        kept = ROOT / folder.relative_to(tmp_path) / "__pycache__"
        if folder.is_dir() and kept.is_dir():
            shutil.copytree(kept, folder / "__pycache__")
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(copy: Path, words: list[str]) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(words, cwd=copy, env=surroundings, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr


def edit(path: Path, how: str, anchor: str, block: str) -> None:
    """Put the block before the anchor or in its place; the anchor must stand there exactly once, at a line's begin or inside."""
    text = path.read_text(encoding="utf-8")
    at = [m.start() for m in re.finditer(("^" if anchor.startswith(" ") else "") + re.escape(anchor), text, re.M)]
    assert len(at) == 1, f"{path.name}: {len(at)} times {anchor}"
    block = block if how == "before" else block.removesuffix("\n")
    rest = text[at[0] :] if how == "before" else text[at[0] + len(anchor) :]
    path.write_text(text[: at[0]] + block + rest, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_names_all_that_it_takes(section: str, copy: Path) -> None:
    before, named = state(copy), set()
    shown = 0
    for step in STEP.finditer(SECTIONS[section]):
        block = re.sub(rf"^{step['pad']}", "", step["block"], flags=re.M)
        if step["old"]:
            edit(copy / step["old"], step["how"], step["anchor"], block)
        elif step["new"]:
            (copy / step["new"]).write_text(block, encoding="utf-8")
        elif step["made"]:
            run(copy, [sys.executable, *shlex.split(block)[1:]])
        else:
            origin = (
                "import casework, pathlib; assert pathlib.Path(casework.__file__).is_relative_to(pathlib.Path.cwd())\n"
            )
            run(copy, [sys.executable, "-c", origin + textwrap.dedent(block)])
            shown += 1
        named |= {step["old"], step["new"], step["made"]} - {None}
    assert shown == 1, "a section ends by showing that it works"
    after = state(copy)
    assert {name for name in after if before.get(name) != after[name]} == named
    assert before.keys() <= after.keys()


def test_there_is_a_section_for_each_kind() -> None:
    assert list(SECTIONS) == ["An action", "A short command", "A rule", "A form", "A county's pack", "A page"]
