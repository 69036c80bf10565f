"""With whom it is time to get in touch, on the overview: seen, called, opened, and gone when that is done."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.core.clock import FixedClock
from app.core.format import Formats
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.schema import Tag
from app.models.store import Store
from app.services.companies import Companies
from app.services.lead_fields import NextStep
from app.services.owners import Owner
from app.services.people import People
from app.services.record_detail import RecordDetails
from app.ui.steps.dialog import StepDialog
from app.ui.wording import rhythm_words
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.flows.test_overview import chosen, overview, settle
from tests.stores import add_lead, add_member

DAY = timedelta(days=1)


@pytest.fixture
def known(store: Store, clock: FixedClock) -> dict[str, int]:
    """A company that waits too long, a person who is due, one of somebody else, one who is fine; a lead to be seen."""
    other = add_member(store, "Jonas Weiß", "JW")
    companies = Companies(store)
    made = {
        "Lindenhof": companies.create(name="Lindenhof", touch_target=30, touch_latest=45, user_id=1),
        "Eckhof": companies.create(name="Eckhof", touch_target=50, touch_latest=90, user_id=other),
        "Jahrgang": companies.create(name="Jahrgang", touch_target=365, user_id=1),
        "Korn": People(store).create(given="Mara", family="Korn", touch_target=40, touch_latest=80, user_id=1),
    }
    add_lead(store, "Ein Lead", stage="Angebot", amount=1000, user_id=1)
    clock.instant += 60 * DAY
    return made


def lines(desk: Desk) -> list[list[str]]:
    """Name, last contact, how long ago, and whose."""
    model = overview(desk).touch.model
    return [
        [model.cell(row, column).text.replace("\N{NO-BREAK SPACE}", " ") for column in range(4)]
        for row in range(model.rowCount())
    ]


def names(desk: Desk) -> list[str]:
    """Who stands there."""
    return [line[0] for line in lines(desk)]


def said(desk: Desk) -> str:
    """What the head of the card counts."""
    return str(overview(desk).touch._sum.text())


def test_the_worst_stand_first_mine_or_everybodys(opening: Open, known: dict[str, int]) -> None:
    desk = opening(front="")
    assert lines(desk) == [["Lindenhof", "none yet", "for 60 d", "AK"], ["Mara Korn", "none yet", "for 60 d", "AK"]]
    assert said(desk) == "2 are due, 1 too late"
    overview(desk)._show_all()
    assert names(desk) == ["Lindenhof", "Mara Korn", "Eckhof"]
    assert said(desk) == "3 are due, 1 too late"


def test_a_call_is_logged_from_the_row_and_undone(opening: Open, known: dict[str, int], store: Store) -> None:
    desk = opening(front="")

    def write(dialog: Any) -> None:
        assert dialog.windowTitle() == "Log a call: Lindenhof"
        desk.type("Schöne Grüße")
        desk.press("Save", dialog)

    in_dialog(write)
    desk.press("Log a call …", overview(desk).touch)
    settle(desk)
    assert desk.status() == "Call on “Lindenhof”"
    assert names(desk) == ["Mara Korn"]
    assert desk.context.office.records.company(known["Lindenhof"]).last_on == store.today()
    desk.command("undo")
    settle(desk)
    assert names(desk) == ["Lindenhof", "Mara Korn"]


@pytest.mark.parametrize(("row", "entity", "name"), [(0, Entity.COMPANY, "Lindenhof"), (1, Entity.PERSON, "Korn")])
def test_enter_opens_the_customer(opening: Open, known: dict[str, int], row: int, entity: Entity, name: str) -> None:
    desk = opening(front="")
    view = overview(desk).touch.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.selectRow(row)
    desk.key(Qt.Key.Key_Return)
    assert desk.window.front.key == "customers"
    tab = desk.window.current_tab()
    assert (tab.entity, tab.record_ids()) == (entity, [known[name]])


def test_the_menu_of_a_row_offers_the_same(opening: Open, known: dict[str, int]) -> None:
    desk = opening(front="")
    card = overview(desk).touch
    card.view.menuRequested.emit(card.view.menu_place())
    (menu,) = card.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Show in Customers", "Log a call …"]
    menu.actions()[0].trigger()
    menu.close()
    assert desk.window.front.key == "customers"


def test_no_command_is_meant_for_a_lead_while_the_keyboard_is_there(opening: Open, known: dict[str, int]) -> None:
    desk = opening(front="")
    assert chosen(desk) == ["Ein Lead"]
    overview(desk).touch.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen(desk) == []
    assert not desk.window.actions_["delete"].isEnabled()
    overview(desk).today.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen(desk) == ["Ein Lead"]


def test_after_the_last_call_the_keyboard_is_in_todays_list(opening: Open, known: dict[str, int]) -> None:
    desk = opening(front="")
    view = overview(desk).touch.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for owner in (Owner("company", known["Lindenhof"]), Owner("person", known["Korn"])):
        assert view.hasFocus()
        desk.context.office.notes.write("call", owner, "")
        settle(desk)
    assert names(desk) == []
    assert said(desk) == ""
    assert overview(desk).today.view.hasFocus()


def test_who_is_due_tomorrow_stands_there_tomorrow(opening: Open, store: Store, clock: FixedClock) -> None:
    add_lead(store, "Ein Lead", user_id=1)
    Companies(store).create(name="Lindenhof", touch_target=3, touch_latest=3, user_id=1)
    clock.instant += 2 * DAY
    desk = opening(front="")
    overview(desk)
    assert names(desk) == []
    for day, expected in ((3, "for 3 d"), (4, "for 4 d")):
        clock.instant += DAY
        desk.tasks._tick()
        settle(desk)
        assert [line[2] for line in lines(desk)] == [expected], day
    assert said(desk) == "1 is due, 1 too late"


@pytest.mark.parametrize("change", ["rhythm", "tag", "archive", "name", "delete"])
def test_what_matters_is_heard(opening: Open, known: dict[str, int], store: Store, change: str) -> None:
    desk = opening(front="")
    companies, record = desk.context.office.companies, known["Lindenhof"]
    do: dict[str, Any] = {
        "rhythm": partial(companies.edit, [record], touch_target=100, touch_latest=None),
        "archive": partial(companies.archive, [record]), "delete": partial(companies.delete, [record]),
        "name": partial(companies.edit, [record], name="Brauerei"),
        "tag": partial(companies.edit, [known["Jahrgang"]], touch_target=None, tags=["VIP"]),
    }  # fmt: skip
    do[change]()
    if change == "tag":
        with store.write(Text("Tag")) as session:
            session.query(Tag).filter_by(name="VIP").one().touch_target = 10
    settle(desk)
    expected = {"name": ["Brauerei", "Mara Korn"], "tag": ["Jahrgang", "Lindenhof", "Mara Korn"]}
    assert names(desk) == expected.get(change, ["Mara Korn"])


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [(None, "Say at a customer or a tag how often to keep in touch. Who has to wait longer stands here."),
     (9, "You have heard of everybody in time.")],
)  # fmt: skip
def test_the_empty_card_says_what_belongs_there(opening: Open, store: Store, rhythm: int | None, words: str) -> None:
    add_lead(store, "Ein Lead", user_id=1)
    Companies(store).create(name="Lindenhof", touch_target=rhythm)
    card = overview(opening(front="")).touch
    assert card.view._empty._message.text() == words
    assert card._bar.isHidden()


@pytest.mark.parametrize(
    ("days", "tag", "words"),
    [
        (0, "", "every 30 days, at the latest after 45\nnext contact by 24 Dec 2026"),
        (29, "", "every 30 days, at the latest after 45\nnext contact by 24 Dec 2026"),
        (30, "", "every 30 days, at the latest after 45\ndue since 24 Dec 2026, too late from 9 Jan 2027 on"),
        (45, "", "every 30 days, at the latest after 45\ndue since 24 Dec 2026, too late from 9 Jan 2027 on"),
        (46, "", "every 30 days, at the latest after 45\ntoo late since 9 Jan 2027"),
        (1, "VIP", ("every 1 day, at the latest after 2 (tag “VIP”)\n"
                   "due since 25 Nov 2026, too late from 27 Nov 2026 on")),
    ],
)  # fmt: skip
def test_a_rhythm_is_said_in_words(store: Store, clock: FixedClock, days: int, tag: str, words: str) -> None:
    target, latest = (None, None) if tag else (30, 45)
    tags = [tag] if tag else []
    company = Companies(store).create(name="Lindenhof", tags=tags, touch_target=target, touch_latest=latest)
    if tag:
        with store.write(Text("Tag")) as session:
            session.query(Tag).one().touch_target = 1
    clock.instant += days * DAY
    rhythm = RecordDetails(store).company(company).rhythm
    assert rhythm is not None
    said = "\n".join(rhythm_words(rhythm, Formats("en", "DE"), store.today()))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == words


def test_steps_with_companies_stand_there_until_they_are_done_or_put_off(
    opening: Open, store: Store, clock: FixedClock
) -> None:
    companies, today = Companies(store), store.today()
    late, now, other = (companies.create(name=name, user_id=1) for name in ("Adler", "Biber", "Chor"))
    companies.set_next_step([late], NextStep(today - DAY, "Fragen"))
    companies.set_next_step([now], NextStep(today, "Anrufen", 16 * 60))
    companies.set_next_step([other], NextStep(today + DAY, "Später"))
    add_lead(store, "Ein Lead", user_id=1)
    desk = opening(front="")
    settle(desk)
    card = overview(desk).steps
    assert card.isVisible()
    assert [row.company for row in card.rows.values()] == ["Adler", "Biber"]
    model = card.view.model()
    due = [str(model.index(place, 2).data()).replace("\N{NO-BREAK SPACE}", " ") for place in range(2)]
    assert due == ["overdue 1 d", "today 16:00"]

    def done(dialog: StepDialog) -> None:
        dialog._done()

    card.view.setFocus()
    assert card.chosen().company == "Adler"
    in_dialog(done)
    card._do("record_finish")
    settle(desk)
    assert [row.company for row in card.rows.values()] == ["Biber"]
    desk.context.office.reminders.put_off([now], clock.now() + DAY, Entity.COMPANY)
    desk.context.bridge.reminded.emit(frozenset())
    settle(desk)
    assert not card.isVisible()
    clock.instant += DAY
    overview(desk).turn_of_day()
    settle(desk)
    assert [row.company for row in card.rows.values()] == ["Biber", "Chor"]
    card._do("open")
    assert desk.window.front.key == "customers"
