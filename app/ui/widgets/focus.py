"""Where Tab goes within a window, and that one sees where the keyboard is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QScrollArea, QWidget


def move_focus(window: QWidget, forward: bool) -> bool:
    """Go to the next control (or the one before) as they follow on the screen; whether there is one.

    Qt goes by when a control was made: what is made later (the stages above a list, a tab) would come last. Within
    their parents widgets lie in the order in which layouts show them.
    """
    widgets = window.findChildren(QWidget)
    focused = window.focusWidget()
    at = widgets.index(focused) if focused in widgets else -1
    onward = widgets[at + 1 :] + widgets[: max(at, 0)]
    for widget in onward if forward else reversed(onward):
        if _is_stop(widget, window):
            widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            bring_into_view(widget)
            return True
    return False


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
        and not _goes_by_arrows(widget)
    )


def bring_into_view(widget: QWidget, margin: int = 0) -> None:
    """The page on which a widget lies scrolls to it; of a list, to the line the keyboard is on."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = None if area is None else area.widget()
    if area is None or page is None:
        return
    area.ensureWidgetVisible(widget, margin, margin)
    if isinstance(widget, QAbstractItemView):  # of which Qt knows the line, but not that it lies below a header
        line = widget.visualRect(widget.currentIndex())
        middle = widget.viewport().mapTo(page, line.center())
        area.ensureVisible(middle.x(), middle.y(), 0, line.height())


def keep_in_view(view: QAbstractItemView) -> None:
    """The page follows the keyboard through a list that may lie half below its edge; under the mouse nothing moves."""

    def follow() -> None:
        if view.hasFocus() and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            bring_into_view(view)

    view.selectionModel().currentChanged.connect(lambda *_: follow())


def _goes_by_arrows(widget: QWidget) -> bool:
    """One of a few that exclude each other, and not the one that is on: the arrows go there from that one."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() not in (None, widget)
