"""What belongs to one member of the team: picture, name, e-mail, role, deputy, password."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import tr
from app.core.roles import ROLE_LABELS, ROLE_TEXTS, Role
from app.services.team import Colleague
from app.ui.forms.field import Field, Note
from app.ui.forms.in_place import choices
from app.ui.portrait import Portrait, Portrayed
from app.ui.settings.attempt import attempt
from app.ui.settings.may import May
from app.ui.settings.password import PasswordDialog
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class MemberCard(Card):
    """Shows a member. Each change is a step of the person at work; `passwordChanged` is none, and told by nobody else.

    Without `whole` name, initials and role are only read: that is how somebody sees him- or herself.
    """

    passwordChanged = Signal()

    def __init__(self, context: "Context", *, whole: bool = True) -> None:
        super().__init__(context.theme)
        self._context, self._whole = context, whole
        self._team, self._wording = context.office.team, context.wording  # which hears of changes before the pages do
        self._member: Colleague | None = None
        self._shown: dict[str, object] = {}
        self.refusal = Note("error")
        self.portrait = Portrait(context, lambda error: self.refusal.say(str(error), "error"))
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._note = Note("muted")
        self.name, self.initials, self.email = QLineEdit(), QLineEdit(), QLineEdit()
        self.role, self.deputy = choices(tr("Team role")), choices(tr("Deputy"))
        self.password = QLabel()
        self.set_password = Button(context.theme, tr("Set …"), ButtonKind.LINK)
        self.remove_password = Button(context.theme, tr("Remove …"), ButtonKind.LINK)
        self.fields = {name: Field(label, control) for name, label, control in self._controls()}
        self._lay_out()
        self._connect()

    def _controls(self) -> list[tuple[str, str, QWidget]]:
        everybody: list[tuple[str, str, QWidget]] = [
            ("email", tr("E-mail"), self.email), ("deputy_id", tr("Deputy"), self.deputy),
            ("password", tr("Password"), self._password_row()),
        ]  # fmt: skip
        if not self._whole:
            for control in (self.name, self.initials, self.role):  # it ends with the card, though it is not shown
                control.setParent(self)
                control.hide()
            return everybody
        return [
            ("name", tr("Name"), self.name), ("initials", tr("Initials"), self.initials), *everybody,
            ("role", tr("Team role"), self.role),
        ]  # fmt: skip

    def _password_row(self) -> QWidget:
        row = QWidget()
        flow = Flow(row, self._context.theme.px(8))
        flow.addWidget(self.password)
        for button in (self.set_password, self.remove_password):
            button.setAutoDefault(False)
            flow.addWidget(button)
        return row

    def _lay_out(self) -> None:
        theme = self._context.theme
        px = theme.px
        inside = QVBoxLayout()
        theme.fit(inside, lambda: inside.setContentsMargins(px(16), px(14), px(16), px(14)))
        inside.setSpacing(px(12))
        head, words = QHBoxLayout(), QVBoxLayout()
        head.setSpacing(px(12))
        words.setSpacing(px(3))
        head.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self._title)
        words.addWidget(self._note)
        words.addWidget(self.refusal)
        words.addStretch()
        head.addLayout(words, 1)
        inside.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(10))
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside.addLayout(grid)
        self.body.addLayout(inside)

    def _connect(self) -> None:
        catalogue, team = self._context.office.catalogue, self._team
        rename: Callable[[int, str], object] = partial(catalogue.rename, "member")
        for name, edit, verb in (
            ("name", self.name, rename), ("initials", self.initials, catalogue.set_initials),
            ("email", self.email, team.set_email),
        ):  # fmt: skip
            share_undo(edit)
            edit.editingFinished.connect(partial(self._on_typed, name, edit, verb))
        for role, label in ROLE_LABELS.items():
            self.role.addItem(tr(label), role)
        self.role.activated.connect(lambda _row: self._do("role", team.set_role, Role(self.role.currentData())))
        self.deputy.activated.connect(lambda _row: self._do("deputy_id", team.set_deputy, self.deputy.currentData()))
        self.set_password.clicked.connect(lambda: self._ask_password(remove=False))
        self.remove_password.clicked.connect(lambda: self._ask_password(remove=True))

    def show_member(self, member: Colleague | None, people: Sequence[Colleague], may: May) -> None:
        """Show a member; `people` are all there are, `may` says what cannot be changed."""
        before, self._member = self._member, member
        self.setVisible(member is not None)
        if member is None:
            return
        if before is None or before.photo_id != member.photo_id or before.id != member.id:
            self.refusal.say("", "error")
        if before is None or before.id != member.id:
            self._shown.clear()
            for field in self.fields.values():
                field.hint("")
        self._title.setText(member.name)
        self._note.say(self._noted(member), "muted")
        self.portrait.show_of(self._portrayed(member, may.own(member.id)))
        for name, edit, value in (
            ("name", self.name, member.name), ("initials", self.initials, member.initials),
            ("email", self.email, member.email),
        ):  # fmt: skip
            self._put(name, edit, value)
        self._offer_deputies(member, people)
        self.role.setCurrentIndex(self.role.findData(member.role))
        self.password.setText(tr("There is one.") if member.has_password else tr("There is none."))
        self.set_password.setText(tr("Change …") if member.has_password else tr("Set …"))
        self.remove_password.setVisible(member.has_password)
        self._lock(member, may)

    def _noted(self, member: Colleague) -> str:
        role = f"{tr(ROLE_LABELS[member.role])}: {tr(ROLE_TEXTS[member.role])}" if not self._whole else ""
        return " ".join(part for part in (role, self._wording.away(member.id)) if part)

    def _portrayed(self, member: Colleague, locked: str) -> Portrayed:
        team, id_ = self._team, member.id
        return Portrayed(id_, member.name, member.photo_id, partial(team.photo, id_), partial(team.set_photo, id_),
                         partial(team.set_photo, id_, None), locked)  # fmt: skip

    def _put(self, name: str, edit: QLineEdit, value: str) -> None:
        """What is being typed stays until the value is another one."""
        if self._shown.get(name) != value:
            self._shown[name] = value
            edit.setText(value)
            edit.setCursorPosition(0)

    def _offer_deputies(self, member: Colleague, people: Sequence[Colleague]) -> None:
        self.deputy.clear()
        self.deputy.addItem(tr("nobody"), None)
        for each in people:
            if each.id != member.id:
                self.deputy.addItem(each.name, each.id)
        self.deputy.setCurrentIndex(max(0, self.deputy.findData(member.deputy_id)))

    def _lock(self, member: Colleague, may: May) -> None:
        """What cannot be changed is disabled, and says why."""
        own = may.own(member.id)
        reasons = {"name": may.people, "initials": may.people, "email": own, "deputy_id": own, "role": may.roles,
                   "password": may.password(member.id)}  # fmt: skip
        for name, field in self.fields.items():
            why = reasons[name]
            if not field.refused:
                field.hint(self._tip(name, member))
            field.control.setEnabled(not why)
            field.setToolTip(why)
            if why:
                field.control.setAccessibleDescription(why)

    def _tip(self, name: str, member: Colleague) -> str:
        return tr(ROLE_TEXTS[member.role]) if name == "role" else ""

    # Doing

    def _on_typed(self, name: str, edit: QLineEdit, verb: Callable[[int, str], object]) -> None:
        typed = edit.text().strip()
        if self._member is None or self._shown.get(name) == typed:
            return
        self._do(name, verb, typed)

    def _do(self, name: str, verb: Callable[..., object], value: object) -> None:
        """One verb for a field; what it refuses is said there. A choice goes back, what was typed stays."""
        member, field = self._member, self.fields[name]
        if member is None:
            return

        def say(error: TrichterError | None) -> None:
            if error is None:
                field.hint(self._tip(name, self._member or member))  # by now it may be another
                return
            field.refuse(error)
            self.role.setCurrentIndex(self.role.findData(member.role))
            self.deputy.setCurrentIndex(max(0, self.deputy.findData(member.deputy_id)))

        attempt(self._context, self, partial(verb, member.id, value), say)

    def _ask_password(self, *, remove: bool) -> None:
        member = self._member
        if member is None:
            return
        own = member.id == self._context.office.store.actor_id
        dialog = PasswordDialog(self._context, member, self, own=own, remove=remove)
        dialog.changed.connect(self.passwordChanged)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
