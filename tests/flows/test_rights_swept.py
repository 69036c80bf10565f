"""Everything that can be pressed is pressed: nobody is refused what is offered, and who only reads changes nothing."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from traceback import extract_stack
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QPushButton, QWidget
from shiboken6 import isValid
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.core.roles import Role
from app.models.bookkeeping import METADATA, UNRECORDED
from app.models.opening import create_store
from app.models.schema import Lead, User
from app.models.store import Store
from app.services import demo, setup
from app.ui.allowed import Barred
from app.ui.forms.rows_view import RowsView
from app.ui.main_window import TABS
from app.ui.program_tasks import ProgramTasks
from app.ui.settings.dialog import SettingsDialog
from app.ui.timeline.panel import TimelinePanel
from app.ui.widgets.field_row import FieldValue
from app.ui.widgets.link_lines import LinkLine
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import TODAY, ZONE, reopened
from tests.ui.scripted import AgreeingDialogs

#: They leave the window, ask for what only the program itself can give, or open what is outside of it.
_LEFT_OUT = {
    "quit",
    "reminders",
    "record_call",
    "record_mail",
    "help",
    "about",
    "shortcuts",
    "refresh",
    "switch_user",
    "lock",
}
#: Asks where it depends: text can be pasted by everybody, into the list only by some.
_DEPENDS = {"paste"}
#: They word a refusal, or ask beforehand whether there would be one.
_ASKING = {"locked._look", "history_steps.detail"}
#: Everybody's own: how one works, and what one was reminded of.
_OWN = UNRECORDED | {"saved_view", "field_notice"}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with all that an agency has in it, that nobody opens."""
    folder = tmp_path_factory.mktemp("agency") / "data"
    with closing(create_store(folder, origin="test", clock=FixedClock.at(TODAY, ZONE))) as store:
        setup.seed(store)
        demo.fill(store)
    return folder


