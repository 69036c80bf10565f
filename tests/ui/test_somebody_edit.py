"""The field for somebody asks the database once a key, whoever follows what is typed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InvalidInput
from app.core.terms import Entity
from app.models.store import Store
from app.services.companies import Companies
from app.services.people import People
from app.services.somebody import BOTH, Meant, Somebodies
from app.ui.forms.field import Field
from app.ui.forms.somebody import SomebodyEdit
from tests.services.seen import statements


@pytest.fixture
def make(store: Store, qtbot: QtBot) -> Callable[..., tuple[SomebodyEdit, Field]]:
    Companies(store).create(name="Müller")
    for place in range(20):
        Companies(store).create(name=f"Aumüller {place:02}")
    People(store).create(given="Mia", family="Müller")

    def make_it(*kinds: Entity) -> tuple[SomebodyEdit, Field]:
        edit = SomebodyEdit(Somebodies(store), kinds, "company")
        field = Field("Company", edit)
        edit.follow(field)
        qtbot.addWidget(field)
        field.show()
        edit.setFocus()
        return edit, field

    return make_it


@pytest.mark.parametrize("kinds", [(Entity.COMPANY,), BOTH])
def test_a_key_is_one_statement(
    store: Store, make: Callable[..., tuple[SomebodyEdit, Field]], kinds: tuple[Entity, ...]
) -> None:
    edit, _field = make(*kinds)
    for letter in "Mueller AG":
        assert statements(store, lambda letter=letter: QTest.keyClick(edit, letter)) == 1  # type: ignore[misc]
    assert statements(store, lambda: QTest.keyClick(edit, Qt.Key.Key_Backspace)) == 1


def test_who_is_called_so_is_known_however_many_names_contain_it(
    make: Callable[..., tuple[SomebodyEdit, Field]],
) -> None:
    edit, field = make(Entity.COMPANY)
    QTest.keyClicks(edit, "mueller")
    assert field.said == ""
    assert edit._naming.offers("müller")[0] == "Müller"
    assert edit.value() == Meant(Entity.COMPANY, 1, "Müller")
    QTest.keyClicks(edit, " AG")
    assert "is new" in field.said


def test_what_others_make_meanwhile_is_known_when_the_field_is_read(
    store: Store, make: Callable[..., tuple[SomebodyEdit, Field]]
) -> None:
    edit, _field = make(*BOTH)
    QTest.keyClicks(edit, "Neu")
    with pytest.raises(InvalidInput):
        edit.value()
    made = Companies(store).create(name="Neu")
    assert edit.value() == Meant(Entity.COMPANY, made, "Neu")
