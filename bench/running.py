"""An application of ``bench.apps`` under gunicorn in processes of its own: its address, its start, what it has used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOST = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """``started``: seconds from the command to the first answer."""

    address: tuple[str, int]
    process: subprocess.Popen[bytes]
    started: float

    def cpu(self) -> float:
        """Processor seconds used by all its processes so far."""
        return sum(map(_used, family(self.process.pid)))


@contextmanager
def application(kind: str, url: str) -> Iterator[Running]:
    """``echo``, ``insert4`` or ``report`` on a database, ready to be asked; stopped afterwards."""
    port = free_port()
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bench.apps", kind, f"{HOST}:{port}", url]
    process = subprocess.Popen(command, env=_as_installed())
    try:
        first_answer((HOST, port), process)
        yield Running((HOST, port), process, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


@cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="kongchuo-bench-bytecode-")


def _as_installed() -> dict[str, str]:
    """The environment, with the byte code kept that pip makes when it installs: a sheet of settings that forbids it, as
    developers' machines have, would have every start compile 300 modules."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": _bytecode().name}


def first_answer(address: tuple[str, int], process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Until /healthz is answered with 200; so long that a machine with much else to do is no fault of ours."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the application ended with {process.returncode}")
        try:
            with socket.create_connection(address, timeout=5) as line:
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                if b" 200 " in line.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise RuntimeError("the application did not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and all below it."""
    below = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        below += [int(child) for child in task.read_text().split()]
    return [pid, *(one for child in below for one in family(child))]


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
