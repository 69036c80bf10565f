"""Labels and values one below the other, each value editable in its place."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QGridLayout, QLabel, QSizePolicy, QStackedLayout, QWidget

from app.ui.theme import Theme
from app.ui.tips import plain_tip, with_reason
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.unseen import label_unseen

_LABEL_WIDTH = 124
_PADDING = 6
_GAP = 5
#: Height of a value, and of the label beside it; how much lower a second line stands.
_LINE = 27
_NEXT = 18


class FieldGrid(QWidget):
    """Rows of label and value. `add` makes a row; its `FieldValue` says what to show and asks to be edited.

    `linkPressed(key)`: the button beside a value, which leads to what it names, was pressed.
    """

    linkPressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: dict[str, FieldValue] = {}
        self._shown: dict[str, QWidget] = {}
        self._names: dict[str, QLabel] = {}
        self._links: dict[str, Button] = {}
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(1, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def add(
        self, key: str, label: str, *, editable: bool = True, lines: int = 1, link: tuple[str, str] | None = None
    ) -> "FieldValue":
        """A row at the end; a value that does not fit takes so many `lines`. `link`: icon and name of its button."""
        value = FieldValue(self._theme, label, editable, lines=lines)
        self.add_widget(key, label, value, link=link).setBuddy(value.button)
        self._values[key] = value
        return value

    def add_widget(self, key: str, label: str, widget: QWidget, *, link: tuple[str, str] | None = None) -> QLabel:
        """A row at the end with something else in the value's place; its label."""
        name = QLabel(label)
        name.setProperty("kind", "muted")
        name.setWordWrap(True)
        name.setMinimumHeight(self._theme.px(_LINE))
        row = self._grid.rowCount()
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)  # an editor may grow below its first line
        self._grid.addWidget(widget, row, 1, 1, 2 if link is None else 1)
        if link is not None:
            icon, words = link
            button = Button(self._theme, "", ButtonKind.MINI, icon=icon, name=words)
            button.clicked.connect(partial(self.linkPressed.emit, key))
            self._grid.addWidget(button, row, 2, Qt.AlignmentFlag.AlignVCenter)
            self._links[key] = button
        self._shown[key], self._names[key] = widget, name
        return name

    def set_row_visible(self, key: str, visible: bool) -> None:
        """Show or hide a row, label and value."""
        for widget in (self._names[key], self._shown[key], self._links.get(key)):
            if widget is not None:
                see(widget, visible)

    def set_link_visible(self, key: str, visible: bool) -> None:
        """Show or hide the button beside a value."""
        see(self._links[key], visible)

    def set_link_icon(self, key: str, icon: str) -> None:
        """What the button beside a value leads to, where that is not always the same."""
        self._links[key].show_icon(icon)

    def __getitem__(self, key: str) -> "FieldValue":
        return self._values[key]

    def _restyle(self) -> None:
        px = self._theme.px
        self._grid.setContentsMargins(px(18), px(8), px(10), px(8))
        self._grid.setHorizontalSpacing(px(6))
        self._grid.setVerticalSpacing(px(2))
        self._grid.setColumnMinimumWidth(0, px(_LABEL_WIDTH))
        for name in self._names.values():
            name.setMinimumHeight(px(_LINE))


