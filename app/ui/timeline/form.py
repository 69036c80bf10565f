"""What is said of a note: its kind and text; of a call or a meeting when, how long and with whom."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.terms import Entity
from app.services.affiliations import Who
from app.services.notes import NoteFields, NoteKind
from app.services.somebody import LONGEST
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.forms.names import NameEdit, last_name, new_words
from app.ui.timeline.drafts import NOTHING, Typed
from app.ui.timeline.editor import NoteEdit, ends
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Chip, Flow

if TYPE_CHECKING:
    from app.services.timeline import Entry
    from app.ui.context import Context

_HOUR = 60
#: Heights of the text and of the frame around it, before scaling.
_LOW, _HIGH, _ROOMY, _FRAME = 54, 190, 160, 14


class NoteForm(QWidget):
    """`changed` as soon as anything is typed; `finished` for Ctrl+Enter; `brought` for files put into the text."""

    changed = Signal()
    finished = Signal()
    brought = Signal(object)

    def __init__(self, context: "Context", parent: QWidget | None = None, *, roomy: bool = False) -> None:
        """The text takes the room there is if `roomy`, else it grows with what is written."""
        super().__init__(parent)
        self._context = context
        self._people: dict[str, int] = {}
        px = context.theme.px
        self._kinds = QButtonGroup(self)
        self._kind_chips: dict[NoteKind, Chip] = {}
        self.text = NoteEdit(context.theme, tr("Note"))
        self.text.setPlaceholderText(tr("Write a note …"))
        if roomy:
            context.theme.fit(self.text, lambda: self.text.setMinimumHeight(px(_ROOMY)))
        else:
            context.theme.fit(self.text, self._grow)
            self.text.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.text.textChanged.connect(self.changed)
        self.text.finished.connect(self.finished)
        self.text.brought.connect(self.brought)
        self.row = Flow()
        self.form = Form()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(box, lambda: box.setSpacing(px(7)))
        box.addWidget(self.text, 1)
        box.addLayout(self.row)
        labels: dict[NoteKind, str] = {"note": tr("Note"), "call": tr("Call"), "meeting": tr("Meeting")}
        for kind, label in labels.items():
            chip = self._kind_chips[kind] = Chip(context.theme, label)
            chip.setAccessibleDescription(tr("Kind of entry"))
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(self._on_click)
            self._kinds.addButton(chip)  # of a group only one is pressed
            self.row.addWidget(chip)
        self._kind_chips["note"].setChecked(True)
        for icon, name, act in self._forms():
            button = Button(context.theme, "", ButtonKind.FLAT, icon=icon, name=name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(act)
            self.row.addWidget(button)
        box.addWidget(self._details_box())
        box.addWidget(self.form.general)

    def _forms(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        return (
            ("bold", tr("Bold (Ctrl+B)"), self.text.toggle_bold),
            ("list", tr("Bulleted list"), self.text.toggle_list),
            ("link", tr("Link …"), self._ask_link),
        )

    def _details_box(self) -> QWidget:
        today = self._context.office.store.today
        self.at = LooseEdit[tuple[date, int | None]](
            lambda typed: parse.day_and_time(typed, today(), field="at"), self._worded
        )
        self.minutes = LooseEdit[int](_minutes, str)
        self.people = NameEdit(self._find, several=True)
        self.at.setPlaceholderText(tr("now"))
        self.minutes.setPlaceholderText("30")
        self.details = QWidget()
        column, first = QVBoxLayout(self.details), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        when = self.form.add("at", Field(tr("When"), self.at))
        self.at.follow(when)
        first.addWidget(when, 2)
        first.addWidget(self.form.add("minutes", Field(tr("Minutes"), self.minutes)), 1)
        column.addWidget(self.form.add("people", Field(tr("People, with commas between"), self.people)))
        self.people.editingFinished.connect(self._say_who_is_new)
        self.details.hide()
        return self.details

    @property
    def kind(self) -> NoteKind:
        """What is written."""
        return next(kind for kind, chip in self._kind_chips.items() if chip.isChecked())

    def is_empty(self) -> bool:
        """Whether there is nothing to save: a call or a meeting says something without a word."""
        return self.kind == "note" and self.text.is_empty()

    def begin(self, kind: NoteKind) -> None:
        """Write down this kind of entry."""
        self._kind_chips[kind].setChecked(True)
        self._on_kind()

    def show_entry(self, entry: "Entry") -> None:
        """Show a note that is there."""
        self._kind_chips[cast("NoteKind", entry.kind)].setChecked(True)
        self.text.set_value(entry.text, markdown=entry.markdown)
        local = entry.at.astimezone(self._context.office.store.zone)
        self.at.set_value((local.date(), local.hour * _HOUR + local.minute))
        self.minutes.set_value(entry.minutes)
        self._people = dict(zip(entry.people, entry.person_ids, strict=True))
        self.people.setText(", ".join(entry.people))
        self._on_kind()

    def clear(self) -> None:
        """Nothing is written any more."""
        self.text.clear()
        self.show_typed(NOTHING)
        self.form.settle()

    def typed(self) -> Typed:
        """All that stands there, whether it can be saved or not."""
        words = (self.at.text(), self.minutes.text(), self.people.text())
        return self.kind, self.text.value(), *words

    def show_typed(self, typed: Typed) -> None:
        """Go on with what was begun."""
        kind, (text, markdown), at, minutes, people = typed
        self.text.set_value(text, markdown=markdown)
        self._kind_chips[kind].setChecked(True)
        for field in (self.at, self.minutes):
            field.set_value(None)
        for line, words in ((self.at, at), (self.minutes, minutes), (self.people, people)):
            line.setText(words)
        self._on_kind()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter ends it from every field; else it would be a command of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if ends(event):
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def values(self) -> NoteFields:
        """What is to be stored; `at` only where it was typed. Raises InvalidInput naming the field."""
        words, markdown = self.text.value()
        found = NoteFields(kind=self.kind, text=words, markdown=markdown)
        if self.kind == "note":
            return found
        if (when := self.at.value()) is not None:
            found["at"] = self._moment(*when)
        found["minutes"] = self.minutes.value()
        found["people"] = self._chosen_people()
        return found

    def _grow(self) -> None:
        """As high as the text, from two lines to a good many."""
        px = self._context.theme.px
        high = round(self.text.document().size().height()) + px(_FRAME)
        self.text.setFixedHeight(min(max(high, px(_LOW)), px(_HIGH)))

    def _on_kind(self) -> None:
        self.details.setVisible(self.kind != "note")
        self.changed.emit()

    def _on_click(self) -> None:
        self._on_kind()
        if not any(chip.hasFocus() for chip in self._kind_chips.values()):  # with the mouse: now it is written
            self.text.setFocus()

    def _ask_link(self) -> None:
        from app.ui.timeline.link import LinkDialog

        dialog = LinkDialog(self._context, self.window())
        if dialog.exec() and dialog.address:
            self.text.set_link(dialog.address)

    def _moment(self, day: date, minutes: int | None) -> datetime:
        zone = self._context.office.store.zone
        if minutes is None:  # the day alone: at the time it is now
            now = self._context.office.store.clock.now().astimezone(zone)
            minutes = now.hour * _HOUR + now.minute
        return datetime.combine(day, time(*divmod(minutes, _HOUR)), zone).astimezone(UTC)

    def _worded(self, value: tuple[date, int | None]) -> str:
        day, minutes = value
        formats = self._context.formats
        return formats.day(day) if minutes is None else f"{formats.day(day)} {formats.time(minutes)}"

    def _find(self, typed: str) -> list[str]:
        """The names that fit; who is called as another one is told apart by the company he or she works for."""
        found = self._context.office.somebodies.find(typed, (Entity.PERSON,))
        counts = Counter(each.name for each in found)
        names: dict[str, int] = {}
        for each in found:
            apart = counts[each.name] > 1 and each.beside and last_name(each.beside) == each.beside
            names.setdefault(f"{each.name} · {each.beside}" if apart else each.name, each.id)
        self._people.update(names)
        return list(names)

    def _chosen_people(self) -> list[Who]:
        """Whom the names mean; one that nobody has is somebody new. Raises InvalidInput."""
        parts = [name for part in self.people.text().replace(";", ",").split(",") if (name := " ".join(part.split()))]
        chosen: list[Who] = []
        while parts:
            taken = next((n for n in range(len(parts), 1, -1) if ", ".join(parts[:n]) in self._people), 1)
            chosen.append(self._who(", ".join(parts[:taken])))  # a name may have a comma in it
            parts = parts[taken:]
        return chosen

    def _who(self, name: str) -> Who:
        if name in self._people:
            return self._people[name]
        if len(name) > LONGEST:
            raise InvalidInput(Text("“{name}…” is too long.", name=name[:30]), field="people")
        called = self._context.office.somebodies.called(name, (Entity.PERSON,))
        if len(called) > 1:
            several = Text("Several are called “{name}”.", name=name)
            raise InvalidInput(several, Text("Choose one of the list."), "people")
        return called[0].id if called else name

    def _say_who_is_new(self) -> None:
        try:
            new = [who for who in self._chosen_people() if isinstance(who, str)]
        except InvalidInput:  # which is said on saving
            new = []
        self.form["people"].hint(" ".join(map(new_words, new)))


def _minutes(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 4:
        raise InvalidInput(Text("Please give the minutes as a number."), field="minutes")
    return int(typed)
