"""*Akquise-Stufen*: order, names, probabilities, and below the table what else belongs to the current one."""

from functools import partial
from typing import TYPE_CHECKING

from app.core import parse
from app.core.i18n import tr
from app.services.stages import StageInfo
from app.ui.forms.rows import RowColumn
from app.ui.jobs import ANY_NUMBER
from app.ui.list_page import ListPage, ListSpec
from app.ui.settings.delete_stage import DeleteStageDialog
from app.ui.settings.lists import days_typed
from app.ui.settings.stage_card import StageCard

if TYPE_CHECKING:
    from app.ui.context import Context


class StagesPage(ListPage[StageInfo]):
    """The stages of the funnel."""

    def __init__(self, context: "Context") -> None:
        self._stages = context.office.stages
        self._colours: dict[int, str] = {}
        self._card = StageCard(context)
        super().__init__(
            context,
            ListSpec(
                tr("Stages"),
                tr("The way of a lead through the funnel. Drag the rows, or press Alt with the arrow keys, to order"
                   " them; F2 or a double click changes a cell."),
                self._columns(context),
                self._rows,
                ("stage", "stage_check", "lead"),
                tr("New stage"),
                lambda name: partial(self._add, name),
                self._delete,
                self._stages.reorder,
                _weight,
                ANY_NUMBER,
            ),
        )  # fmt: skip
        self._card.changed.connect(self._edit)
        self.below.addWidget(self._card)
        self.on_chosen()

    def _columns(self, context: "Context") -> list[RowColumn[StageInfo]]:
        number, percent = context.formats.number, context.formats.percent
        edit = self._stages.edit
        return [
            RowColumn(
                tr("Name"), _shown_name, lambda row, typed: edit(row.id, name=typed), stretch=True,
                colour=lambda row: self._colours[row.id], faint=lambda row: row.retired,
            ),
            RowColumn(
                tr("Probability"), lambda row: percent(row.probability),
                lambda row, typed: edit(row.id, probability=parse.percent(typed, field="probability")), right=True,
            ),
            RowColumn(
                tr("Idle days"), lambda row: number(row.idle_days) if row.idle_days else "–",
                lambda row, typed: edit(row.id, idle_days=days_typed(typed, "idle_days") or 0), right=True,
            ),
            RowColumn(tr("Leads"), lambda row: number(row.leads), right=True, faint=lambda row: not row.leads),
        ]  # fmt: skip

    def _rows(self) -> list[StageInfo]:
        stages = self._stages.counted()
        ramp = self.context.theme.ramp(len(stages))
        self._colours = {stage.id: stage.colour or ramp[place] for place, stage in enumerate(stages)}
        return stages

    def on_chosen(self) -> None:
        stage = self.view.current()
        self._card.show_stage(stage, self._colours.get(stage.id, "") if stage else "")

    def refresh(self) -> None:
        super().refresh()
        self.on_chosen()

    def _add(self, name: str) -> int:
        last = next((stage.probability for stage in reversed(self._stages.all())), 0)
        return self._stages.create(name, last)

    def _delete(self, stage: StageInfo) -> None:
        self._stages.delete(stage.id, _heir(self._stages.all(), stage))

    def _on_delete(self, id_: int) -> None:
        stage = next((row for row in self.model.rows if row.id == id_), None)
        if stage is not None and stage.leads:
            DeleteStageDialog(self.context, stage, self).open()
        else:
            super()._on_delete(id_)

    def _edit(self, stage_id: int, changes: dict[str, object]) -> None:
        self.attempt(lambda: self._stages.edit(stage_id, **changes))  # type: ignore[arg-type]


def _shown_name(stage: StageInfo) -> str:
    return stage.name


def _weight(stage: StageInfo) -> int:
    return ANY_NUMBER if stage.used else 0


def _heir(stages: list[StageInfo], stage: StageInfo) -> int | None:
    """A stage for closed leads that still carry the deleted one: they would come back to it when opened again."""
    others = [other for other in stages if other.id != stage.id and not other.retired]
    before = [other for other in others if other.position < stage.position]
    return before[-1].id if before else others[0].id if others else None
