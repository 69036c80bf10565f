"""The timeline in the panel of a lead: what is written, dropped, pasted, opened and taken back there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPalette,
    QTextFormat,
)  # fmt: skip
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.services.files import Upload
from app.services.mails.terms import Mail
from app.services.owners import Owner
from app.services.timeline import Entry
from app.ui.jobs import Job, Progress
from app.ui.palette.sheet import Palette
from app.ui.theme import Mode, Theme
from app.ui.timeline.also import AlsoDialog
from app.ui.timeline.drafts import NOTHING, Drafts
from app.ui.timeline.editor import NoteEdit
from app.ui.timeline.looking import look_at
from app.ui.timeline.mail_view import MailBrowser
from app.ui.timeline.panel import TimelinePanel
from app.ui.timeline.view import TimelineView
from app.ui.timeline.wording import said
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.models.edits import later
from tests.services.mail_samples import mail, person
from tests.services.seen import everything, value, values
from tests.stores import add_company
from tests.ui.scripted import HeldJobs

_CTRL = Qt.KeyboardModifier.ControlModifier


class Page:
    """The timeline of the lead in front."""

    def __init__(self, desk: Desk, lead: int) -> None:
        desk.choose(lead)
        self.desk, self.owner = desk, Owner("lead", lead)
        self.panel: TimelinePanel = desk.detail.findChild(TimelinePanel)
        self.view: TimelineView = self.panel.view
        self.note: NoteEdit = desk.find(QTextEdit, "Note")  # type: ignore[assignment]

    @property
    def office(self) -> Any:
        """What can be done."""
        return self.desk.context.office

    def entry(self, kind: str) -> Entry:
        """The first entry of a kind."""
        return next(entry for entry in self.panel.entries() if entry.kind == kind)

    def kinds(self) -> list[str]:
        """The kinds of the entries shown."""
        return [entry.kind for entry in self.panel.entries()]

    def menu(self, kind: str) -> dict[str, Any]:
        """What is offered for an entry, each with what it does."""
        return {words.split("\t")[0]: trigger for words, trigger in self.entries_of_menu(kind).items()}

    def entries_of_menu(self, kind: str) -> dict[str, Any]:
        """As `menu`, with the keys; nothing is left open."""
        row = list(self.panel.entries()).index(self.entry(kind))
        place = self.view.visualRect(self.view.model().index(row, 0)).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, self.view.mapToGlobal(place))
        QApplication.sendEvent(self.view.viewport(), event)
        menu = self.panel.findChildren(QMenu)[-1]
        offers = {action.text(): action.trigger for action in menu.actions()}
        menu.close()
        return offers

    def drop(self, data: QMimeData, on: Any = None) -> bool:
        """Drag something over the panel and let go; whether it was taken."""
        target = on or self.panel
        where, copy = QPoint(20, 20), Qt.DropAction.CopyAction
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(where, copy, data, left, none)
        enter.ignore()
        QApplication.sendEvent(target, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(target, QDropEvent(QPointF(where), copy, data, left, none))
        return True


@pytest.fixture
def page(desk: Desk, leads: dict[str, int]) -> Page:
    return Page(desk, leads["Film Molkerei"])


def files(*paths: Path) -> QMimeData:
    """Files as the desktop hands them over."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


