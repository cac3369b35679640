"""The lock file against the known advisories: fails on a known vulnerability, says so where no source can be reached."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements-dev.lock"
SOURCES = ("osv", "pypi")


def main(lock: Path = LOCK, sources: tuple[str, ...] = SOURCES) -> int:
    """Exit code 1 on a known vulnerability, 0 if there is none or nobody could be asked."""
    for source in sources:
        run = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(lock), "-s", source]
        try:
            done = subprocess.run([*run, "-f", "json"], capture_output=True, text=True, check=False, timeout=180)
            found = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            print(f"dependency audit: {source} could not be asked")
            continue
        bad = [(d["name"], d["version"], v["id"]) for d in found for v in d.get("vulns", ())]
        for name, version, advisory in bad:
            print(f"dependency audit: {name} {version}: {advisory}")
        print(f"dependency audit: {len(found)} packages asked of {source}, {len(bad)} vulnerabilities")
        return 1 if bad else 0
    print("dependency audit: NOT DONE, no source of advisories could be reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
