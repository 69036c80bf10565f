"""Leaving alone what is due of some leads or companies, until a moment that is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.core.i18n import Plural, Text
from app.core.terms import Entity
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context


def ask_until(
    context: "Context", ids: Sequence[int], at: QPoint, parent: QWidget, entity: Entity = Entity.LEAD
) -> None:
    """Offer the moments in a menu at a place. Once the steps were put off it is said, and who shows reminders hears."""
    from app.ui.reminders.later import later_menu

    def put_off(until: datetime) -> None:
        def told(steps: int) -> None:
            moment = context.formats.instant(until, context.office.store.zone)
            context.notify(Plural("{n} step put off until {moment}", "{n} steps put off until {moment}", n=steps,
                                  moment=moment))  # fmt: skip
            context.bridge.reminded.emit(frozenset((entity, id_) for id_ in ids))

        work = lambda _progress: context.office.reminders.put_off(ids, until, entity)  # noqa: E731 - one expression
        context.jobs.write(Job(Text("Putting off"), work, told, owner=parent), leads=len(ids))

    later_menu(context, put_off, parent).popup(at)