class Opener(QObject):
    """Stands for the programs of the system."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """What was to be opened."""
        self.opened.append(url)


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener()
    for scheme in ("file", "https", "mailto"):
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]
    yield made
    for scheme in ("file", "https", "mailto"):
        QDesktopServices.unsetUrlHandler(scheme)


def test_bold_and_lists_are_kept(page: Page) -> None:
    page.desk.command("note")
    page.desk.type("Alles ")
    page.desk.key(Qt.Key.Key_B, _CTRL)
    page.desk.type("fett")
    page.desk.key(Qt.Key.Key_Return, _CTRL)
    assert values(page.desk.store, "SELECT text, markdown FROM note WHERE text LIKE 'Alles%'") == [
        ("Alles **fett**", 1)
    ]
    assert "Alles fett" in page.view.model().index(0, 0).data() or "Alles **fett**" in page.desk.history()
    assert page.note.toPlainText() == ""


def test_markdown_and_pages_are_pasted_without_what_they_load(page: Page) -> None:
    page.desk.command("note")
    QGuiApplication.clipboard().setText("# Kopf\n\n- eins\n- **zwei**\n\n![x](https://example.com/x.png)")
    page.desk.key(Qt.Key.Key_V, _CTRL)
    assert page.note.toPlainText().splitlines()[:3] == ["Kopf", "eins", "zwei"]
    data = QMimeData()
    data.setHtml('<p onclick="x()">A <b>B</b><img src="https://example.com/y.png"><script>z()</script></p>')
    page.note.clear()
    page.note.insertFromMimeData(data)
    text, markdown = page.note.value()
    assert (text.replace(" ", ""), markdown) == ("A**B**", True)


def test_a_call_is_written_down_with_people_and_minutes(page: Page) -> None:
    eva = person(page.desk.store, "Eva Groß")
    page.desk.press("Call", page.panel)
    page.desk.find(QLineEdit, "When").setText("gestern 14:00")
    page.desk.find(QLineEdit, "Minutes").setText("25")
    people = page.desk.find(QLineEdit, "People, with commas between")
    person(page.desk.store, "Anna Doppel")
    person(page.desk.store, "Anna Doppel")
    people.setText("Eva Groß, Anna Doppel")
    page.desk.press("Save call")
    assert value(page.desk.store, "SELECT count(*) FROM note WHERE kind = 'call'") == 0
    said = page.panel.composer._form.form["people"]
    assert said.said == "Several are called “Anna Doppel”. Choose one of the list."
    people.setText("Eva Groß,")
    page.note.setPlainText("Rückruf")
    page.desk.press("Save call")
    assert values(page.desk.store, "SELECT text, minutes FROM note WHERE kind = 'call'") == [("Rückruf", 25)]
    assert value(page.desk.store, "SELECT person_id FROM note_person") == eva
    words = page.view.model_.said(page.entry("call"))
    assert "25 minutes" in words.foot
    assert "with Eva Groß" in words.foot
    assert not page.panel.composer._form.details.isVisible(), "the next one is a note again"


def test_who_took_part_is_told_apart_or_made_in_place(page: Page) -> None:
    store = page.desk.store
    first, second = person(store, "Anna Doppel"), person(store, "Anna Doppel")
    page.desk.context.office.people.link([second], "Bolte KG")
    comma = person(store, "Roth, Ben")
    before = everything(store)
    page.desk.press("Call", page.panel)
    people = page.desk.find(QLineEdit, "People, with commas between")
    assert page.panel.composer._form._find("anna") == ["Anna Doppel", "Anna Doppel · Bolte KG"]
    assert page.panel.composer._form._find("roth") == ["Roth, Ben"]
    people.setText("Anna Doppel · Bolte KG, Roth, Ben; Nora  Neu")
    people.editingFinished.emit()
    assert page.panel.composer._form.form["people"].said == "“Nora Neu” is new and will be created."
    page.desk.press("Save call")
    new = value(store, "SELECT id FROM person WHERE name = 'Nora Neu'")
    assert values(store, "SELECT person_id FROM note_person ORDER BY 1") == [(second,), (comma,), (new,)]
    assert first not in (second, comma, new)
    page.desk.command("undo")
    assert everything(store) == before
    page.desk.press("Call", page.panel)
    people.setText("N" * 5_000)
    page.desk.press("Save call")
    assert "is too long" in page.panel.composer._form.form["people"].said


def test_a_picture_from_a_browser_is_dropped_and_cells_are_not(page: Page) -> None:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    cells, picture = QMimeData(), QMimeData()
    for data in (cells, picture):
        data.setImageData(image)
    cells.setText("1\t2")
    picture.setUrls([QUrl("https://example.com/x.png")])
    picture.setText("https://example.com/x.png")
    assert not page.drop(cells)
    assert page.drop(picture)
    assert value(page.desk.store, "SELECT mime FROM attachment") == "image/png"


def test_files_from_the_desktop_are_dropped(page: Page, tmp_path: Path) -> None:
    paths = [tmp_path / "Briefing.pdf", tmp_path / "Skizze.txt"]
    for path in paths:
        path.write_bytes(path.name.encode())
    assert page.drop(files(*paths))
    assert page.kinds()[:2] == ["file", "file"]
    assert values(page.desk.store, "SELECT name FROM attachment ORDER BY id") == [(p.name,) for p in paths]
    assert page.drop(files(paths[0]), page.note.viewport()), "also onto the text"
    assert value(page.desk.store, "SELECT count(*) FROM attachment") == 3
    assert page.note.toPlainText() == ""
    page.desk.command("undo")
    assert value(page.desk.store, "SELECT count(*) FROM attachment") == 2
    text = QMimeData()
    text.setText("nur Text")
    assert not page.drop(text)


def test_what_cannot_be_taken_is_said(page: Page, tmp_path: Path) -> None:
    page.drop(files(tmp_path))
    assert "is not a file" in page.desk.status()
    (tmp_path / "kein.msg").write_bytes(b"\0" * 100)
    (tmp_path / "gut.txt").write_bytes(b"x")
    page.drop(files(tmp_path / "kein.msg", tmp_path / "gut.txt"))
    assert "kein.msg" in page.desk.status()
    assert values(page.desk.store, "SELECT name FROM attachment") == [("gut.txt",)], "the rest is kept"


def test_a_screenshot_is_pasted(page: Page) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    page.desk.command("note")
    page.desk.key(Qt.Key.Key_V, _CTRL)
    (file,) = page.entry("file").files
    assert (file.name, file.mime) == ("Picture.png", "image/png")
    again = QImage.fromData(page.office.files.bytes_of(file.id))
    assert (again.width(), again.height()) == (40, 30)
    QGuiApplication.clipboard().clear()


def test_files_are_chosen(opening: Open, leads: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "Vertrag.pdf").write_bytes(b"x")
    (tmp_path / "anfrage.eml").write_bytes(mail())
    both = [tmp_path / "Vertrag.pdf", tmp_path / "anfrage.eml"]
    desk = opening(("open_files", "Choose files", both), ("open_files", "Choose files", []))
    page = Page(desk, leads["Film Molkerei"])
    desk.press("Choose files …", page.panel)
    assert page.entry("file").title == "Vertrag.pdf"
    assert page.kinds().count("mail") == 1
    desk.press("Choose files …", page.panel)  # left without a choice
    assert page.kinds().count("file") == 1


def test_a_mail_is_dropped_read_and_its_sender_made_known(page: Page, tmp_path: Path) -> None:
    source = tmp_path / "anfrage.eml"
    source.write_bytes(mail(attached=[("plan.txt", b"abc")]))
    page.drop(files(source))
    page.drop(files(source))
    assert "is here already" in page.desk.status()
    assert page.kinds().count("mail") == 1
    seen: list[str] = []
    in_dialog(lambda dialog: seen.append(dialog.text.toPlainText()))
    page.menu("mail")["Read"]()
    assert seen == ["Können Sie den Preis halten?\n"] or seen[0].strip() == "Können Sie den Preis halten?"
    page.menu("mail")["Create contact “Eva Groß”"]()
    assert page.entry("mail").people == ("Eva Groß",)
    assert "Create contact “Eva Groß”" not in page.menu("mail")


def test_a_mail_is_put_on_another_lead_and_taken_off_again(
    page: Page, leads: dict[str, int], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "a.eml").write_bytes(mail())
    page.drop(files(tmp_path / "a.eml"))
    assert not any(label.startswith("Take off") for label in page.menu("mail"))

    def put(dialog: AlsoDialog) -> None:
        dialog._done()
        assert "Choose one of the leads" in dialog._form["lead"].said
        QTest.keyClicks(dialog.lead, "shop")
        qtbot.waitUntil(lambda: bool(dialog.lead._labels))
        dialog.lead.setText(dialog.lead._labels[0])
        dialog._done()

    in_dialog(put)
    page.menu("mail")["Also on another lead …"]()
    (other,) = values(page.desk.store, f"SELECT lead_id FROM note WHERE kind = 'mail' AND lead_id <> {page.owner.id}")
    assert "shop" in page.desk.lead(other[0]).title.lower()
    page.menu("mail")[f"Take off “{page.desk.lead(page.owner.id).title}”"]()
    assert "mail" not in page.kinds()
    page.desk.command("undo")
    page.desk.command("undo")
    assert value(page.desk.store, "SELECT count(*) FROM note WHERE kind = 'mail' AND deleted_at IS NULL") == 1


def test_a_mail_that_says_no_date_says_since_when_it_is_here(page: Page, tmp_path: Path) -> None:
    for name, date in (("a", ""), ("b", "Mon, 23 Nov 2026 08:00:00 +0100")):
        (tmp_path / f"{name}.eml").write_bytes(mail(name, identity=name, date=date))
        page.drop(files(tmp_path / f"{name}.eml"))
    feet = [said(page.desk.context, entry).foot for entry in page.panel.entries() if entry.kind == "mail"]
    assert ["no date, put here on" in foot for foot in feet] == [True, False]


def test_entries_are_edited_pinned_deleted_and_renamed(page: Page) -> None:
    page.office.notes.write("note", page.owner, "alt")
    page.office.files.attach(page.owner, [Upload("a.txt", b"x")])

    def edit(dialog: Any) -> None:
        dialog._form.text.setPlainText("neu")
        page.desk.press("Save", dialog)

    in_dialog(edit)
    page.menu("note")["Edit …"]()
    assert page.entry("note").text == "neu"

    def rename(dialog: Any) -> None:
        dialog._typed.setText("../b.txt")
        page.desk.press("Rename", dialog)

    in_dialog(rename)
    page.menu("file")["Rename …"]()
    assert page.entry("file").title == "b.txt"
    page.menu("file")["Pin"]()
    assert page.panel.entries()[0].title == "b.txt"
    page.menu("file")["Unpin"]()
    page.menu("note")["Copy"]()
    assert QGuiApplication.clipboard().text() == "neu"
    page.menu("note")["Delete"]()
    assert "neu" not in page.desk.history()
    page.desk.command("undo")
    assert "neu" in page.desk.history()


def test_files_are_opened_as_copies_and_programs_are_not(page: Page, opener: Opener, tmp_path: Path) -> None:
    for name in ("Brief.docx", "setup.exe"):
        (number,) = page.office.files.attach(page.owner, [Upload(name, b"Inhalt")])
        look_at(page.desk.context, page.office.files.get(number), page.desk.window)
    (url,) = opener.opened
    copy = Path(url.toLocalFile())
    assert (copy.name, copy.read_bytes()) == ("Brief.docx", b"Inhalt")
    assert copy.is_relative_to(page.office.opened.folder)
    assert "could run something" in page.desk.status()
    page.office.opened.clear()


def test_a_file_is_saved(opening: Open, leads: dict[str, int], tmp_path: Path) -> None:
    desk = opening(("save_file", "Save as", tmp_path / "neu.txt"))
    page = Page(desk, leads["Film Molkerei"])
    page.office.files.attach(page.owner, [Upload("a.txt", b"Inhalt")])
    page.menu("file")["Save as …"]()
    assert (tmp_path / "neu.txt").read_bytes() == b"Inhalt"


def test_pictures_are_shown_and_rubbish_is_refused(page: Page) -> None:
    from app.ui.timeline.taking import as_png

    image = QImage(900, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    good = as_png(image)
    seen: list[tuple[bool, str]] = []

    def note_down(dialog: Any) -> None:
        seen.append((dialog.picture.pixmap().isNull(), dialog.said.text()))

    for name, data in (("gut.png", good), ("kaputt.png", b"rubbish"), ("kaputt.pdf", b"%PDF-1.4 x")):
        (number,) = page.office.files.attach(page.owner, [Upload(name, data)])
        in_dialog(note_down)
        look_at(page.desk.context, page.office.files.get(number), page.desk.window)
    assert [empty for empty, *_ in seen] == [False, True, True]
    assert "no picture" in seen[1][1]
    assert "no PDF" in seen[2][1]


def test_kinds_and_words_narrow_the_list(page: Page, qtbot: QtBot) -> None:
    page.office.notes.write("call", page.owner, "Preis besprochen")
    page.office.notes.write("note", page.owner, "Preisliste fehlt")
    chip = page.desk.find(QAbstractButton, "Calls", page.panel)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert set(page.kinds()) == {"call"}
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    page.desk.find(QLineEdit, "Search in the history").setText("preis")
    qtbot.waitUntil(lambda: sorted(page.kinds()) == ["call", "note"])
    page.desk.find(QLineEdit, "Search in the history").setText("nirgends")
    qtbot.waitUntil(page.panel._none.isVisible)


def test_older_entries_come_on_demand(page: Page, clock: Any) -> None:
    for number in range(60):
        later(clock, 60)
        page.office.notes.write("note", page.owner, f"Notiz {number}")
    assert len(page.panel.entries()) < 60
    high = page.view.height()
    page.desk.press("Show older entries")
    assert sum(kind == "note" for kind in page.kinds()) >= 60
    assert page.view.height() > high
    assert not page.panel._more.isVisible()


def test_what_is_written_meanwhile_is_seen_among_older_entries_too(page: Page, clock: Any) -> None:
    for number in range(60):
        later(clock, 60)
        page.office.notes.write("note", page.owner, f"Notiz {number}")
    held = HeldJobs()
    page.panel._latest._jobs = held
    later(clock, 60)
    page.office.notes.write("note", page.owner, "Eben")
    page.desk.press("Show older entries")
    held.finish()
    texts = [entry.text for entry in page.panel.entries() if entry.kind == "note"]
    assert (texts[0], len(set(texts))) == ("Eben", len(texts))
    assert "Notiz 0" in texts


def test_older_ones_in_which_the_words_are_found_are_looked_for_in_a_thread(
    page: Page, clock: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        later(clock, 60)
        page.office.notes.write("note", page.owner, f"Preis {number}" if number % 2 else "anderes")
    page.desk.find(QLineEdit, "Search in the history").setText("preis")
    qtbot.waitUntil(lambda: all("Preis" in each.text for each in page.panel.entries()))
    assert len(page.panel.entries()) == 20
    jobs = page.desk.context.jobs
    begun: list[str] = []
    start = jobs.start

    def noted(job: Job) -> Progress:
        begun.append(str(job.title))
        return start(job)

    monkeypatch.setattr(jobs, "start", noted)
    page.desk.press("Show older entries")
    qtbot.waitUntil(lambda: len(page.panel.entries()) == 30)
    assert begun == ["Searching"]
    assert [each.text for each in page.panel.entries()] == [f"Preis {n}" for n in range(59, 0, -2)]
    assert not page.panel._more.isVisible()


def test_links_are_opened_and_nothing_else(page: Page, opener: Opener) -> None:
    from app.ui.reach import open_link
    from app.ui.timeline.documents import address_of

    for link in (
        "https://example.com",
        "mailto:a@b.de",
        "file:///etc/passwd",
        "javascript:1",
        "C:\\x.exe",
        "",
        "ms-x:1",
    ):
        open_link(link)
    assert [url.scheme() for url in opener.opened] == ["https", "mailto"]
    assert address_of("beispiel.de/x") == "https://beispiel.de/x"
    assert address_of("eva@firma.de") == "mailto:eva@firma.de"
    assert [address_of(typed) for typed in ("", "a b", "file:///x", "javascript:alert(1)", "egal")] == [None] * 5


def test_by_the_keyboard(page: Page) -> None:
    (note,) = page.office.notes.write("note", page.owner, "weg damit")
    page.view.setFocus()
    row = next(row for row, entry in enumerate(page.panel.entries()) if entry.note_id == note)
    page.view.setCurrentIndex(page.view.model().index(row, 0))
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert value(page.desk.store, f"SELECT deleted_at IS NOT NULL FROM note WHERE id = {note}") == 1
    assert value(page.desk.store, f"SELECT deleted_at FROM lead WHERE id = {page.owner.id}") is None
    page.desk.command("undo")
    seen: list[str] = []
    in_dialog(lambda dialog: seen.append(dialog.windowTitle()))
    page.view.setCurrentIndex(page.view.model().index(row, 0))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert seen == ["Edit note"]
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_C, _CTRL)
    assert QGuiApplication.clipboard().text() == "weg damit"
    assert {"Edit …\tReturn", "Copy\tCtrl+C", "Delete\tDel", "Pin"} <= set(page.entries_of_menu("note"))


def test_a_company_and_a_person_have_one_too(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    company = Owner("company", add_company(desk.store, "Stadtwerke"))
    eva = Owner("person", person(desk.store, "Eva Groß", company=company.id))
    for owner in (company, eva):
        panel = TimelinePanel(desk.context)
        qtbot.addWidget(panel)
        panel.resize(400, 600)
        panel.show()
        panel.show_owner(owner)
        desk.context.office.notes.write("note", owner, f"an {owner.kind}")
        assert any(entry.text == f"an {owner.kind}" for entry in panel.entries())
        panel.close()


def test_another_theme_draws_all_anew(page: Page, theme: Theme, qtbot: QtBot) -> None:
    page.office.notes.write("note", page.owner, "**x** y\n\n- a\n- b", markdown=True)
    before = page.view.grab().toImage()
    theme.use(scale=150)
    qtbot.wait(1)
    assert page.view.grab().toImage() != before
    assert page.view.height() > 0


def test_ctrl_enter_saves_from_every_field(page: Page) -> None:
    page.desk.press("Call", page.panel)
    minutes = page.desk.find(QLineEdit, "Minutes")
    minutes.setText("12")
    minutes.setFocus()
    page.desk.key(Qt.Key.Key_Return, _CTRL)  # the lead is not edited: no dialog opens
    assert values(page.desk.store, "SELECT kind, minutes FROM note WHERE kind = 'call'") == [("call", 12)]


def test_the_mouse_on_a_kind_leads_to_the_text(page: Page) -> None:
    chips = page.panel.composer._form._kind_chips
    QTest.mouseClick(chips["call"], Qt.MouseButton.LeftButton)
    page.desk.type("Rückfrage zum Budget")
    assert page.note.toPlainText() == "Rückfrage zum Budget"
    chips["call"].setFocus()
    QTest.keyClick(chips["call"], Qt.Key.Key_Right)  # by the keyboard one goes on to the next kind
    assert (page.panel.composer._form.kind, chips["meeting"].hasFocus()) == ("meeting", True)


def test_a_call_that_was_begun_waits_with_all_that_was_typed(page: Page, leads: dict[str, int]) -> None:
    form = page.panel.composer._form
    page.desk.press("Call", page.panel)
    page.note.setPlainText("halb")
    words = {"When": "gestern 9:00", "Minutes": "x", "People, with commas between": "Eva"}
    for name, typed in words.items():
        page.desk.find(QLineEdit, name).setText(typed)
    page.desk.choose(next(id_ for id_ in leads.values() if id_ != page.owner.id))
    assert form.typed() == ("note", ("", False), "", "", "")
    page.desk.choose(page.owner.id)
    assert form.typed() == ("call", ("halb", False), *words.values())
    assert form.details.isVisible()


def test_what_is_written_stays_in_view(page: Page, qtbot: QtBot) -> None:
    area = page.desk.detail._one
    composer = page.panel.composer

    def seen() -> bool:
        top = composer.mapTo(area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + composer.height() <= area.viewport().height()

    page.desk.window.resize(1024, 700)
    page.desk.command("note")
    qtbot.waitUntil(seen)
    for number in range(12):
        page.desk.type(f"Zeile {number}")
        page.desk.key(Qt.Key.Key_Return)
    qtbot.waitUntil(seen)


def test_headings_of_a_pasted_page_do_not_shout(page: Page) -> None:
    page.note.insertFromMimeData(text_of("# Protokoll\n\nweiter"))
    assert page.note.value() == ("# Protokoll\n\nweiter", True)
    sizes = {
        page.note.document().findBlockByNumber(number).begin().fragment().charFormat().intProperty(
            QTextFormat.Property.FontSizeAdjustment
        )
        for number in range(2)
    }  # fmt: skip
    assert sizes == {0}


def text_of(words: str) -> QMimeData:
    """A text as other programs hand it over."""
    data = QMimeData()
    data.setText(words)
    return data


def test_the_arrow_goes_down_to_what_was_found(page: Page, qtbot: QtBot) -> None:
    page.office.notes.write("note", page.owner, "Preisliste fehlt")
    search = page.desk.find(QLineEdit, "Search in the history")
    search.setFocus()
    search.setText("preisliste")
    qtbot.waitUntil(lambda: page.kinds() == ["note"])
    page.desk.key(Qt.Key.Key_Down)
    assert page.view.hasFocus()
    found = page.view.chosen()
    assert found is not None
    assert found.text == "Preisliste fehlt"


def test_the_sender_is_made_known_where_the_mail_is_read(page: Page, tmp_path: Path) -> None:
    source = tmp_path / "anfrage.eml"
    source.write_bytes(mail())
    page.drop(files(source))
    shown: list[bool] = []

    def press(dialog: Any) -> None:
        button = page.desk.find(QAbstractButton, "Create contact “Eva Groß”", dialog)
        shown.append(button.isVisible())
        button.click()
        shown.append(button.isVisible())

    in_dialog(press)
    page.menu("mail")["Read"]()
    assert shown == [True, False]
    assert page.entry("mail").people == ("Eva Groß",)


def test_what_was_changed_of_a_note_is_not_thrown_away_unasked(opening: Open, leads: dict[str, int]) -> None:
    desk = opening(("ask", "What you typed is not saved yet.", None))
    page = Page(desk, leads["Film Molkerei"])
    page.office.notes.write("note", page.owner, "alt")
    open_after: list[bool] = []

    def change(dialog: Any) -> None:
        dialog._form.text.setPlainText("viel Neues")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        open_after.append(dialog.isVisible())
        dialog._form.text.setPlainText("alt")

    in_dialog(change)
    page.menu("note")["Edit …"]()
    assert open_after == [True]


@pytest.mark.parametrize(("wide", "high"), [(3000, 400), (400, 3000), (3000, 3000)])
def test_a_picture_is_seen_as_a_whole_in_a_window_of_any_size(page: Page, qtbot: QtBot, wide: int, high: int) -> None:
    from app.ui.timeline.preview import PreviewDialog
    from app.ui.timeline.taking import as_png

    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    (number,) = page.office.files.attach(page.owner, [Upload("bild.png", as_png(image))])
    dialog = PreviewDialog(page.desk.context, page.office.files.get(number), page.desk.window)
    qtbot.addWidget(dialog)
    dialog.show()

    def fits() -> bool:
        room, size = dialog.area.maximumViewportSize(), dialog.picture.pixmap().deviceIndependentSize()
        spare = (room.width() - size.width(), room.height() - size.height())
        return min(spare) >= 0 and min(spare) <= 2

    assert fits()
    dialog.resize(500, 400)
    qtbot.waitUntil(fits)
    dialog.close()


def test_what_ctrl_k_finds_in_a_timeline_is_gone_to(
    page: Page, leads: dict[str, int], clock: Any, qtbot: QtBot
) -> None:
    (note,) = page.office.notes.write("note", page.owner, "Der Wurstkatalog fehlt")
    (file,) = page.office.files.attach(page.owner, [Upload("Wunschzettel.txt", b"x")])
    for number in range(30):
        later(clock, 60)
        page.office.notes.write("note", page.owner, f"Notiz {number}")
    company = Owner("company", add_company(page.desk.store, "Stadtwerke"))
    (call,) = page.office.notes.write("call", company, "Rückruf wegen Zählerstand")
    other = next(id_ for id_ in leads.values() if id_ != page.owner.id)
    for typed, owner, wanted in (
        ("Wurstkatalog", page.owner, note), ("Wunschzettel", page.owner, file), ("Zählerstand", company, call),
    ):  # fmt: skip
        page.desk.choose(other)
        page.desk.command("palette")
        palette: Palette = page.desk.window.findChild(Palette)  # type: ignore[assignment]
        palette.line.setText(typed)
        qtbot.waitUntil(lambda palette=palette: getattr(palette.entry(), "about", None) is not None)  # type: ignore[misc]
        page.desk.key(Qt.Key.Key_Return)
        view = next(
            panel.view for panel in page.desk.window.findChildren(TimelinePanel)
            if panel.owner == owner and panel.isVisible()
        )  # fmt: skip
        qtbot.waitUntil(lambda view=view: view.chosen() is not None and view.hasFocus())  # type: ignore[misc]
        found = view.chosen()
        assert found is not None
        assert wanted in (found.note_id, found.file_id)


def test_what_was_begun_outlasts_the_window(page: Page, qtbot: QtBot) -> None:
    page.desk.press("Call", page.panel)
    page.note.setPlainText("mitten im Satz")
    page.desk.find(QLineEdit, "Minutes").setText("7")
    page.desk.window.hide()  # as it is closed
    again = TimelinePanel(page.desk.context)
    qtbot.addWidget(again)
    again.show_owner(page.owner)
    assert again.composer._form.typed() == ("call", ("mitten im Satz", False), "", "7", "")
    again.composer._write()
    assert values(page.desk.store, "SELECT text, minutes FROM note WHERE kind = 'call'") == [("mitten im Satz", 7)]
    third = TimelinePanel(page.desk.context)
    qtbot.addWidget(third)
    third.show_owner(page.owner)
    assert third.composer._form.typed() == NOTHING, "what was saved is begun no more"

    assert value(page.desk.store, "SELECT count(*) FROM store_setting WHERE key LIKE 'drafts%'") == 0


def test_what_was_begun_is_in_the_store_and_nowhere_else(page: Page, tmp_path: Path) -> None:
    steps = value(page.desk.store, "SELECT count(*) FROM change_set")
    page.note.setPlainText("streng vertraulich")
    page.desk.window.hide()
    assert "streng vertraulich" in value(page.desk.store, "SELECT value FROM store_setting WHERE key LIKE 'drafts%'")
    readable = [*tmp_path.rglob("*.ini"), *tmp_path.rglob("*.json")]
    assert not [path for path in readable if "vertraulich" in path.read_text()]
    assert value(page.desk.store, "SELECT count(*) FROM change_set") == steps, "it is no step"


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"lead:1": 5}', '{"lead:1": ["note", ["x"], "", "", ""]}', "[" * 100_000,
             '{"lead:1": ["mail", ["x", true], "", "", ""]}', '{"lead:1": ["note", ["x", true], 1, "", ""]}'],
)  # fmt: skip
def test_rubbish_is_no_draft(page: Page, kept: str) -> None:
    store, context = page.desk.store, page.desk.context
    with store.maintenance() as connection:
        row = {"key": f"drafts:{store.actor_id or 0}", "value": kept}
        connection.execute(text("INSERT INTO store_setting (key, value) VALUES (:key, :value)"), row)
    drafts, owner = Drafts(context, page.panel), Owner("lead", 1)
    assert drafts.of(owner) == NOTHING
    drafts.keep(owner, ("note", ("neu", False), "", "", ""))
    assert drafts.of(owner) == ("note", ("neu", False), "", "", "")


def test_a_mail_written_in_black_is_read_in_the_dark(theme: Theme, qtbot: QtBot) -> None:
    theme.use(mode=Mode.DARK)
    written = '<p style="color: #000000">schwarz</p><p>ohne Farbe</p>'
    browser = MailBrowser("Text")
    qtbot.addWidget(browser)
    browser.resize(400, 300)
    browser.show_mail(Mail("x", None, (), (), None, None, "1", None, "x", None, ()))
    browser.show()
    place = QPoint(200, 250)
    dark = browser.grab().toImage().pixelColor(place)
    browser.show_mail(Mail("x", None, (), (), None, None, "1", None, "x", written, ()))
    paper = browser.grab().toImage().pixelColor(place)
    assert (dark.lightness() < 60, paper.lightness()) == (True, 255)
    assert browser.palette().color(QPalette.ColorRole.Text).lightness() < 60, "what has no colour of its own is dark"
