"""The timeline of a record: where more is written, what can be looked at alone, and the entries."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import NotFound
from app.core.i18n import Text, ntr, tr
from app.core.roles import Act
from app.services.files import Upload
from app.services.owners import Owner
from app.services.timeline import EntryKind, Key, Page
from app.ui.latest import Latest
from app.ui.timeline.composer import Composer
from app.ui.timeline.taking import brings_files, uploads_of
from app.ui.timeline.view import TimelineView
from app.ui.timeline.waiting import WaitingLines
from app.ui.timeline.wording import CHIPS
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Chip, Flow
from app.ui.widgets.filter_edit import FilterEdit

if TYPE_CHECKING:
    from app.services.timeline import Entry
    from app.ui.context import Context
    from app.ui.timeline.tasks import EntryTasks

#: Entries shown at once, and how many more on demand.
_SHOWN, _MORE = 20, 100
#: To come to an entry somebody found so many are looked through.
_FOR_ONE = 1000
#: While somebody types nothing is looked for, in milliseconds.
_PATIENCE = 200


class TimelinePanel(QWidget):
    """Follows the record it was given: `show_owner`. Files can be dropped anywhere on it."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner: Owner | None = None
        self._page = Page()
        self._stale = False
        self._hot = False
        self._latest = Latest(context.jobs, self, Text("Searching"), failed=_unless_gone, patient=True)
        self._wanted: tuple[Owner, int, int] | None = None
        self._heading = QLabel(tr("History"))
        self._heading.setProperty("kind", "heading")
        self._all = Button(context.theme, tr("Undo steps …"), ButtonKind.LINK)
        self._all.clicked.connect(self._show_history)
        self.composer = Composer(context, self)
        self.composer.brought.connect(self.take)
        self.waiting = WaitingLines(context, self)
        self._chips: list[tuple[Chip, tuple[EntryKind, ...]]] = []
        self._search = FilterEdit(context.theme, tr("Search in the history"))
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._look)
        self._search.textChanged.connect(lambda _typed: self._timer.start())
        self.view = TimelineView(context)
        self._none = QLabel()
        self._none.setProperty("kind", "muted")
        self._none.setWordWrap(True)
        self._more = Button(context.theme, tr("Show older entries"))
        self._more.clicked.connect(self._show_more)
        self._lay_out()
        self.setAcceptDrops(True)
        self.view.opened.connect(self._open)
        self.view.removed.connect(self._delete)
        self.view.copied.connect(self._copy)
        self.view.asked.connect(self._offer)
        context.bridge.changed.connect(self._on_change)
        context.bridge.reminded.connect(self._on_reminded)

    def _lay_out(self) -> None:
        px, box = self._context.theme.px, QVBoxLayout(self)
        self._context.theme.fit(
            box, lambda: box.setContentsMargins(px(18), px(13), px(18), px(13)), lambda: box.setSpacing(px(9))
        )
        head = Flow()  # side by side as long as there is room: with large text it is not to make the panel wider
        head.addWidget(self._heading)
        head.addWidget(self._all)
        head.setAlignment(self._all, Qt.AlignmentFlag.AlignRight)
        box.addLayout(head)
        box.addWidget(self.composer)
        box.addWidget(self.waiting)
        box.addLayout(self._chip_row())
        box.addWidget(self._search)
        box.addWidget(self.view)
        box.addWidget(self._none)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)  # of the room that is left nothing goes to the lines above

    def _chip_row(self) -> Flow:
        row = Flow(spacing=5)
        for label, kinds in CHIPS:
            chip = Chip(self._context.theme, tr(label))
            chip.clicked.connect(self._look)
            self._chips.append((chip, kinds))
            row.addWidget(chip)
        return row

    @property
    def _tasks(self) -> "EntryTasks":
        """What can be done with an entry, loaded when it is asked for."""
        from app.ui.timeline.tasks import EntryTasks

        assert self._owner is not None, "nothing is shown"
        return EntryTasks(self._context, self._owner, self)

    @property
    def owner(self) -> Owner | None:
        """Whose timeline is shown."""
        return self._owner

    def show_owner(self, owner: Owner) -> None:
        """The timeline of this record; a note that was begun for another one waits until that is shown again."""
        if owner == self._owner:
            return
        self._owner = owner
        self._all.setVisible(owner.kind == "lead")
        self.composer.show_owner(owner)
        self.waiting.show_owner(owner)
        self._widen()
        self._reload()
        self._go_to_wanted()

    def see(self, owner: Owner, *, note_id: int = 0, file_id: int = 0) -> None:
        """Go to a note, call, meeting, mail or file as soon as the timeline it is in is the one that is shown."""
        self._wanted = owner, note_id, file_id
        if owner == self._owner:
            self._widen()
            self._reload()
            self._go_to_wanted()

    def _widen(self) -> None:
        """All kinds, whatever their words."""
        for chip, _ in self._chips:
            chip.setChecked(False)
        self._timer.stop()
        self._search.blockSignals(True)
        self._search.clear()
        self._search.blockSignals(False)

    def _go_to_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or wanted[0] != self._owner:
            return
        key = self._key_of(*wanted[1:])
        if key is None and self._page.more:
            self._reload(_FOR_ONE)
            key = self._key_of(*wanted[1:])
        if key is not None:
            QTimer.singleShot(0, self, lambda: self.view.go_to(key))  # once all is laid out

    def _key_of(self, note_id: int, file_id: int) -> Key | None:
        for entry in self.entries():
            if (note_id and entry.note_id == note_id) or (file_id and any(f.id == file_id for f in entry.files)):
                return entry.key
        return None

    def focus_note(self) -> None:
        """The cursor to the line for a note."""
        self.composer.focus_note()

    def entries(self) -> "Sequence[Entry]":
        """What is shown."""
        return self.view.entries()

    def take(self, uploads: Sequence[Upload]) -> None:
        """Put files on the record; mails become entries of their own."""
        self._tasks.take(uploads)

    def _open(self, entry: "Entry") -> None:
        self._tasks.open(entry)

    def _delete(self, entry: "Entry") -> None:
        self._tasks.delete(entry)

    def _copy(self, entry: "Entry") -> None:
        self._tasks.copy(entry)

    def _offer(self, entry: "Entry", place: QPoint) -> None:
        self._tasks.menu(entry, place)

    # Reading

    @property
    def _kinds(self) -> list[EntryKind]:
        return [kind for chip, kinds in self._chips if chip.isChecked() for kind in kinds]

    def _reload(self, most: int = _SHOWN) -> None:
        """Read so many entries anew."""
        if self._owner is None:
            return
        if self._rests():
            return
        if self._search.text().strip():
            self._ask(self._owner, most)
            return
        self._latest.drop()
        try:
            page = self._context.office.timelines.page(self._owner, limit=most, kinds=self._kinds)
        except NotFound:  # deleted meanwhile: whoever shows it notices by himself
            return
        self._show(page)

    def _rests(self) -> bool:
        """Nobody sees it: it is read when somebody does."""
        self._stale = not self.isVisibleTo(self.window()) and bool(self.entries())
        return self._stale

    def _follow(self) -> None:
        """Something was changed. What is shown stays until what there is now was read, in a thread."""
        if self._owner is not None and not self._rests():
            self._ask(self._owner, max(_SHOWN, len(self.entries())))

    def _ask(self, owner: Owner, most: int, before: Key | None = None) -> None:
        """All is looked through, in a thread; those `before` a place are older than what is shown."""
        kinds, search, timelines = self._kinds, self._search.text(), self._context.office.timelines
        self._latest.ask(
            lambda: timelines.page(owner, limit=most, before=before, kinds=kinds, search=search),
            self._show if before is None else self._add,
        )

    def _look(self) -> None:
        """Something else is to be seen."""
        self._reload()

    def _show(self, page: Page) -> None:
        self._page = page
        self.view.show_entries(page.entries)
        self._settle()

    def _settle(self) -> None:
        self._more.setVisible(self._page.more)
        narrowed = bool(self._kinds or self._search.text().strip())
        self._none.setText(tr("Nothing of this kind.") if narrowed else tr("Nothing has happened yet."))
        self._none.setVisible(not self.entries())
        found = len(self.entries())
        self.view.setAccessibleDescription(ntr("{n} entry", "{n} entries", found))

    def _show_more(self) -> None:
        if self._owner is None or self._page.last is None:
            return
        if self._latest.reading:  # what there is now is on the way, and is not to be lost
            self._ask(self._owner, len(self.entries()) + _MORE)
        else:
            self._ask(self._owner, _MORE, self._page.last)

    def _add(self, older: Page) -> None:
        self._page = replace(older, entries=())
        self.view.add_entries(older.entries)
        self._settle()

    def _on_change(self, change: ChangeSet) -> None:
        scope = self._page.scope
        if scope is None or scope.concerned(change, self.entries()):
            self._follow()

    def _on_reminded(self, records: Collection[tuple[str, int]]) -> None:
        scope = self._page.scope
        if scope is None or scope.tells_of(records):
            self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._follow()

    def _show_history(self) -> None:
        from app.ui.history.taking import show_history

        if self._owner is not None:
            show_history(self._context, self._owner.id, self.window())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the words looked for the arrow goes down to what was found."""
        if event.key() == Qt.Key.Key_Down and self._search.hasFocus() and self.entries():
            self.view.setCurrentIndex(self.view.model().index(0, 0))
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        takes = self._owner is not None and self._context.allowed.may(Act.CHANGE)
        if takes and brings_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._warm(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._warm(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._warm(False)
        if uploads := uploads_of(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.take(uploads)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._hot:
            theme = self._context.theme
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
                painter.setBrush(theme.colour("accent_background"))
                painter.drawRoundedRect(self.rect().toRectF().adjusted(3, 3, -3, -3), theme.px(9), theme.px(9))

    def _warm(self, hot: bool) -> None:
        """Show that letting go here would do it."""
        self._hot = hot
        self._heading.setText(tr("Let go to add the files") if hot else tr("History"))
        self.update()


def _unless_gone(error: BaseException) -> None:
    if not isinstance(error, NotFound):  # deleted meanwhile: whoever shows it notices by himself
        raise error
