"""The panel of a company or a person: what is shown can be opened, edited in its place, given and taken back."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QTextEdit

from app.core.money import Money
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Size, Status
from app.services.filter_fields import Op
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.owners import Owner
from app.services.reach import Point
from app.services.record_detail import CompanyDetail
from app.services.record_filter import Condition
from app.ui.closed.tab import ClosedTab
from app.ui.customers.panel import CustomerPanel
from app.ui.customers.tab import CustomersTab
from app.ui.customers.window import RecordWindow, Ways
from app.ui.detail.window import LeadWindow
from app.ui.lead_form.dialog import LeadForm
from app.ui.steps.dialog import StepDialog
from app.ui.timeline.panel import TimelinePanel
from app.ui.widgets.link_lines import LinkLine
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.ui.customers.pictures import bomb, picture
from tests.ui.scripted import HeldJobs

_CTRL = Qt.KeyboardModifier.ControlModifier


class Opener(QObject):
    """Stands for the programs of the system."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """What was to be opened."""
        self.opened.append(url.toString())


@pytest.fixture
def opener() -> Iterator[Opener]:
    made, schemes = Opener(), ("file", "https", "http", "mailto", "tel")
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]
    yield made
    for scheme in schemes:
        QDesktopServices.unsetUrlHandler(scheme)


class Page:
    """A company and somebody who works there, one of them in the panel."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.window.resize(1440, 900)
        self.office = desk.context.office
        self.adler = self.office.companies.create(
            name="Adler GmbH", kinds=[CompanyKind.CUSTOMER],
            phones=[Point("work", "0221 123"), Point("", "kein Anschluss")],
            mails=[Point("", "post@adler.example")], webs=[Point("", "adler.example")],
            addresses=[Place("main", "Weg 1", "", "50667", "Köln")],
        )  # fmt: skip
        self.zoe = self.office.people.create(given="Zoe", family="Zander", companies=[(self.adler, "Chefin")])
        self.tab: CustomersTab = desk.window.go_to("customers")

    def show(self, entity: Entity, record: int) -> CustomerPanel:
        """Choose a record; its panel."""
        self.desk.window.go_to("customers").go_to(entity, record)
        panel = self.tab.detail
        assert panel is not None
        assert panel.isVisible()
        assert panel.shown_id == record
        if panel.folded:
            panel.more.click()
        return panel

    def company(self) -> CustomerPanel:
        """The panel of the company."""
        return self.show(Entity.COMPANY, self.adler)

    def person(self) -> CustomerPanel:
        """The panel of the person."""
        return self.show(Entity.PERSON, self.zoe)

    def of_company(self) -> CompanyDetail:
        """The company as the database has it."""
        return self.office.records.company(self.adler)

    def undo(self) -> None:
        """Take the last step back."""
        self.desk.window.actions_["undo"].trigger()


@pytest.fixture
def page(opening: Open) -> Page:
    return Page(opening())


def _edit(panel: CustomerPanel, label: str) -> Any:
    """Press a value; the editor that opens in its place."""
    button = next(
        each for each in panel.findChildren(QAbstractButton)
        if each.isVisible() and each.accessibleName().startswith(f"{label}:")
    )  # fmt: skip
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    focused = QApplication.focusWidget()
    assert focused is not button, f"{label} did not open"
    return focused


def _offer(line: LinkLine, words: str) -> None:
    """Choose from the menu of a line."""
    next(act for name, act in line.link.offers if name == words)()


# Links


def test_ways_to_reach_somebody_are_opened_by_the_system(page: Page, opener: Opener) -> None:
    links = page.company().fields.links
    assert links["phones"].texts() == ["0221 123 (Work)", "kein Anschluss"]
    for row in ("phones", "mails", "webs"):
        QTest.mouseClick(links[row].lines[0], Qt.MouseButton.LeftButton)
    assert opener.opened == ["tel:0221123", "mailto:post@adler.example", "https://adler.example"]


