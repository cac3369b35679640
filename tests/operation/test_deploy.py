"""What stands in deploy/: taken by systemd and nginx where they are installed, and naming only what exists."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.server import GRACE
from bot.settings import Settings
from tests.support.server import free_port, settings_in, wait_for

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
SYSTEMD = shutil.which("systemd-analyze")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")


def takes(words: list[str]) -> None:
    """The command line is one that kongchuo knows."""
    group, *rest = words
    helped = CliRunner().invoke(cli, [group, "--help"])
    assert helped.exit_code == 0, group
    for option in (word for word in rest if word.startswith("--")):
        assert option in helped.output, (group, option)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_service_starts_a_command_that_exists_with_little_power(unit):
    text = unit.read_text()
    [line] = re.findall(r"^ExecStart=.*?/opt/kongchuo/bin/kongchuo (.*)$", text, re.M)
    takes(line.rstrip("'").split())
    for needed in ("User=kongchuo", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "UMask=0077"):
        assert needed in text


def test_the_nightly_backup_removes_its_own_that_are_older_than_thirty_days_and_nothing_else(tmp_path):
    [line] = re.findall(r"^ExecStartPost=(.*)$", (DEPLOY / "systemd/kongchuo-backup.service").read_text(), re.M)
    now = time.time()
    for name, days in {
        "backup-20260901-023000": 32, "backup-20261020-023000": 29, "backup-before-the-move": 90, "kongchuo.db": 90, "erased.jsonl": 90,
    }.items():  # fmt: skip
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now, now - days * 86_400))
    subprocess.run(shlex.split(line.replace("/var/lib/kongchuo", str(tmp_path))), check=True)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"backup-20261020-023000", "backup-before-the-move", "kongchuo.db", "erased.jsonl"}


@pytest.mark.deploy
@pytest.mark.skipif(SYSTEMD is None, reason="no systemd-analyze")
def test_systemd_takes_the_units(tmp_path):
    """Verified with the path of a program that exists in place of the installed one."""
    for unit in [*UNITS, *DEPLOY.glob("systemd/*.timer")]:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/kongchuo/bin/kongchuo", sys.executable))
    files = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run([SYSTEMD, "verify", *files], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "kongchuo" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.deploy
@pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx")
def test_nginx_takes_its_configuration(tmp_path):
    key, cert = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    ours = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/kongchuo", str(tmp_path))
    ours = ours.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "kongchuo.conf").write_text(ours)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ include {tmp_path}/kongchuo.conf; }}"
    )
    done = subprocess.run([NGINX, "-t", "-q", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nginx_passes_on_every_address_and_keeps_metrics_inside():
    text = (DEPLOY / "nginx.conf").read_text()
    for address in ("/wecom/callback", "/m/", "/healthz", "metrics|readyz"):
        assert address in text
    assert "deny all" in text
    assert "$request_uri" not in re.findall(r"log_format.*?;", text, re.S)[0]
    assert "$args" not in text


def test_the_image_copies_every_room_and_runs_a_command_that_exists():
    text = (DEPLOY / "Containerfile").read_text()
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert set(re.findall(r"^COPY (\w+) \1$", text, re.M)) == rooms
    for source in re.findall(r"^COPY ((?:[\w.]+ )+)\./$", text, re.M):
        assert all((ROOT / name).is_file() for name in source.split())
    [command] = re.findall(r"^CMD (\[.*\])$", text, re.M)
    takes(re.findall(r'"([^"]+)"', command))
    assert "--require-hashes" in text
    let_in = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.M)
    named = {name for line in re.findall(r"^COPY ([^-].*) \S+$", text, re.M) for name in line.split()}
    assert (set(let_in), len(let_in)) == (named, len(named))  # keys and databases that lie beside them stay out
    assert "\n*\n" in (ROOT / ".dockerignore").read_text().split("!")[0]
    assert "--format docker" in text.partition("\nFROM ")[0]  # else there is no health check
    stop = re.findall(r"--stop-timeout (\d+)", text)
    assert stop
    assert min(map(int, stop)) > GRACE
    final = text.rpartition("\nFROM ")[2]
    assert final.index("useradd") < final.index("\nUSER kongchuo\n") < final.index("\nENTRYPOINT")
    assert "/healthz" in re.findall(r"^HEALTHCHECK .*$", final, re.M)[0]
    names = {f"KONGCHUO_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"KONGCHUO_\w+(?==)", final)) <= names


def test_the_example_of_settings_names_settings_only():
    names = re.findall(r"^(KONGCHUO_\w+)=", (DEPLOY / "kongchuo.env.example").read_text(), re.M)
    assert set(names) <= {f"KONGCHUO_{name.upper()}" for name in Settings.model_fields}
    assert len(names) >= 8


@pytest.mark.slow
def test_a_wheel_is_built_and_runs_in_a_place_of_its_own(tmp_path):
    """Built from a copy of what git knows, unpacked where no source is, and run there with all its data files."""
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in (n for n in listed.split("\0") if n and not n.startswith(("tests/", "docs/"))):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copyfile(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {n for n in listed.split("\0") if re.match(r"(bot|casework|handlers|storage|reminders|reports)/", n)}
    assert {name for name in wanted if not name.endswith(".pyc")} <= packed
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    [site] = venv.glob("lib/python*/site-packages")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries))  # the dependencies of this environment
    subprocess.run([*pip, "--python", str(venv), "install", "--no-deps", str(wheel)], check=True, capture_output=True)
    env = {
        "PATH": "/usr/bin:/bin",
        "KONGCHUO_DATA_KEY": "QUFB" * 10 + "QUE=",
        "KONGCHUO_DATABASE_URL": f"sqlite:///{tmp_path}/w.db",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [venv / "bin/kongchuo", *words], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [venv / "bin/python", "-c", "import bot; print(bot.__file__)"],
        env=env, cwd=tmp_path, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert str(venv) in where
    assert "TA-9" in run("policy", "show", "tongan")
    assert "已建好" in run("init", "--county", "青石县")
    assert (tmp_path / "w.db").stat().st_mode & 0o77 == 0, "read by no other account, whatever started it"
    assert "审计记录完整" in run("audit", "verify")
    serves_as_the_image_does(venv / "bin", tmp_path, env)


def serves_as_the_image_does(programs: Path, folder: Path, env: dict[str, str]) -> None:
    """The image's command and its health check, word for word but for the port, run from what the wheel installed."""
    text = (DEPLOY / "Containerfile").read_text()
    [command, check] = [json.loads(re.findall(rf"{what} (\[.*\])$", text, re.M)[0]) for what in ("^CMD", " CMD")]
    port = str(free_port())
    command = [str(programs / "kongchuo"), *(word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command)]
    check = [str(programs / check[0]), *(word.replace("8000", port) for word in check[1:])]
    full = {**settings_in(folder, env["KONGCHUO_DATABASE_URL"]), **env}
    del full["PYTHONPATH"]
    log = folder / "image.log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=full, cwd=folder, stderr=written)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        assert subprocess.run(check, env=env, check=False).returncode == 0
    finally:
        process.terminate()
        assert process.wait(40) == 0
    assert subprocess.run(check, env=env, capture_output=True, check=False).returncode != 0
