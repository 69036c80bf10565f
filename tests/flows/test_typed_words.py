"""Filters typed as words above a list: they become chips, and what is unclear stays and is told."""

from typing import Any

from PySide6.QtCore import Qt

from app.models.store import Store
from app.services.filter_fields import Op
from app.services.record_filter import Condition, top
from app.ui.record_table.panel import RecordPanel
from app.ui.tables.bubble import Bubble
from tests.flows.desk import Desk
from tests.stores import add_lead


def typing(desk: Desk, store: Store) -> RecordPanel[Any]:
    """The list of five leads and one more of little value, with the keyboard in its filter line."""
    add_lead(store, "Webshop klein", stage="Angebot", amount=1_000)
    desk.panel.filter.setFocus()
    return desk.panel  # type: ignore[no-any-return]


def test_a_space_makes_a_chip_of_it(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    panel = typing(desk, store)
    desk.type("stufe:angebot ")
    assert (panel.filter.text(), desk.titles()) == ("", ["Kampagne Herbst", "Webshop klein"])
    desk.type(">10k ")
    assert desk.titles() == ["Kampagne Herbst"]
    desk.type("plakat")
    assert desk.titles() == []
    assert top(panel.query.filter) == (
        Condition("stage", Op.IS, (3,)), Condition("volume", Op.FROM, (10_000_00,)),
    )  # fmt: skip


def test_enter_takes_all_at_once_and_leaves_the_words(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    panel = typing(desk, store)
    panel.filter.setText("web verantw:ak <100k")
    desk.key(Qt.Key.Key_Return)
    assert (panel.filter.text(), panel.query.text, desk.titles()) == ("web", "web", ["Webshop Müller"])


def test_a_field_that_is_asked_for_anew_is_no_contradiction(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    typing(desk, store)
    desk.type("stufe:vorst ")
    assert desk.titles() == ["Film Molkerei"]
    desk.type("stufe:erst ")
    assert desk.titles() == ["Hosting Bräu"]


def test_half_a_filter_empties_no_list(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    panel = typing(desk, store)
    desk.type("web stufe:a")
    assert (panel.query.text, desk.titles()) == ("web", ["Webshop Müller", "Webshop klein"])


def test_what_is_unclear_stays_and_is_told(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    panel = typing(desk, store)
    desk.type("stufe:xyz ")
    assert panel.filter.text() == "stufe:xyz "
    desk.key(Qt.Key.Key_Return)
    (bubble,) = [each for each in panel.view.viewport().findChildren(Bubble) if each.isVisible()]
    assert bubble.words == "“stufe:xyz”: Nothing is called “xyz”"
    assert len(desk.titles()) == 6
    desk.type("x")
    assert not bubble.isVisible()


def test_a_word_that_is_typed_within_quotes_keeps_its_spaces(desk: Desk, store: Store, leads: dict[str, int]) -> None:
    panel = typing(desk, store)
    desk.type('"webshop klein')
    assert panel.filter.text() == '"webshop klein'
    desk.type('" ')
    assert (panel.filter.text(), desk.titles()) == ("", ["Webshop klein"])


def test_what_can_be_typed_is_read_out_without_markup(desk: Desk) -> None:
    described = desk.panel.filter.accessibleDescription()
    assert described
    assert "<p" not in described
    assert "&gt;" not in described