def test_what_cannot_be_opened_has_only_a_menu(page: Page, opener: Opener) -> None:
    line = page.company().fields.links["phones"].lines[1]
    line.click()
    menu = line.findChild(QMenu)
    assert menu is not None
    assert [each.text() for each in menu.actions()] == ["Copy", "Edit …\tF2"]
    menu.close()
    assert opener.opened == []
    first = page.company().fields.links["phones"].lines[0]
    first.open_menu(first.mapToGlobal(first.rect().center()))
    menu = first.findChild(QMenu)
    assert menu is not None
    assert [each.text() for each in menu.actions()] == ["Call this number\tReturn", "Copy", "Edit …\tF2"]
    menu.close()


def test_a_line_is_copied_and_an_address_as_on_a_letter(page: Page) -> None:
    links = page.company().fields.links
    _offer(links["mails"].lines[0], "Copy")
    assert QGuiApplication.clipboard().text() == "post@adler.example"
    _offer(links["addresses"].lines[0], "Copy")
    assert QGuiApplication.clipboard().text() == "Weg 1\n50667 Köln"


def test_of_many_numbers_the_first_are_shown_and_the_rest_on_demand(page: Page) -> None:
    page.office.companies.edit([page.adler], phones=[Point("", f"0221 {n}000") for n in range(30)])
    lines = page.company().fields.links["phones"]
    assert len(lines.texts()) == 6
    lines.more.click()
    assert len(lines.texts()) == 30
    page.office.companies.edit([page.adler], industry="Bau")
    assert len(lines.texts()) == 30, "the same record stays unfolded"
    other = page.office.companies.create(name="Biber", phones=[Point("", f"0221 {n}000") for n in range(30)])
    page.show(Entity.COMPANY, other)
    assert len(lines.texts()) == 6


def test_commands_call_and_write(page: Page, opener: Opener) -> None:
    page.company()
    page.desk.command("record_call")
    page.desk.command("record_mail")
    assert opener.opened == ["tel:0221123", "mailto:post@adler.example"]
    page.person()
    page.desk.command("record_call")
    assert "no telephone number" in page.desk.status()
    assert len(opener.opened) == 2


# Values in their place


@pytest.mark.parametrize(
    ("label", "typed", "field", "kept"),
    [
        ("Industry", "Bau", "industry", "Bau"), ("Customer number", "K-7", "number", "K-7"),
        ("Tags", "Messe, Print", "tags", ("Messe", "Print")), ("Kind", "supp", "kinds", (CompanyKind.SUPPLIER,)),
        ("Keep in touch", "4 weeks / 6 weeks", "own_latest", 42),
    ],
)  # fmt: skip
def test_a_value_is_typed_in_its_place_and_taken_back(
    page: Page, label: str, typed: str, field: str, kept: object
) -> None:
    before = getattr(page.of_company(), field)
    editor = _edit(page.company(), label)
    editor.selectAll()
    page.desk.type(typed, enter=True)
    assert getattr(page.of_company(), field) == kept
    page.undo()
    assert getattr(page.of_company(), field) == before


def test_who_is_responsible_is_chosen_from_a_list(page: Page) -> None:
    box = _edit(page.company(), "Responsible")
    box.setCurrentIndex(box.findText("Anna Kern"))
    box.activated.emit(box.currentIndex())
    assert page.of_company().user == "Anna Kern"
    page.undo()
    assert page.of_company().user is None


def test_what_is_refused_stays_with_its_reason_and_esc_gives_it_back(page: Page) -> None:
    panel = page.company()
    editor = _edit(panel, "Keep in touch")
    page.desk.type("bald", enter=True)
    assert "no rhythm" in editor.accessibleDescription()
    assert editor.isVisible()
    page.desk.key(Qt.Key.Key_Escape)
    assert page.of_company().own_target is None
    assert "–" in panel.fields._values["touch"].button.text()


def test_the_first_number_of_somebody_is_typed_in_the_panel(page: Page) -> None:
    panel = page.person()
    _edit(panel, "Phone")
    page.desk.type("0171 5", enter=True)
    assert panel.fields.links["phones"].texts() == ["0171 5 (Work)"]
    assert not panel.fields._values["phone"].isVisible()

    page.desk.key(Qt.Key.Key_F2)
    assert not panel.fields.links["phones"].isVisible()
    QApplication.focusWidget().selectAll()  # type: ignore[union-attr]
    page.desk.type("0171 6", enter=True)
    assert panel.fields.links["phones"].texts() == ["0171 6 (Work)"]
    assert panel.fields.links["phones"].lines[0].hasFocus()


