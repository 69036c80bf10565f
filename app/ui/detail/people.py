"""Who has a say in a lead: its contact and further people with their roles, each a way to the person."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.core.terms import Entity
from app.services.lead_detail import Involved
from app.ui.forms.deal_roles import role_edit
from app.ui.forms.field import Note
from app.ui.forms.in_place import raising
from app.ui.forms.names import NameEdit
from app.ui.forms.somebody import SomebodyEdit
from app.ui.jobs import Job
from app.ui.tips import plain_tip
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.field_row import FieldValue
from app.ui.widgets.name_link import LONGEST_SPOKEN, NameLink

if TYPE_CHECKING:
    from app.services.affiliations import InRole, Who
    from app.services.lead_detail import LeadDetail
    from app.ui.context import Context

#: Of more people than these the others are shown when asked for.
_FEW = 12
#: How the room is shared between names and roles.
_NAME, _ROLE = 6, 5
_HIGH = 27

Change = Callable[["list[InRole]"], "list[InRole]"]


class PeopleBox(QWidget):
    """One line for each. `recordAsked(entity, id)` asks for a person; every change is one step of the user."""

    recordAsked = Signal(object, int)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._detail: LeadDetail | None = None
        self._all = False
        self._lines: list[_Line] = []
        self._heading = QLabel(tr("People"))
        self._heading.setProperty("kind", "muted")
        self._add = Button(context.theme, tr("Add a person"), ButtonKind.LINK)
        self._more = Button(context.theme, "", ButtonKind.LINK)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._entry = _Entry(context)
        self._lay_out()
        self._add.clicked.connect(self.ask)
        context.allowed.keep(Act.CHANGE, self._add)
        self._more.clicked.connect(self._show_all)
        self._entry.entered.connect(self._enter)
        self._entry.left.connect(self._close_entry)
        self._close_entry()

    def _lay_out(self) -> None:
        px, box, head = self._context.theme.px, QVBoxLayout(self), QHBoxLayout()
        self._context.theme.fit(
            self,
            lambda: box.setContentsMargins(px(18), px(4), px(10), px(8)),
            lambda: box.setSpacing(px(2)),
            lambda: self._rows.setSpacing(px(2)),
        )
        self._rows.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._heading, 1)
        head.addWidget(self._add)
        box.addLayout(head)
        box.addWidget(self._list)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._entry)

    def show_lead(self, detail: "LeadDetail") -> None:
        """Who has a say in this lead; what is being typed of another one is given up."""
        if self._detail is None or self._detail.row.id != detail.row.id:
            self._all = False
            self._close_entry()
            for line in self._lines:
                line.role.stop_editing()
        self._detail = detail
        people = self._people(detail)
        shown = people if self._all or len(people) <= _FEW + 1 else people[:_FEW]
        self._fit(len(shown))
        for line, (person, contact) in zip(self._lines, shown, strict=False):
            line.show_person(person, contact=contact)
        self._list.setVisible(bool(shown))
        self._more.setVisible(len(shown) < len(people))
        self._more.setText(tr("Show all {n} people", n=len(people)))

    def ask(self) -> None:
        """A line to type somebody into."""
        self._entry.clear()
        self._entry.show()
        self._entry.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Another lead is about to be shown: who was typed is taken over, or it is said why not."""
        if self._entry.isVisible() and self._entry.name.name():
            self._entry.finish()
            if self._entry.reason:
                words = Text("Nobody was added: {why}", why=self._entry.reason)
                self._context.do(raising(InvalidInput(words)))
        for line in self._lines:
            line.leave()
        self._close_entry()

    @staticmethod
    def _people(detail: "LeadDetail") -> list[tuple[Involved, bool]]:
        """The contact first."""
        row, others = detail.row, [(person, False) for person in detail.people]
        if row.person_id is None or row.person is None:
            return others
        return [(Involved(row.person_id, row.person, ""), True), *others]

    def _fit(self, count: int) -> None:
        """So many lines are seen. A few more are kept: whoever goes through a list would make them again and again."""
        for line in self._lines[count:]:
            if line.isAncestorOf(self.window().focusWidget()):
                self._add.setFocus()
            line.put_away()
        while len(self._lines) > max(count, _FEW):
            line = self._lines.pop()
            self._rows.removeWidget(line)
            line.deleteLater()
        for line in self._lines[:count]:
            line.show()
        while len(self._lines) < count:
            line = _Line(self._context)
            line.opened.connect(lambda id_: self.recordAsked.emit(Entity.PERSON, id_))
            line.changed.connect(self._change_role)
            line.removed.connect(self._remove)
            self._lines.append(line)
            self._rows.addWidget(line)
            line.show()  # at once, not with the next turn

    def _show_all(self) -> None:
        self._all = True
        if self._detail is not None:
            self.show_lead(self._detail)
            self._lines[_FEW].name.setFocus()

    # Changing

    def _enter(self) -> None:
        """Whoever was typed has a say from now on."""
        try:
            who, role = self._entry.who(), self._entry.role.name()
            self._expect_other(who)
        except TrichterError as error:
            self._entry.refuse(str(error))
            return
        self._save(lambda people: [*people, (who, role)], self._added, self._entry.take)

    def _expect_other(self, who: "Who") -> None:
        """Nobody has a say twice. Raises InvalidInput."""
        assert self._detail is not None
        for person, contact in self._people(self._detail):
            if person.id == who:
                name = person.name
                raise InvalidInput(
                    Text("{name} is the contact already.", name=name) if contact else
                    Text("{name} is here already.", name=name), field="people",
                )  # fmt: skip

    def _added(self) -> None:
        had = self._entry.isAncestorOf(self.window().focusWidget())
        self._close_entry()
        if had:
            self._add.setFocus()

    def _close_entry(self) -> None:
        if self._entry.isAncestorOf(self.window().focusWidget()):
            self._add.setFocus()
        self._entry.clear()
        self._entry.hide()

    def _change_role(self, person_id: int, role: str) -> None:
        line = next((each for each in self._lines if each.person_id == person_id), None)

        def done() -> None:
            if line is not None and line.person_id == person_id:
                line.role.stop_editing()

        def change(people: "list[InRole]") -> "list[InRole]":
            return [(who, role if who == person_id else before) for who, before in people]

        self._save(change, done)

    def _remove(self, person_id: int) -> None:
        self._save(lambda people: [(who, role) for who, role in people if who != person_id])

    def _save(
        self,
        change: Change,
        done: Callable[[], object] = lambda: None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Change those who are there by then, in one verb."""
        assert self._detail is not None
        lead, leads, details = self._detail.row.id, self._context.office.leads, self._context.details

        def work(_progress: object) -> None:
            people: list[InRole] = [(each.id, each.role) for each in details.get(lead, events=0).people]
            leads.set_people([lead], change(people))

        def refused(error: BaseException) -> None:
            (failed or (lambda error: self._context.do(raising(error))))(error)

        self._context.jobs.write(Job(Text("Saving"), work, lambda _done: done(), refused, owner=self))


class _Line(QWidget):
    """Somebody with a role. `opened(id)`, `changed(id, role)` and `removed(id)` ask for what was pressed."""

    opened = Signal(int)
    changed = Signal(int, str)
    removed = Signal(int)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self.person_id = 0
        self._role = ""
        self._contact = False
        self.name = NameLink(context.theme)
        self.role = FieldValue(context.theme, "")
        self._what = QLabel(tr("Contact"))
        self._what.setProperty("kind", "muted")
        self._remove = Button(context.theme, "", ButtonKind.MINI, icon="close", name=tr("Remove"))
        px, grid = context.theme.px, QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(
            self,
            lambda: grid.setHorizontalSpacing(px(6)),
            lambda: grid.setColumnMinimumWidth(2, px(20)),
            lambda: self.setMinimumHeight(px(_HIGH)),
            lambda: self._what.setIndent(px(1)),
        )
        grid.setColumnStretch(0, _NAME)
        grid.setColumnStretch(1, _ROLE)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.role, 0, 1)
        grid.addWidget(self._what, 0, 1)
        grid.addWidget(self._remove, 0, 2, Qt.AlignmentFlag.AlignCenter)
        self.name.clicked.connect(lambda: self.opened.emit(self.person_id))
        self._remove.clicked.connect(lambda: self.removed.emit(self.person_id))
        self.role.editRequested.connect(self._edit)
        context.allowed.keep(Act.CHANGE, self._remove)
        self._allowed = context.allowed
        self._allowed.changed.connect(self._permit)
        self._permit()

    def _permit(self) -> None:
        self.role.restrict(self._allowed.why_not(Act.CHANGE))

    def show_person(self, person: Involved, *, contact: bool) -> None:
        """Another one, or the same with another role."""
        if person.id != self.person_id:
            self.role.stop_editing()
        self.person_id, self._role, self._contact = person.id, person.role, contact
        self.name.show_name(person.name)
        self.role.set_label(tr("Role of {name}", name=person.name[:LONGEST_SPOKEN]))
        self.role.show_value(person.role)
        remove = tr("Remove {name} from this lead", name=person.name[:LONGEST_SPOKEN])
        self._remove.setAccessibleName(remove)
        self._remove.setToolTip(plain_tip(remove))
        self.role.setVisible(not contact)
        self._what.setVisible(contact)
        self._remove.setVisible(not contact)

    def put_away(self) -> None:
        """It stands for nobody."""
        self.role.stop_editing()
        self.person_id = 0
        self.hide()

    def leave(self) -> None:
        """Another lead is about to be shown: a role that was typed is taken over."""
        editor = self.role.editor
        if isinstance(editor, NameEdit):
            editor.clearFocus()  # ends the typing, as a click elsewhere does
        self.role.stop_editing()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not self._contact:
            self.removed.emit(self.person_id)
        else:
            super().keyPressEvent(event)

    def _edit(self) -> None:
        editor, person_id, before = role_edit(), self.person_id, self._role
        editor.setText(before)
        editor.selectAll()

        def finished() -> None:
            if editor.name() != before:
                self.changed.emit(person_id, editor.name())
            else:
                self.role.stop_editing()

        editor.editingFinished.connect(finished)
        editor.completer().activated.connect(finished, Qt.ConnectionType.QueuedConnection)  # taken is meant
        self.role.edit_with(editor)
        if not before:
            editor.offer()


class _Entry(QWidget):
    """A line for somebody new: a name, a role; `entered` by Enter or its button, `left` by Esc."""

    entered = Signal()
    left = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self.name = SomebodyEdit(context.office.somebodies, (Entity.PERSON,), "people")
        self.name.setAccessibleName(tr("Name"))
        self.name.setPlaceholderText(tr("Name"))
        self.role = role_edit()
        self._note = Note()
        self._done = Button(context.theme, "", ButtonKind.MINI, icon="check", name=tr("Add this person"))
        px, grid = context.theme.px, QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(self, lambda: grid.setHorizontalSpacing(px(6)), lambda: grid.setColumnMinimumWidth(2, px(20)))
        grid.setColumnStretch(0, _NAME)
        grid.setColumnStretch(1, _ROLE)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.role, 0, 1)
        grid.addWidget(self._done, 0, 2, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self._note, 1, 0, 1, 3)
        self.name.textChanged.connect(self._hint)
        self.name.returnPressed.connect(self._go_on)
        self.name.picked.connect(self._go_on)
        self.role.returnPressed.connect(self.entered)
        self._done.clicked.connect(self.entered)

    def who(self) -> "Who":
        """Who was typed. Raises InvalidInput, for nobody too."""
        meant = self.name.value()
        if meant is None:
            raise InvalidInput(Text("Please enter a name."), field="people")
        return meant.who

    def clear(self) -> None:
        """Nothing typed, nothing said."""
        self.name.set_value(None)
        self.role.setText("")
        self._say("")

    def finish(self) -> None:
        """As if Enter was pressed."""
        self.entered.emit()

    def refuse(self, reason: str) -> None:
        """Say why nobody was added."""
        self._say(reason, "error")

    def take(self, error: BaseException) -> None:
        """What the verb refused; a mistake of ours goes on to the guard."""
        if not isinstance(error, TrichterError):
            raise error
        self.refuse(str(error))

    @property
    def reason(self) -> str:
        """Why nobody was added; empty when it was not refused."""
        return self._note.text() if self._note.property("kind") == "error" else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # which the fields have heard already
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """From the name to the role, unless the name says too little."""
        try:
            meant = self.name.value()
        except TrichterError as error:
            self.refuse(str(error))
            return
        if meant is None:
            self.left.emit()
            return
        self.role.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.role.name():
            self.role.offer()

    def _hint(self) -> None:
        self._say(tr("“{name}” is new and will be created.", name=self.name.name()[:LONGEST_SPOKEN])
                  if self.name.is_new() else "")  # fmt: skip

    def _say(self, words: str, kind: str = "small") -> None:
        self._note.say(words, kind)
        self.name.setAccessibleDescription(words)
