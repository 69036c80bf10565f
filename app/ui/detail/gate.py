"""What the next stage of a lead asks for: which fields are still empty, and a checklist to tick off in its place."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.core.i18n import Text, tr
from app.core.roles import Act
from app.services.stage_gates import names_of
from app.ui.forms.field import Note
from app.ui.jobs import Job
from app.ui.tips import plain_tip

if TYPE_CHECKING:
    from app.services.lead_detail import LeadDetail
    from app.services.stage_gates import CheckPoint
    from app.ui.context import Context

#: Letters that fit into the panel; what is longer is told whole by the pointer.
_SHORT = 40


class GateBox(QWidget):
    """Seen only where the next stage asks for something."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._lead_id = 0
        self._heading = Note("muted")
        self._missing = Note("error")
        self._points: list[_Point] = []
        self._box = QVBoxLayout(self)
        px = context.theme.px
        context.theme.fit(
            self,
            lambda: self._box.setContentsMargins(px(18), 0, px(14), px(12)),
            lambda: self._box.setSpacing(px(5)),
        )
        self._box.addWidget(self._heading)
        self._box.addWidget(self._missing)

    def show_lead(self, detail: "LeadDetail") -> None:
        """What this lead still lacks for the stage that comes next."""
        gate = detail.gate
        self.setVisible(gate is not None)
        if gate is None:
            return
        self._lead_id = detail.row.id
        words = tr("Ready for “{stage}”", stage=gate.stage) if gate.open else tr("Before “{stage}”", stage=gate.stage)
        self._heading.say(words, "muted")
        self._missing.say(tr("Missing: {fields}.", fields=names_of(gate.missing)) if gate.missing else "", "error")
        while len(self._points) > len(gate.points):
            point = self._points.pop()
            self._box.removeWidget(point)
            point.deleteLater()
        while len(self._points) < len(gate.points):
            point = _Point()
            point.clicked.connect(self._tick)
            self._context.allowed.keep(Act.CHANGE, point)
            self._points.append(point)
            self._box.addWidget(point)
            point.show()  # at once, not with the next turn
        for box, shown in zip(self._points, gate.points, strict=True):
            box.show_point(shown)

    def _tick(self, done: bool) -> None:
        point = self.sender()
        if isinstance(point, _Point):
            lead, number, leads = self._lead_id, point.point_id, self._context.office.leads
            job = Job(Text("Saving"), lambda _progress: leads.check_off([lead], number, done), owner=self)
            self._context.jobs.write(job)


class _Point(QCheckBox):
    """One point of the checklist."""

    def __init__(self) -> None:
        super().__init__()
        self.point_id = 0

    def show_point(self, point: "CheckPoint") -> None:
        """What is to be seen to, and whether it was."""
        self.point_id = point.id
        self.setText(point.text.replace("&", "&&"))
        self.setAccessibleName(point.text)
        self.setToolTip(plain_tip(point.text) if len(point.text) > _SHORT else "")
        self.setChecked(point.done)
