"""*Team*: who works here, and below the list what belongs to the one it is on."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import tr
from app.core.roles import ROLE_LABELS, Role
from app.services.team import Colleague
from app.ui.forms.rows import RowColumn
from app.ui.list_page import ListPage, ListSpec
from app.ui.settings.absences import AbsencesCard
from app.ui.settings.hours import HoursCard
from app.ui.settings.locked import Banner
from app.ui.settings.may import May
from app.ui.settings.member_card import MemberCard
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_TABLES = ("member", "lead", "absence", "working_week")


class TeamPage(ListPage[Colleague]):
    """The people of the agency, what they may do, when they are away and when they work."""

    def __init__(self, context: "Context") -> None:
        self._team = context.office.team
        self._may = May(context.office.store.rights)
        self.banner = Banner(context)
        self.role = ChoiceBox()
        self.card = MemberCard(context)
        self.absences, self.hours = AbsencesCard(context), HoursCard(context)
        super().__init__(
            context,
            ListSpec(
                tr("Team"),
                tr("The people of your agency, who can be responsible for leads, and what each of them may do. On this"
                   " computer roles and passwords protect from mistakes, not from somebody who has the file with the"
                   " data; a team server enforces them."),
                self._columns(context),
                lambda: self._team.people(counted=True),
                _TABLES,
                tr("New person"),
                lambda name: partial(self._team.add, name, Role(self.role.currentData())),
                lambda row: context.office.catalogue.delete("member", row.id),
                leads=lambda row: row.leads,
                beside=self.role,
            ),
        )  # fmt: skip
        self._set_up()

    def _set_up(self) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.banner)
        label_unseen(self.role, tr("Role of the new person"))
        self.below.setSpacing(self.context.theme.px(12))
        for card in (self.card, self.absences, self.hours):
            self.below.addWidget(card)
        self.card.passwordChanged.connect(self.refresh)
        self.view.go_to(self.context.office.store.actor_id or 0)

    def _columns(self, context: "Context") -> list[RowColumn[Colleague]]:
        catalogue, team, formats = context.office.catalogue, self._team, context.formats
        people = lambda _row: self._may.people  # noqa: E731 - the same for everybody
        roles = [(tr(label), role) for role, label in ROLE_LABELS.items()]
        return [
            RowColumn(tr("Name"), lambda row: row.name,
                      lambda row, typed: catalogue.rename("member", row.id, typed), stretch=True, locked=people),
            RowColumn(tr("Initials"), lambda row: row.initials,
                      lambda row, typed: catalogue.set_initials(row.id, typed), locked=people),
            RowColumn(tr("Team role"), lambda row: tr(ROLE_LABELS[row.role]),
                      lambda row, role: team.set_role(row.id, Role(role)), offers=lambda _row: roles,
                      locked=lambda _row: self._may.roles),
            RowColumn(tr("Deputy"), lambda row: self._called(row.deputy_id),
                      lambda row, deputy: team.set_deputy(row.id, deputy), offers=self._deputies,
                      faint=lambda row: row.deputy_id is None, locked=lambda row: self._may.own(row.id)),
            RowColumn(tr("Away until"), lambda row: formats.day(row.away.last) if row.away else ""),
            RowColumn(tr("Leads"), lambda row: formats.number(row.leads) if self._may.rights.sees(row.id) else "–",
                      right=True, faint=lambda row: not row.leads),
        ]  # fmt: skip

    def _called(self, member: int | None) -> str:
        return next((row.name for row in self.model.rows if row.id == member), tr("nobody"))

    def _deputies(self, row: Colleague) -> list[tuple[str, int | None]]:
        return [(tr("nobody"), None), *((each.name, each.id) for each in self.model.rows if each.id != row.id)]

    def on_chosen(self) -> None:
        chosen = self.view.current()
        people = self.model.rows
        self.card.show_member(chosen, people, self._may)
        own = "" if chosen is None else self._may.own(chosen.id)
        self.absences.show_member(chosen, people, own)
        self.hours.show_member(chosen, self._may.people)

    def refresh(self) -> None:
        self._may = May(self.context.office.store.rights)
        super().refresh()
        self._lock()
        self.on_chosen()

    def _lock(self) -> None:
        """What the person at work may not do is disabled, says why, and the page says it where it can be read."""
        people, roles = self._may.people, self._may.roles
        self.banner.say(self._may.told())
        for control, why in ((self.entry, people), (self.role, people), (self.add, people), (self.remove, roles)):
            control.setEnabled(not why)
            control.setToolTip(why)
        offered = [role for role in ROLE_LABELS if role is not Role.OWNER or not roles]
        if [self.role.itemData(place) for place in range(self.role.count())] != offered:
            self.role.clear()
            for role in offered:
                self.role.addItem(tr(ROLE_LABELS[role]), role)
            self.role.setCurrentIndex(self.role.findData(Role.FULL))
