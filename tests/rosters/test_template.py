"""The empty table that is handed out is read by the import as it is, and its example is left out."""

from __future__ import annotations

import io

import openpyxl
import pytest

from bot.rosters import import_table
from bot.rosters.importing import KINDS, unknown_columns
from bot.rosters.reading import EXAMPLE, read_table
from bot.rosters.template import CHOICES, TITLES, template
from tests.pages.county import TODAY, Visitor, application, made_store

PLACES = {"老隆镇/第一中学/八年级3班": "青石镇/青石镇中学/八年级3班", "老隆镇/上坪村": "青石镇/上坪村"}


@pytest.fixture(scope="module")
def store():
    return made_store()


def as_real(content):
    """The table with its example turned into a row of this county's."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in book.worksheets[0][2]:
        value = (cell.value or "").removeprefix(EXAMPLE)
        cell.value = PLACES.get(value, value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("what", KINDS)
def test_its_headings_are_those_that_are_read(what):
    table = read_table("模板.xlsx", template(what))
    assert table.columns == (*KINDS[what].required, *KINDS[what].optional)
    assert unknown_columns(KINDS[what], table) == []


@pytest.mark.parametrize("what", KINDS)
def test_the_example_is_left_out(store, what):
    found = import_table(store, what, read_table("模板.xlsx", template(what)), TODAY, dry_run=True)
    assert (found.added, found.changed, found.unchanged, found.bad) == (0, 0, 0, [])


@pytest.mark.parametrize(("what", "added"), [("units", 0), ("staff", 1), ("pupils", 1), ("calendar", 1)])
def test_the_example_shows_what_is_taken(store, what, added):
    found = import_table(store, what, read_table("模板.xlsx", as_real(template(what))), TODAY, dry_run=True)
    assert found.bad == []
    assert found.added == added
    assert found.added + found.unchanged == 1


@pytest.mark.parametrize("what", KINDS)
def test_what_is_picked_is_taken(what):
    """Each word of a list, put into the cell it is the list of."""
    book = openpyxl.load_workbook(io.BytesIO(template(what)))
    sheet = book.worksheets[0]
    heads = [cell.value.rstrip("*") for cell in sheet[1]]
    lists = {heads[next(iter(each.sqref.ranges)).min_col - 1]: each.formula1.strip('"').split(",") for each in sheet.data_validations.dataValidation}  # fmt: skip
    assert lists == {column: list(words) for column, words in CHOICES[what].items()}
    assert all(cell.number_format == "@" for cell in sheet[2])


def test_it_hangs_on_the_pages_of_the_import(store, tmp_path):
    app = application(store, tmp=str(tmp_path))[0]
    admin = Visitor(app, "guan")
    for what in KINDS:
        page = "/m/settings/calendar/import" if what == "calendar" else f"/m/settings/import/{what}"
        assert f'href="/m/settings/import/{what}/template"' in admin.page(page)
        answer = admin.get(f"/m/settings/import/{what}/template")
        assert (answer.status_code, answer.data[:2]) == (200, b"PK")
        assert read_table("模板.xlsx", answer.data).columns[0] == KINDS[what].required[0]
    assert TITLES.keys() == KINDS.keys()
    assert admin.get("/m/settings/import/other/template").status_code == 404
    assert Visitor(app, "wang").get("/m/settings/import/pupils/template").status_code == 403
