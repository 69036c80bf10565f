"""Importing in the window: nothing is guessed, nothing dropped silently, everything can be taken back."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.services.lead_list import LeadRow, ListQuery
from app.ui.context import Context
from app.ui.importing.dialog import ImportDialog
from app.ui.importing.drop import dropped_file
from app.ui.jobs import Progress, ThreadJobs
from tests.ui.dialogs.conftest import Desk, Speak
from tests.ui.scripted import HeldJobs, ScriptedDialogs

GOOD = "Name;Volumen;Firma\nWebauftritt;12.500,00;Muster GmbH\nKatalog;8k;Beispiel AG\n"
AMBIGUOUS = "Name;Status;Aktiv seit\nWebauftritt;Aktiv;03/04/2026\n"
HOSTILE = 'Name;Volumen\n"=cmd|calc";1\n"<b>fett</b>";viel\n'


def rows(context: Context) -> dict[str, LeadRow]:
    lists = context.office.lists
    return {row.title: row for row in lists.rows(lists.ids(ListQuery()))}


@pytest.fixture
def opened(context: Context, qtbot: QtBot, tmp_path: Path) -> Callable[[str], ImportDialog]:
    """Makes a dialog that looks at a file of these contents."""

    def make(contents: str, name: str = "Leads.csv") -> ImportDialog:
        file = tmp_path / name
        file.write_text(contents, encoding="utf-8")
        dialog = ImportDialog(context, None, file)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def test_looking_writes_nothing(opened: Callable[[str], ImportDialog], context: Context) -> None:
    dialog = opened(GOOD)
    assert "2 new leads" in dialog.plan.outcome.words
    assert "semicolon" in dialog.plan._detected.text()
    assert dialog._do.text() == "Import 2 leads"
    assert rows(context) == {}
    assert context.office.history.next_undo() is None or "Import" not in str(context.office.history.next_undo())


def test_what_will_happen_is_said_and_shown_beforehand(
    opened: Callable[[str], ImportDialog], context: Context, qtbot: QtBot
) -> None:
    dialog = opened(
        "Name;Status;Akquise-Stufe;Volumen;Schlagworte;Verantwortlich;Abgeschlossen am\n"
        "Messe;Kontaktpotenzial;;;Druck;Anna Kern;\nShop;Aktiv;Prüfung;25000;Web, Druck;Neu Hier;\n"
        "Film;Gewonnen;Angebot;100;;;24.3.2026\nKatalog;Aktiv;Angebot;viel;;;\n"
    )
    assert dialog.plan.outcome.lines == [
        ("Contact potential", "1 lead"), ("Active", "1 lead"), ("Won", "1 lead"), ("New stages", "Prüfung"),
        ("New people", "Neu Hier"), ("New tags", "Druck, Web"),
    ]  # fmt: skip
    model = dialog.plan.samples.model
    shown = [[model.data(model.index(row, column)) for column in range(2)] for row in range(model.rowCount())]
    assert shown == [["Messe", "Contact potential"], ["Shop", "Prüfung"], ["Film", "Won"]]
    assert dialog.focusWidget() is dialog._do
    dialog._do.click()
    assert dialog.plan.outcome.words == "Imported: 3 new leads · 1 row not imported"
    assert len(dialog.plan.outcome.lines) == 6
    assert dialog.plan.refusals.isVisible()


def test_more_names_than_can_be_read_are_counted(opened: Callable[[str], ImportDialog]) -> None:
    dialog = opened("Name;Firma\n" + "".join(f"Lead {n};Firma {n}\n" for n in range(9)))
    assert dialog.plan.outcome.lines[-1] == (
        "New companies", "Firma 0, Firma 1, Firma 2, Firma 3, Firma 4 and 4 more"
    )  # fmt: skip


def test_a_wrong_file_after_a_good_one_leaves_nothing_of_it(
    opened: Callable[[str], ImportDialog], tmp_path: Path
) -> None:
    dialog = opened(GOOD)
    (tmp_path / "leer.csv").write_bytes(b"")
    dialog.take(tmp_path / "leer.csv")
    assert not dialog.plan.isVisible()
    assert (dialog._drop.isVisible(), dialog._do.isEnabled()) == (True, False)


def test_dates_are_named_in_the_letters_of_the_language(opened: Callable[[str], ImportDialog], speak: Speak) -> None:
    speak("de", "DE")
    dialog = opened("Name;Status;Aktiv seit\nShop;Aktiv;2026-03-24\n")
    assert "Datum als JJJJ-MM-TT" in dialog.plan._detected.text()


def test_importing_backs_up_says_the_counts_and_can_be_undone(
    opened: Callable[[str], ImportDialog], context: Context
) -> None:
    dialog = opened(GOOD)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert set(rows(context)) == {"Webauftritt", "Katalog"}
    assert dialog.plan.outcome.words == "Imported: 2 new leads"
    assert len(context.office.backups.list()) == 1
    assert dialog._undo.isVisible()
    assert not dialog._do.isVisible()
    dialog._undo.click()
    assert rows(context) == {}
    assert dialog._do.text() == "Import 2 leads"


def test_keys_take_the_import_back_as_its_button_does(
    opened: Callable[[str], ImportDialog], context: Context, qtbot: QtBot
) -> None:
    dialog = opened(GOOD)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    context.office.leads.create(title="Davor")
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert set(rows(context)) == {"Davor"}, "nothing is imported yet"
    dialog._do.click()
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert set(rows(context)) == {"Davor"}
    assert dialog._do.text() == "Import 2 leads"


def test_the_import_is_taken_back_and_not_what_was_done_since(
    opened: Callable[[str], ImportDialog], context: Context
) -> None:
    dialog = opened("Name\nWebauftritt\n")
    dialog._do.click()
    context.office.leads.create(title="Vom Terminal")
    dialog._undo.click()
    assert set(rows(context)) == {"Vom Terminal"}
    assert dialog._do.text() == "Import 1 lead"


def test_an_import_that_was_taken_back_already_costs_nothing_else(
    opened: Callable[[str], ImportDialog], context: Context
) -> None:
    context.office.leads.create(title="Davor")
    dialog = opened("Name\nWebauftritt\n")
    dialog._do.click()
    context.office.history.undo()
    dialog._undo.click()
    assert set(rows(context)) == {"Davor"}


def test_dates_that_can_be_read_in_two_ways_are_asked_for(
    opened: Callable[[str], ImportDialog], context: Context
) -> None:
    dialog = opened(AMBIGUOUS)
    assert "“Aktiv seit”" in dialog.plan._question.text()
    assert "03/04/2026" in dialog.plan._question.text()
    assert not dialog._do.isEnabled()
    dialog.plan._radios["mdy"].click()
    assert dialog._do.isEnabled()
    dialog.plan._radios["dmy"].click()
    dialog._do.click()
    day = rows(context)["Webauftritt"].activated_on
    assert day is not None
    assert (day.month, day.day) == (4, 3)


def test_columns_can_be_mapped_otherwise(opened: Callable[[str], ImportDialog], context: Context) -> None:
    dialog = opened("Name;Volumen;Interna\nWebauftritt;100;Geheim\n")
    combo = dialog.plan._columns.combos["Interna"]
    assert combo.currentText() == "do not import"
    combo.setCurrentIndex(combo.findData("info"))
    combo.activated.emit(combo.currentIndex())
    amount = dialog.plan._columns.combos["Volumen"]
    amount.setCurrentIndex(amount.findData("-"))
    amount.activated.emit(amount.currentIndex())
    dialog._do.click()
    row = rows(context)["Webauftritt"]
    assert (row.info, row.amount.minor) == ("Geheim", 0)


def test_taking_the_name_away_is_refused_in_words(opened: Callable[[str], ImportDialog], context: Context) -> None:
    dialog = opened("Name;Volumen\nWebauftritt;100\n")
    combo = dialog.plan._columns.combos["Name"]
    combo.setCurrentIndex(combo.findData("-"))
    combo.activated.emit(combo.currentIndex())
    assert "what the leads are called" in dialog._note.text()
    assert not dialog._do.isEnabled()
    combo.setCurrentIndex(combo.findData("title"))
    combo.activated.emit(combo.currentIndex())
    assert dialog._note.text() == ""
    assert dialog._do.isEnabled()


def test_what_is_left_out_is_told(opened: Callable[[str], ImportDialog]) -> None:
    dialog = opened("Name;Status;Abgeschlossen am\nA;Aktiv;2026-01-05\nB;Aktiv;2026-01-05\n")
    assert dialog.plan.outcome.left_out == (
        "Left out of 2 rows, column Abgeschlossen am: Only a closed lead has a closing date."
    )


def test_refused_rows_are_listed_and_saved(
    opened: Callable[[str], ImportDialog], context: Context, tmp_path: Path
) -> None:
    dialog = opened(HOSTILE)
    refusals = dialog.plan.refusals
    assert "1 row not imported" in dialog.plan.outcome.words
    assert refusals.model.data(refusals.model.index(0, 0)) == "3"
    target = tmp_path / "Rest.csv"
    answers = ScriptedDialogs(("save_file", "Save the rows", None), ("save_file", "Save the rows", target))
    object.__setattr__(context, "dialogs", answers)
    refusals.saved.emit()
    assert not target.exists()
    refusals.saved.emit()
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    assert lines[0] == ["Row", "Column", "Reason"]
    assert lines[1][:2] == ["3", "Volumen"]
    assert "Saved" in dialog._note.text()
    object.__setattr__(context, "dialogs", ScriptedDialogs(("save_file", "Save", tmp_path / "no" / "where.csv")))
    refusals.saved.emit()
    assert dialog._note.property("kind") == "error"
    dialog._do.click()
    assert set(rows(context)) == {"=cmd|calc"}


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("leer.csv", b""),
        ("bild.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("seite.csv", b"<!doctype html><html></html>"),
        ("alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("kaputt.xlsx", b"PK\x03\x04" + bytes(50)),
        ("wetter.csv", b"Datum;Temperatur;Regen\n1.1.2026;3;0\n"),
        ("null.csv", bytes(5000)),
    ],
)
def test_the_wrong_file_gets_a_sentence(
    name: str, contents: bytes, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(contents)
    dialog = ImportDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.take(file)
    assert len(dialog._note.text()) > 15
    assert dialog._note.text().count(name) == 1
    assert not dialog._do.isEnabled()
    assert (dialog._drop.isVisible(), dialog._other.isVisible()) == (True, False)
    assert rows(context) == {}
    dialog.take(tmp_path / "gibt es nicht.csv")
    assert "gibt es nicht.csv" in dialog._note.text()


def test_a_file_is_chosen_or_dropped(context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "Leads mit Ümlaut.csv"
    file.write_text(GOOD, encoding="utf-8")
    object.__setattr__(
        context, "dialogs", ScriptedDialogs(("open_file", "Import", None), ("open_file", "Import", file))
    )
    dialog = ImportDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._drop.button.click()
    assert dialog._stack.currentIndex() == 0
    dialog._drop.button.click()
    assert dialog._do.isEnabled()
    other = ImportDialog(context)
    qtbot.addWidget(other)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    actions, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), actions, data, button, keys)
    other.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert other._drop.hot
    other.dropEvent(QDropEvent(QPointF(5, 5), actions, data, button, keys))
    assert other._do.isEnabled()
    assert not other._drop.hot


def test_only_one_local_file_can_be_dropped(tmp_path: Path) -> None:
    def data(*urls: QUrl) -> QMimeData:
        made = QMimeData()
        made.setUrls(list(urls))
        return made

    file = QUrl.fromLocalFile(str(tmp_path / "a.csv"))
    assert dropped_file(data(file)) == tmp_path / "a.csv"
    assert dropped_file(data(file, file)) is None
    assert dropped_file(data(QUrl.fromLocalFile(str(tmp_path)))) is None
    assert dropped_file(data(QUrl("https://example.org/a.csv"))) is None
    assert dropped_file(QMimeData()) is None


def test_an_answer_that_comes_too_late_is_not_shown(context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    held = HeldJobs()
    object.__setattr__(context, "jobs", held)
    for name, contents in (("eins.csv", GOOD), ("zwei.csv", "Name\nNur einer\n")):
        (tmp_path / name).write_text(contents, encoding="utf-8")
    dialog = ImportDialog(context, None, tmp_path / "eins.csv")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.take(tmp_path / "zwei.csv")
    (first, stopped), (second, progress) = held.jobs
    assert stopped.cancelled
    second.then(second.work(progress))
    assert "1 new lead" in dialog.plan.outcome.words
    first.then(first.work(Progress(lambda done, total: None)))
    assert "1 new lead" in dialog.plan.outcome.words
    dialog.take(tmp_path / "eins.csv")
    dialog.reject()
    assert held.jobs[-1][1].cancelled
    held.jobs[-1][0].failed(ValueError("too late"))  # type: ignore[misc]


def test_an_import_that_is_stopped_changes_nothing(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    errors: list[BaseException] = []
    jobs = ThreadJobs(errors.append)
    object.__setattr__(desk.context, "jobs", jobs)
    file = tmp_path / "viele.csv"
    file.write_text("Name;Volumen\n" + "Lead;100\n" * 40_000, encoding="utf-8")
    dialog = ImportDialog(desk.context, None, file)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog._do.isEnabled, timeout=30_000)
    dialog._do.click()
    assert not dialog.plan.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: jobs.idle, timeout=30_000)
    assert "Nothing was changed" in dialog._note.text()
    assert rows(desk.context) == {}
    dialog.reject()
    jobs.stop()
    assert errors == []


def test_control_and_enter_import_from_the_columns_too(
    opened: Callable[[str], ImportDialog], context: Context, qtbot: QtBot
) -> None:
    dialog = opened(GOOD)
    with qtbot.waitActive(dialog):  # shortcuts belong to the active window
        dialog.activateWindow()
    combo = dialog.findChild(QComboBox)
    assert combo is not None
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(rows(context)) == 2


def test_the_keyboard_stays_at_what_can_be_done_next(opened: Callable[[str], ImportDialog], qtbot: QtBot) -> None:
    dialog = opened(f"{GOOD}Heft;viel;\n")
    dialog._do.setFocus()
    QTest.keyClick(dialog._do, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog._leave
    dialog._undo.click()
    assert dialog.focusWidget() is dialog._do
    dialog._do.click()
    QTest.keyClick(dialog._leave, Qt.Key.Key_Return)
    assert not dialog.isVisible()
