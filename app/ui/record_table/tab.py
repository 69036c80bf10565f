"""What the tabs with a list of records have in common."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.ui.jobs import Job
from app.ui.record_table.filter_bar import FilterBar
from app.ui.record_table.group_chip import GroupChip
from app.ui.record_table.panel import RecordPanel
from app.ui.record_table.views_chip import add_views

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.record_table.instead import Instead
    from app.ui.tables.view import TableView

#: Below this height (before scaling) nothing but the list is shown.
_LOW = 330


class RecordTab(QWidget):
    """A tab around a `RecordPanel`. Widgets above the list go to `head`; the chips of `narrowing` narrow it.

    A tab with figures there says what to `read_figures`, how to `show_figures`, and which changes `concern_figures`.
    """

    selectionChanged = Signal()
    asked = Signal(str)  # for a command of the window
    opened = Signal(object)  # the id of a record behind a figure

    def __init__(self, context: "Context", panel: RecordPanel[Any]) -> None:
        super().__init__()
        self.context = context
        self.panel = panel
        self._shown = False
        self._asked = 0
        self._due = True
        px = context.theme.px
        box = QVBoxLayout(self)
        context.theme.fit(
            box, lambda: box.setContentsMargins(px(14), px(14), px(14), px(14)), lambda: box.setSpacing(px(11))
        )
        self._above = QWidget()  # of its own, made before the list: so Tab comes to it first
        self.head = QVBoxLayout(self._above)
        self.head.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(self.head, lambda: self.head.setSpacing(px(11)))
        box.addWidget(self._above)
        box.addWidget(panel, 1)
        panel.selectionChanged.connect(self.selectionChanged)
        context.bridge.changed.connect(self._on_change)

    def show_head(self, shown: bool) -> None:
        """Whether what stands above the list is seen."""
        self._above.setVisible(shown)

    @property
    def low(self) -> bool:
        """Whether the rows themselves need the room of the figures above them."""
        return self.height() - self.panel.bar.surplus() < self.context.theme.px(_LOW)

    def fit_head(self) -> None:
        """Show above the list what there is room for."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_head()

    def tell_when_empty(
        self, message: str, icon: str, label: str = "", command: str = "", *, assigned: str = ""
    ) -> None:
        """What stands in place of the rows: of an empty list this, with a button for the one next step; of a narrowed
        one that nothing fits. `assigned` is for those who see only what is assigned to them.
        """
        self._empty, self._assigned, self._is_narrowed = (message, icon, label, command), assigned, False
        self.panel.narrowed.connect(self._say_empty)
        self.context.allowed.changed.connect(self._permit)
        self._say_empty(False)

    def _permit(self) -> None:
        self._say_empty(self._is_narrowed)

    def _say_empty(self, narrowed: bool) -> None:
        self._is_narrowed = narrowed
        message, icon, label, command = self._empty
        if self._assigned and not self.context.allowed.rights.sees_all:
            message = self._assigned
        if not self.context.allowed.may(Act.CHANGE):  # there is no next step that could be taken
            command = ""
        if narrowed:
            label = tr("Clear the filter")
            self.panel.tell_when_empty(tr("Nothing fits the filter."), "search", label, self.panel.widen)
        else:
            action = (lambda: self.asked.emit(command)) if command else None
            self.panel.tell_when_empty(message, icon, label, action)

    def add_chips(self, list_: str, *, elsewhere: Sequence[str] = ()) -> None:
        """The chips of the list with this key; what is `elsewhere` has a control of the tab's instead of a chip."""
        kind, panel = self.panel.kind, self.panel
        bar = FilterBar(self.context, kind.facets, kind.chips[list_], panel.bar, panel, elsewhere=elsewhere)
        bar.asked.connect(lambda tree: self.panel.ask(filter=tree))
        bar.cleared.connect(self._on_cleared)
        bar.editAsked.connect(self.edit_filter)
        self.panel.filtered.connect(bar.show_filter)
        self.panel.narrowed.connect(bar.show_narrowed)
        for signal in (bar.shown, self.panel.narrowed):
            signal.connect(self.fit_head)
        self.narrowing = bar
        self.views = add_views(self.context, self.panel, list_)

    def _on_cleared(self) -> None:
        """The button pressed goes: the keyboard is in the list."""
        self.panel.front.setFocus()
        self.panel.widen()

    def edit_filter(self) -> None:
        """Put a filter together in the editor."""
        from app.ui.record_table.filter_editor import ask_filter

        found = ask_filter(self.context, self.panel.kind, self.panel.query, self.window())
        if found is not None:
            self.panel.ask(filter=found.tree)

    def add_grouping(self, choices: Sequence[str]) -> None:
        """A chip to group the list by one or two of these."""
        chip = self.group_chip = GroupChip(self.context.theme, self.panel.kind.groupings, choices)
        self.panel.groups.choices = choices
        self.panel.grouped.connect(chip.show_group)
        chip.chosen.connect(self.panel.group)
        chip.foldAsked.connect(self.panel.fold_all)
        self.panel.bar.insert_widget(self.panel.bar.indexOf(self.views), chip)
        self.panel.bar.let_yield(chip, chip.least_width, 1)
        self.panel.bar.setAlignment(chip, Qt.AlignmentFlag.AlignRight)
        chip.stackUnder(self.views)

    @property
    def front(self) -> "Instead | TableView":
        """What shows the records."""
        return self.panel.front

    def activate(self) -> None:
        """The tab comes to the front."""
        if not self._shown:
            self._shown = True
            self.panel.reload()
        self.panel.front.setFocus()

    def refresh(self) -> None:
        """Ask for everything anew."""
        self.context.wording.refresh()
        self.panel.reload()
        self.ask_figures()

    def turn_of_day(self) -> None:
        """What was due tomorrow is due today: other records may belong here, in another order."""
        self.panel.reload()
        self.ask_figures()

    # Figures above the list

    def read_figures(self) -> Callable[[], Any] | None:
        """What reads them, on another thread; None for a tab that has none."""
        return None

    def show_figures(self, found: Any) -> None:
        """Show what was read."""

    def concern_figures(self, change: ChangeSet) -> bool:
        """Whether they may be others after a change."""
        return False

    def ask_figures(self) -> None:
        """Read them anew, in a thread: that may take longer than a repaint. Unseen ones wait to be shown."""
        read = self.read_figures()
        if read is None:
            return
        self._asked += 1
        self._due = not self.isVisible()
        if not self._due:
            asked = self._asked
            job = Job(
                Text("Counting"), lambda _progress: read(), lambda found: self._take(asked, found), quiet=True,
                patient=True, owner=self,
            )  # fmt: skip
            self.context.jobs.start(job)

    def _take(self, asked: int, found: Any) -> None:
        if asked == self._asked:
            self.show_figures(found)

    def _on_change(self, change: ChangeSet) -> None:
        if self.concern_figures(change):
            self.ask_figures()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._due:
            self.ask_figures()

    def selected_ids(self) -> list[int]:
        """The records chosen in the list."""
        return self.panel.selected_ids()

    def focus_filter(self) -> None:
        """Let the user type what to look for."""
        self.panel.filter.setFocus()
        self.panel.filter.selectAll()

    def save_state(self) -> dict[str, Any]:
        """What is remembered of the tab."""
        current = self.views.current
        return {**self.panel.save_state(), "view": None if current is None else current.id}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save_state`."""
        self.panel.restore_state(state)
        view = state.get("view")
        self.views.choose(view if isinstance(view, int) else None)
