"""What the forms of a company and of a person have in common."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.core import parse
from app.core.changes import ChangeSet
from app.core.errors import InvalidInput
from app.core.i18n import tr
from app.core.place import Place
from app.core.roles import Act
from app.core.terms import Entity
from app.services.twins.facts import Facts
from app.ui.duplicates.hint import DuplicateHint
from app.ui.forms.choices import Choices, members, tag_finder
from app.ui.forms.field import Field
from app.ui.forms.label_box import LabelBox
from app.ui.forms.loose import LooseEdit
from app.ui.forms.tags import TagsEdit
from app.ui.own.controls import OwnControls
from app.ui.record_form.places import Lines, PlaceRows
from app.ui.record_form.reach import ReachRows
from app.ui.saved_form import SavedForm, Work, comparable
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.services.record_detail import RecordDetail
    from app.ui.context import Context

_INFO_LINES = 4
#: The height of a line of the hint, for which there is always room.
_HINT = 24
Readers = dict[str, Callable[[], Any]]


@runtime_checkable
class Stands(Protocol):
    """A control that says itself what stands in it."""

    def state(self) -> object:
        """What stands there, to see whether anything would be lost."""


class RecordForm(SavedForm):
    """The form of a company or a person. Accepted once it is saved; `record_id` is then its id.

    What is read right after the form was filled is what there was before: only what is read differently later is
    written, and of a list only what was changed in it, so that nobody else's change is undone.
    """

    entity: ClassVar[Entity]

    def __init__(
        self, context: "Context", title: str, detail: "RecordDetail | None", parent: QWidget | None = None
    ) -> None:
        """Without a `detail` it is for a new one."""
        super().__init__(context, title, parent)
        self.record_id: int | None = detail.id if detail else None
        self._new = detail is None
        self._user_id = detail.user_id if detail else None
        self._seen = {} if detail is None else _lists(detail)
        self._since = detail.step if detail else None
        company = self.entity is Entity.COMPANY
        self._verbs: Any = context.office.companies if company else context.office.people
        self._controls: dict[str, QWidget] = {}
        catalogue = context.office.catalogue
        self.phones, self.mails, self.webs = (
            ReachRows(context, "phone"), ReachRows(context, "mail"), ReachRows(context, "web"),
        )  # fmt: skip
        self.places = PlaceRows(context, spare=company)
        self.responsible = Choices(members(catalogue, self._user_id))
        self.tags = TagsEdit(context.theme, tag_finder(catalogue))
        self.target, self.latest = self._days("touch_target"), self._days("touch_latest")
        self.info = Lines(context, _INFO_LINES)
        self.own = OwnControls(context, self.entity)
        self.hint = DuplicateHint(
            context, self._facts, but=() if detail is None else (detail.id,), can_open=self._new, can_take=False
        )
        self.hint.opened.connect(self._open_instead)
        stays = self.hint.sizePolicy()
        stays.setRetainSizeWhenHidden(True)
        self.hint.setSizePolicy(stays)
        self.theme.fit(self.hint, lambda: self.hint.setMinimumHeight(self.theme.px(_HINT)))
        share_undo(self.info)

    def _facts(self) -> Facts | None:
        """What was typed, to see who may be meant by it; None for nothing worth looking for."""
        raise NotImplementedError

    def _names(self) -> tuple[str, ...]:
        """The fields that whoever is there already has as well."""
        raise NotImplementedError

    # Building

    def _field(self, name: str, control: QWidget, *aliases: str, tip: str = "", label: str = "") -> Field:
        """The field of that name; what stands in it is looked at before anything is lost."""
        field = super()._field(name, control, *aliases, tip=tip, label=label)
        self._controls[name] = control
        if isinstance(control, LooseEdit):
            control.follow(field)
        elif isinstance(control, QLineEdit):
            share_undo(control)
        return field

    def _lay_out_reach(self) -> None:
        for name, rows in (("phones", self.phones), ("mails", self.mails), ("webs", self.webs)):
            self._rows.addWidget(self._field(name, rows))
        self._rows.addWidget(self._field("addresses", self.places))

    def _lay_out_rest(self) -> None:
        """What all of them end with."""
        responsible = self._field("user_id", self.responsible, "responsible")
        self._context.allowed.keep(Act.ASSIGN, self.responsible)
        responsible.hint(self._context.allowed.why_not(Act.ASSIGN))
        self._pair(responsible, self._field("tags", self.tags))
        latest_tip = tr("Empty: twice as long.")
        self._pair(
            self._field("touch_target", self.target), self._field("touch_latest", self.latest, tip=latest_tip)
        )  # fmt: skip
        self._rows.addWidget(self._field("info", self.info))
        self._lay_out_own(self.own)

    def _days(self, field: str) -> LooseEdit[int]:
        formats = self._context.formats
        edit = LooseEdit[int](
            lambda typed: parse.span(typed, field=field), lambda days: formats.days(days, long=True)
        )  # fmt: skip
        edit.setPlaceholderText(tr("e.g. 30 days or 6 weeks"))
        return edit

    def _fill_common(self, detail: "RecordDetail | None") -> None:
        if detail is None:
            self.responsible.choose_offered(self._context.office.store.actor_id)
            return
        self.phones.set_values(detail.phones)
        self.mails.set_values(detail.mails)
        self.webs.set_values(detail.webs)
        self.places.set_values(detail.addresses)
        self.responsible.choose(detail.user_id)
        self.tags.set_names(detail.tags)
        self.target.set_value(detail.own_target)
        self.latest.set_value(detail.own_latest)
        self.info.set_value(detail.info)
        self.own.show(detail.own)

    def _ready(self, width: int, height: int) -> None:
        """All is filled: from here on it is the user who changes it."""
        self._before = self._as_it_is()
        self._form.settle()
        self._begin()
        for rows in (self.phones, self.mails, self.webs, self.places):
            rows.edited.connect(self.hint.ask)
        self._context.bridge.changed.connect(self._on_change)
        self.remember_size(self._context.settings, str(self.entity), width, height)

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("member"):
            self.responsible.offer(members(self._context.office.catalogue, self._user_id))

    # Reading

    def _common_readers(self) -> Readers:
        return {
            "phones": lambda: self.phones.values("phones"), "mails": lambda: self.mails.values("mails"),
            "webs": lambda: self.webs.values("webs"), "addresses": lambda: self.places.values("addresses"),
            "user_id": self._chosen_user, "tags": self.tags.names, "touch_target": self.target.value,
            "touch_latest": self.latest.value, "info": self.info.value, **self.own.readers(),
        }  # fmt: skip

    def _chosen_user(self) -> int | None:
        user: int | None = self.responsible.currentData()
        return user

    def _as_it_is(self) -> dict[str, Any]:
        """What is read now, without what cannot be: a required field may be empty until now."""
        found: dict[str, Any] = {}
        for name, read in self._readers().items():
            try:
                found[name] = comparable(read())
            except InvalidInput:
                continue
        return found

    def _typed(self) -> dict[str, object]:
        return {name: _state(control) for name, control in self._controls.items()} | {"own": self.own.typed()}

    def _reach(self) -> dict[str, tuple[str, ...]]:
        return {"phones": self.phones.typed(), "mails": self.mails.typed(), "webs": self.webs.typed()}

    def _place(self) -> Place:
        return self.places.first()

    # Saving and leaving

    def _writing(self, read: dict[str, Any]) -> Work:
        if self._new:
            own = self.own.taken(read)
            read["own"] = {field: value for field, value in own.items() if value is not None}
            return lambda _progress: self._create(read)
        changed = {
            name: value for name, value in read.items()
            if name not in self._before or comparable(value) != self._before[name]
        }  # fmt: skip
        keys = {control.field.key: control.field.id for control in self.own.all}
        own = {keys[name]: changed.pop(name) for name in list(changed) if name in keys}
        if own:
            changed["own"] = own
        since = self._since
        return lambda _progress: self._edit(changed, since)

    def _create(self, fields: Mapping[str, Any]) -> None:
        self.record_id = self._verbs.create(**fields)

    def _edit(self, changed: Mapping[str, Any], since: int | None) -> None:
        if changed:
            self._verbs.edit_seen(self.record_id, self._seen, changed, since)

    def _open_instead(self, record_id: int) -> None:
        """Go to whom is there already; what was typed beside the name is asked about."""
        typed, start = self._typed(), self._start
        assert isinstance(start, dict)
        more = any(value != start[name] for name, value in typed.items() if name not in self._names())
        if not more or self._may_go():
            self.record_id = record_id
            self.accept()


def _lists(detail: "RecordDetail") -> dict[str, Sequence[Any]]:
    """The lists of a record as they are shown, in the way the verbs take them."""
    related = [(each.id, each.role) for each in detail.related]
    return {
        "phones": detail.phones, "mails": detail.mails, "webs": detail.webs, "addresses": detail.addresses,
        "tags": detail.tags, "people": related, "companies": related,
    }  # fmt: skip


def _state(control: QWidget) -> object:
    """What stands in a control."""
    match control:
        case Stands():
            return control.state()
        case TagsEdit():
            return tuple(control.names())
        case LabelBox():
            return control.value()
        case QComboBox():
            return (control.currentData(), control.currentText())
        case QPlainTextEdit():
            return control.toPlainText()
        case QLineEdit():
            return control.text()
    raise TypeError(f"nothing is known of what stands in a {type(control).__name__}")
