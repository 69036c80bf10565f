"""What an import would do or did: the counts, and what is made along with the leads."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import N_, ntr, tr
from app.core.terms import STATUS_LABELS, Status
from app.services.importing.result import ImportResult, Note
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

#: Names that are written out; of more than these the number is said.
_NAMED = 6
_NEW = (
    ("stage", N_("New stages")), ("member", N_("New people")), ("tag", N_("New tags")), ("source", N_("New sources")),
    ("reason", N_("New reasons")), ("company", N_("New companies")), ("person", N_("New contacts")),
)  # fmt: skip

Line = tuple[str, str]


class Outcome(QWidget):
    """The counts in a sentence, and below it a small list of all that is new."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self._number = context.formats.number
        self._counts = QLabel()
        self._counts.setProperty("kind", "heading")
        self._counts.setWordWrap(True)
        self._notes = QLabel()
        self._notes.setProperty("kind", "muted")
        self._notes.setWordWrap(True)
        self._notes.setTextFormat(Qt.TextFormat.PlainText)
        self._card = Card(theme)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(theme.px(16), theme.px(11), theme.px(16), theme.px(12))
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(5))
        self._grid.setColumnStretch(1, 1)
        self._card.body.addLayout(self._grid)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addWidget(self._counts)
        box.addWidget(self._notes)
        box.addWidget(self._card)
        self.lines: list[Line] = []

    @property
    def words(self) -> str:
        """The counts as shown."""
        return self._counts.text()

    @property
    def left_out(self) -> str:
        """What is left out of rows that are imported, as shown."""
        return self._notes.text()

    def show_result(self, result: ImportResult, *, done: bool) -> None:
        """Show what would happen, or once `done` what has happened."""
        self._counts.setText(_done_words(result) if done else _would_words(result))
        left = [*map(_note_words, result.notes), *self._columns(result)]
        self._notes.setText("\n".join(left))
        self._notes.setVisible(bool(left))
        self.lines = [*self._states(result), *self._names(result)]
        self._card.setVisible(bool(self.lines))
        self._build()

    def _states(self, result: ImportResult) -> Iterator[Line]:
        """What becomes of the new leads, in the order of their way."""
        for status in Status:
            if count := result.states.get(status, 0):
                yield tr(STATUS_LABELS[status]), ntr("{n} lead", "{n} leads", count)

    def _columns(self, result: ImportResult) -> Iterator[str]:
        """The columns of which nothing is taken."""
        names = [" ".join(name.split())[:60] for name, field in result.detected.columns.items() if field is None]
        if names:
            yield tr("Columns that are not read: {names}", names=self._listed(names))

    def _names(self, result: ImportResult) -> Iterator[Line]:
        for kind, label in _NEW:
            if names := result.names.get(kind, ()):
                yield tr(label), self._listed(names)

    def _listed(self, names: Sequence[str]) -> str:
        if len(names) <= _NAMED:
            return ", ".join(names)
        rest = self._number(len(names) - _NAMED + 1)
        return tr("{names} and {n} more", names=", ".join(names[: _NAMED - 1]), n=rest)

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, (label, value) in enumerate(self.lines):
            name, words = QLabel(label), QLabel(value)
            name.setProperty("kind", "muted")
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1)


def _note_words(note: Note) -> str:
    return ntr(
        "Left out of {n} row, column {column}: {why}", "Left out of {n} rows, column {column}: {why}",
        note.count, column=note.column, why=note.what,
    )  # fmt: skip


def _would_words(result: ImportResult) -> str:
    parts = [
        ntr("{n} new lead", "{n} new leads", result.created),
        ntr("{n} changed", "{n} changed", result.updated),
        ntr("{n} unchanged", "{n} unchanged", result.skipped),
        ntr("{n} row not imported", "{n} rows not imported", len(result.refused)),
    ]
    counts = (result.created, result.updated, result.skipped, len(result.refused))
    return " · ".join(part for part, count in zip(parts, counts, strict=True) if count) or tr("Nothing to import.")


def _done_words(result: ImportResult) -> str:
    if not result.created + result.updated:
        return tr("Nothing was imported.")
    return tr("Imported: {counts}", counts=_would_words(result))
