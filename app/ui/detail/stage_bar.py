"""The stages of a lead side by side: where it has been, where it is; a press moves it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import Text, tr
from app.core.roles import Act
from app.ui.jobs import Job
from app.ui.theme import Theme, readable, text_on
from app.ui.tips import plain_tip

if TYPE_CHECKING:
    from app.services.lead_detail import LeadDetail
    from app.ui.context import Context

_HEIGHT = 26
_LEAST = 30
#: The most that the current stage takes from the others.
_MOST = 150
_PADDING = 4


class StageBar(QWidget):
    """One button per stage that is in use."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(3)
        self._buttons: list[_StageButton] = []
        self.setAccessibleName(tr("Stage"))

    def show_lead(self, detail: "LeadDetail") -> None:
        """Where this lead stands."""
        current, wording = detail.row.stage_id, self._context.wording
        stages = [stage for stage in wording.stages if not stage.retired or stage.id == current]
        while len(self._buttons) > len(stages):
            button = self._buttons.pop()
            self._row.removeWidget(button)
            button.deleteLater()
        while len(self._buttons) < len(stages):
            button = _StageButton(self._context.theme)
            button.clicked.connect(self._on_click)
            self._context.allowed.keep(Act.CHANGE, button)
            self._buttons.append(button)
            self._row.addWidget(button)
        place = next((i for i, stage in enumerate(stages) if stage.id == current), -1)
        for i, (button, stage) in enumerate(zip(self._buttons, stages, strict=True)):
            button.show_stage(
                detail.row.id, stage.id, stage.name, wording.stage_colour(stage.id), i <= place, i == place
            )

    def _on_click(self) -> None:
        button = self.sender()
        if isinstance(button, _StageButton) and not button.current:
            lead, stage, leads = button.lead_id, button.stage_id, self._context.office.leads
            self._context.jobs.write(Job(Text("Saving"), lambda _progress: leads.move([lead], stage), owner=self))


class _StageButton(QAbstractButton):
    """One stage; filled up to where the lead is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._colour = ""
        self._reached = False
        self.lead_id = 0
        self.stage_id = 0
        self.current = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_stage(self, lead_id: int, stage_id: int, name: str, colour: str, reached: bool, current: bool) -> None:
        """What this button stands for."""
        self.lead_id = lead_id
        if (stage_id, name, colour, reached, current) == (
            self.stage_id, self.text(), self._colour, self._reached, self.current,
        ):  # fmt: skip
            return
        self.stage_id, self.current = stage_id, current
        self._colour, self._reached = colour, reached
        self.setText(name)
        self.setAccessibleName(tr("{stage}, current stage", stage=name) if current else name)
        self.setToolTip(plain_tip(name if current else tr("Move to “{stage}”", stage=name)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(72), self._theme.px(_HEIGHT)).expandedTo(self.minimumSizeHint())

    def minimumSizeHint(self) -> QSize:
        """Where the lead stands is said whole, unless the name is a long one; the others take the room left."""
        least = self._theme.px(_LEAST)
        if self.current:
            text = QFontMetrics(self._font()).horizontalAdvance(self.text()) + 2 * self._theme.px(_PADDING) + 1
            least = max(least, min(text, self._theme.px(_MOST)))
        return QSize(least, self._theme.px(_HEIGHT))

    def _font(self) -> QFont:
        return self._theme.font(11, 700 if self.current else 500)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        ground = readable(self._colour) if self._reached else theme.colour("neutral_background").name()
        ink = theme.colour(text_on(ground)) if self._reached else theme.colour("muted")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
            if self.hasFocus() or self.underMouse():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(ink, 2 if self.hasFocus() else 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.setFont(self._font())
            painter.setPen(ink)
            room = self.rect().adjusted(theme.px(_PADDING), 0, -theme.px(_PADDING), 0)
            text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
