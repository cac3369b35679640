"""The picture of the READMEs can be taken anew, and the one kept is as wide and as small as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import picture

HEAD = b"\x89PNG\r\n\x1a\n"


def width(content: bytes) -> int:
    assert content.startswith(HEAD)
    return int.from_bytes(content[16:20], "big")


def test_the_picture_kept() -> None:
    content = picture.PICTURE.read_bytes()
    assert width(content) == 1280
    assert len(content) < 200_000
    for name in ("README.md", "README.zh-CN.md"):
        assert "(docs/pictures/demo.png)" in (picture.PICTURE.parents[2] / name).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_it_can_be_taken_anew(tmp_path: Path) -> None:
    picture.take(tmp_path / "demo.png")
    assert width((tmp_path / "demo.png").read_bytes()) == 1280
