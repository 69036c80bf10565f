"""The panel of a lead beside the lists: made after the first page, or when a command asks for it before."""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget

from app.core.i18n import Text
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.detail.panel import DetailPanel

#: A timer without an interval comes before what waits to be painted.
NEXT_TURN_MS = 1


class SideDetail(QObject):
    """Makes the panel once, in `side`; `connect` has it do something."""

    def __init__(
        self, context: "Context", side: QStackedWidget, connect: Callable[["DetailPanel"], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._side = side
        self._connect = connect
        self._going = True

    def load(self, then: Callable[[], object]) -> None:
        """The modules in a thread, and from them the panel; `then` in a turn of its own."""
        work = lambda _progress: import_module("app.ui.detail.panel")  # noqa: E731 - one expression for one thread
        done = lambda _module: self.build(then)  # noqa: E731
        self._context.jobs.start(Job(Text("Opening the data"), work, done, quiet=True, pool=True, owner=self))

    def build(self, then: Callable[[], object]) -> None:
        """In turns of the event loop, each of which takes as long as several repaints."""
        self._take(iter((lambda: self.panel, self._complete, then)))

    def _complete(self) -> None:
        self.panel.complete()

    def _take(self, steps: Iterator[Callable[[], object]]) -> None:
        step = next(steps, None)
        if self._going and step is not None:
            step()
            QTimer.singleShot(NEXT_TURN_MS, self, partial(self._take, steps))

    def stop(self) -> None:
        """What is not there yet is not made any more: the store is about to go."""
        self._going = False

    def remove(self) -> None:
        """Take it away, if it is there."""
        if self.made:
            self._side.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()

    @property
    def made(self) -> bool:
        """Whether it is there."""
        return "panel" in self.__dict__

    @cached_property
    def panel(self) -> "DetailPanel":
        """It, made at once if it is not there yet."""
        from app.ui.detail.panel import DetailPanel

        panel = DetailPanel(self._context, parent=self._side)
        self._connect(panel)
        self._side.addWidget(panel)
        return panel
