"""What chat and pages ask about months and rounds (``handlers.reporting.Months``, ``handlers.roundup.Rounds``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.papers import rounds
from bot.papers.months import MonthBook
from handlers.desk import Desk
from storage.store import Work


class RoundBook(MonthBook):
    """The months, and the changes of the ledgers between two days."""

    def changes(self, work: Work, desk: Desk, first: dt.date, last: dt.date) -> Sequence[rounds.Changed]:
        """Who came onto a ledger and who went off it within the asker's reach, by day."""
        return rounds.changes(work, desk, first, last)

    def reported(self, work: Work, month: str) -> Mapping[str, Mapping[str, int]]:
        """The total figures of each school's report of a month (YYYY-MM), as it was submitted."""
        return {frozen.unit: frozen.figures["total"] for frozen in work.reports.of_month(month)}
