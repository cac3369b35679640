"""Makes ``THIRD-PARTY-LICENCES.md``: every package of the lock file by its own metadata, and what is vendored.

``python -m tests.docs.licences`` writes it; a test fails while it differs. A package that is not installed here cannot be
judged: ``Missing`` names it.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "THIRD-PARTY-LICENCES.md"
VENDORED = ("tests/pages/vendor/VERSIONS.md",)
"""Tables of files taken over unchanged; the last test looks for files that none of them names."""
SAID_SHORT = 60  # a longer field ``License`` holds the text of the licence, not its name


class Missing(LookupError):
    """A package of the lock file is not installed, or does not say its licence."""


def locked(lock: str = "requirements-dev.lock") -> list[tuple[str, str]]:
    """Name and version of all packages of a lock file; without a name, of that which holds the tools as well."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)", text, re.M)


def licence_of(name: str) -> str:
    """The licence as the package's own metadata say it: SPDX expression, field, else classifier; raises ``Missing``."""
    try:
        data = metadata.metadata(name)
    except metadata.PackageNotFoundError as fault:
        raise Missing(f"{name} is not installed: make setup") from fault
    said = data.get("License-Expression") or " ".join((data.get("License") or "").split())
    filed = [line.split("::")[-1].strip() for line in data.get_all("Classifier") or [] if line.startswith("License ::")]
    if said and said != "UNKNOWN" and len(said) < SAID_SHORT:
        return said
    if not filed:
        raise Missing(f"{name} does not say its licence")
    return " / ".join(filed)


def page() -> str:
    """The whole page."""
    lines = [
        "<!-- Made by `python -m tests.docs.licences`; do not edit by hand. -->",
        "",
        "# Third-party licences",
        "",
        "kongchuo-bot itself is under the MIT licence (`LICENSE`). It uses these packages, unchanged, as its lock file pins them;",
        "the licence is what the metadata of the installed package say. Those under the LGPL or MPL are used as libraries and not",
        "changed; none is under the GPL or AGPL.",
        "",
        "| package | version | licence |",
        "| --- | --- | --- |",
        *(f"| {name} | {version} | {licence_of(name)} |" for name, version in locked()),
        "",
        "## Vendored files",
        "",
        "Pages and chat of the bot itself load no third-party script, style or font.",
        "",
    ]
    for table in VENDORED:
        rows = [row for row in (ROOT / table).read_text(encoding="utf-8").splitlines() if row.startswith("|")]
        lines += [f"In `{Path(table).parent}`:", "", *rows, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
