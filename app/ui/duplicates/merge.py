"""Putting chosen companies or people into one: what comes of it is seen before it is done."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.services.merging import MergePreview, Merging
from app.services.twins.facts import Kind
from app.ui.duplicates.pane import MergePane
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Note
from app.ui.jobs import Job
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

#: More than these are side by side in no window.
MOST = 6


class Merger(MergePane):
    """Shows what comes of putting some into one, as it is chosen. `looked` after that changed."""

    looked = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__(context, self._named)
        self._merging = Merging(context.office.store)
        self._kind: Kind = "company"
        self._ids: Sequence[int] = ()
        self._winner = self._shown = 0
        self._taken: dict[str, int] = {}
        self.preview: MergePreview | None = None
        self.refused = ""
        self.stays.connect(self._let_stay)
        self.chosen.connect(self._take)

    def look(self, kind: Kind, ids: Sequence[int]) -> None:
        """Begin with the oldest of them as the one that stays; nothing is shown of none."""
        self._kind, self._ids, self._taken = kind, ids, {}
        self._winner = min(ids, default=0)
        self._show()

    def job(self, then: Callable[[Any], object], failed: Callable[[BaseException], None]) -> Job:
        """What does that which is shown."""
        kind, ids, winner, taken = self._kind, list(self._ids), self._winner, dict(self._taken)
        work = lambda _progress: self._merging.merge(kind, ids, winner, taken)  # noqa: E731 - for one thread
        return Job(Text("Merging"), work, then, failed, owner=self)

    @property
    def linked(self) -> int:
        """How many rows go from one to another."""
        return 0 if self.preview is None else sum(each.moved for each in self.preview.linked)

    def _let_stay(self, record: int) -> None:
        self._winner, self._taken = record, {}
        self._show()

    def _take(self, key: str, record: int) -> None:
        self._taken[key] = record
        self._show()

    def _show(self) -> None:
        """What comes of it is read on a thread; until it is there nothing can be merged."""
        self._shown += 1
        self.preview, self.refused = None, ""
        if not self._ids:
            self.show_preview(None)
        else:
            self._read(self._shown, list(self._ids), self._winner, dict(self._taken))
        self.looked.emit()

    def _read(self, shown: int, ids: list[int], winner: int, taken: dict[str, int]) -> None:
        kind = self._kind
        work = lambda _progress: self._merging.preview(kind, ids, winner, taken)  # noqa: E731 - for one thread

        def done(preview: MergePreview) -> None:
            if shown == self._shown:  # else another group or value was chosen meanwhile
                self.preview = preview
                self.show_preview(preview)
                self.looked.emit()

        def failed(error: BaseException) -> None:
            if not isinstance(error, TrichterError):
                raise error
            if shown == self._shown:
                self.refused = str(error)
                self.show_preview(None)
                self.looked.emit()

        job = Job(Text("Looking for duplicates"), work, done, failed, quiet=True, pool=True, owner=self)
        self._context.jobs.start(job)

    def _named(self) -> Mapping[int, str]:
        fields = self._context.office.own_fields.of(Entity(self._kind))
        return {option: name for field in fields for option, name in field.names.items()}


class MergeDialog(Dialog):
    """Asks which of the chosen ones stays, and what of each is taken; accepted once they are one."""

    def __init__(self, context: "Context", kind: Kind, ids: Sequence[int], parent: QWidget | None = None) -> None:
        """Raises InvalidInput for more than anybody can compare."""
        if len(ids) > MOST:
            raise InvalidInput(
                Text("So many cannot be compared at once: {n} are the most.", n=MOST),
                Text("Customer → Find duplicates … shows one group after the other."),
            )
        title = tr("Merge companies") if kind == "company" else tr("Merge people")
        super().__init__(context.theme, title, parent)
        self._context = context
        self.pane = Merger(context)
        self.note = Note("error")
        card = Card(context.theme)
        card.body.addWidget(self.pane, 1)
        self.body.addWidget(card, 1)
        self.body.addWidget(self.note)
        self.do = self.add_buttons(tr("Merge"))
        self.do.clicked.connect(self.merge)
        self.pane.looked.connect(self._looked)
        self.remember_size(context.settings, "merge", 720, 600)
        self.pane.look(kind, ids)

    def _looked(self) -> None:
        self.note.say(self.pane.refused, "error")
        self.do.setEnabled(self.pane.preview is not None)

    def merge(self) -> None:
        """Do it, in one step."""
        if self.pane.preview is not None:
            job = self.pane.job(lambda _done: self.accept(), self._refuse)
            self.carry_out(self._context.jobs, job, self.pane.linked)

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, TrichterError):
            raise error
        self.note.say(str(error), "error")