@pytest.mark.parametrize(
    ("label", "odd", "fine", "words"),
    [("Phone", "12", "0171 2345678", "no whole telephone number"), ("E-mail", "zoe@", "zoe@a.de", "e-mail address"),
     ("Web", "zander", "zander.de", "web address")],
)  # fmt: skip
def test_an_odd_way_to_reach_somebody_is_kept_and_warned_of_in_the_panel(
    page: Page, label: str, odd: str, fine: str, words: str
) -> None:
    panel = page.person()
    _edit(panel, label)
    page.desk.type(odd, enter=True)
    assert page.desk.status().startswith(f"{label.replace('Phone', 'Telephone')} of “")
    assert words in page.desk.status()
    assert page.desk.status().endswith("It is kept as it stands.")
    assert page.desk.window.status._undo.isVisible()
    page.desk.key(Qt.Key.Key_F2)
    QApplication.focusWidget().selectAll()  # type: ignore[union-attr]
    page.desk.type(fine, enter=True)
    assert words not in page.desk.status()


def test_a_birthday_and_several_lines_of_info(page: Page) -> None:
    panel = page.person()
    _edit(panel, "Birthday")
    page.desk.type("3.4.1980", enter=True)
    editor = _edit(panel, "Info")
    assert isinstance(editor, QPlainTextEdit)
    editor.setPlainText("Erste\nZweite")
    panel.fields.focus_first()
    detail = page.office.records.person(page.zoe)
    assert (str(detail.birthday), detail.info) == ("1980-04-03", "Erste\nZweite")


def test_what_was_typed_is_kept_when_another_record_is_chosen(page: Page) -> None:
    other = page.office.companies.create(name="Biber")
    _edit(page.company(), "Industry")
    page.desk.type("Bau")
    page.show(Entity.COMPANY, other)
    assert page.of_company().industry == "Bau"
    assert page.office.records.company(other).industry == ""


def test_own_fields_stand_below_and_are_edited(page: Page) -> None:
    fields: OwnFields = page.office.own_fields
    field = fields.create(Entity.COMPANY, OwnKind.TEXT, "Vertrag")
    panel = page.company()
    _edit(panel, "Vertrag")
    page.desk.type("2027", enter=True)
    assert page.of_company().own == {field: "2027"}
    assert panel.own.rows[field].button.text() == "2027"
    page.undo()
    assert panel.own.rows[field].button.text() == "–"


@pytest.mark.parametrize(
    ("kind", "value", "name", "link"),
    [(OwnKind.LINK, "www.adler.example/x", "Open the page", "https://www.adler.example/x"),
     (OwnKind.MAIL, "rechnung@adler.example", "Write an e-mail", "mailto:rechnung@adler.example"),
     (OwnKind.PHONE, "0221 123", "Call this number", "tel:0221123")],
)  # fmt: skip
def test_an_own_field_that_leads_somewhere_is_opened(
    page: Page, opener: Opener, kind: OwnKind, value: str, name: str, link: str
) -> None:
    field = page.office.own_fields.create(Entity.COMPANY, kind, "Führt wohin")
    panel = page.company()
    button = next(each for each in panel.own.findChildren(QAbstractButton) if each.accessibleName() == name)
    assert button.isHidden(), "there is nothing to open"
    page.office.companies.edit([page.adler], own={field: value})
    assert not button.isHidden()
    button.click()
    assert opener.opened == [link]


# People


def test_people_of_a_company_are_opened_and_their_companies(page: Page) -> None:
    page.company().related.lines.lines[0].click()
    assert (page.tab.entity, page.tab.record_ids()) == (Entity.PERSON, [page.zoe])
    panel = page.tab.detail
    assert panel is not None
    assert panel.related.lines.texts() == ["Adler GmbH Chefin · 0221 123 · post@adler.example"]
    panel.related.lines.lines[0].click()
    assert (page.tab.entity, page.tab.record_ids()) == (Entity.COMPANY, [page.adler])


