"""One step beside the list: what it changed, field by field, and the button that takes it back."""

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.ui.forms.dialog import scrolled
from app.ui.history.columns import kind, origin
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.services.history_log import LogRow
    from app.services.history_steps import StepDetail
    from app.ui.context import Context


class StepPane(QFrame):
    """`asked` is emitted when the step shown is to be taken back, or what keeps it from that is to be seen."""

    asked = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self.setProperty("kind", "card")
        self._what, self._who, self._lines, self._why = QLabel(), QLabel(), QLabel(), QLabel()
        self.button = Button(context.theme, tr("Undo this step"), icon="undo")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.asked)
        self._build()
        self.clear()

    @property
    def lines(self) -> str:
        """What the step changed, as it is read out."""
        return self._lines.accessibleName()

    @property
    def why(self) -> str:
        """Why it cannot be taken back; empty where it can."""
        return self._why.text()

    def clear(self) -> None:
        """Nothing is chosen."""
        for label in (self._what, self._who, self._lines, self._why):
            label.setText("")
        self.button.hide()

    def show_row(self, row: "LogRow") -> None:
        """What the list knows of a step already; the rest follows."""
        self._what.setText(str(row.label))
        self._page.setAccessibleName(self._what.text())
        when = self._context.formats.instant(row.at, self._context.office.store.zone)
        said = (row.actor, when, kind(row), origin(row))
        self._who.setText(" · ".join(part for part in said if part))
        self.button.setText(tr("Do this step again") if row.kind == "undo" else tr("Undo this step"))
        self.button.setEnabled(False)
        self.button.show()

    def show_detail(self, detail: "StepDetail") -> None:
        """What it changed, and whether it can be taken back."""
        parts, spoken = [], []
        for subject, group in groupby(detail.lines, lambda line: line.subject):
            lines = [str(line.words) for line in group]
            head = [f"<b>{escape(subject)}</b>"] if subject else []
            parts.append("<br>".join([*head, *map(escape, lines)]))
            spoken.append(", ".join([subject, *lines] if subject else lines))
        if detail.more:
            more = ntr("and {n} more change", "and {n} more changes", detail.more)
            parts.append(escape(more))
            spoken.append(more)
        if not parts:
            parts = spoken = [tr("Nothing that is told apart.")]
        self._lines.setText("".join(f"<p style='margin: 0 0 8px 0'>{part}</p>" for part in parts))
        self._lines.setAccessibleName("; ".join(spoken))
        self._page.setAccessibleDescription(self.lines)
        self._why.setText(str(detail.why or ""))
        self._why.setVisible(detail.why is not None)
        if detail.refused is not None:
            self.button.setText(tr("Show the newer values …"))
        self.button.setEnabled(detail.why is None or detail.refused is not None)
        self.button.setAccessibleDescription(str(detail.why or ""))

    def _build(self) -> None:
        theme, px = self._context.theme, self._context.theme.px
        self._what.setProperty("kind", "heading")
        self._who.setProperty("kind", "small")
        self._why.setProperty("kind", "small")
        self._lines.setTextFormat(Qt.TextFormat.RichText)
        self._lines.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self._what, self._who, self._why):
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self._what, self._who, self._lines, self._why):
            label.setWordWrap(True)
        box = QVBoxLayout(self)
        theme.fit(box, lambda: box.setContentsMargins(*4 * (px(14),)), lambda: box.setSpacing(px(8)))
        told = QWidget()  # all of it scrolls: with large text a heading alone may fill the room
        page = QVBoxLayout(told)
        page.setContentsMargins(0, 0, 0, 0)
        theme.fit(page, lambda: page.setSpacing(px(8)))
        for label in (self._what, self._who, self._lines):
            page.addWidget(label)
        page.addStretch()
        self._page = scrolled(told, focus=True)
        box.addWidget(self._page, 1)
        box.addWidget(self._why)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
