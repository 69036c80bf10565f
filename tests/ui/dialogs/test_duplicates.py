"""The hint while one types, and the dialog that puts into one what is there twice."""

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from app.core.i18n import Text
from app.models.schema import Company
from app.models.store import Store
from app.services.twins.facts import Facts, Likeness
from app.services.twins.groups import Twins
from app.ui.context import Context
from app.ui.duplicates.dialog import DuplicatesDialog, _Row
from app.ui.duplicates.hint import REST_MS, DuplicateHint
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field
from app.ui.lead_form.dialog import LeadForm
from app.ui.record_form.company import CompanyForm
from app.ui.record_form.person import PersonForm
from app.ui.saved_form import Unsaved
from tests.services.seen import everything, value, values
from tests.stores import add_company, add_lead


def company(store: Store, name: str, **columns: Any) -> int:
    made = add_company(store, name)
    with store.write(Text("Company changed")) as session:
        row = session.get_one(Company, made)
        for column, given in columns.items():
            setattr(row, column, given)
    return made


@pytest.fixture
def twice(store: Store) -> tuple[int, int]:
    """A company that is there under two names."""
    one = company(store, "Meyer & Söhne <GmbH>", industry="Bau")
    other = company(store, "Meyer+Soehne", industry="Handel", number="K-7")
    add_lead(store, company_id=other)
    return one, other


def shown(context: Context, qtbot: QtBot) -> DuplicatesDialog:
    dialog = DuplicatesDialog(context)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(dialog.bar.isHidden)
    return dialog


def radio(dialog: DuplicatesDialog, name: str) -> QRadioButton:
    (found,) = [each for each in dialog.pane.findChildren(QRadioButton, name) if each.isVisible()]
    assert isinstance(found, QRadioButton)
    return found


def test_what_was_chosen_is_what_comes_of_it(
    context: Context, qtbot: QtBot, store: Store, twice: tuple[int, int]
) -> None:
    one, other = twice
    before = everything(store)
    dialog = shown(context, qtbot)
    assert dialog.model.rowCount() == 1
    assert radio(dialog, f"stays:{one}").isChecked()
    QTest.mouseClick(radio(dialog, f"industry:{other}"), Qt.MouseButton.LeftButton)
    assert radio(dialog, f"industry:{other}").isChecked()
    QTest.keyClick(dialog.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 0)
    assert values(store, "SELECT id, industry, number FROM company WHERE deleted_at IS NULL") == [
        (one, "Handel", "K-7")
    ]
    assert value(store, "SELECT company_id FROM lead") == one
    assert dialog.none.isVisible(), "instead of two empty frames"
    assert not dialog.view.isVisible()
    assert dialog.kinds.hasFocus()
    assert not dialog.merge.isEnabled()
    store.undo()
    assert everything(store) == before


def test_another_one_may_stay(context: Context, qtbot: QtBot, store: Store, twice: tuple[int, int]) -> None:
    dialog = shown(context, qtbot)
    QTest.keyClick(radio(dialog, f"stays:{twice[1]}"), Qt.Key.Key_Space)
    assert radio(dialog, f"stays:{twice[1]}").isChecked()
    dialog.merge.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 0)
    assert values(store, "SELECT id FROM company WHERE deleted_at IS NULL") == [(twice[1],)]


def test_no_duplicate_is_remembered(context: Context, qtbot: QtBot, store: Store, twice: tuple[int, int]) -> None:
    dialog = shown(context, qtbot)
    dialog.apart.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 0)
    assert shown(context, qtbot).model.rowCount() == 0
    assert len(values(store, "SELECT id FROM company WHERE deleted_at IS NULL")) == len(twice)


def test_what_was_deleted_meanwhile_is_told_and_not_merged(
    context: Context, qtbot: QtBot, store: Store, twice: tuple[int, int]
) -> None:
    dialog = shown(context, qtbot)
    with store.write(Text("Company deleted")) as session:
        session.get_one(Company, twice[1]).deleted_at = store.clock.now()
    dialog.merge.click()
    qtbot.waitUntil(lambda: dialog.note.property("kind") == "error")
    assert "deleted" in dialog.note.text()
    assert value(store, f"SELECT deleted_at FROM company WHERE id = {twice[0]}") is None


def test_names_are_no_markup(context: Context, qtbot: QtBot, twice: tuple[int, int]) -> None:
    dialog = shown(context, qtbot)
    assert "<GmbH>" in radio(dialog, f"stays:{twice[0]}").text()


def test_the_hint_says_who_is_there_after_a_pause_and_why(
    context: Context, qtbot: QtBot, twice: tuple[int, int]
) -> None:
    typed = ["Meyer und Söhne"]
    hint = DuplicateHint(context, lambda: Facts("company", typed[0]) if typed[0] else None)
    qtbot.addWidget(hint)
    hint.ask()
    assert hint.hint is None
    qtbot.waitUntil(lambda: hint.hint is not None)
    assert "Meyer" in hint.said
    assert hint.accessibleName() == hint.said
    told: list[int] = []
    hint.opened.connect(told.append)
    hint.open.click()
    assert told[0] in twice
    typed[0] = ""
    hint.ask()
    qtbot.waitUntil(lambda: hint.hint is None)
    assert hint.isHidden()


