"""The line in a form that says who is there already and may be meant."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.i18n import Text, tr
from app.services.duplicates import Duplicates, Hint
from app.services.twins.facts import Facts
from app.ui.forms.field import Note
from app.ui.jobs import Job
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context

#: Typing goes on; the database is asked when it rests.
REST_MS = 150


class DuplicateHint(QWidget):
    """Nothing, or who is there already and why. `opened(id)` and `taken(id, name)` are what its links ask for.

    `facts` is asked for what was typed whenever `ask` was called and nothing followed for a moment; None hides it.
    Telephone numbers in it may be as they were typed.
    """

    opened = Signal(int)
    taken = Signal(int, str)

    def __init__(
        self, context: "Context", facts: Callable[[], Facts | None], parent: QWidget | None = None, *,
        but: Collection[int] = (), can_open: bool = True, can_take: bool = True,
    ) -> None:  # fmt: skip
        """`but` is what is being edited."""
        super().__init__(parent)
        self._context, self._facts, self._but = context, facts, tuple(but)
        self._duplicates = Duplicates(context.office.store)
        self._asked = 0
        self.hint: Hint | None = None
        self._note = Note()
        self.open = Button(context.theme, tr("Open it"), ButtonKind.LINK)
        self.take = Button(context.theme, tr("Use this one"), ButtonKind.LINK)
        self.open.setVisible(can_open)
        self.take.setVisible(can_take)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(context.theme.px(10))
        box.addWidget(self._note, 1)
        for button, said in ((self.open, self.opened.emit), (self.take, self._take)):
            button.setAutoDefault(False)
            box.addWidget(button)
            button.clicked.connect(lambda _checked=False, tell=said: self._tell(tell))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._look)
        self.hide()

    @property
    def said(self) -> str:
        """What it says; "" for nothing."""
        return self._note.text() if self.hint is not None else ""

    def ask(self) -> None:
        """Something else was typed."""
        self._asked += 1
        self._rest.start()

    def _look(self) -> None:
        facts, asked = self._facts(), self._asked
        if facts is None:
            self._show(None)
            return

        def done(found: list[Hint]) -> None:
            if asked == self._asked:  # else more was typed meanwhile
                self._show(found[0] if found else None)

        work = lambda _progress: self._duplicates.near(facts.kind, facts, self._but)  # noqa: E731 - for one thread
        self._context.jobs.start(
            Job(Text("Looking for duplicates"), work, done, lambda _error: None, quiet=True, pool=True, owner=self)
        )

    def _show(self, hint: Hint | None) -> None:
        self.hint = hint
        self.setVisible(hint is not None)
        if hint is None:
            return
        name = f"{hint.name}, {hint.place}" if hint.place else hint.name
        why = str(hint.likeness.reasons[0]) if hint.likeness.reasons else ""
        words = tr("There already is: {name} ({why})", name=name, why=why) if why else name
        self._note.say(words)
        self.setAccessibleName(words)
        for button in (self.open, self.take):
            button.setAccessibleDescription(words)

    def _take(self, _id: int) -> None:
        assert self.hint is not None
        self.taken.emit(self.hint.id, self.hint.name)

    def _tell(self, tell: Callable[[int], object]) -> None:
        if self.hint is not None:
            tell(self.hint.id)
