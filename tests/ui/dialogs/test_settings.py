"""The settings: preferences hold at once, lists are edited in place and undone, what is refused is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.core import i18n
from app.core.settings import BACKUP_FOLDER, BACKUP_ON_EXIT, ENOUGH_YOUNG, SETTINGS, TEXT_SCALE, THEME
from app.core.terms import Status
from app.models.store import Store
from app.services.catalogue import TagEntry
from app.services.owners import Owner
from app.ui.context import Context
from app.ui.list_page import ListPage
from app.ui.settings.backups import BackupsPage
from app.ui.settings.currencies import CurrenciesPage
from app.ui.settings.delete_stage import DeleteStageDialog
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.generic import GenericPage
from app.ui.settings.lists import ReasonsPage
from app.ui.settings.stages import StagesPage
from app.ui.settings.trash import TrashPage
from app.ui.theme import Theme
from tests.stores import add_lead, add_member, add_tag, reopened
from tests.ui.dialogs.conftest import Desk
from tests.ui.scripted import HeldJobs, ScriptedDialogs

HOSTILE = "<b>'); DROP TABLE stage;--\u202e 🜁"


@pytest.fixture
def dialog(context: Context, qtbot: QtBot) -> Iterator[SettingsDialog]:
    made = SettingsDialog(context)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.done(0)


def page(dialog: SettingsDialog, key: str) -> Any:
    dialog.show_page(key)
    return dialog.page


def names(page: ListPage[Any]) -> list[str]:
    return [row.name for row in page.model.rows]


def editor_of(page: ListPage[Any]) -> QLineEdit | None:
    """The editor that is open in a list."""
    return next((edit for edit in page.view.findChildren(QLineEdit) if edit.isVisible()), None)


def type_into(page: ListPage[Any], row: int, column: int, text: str) -> None:
    """Edit a cell with the keyboard, as a person does."""
    page.view.setCurrentIndex(page.model.index(row, column))
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    editor = editor_of(page)
    assert editor is not None
    editor.setText(text)  # QTest cannot type every character
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.sendPostedEvents()


# Preferences


def test_a_choice_holds_at_once_and_survives_a_restart(dialog: SettingsDialog, context: Context) -> None:
    generic: GenericPage = page(dialog, "appearance")
    combo = generic.row(THEME).control
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData("dark"))
    assert context.settings[THEME] == "dark"
    assert type(context.settings)(context.settings.path, {})[THEME] == "dark"


def test_a_number_is_taken_when_it_is_complete(dialog: SettingsDialog, context: Context) -> None:
    spin = page(dialog, "appearance").row(TEXT_SCALE).control
    assert isinstance(spin, QSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, "120")
    assert context.settings[TEXT_SCALE] == 100
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert context.settings[TEXT_SCALE] == 120


def test_a_number_can_be_read(dialog: SettingsDialog, qtbot: QtBot) -> None:
    """The line inside a number field is a field of its own, which must not be dressed as one."""
    spin = page(dialog, "appearance").row(TEXT_SCALE).control
    qtbot.wait(2)
    assert isinstance(spin, QSpinBox)
    assert spin.lineEdit().height() >= spin.fontMetrics().height()
    assert spin.lineEdit().width() > spin.fontMetrics().horizontalAdvance(spin.text()) + spin.width() // 2
    ink = spin.grab().toImage()
    assert len({ink.pixel(x, ink.height() // 2) for x in range(4, ink.width() // 2)}) > 1


def test_a_change_elsewhere_is_shown(dialog: SettingsDialog, context: Context) -> None:
    spin = page(dialog, "leads").row(ENOUGH_YOUNG).control
    context.settings[ENOUGH_YOUNG] = 21
    assert spin.value() == 21


def test_a_folder_that_is_none_is_refused_in_words(dialog: SettingsDialog, context: Context) -> None:
    backups: BackupsPage = page(dialog, "backup")
    row = backups.row(BACKUP_FOLDER)
    assert isinstance(row.control, QLineEdit)
    row.control.setText("nicht/absolut")
    row.control.editingFinished.emit()
    assert context.settings[BACKUP_FOLDER] == ""
    assert row.control.text() == "nicht/absolut"
    assert row._field is not None
    assert row._field.refused


def test_settings_that_cannot_be_saved_say_so_and_hold(
    dialog: SettingsDialog, context: Context, tmp_path: Path
) -> None:
    check = page(dialog, "backup").row(BACKUP_ON_EXIT)
    blocked = tmp_path / "file"
    blocked.write_text("")
    context.settings.path = blocked / "settings.json"
    check.control.click()
    assert context.settings[BACKUP_ON_EXIT] is False
    assert "could not be saved" in check._note.text()


def test_every_shown_setting_has_a_row(context: Context, store: Store, qtbot: QtBot) -> None:
    alone = SettingsDialog(context)
    qtbot.addWidget(alone)
    pages = alone.keys()
    assert "start" not in pages, "who works alone is never asked who is working"
    add_member(store, "Ben Krug", "BK")
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    shown = [setting for setting in SETTINGS if setting.shown]
    for setting in shown:
        control = page(dialog, setting.page.key).row(setting).control
        assert control.accessibleName() == i18n.tr(setting.label) or control.text() == i18n.tr(setting.label)
    assert sum(
        len(page(dialog, key)._rows) for key in ("appearance", "formats", "start", "leads", "reminders", "backup")
    ) == len(shown)


def test_search_finds_settings_and_lists(dialog: SettingsDialog) -> None:
    def hits(words: str) -> list[str]:
        dialog._search.setText(words)
        return [key for row, key in enumerate(dialog.keys()) if not dialog._list.item(row).isHidden()]

    assert hits("high contrast") == ["appearance"]
    appearance: Any = dialog.page
    assert not appearance.row(THEME).isHidden()
    assert appearance.row(TEXT_SCALE).isHidden()
    assert hits("idle") == ["stages"]
    assert type(dialog.page) is StagesPage
    assert hits("backup folder") == ["backup"]
    assert hits("'); DROP") == []
    assert dialog._none.isVisible()
    assert hits("") == dialog.keys()
    assert not dialog._none.isVisible()


def test_the_last_page_is_shown_again(dialog: SettingsDialog, context: Context, qtbot: QtBot) -> None:
    dialog.show_page("tags")
    again = SettingsDialog(context)
    qtbot.addWidget(again)
    assert again._title.text() == "Tags"
    other = SettingsDialog(context, None, "trash")
    qtbot.addWidget(other)
    assert isinstance(other.page, TrashPage)


# Stages


def test_stages_are_renamed_weighed_and_undone(dialog: SettingsDialog, context: Context, store: Store) -> None:
    stages: StagesPage = page(dialog, "stages")
    type_into(stages, 0, 0, "Kontakt")
    type_into(stages, 0, 1, "2,5 %")
    type_into(stages, 0, 2, "-")
    first = context.office.stages.all()[0]
    assert (first.name, first.probability, first.idle_days) == ("Kontakt", 5, 0)
    assert dialog._undo.isVisible()
    for _ in range(3):
        dialog._undo.show()
        dialog._undo.click()
    first = context.office.stages.all()[0]
    assert (first.name, first.probability, first.idle_days) == ("Erstkontakt", 2, 14)
    assert names(stages)[0] == "Erstkontakt"


def test_the_list_of_pages_has_room_for_larger_text(dialog: SettingsDialog, theme: Theme, qtbot: QtBot) -> None:
    theme.use(scale=200)
    again = SettingsDialog(dialog._context)
    qtbot.addWidget(again)
    assert dialog._list.width() == again._list.width()
    assert dialog._list.iconSize() == again._list.iconSize()
    assert dialog._search.width() == dialog._list.width()


@pytest.mark.parametrize("key", ["appearance", "stages", "currencies"])
def test_tab_goes_from_the_list_of_pages_into_the_page(key: str, dialog: SettingsDialog, qtbot: QtBot) -> None:
    in_front = page(dialog, key)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog._search.setFocus()
    QTest.keyClick(dialog._search, Qt.Key.Key_Tab)
    assert dialog._list.hasFocus()
    QTest.keyClick(dialog._list, Qt.Key.Key_Tab)
    focused = dialog.focusWidget()
    assert in_front.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Backtab)
    assert dialog._list.hasFocus()


@pytest.mark.parametrize("key", ["own_fields", "reasons", "currencies"])
def test_tab_goes_through_a_page_as_it_is_read(key: str, dialog: SettingsDialog, qtbot: QtBot) -> None:
    in_front = page(dialog, key)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog._list.setFocus()
    QTest.keyClick(dialog._list, Qt.Key.Key_Tab)
    way = []
    while in_front.isAncestorOf(stop := dialog.focusWidget()):
        place = stop.mapTo(in_front, stop.rect().center())
        way.append((place.y() // 20, place.x()))
        QTest.keyClick(stop, Qt.Key.Key_Tab)
    assert len(way) >= 4
    assert way == sorted(way)


def test_keys_take_back_and_bring_again(dialog: SettingsDialog, context: Context, qtbot: QtBot) -> None:
    stages: StagesPage = page(dialog, "stages")
    with qtbot.waitActive(dialog):  # shortcuts belong to the active window
        dialog.activateWindow()
    type_into(stages, 0, 0, "Kontakt")
    assert stages.view.hasFocus()
    QTest.keyClick(stages.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)  # it is still where one was
    assert names(stages)[:2] == ["Vorstellung", "Kontakt"]
    for _ in range(2):
        QTest.keyClick(stages.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(stages)[:2] == ["Erstkontakt", "Vorstellung"]
    assert dialog._said.text().startswith("Undone:")
    QTest.keyClick(stages.view, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert names(stages)[0] == "Kontakt"


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        (0, "Angebot", "already"),
        (0, " ", "needs a name"),
        (0, "x" * 101, "at most 100"),
        (1, "101", ""),
        (1, "33,3", ""),
        (1, "viel", ""),
        (2, "bald", "not a number of days"),
        (2, "99999", "3650"),
    ],
)
def test_what_is_refused_is_said_and_stays_in_the_cell(
    column: int, typed: str, words: str, dialog: SettingsDialog, context: Context, qtbot: QtBot
) -> None:
    stages: StagesPage = page(dialog, "stages")
    before = context.office.stages.all()
    type_into(stages, 0, column, typed)
    assert stages.problem.isVisible()
    assert words in stages.problem.text()
    assert context.office.stages.all() == before
    qtbot.waitUntil(lambda: editor_of(stages) is not None)
    editor = editor_of(stages)
    assert editor is not None
    assert editor.text() == typed
    QTest.keyClick(editor, Qt.Key.Key_Escape)


def test_hostile_names_are_kept_to_the_letter(dialog: SettingsDialog, context: Context) -> None:
    stages: StagesPage = page(dialog, "stages")
    type_into(stages, 1, 0, HOSTILE)
    assert context.office.stages.all()[1].name == HOSTILE
    assert stages._card._title.text() == HOSTILE


def test_alt_and_arrows_move_a_stage(dialog: SettingsDialog, context: Context, store: Store) -> None:
    stages: StagesPage = page(dialog, "stages")
    stages.view.setCurrentIndex(stages.model.index(0, 0))
    QTest.keyClick(stages.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(stages.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(stages)[:3] == ["Vorstellung", "Angebot", "Erstkontakt"]
    assert stages.view.current().name == "Erstkontakt"
    for _ in range(9):
        QTest.keyClick(stages.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(stages)[0] == "Erstkontakt"


@pytest.mark.parametrize(
    ("source", "target", "below", "expected"),
    [
        (0, 2, True, ["Vorstellung", "Angebot", "Erstkontakt"]),
        (0, 2, False, ["Vorstellung", "Erstkontakt", "Angebot"]),
        (2, 0, False, ["Angebot", "Erstkontakt", "Vorstellung"]),
        (1, 1, True, ["Erstkontakt", "Vorstellung", "Angebot"]),
    ],
)
def test_dragging_puts_a_stage_where_it_is_let_go(
    source: int, target: int, below: bool, expected: list[str], dialog: SettingsDialog
) -> None:
    stages: StagesPage = page(dialog, "stages")
    stages.view.setCurrentIndex(stages.model.index(source, 0))
    place = stages.view.visualRect(stages.model.index(target, 0))
    at = QPoint(place.center().x(), place.bottom() - 2 if below else place.top() + 2)
    drop = QDropEvent(
        QPointF(at), Qt.DropAction.MoveAction, QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    stages.view.dropEvent(drop)
    assert names(stages)[:3] == expected


def test_adding_colouring_requiring_and_retiring(dialog: SettingsDialog, context: Context) -> None:
    stages: StagesPage = page(dialog, "stages")
    QTest.keyClicks(stages.entry, "Vertrag")
    QTest.keyClick(stages.entry, Qt.Key.Key_Return)
    assert stages.view.current().name == "Vertrag"
    assert stages.entry.text() == ""
    card = stages._card
    card._on_colour(stages.view.current().id, QColor(card._shown_colour).darker())
    card._checks["volume"].click()
    card._checks["company"].click()
    card._retired.click()
    made = context.office.stages.all()[-1]
    assert (made.name, made.probability, made.required, made.retired) == ("Vertrag", 180, ("company", "volume"), True)
    assert made.colour is not None
    assert card._reset.isVisible()
    card._reset.click()
    assert context.office.stages.all()[-1].colour is None


def test_a_checklist_is_taken_over_on_leaving_it(dialog: SettingsDialog, context: Context) -> None:
    stages: StagesPage = page(dialog, "stages")
    points = stages._card._list
    points.setFocus()
    QTest.keyClicks(points, "Briefing liegt vor")
    QTest.keyClick(points, Qt.Key.Key_Return)
    QTest.keyClicks(points, "Budget ist genannt")
    QTest.keyClick(points, Qt.Key.Key_Tab)
    assert context.office.stages.all()[0].checklist == ("Briefing liegt vor", "Budget ist genannt")
    assert points.accessibleName() == "Checklist"
    points.setFocus()
    points.setPlainText("Gleich\nGleich")
    points.clearFocus()
    assert "twice" in stages.problem.text()
    assert points.toPlainText() == "Gleich\nGleich"  # to be mended
    assert context.office.stages.all()[0].checklist == ("Briefing liegt vor", "Budget ist genannt")


def test_the_last_stage_cannot_be_retired_or_deleted(dialog: SettingsDialog, context: Context) -> None:
    stages: StagesPage = page(dialog, "stages")
    for stage in context.office.stages.all()[1:]:
        context.office.stages.delete(stage.id, 1)
    stages._card._retired.click()
    assert "at least one stage" in stages.problem.text()
    assert not stages._card._retired.isChecked()
    QTest.keyClick(stages.view, Qt.Key.Key_Delete)
    assert names(stages) == ["Erstkontakt"]


def test_a_used_stage_asks_who_takes_its_leads(
    dialog: SettingsDialog, context: Context, store: Store, qtbot: QtBot
) -> None:
    lead = add_lead(store, stage="Angebot")
    stages: StagesPage = page(dialog, "stages")
    stages.refresh()
    stages.view.setCurrentIndex(stages.model.index(2, 0))
    stages.remove.click()
    question = dialog.findChild(DeleteStageDialog)
    assert question is not None
    assert question.target.currentText().startswith("Vorstellung")
    question.target.setCurrentIndex(question.target.findText("Verhandlungen", Qt.MatchFlag.MatchStartsWith))
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert "Angebot" not in names(stages)
    assert context.office.lists.rows([lead])[0].stage == "Verhandlungen"
    store.undo()
    assert context.office.lists.rows([lead])[0].stage == "Angebot"
    assert "Angebot" in names(stages)


def test_what_is_being_typed_outlives_a_change_that_arrives(
    dialog: SettingsDialog, context: Context, qtbot: QtBot
) -> None:
    stages: StagesPage = page(dialog, "stages")
    stages.view.setCurrentIndex(stages.model.index(0, 0))
    stages.view.setFocus()
    QTest.keyClick(stages.view, Qt.Key.Key_F2)
    editor = editor_of(stages)
    assert editor is not None
    editor.setText("Erste")
    context.office.stages.edit(stages.model.rows[1].id, name="Zweite")
    assert editor_of(stages) is editor
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(stages)[:2] == ["Erste", "Zweite"])
    stages.view.edit(stages.model.index(0, 0))
    context.office.stages.edit(stages.model.rows[1].id, name="Andere")
    QTest.keyClick(editor_of(stages) or stages.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: names(stages)[:2] == ["Erste", "Andere"])


def test_a_stage_deleted_by_another_window_is_said(
    dialog: SettingsDialog, context: Context, store: Store, folder: Path
) -> None:
    stages: StagesPage = page(dialog, "stages")
    other = reopened(folder)
    try:
        from app.services.stages import Stages

        Stages(other).delete(3, 2)
    finally:
        other.close()
    type_into(stages, 2, 0, "Neuer Name")
    assert "deleted" in stages.problem.text()
    stages.refresh()
    stages._card._checks["volume"].click()
    assert "Angebot" not in names(stages)


# Other lists


def test_reasons_belong_to_their_outcome(dialog: SettingsDialog, context: Context) -> None:
    reasons: ReasonsPage = page(dialog, "reasons")
    reasons._switch.choose(Status.LOST)
    reasons.refresh()
    reasons.entry.setText("Zu teuer")
    reasons._on_add()
    assert names(reasons) == ["Zu teuer"]
    reasons.entry.setText(" zu TEUER ")
    reasons._on_add()
    assert "already" in reasons.problem.text()
    assert reasons.entry.text() == " zu TEUER "
    assert context.office.catalogue.reasons(Status.WON) == []


@pytest.mark.parametrize("key", ["sources", "tags", "people"])
def test_lists_are_added_to_renamed_and_shortened(
    key: str, dialog: SettingsDialog, context: Context, store: Store
) -> None:
    page_: ListPage[Any] = page(dialog, key)
    start = names(page_)
    for name in ("Zeta", "Alpha"):
        page_.entry.setText(name)
        page_._on_add()
    row = names(page_).index("Zeta")
    type_into(page_, row, 0, "Beta")
    assert set(names(page_)) == {*start, "Alpha", "Beta"}
    page_.view.go_to(next(row.id for row in page_.model.rows if row.name == "Beta"))
    QTest.keyClick(page_.view, Qt.Key.Key_Delete)
    assert set(names(page_)) == {*start, "Alpha"}
    store.undo()
    assert set(names(page_)) == {*start, "Alpha", "Beta"}


def test_the_rhythm_of_a_tag_is_typed_shown_checked_and_undone(
    dialog: SettingsDialog, context: Context, store: Store, qtbot: QtBot
) -> None:
    tag = context.office.catalogue.create("tag", "Stammkunde")
    tags: ListPage[Any] = page(dialog, "tags")

    def shown() -> list[str]:
        return [str(tags.model.index(0, column).data()) for column in (3, 4)]

    assert shown() == ["–", "–"]
    type_into(tags, 0, 3, "1000")
    assert shown() == ["1000", "2000"]
    type_into(tags, 0, 4, "1200")
    assert shown() == ["1000", "1200"]
    for column, typed, words in (
        (4, "900", "before the usual one"), (3, "oft", "not a number of days"), (3, "99999", "A rhythm is 1 to"),
    ):  # fmt: skip
        type_into(tags, 0, column, typed)
        assert words in tags.problem.text()
        qtbot.waitUntil(lambda: editor_of(tags) is not None)
        QTest.keyClick(editor_of(tags) or tags.view, Qt.Key.Key_Escape)
    assert context.office.catalogue.tags() == [TagEntry(tag, "Stammkunde", target=1000, latest=1200)]
    type_into(tags, 0, 3, "")
    assert shown() == ["–", "–"]
    type_into(tags, 0, 4, "30")
    assert "how often" in tags.problem.text()
    store.undo()
    assert shown() == ["1000", "1200"]


def test_how_often_reasons_and_tags_are_used_is_told(dialog: SettingsDialog, context: Context, store: Store) -> None:
    """Also by companies and people: what seems to be used nowhere is deleted without a thought."""
    office = context.office
    add_lead(store, status=Status.LOST, reason_id=office.catalogue.create("reason", "Preis", outcome=Status.LOST))
    company = office.companies.create(name="Adler", tags=["Messe"])
    person = office.people.create(given="Zoe", family="Zander", tags=["Messe"])
    add_tag(store, add_lead(store), "Web")

    reasons: ReasonsPage = page(dialog, "reasons")
    reasons._switch.choose(Status.LOST)
    reasons.refresh()
    assert [(row.name, row.used) for row in reasons.model.rows] == [("Preis", 1)]

    tags: ListPage[Any] = page(dialog, "tags")

    def shown() -> list[tuple[str, ...]]:
        return [tuple(str(tags.model.index(row, column).data()) for column in (0, 1, 2)) for row in (0, 1)]

    assert shown() == [("Messe", "0", "2"), ("Web", "1", "0")]
    office.people.delete([person])
    assert shown() == [("Messe", "0", "1"), ("Web", "1", "0")]
    office.companies.edit([company], tags=[])
    assert shown() == [("Messe", "0", "0"), ("Web", "1", "0")]


def test_initials_are_checked_and_nobody_deletes_himself(
    dialog: SettingsDialog, context: Context, qtbot: QtBot
) -> None:
    people: ListPage[Any] = page(dialog, "people")
    type_into(people, 0, 1, "ANNAK")
    assert "one to four" in people.problem.text()
    qtbot.waitUntil(lambda: editor_of(people) is not None)
    QTest.keyClick(editor_of(people) or people.view, Qt.Key.Key_Escape)
    type_into(people, 0, 1, "AN")
    assert context.office.catalogue.all("member")[0].detail == "AN"
    people._on_delete(1)
    assert "yourself" in people.problem.text()
    assert names(people) == ["Anna Kern"]


# Currencies


def test_rates_are_entered_loosely_and_change_the_sums(dialog: SettingsDialog, context: Context, store: Store) -> None:
    lead = add_lead(store, amount=1_000, currency="CHF")
    money: CurrenciesPage = page(dialog, "currencies")
    money._currency.setCurrentText("chf")
    money._day.setText("1.11.2026")
    money._rate.setText("1,0455")
    QTest.keyClick(money._rate, Qt.Key.Key_Return)
    assert context.office.lists.rows([lead])[0].total == 104_550
    assert "1 CHF = 1,0455 EUR" in money.model.data(money.model.index(0, 3))
    type_into(money, 0, 2, "0,9")
    assert context.office.lists.rows([lead])[0].total == 90_000
    QTest.keyClick(money.view, Qt.Key.Key_Delete)
    assert context.office.lists.rows([lead])[0].total is None


@pytest.mark.parametrize(
    ("currency", "day", "rate", "field"),
    [
        ("EUR", "heute", "1", "currency"),
        ("Franken", "heute", "1", "currency"),
        ("CHF", "gestern oder so", "1", "valid_from"),
        ("CHF", "", "1", "valid_from"),
        ("CHF", "heute", "", "rate"),
        ("CHF", "heute", "-1", "rate"),
        ("CHF", "heute", "NaN", "rate"),
        ("CHF", "heute", "1e999", "rate"),
    ],
)
def test_rates_that_make_no_sense(
    currency: str, day: str, rate: str, field: str, dialog: SettingsDialog, context: Context
) -> None:
    money: CurrenciesPage = page(dialog, "currencies")
    money._currency.setCurrentText(currency)
    money._day.setText(day)
    money._rate.setText(rate)
    money._add()
    assert money._form[field].refused
    assert money._rate.text() == rate
    assert context.office.rates.all() == []


def test_the_base_currency_is_checked_and_undone(dialog: SettingsDialog, context: Context, store: Store) -> None:
    money: CurrenciesPage = page(dialog, "currencies")
    money._base.setCurrentText("Taler")
    money._change_base()
    assert money._form["base"].refused
    money._base.setCurrentText("chf")
    money._change_base()
    assert store.facts.base_currency == "CHF"
    assert "rates were converted" in money._form["base"].said
    assert money._currency.findText("CHF") < 0
    store.undo()
    assert (store.facts.base_currency, money._base.currentText()) == ("EUR", "EUR")


@pytest.mark.parametrize("typed", [True, False])
def test_a_base_currency_that_was_chosen_is_taken_back_with_keys(
    typed: bool, dialog: SettingsDialog, store: Store, qtbot: QtBot
) -> None:
    money: CurrenciesPage = page(dialog, "currencies")
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    money._base.setFocus()
    line = money._base.lineEdit()
    assert line is not None
    if typed:
        line.selectAll()
        QTest.keyClicks(money._base, "USD")
        QTest.keyClick(money._base, Qt.Key.Key_Return)
    else:
        QTest.keyClick(money._base, Qt.Key.Key_Down)
        assert store.facts.base_currency == "EUR", "the list has only been opened"
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(money._base.view(), key)
    assert store.facts.base_currency != "EUR"
    QTest.keyClick(money._base, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (store.facts.base_currency, line.text()) == ("EUR", "EUR")


def test_a_stage_that_was_added_is_taken_back_and_not_its_words(dialog: SettingsDialog, qtbot: QtBot) -> None:
    stages: StagesPage = page(dialog, "stages")
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    before = names(stages)
    stages.entry.setFocus()
    QTest.keyClicks(stages.entry, "Nachfassen")
    QTest.keyClick(stages.entry, Qt.Key.Key_Return)
    assert "Nachfassen" in names(stages)
    stages.entry.setFocus()
    QTest.keyClick(stages.entry, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (names(stages), stages.entry.text()) == (before, "")


# Backups and trash


def test_a_backup_is_made_listed_and_gone_back_to(desk: Desk, store: Store, qtbot: QtBot) -> None:
    chosen: list[Path] = []
    add_lead(store)
    dialog = SettingsDialog(desk.context, None, "backup", restore=chosen.append)
    qtbot.addWidget(dialog)
    dialog.show()
    backups: Any = dialog.page
    assert not backups._back.isEnabled()
    backups._now.click()
    [copy] = desk.context.office.backups.list()
    assert copy.path.name in backups._note.text()
    object.__setattr__(
        desk.context, "dialogs", ScriptedDialogs(("ask", "Go back", None), ("ask", "Go back", "Restore"))
    )
    backups._back.click()
    assert chosen == []
    backups._back.click()
    assert chosen == [copy.path]
    moment = desk.context.formats.instant(copy.at, store.zone)
    assert desk.context.dialogs.said[-1] == f"Go back to the backup of {moment} with 1 lead?"  # type: ignore[attr-defined]
    copy.path.write_bytes(b"no store")
    backups._back.click()
    assert backups._note.property("kind") == "error"
    assert chosen == [copy.path]


def test_deleted_leads_come_back_together(dialog: SettingsDialog, context: Context, store: Store) -> None:
    leads = [add_lead(store, f"Lead {n}") for n in range(3)]
    trash: TrashPage = page(dialog, "trash")
    assert "empty" in trash._problem.text()
    context.office.leads.delete(leads)
    assert len(trash._model.rows) == 3
    trash._view.selectAll()
    trash._restore.click()
    assert trash._model.rows == []
    assert len(context.office.lists.rows(leads)) == 3
    store.undo()
    assert len(trash._model.rows) == 3


def test_who_restores_by_the_keyboard_does_not_come_to_the_button_that_empties(
    dialog: SettingsDialog, context: Context, store: Store, qtbot: QtBot
) -> None:
    context.office.leads.delete([add_lead(store, f"Lead {n}") for n in range(3)])
    trash: TrashPage = page(dialog, "trash")
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    trash._view.selectRow(1)
    trash._restore.setFocus()
    QTest.keyClick(trash._restore, Qt.Key.Key_Space)
    assert len(trash._model.rows) == 2
    assert dialog.focusWidget() is trash._view


def test_a_full_trash_is_read_in_a_thread_and_as_far_as_somebody_looks(
    dialog: SettingsDialog, context: Context, store: Store
) -> None:
    many = 450
    with store.maintenance() as connection:
        connection.exec_driver_sql(f"""
            INSERT INTO company (id, uid, name, sort_key, search_key, created_at, deleted_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})
            SELECT i, 'u' || i, 'Firma ' || i, '', '', 0, 1000000 + i / 3 FROM n
        """)
    held = HeldJobs()
    object.__setattr__(context, "jobs", held)
    trash: TrashPage = page(dialog, "trash")
    assert trash._model.rows == []
    held.finish()
    assert 0 < len(trash._model.rows) < many / 2
    while trash._model.canFetchMore(QModelIndex()):
        trash._view.scrollToBottom()
        QTest.qWait(0)
        held.finish()
    names = [row.trashed.title for row in trash._model.rows]
    assert len(set(names)) == len(names) == many
    assert names == [entry.title for entry in trash._trash.all(limit=many)]


def test_what_came_into_the_trash_is_seen_though_somebody_looks_for_more(
    dialog: SettingsDialog, context: Context, store: Store
) -> None:
    leads = [add_lead(store, f"Lead {n}") for n in range(250)]
    context.office.leads.delete(leads)
    trash: TrashPage = page(dialog, "trash")
    held = HeldJobs()
    trash._latest._jobs = held
    company = context.office.companies.create(name="Firma")
    context.office.companies.delete([company])
    while trash._model.canFetchMore(QModelIndex()):
        trash._model.fetchMore(QModelIndex())
        held.finish()
    assert sorted({row.trashed.kind for row in trash._model.rows}) == ["company", "lead"]
    assert len(trash._model.rows) == 251


def test_the_trash_shows_kinds_and_asks_before_it_is_emptied(
    dialog: SettingsDialog, context: Context, store: Store
) -> None:
    lead, other = add_lead(store, "Bleibt"), add_lead(store, "Geht")
    (note,) = context.office.notes.write("note", Owner("lead", lead), HOSTILE)
    trash: TrashPage = page(dialog, "trash")
    assert not trash._empty.isEnabled()
    context.office.notes.delete([note])
    context.office.leads.delete([other])
    cells = [[trash._model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert sorted(cells) == [["Lead", "Geht", ""], ["Note", HOSTILE, "Bleibt"]]
    assert not trash._model.index(0, 0).data(Qt.ItemDataRole.DecorationRole).isNull()
    trash._kind._take("note", "Note")
    assert [row.trashed.kind for row in trash._model.rows] == ["note"]
    trash._kind._take("person", "Person")
    assert "Nothing of this kind" in trash._problem.text()
    assert trash._empty.isEnabled()
    asked = "Remove 2 entries from the trash for good?"
    answers = ScriptedDialogs(("ask", asked, None), ("ask", asked, "Empty the trash"))
    object.__setattr__(context, "dialogs", answers)
    trash._empty.click()
    assert trash._trash.contents().counts == {"lead": 1, "note": 1}
    trash._empty.click()
    answers.finish()
    assert trash._trash.contents().counts == {}
    assert "2 entries were removed for good." in trash._problem.text()
    assert not trash._empty.isEnabled()
    assert len(context.office.backups.list()) == 1
    assert store.undo() is None