def test_somebody_new_is_added_with_a_role_in_one_step(page: Page) -> None:
    panel = page.company()

    def fill(dialog: Any) -> None:
        dialog.who.setText("Ada Neu")
        dialog.role.setText("Buchhaltung")
        page.desk.press("Save", dialog)

    in_dialog(fill)
    page.desk.press("Add person …")
    assert [(each.name, each.role) for each in page.of_company().related] == [
        ("Ada Neu", "Buchhaltung"), ("Zoe Zander", "Chefin"),
    ]  # fmt: skip
    page.undo()
    assert panel.related.lines.texts() == ["Zoe Zander Chefin"]


def test_somebody_known_is_offered_and_not_made_again(page: Page) -> None:
    ben, namesake = (page.office.people.create(given="Ben", family="Beispiel") for _ in range(2))
    page.office.people.link([namesake], "Bolte KG")

    def fill(dialog: Any) -> None:
        dialog.who.setText("Ben Beispiel")
        page.desk.press("Save", dialog)
        assert "Several are called" in dialog._form["person"].said
        assert "Ben Beispiel · Bolte KG" in dialog.who._find("ben")
        dialog.who.setText("Ben Beispiel · Bolte KG")
        page.desk.press("Save", dialog)

    page.company()
    in_dialog(fill)
    page.desk.command("record_person")
    there = [each.id for each in page.of_company().related]
    assert namesake in there
    assert ben not in there


def test_nobody_is_added_without_a_name(page: Page) -> None:
    def fill(dialog: Any) -> None:
        page.desk.press("Save", dialog)
        assert dialog.isVisible()

    page.company()
    in_dialog(fill)
    page.desk.press("Add person …")
    assert len(page.of_company().related) == 1


def test_a_role_is_changed_and_somebody_removed(page: Page) -> None:
    panel = page.company()

    def fill(dialog: Any) -> None:
        dialog.role.setText("Beirat")
        page.desk.press("Save", dialog)

    in_dialog(fill)
    QTest.keyClick(panel.related.lines.lines[0], Qt.Key.Key_F2)
    assert panel.related.lines.texts() == ["Zoe Zander Beirat"]
    _offer(panel.related.lines.lines[0], "Remove from here")
    assert panel.related.lines.texts() == []
    page.undo()
    assert panel.related.lines.texts() == ["Zoe Zander Beirat"]


# Leads


def test_leads_are_listed_with_state_and_opened(page: Page) -> None:
    lead = page.office.leads.create(Status.ACTIVE, title="Relaunch", company="Adler GmbH", amount=Money.of(500, "EUR"))
    panel = page.company()
    assert panel.leads.lines.texts() == ["Relaunch Erstkontakt · €500"]
    panel.leads.lines.lines[0].click()
    (window,) = page.desk.window.findChildren(LeadWindow)
    assert window.lead_id == lead


def test_sums_lead_to_the_list_of_leads_in_that_state(page: Page) -> None:
    page.office.leads.create(Status.ACTIVE, title="Läuft", company="Adler GmbH")
    won = page.office.leads.create(Status.ACTIVE, title="Gewonnen", company="Adler GmbH")
    page.office.leads.create(Status.ACTIVE, title="Fremd", company="Biber")
    page.office.leads.close([won], Status.WON)
    panel = page.company()
    panel.leads.all.click()
    assert page.desk.window.front.key == "leads"
    assert page.desk.titles() == ["Läuft"]
    assert page.desk.panel.query.filter == Condition("company", Op.IS, (page.adler,))

    panel = page.company()
    panel.leads.sums.lines[1].click()
    assert isinstance(page.desk.window.current_tab(), ClosedTab)
    assert page.desk.titles() == ["Gewonnen"]


def test_a_new_lead_begins_with_the_company_and_the_contact(page: Page) -> None:
    page.person()

    def fill(dialog: Any) -> None:
        assert isinstance(dialog, LeadForm)
        assert (dialog.controls.company.name(), dialog.controls.person.name()) == ("Adler GmbH", "Zoe Zander")
        dialog.controls.title.setText("Neu")
        page.desk.press("Create lead", dialog)

    in_dialog(fill)
    page.desk.press("New lead", page.tab.detail)
    assert [each.title for each in page.of_company().leads] == ["Neu"]
    assert page.tab.record_ids() == [page.zoe], "one stays where one is"


