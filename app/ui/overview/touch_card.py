"""*Kontakt halten*: companies and people of whom nothing was heard for as long as their rhythm allows."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, ntr, tr
from app.core.terms import Entity
from app.services.rhythm import OverdueRhythm, OverdueRhythms
from app.ui.overview.columns import touch_columns
from app.ui.overview.record_card import OPEN, RecordCard

if TYPE_CHECKING:
    from app.ui.context import Context

_EXPLAINED = N_(
    "Companies and people whose own rhythm, or the closest one of their tags, says that it is time to get in touch. "
    "Every entry with them or on their leads counts as a contact, and so does every step that was finished; a call, a "
    "meeting or an e-mail with a person counts for his or her companies, too. Those who wait longest, by their own "
    "rhythm, stand first."
)


class TouchCard(RecordCard):
    """`opened(entity, id)` asks for a company or person, `called(row)` to write down a call with it."""

    opened = Signal(object, int)
    called = Signal(object)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        ways = (("call", tr("Log a call …"), "phone"), (OPEN, tr("Show in Customers"), "building"))
        columns = touch_columns(context.wording, context.formats)
        super().__init__(context, tr("Keep in touch"), tr(_EXPLAINED), columns, ways, parent)
        self.asked.connect(self._act)

    def key_of(self, row: OverdueRhythm) -> int:
        """A number for a row: companies and people are counted each by themselves."""
        return row.id * 2 + (row.entity is Entity.PERSON)

    def show_overdue(self, found: OverdueRhythms) -> None:
        """The worst first, and how many there are in all."""
        words = ntr("{n} is due", "{n} are due", found.due) if found.due else ""
        if found.late:
            words = tr("{due}, {late} too late", due=words, late=self._context.formats.number(found.late))
        all_seen = self._context.allowed.rights.sees_all  # else somebody may have called of whom nothing is seen
        self.show_rows(found.rows, words if all_seen or not words else tr("{due}, as far as you see", due=words))
        message = tr("You have heard of everybody in time.")
        if not found.asked:
            message = tr("Say at a customer or a tag how often to keep in touch. Who has to wait longer stands here.")
        self.view.tell_when_empty(message, "check" if found.asked else "users")

    def _act(self, way: str, row: Any) -> None:
        if way == "call":
            self.called.emit(row)
        else:
            self.opened.emit(row.entity, row.id)
