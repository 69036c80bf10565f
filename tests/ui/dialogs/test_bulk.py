"""*Edit several*: what it does to each lead is seen before it is done; nothing is left out without a word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QProgressBar
from pytestqt.qtbot import QtBot

from app.core.money import Money
from app.core.terms import CompanyKind, Entity, Status
from app.models.store import Store
from app.services.bulk_edit import Verdict
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.own_kinds import OwnKind
from app.ui.bulk.dialog import BulkDialog
from app.ui.context import Context
from app.ui.forms.field import Note
from app.ui.forms.tags import TagsEdit
from tests.models.edits import count, everything
from tests.stores import add_lead, add_member, add_step
from tests.ui.scripted import HeldJobs


@pytest.fixture
def ids(store: Store) -> list[int]:
    """Two active leads, an idea and a closed one."""
    made = [
        add_lead(store, "Webshop", amount=1000),
        add_lead(store, "Film", stage="Angebot", period=("2027-01", "2027-02")),
        add_lead(store, "Idee", status=Status.POTENTIAL),
        add_lead(store, "Alt", status=Status.LOST),
    ]
    add_step(store, made[1], date(2026, 12, 1))
    return made


@pytest.fixture
def dialog(context: Context, ids: list[int], qtbot: QtBot) -> Iterator[BulkDialog]:
    made = BulkDialog(context, ids)
    made.show()
    yield made
    made.done(0)
    made.deleteLater()


def type_into(dialog: BulkDialog, field: str, typed: str, place: int = -1) -> None:
    """Type into the line of a field, and look."""
    control: Any = dialog.fields.ticks[field].controls[place]
    line = control if isinstance(control, QLineEdit) else control.edit if isinstance(control, TagsEdit) else None
    if line is None:
        control.setEditText(typed)
    else:
        line.clear()
        QTest.keyClicks(line, typed)
    dialog.look()


def choose(dialog: BulkDialog, field: str, words: str, place: int = 0) -> None:
    """Choose from the list of a field, and look."""
    combo = dialog.fields.ticks[field].controls[place]
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findText(words))
    combo.activated.emit(combo.currentIndex())
    dialog.look()


def shown(dialog: BulkDialog) -> list[tuple[str, ...]]:
    """The rows of the list as they are read."""
    model = dialog.model
    return [tuple(model.cell(row, column).text for column in range(3)) for row in range(model.rowCount())]


def test_nothing_is_ticked_and_nothing_can_be_done_at_first(dialog: BulkDialog) -> None:
    assert shown(dialog) == []
    assert not dialog.do.isEnabled()
    assert dialog.windowTitle() == "Edit 4 leads"


def test_each_lead_says_what_becomes_of_it(dialog: BulkDialog, store: Store, ids: list[int]) -> None:
    before = everything(store)
    choose(dialog, "stage_id", "Angebot")
    assert dialog.fields.ticks["stage_id"].box.isChecked(), "choosing ticks"
    assert shown(dialog) == [
        ("Webshop", "changed", "Stage: Erstkontakt → Angebot"),
        ("Film", "as it was", ""),
        ("Idee", "refused", "Only an active lead has a stage."),
        ("Alt", "refused", "Only an active lead has a stage."),
    ]
    assert dialog.do.text() == "Change the 1 that can be"
    assert "2 are refused" in dialog._sum.text()
    assert [button.text() for button in dialog.shown._buttons.values()] == [
        "All: 4", "Changed: 1", "As they were: 1", "Refused: 2",
    ]  # fmt: skip
    QTest.mouseClick(dialog.shown._buttons["refused"], Qt.MouseButton.LeftButton)
    assert [row[0] for row in shown(dialog)] == ["Idee", "Alt"]
    assert everything(store) == before


def test_the_change_is_one_step_for_those_that_can(dialog: BulkDialog, store: Store, ids: list[int]) -> None:
    steps = count(store, "change_set")
    choose(dialog, "stage_id", "Angebot")
    type_into(dialog, "amount", "+10%")
    type_into(dialog, "add_tags", "Messe")
    dialog.do.click()
    assert dialog.result() == 1
    assert count(store, "change_set") == steps + 1
    rows = {row.title: row for row in LeadList(store).rows(ids)}
    assert (rows["Webshop"].stage, rows["Webshop"].amount, rows["Webshop"].tags) == (
        "Angebot", Money.of(1100, "EUR"), ("Messe",),
    )  # fmt: skip
    assert rows["Idee"].tags == (), "one that is refused is left alone as a whole"


@pytest.mark.parametrize(
    ("field", "way", "typed", "what"),
    [
        ("probability", "", "40", "Probability: as the stage → 40\N{NO-BREAK SPACE}%"),
        ("amount", "", "25k", "Volume: 10.000,00\N{NO-BREAK SPACE}€ → 25.000,00\N{NO-BREAK SPACE}€"),
        ("amount", "", "-5 %", "Volume: 10.000,00\N{NO-BREAK SPACE}€ → 9.500,00\N{NO-BREAK SPACE}€"),
        ("period", "set to", "Q1 27", "Service period: Jan–Feb 27 → Jan–Mar 27"),
        ("period", "by months", "+3", "Service period: Jan–Feb 27 → Apr–May 27"),
        ("next_step", "set to", "mon 9:00 Call", "Next step: 1 Dec 2026 Anrufen → 30 Nov 2026 09:00 Call"),
        ("next_step", "by days", "-2", "Next step: 1 Dec 2026 Anrufen → 29 Nov 2026 Anrufen"),
        ("source", "", "Trade fair", "Source: – → Trade fair"),
    ],
)
def test_every_field_is_understood(dialog: BulkDialog, field: str, way: str, typed: str, what: str) -> None:
    if way:
        choose(dialog, field, way)
    type_into(dialog, field, typed)
    assert {row[0]: row[2] for row in shown(dialog)}["Film"] == what


def test_what_is_there_can_be_removed(dialog: BulkDialog) -> None:
    choose(dialog, "next_step", "remove")
    choose(dialog, "period", "remove")
    rows = {row[0]: row for row in shown(dialog)}
    assert rows["Film"][2] == "Service period: Jan–Feb 27 → – · Next step: 1 Dec 2026 Anrufen → –"
    assert rows["Idee"][1] == "as it was"
    choose(dialog, "user_id", "Nobody")
    choose(dialog, "category", "Commit")
    assert "Forecast category: as the stage → Commit" in shown(dialog)[1][2]


@pytest.mark.parametrize(
    ("field", "way", "typed", "said"),
    [
        ("amount", "", "viel", "is not an amount"),
        ("amount", "", "10%", "can be read in two ways"),
        ("probability", "", "120", "is not a percentage"),
        ("period", "by months", "0", "no number to move by"),
        ("period", "by months", "bald", "no number to move by"),
        ("next_step", "set to", "31.2.", "There is no 31.2."),
        ("next_step", "by days", "", "Please fill this in"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    dialog: BulkDialog, field: str, way: str, typed: str, said: str
) -> None:
    if way:
        choose(dialog, field, way)
    type_into(dialog, field, typed)
    dialog.fields.ticks[field].touch()
    dialog.look()
    assert said in dialog.fields.ticks[field].said
    assert not dialog.do.isEnabled()
    assert shown(dialog) == []
    dialog.fields.ticks[field].box.setChecked(False)
    dialog.look()
    assert dialog.fields.ticks[field].said == ""


def test_that_nothing_would_change_is_said(dialog: BulkDialog, store: Store, ids: list[int]) -> None:
    Leads(store).edit(ids, user_id=None)
    choose(dialog, "user_id", "Nobody")
    assert dialog._sum.text() == "Nothing would change."
    assert not dialog.do.isEnabled()


def test_what_changed_between_looking_and_doing_is_told(dialog: BulkDialog, store: Store, ids: list[int]) -> None:
    choose(dialog, "stage_id", "Verhandlungen")
    Leads(store).close([ids[0]], Status.LOST)
    dialog.do.click()
    assert dialog.isVisible()
    assert "“Webshop” can no longer be changed so" in dialog.note.text()
    assert dialog.preview is not None
    assert dialog.preview.count(Verdict.REFUSED) == 3, "the list shows it as it is now"


def test_a_preview_that_was_overtaken_is_not_shown(context: Context, ids: list[int], qtbot: QtBot) -> None:
    held = HeldJobs()
    dialog = BulkDialog(replace(context, jobs=held), ids)
    choose(dialog, "stage_id", "Angebot")
    choose(dialog, "stage_id", "Verhandlungen")
    assert [progress.cancelled for _job, progress in held.jobs] == [True, False]
    assert shown(dialog) == []
    assert not dialog.do.isEnabled()
    held.jobs.pop(0)
    held.finish()
    assert shown(dialog)[0][2] == "Stage: Erstkontakt → Verhandlungen"
    dialog.deleteLater()


def test_a_long_change_shows_how_far_it_is_and_can_be_stopped(context: Context, ids: list[int], qtbot: QtBot) -> None:
    held = HeldJobs()
    dialog = BulkDialog(replace(context, jobs=held), ids)
    choose(dialog, "stage_id", "Angebot")
    held.finish()
    dialog.do.click()
    assert not dialog.fields.isEnabled()
    assert not dialog.do.isEnabled()
    dialog._reported.emit(2000, 5000)
    bar = dialog.findChild(QProgressBar)
    assert bar is not None
    assert (bar.isVisibleTo(dialog), bar.value(), bar.maximum()) == (True, 2000, 5000)
    dialog.reject()
    job, progress = held.jobs.pop(0)
    with pytest.raises(Exception, match="Cancelled") as stopped:
        job.work(progress)
    assert job.failed is not None
    job.failed(stopped.value)
    assert dialog.fields.isEnabled()
    assert "Nothing was changed" in dialog.note.text()
    held.finish()
    dialog.deleteLater()


def test_what_can_no_longer_be_stopped_says_so(context: Context, store: Store, ids: list[int], qtbot: QtBot) -> None:
    held = HeldJobs()
    dialog = BulkDialog(replace(context, jobs=held), ids)
    choose(dialog, "stage_id", "Angebot")
    held.finish()
    dialog.do.click()
    job, progress = held.jobs.pop(0)
    assert job.work(progress) == 1
    assert dialog._sum.text() == "It is being saved now and can no longer be stopped."
    job.then(1)
    held.finish()
    dialog.deleteLater()


def test_five_thousand_rows_are_windowed(context: Context, store: Store, qtbot: QtBot) -> None:
    lead, member = add_lead(store, "Webshop"), add_member(store, "Berta Ohm", "BO")
    dialog = BulkDialog(context, [lead, *range(10_000, 15_000)])
    choose(dialog, "user_id", "Berta Ohm")
    assert dialog.model.rowCount() == 5001
    assert len(dialog.model._rows) < 200, "only those that are looked at"
    assert dialog.do.text() == "Change the 1 that can be"
    assert member
    dialog.deleteLater()


def test_where_tags_are_taken_away_the_field_does_not_ask_for_one_to_add(dialog: BulkDialog) -> None:
    add, remove = (dialog.fields.ticks[name].controls[0] for name in ("add_tags", "remove_tags"))
    assert isinstance(add, TagsEdit)
    assert isinstance(remove, TagsEdit)
    assert (add.edit.placeholderText(), remove.edit.placeholderText()) == ("Add a tag", "A tag to remove")


def test_a_list_to_choose_from_is_called_by_its_label_not_by_its_value(dialog: BulkDialog) -> None:
    for tick in dialog.fields.ticks.values():
        for combo in tick.findChildren(QComboBox):
            labels = [each for each in tick.findChildren(QLabel) if each.buddy() is combo]
            assert [label.text() for label in labels] == [combo.accessibleName()]
            assert combo.parentWidget() is labels[0].parentWidget()  # else a screen reader does not find it


def test_what_was_only_ticked_asks_to_be_filled_in_and_is_not_wrong_yet(dialog: BulkDialog) -> None:
    tick = dialog.fields.ticks["amount"]
    line, note = tick.controls[0], tick.findChild(Note)
    assert note is not None
    tick.box.click()
    dialog.look()
    assert (tick.said, note.property("kind"), line.property("refused") or "") == ("Please fill this in.", "small", "")
    type_into(dialog, "amount", "x")
    assert (note.property("kind"), line.property("refused")) == ("error", "true")
    type_into(dialog, "amount", "")
    assert (tick.said, note.property("kind")) == ("Please fill this in.", "error")
    choose(dialog, "period", "by months")
    period = dialog.fields.ticks["period"]
    assert (period.said, period.controls[1].property("refused") or "") == ("Please fill this in.", "")


def test_what_is_cut_in_a_row_is_read_in_full_below_the_list(dialog: BulkDialog) -> None:
    choose(dialog, "period", "by months")
    type_into(dialog, "period", "+1")
    dialog.view.selectRow(0)
    assert dialog._whole.text() == dialog.model.cell(0, 2).text != ""


def test_a_tick_without_a_value_is_not_said_to_be_missing(dialog: BulkDialog) -> None:
    type_into(dialog, "amount", "+10 %")
    assert shown(dialog)
    dialog.fields.ticks["period"].box.click()
    dialog.look()
    assert shown(dialog) == []
    assert dialog._why_empty() == "Something on the left is not complete yet."


def test_many_rows_are_copied_by_a_job(dialog: BulkDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.tables.view._AT_ONCE", 2)
    choose(dialog, "stage_id", "Angebot")
    dialog.view.selectAll()
    dialog.view.copy()
    copied = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in copied[:3]] == ["Lead", "Webshop", "Film"]


@pytest.fixture
def firms(context: Context, qtbot: QtBot) -> Iterator[BulkDialog]:
    """The question about two companies."""
    companies = context.office.companies
    ids = [
        companies.create(name="Adler"),
        companies.create(name="Biber", kinds=[CompanyKind.CUSTOMER], industry="Bau", touch_target=30),
    ]
    made = BulkDialog(context, ids, entity=Entity.COMPANY)
    made.show()
    yield made
    made.done(0)
    made.deleteLater()


def test_companies_are_changed_as_leads_are(firms: BulkDialog, context: Context) -> None:
    assert firms.windowTitle() == "Edit 2 companies"
    for box in firms.fields.ticks["kinds"].controls[:1]:
        assert isinstance(box, QCheckBox)
        box.click()
    firms.look()
    type_into(firms, "industry", "Bau")
    type_into(firms, "rhythm", "2 weeks / 21")
    choose(firms, "archived", "yes")
    then = "every 14 days, at the latest after 21 days · Archived: no → yes"
    assert shown(firms) == [
        ("Adler", "changed", f"Kind of company: – → Customer · Industry: – → Bau · Keep in touch: – → {then}"),
        ("Biber", "changed", f"Keep in touch: every 30 days → {then}"),
    ]
    assert firms.do.text() == "Change 2 companies"
    firms.do.click()
    rows = context.office.company_list.rows([1, 2])
    assert [(row.kinds, row.industry, row.archived) for row in rows] == [((CompanyKind.CUSTOMER,), "Bau", True)] * 2


@pytest.mark.parametrize("typed", ["zwei", "/ 4", "-3", "9" * 30, "1 / 2 / 3", "0"])
def test_a_rhythm_that_makes_no_sense_changes_nothing(firms: BulkDialog, typed: str) -> None:
    type_into(firms, "rhythm", typed)
    refused = [row for row in shown(firms) if row[1] == "refused"]
    assert firms.fields.ticks["rhythm"].said or len(refused) == 2
    assert not firms.do.isEnabled()


def test_of_people_only_what_is_theirs_is_asked(context: Context, qtbot: QtBot) -> None:
    person = context.office.people.create(given="Ada", family="Adler")
    field = context.office.own_fields.create(Entity.PERSON, OwnKind.TEXT, "Rufname")
    dialog = BulkDialog(context, [person], entity=Entity.PERSON)
    key = context.office.own_fields.get(field).key
    assert list(dialog.fields.ticks) == ["user_id", "add_tags", "remove_tags", "rhythm", "archived", key]
    type_into(dialog, key, "Adi")
    dialog.do.click()
    assert context.office.person_list.rows([person])[0].own == {field: "Adi"}
    dialog.deleteLater()
