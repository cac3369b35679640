"""The page of licences is complete, and nothing is under a licence that would bind the county's own code."""

from __future__ import annotations

import re
import subprocess
import tomllib

from tests.docs.licences import PAGE, ROOT, VENDORED, licence_of, locked, page


def test_the_page_is_made_of_the_lock_file() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.licences"


def test_every_package_stands_in_it() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pinned = sum(1 for line in lines if not line.startswith((" ", "#")) and "==" in line)
    assert pinned == len(locked()) > 50


def test_a_server_gets_what_the_tests_ran_on_and_none_of_their_tools() -> None:
    """The lock file of a server is a part of the other, pin for pin: what the product names, what builds it, what these need."""
    server, everything = (locked(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert set(server) < set(everything)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=]", one)[0].lower() for one in project["dependencies"]}
    assert names <= {name for name, _ in server}
    tools = {re.split(r"[\[<>=]", one)[0].lower() for one in project["optional-dependencies"]["dev"]} - {"setuptools"}
    assert {name for name, _ in server} & tools == set()
    blocks = [
        set(re.split(r"\n(?=\S)", re.sub(r" *#.*", "", (ROOT / name).read_text(encoding="utf-8"))))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert {one.strip() for one in blocks[0]} <= {one.strip() for one in blocks[1]}, "the hashes too"


def test_none_is_under_the_gpl() -> None:
    bound = {name: licence_of(name) for name, _ in locked()}
    strict = re.compile(r"(?<!L)(?<!Lesser )(?:A?GPL\b|General Public)", re.IGNORECASE)
    assert strict.search("GPL-3.0-only")
    assert strict.search("GNU Affero General Public License v3")
    assert not strict.search("LGPL-3.0-only")
    assert {name: said for name, said in bound.items() if strict.search(said)} == {}


def test_what_is_vendored_is_listed() -> None:
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    foreign = [name for name in kept if re.search(r"\.min\.(?:js|css)$|\.(?:woff2?|ttf|otf)$", name)]
    tables = "".join((ROOT / table).read_text(encoding="utf-8") for table in VENDORED)
    assert foreign
    assert [name for name in foreign if name.rpartition("/")[2] not in tables] == []
    scripts = [
        (ROOT / n).read_text(encoding="utf-8")
        for n in kept
        if n.startswith("bot/") and n.endswith((".js", ".css", ".html"))
    ]
    assert not any(re.search(r"(?:src|href)=\"https?://|@import|url\(https?:", text) for text in scripts)
