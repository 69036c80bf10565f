"""Contacts in the window: who is new and who is there is seen beforehand, and everything can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.services.cards.card import Card, Point
from app.services.cards.writing import Version
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import Choice, plan_cards
from app.services.people import People
from app.ui.contact_files.drop import CardDrop, dropped_cards
from app.ui.contact_files.exporting import ContactExportDialog, export
from app.ui.contact_files.importing import ContactImportDialog
from app.ui.context import Context
from app.ui.jobs import ThreadJobs
from tests.services.cards.examples import vcard
from tests.services.seen import everything, value, values
from tests.ui.dialogs.conftest import Desk
from tests.ui.scripted import ScriptedDialogs

ANNA = ("FN:Anna Kern", "ORG:Kern GmbH", "EMAIL:anna@kern.example", "TEL:0171 2345678")
TWO = vcard(*ANNA) + vcard("FN:<b>Otto</b>") + vcard("KIND:group", "FN:Alle")
Opened = Callable[..., ContactImportDialog]


@pytest.fixture
def opened(context: Context, qtbot: QtBot, tmp_path: Path) -> Opened:
    """Makes a dialog that looks at files of these contents."""

    def make(*contents: str) -> ContactImportDialog:
        files = []
        for number, content in enumerate(contents):
            files.append(tmp_path / f"{number}.vcf")
            files[-1].write_text(content, encoding="utf-8")
        dialog = ContactImportDialog(context, files)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def shown(dialog: ContactImportDialog) -> list[list[str]]:
    model = dialog.contacts.model
    return [[model.data(model.index(row, column)) for column in range(5)] for row in range(model.rowCount())]


def counts(dialog: ContactImportDialog) -> str:
    return dialog._counts.text()


def test_looking_shows_what_would_become_of_each_and_writes_nothing(opened: Opened, context: Context) -> None:
    before = everything(context.office.store)
    dialog = opened(TWO)
    assert shown(dialog) == [["Anna Kern", "Kern GmbH", "Create", "", ""], ["<b>Otto</b>", "", "Create", "", ""]]
    assert counts(dialog) == "1 new company · 2 new people"
    assert dialog._do.text() == "Import 2 contacts"
    assert dialog.refusals.isVisible()
    assert dialog.refusals.model.rows[0].refusal.line == 12
    assert everything(context.office.store) == before
    dialog.reject()


def test_importing_backs_up_and_is_one_step(opened: Opened, context: Context) -> None:
    before = everything(context.office.store)
    dialog = opened(TWO)
    dialog._do.click()
    assert not dialog.isVisible()
    assert values(context.office.store, "SELECT name FROM person ORDER BY id") == [("Anna Kern",), ("<b>Otto</b>",)]
    assert str(context.office.history.next_undo()) == "2 contacts imported from 0.vcf"
    assert len(context.office.backups.list()) == 1
    context.office.history.undo()
    assert everything(context.office.store) == before


def test_who_is_there_is_shown_with_the_reason_and_may_be_chosen_otherwise(opened: Opened, context: Context) -> None:
    store = context.office.store
    import_cards(store, plan_cards(store, [Card("Anna Kern", mails=(Point("work", "anna@kern.example"),))]))
    dialog = opened(TWO)
    first = shown(dialog)[0]
    assert first[:4] == ["Anna Kern", "Kern GmbH", "Fill in what is missing", "Anna Kern"]
    assert first[4].endswith("%")
    dialog.contacts.view.selectRow(0)
    assert "same e-mail address" in dialog._about.text()
    assert [dialog.choice.itemText(place) for place in range(dialog.choice.count())] == [
        "Create", "Fill in what is missing", "Skip",
    ]  # fmt: skip
    dialog.contacts.view.selectAll()
    place = dialog.choice.findText("Skip")
    dialog.choice.setCurrentIndex(place)
    dialog.choice.activated.emit(place)
    assert [row[2] for row in shown(dialog)] == ["Skip", "Skip"]
    assert counts(dialog) == "2 skipped"
    assert not dialog._do.isEnabled()
    dialog.contacts.view.selectRow(0)
    dialog.choice.setCurrentIndex(dialog.choice.findText("Create"))
    dialog.choice.activated.emit(dialog.choice.currentIndex())
    dialog._do.click()
    assert value(store, "SELECT count(*) FROM person WHERE name = 'Anna Kern'") == 2
    assert value(store, "SELECT count(*) FROM person") == 2


def test_a_file_that_is_none_is_refused_in_the_dialog(opened: Opened) -> None:
    dialog = opened("Hallo")
    assert "holds no contacts" in dialog._note.text()
    assert not dialog._do.isEnabled()
    dialog.reject()


def test_nothing_new_is_said(opened: Opened, desk: Desk, context: Context) -> None:
    store = context.office.store
    dialog = opened(TWO)
    dialog._do.click()
    again = opened(TWO)
    assert {row.choice for row in again.contacts.model.rows} == {Choice.SKIP}
    assert counts(again) == "2 skipped"
    assert not again._do.isEnabled()
    again.reject()
    assert value(store, "SELECT count(*) FROM person") == 2


def test_leaving_stops_the_looking(context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "many.vcf"
    file.write_text(vcard("FN:x") * 20_000, encoding="utf-8")
    errors: list[BaseException] = []
    jobs = ThreadJobs(errors.append)
    object.__setattr__(context, "jobs", jobs)
    dialog = ContactImportDialog(context, [file])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reject()
    qtbot.waitUntil(lambda: jobs.idle, timeout=10_000)
    jobs.stop()
    assert errors == []
    assert dialog.plan is None


def test_contacts_are_exported_as_chosen(desk: Desk, context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    store = context.office.store
    import_cards(store, plan_cards(store, [Card("Anna Kern", organisation="Kern GmbH")]))
    dialog = ContactExportDialog(context)
    qtbot.addWidget(dialog)
    dialog.who.setCurrentIndex(2)
    dialog.version.setCurrentIndex(1)
    dialogs = ScriptedDialogs(("save_file", "Export contacts", tmp_path / "k.vcf"))
    object.__setattr__(context, "dialogs", dialogs)
    dialog._save()
    dialogs.finish()
    written = (tmp_path / "k.vcf").read_text("utf-8")
    assert written.count("END:VCARD") == 1
    assert "VERSION:4.0" in written
    assert desk.said == ["1 contact exported to k.vcf"]


def test_whose_photo_is_damaged_is_told_once_the_file_is_there(context: Context, tmp_path: Path) -> None:
    store = context.office.store
    people = People(store)
    people.set_photo([people.create(family="Berg")], b"\x89PNG\r\n\x1a\n" + bytes(100))
    with store.maintenance() as connection:
        connection.execute(text("DELETE FROM chunk"))
    dialogs = ScriptedDialogs(("tell", "The contacts were exported, but some photos are damaged.", None))
    object.__setattr__(context, "dialogs", dialogs)
    export(context, tmp_path / "k.vcf", Version.V3, QObject())
    dialogs.finish()
    assert "FN:Berg" in (tmp_path / "k.vcf").read_text("utf-8")


def test_files_of_contacts_are_taken_where_they_are_let_go(qtbot: QtBot, tmp_path: Path) -> None:
    files = [tmp_path / "a.vcf", tmp_path / "b.VCF"]
    for file in files:
        file.write_text("", encoding="utf-8")
    taken: list[object] = []
    may = [False]
    window = QWidget()
    qtbot.addWidget(window)
    CardDrop(window, taken.append, lambda: may[0])
    data, no = QMimeData(), Qt.KeyboardModifier.NoModifier
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, no)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()
    may[0] = True
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, no)
    QApplication.sendEvent(window, drop)
    qtbot.waitUntil(lambda: taken == [files], timeout=1000)


def test_other_files_are_not_taken(tmp_path: Path) -> None:
    card, other = tmp_path / "a.vcf", tmp_path / "b.csv"
    for file in (card, other):
        file.write_text("", encoding="utf-8")
    data = QMimeData()
    for names in ([other], [card, other], [tmp_path / "none.vcf"], []):
        data.setUrls([QUrl.fromLocalFile(str(name)) for name in names])
        assert dropped_cards(data) == []
    data.setUrls([QUrl("https://example.org/a.vcf")])
    assert dropped_cards(data) == []
