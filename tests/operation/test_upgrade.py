"""An upgrade while the old version serves: migrations only add, nobody waits for one, and old processes work on after it."""

from __future__ import annotations

import ast
import contextlib
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import revisions
from storage.engine import build_engine
from storage.migrating import migrate
from storage.revisions import is_current
from tests.support.server import command, make_database, serving, settings_in
from tests.support.stores import throw_away_database
from tests.support.wecom import WeComClient

VERSIONS = sorted((revisions.FOLDER / "versions").glob("0*.py"))
READS = 3.0
"""Seconds: longer than a migration waits for a table at a time, several of its turns."""
WORDS = "给张三妈妈打电话没人接"
NEXT = '''
"""What a later version might bring."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.add_column("facts", sa.Column("later", sa.String(20), nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("later", sa.String(20)))
    op.create_table("later", sa.Column("county_id", sa.String(40), primary_key=True))
'''


@pytest.mark.parametrize("path", VERSIONS[1:], ids=lambda path: path.stem)
def test_a_migration_only_adds(path: Path) -> None:
    """What the version before does not know of must neither stop it nor make it wait: no table or column dropped, renamed or
    filled. A foreign key less stops nobody."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    [upgrade] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    for_sqlite = [n for n in ast.walk(upgrade) if isinstance(n, ast.If) and "'sqlite'" in ast.unparse(n.test)]
    alone = {part for node in for_sqlite for part in ast.walk(node)}  # it has one writer at a time anyway
    calls = [n for n in ast.walk(upgrade) if isinstance(n, ast.Call) and _name(n).startswith("op.") and n not in alone]
    made = {ast.literal_eval(call.args[0]) for call in calls if _name(call) == "op.create_table"}
    for call in calls:
        name, given = _name(call), {word.arg: word.value for word in call.keywords}
        if name == "op.create_index":
            assert ast.literal_eval(call.args[1]) in made or "postgresql_concurrently" in given, (
                "it would stop all writers"
            )
        elif name == "op.add_column":
            column = {word.arg: word.value for word in call.args[1].keywords}
            optional = "nullable" not in column or ast.literal_eval(column["nullable"])
            assert optional or "server_default" in column, "the version before could not insert any more"
        elif name == "op.drop_constraint":
            assert ast.literal_eval(given["type_"]) == "foreignkey"
        elif name == "op.execute":
            assert "LOCK TABLE" in ast.unparse(call), "rows are not filled here"
        else:
            assert name in ("op.create_table", "op.get_bind", "op.f"), name


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[contextlib.AbstractContextManager[None]]:
    """A context in which this program is a later version, with one more migration."""
    place = tmp_path / "migrations"
    shutil.copytree(revisions.FOLDER, place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "versions" / "9999_later.py").write_text(NEXT.format(head=VERSIONS[-1].stem[:4]), encoding="utf-8")

    @contextlib.contextmanager
    def version() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(revisions, "FOLDER", place)
            yield

    return version


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    with throw_away_database() if request.param == "postgresql" else contextlib.nullcontext() as url:
        made = settings_in(tmp_path, url)
        make_database(made)
        yield made


class Load(threading.Thread):
    """What one person reports, a few times a second, until told to stop: each with what it was answered and when."""

    def __init__(self, client: WeComClient, user: str, first: int) -> None:
        super().__init__(daemon=True)
        self.client, self.user, self.first, self.stop = client, user, first, threading.Event()
        self.again = 0
        self.answers: list[tuple[int, float]] = []

    def run(self) -> None:
        while not self.stop.is_set():
            begun = time.monotonic()
            for _ in range(
                3
            ):  # SQLite has one writer: whom the upgrade keeps waiting too long comes again, as WeChat Work does
                status, _ = self.client.send(self.user, WORDS, str(self.first + len(self.answers)))
                if status != 503:
                    break
                self.again += 1
            self.answers.append((status, time.monotonic() - begun))
            time.sleep(0.25)


@pytest.mark.slow
def test_reports_go_on_while_and_after_the_tables_are_upgraded(settings, later) -> None:
    """Somebody reads a table for seconds just then: the upgrade waits for them, the reports do not wait for the upgrade."""
    url = settings["KONGCHUO_DATABASE_URL"]
    engine = build_engine(url)
    with serving(settings) as (_, client):
        loads = [Load(client, user, 71_000_000 + 100_000 * n) for n, user in enumerate(("wang", "li", "zhao"))]
        for load in loads:
            load.start()
        _until(lambda: all(load.answers for load in loads))
        reader = engine.execution_options(writes=False).connect()
        reader.execute(sa.text("select count(*) from facts")).scalar()
        with later():
            upgrading = threading.Thread(target=migrate, args=(build_engine(url),))
            upgrading.start()
            time.sleep(READS)
            reader.close()
            upgrading.join(60)
            assert is_current(engine), "upgraded"
        assert "later" in {column["name"] for column in sa.inspect(engine).get_columns("facts")}
        before = [len(load.answers) for load in loads]
        _until(lambda: all(len(load.answers) > count for load, count in zip(loads, before, strict=True)))
        for load in loads:
            load.stop.set()
            load.join(20)
        answers = [answer for load in loads for answer in load.answers]
        assert {status for status, _ in answers} == {200}
        if url.startswith("postgresql"):
            assert all(load.again == 0 for load in loads), "nobody was told to come again"
            assert max(seconds for _, seconds in answers) < 4
        assert urllib.request.urlopen(client.url.replace("/wecom/callback", "/readyz")).read() == b"ok"
    assert _count(engine, "inbox") == _count(engine, "facts where kind = 'contact'") == len(answers)


@pytest.mark.slow
def test_the_version_before_may_be_started_again_on_the_tables_of_a_later_one(settings, later) -> None:
    """A host that is restarted halfway through a rolling upgrade, or set back after it."""
    engine = build_engine(settings["KONGCHUO_DATABASE_URL"])
    with later():
        assert not is_current(engine), "a later version does not work on tables that it would have to change first"
        migrate(engine)
        assert is_current(engine)
    assert is_current(engine)
    assert command(settings, "init", "--county", "青石县").returncode == 0
    with serving(settings, workers=1) as (_, client):
        assert client.send("wang", WORDS, "72000001")[0] == 200
    assert command(settings, "rebuild", "--check").returncode == 0


def _until(holds: Callable[[], bool]) -> None:
    """Wait for it; what does not come about in a while fails."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "they are not served"
        time.sleep(0.05)


def _count(engine: sa.Engine, what: str) -> int:
    with engine.execution_options(writes=False).connect() as connection:
        return int(connection.execute(sa.text(f"select count(*) from {what}")).scalar_one())
