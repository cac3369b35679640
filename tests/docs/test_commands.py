"""Every command in README and docs: each is one that exists, with options that it takes; the harmless ones are run."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli
from tests.docs import reference

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
TRIED = ("policy show", "policy check", "export list", "--help", "--version")
"""Commands that need no county and change nothing: these are run as they stand."""


def commands(page: Path) -> Iterator[str]:
    """The lines of shell blocks and the code in running text that begin with a program of ours."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        yield from (line.split("  #")[0].strip() for line in block.replace("\\\n", " ").splitlines())
    yield from re.findall(r"`((?:kongchuo|make) [^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def all_commands() -> list[tuple[str, str]]:
    found = [(page.name, command) for page in PAGES for command in commands(page)]
    return [(name, c) for name, c in found if re.match(r"(kongchuo|make) ", c)]


def words_of(command: str) -> list[str]:
    """The words of a command; what stands for something (NAME, FILE, […]) becomes a plain word."""
    plain = re.sub(r"\\?\|[^\s`]*", "", command)  # units|staff|pupils: the first will do
    plain = re.sub(r"\[[^\]]*\]|…|\.\.\.", "", plain)
    return [w for w in shlex.split(plain) if w != "&"]


def test_there_are_commands() -> None:
    assert len(all_commands()) > 30


@pytest.mark.parametrize(("page", "command"), all_commands())
def test_a_command_exists_with_its_options(page: str, command: str, tmp_path: Path) -> None:
    program, *words = words_of(command)
    if program == "make":
        assert all(w in TARGETS or "=" in w for w in words), f"{page}: {command}"
        return
    if any(command.startswith(f"kongchuo {one}") for one in TRIED) and "PACK" not in command:
        ran = CliRunner().invoke(cli, words)
        assert ran.exit_code == 0, f"{page}: {command}: {ran.output}"
        return
    parse(cli, words, f"{page}: {command}", tmp_path)


def modules() -> set[tuple[str, str]]:
    """The programs of ours that a page runs with ``python -m``."""
    text = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
    return {
        (name, module)
        for name in text
        for module in re.findall(r"python -m ((?:bench|tests|reports)[.\w]*)", text[name])
    }


@pytest.mark.parametrize(("page", "module"), sorted(modules()))
def test_a_program_that_is_run_as_a_module_is_one(page: str, module: str) -> None:
    found = importlib.util.find_spec(module)
    package = found and found.submodule_search_locations and importlib.util.find_spec(f"{module}.__main__")
    program = package or found
    origin = Path(program.origin or "") if program else Path()
    assert origin.is_file(), f"{page}: {module}"
    assert origin.stem == "__main__" or "__main__" in origin.read_text(encoding="utf-8"), (
        f"{page}: {module} is no program"
    )


def parse(command: click.Command, words: list[str], where: str, tmp_path: Path) -> None:
    """Follow the words down to a command and have it take its options; files named need not be there."""
    while isinstance(command, click.Group) and words:
        name = words[0]
        assert name in command.commands, f"{where}: no command {name}"
        command, words = command.commands[name], words[1:]
    known = {opt: p for p in command.params if isinstance(p, click.Option) for opt in p.opts}
    taken = 0
    for at, word in enumerate(words):
        if word.startswith("--"):
            assert word in known or word == "--help", f"{where}: no option {word}"
        elif not (at and words[at - 1] in known and not known[words[at - 1]].is_flag):
            taken += 1
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    many = any(p.nargs == -1 for p in arguments)
    assert many or taken <= len(arguments), f"{where}: takes {len(arguments)} words, not {taken}"


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_the_reference_is_made_of_the_tables(name: str) -> None:
    kept = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert kept == reference.pages()[name], "run: python -m tests.docs.reference"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, heading in re.findall(r"\]\(([^)#\s]*)#?([^)]*)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"https?:|mailto:", target):
            led = page.parent / target if target else page
            assert led.exists(), f"{page.name}: {target}"
            assert not heading or heading in headings(led), f"{page.name}: {target}#{heading}"


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in found}


def test_the_chinese_readme_says_the_same() -> None:
    """Both name the same commands and lead to the same pages."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for what in (r"`((?:kongchuo|make) [^`\n]+)`", r"\]\((docs/[^)#]+|(?!README)[A-Z][A-Z-]+\.md)"):
        assert set(re.findall(what, english)) == set(re.findall(what, chinese))
