"""The editor of a filter: conditions with AND, OR and NOT, in groups, and how many records fit."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.services.record_filter import MOST_CONDITIONS, Filter, conditions
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Note
from app.ui.jobs import Job
from app.ui.record_table.filter_rows import outermost
from app.ui.widgets.button import Button
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.services.record_query import RecordQuery
    from app.ui.context import Context
    from app.ui.record_table.kind import ListKind

#: So long after the last change is counted.
_COUNT_MS = 150


@dataclass(frozen=True)
class Answer:
    """What was put together; None for a filter that leaves nothing out."""

    tree: Filter | None


class FilterEditor(Dialog):
    """Puts a filter together; `answer` once it was accepted."""

    def __init__(
        self, context: "Context", kind: "ListKind", query: "RecordQuery", parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, tr("Filter"), parent)
        self._context = context
        self._kind = kind
        self._query = query
        self._asked = 0
        self.answer: Answer | None = None
        self._count = QLabel()
        self._count.setProperty("kind", "muted")
        self._general = Note("error")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COUNT_MS)
        self._later.timeout.connect(self._ask_count)
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, context.theme.px(6), 0)
        contents = QWidget()
        contents.setLayout(self._place)
        self._area: QScrollArea = scrolled(contents)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._general)
        self._box = outermost(context, query.filter, kind.fresh)
        self._place.addWidget(self._box)
        self._place.addStretch()
        self._box.edited.connect(self._on_edited)
        self._lay_out_bar()
        self.remember_size(context.settings, "filter", 860, 560)
        self._box.begin()
        self._ask_count()

    def _lay_out_bar(self) -> None:
        empty = Button(self.theme, tr("Begin anew"))
        empty.setAutoDefault(False)
        empty.clicked.connect(self._begin_anew)
        self.add_buttons(tr("Apply"), left=(empty, self._count)).clicked.connect(self._done)

    def _begin_anew(self) -> None:
        old, self._box = self._box, outermost(self._context, None, self._kind.fresh)
        self._place.replaceWidget(old, self._box)
        old.hide()
        old.deleteLater()
        self._box.edited.connect(self._on_edited)
        self._box.begin()
        self._on_edited()

    def _on_edited(self) -> None:
        self._general.say("", "error")
        self._later.start()

    def _read(self) -> Filter | None:
        tree = self._box.read()
        if sum(1 for _ in conditions(tree)) > MOST_CONDITIONS:
            raise _too_many()
        return tree

    def _ask_count(self) -> None:
        """How many records fit, in a thread; of what makes no sense yet nothing is said."""
        self._asked += 1
        asked, lists = self._asked, self._kind.lists(self._context)
        try:
            query = replace(self._query, filter=self._read())
        except TrichterError:
            self._say_count(tr("not complete yet"))
            return

        def done(count: int) -> None:
            if asked == self._asked:
                self._say_count(self._kind.fitting(count))

        self._context.jobs.start(
            Job(Text("Counting"), lambda _progress: lists.count(query), done, quiet=True, pool=True, owner=self)
        )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through what is seen, from top to bottom, whatever was added last."""
        return move_focus(self, forward)

    def done(self, result: int) -> None:
        """Nobody wants to know any more how many records fit."""
        self._later.stop()
        super().done(result)

    def _say_count(self, words: str) -> None:
        self._count.setText(words)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # room for it with the same repaint

    def _done(self) -> None:
        wrong = list(self._box.faulty())
        if wrong:
            wrong[0].go_to_value()
            self._area.ensureWidgetVisible(wrong[0])
            return
        try:
            self.answer = Answer(self._read())
        except TrichterError as error:
            self._general.say(str(error), "error")
            return
        self.accept()


def _too_many() -> TrichterError:
    return TrichterError(Text("A filter has at most {n} conditions.", n=MOST_CONDITIONS))


def ask_filter(context: "Context", kind: "ListKind", query: "RecordQuery", parent: QWidget) -> Answer | None:
    """Put the filter of a list together; None when the editor was closed."""
    editor = FilterEditor(context, kind, query, parent)
    return editor.answer if editor.exec() else None
