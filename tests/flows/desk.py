"""Hands and eyes of somebody who works at the window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from app.models.store import Store
from app.services.lead_list import LeadRow
from app.ui.context import Context
from app.ui.main_window import TABS, MainWindow
from app.ui.timeline.view import TimelineView
from app.ui.widgets.tab_row import Badges
from app.ui.widgets.toast import Toast
from app.ui.window_tasks import WindowTasks
from tests.ui.scripted import ScriptedDialogs

W = TypeVar("W", bound=QWidget)
_ALOUD = Qt.ItemDataRole.AccessibleTextRole


@dataclass
class Desk:
    """A window somebody works at, with hands and eyes."""

    store: Store
    window: MainWindow
    context: Context
    tasks: WindowTasks
    dialogs: ScriptedDialogs
    reports: list[str]

    def leave(self) -> None:
        """Close the window, and let go of everything. Whoever left already stays away."""
        if not vars(self):
            return
        self.dialogs.finish()
        assert not self.reports, self.reports[0]
        if self.window.isVisible():
            self.window.close()
        self.window.deleteLater()
        vars(self).clear()

    # Looking

    @property
    def panel(self) -> Any:
        """The list in front."""
        return self.window.current_tab().panel

    @property
    def detail(self) -> Any:
        """The detail panel."""
        return self.window.side.currentWidget()

    def titles(self) -> list[str]:
        """The titles in the list in front, in their order."""
        return [row.title for row in self.context.office.lists.rows(list(self.panel.model.ids))]

    def shown(self, column: str, row: int = 0) -> str:
        """What a cell of the list in front shows."""
        keys = [each.key for each in self.panel.model.columns]
        return str(self.panel.model.cell(row, keys.index(column)).text)

    def badges(self, tab: str) -> Badges:
        """What stands beside the name of a tab."""
        return self.window.tab_row.badges(next(i for i, spec in enumerate(TABS) if spec.key == tab))

    def status(self) -> str:
        """What the status bar says."""
        return str(self.window.status._message.text())

    def history(self) -> str:
        """What the timeline in the detail panel says, an entry a line or more."""
        view = self.detail.findChild(TimelineView)
        return "\n".join(view.model().index(row, 0).data(_ALOUD) for row in range(view.model().rowCount()))

    def lead(self, lead_id: int) -> LeadRow:
        """A lead as the database has it."""
        return self.context.office.lists.rows([lead_id])[0]

    def said(self) -> str:
        """The sentence of the last error."""
        toast = self.window.findChild(Toast)
        return "" if toast is None else toast.message

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The one visible control with this accessible name or label."""
        found = [each for each in (within or self.window).findChildren(kind) if each.isVisible() and _named(each, name)]
        assert len(found) == 1, f"{len(found)} × {name!r}"
        return found[0]

    # Doing

    def choose(self, lead_id: int) -> None:
        """Click on a lead in the list in front."""
        row = self.panel.model.row_of(lead_id)
        assert row is not None, "not in the list"
        view = self.panel.view
        view.scrollTo(view.model().index(row, 0))
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def press(self, name: str, within: QWidget | None = None) -> None:
        """Click a button."""
        QTest.mouseClick(self.find(QAbstractButton, name, within), Qt.MouseButton.LeftButton)

    def command(self, id_: str) -> None:
        """Trigger a command as its menu entry does; it must be enabled."""
        action = self.window.actions_[id_]
        assert action.isEnabled(), f"{id_} is not enabled"
        action.trigger()

    def type(self, text: str, *, enter: bool = False) -> None:
        """Type where the focus is."""
        widget = self.focus()
        for character in text:  # QTest's own typing ends the program at the first umlaut
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))
        if enter:
            QTest.keyClick(widget, Qt.Key.Key_Return)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.focus(), key, modifiers)

    def focus(self) -> QWidget:
        """Where keys go: in the dialog that is open, else in the window."""
        front = QApplication.activeModalWidget() or self.window
        widget = front.focusWidget()
        assert widget is not None, "nowhere to type"
        return widget

    def edit(self, label: str) -> QWidget:
        """Open a field of the detail panel; the editor that now has the focus."""
        button = next(
            each for each in self.detail.findChildren(QAbstractButton)
            if each.isVisible() and each.accessibleName().startswith(f"{label}:")
        )  # fmt: skip
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused is not button, f"{label} did not open"
        return focused


def _named(widget: QWidget, name: str) -> bool:
    label = widget.text() if isinstance(widget, QAbstractButton) else ""
    return name in (widget.accessibleName(), label.replace("&", ""))


def in_dialog(act: Callable[[Any], None]) -> None:
    """Do this in the dialog that opens next. The dialog is closed whatever happens: nobody else would."""

    def run() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog), "no dialog opened"
        try:
            act(dialog)
        finally:
            if dialog.isVisible():
                QDialog.done(dialog, QDialog.DialogCode.Rejected)

    QTimer.singleShot(0, run)
