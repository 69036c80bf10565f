"""What others write while the window is open: in the file, or on a team's server."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.bridge import Watch

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.main_window import MainWindow
    from app.ui.team_line import TeamLine


def begin_watch(window: "MainWindow", context: "Context", parent: QObject) -> "Watch | TeamLine":
    """From here on, before the first list is read, nothing others write is missed."""
    store = context.office.store
    if store.shared:  # that was opened by bringing it to where the others are
        from app.ui.team_line import TeamLine

        return TeamLine(window, context, parent)
    store.watch()
    return Watch(store.watch, parent=parent)