@pytest.fixture
def store(agency: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, used by its owner."""
    shutil.copytree(agency, tmp_path / "data")
    opened = reopened(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What anybody was refused, wherever it was raised and however it was told."""
    told: list[str] = []
    make = NotAllowed.__init__

    def noted(self: NotAllowed, *args: Any, **more: Any) -> None:
        make(self, *args, **more)
        places = [each for each in reversed(extract_stack()) if "/app/" in each.filename]
        if not any(f"{Path(each.filename).stem}.{each.name}" in _ASKING for each in places):
            told.append(f"{self}: {' < '.join(f'{Path(each.filename).stem}.{each.name}' for each in places)}")

    monkeypatch.setattr(NotAllowed, "__init__", noted)
    return told


def _let(store: Store, role: Role) -> int:
    """Somebody of the agency gets this role, and some leads in all states; who it is."""
    with store.write(Text("Role")) as session:
        owner, member = session.query(User).order_by(User.id).limit(2).all()
        owner.role, member.role = Role.OWNER, role
        for lead in session.query(Lead).filter(Lead.deleted_at.is_(None)).order_by(Lead.id):
            if lead.id % 3 == 0:
                lead.user_id = member.id
        session.flush()
        return member.id


def _contents(store: Store) -> dict[str, Counter[str]]:
    """Every row of every table that is more than somebody's own, read by who sees all."""
    actor, store.actor_id = store.actor_id, None
    try:
        with store.read() as connection:
            return {
                table: Counter(map(repr, connection.execute(text(f"SELECT * FROM main.{table}")).all()))
                for table in METADATA.tables if table not in _OWN
            }  # fmt: skip
    finally:
        store.actor_id = actor


class Hands:
    """Presses what can be pressed. Dialogs and menus that come up are gone through and left."""

    def __init__(self, desk: Desk, press: Callable[[QWidget], object]) -> None:
        """`press` does with a dialog what somebody would."""
        self.desk = desk
        self._press = press
        self._seen: list[QWidget] = []
        self._watching = False
        self.dialogs: list[str] = []
        self.menus: list[str] = []
        self.pressed: list[str] = []

    def do(self, act: Callable[[], object]) -> None:
        """Do something, and go through all that comes of it."""
        self._watching = True
        self._watch()
        act()
        QTest.qWait(1)
        while isinstance(menu := QApplication.activePopupWidget(), QMenu):
            self._go_through(menu)
        self._watching = False

    def _watch(self) -> None:
        """Whatever waits for an answer, be it within another dialog or menu, does not wait for long."""
        if self._watching:
            QTimer.singleShot(2, self._watch)
            self._look()

    def _look(self) -> None:
        """A dialog that came up is gone through, with what comes up of that, and is closed."""
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or dialog in self._seen:
            return
        self._seen.append(dialog)
        self.dialogs.append(type(dialog).__name__)
        try:
            if len(self._seen) <= 2:
                self._press(dialog)
        finally:
            self._seen.remove(dialog)
            if QApplication.activeModalWidget() is dialog:
                QDialog.done(dialog, QDialog.DialogCode.Rejected)

    def _go_through(self, menu: QMenu) -> None:
        entries = [each for each in menu.actions() if each.isEnabled() and each.text() and each.menu() is None]
        self.menus += [each.text() for each in entries]
        for entry in entries[:3]:
            if isValid(menu):
                entry.trigger()
                QTest.qWait(1)
        if isValid(menu):
            menu.close()
        QTest.qWait(1)

    def command(self, id_: str) -> bool:
        """Give a command, if it can be given; whether it could."""
        action = self.desk.window.actions_[id_]
        if not action.isEnabled() or id_ in _LEFT_OUT | _DEPENDS:
            return False
        self.pressed.append(id_)
        self.do(action.trigger)
        return True

    def sweep(self, tabs: Sequence[str]) -> None:
        """All commands: those for what is chosen in these tabs, in one with several, too; the others once."""
        specs = [
            each for each in self.desk.window.actions_.specs if not each.id.startswith(("tab:", "theme:", "density:"))
        ]
        for tab in tabs:
            for several in (False, True) if tab == "leads" else (False,):
                begun = False  # what could not be pressed has changed nothing
                for spec in specs:
                    if spec.needs or (tab == "leads" and not several):
                        if not begun:
                            _begin(self.desk, tab, several=several)
                        begun = not self.command(spec.id)


def _begin(desk: Desk, tab: str, *, several: bool) -> None:
    """A tab with all that is in it, of which something is chosen."""
    shown = desk.window.go_to(tab)
    panel: Any = getattr(shown, "panel", None)
    view: Any = getattr(shown, "front", None)
    if hasattr(panel, "widen"):
        panel.widen()
    if several:
        view.selectAll()
    elif hasattr(view, "selectRow"):
        view.selectRow(0)


def _buttons(within: QWidget) -> list[QAbstractButton]:
    return [each for each in within.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]


#: How the words of what changes something begin.
_CHANGES = ("Edit", "Change", "Remove", "Set", "Finish", "Rename", "Pin", "Unpin", "Delete", "Undo", "Also", "Create")
_LEAVES = {"Close", "Cancel", "Help", "Choose …", "Start with the system, in the tray"}


def _press_all(dialog: QWidget) -> None:
    """Everything in a dialog that can be pressed, on every page of it."""
    if not isinstance(dialog, SettingsDialog):
        _press_within(dialog)
        return
    for key in list(dialog.keys()):
        dialog.show_page(key)
        spec = next(each for each in dialog._pages if each.key == key)
        if spec.right is not None or key == "trash":
            for view in dialog.page.findChildren(RowsView):
                _try_rows(view)
            _press_within(dialog.page)


def _press_within(widget: QWidget) -> None:
    """Every button that does something; those with a menu are left alone, and those that leave."""
    for button in _buttons(widget):
        named = button.text().replace("&", "") or button.accessibleName()
        if named not in _LEAVES and not (isinstance(button, QPushButton) and button.menu() is not None):
            button.click()


def _try_rows(view: RowsView) -> None:
    """Type into every cell, move a row, and delete it."""
    model = view.model()
    for row in range(min(2, model.rowCount())):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if model.flags(index) & Qt.ItemFlag.ItemIsEditable:
                model.setData(index, "12")
    if model.rowCount():
        view.setCurrentIndex(model.index(0, 0))
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(view, Qt.Key.Key_Delete)


@pytest.fixture
def at_desk(store: Store, opening: Open, tmp_path: Path) -> Callable[[Role], Desk]:
    """Opens the window of somebody with a role, who agrees to everything."""

    def open_(role: Role) -> Desk:
        store.actor_id = _let(store, role)
        desk = opening(asked=AgreeingDialogs(tmp_path))
        desk.tasks._hub = ProgramTasks(desk.window, desk.context, lambda _backup: None, lambda _coming: None).run
        return desk

    return open_


def test_who_only_reads_changes_nothing_whatever_is_pressed(
    store: Store, at_desk: Callable[[Role], Desk], refusals: list[str]
) -> None:
    desk = at_desk(Role.READER)
    before = _contents(store)
    hands = Hands(desk, _press_all)
    hands.sweep([spec.key for spec in TABS])
    assert not sorted(set(refusals))
    assert _contents(store) == before
    assert {"open", "export", "settings", "history", "trash", "save_view", "lead_history"} <= set(hands.pressed)
    assert {"SettingsDialog", "HistoryDialog", "ViewDialog"} <= set(hands.dialogs)


def test_who_only_reads_is_offered_no_way_to_write_where_things_stand(
    at_desk: Callable[[Role], Desk], refusals: list[str]
) -> None:
    desk = at_desk(Role.READER)
    desk.window.resize(1600, 1400)
    hands = Hands(desk, _press_all)
    seen = 0
    for tab in ("potential", "leads", "closed", "customers"):
        desk.window.go_to(tab)
        panel = desk.panel
        panel.view.selectRow(0)
        QTest.qWait(1)
        id_ = panel.view.current_id()
        keys = [column.key for column in panel.model.columns]
        assert all(panel.editing._source().edit_of(id_, key) is None for key in keys)
        assert all(panel.editing._source().why_not(id_, key) for key in keys)
        values = [each for each in desk.window.findChildren(FieldValue) if each.isVisible()]
        assert not [each.button.accessibleName() for each in values if each.button._editable]
        seen += sum(bool(each.refusal) for each in values)
        for line in (each for each in desk.window.findChildren(LinkLine) if each.isVisible()):
            offered = [words for words, act in line.link.offers if not isinstance(act, Barred)]
            assert not [words for words in offered if words.startswith(_CHANGES)]
            assert line.link.edit is None or isinstance(line.link.edit, Barred)
        for timeline in (each for each in desk.window.findChildren(TimelinePanel) if each.isVisible()):
            for entry in timeline.entries()[:5]:
                hands.do(partial(timeline._tasks.menu, entry, timeline.mapToGlobal(timeline.rect().center())))
    assert seen > 20
    assert not [words for words in hands.menus if words.startswith(_CHANGES)]
    assert not sorted(set(refusals))


def test_who_sees_some_leads_is_refused_nothing_that_is_offered(
    store: Store, at_desk: Callable[[Role], Desk], refusals: list[str]
) -> None:
    desk = at_desk(Role.LIMITED)
    hands = Hands(desk, _press_all)
    hands.sweep(("potential", "leads", "closed", "customers"))
    assert not sorted(set(refusals))
    assert {"new_lead", "won", "delete", "tags", "bulk_edit", "settings"} <= set(hands.pressed)
    assert not {"assign", "import", "merge", "backup"} & set(hands.pressed)
