"""签字表: a photo or file on a child's page is said to be the paper itself, signed."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting
from bot.pages.door import Outside, storage_of, writes
from bot.pages.pupil import known
from handlers import filing
from handlers.desk import Desk


def add(routes: Blueprint) -> None:
    """``/m/photo/<id>/signed``."""
    routes.add_url_rule("/photo/<piece_id>/signed", "signed", sign, methods=["POST"])


@writes("pupil")
def sign(desk: Desk, piece_id: str) -> ResponseReturnValue:
    """Of a piece that came with a visit, a notice or the like of a child within reach."""
    piece = storage_of(desk).evidence.piece(piece_id)
    fact = desk.work.cases.fact(piece.fact) if piece and piece.fact else None
    if piece is None or fact is None or piece.pupil is None or not filing.signed_paper(fact):
        raise Outside(f"photo:{piece_id}")
    pupil = known(desk, piece.pupil)
    if not desk.reader_of(pupil).hears(fact):
        raise Outside(f"photo:{piece_id}")
    words = f"{pupil.name} 签字表"
    back = (f"回到{pupil.name}", url_for("pages.pupil", pupil_id=pupil.id))
    return acting.take_in(desk, words, lambda: filing.sign(desk, piece.id, fact), [back])