def test_the_next_step_stands_there_and_leads_to_its_lead(page: Page) -> None:
    from app.services.lead_fields import NextStep

    lead = page.office.leads.create(Status.ACTIVE, title="Läuft", company="Adler GmbH")
    today = page.office.store.today()
    page.office.leads.set_next_step([lead], NextStep(today, "Anrufen"))
    links = page.company().fields.links["steps"]
    assert links.texts()[0] in ("today · Anrufen Läuft · Anna Kern", "today · Anrufen Läuft")
    links.lines[0].click()
    assert [each.lead_id for each in page.desk.window.findChildren(LeadWindow)] == [lead]


@pytest.mark.parametrize(("days", "note"), [(20, "(reminder on 30 Nov 2026)"), (5, ""), (0, "")])
def test_when_a_date_reminds_is_said_while_it_is_to_come(page: Page, days: int, note: str) -> None:
    fields, today = page.office.own_fields, page.office.store.today()
    made = fields.create(Entity.COMPANY, OwnKind.DAY, "Vertrag")
    fields.edit(made, notify=True, notify_days=14)
    page.office.companies.edit([page.adler], own={made: today + timedelta(days)})
    assert page.company().fields._grid["reminder"].button.accessibleName().endswith(f" · Vertrag {note}".rstrip())


def test_a_step_with_a_company_is_set_put_off_and_finished_from_its_panel(page: Page) -> None:
    links = page.company().fields.links["steps"]
    assert links.texts() == ["Set a step with the company …"]

    def set_it(dialog: StepDialog) -> None:
        assert "Adler GmbH" in [label.text() for label in dialog.findChildren(QLabel)]
        QTest.keyClicks(dialog._when, "heute")
        QTest.keyClicks(dialog._what, "Fragen")
        dialog._done()

    in_dialog(set_it)
    links.lines[0].click()
    assert [text.split(" · ")[:2] for text in links.texts()] == [["today", "Fragen"]]
    assert "Next step of “Adler GmbH”" in page.desk.status()
    _offer(links.lines[0], "Later …")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert page.desk.status().startswith("1 step put off")
    timeline = page.company().findChild(TimelinePanel)
    assert timeline is not None
    assert "reminder" in [entry.kind for entry in timeline.entries()]

    def follow(dialog: StepDialog) -> None:
        assert any("the step “Fragen” of" in label.text() for label in dialog.findChildren(QLabel))
        QTest.keyClicks(dialog._when, "+2w")
        dialog._done()

    in_dialog(follow)
    _offer(links.lines[0], "Finish step …")
    (step,) = page.of_company().steps
    assert (step.on - page.office.store.today()).days == 14
    kinds = [entry.kind for entry in page.office.timelines.page(Owner("company", page.adler), kinds=["step"]).entries]
    assert kinds == ["step", "step"]
    page.undo()
    page.undo()
    assert page.of_company().steps == ()


# Windows, keys and commands


def test_enter_opens_a_window_of_its_own_which_goes_with_the_record(page: Page) -> None:
    page.company()
    page.tab.panel.view.setFocus()
    page.desk.key(Qt.Key.Key_Return)
    (window,) = page.desk.window.findChildren(RecordWindow)
    assert window.windowTitle() == "Adler GmbH"
    page.desk.command("record_open")
    assert len(page.desk.window.findChildren(RecordWindow)) == 1, "it is not opened twice"
    page.office.companies.edit([page.adler], name="Adler AG")
    assert window.windowTitle() == "Adler AG"
    page.office.companies.delete([page.adler])
    assert not window.isVisible()


