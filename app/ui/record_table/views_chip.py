"""The chip that says how the list is looked at: which saved view, whether it was changed since, and all the others."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.core.changes import ChangeSet
from app.core.i18n import N_, Text, tr
from app.core.roles import Act
from app.services.saved_views import ViewInfo
from app.ui.allowed import offer
from app.ui.jobs import Job
from app.ui.record_table.panel import RecordPanel
from app.ui.tips import plain_tip
from app.ui.widgets.chips import Chip

if TYPE_CHECKING:
    from app.ui.context import Context

#: What a list says of itself that nobody chose: the widths that columns happen to have in this window.
_HAPPENED = ("seen",)
#: Letters of a name on the chip; the menu and the tip say all of it.
_LONGEST = 24


class ViewsChip(Chip):
    """Switches between the saved views of a list. Without one the list is as it was at first: the standard view."""

    def __init__(self, context: "Context", panel: RecordPanel[Any], list_: str) -> None:
        super().__init__(context.theme, "")
        self._context = context
        self._views = context.office.views
        self._panel = panel
        self._list = list_
        self._standard = panel.save_state()
        self._current: ViewInfo | None = None
        self._said: tuple[str, bool] | None = None
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.set_menu(self._menu)
        panel.view.layoutEdited.connect(self.refresh)
        panel.narrowed.connect(self.refresh)
        panel.filtered.connect(self.refresh)
        context.bridge.changed.connect(self._on_change)
        self.refresh()

    @property
    def current(self) -> ViewInfo | None:
        """The view chosen; None for the standard one."""
        return self._current

    @property
    def changed(self) -> bool:
        """Whether the list is looked at otherwise than the view says."""
        return not same(self._panel.save_state(), self._meant())

    def choose(self, view_id: int | None) -> None:
        """Say which view it is, without taking it over; one that is gone, or of another list, is none."""
        found = None if view_id is None else self._views.get(view_id)
        self._current = found if found is not None and found.list == self._list else None
        self.refresh()

    def take(self, view: ViewInfo | None) -> None:
        """Look at the list as a view says; None for the standard one."""
        self._current = view
        if view is not None and view.damaged:
            self._context.notify(Text("The view “{name}” is damaged and cannot be read.", name=view.name))
        self._panel.restore_state(self._meant())
        self.refresh()
        self._panel.front.setFocus()

    def refresh(self) -> None:
        """Say which view it is, and whether it was changed: the standard one is there to be changed."""
        name = tr("Standard") if self._current is None else self._current.name
        changed = self._current is not None and self.changed
        if self._said == (name, changed):  # heard of with every key that narrows the list
            return
        self._said = (name, changed)
        shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        template = N_("View: {name} · changed") if changed else N_("View: {name}")
        self.setText(tr(template, name=shown).replace("&", "&&"))
        self.say_shortly(tr("Views") if self._current is None else None)
        self.setAccessibleName(tr(template, name=shown))
        self.setToolTip(plain_tip(tr(template, name=name)))
        self.setChecked(self._current is not None)

    def save(self) -> None:
        """Let the current view be as the list is looked at now; without one it is asked for a name."""
        if self._current is None:
            self.save_as()
        else:
            view_id, state = self._current.id, self._panel.save_state()
            self._write(lambda: self._views.overwrite(view_id, state))

    def save_as(self) -> None:
        """Ask for a name and keep how the list is looked at."""
        from app.ui.record_table.view_dialogs import ask_view

        view_id = ask_view(self._context, self._list, self._panel.save_state(), self.window())
        if view_id is not None:
            self.choose(view_id)

    def manage(self) -> None:
        """Rename, order, share and delete views."""
        from app.ui.record_table.view_dialogs import ViewsDialog

        ViewsDialog(self._context, self._list, self.window()).exec()

    def _meant(self) -> Mapping[str, Any]:
        """What the view says; of what it does not speak of, as at first."""
        return {**self._standard, **(self._current.definition if self._current is not None else {})}

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        self._offer(tr("Standard"), None)
        for view in self._views.all(self._list):
            self._offer(tr("{name} (for all)", name=view.name) if view.shared else view.name, view)
        menu.addSeparator()
        changed = self.changed
        if self._current is not None:
            save = self._context.deed(Act.LISTS, self.save) if self._current.shared else self.save
            entry = self._entry(tr("Save changes"), save)
            entry.setEnabled(changed and entry.isEnabled())
        self._entry(tr("Save view as …"), self.save_as)
        self._entry(tr("Discard changes"), lambda: self.take(self._current)).setEnabled(changed)
        menu.addSeparator()
        self._entry(tr("Manage views …"), self.manage)

    def _offer(self, words: str, view: ViewInfo | None) -> None:
        entry = self._entry(words.replace("&", "&&"), partial(self.take, view))
        entry.setCheckable(True)
        entry.setChecked((view and view.id) == (self._current and self._current.id))

    def _entry(self, words: str, act: Callable[[], object]) -> Any:
        return offer(self._menu, words, act)

    def _write(self, verb: Callable[[], object]) -> None:
        self._context.jobs.write(Job(Text("Saving"), lambda _progress: verb(), owner=self))

    def _on_change(self, change: ChangeSet) -> None:
        if self._current is not None and change.concerns("saved_view", "member"):
            self.choose(self._current.id)


def same(now: Mapping[str, Any], meant: Mapping[str, Any]) -> bool:
    """Whether a list is looked at as it is meant to be. Columns that only one of the two knows count for nothing."""
    shown, wanted = _columns(now.get("columns")), _columns(meant.get("columns"))
    both = shown.keys() & wanted.keys()
    if [each for each in shown.items() if each[0] in both] != [each for each in wanted.items() if each[0] in both]:
        return False
    others = {*now, *meant}.difference(_HAPPENED, ("columns",))
    return all(_plain(now.get(key)) == _plain(meant.get(key)) for key in others)


def _columns(kept: object) -> dict[str, str]:
    """What is said of each column, in their order, as far as it can be read."""
    entries = kept if isinstance(kept, list) else []
    return {e[0]: _plain(e[1:]) for e in entries if isinstance(e, list) and e and isinstance(e[0], str)}


def _plain(value: object) -> str:
    return json.dumps(value or None, sort_keys=True)


def add_views(context: "Context", panel: RecordPanel[Any], list_: str) -> ViewsChip:
    """The chip of a list, at the right end of its bar."""
    chip = ViewsChip(context, panel, list_)
    panel.bar.addWidget(chip)
    panel.bar.let_yield(chip, chip.least_width, 1)
    panel.bar.setAlignment(chip, Qt.AlignmentFlag.AlignRight)
    return chip
