"""A backup of nothing is refused: nobody may believe that the records are safe when none were copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli


def test_a_backup_of_no_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KONGCHUO_DATABASE_URL", f"sqlite:///{tmp_path}/nothing.db")
    ran = CliRunner().invoke(cli, ["backup", "copy.db"])
    assert ran.exit_code == 2
    assert "没有找到数据库" in ran.output
    assert not list(tmp_path.iterdir())