class FieldValue(QWidget):
    """A value that asks to be edited when it is pressed (mouse, Enter, F2) and takes the editor in its place.

    Whoever hears `editRequested` calls `edit_with(editor)`, and `stop_editing()` when it is done; Esc does that too.
    """

    editRequested = Signal()
    editCancelled = Signal()

    def __init__(
        self, theme: Theme, label: str, editable: bool = True, parent: QWidget | None = None, *, lines: int = 1
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._editor: QWidget | None = None
        self._unseen: QLabel | None = None
        self._tip = self._why = ""
        self.button = ValueButton(theme, editable, self, lines=lines)
        self.button.clicked.connect(self.editRequested)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_label(self, label: str) -> None:
        """What the value is called from now on, when it is next shown."""
        self._label = label

    def show_value(self, text: str, *, note: str = "", tone: str = "", strong: bool = False) -> None:
        """The value, an explanation in grey after it, and how it stands out (a colour's name in the theme)."""
        self.button.show_parts(text or "–", note, tone, strong)
        spoken = f"{self._label}: {text or '–'} {note}".rstrip()
        self.button.setAccessibleName(spoken)
        self._tip = plain_tip(f"{text} {note}".strip())
        self.button.setToolTip(with_reason(self._tip, self._why))

    def restrict(self, why: str) -> None:
        """From now on it is not to be edited, and says why; with an empty reason it is again."""
        if why != self._why:
            self._why = why if self.button.restrict(not why) else ""
            self.button.setToolTip(with_reason(self._tip, self._why))
            self.button.setStatusTip(self._why)
            self.button.setAccessibleDescription(self._why)

    @property
    def refusal(self) -> str:
        """Why it may not be edited; empty if it may."""
        return self._why

    @property
    def editor(self) -> QWidget | None:
        """The editor that is open."""
        return self._editor

    def edit_with(self, editor: QWidget) -> None:
        """Put an editor in the value's place and the cursor into it."""
        self.stop_editing()
        self._editor = editor
        self._stack.addWidget(editor)
        self._stack.setCurrentWidget(editor)
        if isinstance(editor, QComboBox):
            self._unseen = label_unseen(editor, self._label)
        editor.installEventFilter(self)
        QWidget.setTabOrder(self.button, editor.focusProxy() or editor)  # made last, it would be the last to come to
        (editor.focusProxy() or editor).installEventFilter(self)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_editing(self) -> None:
        """Close the editor; the value is back and keeps the focus the editor had."""
        if self._editor is None:
            return
        editor, self._editor = self._editor, None
        editor.blockSignals(True)  # losing the focus on the way out is not an answer
        focused = editor.window().focusWidget()
        had_focus = focused is editor or editor.isAncestorOf(focused)
        self._stack.removeWidget(editor)
        if self._unseen is not None:
            self._unseen.deleteLater()
            self._unseen = None
        editor.hide()
        editor.deleteLater()
        self._stack.setCurrentWidget(self.button)
        if had_focus:
            self.button.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._editor is None or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:  # else it would close the window
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self.stop_editing()
            self.editCancelled.emit()
            return True
        return False


def see(widget: QWidget, seen: bool) -> None:
    """Show or hide a widget; where it is so already no new layout is made for nothing."""
    if widget.isHidden() == seen or not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        widget.setVisible(seen)


class ValueButton(QAbstractButton):
    """A value as plain text that shows, when pointed at or focused, that it can be changed."""

    def __init__(self, theme: Theme, editable: bool, parent: QWidget | None = None, *, lines: int = 1) -> None:
        super().__init__(parent)
        self._theme = theme
        self._editable = self._value = editable
        self._most = lines
        self._note = ""
        self._tone = ""
        self._strong = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if editable:
            self.setCursor(Qt.CursorShape.IBeamCursor)
        theme.changed.connect(self.updateGeometry)

    def restrict(self, editable: bool) -> bool:
        """Whether a value that can be edited may be; it can be come to and read in any case. False for another one."""
        if self._value:
            self._editable = editable
            self.setCursor(Qt.CursorShape.IBeamCursor if editable else Qt.CursorShape.ArrowCursor)
            self.update()
        return self._value

    def show_parts(self, text: str, note: str, tone: str, strong: bool) -> None:
        """What to paint."""
        if (text, note, tone, strong) == (self.text(), self._note, self._tone, self._strong):
            return
        self._note, self._tone, self._strong = note, tone, strong
        self.setText(text)
        self._settle()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._high())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        """Another width or text may need another number of lines."""
        if self._most > 1 and self._high() != self.height():
            self.updateGeometry()

    def _high(self) -> int:
        lines = self._lines()
        return self._theme.px(_LINE) + (len(lines) - 1 + len(self._note_below(lines))) * self._theme.px(_NEXT)

    def _lines(self) -> list[str]:
        """The text as it is broken into lines."""
        return self._broken(self.text(), self._weight(), self._most)

    def _broken(self, text: str, weight: int, most: int) -> list[str]:
        """A text in at most so many lines, of which the last may be too long for its room."""
        lines = [""]
        for word in text.replace("\n", " ").split(" "):  # not within "60 %", whose blank is another
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if len(lines) < most and lines[-1] and self._advance(longer, weight) > self._room():
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _note_below(self, lines: list[str]) -> list[str]:
        """The lines the explanation has for itself; none where it stands after the text, or there is no room."""
        if not self._note or len(lines) >= self._most:
            return []
        both = self._advance(lines[-1], self._weight()) + self._theme.px(_GAP) + self._advance(self._note, 400)
        return self._broken(self._note, 400, self._most - len(lines)) if both > self._room() else []

    def _room(self) -> int:
        return self.width() - 2 * self._theme.px(_PADDING)

    def _advance(self, text: str, weight: int) -> int:
        return QFontMetrics(self._theme.font(13, weight)).horizontalAdvance(text)

    def _weight(self) -> int:
        return 600 if self._strong or self._tone else 400

    def nextCheckState(self) -> None:
        """Nothing to switch."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._editable and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def hitButton(self, at: QPoint) -> bool:
        return self._editable and self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus() or (self._editable and self.underMouse()):
                painter.setBrush(theme.colour("hover"))
                painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "border"), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            left, right = theme.px(_PADDING), self.width() - theme.px(_PADDING)
            lines = self._lines()
            below = self._note_below(lines)
            end, drop = left, (1 - len(lines) - len(below)) / 2 * theme.px(_NEXT)
            for number, line in enumerate(lines):
                drop += theme.px(_NEXT) if number else 0
                end = left + self._part(painter, left, right, drop, line, self._weight(), self._tone or "text")
            for line in below:
                drop += theme.px(_NEXT)
                self._part(painter, left, right, drop, line, 400, "muted")
            end += theme.px(_GAP)
            if self._note and not below and end < right:
                self._part(painter, end, right, drop, self._note, 400, "muted")

    def _part(self, painter: QPainter, left: int, right: int, drop: float, text: str, weight: int, token: str) -> int:
        """One piece of text, so far below the middle, elided to the room it has; how wide it is."""
        font = self._theme.font(13, weight)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - left))
        painter.setFont(font)
        painter.setPen(self._theme.colour(token))
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2 + drop
        painter.drawText(QPointF(left, baseline), shown)
        return metrics.horizontalAdvance(shown)
