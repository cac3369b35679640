"""Rosters of units, staff, pupils and days from the files that offices have (contracts, section 5)."""

from bot.rosters.importing import ImportResult, import_roster, import_table
from bot.rosters.plan import BadRow
from bot.rosters.reading import Roster, RosterError, Row, read_roster

__all__ = ["BadRow", "ImportResult", "Roster", "RosterError", "Row", "import_roster", "import_table", "read_roster"]
