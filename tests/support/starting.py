"""Processes of ``kongchuo`` for tests, each forked from one that has read the libraries: a start reads them once a worker, not each time.

What is forked has a process of its own, its own environment, signals and exit, and runs the program as ``python -m`` does.
Not read before the fork is ``bot``, for a server says first where its processes share their counts. That a program just
installed starts by itself is shown by the wheel of ``tests/operation/test_deploy.py``, and ``make soak`` starts its own.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

READ_BEFORE = (
    "alembic.command", "alembic.config", "apscheduler.schedulers.background", "chinese_calendar", "docxtpl",
    "flask", "gunicorn.app.base", "gunicorn.workers.gthread", "handlers.conversation", "handlers.forms",
    "handlers.opening", "handlers.taps", "lxml.etree", "psycopg", "pydantic_settings", "pypinyin", "reminders.jobs",
    "reports.catalogue", "reports.own_words", "rich.progress", "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite", "storage.migrating", "storage.revisions", "storage.store", "structlog",
    "wechatpy.work.crypto", "xlsxwriter",
)  # fmt: skip


class Started:
    """A process that was forked for us: as much of ``subprocess.Popen`` as tests use."""

    def __init__(self, pid: int, ended: int, words: list[str]) -> None:
        self.pid, self.args, self.returncode = pid, words, None
        self._ended = ended  # where its keeper writes how it ended

    def poll(self) -> int | None:
        """How it ended, minus the signal's number where one ended it; None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
            self.returncode = os.waitstatus_to_exitcode(int(os.read(self._ended, 16)))
            os.close(self._ended)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    words: list[str], environment: dict[str, str], program: str = "bot", stdout: int = 1, stderr: int = 2
) -> Started:
    """Start ``python -m PROGRAM`` (``bot``: ``kongchuo``) with these words in this environment and folder; the numbers are
    files of this process."""
    line = _line()
    reading, writing = os.pipe()
    with open(os.devnull, "rb") as nothing:
        asked = json.dumps([program, words, environment, os.getcwd()]).encode()
        socket.send_fds(line, [len(asked).to_bytes(4, "big")], [nothing.fileno(), stdout, stderr, writing])
        line.sendall(asked)
    os.close(writing)
    pid = int.from_bytes(_exactly(line, 4), "big")
    return Started(pid, reading, words)


def finished(words: list[str], environment: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run ``kongchuo`` to its end; killed and raised as ``subprocess.run`` does when it takes longer."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        process = start(words, environment, stdout=said.fileno(), stderr=wrong.fileno())
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said.seek(0)
        wrong.seek(0)
        return subprocess.CompletedProcess(words, code, said.read().decode(), wrong.read().decode())


@functools.cache
def _line() -> socket.socket:
    """The line to the process that forks; it ends when this end is closed."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "tests.support.starting", str(theirs.fileno())]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd()}
    forker = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], cwd=Path(__file__).parents[2])
    theirs.close()
    atexit.register(_hang_up, ours, forker)
    return ours


def _hang_up(line: socket.socket, forker: subprocess.Popen[bytes]) -> None:
    line.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        forker.wait(10)


def _exactly(line: socket.socket, many: int) -> bytes:
    found = b""
    while len(found) < many:
        piece = line.recv(many - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found


def _fork_for(line: socket.socket) -> None:
    """Fork what is asked for until nobody asks any more."""
    for name in READ_BEFORE:
        importlib.import_module(name)
    assert "prometheus_client" not in sys.modules  # it looks once for where processes share their counts
    gc.collect()
    gc.freeze()
    while True:
        head, files, _, _ = socket.recv_fds(line, 4, 4)
        if not head:
            break
        head += _exactly(line, 4 - len(head))
        program, words, environment, folder = json.loads(_exactly(line, int.from_bytes(head, "big")))
        _reap()
        if not os.fork():
            _keep(line, files, program, words, environment, folder)
        for one in files:
            os.close(one)
    until = time.monotonic() + 5
    while time.monotonic() < until and _reap():
        time.sleep(0.05)


def _reap() -> bool:
    """Look after the keepers that have ended; whether any is left."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _keep(
    line: socket.socket, files: list[int], program: str, words: list[str], environment: dict[str, str], folder: str
) -> None:
    """Fork the command, say its number, and write how it ended."""
    ended = files[3]
    pid = os.fork()
    if not pid:
        os.close(line.fileno())
        os.close(ended)
        _become(files[:3], program, words, environment, folder)
    line.sendall(pid.to_bytes(4, "big"))
    line.close()
    for one in files[:3]:
        os.close(one)
    status = os.waitpid(pid, 0)[1]
    with contextlib.suppress(BrokenPipeError):
        os.write(ended, b"%d" % status)
    os._exit(0)


def _become(files: list[int], program: str, words: list[str], environment: dict[str, str], folder: str) -> None:
    """What ``python -m PROGRAM`` is from its first statement on."""
    code = 1
    try:
        for at, one in enumerate(files):
            os.dup2(one, at)
        for one in files:
            if one > 2:
                os.close(one)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        os.chdir(folder)
        random.seed()
        sys.argv = [program, *words]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        if isinstance(ending.code, str):
            print(ending.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _fork_for(socket.socket(fileno=int(sys.argv[1])))
