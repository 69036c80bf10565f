"""Leads whose figures need a look: their service period is over, or there is no rate for their currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QVBoxLayout, QWidget

from app.core.i18n import N_, ntr, tr
from app.ui.tables.columns import Column, Kind, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.theme import Theme
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Chip
from app.ui.widgets.focus import keep_in_view
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.lead_list import LeadList, LeadRow

#: Head and one row.
_LEAST_LIST = 72


@dataclass(frozen=True)
class Noted:
    """Ids of the leads of either kind, and what those with a past period amount to, in words."""

    past: Sequence[int] = ()
    past_amount: str = ""
    without_rate: Sequence[int] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.past and not self.without_rate


class AttentionCard(Card):
    """Two lists, of which one is shown. Not there at all when both are empty."""

    opened = Signal(object)  # the id of a lead

    def __init__(self, theme: Theme, lists: "LeadList", wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._noted = Noted()
        self._past = Chip(theme, "")
        self._rateless = Chip(theme, "")
        self._what = QLabel()
        self._what.setWordWrap(True)
        self._what.setProperty("kind", "small")
        self._model: WindowedModel[LeadRow] = WindowedModel(_columns(wording), lists.rows, parent=self)
        self._view = TableView(theme, self._model, tr("Leads to look at"))
        self._view.opened.connect(self.opened)
        keep_in_view(self._view)
        theme.fit(self._view, lambda: self._view.setMinimumHeight(theme.px(_LEAST_LIST)))
        self._group = QButtonGroup(self)
        for chip in (self._past, self._rateless):
            self._group.addButton(chip)
            chip.clicked.connect(self._show)
        self._lay_out(theme)
        self.hide()

    def show_noted(self, noted: Noted) -> None:
        """Other leads; rows are read anew, since they may have changed too."""
        self._noted = noted
        self.setVisible(not noted.nothing)
        self._past.setText(ntr("{n} in the past", "{n} in the past", len(noted.past)))
        self._rateless.setText(ntr("{n} without a rate", "{n} without a rate", len(noted.without_rate)))
        self._past.setVisible(bool(noted.past))
        self._rateless.setVisible(bool(noted.without_rate))
        shown = self._group.checkedButton()
        if shown is None or shown.isHidden():
            (self._past if noted.past else self._rateless).setChecked(True)
        self._model.refresh_all()
        self._show()

    def hasHeightForWidth(self) -> bool:
        """No: the wrapped line would make the page around it ask for the preferred height of everything at least."""
        return False

    @property
    def view(self) -> TableView:
        """The list."""
        return self._view

    @property
    def model(self) -> "WindowedModel[LeadRow]":
        """The rows of the list shown."""
        return self._model

    def _lay_out(self, theme: Theme) -> None:
        px = theme.px
        head = self.add_head(tr("To look at"))
        head.addWidget(self._past)
        head.addWidget(self._rateless)
        words = QVBoxLayout()
        theme.fit(words, lambda: words.setContentsMargins(px(16), 0, px(16), px(6)))
        words.addWidget(self._what)
        self.body.addLayout(words)
        self.body.addWidget(self._view, 1)

    def _show(self) -> None:
        if self._past.isChecked():
            self._what.setText(
                ntr(
                    "{n} open lead has months that have gone by; its {weighted} count in the current month.",
                    "{n} open leads have months that have gone by; their {weighted} count in the current month.",
                    len(self._noted.past),
                    weighted=self._noted.past_amount,
                )
            )
            self._model.set_ids(self._noted.past)
        else:
            self._what.setText(tr("There is no exchange rate for their currency: they are in no sum."))
            self._model.set_ids(self._noted.without_rate)


def _columns(wording: Wording) -> tuple[Column[Any], ...]:
    return (
        Column("title", N_("Lead"), lambda row: row.title, width=130, weight=Weight.STRONG, flex=1),
        Column("period", N_("Period"), wording.period, width=116, weight=Weight.MUTED),
        Column("volume", N_("Volume"), wording.volume, Kind.NUMBER, width=104, short=wording.volume_short),
    )
