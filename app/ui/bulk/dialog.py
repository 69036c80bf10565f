"""*Edit several*: on the left what to change, on the right what that does to each record, before it is done."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.core.errors import Cancelled, InvalidInput, TrichterError
from app.core.i18n import N_, Text, ntr, tr
from app.core.terms import Entity
from app.services.bulk_edit import AnyChange, BulkPreview, BulkRow, Verdict
from app.ui.bulk import wording
from app.ui.bulk.kind import KINDS
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Note
from app.ui.jobs import Job, Progress
from app.ui.record_table.copying import copy_shown
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Switch
from app.ui.widgets.sideways import Sideways

if TYPE_CHECKING:
    from app.ui.context import Context

#: So long after the last letter the preview is made anew.
_AFTER_TYPING_MS = 150
_TWO_LINES = 34
_ALL = "all"
_LABELS = {
    _ALL: N_("All: {n}"), Verdict.CHANGED.value: N_("Changed: {n}"), Verdict.UNCHANGED.value: N_("As they were: {n}"),
    Verdict.REFUSED.value: N_("Refused: {n}"),
}  # fmt: skip


class BulkDialog(Dialog):
    """Accepted once the change is made."""

    _reported = Signal(int, int)

    def __init__(
        self, context: "Context", ids: Sequence[int], parent: QWidget | None = None, entity: Entity = Entity.LEAD
    ) -> None:
        self.kind = KINDS[entity]
        super().__init__(context.theme, self.kind.ask(len(ids)), parent)
        self._context = context
        self._ids = list(ids)
        self._bulk = self.kind.bulk(context.office.store)
        self._change: AnyChange | None = None
        self._preview: BulkPreview | None = None
        self._looking: Progress | None = None
        self._asked = 0
        self._stop: threading.Event | None = None  # while the change is being made
        self._rows: dict[int, BulkRow] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_TYPING_MS)
        self._later.timeout.connect(self.look)
        self._reported.connect(self._move)
        self.fields = self.kind.fields(context)
        self.model: WindowedModel[BulkRow] = WindowedModel(_columns(context, entity), self._fetch, parent=self)
        self.view = TableView(context.theme, self.model, tr("What becomes of each"))
        self.view.manyCopied.connect(lambda ids: copy_shown(context, self.view, ids, self._fetch))
        self.shown = Switch(context.theme, [(key, "") for key in _LABELS], tr("Which are shown"))
        self.note = Note("error")
        self._whole = Note()  # what happens to the current lead: in its row it may be cut
        self._sum = QLabel()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.hide()
        self._lay_out()
        self.do = self.add_buttons(tr("Change"))
        self.do.clicked.connect(self.apply)
        self.fields.edited.connect(self._later.start)
        self.shown.chosen.connect(lambda _key: self._fill())
        self.view.currentIdChanged.connect(lambda _id: self._tell_whole())
        self.remember_size(context.settings, "bulk", 1080, 700)
        self.look()

    def _lay_out(self) -> None:
        px = self.theme.px
        left = scrolled(self.fields)
        left.setMinimumWidth(px(230))
        card = Card(self.theme)
        card.body.addWidget(self.view, 1)
        right = QVBoxLayout()
        right.setSpacing(px(8))
        right.addWidget(Sideways(self.shown, tr("Which are shown")))
        right.addWidget(card, 1)
        right.addWidget(self._whole)
        right.addWidget(self._bar)
        right.addWidget(self._sum)
        right.addWidget(self.note)
        self._sum.setWordWrap(True)
        self._sum.setProperty("kind", "muted")
        self.theme.fit(self._whole, lambda: self._whole.setMinimumHeight(px(_TWO_LINES)))
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(left, 4)
        row.addLayout(right, 7)
        self.body.addLayout(row, 1)

    # Looking

    @property
    def preview(self) -> BulkPreview | None:
        """What is shown; None while it is being made or there is nothing to show."""
        return self._preview

    def look(self) -> None:
        """Make the preview of what is ticked."""
        self._later.stop()
        if self._looking is not None:
            self._looking.cancel()
        self._asked += 1
        self._preview = None
        self.note.say("", "error")
        try:
            self._change = self.fields.change()
        except InvalidInput:  # the field says why
            self._change = None
        if self._change is None or not self._change.fields:
            self._show(BulkPreview(()))
            return
        asked, change, ids = self._asked, self._change, self._ids

        def work(progress: Progress) -> BulkPreview:
            return self._bulk.preview(ids, change, lambda done, total: self._report(progress, done, total))

        def done(found: BulkPreview) -> None:
            if asked == self._asked:
                self._show(found)

        def failed(error: BaseException) -> None:
            if asked == self._asked and not isinstance(error, Cancelled):
                self._refuse(error)

        self._settle()
        title = self.kind.looking(len(ids))
        self._looking = self._context.jobs.start(Job(title, work, done, failed, quiet=True, pool=True, owner=self))

    def _report(self, progress: Progress, done: int, total: int) -> None:
        progress.report(done, total)
        self._reported.emit(done, total)

    def _move(self, done: int, total: int) -> None:
        """Only what takes its time shows how far it is."""
        busy = self._stop is not None or (self._looking is not None and self._preview is None)
        self._bar.setVisible(busy and total > _LONG)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if self._stop is not None and done == total:
            self._sum.setText(tr("It is being saved now and can no longer be stopped."))

    def _show(self, preview: BulkPreview) -> None:
        self._preview = preview
        self._looking = None
        self._rows = {row.id: row for row in preview.rows}
        self._bar.hide()
        counts = {verdict.value: preview.count(verdict) for verdict in Verdict}
        for key, label in _LABELS.items():
            n = self._context.formats.number(counts.get(key, len(preview.rows)))
            self.shown.reword(key, tr(label, n=n))
        self._fill()
        self._settle()

    def _fill(self) -> None:
        assert self._preview is not None
        key = self.shown.choice
        rows = self._preview.rows if key == _ALL else self._preview.of(Verdict(key))
        self.view.tell_when_empty(self._why_empty(), "edit")
        self.model.set_ids([row.id for row in rows])
        self.model.refresh_all()
        self._tell_whole()

    def _why_empty(self) -> str:
        if self._preview is not None and self._preview.rows:
            return tr("None is among these.")
        if any(tick.said for tick in self.fields.ticks.values()):
            return tr("Something on the left is not complete yet.")
        return tr("Tick on the left what is to be changed.")

    def _tell_whole(self) -> None:
        row = self._rows.get(self.view.current_id() or 0)
        self._whole.say("" if row is None else wording.happens(self._context, row, self.kind.entity))

    def _fetch(self, ids: Sequence[int]) -> list[BulkRow]:
        return [self._rows[id_] for id_ in ids if id_ in self._rows]

    def _settle(self) -> None:
        """What the button would do."""
        preview, working = self._preview, self._stop is not None
        able = preview.count(Verdict.CHANGED) if preview is not None else 0
        refused = preview.count(Verdict.REFUSED) if preview is not None else 0
        some = ntr("Change the {n} that can be", "Change the {n} that can be", able)
        plain = self.kind.do(able) if able else tr("Change")
        self.do.setText(some if refused and able else plain)
        self.do.setEnabled(bool(able) and not working)
        self.fields.setEnabled(not working)
        words = ""
        if preview is not None and preview.rows:
            words = ntr("{n} is refused and stays as it is; the list says why.",
                        "{n} are refused and stay as they are; the list says why.", refused)  # fmt: skip
            words = words if refused else "" if able else tr("Nothing would change.")
        self._sum.setText(words)

    # Doing

    def apply(self) -> None:
        """Change those that can be changed, in one step."""
        if self._preview is None or self._stop is not None or self._change is None:
            return
        able = [row.id for row in self._preview.of(Verdict.CHANGED)]
        change, stop = self._change, threading.Event()
        self._stop = stop

        def report(done: int, total: int) -> None:
            if stop.is_set():
                raise Cancelled(Text("Cancelled. Nothing was changed."))
            self._reported.emit(done, total)

        def done(_n: Any) -> None:
            self._stop = None
            self.accept()

        def failed(error: BaseException) -> None:
            self._stop = None
            self.look()
            self._refuse(error)

        title = self.kind.changing(len(able))
        work = lambda _progress: self._bulk.apply(able, change, report)  # noqa: E731 - one expression
        self._context.jobs.write(Job(title, work, done, failed, owner=self), leads=len(able))
        self._settle()

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, TrichterError):
            raise error
        self.note.say(str(error), "error")

    def reject(self) -> None:
        """While the change is being made: stop it. Otherwise leave."""
        if self._stop is not None:
            self._stop.set()
            return
        if self._looking is not None:
            self._looking.cancel()
        super().reject()


#: Of fewer nobody sees how far it is.
_LONG = 1000


def _columns(context: "Context", entity: Entity) -> tuple[Column[BulkRow], ...]:
    tones = {Verdict.CHANGED: Tone.WON, Verdict.REFUSED: Tone.LOST}
    return (
        Column(
            "title",
            N_("Lead") if entity is Entity.LEAD else N_("Name"),
            lambda row: row.title,
            width=190,
            weight=Weight.STRONG,
            flex=2,
        ),
        Column("verdict", N_("Outcome"), wording.verdict, Kind.PILL, 110, tone=lambda row: tones.get(row.verdict)),
        Column("what", N_("What happens"), lambda row: wording.happens(context, row, entity), width=300, flex=4),
    )


def edit_several(context: "Context", ids: Sequence[int], parent: QWidget, entity: Entity = Entity.LEAD) -> None:
    """Ask for a change to these leads, companies or people, and make it."""
    if ids:
        BulkDialog(context, ids, parent, entity).exec()
