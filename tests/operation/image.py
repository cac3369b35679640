"""``make image``: build the image and try it, where no registry of images can be reached. Needs root, buildah and debootstrap.

In place of the official Python image stands a minimal Debian 12 with its own Python 3.11 under the same name. The container
is a process namespace with the image as its read-only root, one volume, and a ``/tmp`` in memory.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from bot.simulator import create_simulator
from tests.support.server import AGENT, CORP, free_port, morning_zone, settings_in, wait_for
from tests.support.wecom import WeComClient

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "Containerfile"
HOME = "/var/lib/kongchuo"
# As a container's first process: mounts of its own, nothing of this machine but the network.
INSIDE = """
set -e
mount --make-rprivate /
mount --bind "$IMAGE" "$IMAGE"; cd "$IMAGE"
mount --bind "$VOLUME" var/lib/kongchuo
mount -t tmpfs tmpfs tmp; mount -t proc proc proc; mount --rbind /dev dev
mount -o remount,ro,bind "$IMAGE"
exec env -i "${SETTINGS[@]}" "$(command -v chroot)" --userspec=10001:10001 . sh -c 'cd "$HOME" && exec "$@"' sh "$@"
"""
LISTS = {
    "单位.csv": "路径,类型\n青石镇,乡镇\n青石镇/青石中学,初中\n青石镇/青石中学/七年级1班,班级\n",
    "教职工.csv": "姓名,企业微信账号,角色,单位\n王老师,wang,班主任,青石镇/青石中学/七年级1班\n",
    "学生.csv": "姓名,学校班级\n张三,青石镇/青石中学/七年级1班\n",
}


class Builder:
    """buildah with a store of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = ["buildah", "--root", f"{folder}/store", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]

    def __call__(self, *words: str) -> str:
        return subprocess.run([*self._said, *words], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def base(self) -> None:
        """What ``FROM`` names."""
        root, name = self._folder / "debian", re.findall(r"^FROM (\S+)", FILE.read_text(), re.M)[0]
        include = "--include=python3,python3-venv,ca-certificates,tzdata"
        subprocess.run(["debootstrap", "--variant=minbase", include, "bookworm", str(root)], check=True)
        (root / "usr/local/bin/python").symlink_to("/usr/bin/python3.11")
        made = self("from", "scratch")
        self("add", "--quiet", made, str(root), "/")
        self("commit", "--quiet", made, name)

    def image(self) -> Path:
        """The folder of what the Containerfile makes; certificates and name servers are lent to its building alone."""
        lent = [f"--volume={path}:{path}:ro" for path in ("/etc/ssl/certs", "/etc/resolv.conf")]
        self(
            "bud", "--isolation", "chroot", "--pull-never", "--format", "docker", *lent, "-f", str(FILE), "-t", "kongchuo", str(ROOT)
        )  # fmt: skip
        return Path(self("mount", self("from", "--pull-never", "localhost/kongchuo")))


class Container:
    """Runs commands from the image on one volume."""

    def __init__(self, image: Path, volume: Path, settings: dict[str, str]) -> None:
        given = settings | {"HOME": HOME, "PATH": "/opt/kongchuo/bin:/usr/local/bin:/usr/bin:/bin",
                            "PYTHONDONTWRITEBYTECODE": "1", "KONGCHUO_FILES": f"{HOME}/files"}  # fmt: skip
        words = " ".join(f"'{name}={value}'" for name, value in given.items())
        self._command = [
            "unshare",
            "-m",
            "-p",
            "--fork",
            "--kill-child",
            "bash",
            "-c",
            f"SETTINGS=({words})\n{INSIDE}",
            "bash",
        ]
        self._environment = os.environ | {"IMAGE": str(image), "VOLUME": str(volume)}

    def begin(self, *words: str, log: Path | None = None) -> subprocess.Popen[str]:
        out = log.open("w") if log else subprocess.PIPE
        command = [*self._command, *words]
        return subprocess.Popen(command, env=self._environment, stdout=out, stderr=subprocess.STDOUT, text=True)

    def run(self, *words: str, code: int = 0) -> str:
        process = self.begin(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == code, said
        print("·", *words, "→", said.strip().splitlines()[-1] if said.strip() else code)
        return said


def ended(process: subprocess.Popen[str]) -> int:
    """How the container's first process ends on SIGTERM."""
    [first] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(first), signal.SIGTERM)
    return process.wait(40)


def try_it(image: Path, folder: Path) -> None:
    """From ``init`` to a message answered, a backup restored and SIGTERM."""
    volume = folder / "volume"
    volume.mkdir(mode=0o700)
    for name, text in LISTS.items():
        (volume / name).write_text(text, encoding="utf-8")
    for path in (volume, *volume.iterdir()):
        os.chown(path, 10001, 10001)
    settings = settings_in(folder, f"sqlite:///{HOME}/kongchuo.db") | {"KONGCHUO_TIMEZONE": morning_zone()}
    simulator = create_simulator(
        [{"userid": "wang", "name": "王老师"}], "http://127.0.0.1:9/", CORP, AGENT, settings["KONGCHUO_SECRET"],
        settings["KONGCHUO_TOKEN"], settings["KONGCHUO_AES_KEY"],
    )  # fmt: skip
    settings["KONGCHUO_WECOM_API"] = f"{simulator.start().rstrip('/')}/cgi-bin/"
    mine = {name: value for name, value in settings.items() if name.startswith("KONGCHUO_")}
    container, port = Container(image, volume, mine), free_port()
    container.run("sh", "-c", "id -u; touch /x 2>/dev/null || echo 只读")
    container.run("kongchuo", "init", "--county", "青石县")
    for what, name in zip(("units", "staff", "pupils"), LISTS, strict=True):
        container.run("kongchuo", "import", what, name)
    web = container.begin("kongchuo", "serve", "--bind", f"0.0.0.0:{port}", "--workers", "2", log=folder / "web.log")
    jobs = container.begin("kongchuo", "jobs", log=folder / "jobs.log")
    wait_for(f"http://127.0.0.1:{port}/readyz", web, folder / "web.log")
    client = WeComClient(
        f"http://127.0.0.1:{port}/wecom/callback", mine["KONGCHUO_TOKEN"], mine["KONGCHUO_AES_KEY"], CORP, AGENT
    )
    for words in ("我是谁", "给张三妈妈打电话没人接"):
        status, reply = client.send("wang", words)
        print("·", words, "→", status, reply)
        assert (status, "王老师" in reply or reply.startswith("已记")) == (200, True)
    check = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=4)
    assert check.status == 200
    container.run("kongchuo", "backup", "copy")
    container.run("kongchuo", "restore", "copy", "--force", code=2)
    assert (ended(web), ended(jobs)) == (0, 0)
    container.run("kongchuo", "restore", "copy", "--force")
    container.run("kongchuo", "audit", "verify")
    container.run("kongchuo", "rebuild", "--check")
    assert (volume / "kongchuo.db").stat().st_mode & 0o77 == 0
    simulator.stop()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kongchuo-image-") as name:
        folder = Path(name)
        builder = Builder(folder)
        builder.base()
        try_it(builder.image(), folder)


if __name__ == "__main__":
    main()
