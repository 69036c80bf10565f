"""When somebody is away: rows that are edited in place, and below them fields for one more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import TrichterError
from app.core.i18n import N_, tr
from app.services.absences import ABSENCE_LABELS
from app.services.team import AbsenceKind, Away, Colleague
from app.ui.forms.field import Field, Note
from app.ui.forms.in_place import choices
from app.ui.forms.loose import LooseEdit
from app.ui.forms.rows import RowColumn
from app.ui.settings.attempt import attempt
from app.ui.settings.small_list import SmallList
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.ui.context import Context

#: How wide the fields for one more are; the last takes the room its words need, up to some.
_DAY, _DAYS_WIDE, _KIND, _NAME, _LONG_NAME = 104, 128, 112, 186, 320
_DAYS = ((False, N_("whole days")), (True, N_("half days")))


class AbsencesCard(Card):
    """The absences of one member. Each change is a step of the person at work."""

    def __init__(self, context: "Context") -> None:
        super().__init__(context.theme)
        self._context = context
        self._team = context.office.team
        self._member: Colleague | None = None
        self._names: dict[int, str] = {}
        self._locked = ""
        self._controls: dict[str, QWidget] = {}
        self._problem = Note("error")
        self.first, self.last = self._day_edit("first"), self._day_edit("last")
        self.half, self.kind, self.deputy = choices(tr("Days")), choices(tr("Kind")), choices(tr("Deputy"))
        self.add = Button(context.theme, tr("Add absence"), icon="plus")
        self.list: SmallList[Away] = SmallList(
            context, tr("Absences"), self._columns(), lambda row: self._team.remove_absence(row.id),
            lambda: self._locked,
        )  # fmt: skip
        self._entry = QWidget()
        self._lay_out()
        self.add.clicked.connect(self._on_add)
        for edit in (self.first, self.last):
            edit.returnPressed.connect(self._on_add)

    def _lay_out(self) -> None:
        theme = self._context.theme
        self.add_head(tr("Absences")).addWidget(self.list.remove)
        self.body.addWidget(self.list)
        px = theme.px
        box = QVBoxLayout(self._entry)
        theme.fit(box, lambda: box.setContentsMargins(px(16), px(10), px(16), px(14)))
        box.setSpacing(px(8))
        fields = QWidget()
        flow = Flow(fields, px(8))
        controls: tuple[tuple[str, str, QWidget, int], ...] = (
            ("first", tr("First day"), self.first, _DAY), ("last", tr("Last day"), self.last, _DAY),
            ("half", tr("Days"), self.half, _DAYS_WIDE), ("kind", tr("Kind"), self.kind, _KIND),
            ("deputy_id", tr("Deputy"), self.deputy, _NAME),
        )  # fmt: skip
        self.deputy.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for name, label, control, width in controls:
            theme.fit(control, partial(_widen, control, px, width, _LONG_NAME if width == _NAME else width))
            field = Field(label, control)
            self._controls[name] = control
            if isinstance(control, LooseEdit):
                control.understood.connect(field.hint)
            flow.addWidget(field)
            flow.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        self.last.setPlaceholderText(tr("one day"))
        self.add.setAutoDefault(False)
        box.addWidget(fields)
        box.addWidget(self._problem)
        box.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._entry)
        for half, label in _DAYS:
            self.half.addItem(tr(label), half)
        for kind, label in ABSENCE_LABELS.items():
            self.kind.addItem(tr(label), kind)

    def _columns(self) -> list[RowColumn[Away]]:
        day = self._context.formats.day
        locked = lambda _row: self._locked  # noqa: E731 - the same for every cell
        kinds = [(tr(label), kind) for kind, label in ABSENCE_LABELS.items()]
        days = [(tr(label), half) for half, label in _DAYS]
        return [
            RowColumn(tr("First day"), lambda row: day(row.first), lambda row, typed: self._edit(row, first=typed),
                      locked=locked),
            RowColumn(tr("Last day"), lambda row: day(row.last), lambda row, typed: self._edit(row, last=typed),
                      locked=locked),
            RowColumn(tr("Kind"), lambda row: tr(ABSENCE_LABELS[row.kind]),
                      lambda row, kind: self._edit(row, kind=kind), offers=lambda _row: kinds, locked=locked),
            RowColumn(tr("Days"), lambda row: tr(dict(_DAYS)[row.half]), lambda row, half: self._edit(row, half=half),
                      faint=lambda row: not row.half, offers=lambda _row: days, locked=locked),
            RowColumn(tr("Deputy"), lambda row: self._called(row.deputy_id),
                      lambda row, deputy: self._edit(row, deputy_id=deputy), stretch=True,
                      faint=lambda row: row.deputy_id is None, offers=lambda _row: self._deputies(), locked=locked),
        ]  # fmt: skip

    def show_member(self, member: Colleague | None, people: Sequence[Colleague], locked: str) -> None:
        """The absences of a member; `people` are all there are, `locked` says why nothing can be changed."""
        self._member, self._locked = member, locked
        self._names = {each.id: each.name for each in people}
        self.setVisible(member is not None)
        if member is None:
            return
        chosen = self.deputy.currentData()
        self.deputy.clear()
        for label, deputy in self._deputies():
            self.deputy.addItem(label, deputy)
        self.deputy.setCurrentIndex(max(0, self.deputy.findData(chosen)))
        self._entry.setEnabled(not locked)
        self._entry.setToolTip(locked)
        self.list.show_rows(member.id, self._team.absences(member.id), tr("No absence is known."))

    def _deputies(self) -> list[tuple[str, int | None]]:
        own = 0 if self._member is None else self._member.id
        return [(self._called(None), None), *((name, id_) for id_, name in self._names.items() if id_ != own)]

    def _called(self, deputy: int | None) -> str:
        """Who stands in; where nobody is named, who always does."""
        if deputy is not None:
            return self._names.get(deputy, tr("nobody"))
        usual = None if self._member is None else self._member.deputy_id
        return tr("{name}, as usual", name=self._names[usual]) if usual in self._names else tr("nobody")

    def _day_edit(self, field: str) -> LooseEdit[date]:
        return LooseEdit(lambda typed: self._day(typed, field), self._context.formats.day)

    def _day(self, typed: str, field: str) -> date:
        return parse.day(typed, self._context.office.store.today(), field=field)

    def _edit(self, row: Away, **changes: Any) -> None:
        for name in ("first", "last"):
            if name in changes:
                changes[name] = self._day(changes[name], name)
        new = replace(row, **changes)
        self._team.change_absence(row.id, new.first, new.last, new.kind, new.half, new.deputy_id)

    def _on_add(self) -> None:
        try:
            first, last = self.first.required("first"), self.last.value()
        except TrichterError as error:
            self._refuse(error)
            return
        if self._member is None:
            return
        kind, half, deputy = AbsenceKind(self.kind.currentData()), self.half.currentData(), self.deputy.currentData()

        def done(made: int) -> None:
            for edit in (self.first, self.last):
                edit.set_value(None)
            self.list.view.go_to(made)

        add = partial(self._team.add_absence, self._member.id, first, last or first)
        attempt(self._context, self, partial(add, kind, half, deputy), self._refuse, done)

    def _refuse(self, error: TrichterError | None) -> None:
        """Below all the fields, which are too narrow for a sentence; the keyboard goes to the one that is meant."""
        self._problem.say(str(error) if error else "", "error")
        if error is not None and error.field in self._controls:
            self._controls[error.field].setFocus(Qt.FocusReason.OtherFocusReason)


def _widen(control: QWidget, px: Callable[[float], int], least: int, most: int) -> None:
    control.setMinimumWidth(px(least))
    control.setMaximumWidth(px(most))
