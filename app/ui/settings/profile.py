"""*Mein Profil*: what everybody says of him- or herself, whatever else he or she may do."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import tr
from app.ui.forms.field import Note
from app.ui.settings.absences import AbsencesCard
from app.ui.settings.may import May
from app.ui.settings.member_card import MemberCard

if TYPE_CHECKING:
    from app.ui.context import Context


class ProfilePage(QWidget):
    """The picture, e-mail, password, deputy and absences of the person at work."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._note, self._nobody = Note(), Note("error")
        self.card = MemberCard(context, whole=False)
        self.absences = AbsencesCard(context)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(context.theme.px(12))
        for widget in (self._note, self._nobody, self.card, self.absences):
            box.addWidget(widget)
        box.addStretch()
        self._note.say(tr("What the others in the team know of you. While you are away your deputy sees your leads."
                          " On this computer a password protects from mistakes, not from somebody who has the file with"
                          " the data."))  # fmt: skip
        self._nobody.say(tr("Nobody of the agency is chosen to work here."), "error")
        self.card.passwordChanged.connect(self.refresh)
        context.bridge.changed.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        store = self._context.office.store
        people = self._context.office.team.people()
        me = next((each for each in people if each.id == store.actor_id), None)
        self._nobody.setVisible(me is None)
        may = May(store.rights)
        self.card.show_member(me, people, may)
        self.absences.show_member(me, people, "" if me is None else may.own(me.id))

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("member", "absence"):
            self.refresh()
