"""Rows go to other programs and come from them: copied as a table, pasted as leads once one has seen them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.core.terms import Status
from app.models.store import Store
from app.services.importing.pasted import LONGEST
from app.ui.importing.dialog import ImportDialog
from app.ui.importing.pasting import PasteDialog
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.services.seen import steps
from tests.stores import add_company, add_lead

_V = (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def clip(text: str = "", html: str = "") -> None:
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)


def clipped() -> list[list[str]]:
    return [line.split("\t") for line in QApplication.clipboard().text().split("\n")]


def paste(desk: Desk, act: Callable[[Any], None]) -> None:
    """Paste into the list in front, and do this in the dialog."""
    desk.panel.view.setFocus()
    in_dialog(act)
    desk.command("paste")


def agree(dialog: PasteDialog) -> None:
    dialog._do.click()


def test_rows_are_copied_as_a_table(desk: Desk, leads: dict[str, int], store: Store) -> None:
    company = add_company(store, "=Müller")
    desk.context.office.leads.edit([leads["Film Molkerei"]], company="=Müller", period=(2027 * 12, 2027 * 12 + 2))
    desk.choose(leads["Film Molkerei"])
    desk.command("copy")
    titles, row = clipped()
    found = dict(zip(titles, row, strict=True))
    assert found["Lead"] == "Film Molkerei"
    assert found["Company"] == "'=Müller"
    assert (found["Stage"], found["Probability"]) == ("Vorstellung", "10%")
    assert (found["Volume"], found["Weighted"]) == ("20000.00", "2000.00")
    assert (found["Service period from"], found["Service period to"]) == ("1 Jan 2027", "31 Mar 2027")
    assert found["Responsible"] == "Anna Kern"
    assert 'sdval="20000.00"' in QApplication.clipboard().mimeData().html()
    assert company


def test_amounts_that_cannot_be_added_are_copied_as_texts(desk: Desk, store: Store) -> None:
    swiss = add_lead(store, "Zürich", amount=900, currency="CHF")
    desk.choose(swiss)
    desk.command("copy")
    titles, row = clipped()
    found = dict(zip(titles, row, strict=True))
    assert (found["Volume"], found["Weighted"]) == ("CHF 900", "no rate")


def test_many_rows_are_copied_by_a_job(opening: Open, store: Store, qtbot: QtBot) -> None:
    for n in range(510):
        add_lead(store, f"Lead {n}", amount=1000 + n)
    desk = opening(threads=True)
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 510)
    desk.command("select_all")
    QApplication.clipboard().clear()
    desk.command("copy")
    qtbot.waitUntil(lambda: len(clipped()) == 511)
    assert clipped()[1][0] == "Lead 509"
    assert desk.status().startswith("510 leads copied")


def test_many_groups_are_copied_by_a_job(opening: Open, store: Store, qtbot: QtBot) -> None:
    for n in range(510):
        add_lead(store, f"Lead {n}", amount=1000, company_id=add_company(store, f"Firma {n:03}"))
    desk = opening(threads=True)
    desk.panel.group(["company"])
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 1020)
    desk.panel.fold_all(True)
    desk.command("select_all")
    QApplication.clipboard().clear()
    desk.command("copy")
    qtbot.waitUntil(lambda: len(clipped()) == 511)
    assert clipped()[:2] == [["Group", "Count", "Volume", "Weighted"], ["Firma 000", "1", "1000.00", "10.00"]]


def test_a_table_is_pasted_after_one_has_seen_what_it_becomes(desk: Desk, store: Store) -> None:
    clip("Name\tFirma\tVolumen\nShop\tMüller GmbH\t25.000\nMesse\t\tviel\n")
    before = steps(store)

    def look(dialog: PasteDialog) -> None:
        assert dialog.windowTitle() == "Paste leads"
        assert dialog.plan.outcome.words == "1 new lead · 1 row not imported"
        assert dialog.plan.refusals.isVisible()
        assert not dialog._other.isVisible()
        assert steps(store) == before, "nothing is written before it is agreed to"
        agree(dialog)
        assert dialog.isVisible(), "what was refused is still to be read"
        assert dialog.plan.outcome.words.startswith("Imported: 1 new lead")

    paste(desk, look)
    assert "Shop" in desk.titles()
    assert desk.lead(max(desk.panel.model.ids)).status == Status.ACTIVE
    assert steps(store) == before + 1
    desk.command("undo")
    assert "Shop" not in desk.titles()


@pytest.mark.parametrize(("tab", "status"), [("leads", Status.ACTIVE), ("potential", Status.POTENTIAL)])
def test_a_line_of_text_becomes_what_the_list_holds(desk: Desk, tab: str, status: Status) -> None:
    desk.window.go_to(tab)
    clip("Jubiläum der Sparkasse")
    paste(desk, agree)
    (new,) = [desk.lead(id_) for id_ in desk.panel.model.ids if desk.lead(id_).title == "Jubiläum der Sparkasse"]
    assert new.status == status
    assert "Clipboard" in desk.status()


def test_ctrl_v_in_the_list_pastes_and_in_a_line_of_text_does_not(desk: Desk) -> None:
    clip("Messe")
    desk.command("filter")
    desk.key(*_V)
    assert desk.panel.filter.text() == "Messe"
    desk.panel.filter.clear()
    desk.command("paste")
    assert desk.panel.filter.text() == "Messe"
    desk.panel.filter.clear()
    desk.panel.view.setFocus()
    opened: list[str] = []
    in_dialog(lambda dialog: opened.append(dialog.windowTitle()))
    desk.key(*_V)
    assert opened == ["Paste leads"]


def test_columns_without_titles_wait_to_be_told(desk: Desk) -> None:
    clip("Shop\tMüller GmbH\nFilm\tBräu AG")

    def tell(dialog: PasteDialog) -> None:
        assert "2 new leads" in dialog.plan.outcome.words
        dialog.plan._on_column("Column 2", "company")
        assert ("New companies", "Bräu AG, Müller GmbH") in [
            (label, ", ".join(sorted(names.split(", ")))) for label, names in dialog.plan.outcome.lines
        ]
        agree(dialog)

    paste(desk, tell)
    assert {desk.lead(id_).company for id_ in desk.panel.model.ids} >= {"Müller GmbH", "Bräu AG"}


def test_a_table_without_titles_is_counted_from_its_first_row(desk: Desk) -> None:
    clip("Shop\t100\nFilm\tviel")

    def look(dialog: PasteDialog) -> None:
        assert "headings" not in dialog.plan._detected.text()
        dialog.plan._on_column("Column 2", "amount")
        refused = dialog.plan.result.refused if dialog.plan.result else ()
        assert [(each.row, each.column) for each in refused] == [(2, "Column 2")]

    paste(desk, look)


@pytest.mark.parametrize("text", ["PNG\0\0\1", "x" * (LONGEST + 1), "   "])
def test_a_clipboard_without_a_list_is_refused_in_a_sentence(desk: Desk, store: Store, text: str) -> None:
    before = steps(store)
    clip(text)
    desk.panel.view.setFocus()
    desk.command("paste")
    assert desk.said()
    assert steps(store) == before


def test_a_picture_is_refused(desk: Desk) -> None:
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    QApplication.clipboard().setImage(picture)
    desk.panel.view.setFocus()
    desk.command("paste")
    assert "no text in the clipboard" in desk.said()


def test_a_table_that_is_no_list_of_leads_is_refused_in_the_dialog(desk: Desk, store: Store) -> None:
    clip("\t".join(f"x{n}" for n in range(600)))
    before = steps(store)

    def look(dialog: PasteDialog) -> None:
        assert "no more than" in dialog._note.text()
        assert not dialog._drop.isVisible()
        assert not dialog._do.isEnabled()

    paste(desk, look)
    assert steps(store) == before


def test_a_file_in_the_clipboard_is_imported(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "Leads.csv"
    file.write_text("Name;Status\nShop;Aktiv\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    QApplication.clipboard().setMimeData(data)

    def look(dialog: ImportDialog) -> None:
        assert dialog.windowTitle() == "Import leads"
        assert "1 new lead" in dialog.plan.outcome.words

    paste(desk, look)


def test_what_was_copied_can_be_pasted(desk: Desk, leads: dict[str, int], store: Store) -> None:
    desk.context.office.leads.edit([leads["Film Molkerei"]], company="Molkerei", period=(2027 * 12, 2027 * 12 + 2))
    desk.choose(leads["Film Molkerei"])
    desk.command("copy")
    paste(desk, agree)
    one, two = (row for row in map(desk.lead, desk.panel.model.ids) if row.title == "Film Molkerei")
    for name in ("stage", "probability", "company", "amount", "period_first", "period_last", "user", "next_step_on"):
        assert getattr(one, name) == getattr(two, name), name


def test_a_few_pasted_rows_make_no_backup(desk: Desk) -> None:
    clip("Messe")
    paste(desk, agree)
    assert desk.context.office.backups.last() is None


def test_the_line_for_ideas_takes_what_is_pasted_into_it(desk: Desk) -> None:
    clip("Messe")
    desk.command("new_idea")
    desk.command("paste")
    assert desk.find(QLineEdit, "New idea").text() == "Messe"


def test_the_columns_of_which_nothing_is_taken_are_named(desk: Desk) -> None:
    clip("Name\tFirma\tFarbe\t\nShop\tMüller GmbH\tblau\trund\nMesse\t\t\t\n")
    told: list[str] = []

    def look(dialog: PasteDialog) -> None:
        told.append(dialog.plan.outcome.left_out)
        assert dialog.plan.outcome._notes.isVisible()
        dialog.reject()

    paste(desk, look)
    assert told == ["Columns that are not read: Farbe, Column 4"]
