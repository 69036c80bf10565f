"""Closing one or many leads: outcome, day, reason and remark, and exactly what will happen."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import tr
from app.core.terms import STATUS_LABELS, Status
from app.services.closing import preview
from app.ui.closing.consequences import Consequences
from app.ui.closing.wording import consequences, heading
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.forms.names import NameCombo
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.ui.context import Context

_REMARK_LINES = 3


class ClosingDialog(Dialog):
    """Accepted once the leads are closed. What is refused stays in the dialog, with all that was typed."""

    def __init__(
        self, context: "Context", ids: Sequence[int], outcome: Status = Status.WON, parent: QWidget | None = None
    ) -> None:
        """`ids` are one or many open leads; `outcome` is what is chosen at first."""
        super().__init__(context.theme, tr("Close lead"), parent)
        self._context = context
        self._ids = list(ids)
        self._form = Form()
        self._outcome = Switch(context.theme, [(s, tr(STATUS_LABELS[s])) for s in _OUTCOMES], tr("Outcome"))
        self._day = LooseEdit(self._parse_day, context.formats.day)
        self._reason = NameCombo(())
        self._remark = QPlainTextEdit()
        self._what = Consequences(context.theme)
        self._lay_out()
        self._outcome.choose(outcome)
        self._on_outcome()
        self._day.set_value(context.office.store.today())
        self._outcome.chosen.connect(lambda _key: self._on_outcome())
        self._day.textChanged.connect(lambda _text: self._tell())
        context.bridge.changed.connect(self._tell)
        self._tell()
        self.remember_size(context.settings, "close", 520, 560)
        self._reason.setFocus()  # the one thing only a person knows

    def _lay_out(self) -> None:
        px = self.theme.px
        self._remark.setTabChangesFocus(True)
        self._remark.setFixedHeight(self._remark.fontMetrics().lineSpacing() * _REMARK_LINES + px(18))
        self.body.addWidget(self._outcome)
        contents = QWidget()
        box = QVBoxLayout(contents)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        for name, label, control in (
            ("closed_on", tr("Closed on"), self._day),
            ("reason", tr("Reason"), self._reason),
            ("remark", tr("Remark"), self._remark),
        ):
            box.addWidget(self._form.add(name, Field(label, control)))
        self._day.follow(self._form["closed_on"])
        self._reason.follow(self._form["reason"])
        box.addWidget(self._what)
        box.addStretch()
        self.body.addWidget(scrolled(contents), 1)
        self.body.addWidget(self._form.general)
        self._do = self.add_buttons(tr("Close lead"))
        self._do.clicked.connect(self._close_leads)

    @property
    def outcome(self) -> Status:
        """What is chosen."""
        return Status(self._outcome.choice)

    def _parse_day(self, typed: str) -> date:
        return parse.day(typed, self._context.office.store.today(), field="closed_on")

    def _on_outcome(self) -> None:
        names = [entry.name for entry in self._context.office.catalogue.reasons(self.outcome)]
        self._reason.offer(names)
        self._tell()

    def _tell(self) -> None:
        """Say anew what will happen."""
        store = self._context.office.store
        try:
            day = self._day.value() or store.today()
        except InvalidInput:
            day = store.today()
        found = preview(store, self._ids, day)
        words = heading(found, self.outcome)
        self.heading.setText(words)
        self.setWindowTitle(words)
        self._do.setText(words)
        self._do.setEnabled(found.leads > 0 and not found.closed_already)
        self._what.show_lines(consequences(found, self.outcome, day, self._context))

    def _close_leads(self) -> None:
        def close() -> None:
            self._context.office.leads.close(
                self._ids,
                self.outcome,
                on=self._day.required("closed_on"),
                reason=self._reason.name(),
                remark=self._remark.toPlainText(),
            )

        self._context.bridge.changed.disconnect(self._tell)  # what was said holds until the dialog is gone
        if self._form.attempt(close):
            self.accept()
        else:
            self._context.bridge.changed.connect(self._tell)

    def done(self, result: int) -> None:
        if result == QDialog.DialogCode.Rejected:
            self._context.bridge.changed.disconnect(self._tell)
        super().done(result)


_OUTCOMES = (Status.WON, Status.LOST, Status.DROPPED)