def test_the_buttons_of_a_window_are_meant_for_its_record(page: Page) -> None:
    other = page.office.companies.create(name="Biber")
    page.company()
    page.desk.command("open")
    (window,) = page.desk.window.findChildren(RecordWindow)
    page.show(Entity.COMPANY, other)
    seen: list[str] = []

    def look(dialog: Any) -> None:
        seen.append(dialog.controls.company.name())

    in_dialog(look)
    page.desk.press("New lead", window)
    assert seen == ["Adler GmbH"]
    in_dialog(lambda dialog: seen.extend(line.text() for line in dialog.findChildren(QLineEdit)))
    page.desk.press("Edit …", window)
    assert seen.count("Adler GmbH") == 2, "the form shows the record of the window"
    assert page.tab.record_ids() == [other], "the list stays where it is"
    window.panel.related.lines.lines[0].click()
    assert page.tab.record_ids() == [page.zoe]


def test_esc_gives_back_what_was_typed_before_it_closes_the_window(page: Page) -> None:
    page.company()
    page.desk.command("open")
    (window,) = page.desk.window.findChildren(RecordWindow)
    window.activateWindow()
    QTest.qWait(50)
    editor = _edit(window.panel, "Industry")
    QTest.keyClicks(editor, "Bau")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert page.of_company().industry == ""
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_windows_come_back_with_a_window_built_anew(page: Page, opening: Open) -> None:
    page.person()
    page.desk.command("open")
    windows = page.desk.tasks.records.windows()
    page.desk.window.close()
    assert list(windows) == [(Entity.PERSON, page.zoe)]

    again = opening()
    again.tasks.records.open_again(windows)
    assert [each.windowTitle() for each in again.window.findChildren(RecordWindow)] == ["Zoe Zander"]


def test_a_record_that_is_gone_is_not_opened(page: Page) -> None:
    page.company()
    page.office.companies.delete([page.adler])
    assert page.desk.tasks.records.open_window(Entity.COMPANY, page.adler) is None
    assert "deleted" in page.desk.said()


def test_the_panel_is_hidden_and_shown_and_that_is_remembered(page: Page, opening: Open) -> None:
    panel = page.company()
    page.desk.command("detail")
    assert not panel.isVisible()
    page.desk.window.close()

    again = opening()
    again.window.resize(1440, 900)
    tab = again.window.go_to("customers")
    tab.go_to(Entity.COMPANY, page.adler)
    assert tab.findChild(CustomerPanel) is None, "what nobody wants to see is not made"
    again.command("detail")
    shown = tab.findChild(CustomerPanel)
    assert shown.isVisible()
    again.press("Close the panel", tab)
    assert not shown.isVisible()
    assert not again.window.actions_["detail"].isChecked()


@pytest.mark.parametrize("command", ["note", "record_note"])
def test_a_note_is_written_on_the_record_in_front(page: Page, command: str) -> None:
    page.company()
    page.desk.command("detail")
    page.desk.command(command)
    panel = page.tab.detail
    assert panel is not None
    focused = panel.focusWidget()
    assert isinstance(focused, QTextEdit)
    focused.setPlainText("Ruft zurück")
    page.desk.press("Save note", panel)
    assert "Ruft zurück" in [each.text for each in panel._timeline.entries()]


def test_where_there_is_no_room_the_note_has_a_window(page: Page) -> None:
    page.company()
    page.desk.window.resize(920, 700)
    page.desk.command("note")
    (window,) = page.desk.window.findChildren(RecordWindow)
    assert isinstance(window.focusWidget(), QTextEdit)


def test_several_are_summed_up_with_what_can_be_done(page: Page) -> None:
    page.office.companies.create(name="Biber")
    page.office.leads.create(Status.ACTIVE, title="Läuft", company="Adler GmbH", amount=Money.of(500, "EUR"))
    panel = page.company()
    page.tab.panel.view.selectAll()
    told = [each.accessibleName() for each in panel._many.findChildren(QAbstractButton)]
    assert panel._many._title.text() == "2 companies selected"
    assert any("€500" in each for each in told)
    offered = {each.text() for each in panel._many.findChildren(QAbstractButton) if each.isVisible()}
    assert {"Merge …", "Export the chosen …", "Kind of company …", "Archive"} <= offered
    assert "Bring back from the archive" not in offered
    page.desk.press("Archive", panel)
    assert page.office.company_list.live() == 0
    page.undo()
    assert page.office.company_list.live() == 2


# The photo


def _photo(page: Page) -> int | None:
    return page.office.records.person(page.zoe).photo_id


