"""The settings: pages at the left, a search over all of them, and at the bottom what was just changed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.folding import search_key
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.ui.forms.dialog import Dialog, scrolled, window_state
from app.ui.jobs import Job
from app.ui.launch import Coming
from app.ui.settings.generic import GenericPage
from app.ui.settings.locked import Lock
from app.ui.settings.pages import PageSpec, all_pages
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.filter_edit import FilterEdit
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.ui.context import Context

_KEY = "settings"
_LAST = "settings/page"
#: Between a page and the bar that scrolls it.
_GAP = 10


class SettingsDialog(Dialog):
    """Everything changes at once and can be undone at the bottom; closing is all there is to do."""

    def __init__(
        self,
        context: "Context",
        parent: QWidget | None = None,
        page: str = "",
        *,
        restore: Callable[[Path], object] | None = None,
        reopen: Callable[[Coming], object] | None = None,
        about: Entity = Entity.LEAD,
    ) -> None:
        """`page` is shown at first, else the last one shown; `restore` goes back to a backup (see BackupsPage),
        `reopen` to other data (see DataPage).

        `about` are the records that the user has in front.
        """
        super().__init__(context.theme, tr("Settings"), parent, heading=False)
        self.setObjectName("settings")
        self._context = context
        self._pages = all_pages(context, restore, reopen, about)
        self._built: dict[str, QWidget] = {}
        self._search = FilterEdit(context.theme, tr("Search settings"))
        self._list = QListWidget()
        self._none = QLabel(tr("Nothing found."))
        self._title = QLabel()
        self._stack = QStackedWidget()
        self._said = QLabel()
        self._undo = Button(context.theme, tr("Undo"), ButtonKind.LINK)
        self._lay_out()
        self._connect()
        self.remember_size(context.settings, _KEY, 1000, 680)
        last = page or str(window_state(context.settings).value(_LAST, ""))
        self.show_page(last if last in self.keys() else self._pages[0].key)
        self._search.setFocus()

    # What others ask

    def keys(self) -> list[str]:
        """The keys of the pages, in their order."""
        return [spec.key for spec in self._pages]

    @property
    def page(self) -> QWidget:
        """The page in front."""
        return self._built[self._pages[self._list.currentRow()].key]

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        self._list.setCurrentRow(self.keys().index(key))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: from the list of pages into the one in front, which may have been made after the buttons below."""
        return move_focus(self, forward)

    # Building

    def _lay_out(self) -> None:
        px = self.theme.px
        self.body.setContentsMargins(0, 0, 0, 0)
        side = QVBoxLayout()
        side.setContentsMargins(px(16), px(16), px(12), px(12))
        side.setSpacing(px(10))
        side.addWidget(self._search)
        self._none.setWordWrap(True)
        self._none.setProperty("kind", "muted")
        self._none.hide()
        side.addWidget(self._none)
        side.addWidget(self._list, 1)
        self._list.setProperty("kind", "side")
        self._list.setAccessibleName(tr("Pages"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title.setProperty("kind", "title")
        right = QVBoxLayout()
        right.setContentsMargins(px(20), px(18), px(22 - _GAP), px(12))
        right.setSpacing(px(12))
        right.addWidget(self._title)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(side)
        row.addLayout(right, 1)
        self.body.addLayout(row)
        self._fill_list()
        bar = self.add_bar()
        self._said.setProperty("kind", "muted")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._undo.hide()
        self._undo.setAutoDefault(False)
        bar.addWidget(self._said)
        bar.addWidget(self._undo)
        self.add_close(bar, default=False)

    def _fill_list(self) -> None:
        for spec in self._pages:
            self._list.addItem(QListWidgetItem(tr(spec.title)))
            self._stack.addWidget(QWidget())
        self._restyle()

    def _restyle(self) -> None:
        """Icons and room for the titles, in the colours and the size of text that hold."""
        height, icon = self.theme.px(34), self.theme.px(16)
        self._list.setIconSize(QSize(icon, icon))
        for row, spec in enumerate(self._pages):
            self._list.item(row).setIcon(self.theme.icon(spec.icon))
            self._list.item(row).setSizeHint(QSize(0, height))
        widest = max(self._list.fontMetrics().horizontalAdvance(tr(spec.title)) for spec in self._pages)
        self._list.setFixedWidth(max(self.theme.px(190), widest + icon + self.theme.px(46)))
        self._search.setFixedWidth(self._list.width())

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._show)
        self._search.textChanged.connect(self._narrow)
        self._search.returnPressed.connect(self._list.setFocus)
        self._undo.clicked.connect(self.undo)
        for keys, verb in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo)):
            QShortcut(QKeySequence(keys), self).activated.connect(verb)
        self._context.bridge.changed.connect(self._tell)
        self.theme.changed.connect(self._restyle)

    def _show(self, row: int) -> None:
        if row < 0:
            return
        spec = self._pages[row]
        if spec.key not in self._built:
            self._built[spec.key] = page = spec.build()
            if spec.right is not None:
                Lock(self._context, spec.right, page)
            if (blank := self._stack.widget(row)) is not None:
                self._stack.removeWidget(blank)
                blank.deleteLater()
            self._stack.insertWidget(row, scrolled(_apart(page, self.theme.px(_GAP))))
        self._title.setText(tr(spec.title))
        self._stack.setCurrentIndex(row)
        window_state(self._context.settings).setValue(_LAST, spec.key)
        self._mark_found()

    # Searching

    def _narrow(self) -> None:
        """Show the pages in which all words are found, and go to the first when the one in front is not among them."""
        words = search_key(self._search.text()).split()
        for row, spec in enumerate(self._pages):
            self._list.item(row).setHidden(not _found(spec, words))
        shown = [row for row in range(len(self._pages)) if not self._list.item(row).isHidden()]
        self._none.setVisible(not shown)
        if shown and self._list.currentRow() not in shown:
            self._list.setCurrentRow(shown[0])
        self._mark_found()

    def _mark_found(self) -> None:
        page = self._built.get(self._pages[self._list.currentRow()].key)
        if isinstance(page, GenericPage):
            page.narrow(search_key(self._search.text()).split())

    # What happened

    def _tell(self, change: ChangeSet) -> None:
        self._say(self._context.wording.happened(change))
        self._undo.setVisible(change.kind != "undo" and change.actor_id == self._context.office.store.actor_id)

    def _say(self, words: str) -> None:
        room = self.width() - self.theme.px(320)
        self._said.setText(self._said.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))
        self._said.setToolTip(words)

    def undo(self) -> None:
        """Take the last step back, as in the window behind."""
        self._go_back(Text("Undoing"), self._context.office.history.undo)

    def redo(self) -> None:
        """Bring it again."""
        self._go_back(Text("Doing it again"), self._context.office.history.redo)

    def _go_back(self, title: Text, verb: Callable[[], object]) -> None:
        job = Job(title, lambda _progress: verb(), failed=self._not_gone_back, writes=True, owner=self)
        self._context.jobs.start(job)

    def _not_gone_back(self, error: BaseException) -> None:
        """Said here: the window that tells of errors is behind."""
        if not isinstance(error, TrichterError):
            raise error
        self._say(str(error))


def _apart(page: QWidget, gap: int) -> QWidget:
    """The page, so far from its right edge."""
    layout = page.layout()
    assert layout is not None
    margins = layout.contentsMargins()
    margins.setRight(gap)
    layout.setContentsMargins(margins)
    return page


def _found(spec: PageSpec, words: list[str]) -> bool:
    return all(any(word in text for text in spec.searched()) for word in words)
