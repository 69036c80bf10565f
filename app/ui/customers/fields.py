"""What is known of a company or a person in its panel: links, and values with an editor in their place."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import parse
from app.core.i18n import N_, ntr, tr
from app.core.roles import Act
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, Entity
from app.services.record_detail import CompanyDetail, OpenStep, PersonDetail, RecordDetail
from app.services.rhythm import RhythmState
from app.ui.commands import right_of
from app.ui.crossed import Seen
from app.ui.customers.editors import RecordEditors
from app.ui.customers.reach import place_links, point_links
from app.ui.forms.in_place import InPlace, WordsInPlace, choices, leave, save
from app.ui.tables.cell_edit import Edit
from app.ui.widgets.field_row import FieldGrid, FieldValue
from app.ui.widgets.link_lines import Link, LinkLines
from app.ui.wording import rhythm_words

if TYPE_CHECKING:
    from app.ui.context import Context

#: Ways to reach somebody: the row of links, the value that is edited where there is none, the label.
_WAYS = (("phones", "phone", N_("Phone")), ("mails", "mail", N_("E-mail")), ("webs", "web", N_("Web")))
_OF_COMPANY = (
    ("kind", N_("Kind")), ("industry", N_("Industry")), ("size", N_("Company size")), ("number", N_("Customer number")),
)  # fmt: skip
_OF_PERSON = (("birthday", N_("Birthday")),)
_COMMON = (("responsible", N_("Responsible")), ("tags", N_("Tags")), ("touch", N_("Keep in touch")))
_TONES = {RhythmState.DUE: "warning", RhythmState.OVERDUE: "lost"}
_LINES = 3
#: A rhythm and a reminder say two days each.
_DAY_LINES = 6
#: Of the info so much is shown; all of it when it is edited.
_INFO_LINES = 8
_STEPS = 3
#: What is looked for first, and so is there even while it says nothing.
_ALWAYS = frozenset(("phone", "mail", "responsible"))
#: Values in whose place links stand where there are some.
_LINKED = frozenset(("phone", "mail", "web", "address"))


class RecordFields(QWidget):
    """One line for each fact. Every edit is one step of the user. Folded, lines that say nothing are not shown.

    `asked(id)` asks for a command of the window, `leadOpened(id)` for a lead.
    """

    asked = Signal(str)
    leadOpened = Signal(object)

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__()
        self._context, self._entity = context, entity
        self._editors = PanelEditors(context, entity)
        self._detail: RecordDetail | None = None
        self._folded = False
        self._said: set[str] = set()
        self._seen = Seen(context)
        self._theirs: dict[str, Any] = {}  # what others made of values that are edited, and was told
        self._kept: set[str] = set()  # lines that said something since this record is shown
        self._grid = FieldGrid(context.theme)
        self._values: dict[str, FieldValue] = {}
        self._labels: dict[str, str] = {}
        self.links: dict[str, LinkLines] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._grid)
        box.addStretch()
        for row, key, label in _WAYS:
            self._add_links(row, tr(label))
            self._add_value(key, tr(label))
        self._add_links("addresses", tr("Address"))
        self._add_value("address", tr("Address"))
        for key, label in (*(_OF_COMPANY if entity is Entity.COMPANY else _OF_PERSON), *_COMMON):
            self._add_value(key, tr(label), _DAY_LINES if key == "touch" else _LINES)
        self._grid.add("last", tr("Last contact"), editable=False)
        self._add_links("steps", tr("Next step"))
        self._grid.add("reminder", tr("Next reminder"), editable=False, lines=_DAY_LINES)
        self._grid.add("recommended", tr("Recommendations"), editable=False, lines=_LINES)
        self._add_value("info", tr("Info"), _INFO_LINES)
        context.allowed.changed.connect(self._permit)
        self._permit()

    def _add_value(self, key: str, label: str, lines: int = _LINES) -> None:
        value = self._values[key] = self._grid.add(key, label, lines=lines)
        self._labels[key] = label
        value.editRequested.connect(partial(self.edit, key))
        value.editCancelled.connect(partial(self._stop, key))

    def _add_links(self, key: str, label: str) -> None:
        self.links[key] = LinkLines(self._context.theme, label)
        self._grid.add_widget(key, label, self.links[key])

    def _permit(self) -> None:
        for key, value in self._values.items():
            value.restrict(self._context.allowed.why_not(Act.ASSIGN if key == "responsible" else Act.CHANGE))

    # Showing

    def show_record(self, detail: RecordDetail) -> None:
        """The facts of this record; an open editor of another one is closed."""
        same = self._detail is not None and self._detail.id == detail.id
        self._detail = detail
        if not same:
            self._kept.clear()
            for value in self._values.values():
                value.stop_editing()
        ask = self._context.deed(Act.CHANGE, partial(self.asked.emit, "edit"))
        for row, key, _label in _WAYS:
            edit_main = self._context.deed(Act.CHANGE, partial(self.edit, key))
            found = point_links(self._context, key, getattr(detail, row), ask, edit_main)  # type: ignore[arg-type]
            self.links[row].show_links(found, same=same)
        self.links["addresses"].show_links(place_links(self._context, detail.addresses, ask), same=same)
        self.links["steps"].show_links(list(self._steps(detail)))
        self._show_values(detail)
        self._arrange()

    def _show_values(self, detail: RecordDetail) -> None:
        shown = {"responsible": detail.user or "", "tags": ", ".join(detail.tags), "info": detail.info}
        if isinstance(detail, CompanyDetail):
            shown |= {
                "kind": ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in detail.kinds), "industry": detail.industry,
                "size": tr(SIZE_LABELS[detail.size]) if detail.size else "", "number": detail.number,
            }  # fmt: skip
        elif isinstance(detail, PersonDetail):
            shown["birthday"] = self._context.wording.born(detail.birthday)
        self._said = {key for key, words in shown.items() if words} | ({"touch"} if detail.rhythm else set())
        self._kept |= self._said
        for key, words in shown.items():
            self._values[key].show_value(words)
        for key in ("phone", "mail", "web", "address"):
            self._values[key].show_value("")
        self._show_rhythm(detail)
        self._grid["last"].show_value(self._context.wording.day(detail.last_on))
        self._grid["recommended"].show_value(self._recommended(detail))
        words, note = self._reminder(detail)
        self._grid["reminder"].show_value(words, note=note)

    def _arrange(self) -> None:
        """Links where there are some, a line to type into where there are none or one is edited."""
        detail = self._detail
        if detail is None:
            return
        for row, key in (*((row, key) for row, key, _label in _WAYS), ("addresses", "address")):
            linked = bool(getattr(detail, row)) and self._values[key].editor is None
            if linked:
                self._kept.add(key)
            self._grid.set_row_visible(row, linked)
            self._grid.set_row_visible(key, not linked and self._is_shown(key))
        for key in self._foldable:
            self._grid.set_row_visible(key, self._is_shown(key))
        self._grid.set_row_visible("steps", bool(detail.steps) or self._entity is Entity.COMPANY)
        self._grid.set_row_visible("reminder", bool(detail.days))
        self._grid.set_row_visible("recommended", bool(detail.recommendations.count))
        self._grid.set_row_visible("last", detail.last_on is not None)

    def fold(self, folded: bool) -> None:
        """Show only lines that say something, or all of them."""
        self._folded = folded
        self._kept = set(self._said)
        self._arrange()

    @property
    def empty(self) -> bool:
        """Whether there are lines that say nothing and so are not shown when folded."""
        if self._detail is None:
            return False
        missing = {key for key in self._foldable if key not in self._said}
        return bool(missing - _ALWAYS) or not (self._detail.webs and self._detail.addresses)

    @property
    def _foldable(self) -> Iterable[str]:
        """The values without links."""
        return (key for key in self._values if key not in _LINKED)

    def _is_shown(self, key: str) -> bool:
        known = key in _ALWAYS or key in self._kept or self._values[key].editor is not None
        return known or not self._folded

    def _show_rhythm(self, detail: RecordDetail) -> None:
        rhythm = detail.rhythm
        if rhythm is None:
            self._values["touch"].show_value("")
            return
        today = self._context.office.store.today()
        words, until = rhythm_words(rhythm, self._context.formats, today)
        self._values["touch"].show_value(words, note=f"({until})", tone=_TONES.get(rhythm.state(today), ""))

    def _recommended(self, detail: RecordDetail) -> str:
        found = detail.recommendations
        if not found.count:
            return ""
        volume = self._context.wording.sum(found.won_volume)
        return ntr("{n} recommendation, {won} won ({volume})", "{n} recommendations, {won} won ({volume})",
                   found.count, won=found.won, volume=volume)  # fmt: skip

    def _reminder(self, detail: RecordDetail) -> tuple[str, str]:
        """What comes next of the dates that remind, and when its reminder comes if that is another day to come."""
        if not detail.days:
            return "", ""
        first, day = detail.days[0], self._context.wording.day
        to_come = self._context.office.store.today() <= first.reminds_on < first.on
        note = tr("(reminder on {day})", day=self._context.formats.day(first.reminds_on)) if to_come else ""
        field = first.field or tr("Birthday")
        return f"{day(first.on)} · {field}", note

    def _steps(self, detail: RecordDetail) -> Iterable[Link]:
        """What is to be done next, and the way to put something down for a company of which nothing is."""
        own = [step for step in detail.steps if step.lead_id is None]
        for step in detail.steps[:_STEPS]:
            if step.lead_id is not None or step is own[0]:
                yield self._of_step(step)
        if self._entity is Entity.COMPANY and not own:
            yield Link(tr("Set a step with the company …"), act=self._command("record_step"))

    def _of_step(self, step: OpenStep) -> Link:
        today = self._context.office.store.today()
        when = self._context.wording.day(step.on) if step.on != today else tr("today")
        if step.time is not None:
            when = f"{when} {self._context.formats.time(step.time)}"
        tone = "lost" if step.on < today else "warning" if step.on == today else ""
        note = " · ".join(part for part in (step.lead, step.user) if part)
        change = self._command("record_step")
        act = change if step.lead_id is None else partial(self.leadOpened.emit, step.lead_id)
        offers = ((tr("Open the lead"), act),) if step.lead_id is not None else (
            (tr("Finish step …"), self._command("record_finish")), (tr("Change …"), change),
            (tr("Later …"), partial(self.asked.emit, "record_later")),
        )  # fmt: skip
        return Link(" · ".join(part for part in (when, step.text) if part), note, act, offers, tone)

    def _command(self, id_: str) -> Callable[[], object]:
        """A command that changes something."""
        return self._context.deed(right_of(id_), partial(self.asked.emit, id_))

    # Editing

    def edit(self, key: str) -> None:
        """Open the editor of a value."""
        if self._detail is None:
            return
        if key == "address":
            self.asked.emit("edit")
            return
        self._kept.add(key)
        self._theirs.pop(key, None)
        if key == "info":
            self._seen.begin(key, self._detail.step)
            self._grid.set_row_visible(key, True)
            self._values[key].edit_with(self._words(self._detail))
            return
        edit = self._editors.edit_of(self._detail.id, key)
        if edit is None:  # gone meanwhile, which whoever shows it notices by himself
            return
        self._grid.set_row_visible(key, True)
        if key in ("phone", "mail", "web"):
            self._grid.set_row_visible(f"{key}s", False)
        self._values[key].edit_with(self._choice(key, edit) if edit.closed else self._loose(key, edit))

    def focus_first(self) -> None:
        """The keyboard to the first value that can be edited."""
        first = next((value for value in self._values.values() if value.isVisible()), None)
        if first is not None:
            first.button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Another record is about to be shown: what was typed is taken over, or it is said why it is not."""
        for key, value in self._values.items():
            leave(value, self._labels[key], self._context.do)

    def _loose(self, key: str, edit: Edit) -> QWidget:
        editor = InPlace(edit.label, edit.parse, edit.show, hint=edit.hint)
        if edit.find is not None:
            editor.complete(edit.find, several=edit.several, chosen=edit.chosen)
        editor.set_value(edit.value or None)
        editor.edit.selectAll()
        editor.accepted.connect(lambda value: self._save(key, edit, edit.parse("") if value is None else value))
        editor.left.connect(partial(self._stop, key))
        editor.cancelled.connect(partial(self._stop, key))
        return editor

    def _choice(self, key: str, edit: Edit) -> QWidget:
        box = choices(edit.label)
        assert edit.find is not None
        names = edit.find("")
        box.addItems(names)
        now = edit.show(edit.value)
        box.setCurrentIndex(names.index(now) if now in names else -1)
        box.activated.connect(lambda _row: self._save(key, edit, edit.parse(box.currentText())))
        return box

    def _words(self, detail: RecordDetail) -> QWidget:
        editor, before, verbs = WordsInPlace(detail.info), detail.info, self._editors.verbs
        editor.setAccessibleName(tr("Info"))
        editor.setFixedHeight(self._context.theme.px(96))
        save_words = lambda words, since: verbs.edit_seen(detail.id, {}, {"info": words}, since)  # noqa: E731

        def left() -> None:
            words = editor.toPlainText()
            if words == before:
                self._stop("info")
            else:
                self._carry_out("info", self._seen.saving("info", partial(save_words, words)))

        editor.left.connect(left)
        return editor

    def _stop(self, key: str) -> None:
        """The value is back, or the link; the keyboard stays there."""
        row = self._values[key]
        row.stop_editing()
        focused = row.button.hasFocus()
        self._arrange()
        if focused and row.isHidden():
            self.links[f"{key}s"].lines[0].setFocus()

    def _save(self, key: str, edit: Edit, value: Any) -> None:
        if value == edit.value:
            self._stop(key)
        else:
            verb = partial(self._write, key, edit, value)
            self._carry_out(key, verb, lambda: edit.warn(value, partial(self._context.notify, undo=True)))

    def _write(self, key: str, edit: Edit, value: Any) -> None:
        """What somebody else made of it meanwhile is told before it is written over."""
        now = edit.now()
        if key not in self._theirs or self._theirs[key] != now:
            self._theirs[key] = now
            edit.expect(now, value)
        edit.save(value)

    def _carry_out(self, key: str, verb: Callable[[], object], then: Callable[[], object] = lambda: None) -> None:
        save(self._context.jobs, self._values[key], verb, self._context.do, partial(self._stop, key), then)


class PanelEditors(RecordEditors):
    """The values of the lists, and what only the panel shows."""

    def __init__(self, context: "Context", entity: Entity) -> None:
        super().__init__(context, entity)
        self._editors["touch"] = self._touch

    @property
    def verbs(self) -> Any:
        """What changes these records."""
        return self._verbs

    def _touch(self, row: Any) -> Edit:
        """How often to keep in touch, and after how many days it is too late."""

        def of(row: Any) -> tuple[int, int | None] | None:
            detail = self._detail(row.id)
            return None if detail.own_target is None else (detail.own_target, detail.own_latest)

        def read(typed: str) -> tuple[int, int | None] | None:
            return parse.rhythm(typed) if typed else None

        def show(value: Any) -> str:
            return "" if value is None else str(value[0]) if value[1] is None else f"{value[0]} / {value[1]}"

        def save(value: tuple[int, int | None] | None) -> None:
            target, latest = value or (None, None)
            self._verbs.edit([row.id], touch_target=target, touch_latest=latest)

        hint = tr("30, or 4 weeks / 6 weeks")
        return self._edit(row, "touch_target", of, read, show, save=save, hint=hint)