def test_a_picture_is_chosen_shown_and_removed(opening: Open, tmp_path: Path) -> None:
    file = tmp_path / "zoe.png"
    file.write_bytes(picture())
    page = Page(opening(("open_file", "Choose picture", file)))
    portrait = page.person().portrait
    assert portrait is not None
    assert not portrait.has_picture
    page.desk.command("photo")
    seen = [portrait.has_picture]
    portrait.setFocus()
    QTest.keyClick(portrait, Qt.Key.Key_Delete)
    seen.append(portrait.has_picture)
    assert _photo(page) is None
    for command in ("undo", "undo", "redo"):
        page.desk.command(command)
        seen.append(portrait.has_picture)
    assert seen == [True, False, True, False, True]


def test_a_picture_is_pasted_by_the_keyboard(page: Page) -> None:
    portrait = page.person().portrait
    assert portrait is not None
    image = QImage(30, 30, QImage.Format.Format_RGB32)
    image.fill(1)
    data = QMimeData()
    data.setImageData(image)
    QGuiApplication.clipboard().setMimeData(data)
    portrait.setFocus()
    QTest.keyClick(portrait, Qt.Key.Key_V, _CTRL)
    assert portrait.has_picture


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"Nur Text", bomb()],
    ids=["empty", "svg", "text", "bomb"],
)
def test_what_is_dropped_and_is_no_picture_is_refused_with_a_sentence(page: Page, data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bild.png"
    file.write_bytes(data)
    portrait = page.person().portrait
    assert portrait is not None
    brought = QMimeData()
    brought.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, brought, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    portrait.dropEvent(event)
    assert "no picture" in page.desk.status()
    assert _photo(page) is None


def test_a_photo_that_is_none_shows_the_initials(page: Page) -> None:
    page.office.people.set_photo([page.zoe], b"\x89PNG\r\n\x1a\n" + bytes(50))
    portrait = page.person().portrait
    assert portrait is not None
    assert not portrait.has_picture
    assert not portrait.grab().isNull()


def test_every_line_of_a_long_record_is_bounded(page: Page, qapp: QApplication) -> None:
    """200 people and many leads: a few lines each, the rest on demand."""
    people = [(f"Person {n}", "Referent") for n in range(200)]
    page.office.companies.edit([page.adler], people=people)
    panel = page.company()
    count: Callable[[], int] = lambda: sum(each.isVisible() for each in panel.findChildren(LinkLine))  # noqa: E731
    assert count() < 30
    panel.related.lines.more.click()
    assert len(panel.related.lines.texts()) == 48
    while panel.related.lines.more.isVisible():
        panel.related.lines.more.click()
    assert len(panel.related.lines.texts()) == 200


# --- lines that say nothing ------------------------------------------------------------------------------------------


def _lines(panel: CustomerPanel) -> list[str]:
    """What stands before the values seen, from top to bottom."""
    seen = [
        (each.mapTo(panel, QPoint()).y(), each.text()) for part in (panel.fields, panel.own)
        for each in part.findChildren(QLabel) if each.isVisible() and each.buddy() is not None
    ]  # fmt: skip
    return [words for _, words in sorted(seen)]


def _folded(page: Page, entity: Entity, record: int) -> CustomerPanel:
    panel = page.show(entity, record)
    panel.more.click()
    assert panel.folded
    return panel


def test_what_is_not_known_stands_behind_more_fields(page: Page) -> None:
    worth = page.office.own_fields.create(Entity.COMPANY, OwnKind.CHOICE, "Kundenwert", ["A", "B"])
    page.office.own_fields.create(Entity.COMPANY, OwnKind.TEXT, "Pflicht", required=True)
    biber = page.office.companies.create(name="Biber KG", industry="Holz")
    panel = _folded(page, Entity.COMPANY, biber)
    assert _lines(panel) == ["Phone", "E-mail", "Industry", "Responsible", "Pflicht"]
    assert panel.more.accessibleName() == "More fields …"
    panel.more.setFocus()
    QTest.keyClick(panel.more, Qt.Key.Key_Return)
    assert panel.more.accessibleName() == "Fewer fields"
    assert panel.more.hasFocus()
    assert _lines(panel) == [
        "Phone", "E-mail", "Web", "Address", "Kind", "Industry", "Company size", "Customer number", "Responsible",
        "Tags", "Keep in touch", "Info", "Kundenwert", "Pflicht",
    ]  # fmt: skip
    panel.more.click()
    option = page.office.own_fields.get(worth).options[0].id
    page.office.companies.edit([biber], tags=["Neu"], own={worth: option}, info="Zeile")
    assert _lines(panel) == ["Phone", "E-mail", "Industry", "Responsible", "Tags", "Info", "Kundenwert", "Pflicht"]


def test_a_line_that_was_emptied_stays_until_another_record_is_shown(page: Page) -> None:
    biber = page.office.companies.create(name="Biber KG", industry="Holz")
    panel = _folded(page, Entity.COMPANY, biber)
    editor = _edit(panel, "Industry")
    editor.setText("")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert page.office.records.company(biber).industry == ""
    assert "Industry" in _lines(panel)
    assert QApplication.focusWidget() is panel.fields._values["industry"].button
    page.undo()
    assert "Industry" in _lines(panel)
    page.office.companies.edit([biber], industry="")
    page.tab.go_to(Entity.COMPANY, page.adler)
    page.tab.go_to(Entity.COMPANY, biber)
    assert "Industry" not in _lines(panel)


def test_a_person_folds_on_its_own_and_f2_edits_what_is_seen(page: Page) -> None:
    panel = _folded(page, Entity.PERSON, page.zoe)
    assert _lines(panel) == ["Phone", "E-mail", "Responsible"]
    panel.focus_values()
    page.desk.key(Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "0221 4710 999")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert [each.value for each in page.office.records.person(page.zoe).phones] == ["0221 4710 999"]
    assert not page.company().folded


def test_that_all_is_shown_is_remembered_in_its_own_window_too(page: Page) -> None:
    ways = Ways(lambda *_: None, lambda _: None, lambda *_: None, lambda *_: None)
    first = RecordWindow(page.desk.context, Entity.PERSON, page.zoe, ways, page.desk.window)
    first.show()
    assert first.panel.folded
    assert _lines(first.panel) == ["Phone", "E-mail", "Responsible"]
    first.panel.more.click()
    first.close()
    second = RecordWindow(page.desk.context, Entity.PERSON, page.zoe, ways, page.desk.window)
    second.show()
    assert not second.panel.folded
    assert "Birthday" in _lines(second.panel)
    second.panel.more.click()
    second.close()
    of_company = RecordWindow(page.desk.context, Entity.COMPANY, page.adler, ways, page.desk.window)
    assert of_company.panel.folded
    of_company.close()


def test_where_all_is_known_nothing_is_offered(page: Page) -> None:
    page.office.people.edit(
        [page.zoe], phones=[Point("", "0221 1")], mails=[Point("", "z@adler.example")], webs=[Point("", "zoe.example")],
        addresses=[Place("", "Weg 1", "", "50667", "Köln")], birthday=date(1980, 1, 2), user_id=1, tags=["Neu"],
        touch_target=30, info="Zeile",
    )  # fmt: skip
    panel = page.show(Entity.PERSON, page.zoe)
    assert not panel.more.isVisible()
    page.office.people.edit([page.zoe], info="")
    assert panel.more.isVisible()


def test_the_history_is_read_anew_in_a_thread_and_only_for_what_concerns_it(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, panel = HeldJobs(), page.company()
    timeline = panel._timeline
    before = list(timeline.entries())
    stranger = page.office.companies.create(name="Fremd GmbH")
    monkeypatch.setattr(type(page.desk.context.jobs), "start", lambda _jobs, job: held.start(job))
    page.office.companies.edit([stranger], industry="Bau")
    assert not [job for job, _progress in held.jobs if job.owner is timeline]
    page.office.companies.edit([page.adler], industry="Bau")
    page.office.companies.edit([page.adler], industry="Film")
    page.office.companies.edit([page.adler], size=Size.HUGE)
    assert len([job for job, _progress in held.jobs if job.owner is timeline]) == 1, "once, and once more at its end"
    assert timeline.entries() == before
    held.finish()
    assert len(timeline.entries()) == len(before) + 3
