"""The stages side by side as arrows: how many leads are in each and what they weigh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme, readable, text_on
from app.ui.tips import plain_tip

_HEIGHT = 62
_TIP = 11
_RADIUS = 7
_LEAST = 84
_LEFT, _RIGHT = 21, 18
_GAP = 6
_BASELINES = (21, 43)

#: A line of an arrow: what stands left and what stands right of it, each as text, size and weight.
Line = tuple[tuple[str, float, int], tuple[str, float, int]]


@dataclass(frozen=True)
class StripStage:
    """What the strip shows of a stage; `colour` is '#RRGGBB'."""

    id: int
    name: str
    percent_text: str
    weighted_text: str
    count_text: str
    volume_text: str
    colour: str


class FunnelStrip(QWidget):
    """One button per stage. At most one is chosen; pressing it again chooses none."""

    chosen = Signal(object)  # the id of the stage, or None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: list[StageButton] = []
        self._choice: int | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(3)
        self.setAccessibleName(tr("Funnel"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stages(self, stages: Sequence[StripStage]) -> None:
        """The stages from first to last; what is chosen stays chosen while it exists."""
        while len(self._buttons) > len(stages):
            button = self._buttons.pop()
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        while len(self._buttons) < len(stages):
            button = StageButton(self._theme, stages[len(self._buttons)], self.detail, self)
            button.clicked.connect(self._on_click)
            self._buttons.append(button)
            self._row.addWidget(button)
            button.show()
        for position, (button, stage) in enumerate(zip(self._buttons, stages, strict=True)):
            button.show_stage(stage, first=position == 0)
        self.choose(self._choice if self._choice in [stage.id for stage in stages] else None)

    @property
    def choice(self) -> int | None:
        """The id of the stage chosen."""
        return self._choice

    def choose(self, choice: int | None) -> bool:
        """Choose without telling anyone; before any stages are shown, one that is shown as soon as they are."""
        self._choice = choice
        for button in self._buttons:
            button.setChecked(button.stage.id == choice)
        return True

    def clear(self) -> None:
        """Choose none, without telling anyone."""
        self.choose(None)

    def sizeHint(self) -> QSize:
        """As high without stages: what is below must not move when their figures come."""
        return super().sizeHint().expandedTo(QSize(0, self._theme.px(_HEIGHT)))

    def detail(self) -> int:
        """How much the arrows say: as much as there is room for in the narrowest of them."""
        return next((detail for detail in (0, 1) if all(button.has_room(detail) for button in self._buttons)), 2)

    def _on_click(self) -> None:
        button = self.sender()
        if isinstance(button, StageButton):
            self.choose(button.stage.id if button.isChecked() else None)
            self.chosen.emit(self.choice)


class StageButton(QAbstractButton):
    """One stage as an arrow; `detail` tells how much it says."""

    def __init__(
        self, theme: Theme, stage: StripStage, detail: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._detail = detail
        self._first = False
        self.stage = stage
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_stage(self, stage: StripStage, first: bool) -> None:
        """Other figures, or another stage."""
        self.stage = stage
        self._first = first
        self.setText(f"{stage.name} · {stage.percent_text}")
        name = f"{self.text()}, {stage.weighted_text}, {stage.count_text}, {stage.volume_text}"
        self.setAccessibleName(name)
        tip = f"{self.text()}\n{stage.weighted_text} · {stage.count_text}\n{stage.volume_text}"
        self.setToolTip(plain_tip(tip))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room for the whole figure: cut off, it would be another one."""
        (_upper, (figure, _side)) = self._lines(2, ticked=True)
        room = self._theme.px(_LEFT + _RIGHT) + self._width(*figure) + 1
        return QSize(max(self._theme.px(_LEAST), room), self._theme.px(_HEIGHT))

    def hitButton(self, at: QPoint) -> bool:
        return self._outline(0).contains(QPointF(at))

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = readable(self.stage.colour)
        ink = self._theme.colour(text_on(ground))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(self._outline(0), self._theme.colour(ground))
            if self.underMouse() or self.isChecked():
                painter.setPen(QPen(ink, 2 if self.isChecked() else 1))
                painter.drawPath(self._outline(3))
            if self.hasFocus():
                painter.setPen(QPen(self._theme.colour("text"), 2))
                painter.drawPath(self._outline(1))
            self._write(painter, ink)

    def _outline(self, inset: float) -> QPainterPath:
        """The arrow, `inset` pixels smaller on every side."""
        tip = self._theme.px(_TIP)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset * 1.3, -inset)
        middle, notch = box.center().y(), 0 if self._first else tip
        path = QPainterPath(QPointF(box.left() + inset * (0 if self._first else 0.8), box.top()))
        path.lineTo(box.right() - tip, box.top())
        path.lineTo(box.right(), middle)
        path.lineTo(box.right() - tip, box.bottom())
        path.lineTo(box.left() + inset * (0 if self._first else 0.8), box.bottom())
        path.lineTo(box.left() + inset * (0 if self._first else 0.8) + notch, middle)
        path.closeSubpath()
        if not self._first:
            return path
        rounded = QPainterPath()
        radius = self._theme.px(_RADIUS)
        rounded.addRoundedRect(box.adjusted(0, 0, 3 * radius, 0), radius, radius)
        return path.intersected(rounded)

    def has_room(self, detail: int) -> bool:
        """Whether everything fits that is said at this detail, with the tick of a chosen stage."""
        left, right = self._edges()
        return all(
            self._width(*main) + self._theme.px(_GAP) + self._width(*side) <= right - left
            for main, side in self._lines(detail, ticked=True)
            if side[0]
        )

    def _lines(self, detail: int, *, ticked: bool) -> tuple[Line, Line]:
        """What is written: with 0 all of it, with 1 without the volume, with 2 name and weighted volume alone."""
        stage = self.stage
        title = f"✓ {self.text()}" if ticked else self.text()
        upper = stage.count_text if detail == 0 else ""
        lower = (stage.volume_text, stage.count_text, "")[detail]
        return ((title, 12, 600), (upper, 11.5, 400)), ((stage.weighted_text, 15, 700), (lower, 11.5, 500))

    def _edges(self) -> tuple[int, int]:
        """Where text begins and ends, clear of notch and tip."""
        return self._theme.px(13 if self._first else _LEFT), self.width() - self._theme.px(_RIGHT)

    def _width(self, text: str, size: float, weight: int) -> int:
        return QFontMetrics(self._theme.font(size, weight)).horizontalAdvance(text)

    def _write(self, painter: QPainter, ink: QColor) -> None:
        """Each line: the main text at the left, elided if need be, the other at the right."""
        left, right = self._edges()
        painter.setPen(ink)
        for baseline, (main, side) in zip(
            _BASELINES, self._lines(self._detail(), ticked=self.isChecked()), strict=True
        ):
            y = self._theme.px(baseline)
            painter.setFont(self._theme.font(*main[1:]))
            shown = painter.fontMetrics().elidedText(main[0], Qt.TextElideMode.ElideRight, max(0, right - left))
            painter.drawText(left, y, shown)
            painter.setFont(self._theme.font(*side[1:]))
            painter.drawText(right - self._width(*side), y, side[0])
