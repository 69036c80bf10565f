"""What belongs to one stage beside its name and numbers: colour, required fields, whether it takes leads."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QColorDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.core.terms import CATEGORY_LABELS, Category
from app.services.stage_gates import REQUIRABLE
from app.services.stages import StageInfo
from app.ui.forms.field import Field, Note
from app.ui.forms.rows import swatch
from app.ui.settings.checklist import ChecklistEdit
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow, Switch

if TYPE_CHECKING:
    from app.ui.context import Context


class StageCard(Card):
    """Shows a stage; `changed(id, changes)` says what the user wants of it."""

    changed = Signal(int, dict)

    def __init__(self, context: "Context") -> None:
        super().__init__(context.theme)
        self._theme_ = context.theme
        self._stage: StageInfo | None = None
        self._shown_colour = ""
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._colour = Button(context.theme, tr("Colour …"))
        self._reset = Button(context.theme, tr("Colour of the ramp"), ButtonKind.LINK)
        self._retired = QCheckBox(tr("Takes no new leads"))
        self._checks = {name: QCheckBox(tr(label)) for name, label in REQUIRABLE.items()}
        choices = [(str(category), tr(label)) for category, label in CATEGORY_LABELS.items()]
        self._category = Switch(context.theme, choices, tr("Forecast category"))
        self._category.chosen.connect(lambda category: self._ask(category=Category(category)))
        self._list = ChecklistEdit(context.theme)
        self._list.left.connect(lambda lines: self._ask(checklist=lines))
        self._lay_out()
        self._colour.clicked.connect(self._choose_colour)
        self._reset.clicked.connect(lambda: self._ask(colour=None))
        self._retired.clicked.connect(lambda on: self._ask(retired=on))
        for check in self._checks.values():
            check.clicked.connect(lambda _on: self._ask(required=self._required()))

    def _lay_out(self) -> None:
        px = self._theme_.px
        inside = QVBoxLayout()
        inside.setContentsMargins(px(16), px(12), px(16), px(14))
        inside.setSpacing(px(9))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(self._title, 1)
        for button in (self._reset, self._colour):
            button.setAutoDefault(False)
            row.addWidget(button)
        inside.addLayout(row)
        note = Note()
        note.say(tr("A lead enters this stage only with:"))
        inside.addWidget(note)
        fields = QWidget()
        flow = Flow(fields, px(14))
        for check in self._checks.values():
            flow.addWidget(check)
        inside.addWidget(fields)
        points = Field(tr("Checklist"), self._list, tip=tr("One point a line. A lead enters when all are ticked."))
        inside.addWidget(points)
        tip = tr("What its leads count as, unless one was chosen for a lead by hand.")
        kind = Field(tr("Forecast category"), self._category, tip=tip)
        inside.addWidget(kind)
        inside.addWidget(self._retired)
        self.body.addLayout(inside)

    def show_stage(self, stage: StageInfo | None, colour: str) -> None:
        """Show this stage, `colour` being what it is painted with; None for none."""
        self._stage, self._shown_colour = stage, colour
        self.setVisible(stage is not None)
        if stage is None:
            return
        self._title.setText(stage.name)
        self._colour.setIcon(swatch(self._theme_, colour))
        self._colour.setIconSize(QSize(self._theme_.px(16), self._theme_.px(16)))
        self._reset.setVisible(stage.colour is not None)
        self._retired.setChecked(stage.retired)
        self._category.choose(stage.category)
        for name, check in self._checks.items():
            check.setChecked(name in stage.required)
        self._list.show_points(stage.id, stage.checklist)

    def _required(self) -> list[str]:
        return [name for name, check in self._checks.items() if check.isChecked()]

    def _ask(self, **changes: object) -> None:
        if self._stage is not None:
            self.changed.emit(self._stage.id, changes)

    def _choose_colour(self) -> None:
        if self._stage is None:
            return
        dialog = QColorDialog(QColor(self._shown_colour), self)
        dialog.setWindowTitle(tr("Colour of “{stage}”", stage=self._stage.name))
        dialog.colorSelected.connect(partial(self._on_colour, self._stage.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_colour(self, stage_id: int, colour: QColor) -> None:
        self.changed.emit(stage_id, {"colour": colour.name().upper()})
