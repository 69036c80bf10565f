"""The active leads: funnel strip, list or board, footer."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.core.changes import ChangeSet
from app.core.i18n import ntr, tr
from app.core.terms import Status
from app.services.filter_fields import Op
from app.services.funnel import StageFigures
from app.services.lead_list import ListQuery, Totals
from app.services.record_filter import Condition
from app.ui.board.switch import ListOrBoard
from app.ui.lead_table.columns import active_columns
from app.ui.lead_table.grouping import ALWAYS
from app.ui.lead_table.lists import LeadPanel, LeadTab
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.funnel_strip import FunnelStrip, StripStage
from app.ui.widgets.sideways import Sideways
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.quick.line import QuickLine

#: What the strip shows depends on the same as this order.
_STRIP = ListQuery((Status.ACTIVE,), sort="weighted")


class LeadsTab(LeadTab):
    """The tab *Leads*."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery((Status.ACTIVE,), sort="weighted", descending=True)
        super().__init__(context, LeadPanel(context, tr("Active leads"), query, active_columns, _figures))
        self.strip = FunnelStrip(context.theme)
        self.strip.chosen.connect(self._on_stage)
        self._funnel = Sideways(self.strip, tr("Funnel"))
        self.head.addWidget(self._funnel)
        self._line: QuickLine | None = None
        self.board_switch = ListOrBoard(context, self.panel, _figures, self)
        self.board_switch.asked.connect(self.asked)
        self.board_switch.turned.connect(self._on_turned)
        self.add_chips("leads")
        self.narrowing.shown.connect(self._mark_stage)
        self.add_grouping(ALWAYS)
        self._found: Sequence[StageFigures] = ()
        context.wording.changed.connect(self._recolour)
        context.theme.fit(self, self.fit_head)
        self.tell_when_empty(
            tr("No active leads yet. A lead is a concrete enquiry with a stage and a probability."),
            "funnel", tr("New lead"), "new_lead",
            assigned=tr("Here stand the active leads that are assigned to you. There are none yet."),
        )  # fmt: skip

    def focus_entry(self) -> None:
        """Show the line for a new lead and let the user type into it."""
        if self._line is None:
            self._line = self._make_line()
        self._line.show()
        self.fit_head()
        self._line.entry.setFocus()
        self._line.entry.selectAll()

    def _make_line(self) -> "QuickLine":
        """Made when it is asked for: the first page does without."""
        from app.ui.quick.line import QuickLine

        hint = tr("For example: Relaunch Müller GmbH 25k 60% 15.3. @anna #recommendation /offer")
        line = QuickLine(self.context, tr("New lead in one line"), hint, tr("Create lead"), active=True)
        line.made.connect(self.panel.go_to)
        line.left.connect(self._hide_line)
        close = Button(self.context.theme, "", ButtonKind.FLAT, icon="close", name=tr("Close the line"))
        close.clicked.connect(self._hide_line)
        line.add_button(close)
        self.head.addWidget(line)
        return line

    def _hide_line(self) -> None:
        """What was typed stays for the next time."""
        assert self._line is not None
        self.panel.front.setFocus()
        self._line.hide()
        self.fit_head()

    def read_figures(self) -> "Callable[[], Sequence[StageFigures]]":
        return self.context.office.funnel.open

    def concern_figures(self, change: ChangeSet) -> bool:
        return not self.board_switch.on and _STRIP.reordered_by(change)

    def show_figures(self, found: Sequence[StageFigures]) -> None:
        self._found = found
        wording = self.panel.wording
        stages = [
            StripStage(
                stage.stage_id, stage.name, self.context.formats.percent(stage.probability),
                wording.sum(stage.weighted), ntr("{n} lead", "{n} leads", stage.count),
                tr("of {volume}", volume=wording.sum(stage.volume)), wording.stage_colour(stage.stage_id),
            )
            for stage in found
        ]  # fmt: skip
        self.strip.show_stages(stages)
        self._mark_stage()

    def _recolour(self) -> None:
        """The theme brings the colours of stages along; the figures stay."""
        if self._found:
            self.show_figures(self._found)

    def _on_turned(self) -> None:
        """The heads of the board say of the stages what the strip does, and its columns are groups."""
        self.group_chip.setVisible(not self.board_switch.on)
        self.fit_head()
        if not self.board_switch.on:
            self.ask_figures()

    def fit_head(self) -> None:
        """The strip where there is room for it; where nothing stands above the list or board, there is no gap."""
        strip = not self.board_switch.on and not self.low
        self._funnel.setVisible(strip)
        lined = self._line is not None and not self._line.isHidden()
        self.show_head(lined or strip)

    def save_state(self) -> dict[str, Any]:
        return {**super().save_state(), "board": self.board_switch.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        super().restore_state(state)
        self.board_switch.restore_state(state.get("board"))

    def _on_stage(self, stage_id: int | None) -> None:
        self.narrowing.put("stage", None if stage_id is None else Condition("stage", Op.IS, (stage_id,)))

    def _mark_stage(self) -> None:
        """The strip shows the stage that alone is asked for."""
        match self.narrowing.held("stage"):
            case Condition(op=Op.IS, values=(int(stage_id),)):
                self.strip.choose(stage_id)
            case _:
                self.strip.clear()


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [
        ("", ntr("{n} lead", "{n} leads", totals.count)),
        (tr("Volume"), wording.sum(totals.volume)),
        (tr("Weighted"), wording.sum(totals.weighted)),
    ]
    if totals.mean_age_days is not None:
        figures.append((tr("Ø age"), ntr("{n} day", "{n} days", round(totals.mean_age_days))))
    remarks = []
    if totals.overdue:
        remarks.append(ntr("{n} overdue", "{n} overdue", totals.overdue))
    if totals.idle:
        remarks.append(ntr("{n} without movement", "{n} without movement", totals.idle))
    if totals.without_rate:
        remarks.append(ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", totals.without_rate))
    return figures, " · ".join(remarks)
