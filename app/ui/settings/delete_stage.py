"""Deleting a stage that is used: which one takes its leads?"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from app.core.i18n import Text, ntr, tr
from app.services.stages import StageInfo
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form, Note
from app.ui.jobs import ANY_NUMBER, Job

if TYPE_CHECKING:
    from app.ui.context import Context


class DeleteStageDialog(Dialog):
    """Accepted once the stage is deleted."""

    def __init__(self, context: "Context", stage: StageInfo, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Delete “{stage}”", stage=stage.name), parent)
        self._context = context
        self._stage = stage
        self._form = Form()
        self.target = QComboBox()
        stages = [other for other in context.office.stages.all(retired=False) if other.id != stage.id]
        for other in stages:
            self.target.addItem(f"{other.name} · {context.formats.percent(other.probability)}", other.id)
        before = [place for place, other in enumerate(stages) if other.position < stage.position]
        self.target.setCurrentIndex(before[-1] if before else 0)
        note = Note()
        note.say(
            ntr("{n} lead is in this stage. What the history says of the stage stays.",
                "{n} leads are in this stage. What the history says of the stage stays.", stage.leads)
        )  # fmt: skip
        self.body.addWidget(note)
        self.body.addWidget(self._form.add("target", Field(tr("Stage that takes its leads"), self.target), "stage"))
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        delete = self.add_buttons(tr("Delete stage"))
        delete.clicked.connect(self._delete)
        self.resize(context.theme.px(420), self.sizeHint().height())

    def _delete(self) -> None:
        self._form.settle()
        stages, target = self._context.office.stages, self.target.currentData()
        work = lambda _progress: stages.delete(self._stage.id, target)  # noqa: E731 - one expression for one thread
        job = Job(Text("Saving"), work, lambda _none: self.accept(), self._form.take, owner=self)
        self.carry_out(self._context.jobs, job, ANY_NUMBER)
