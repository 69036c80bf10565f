"""Where Tab goes within a window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


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
            return True
    return False


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
    )
