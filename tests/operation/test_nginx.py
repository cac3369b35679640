"""The example of deploy/nginx.conf, running: a real nginx with a certificate of its own, and behind it what echoes or nothing."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.server import free_port

EXAMPLE = Path(__file__).parents[2] / "deploy/nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
pytestmark = [
    pytest.mark.deploy,
    pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx"),
]


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that came through."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        said = json.dumps({"path": self.path, **dict(self.headers.items())}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


class Front:
    """The running nginx: its port, and what is asked of it."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder

    def ask(self, path, method="GET", body=None, headers=(), source="127.0.0.1"):
        """Status, headers and text of an answer."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=context, source_address=(source, 0), timeout=20
        )
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def log(self):
        return (self.folder / "kongchuo.log").read_text()


@pytest.fixture(scope="module")
def upstream():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A certificate, used by each nginx of these tests."""
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kongchuo.example.gov.cn",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def started(folder, behind):
    """The example, its ports and folders replaced, in front of a port; returns it with its process."""
    port, plain = free_port(), free_port()
    text = EXAMPLE.read_text()
    for was, now in (
        ("/etc/ssl/kongchuo", str(folder)), ("/var/log/nginx", str(folder)), ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("listen 80;", f"listen 127.0.0.1:{plain};"), ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind};"),
    ):  # fmt: skip
        assert was in text
        text = text.replace(was, now)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / f"{port}.conf"
    user = "user root; " if os.geteuid() == 0 else ""
    whole.write_text(
        f"{user}daemon off; pid {folder}/{port}.pid; error_log {folder}/error.log; events {{}} http {{ {temporary}\n{text} }}"
    )
    process = subprocess.Popen([NGINX, "-c", str(whole)], stderr=subprocess.PIPE)
    front = Front(port, folder)
    until = time.monotonic() + 20
    while True:
        try:
            front.ask("/healthz")
            return front, process
        except OSError:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.fixture(scope="module")
def front(folder, upstream):
    front, process = started(folder, upstream)
    yield front
    process.terminate()
    process.wait(20)


def test_the_address_of_who_asks_cannot_be_forged_and_no_query_is_logged(front):
    _, _, said = front.ask("/m/todo?code=GEHEIM", headers={"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "http"})
    seen = json.loads(said)
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["path"]) == (
        "127.0.0.1",
        "https",
        "/m/todo?code=GEHEIM",
    )
    front.ask("/m/d/linkkey123")
    front.ask("/wecom/callback?msg_signature=GEHEIM")
    assert "/m/todo" in front.log()
    assert "GEHEIM" not in front.log()
    assert "linkkey123" not in front.log()


def test_figures_are_for_this_machine_alone_and_what_is_not_ours_is_not_passed_on(front):
    for path in ("/metrics", "/readyz"):
        assert front.ask(path)[0] == 200
        assert front.ask(path, source="127.0.0.2")[0] == 403
    assert front.ask("/.env")[0] == 404
    status, headers, _ = front.ask("/")
    assert (status, re.sub(r"^https://[^/]*", "", headers["Location"])) == (302, "/m/todo")


def test_what_is_too_large_is_refused_before_the_program_reads_it_in_words_that_people_read(front):
    assert front.ask("/wecom/callback", "POST", bytes(65 * 1024))[0] == 413
    assert front.ask("/wecom/callback", "POST", bytes(60 * 1024))[0] == 200
    status, headers, said = front.ask("/m/settings/import", "POST", headers={"Content-Length": str(25 << 20)})
    assert (status, headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "没有保存。文件每份不超过20兆" in said


def test_who_asks_too_fast_is_told_to_wait(front):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(front.ask("/m/todo", source="127.0.0.3"))) for _ in range(150)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [said for status, _, said in answers if status == 429]
    assert refused
    assert all("请稍等一分钟再试" in said for said in refused)
    assert sum(status == 200 for status, _, _ in answers) >= 60


def test_while_the_program_restarts_people_read_that_nothing_was_saved(folder):
    front, process = started(folder, free_port())
    try:
        status, headers, said = front.ask("/m/todo")
        assert (status, headers["Retry-After"]) == (502, "60")
        assert "没有保存任何内容" in said
        assert front.ask("/wecom/callback", "POST", b"x")[0] == 502
    finally:
        process.terminate()
        process.wait(20)