def test_whoever_closed_the_window_needs_no_hint(context: Context, qtbot: QtBot, twice: tuple[int, int]) -> None:
    asked: list[str] = []

    def facts() -> Facts:
        asked.append("Meyer und Söhne")
        return Facts("company", asked[-1])

    window = Dialog(context.theme, "New")
    qtbot.addWidget(window)
    hint = DuplicateHint(context, facts)
    window.body.addWidget(hint)
    with qtbot.waitExposed(window):
        window.show()
    hint.ask()
    qtbot.waitUntil(lambda: hint.hint is not None)
    hint.ask()
    window.close()
    qtbot.wait(2 * REST_MS)
    assert len(asked) == 1


def test_the_form_of_a_lead_offers_the_company_that_is_there(
    context: Context, qtbot: QtBot, twice: tuple[int, int]
) -> None:
    form = LeadForm(context)
    qtbot.addWidget(form, before_close_func=lambda _form: _leave(form))
    with qtbot.waitExposed(form):
        form.show()
    hint = form._hints[0]
    QTest.keyClicks(form.controls.company, "Meyer und Soehne")
    qtbot.waitUntil(lambda: hint.hint is not None)
    hint.take.click()
    assert form.controls.company.name() in ("Meyer+Soehne", "Meyer & Söhne <GmbH>")
    qtbot.waitUntil(hint.isHidden)


def test_who_goes_to_a_new_company_is_not_taken_for_somebody_else(context: Context, qtbot: QtBot, store: Store) -> None:
    """Typed for a company nobody knows yet, a name that is there already is told of: people change their work."""
    office = context.office
    firm = office.companies.create(name="Nordlicht Energie")
    office.people.create(given="Frauke", family="Petersen", companies=[(firm, "Vorstand")])
    form = LeadForm(context)
    qtbot.addWidget(form, before_close_func=lambda _form: _leave(form))
    with qtbot.waitExposed(form):
        form.show()
    form.controls.company.setText("Ganz anders AG")
    form.controls.person.setText("Frauke Peterssen")
    hint = form._hints[1]
    qtbot.waitUntil(lambda: hint.hint is not None)
    assert "Frauke Petersen" in hint.said


def test_a_company_that_is_there_is_opened_instead_of_made_anew(
    context: Context, qtbot: QtBot, store: Store, twice: tuple[int, int]
) -> None:
    dialog = CompanyForm(context)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    QTest.keyClicks(dialog.name, "Meyer und Soehne")
    qtbot.waitUntil(lambda: dialog.hint.hint is not None)
    dialog.hint.open.click()
    assert dialog.record_id in twice
    assert value(store, "SELECT count(*) FROM company") == len(twice)


def _leave(form: Unsaved) -> None:
    form._start = form._typed()
    form.reject()


@pytest.mark.parametrize("kind", [PersonForm, CompanyForm])
def test_the_hint_moves_no_field_and_is_in_nobodys_way(
    context: Context, qtbot: QtBot, twice: tuple[int, int], kind: type[PersonForm | CompanyForm]
) -> None:
    context.office.people.create(given="Frauke", family="Petersen")
    form = kind(context)
    qtbot.addWidget(form, before_close_func=lambda _form: _leave(form))
    with qtbot.waitExposed(form):
        form.show()
    fields = form.findChildren(Field)
    before = [(each.mapTo(form, QPoint()), each.size()) for each in fields]
    if isinstance(form, PersonForm):
        form.given.setText("Frauke")
        form.family.setText("Petersen")
        last: QWidget = form.birthday
        following: QWidget | None = form.companies.rows[0].main
    else:
        form.name.setText("Meyer und Söhne")
        last, following = form.name, form.kinds.focusProxy()
    qtbot.waitUntil(form.hint.isVisible)
    qtbot.wait(20)
    assert [(each.mapTo(form, QPoint()), each.size()) for each in fields] == before
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Tab)
    assert form.focusWidget() is following
    form.info.setFocus()
    QTest.keyClick(form.info, Qt.Key.Key_Tab)
    assert form.focusWidget() is form.hint.open


class _Counting(QStyledItemDelegate):
    """Counts the cells that are asked how large they would be."""

    asked = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        self.asked += 1
        return super().sizeHint(option, index)


def _group(number: int, names: int) -> _Row:
    pair = (1, 2, Likeness(0.99, (Text("same name"),)))
    return _Row(number, Twins({each: f"Meyer {number} {each}" for each in range(1, names + 1)}, (pair,)))


def test_rows_are_as_tall_as_their_lines_and_few_cells_are_asked(context: Context, qtbot: QtBot) -> None:
    dialog = shown(context, qtbot)
    counting = _Counting()
    dialog.view.setItemDelegate(counting)
    rows = [_group(number, 4 if number % 7 == 3 else 2) for number in range(600)]
    dialog._show_rows(rows)
    assert counting.asked < len(rows)
    for left in (rows, rows[1:], rows[:1], rows[5:50]):
        dialog._show_rows(left)
        found = [dialog.view.rowHeight(place) for place in range(len(left))]
        dialog.view.resizeRowsToContents()
        assert found == [dialog.view.rowHeight(place) for place in range(len(left))]
        assert (max(found) > min(found)) is (len(left) > 1)
