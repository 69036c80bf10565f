"""What can be edited in the cells of the lists of leads, how it is typed, and which verb saves it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from app.core import parse
from app.core.errors import InvalidInput, NotFound
from app.core.folding import search_key, sort_key
from app.core.i18n import N_, Text, tr
from app.core.money import Money
from app.core.terms import CATEGORY_LABELS, CLOSED, Budget, Entity, Status
from app.services.lead_fields import LABELS, NextStep, titled
from app.services.own_kinds import parts_of
from app.services.somebody import Meant
from app.ui.forms.names import new_words
from app.ui.forms.somebody import Naming, as_new, called
from app.ui.own.cells import own_edit
from app.ui.tables.cell_edit import Edit

if TYPE_CHECKING:
    from datetime import date

    from app.services.lead_list import LeadRow
    from app.services.own_fields import OwnField
    from app.ui.context import Context

    Read = Callable[[str], Any]
    Show = Callable[[Any], str]

_Step = tuple["date", int | None, str]
_OFFERED = 12
_OPEN = (Status.POTENTIAL, Status.ACTIVE)
#: Why a column cannot be typed into.
_FOLLOWS = N_("This follows from other values and cannot be typed.")
_WHY_NOT = {
    "weighted": _FOLLOWS, "total": _FOLLOWS, "age": _FOLLOWS, "cycle": _FOLLOWS, "created": _FOLLOWS,
    "status": N_("The outcome is chosen by closing the lead or opening it again."),
    "category": N_("A closed lead has no category in the forecast."),
    "next_step": N_("A closed lead has no next step."),
}  # fmt: skip


class LeadEditors:
    """Knows the values of leads that stand in the columns of the lists."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._office = context.office
        self._leads = context.office.leads
        self._formats = context.formats
        self._editors: dict[str, Callable[[LeadRow], Edit | None]] = {
            "title": self._title, "company": partial(self._somebody, Entity.COMPANY),
            "person": partial(self._somebody, Entity.PERSON), "source": self._source,
            "reason": self._reason, "stage": self._stage, "responsible": self._responsible,
            "volume": self._volume, "probability": self._probability, "period": self._period,
            "next_step": self._step, "tags": self._tags, "closed": self._closed_on,
            "activated": self._activated_on, "number": partial(self._words, "external_number"),
            "remark": partial(self._words, "remark"), "category": self._category,
        }  # fmt: skip

    def edit_of(self, id_: int, key: str) -> Edit | None:
        """The value of a column of a lead; None where it cannot be edited, or the lead is gone."""
        make = self._editors.get(key) or self._own_editor(key)
        row = self._row(id_)
        return None if make is None or row is None else make(row)

    def why_not(self, id_: int, key: str) -> str:
        """Why a column cannot be edited."""
        row = self._row(id_)
        if row is None:
            return ""
        if key in ("stage", "activated") and row.status != Status.ACTIVE:
            return tr("Only an active lead has a stage.")
        if key == "probability" and row.status in CLOSED:
            return tr("The probability of a closed lead follows from its outcome.")
        otherwise = N_("A text of several lines is edited in the panel.") if parts_of(key) is not None else _FOLLOWS
        return tr(_WHY_NOT.get(key, otherwise))

    def _row(self, id_: int) -> "LeadRow | None":
        return next(iter(self._office.lists.rows([id_])), None)

    def _edit(
        self,
        row: "LeadRow",
        name: str,
        of: "Callable[[LeadRow], Any]",
        read: "Read",
        show: "Show",
        *,
        save: Callable[[Any], object] | None = None,
        tell: "Show | None" = None,
        **more: Any,
    ) -> Edit:
        """The field `name`; `of(row)` is its value, None for none."""

        def now() -> Any:
            fresh = self._row(row.id)
            if fresh is None:
                raise NotFound(Text("A lead has been deleted in the meantime."))
            return of(fresh)

        def told(value: Any) -> str:
            return tr("nothing") if value in (None, (), "") else (tell or show)(value)

        write = save or (lambda value: self._leads.edit([row.id], **{name: value}))
        return Edit(tr(LABELS[name]), row.title, of(row), show, read, now=now, save=write, tell=told, **more)

    def _own_editor(self, key: str) -> "Callable[[LeadRow], Edit | None] | None":
        """The editor of an own field; None for a key of none, and of one that was deleted."""
        fields = self._office.own_fields.of(Entity.LEAD) if parts_of(key) is not None else ()
        field = next((each for each in fields if each.key == key), None)
        return None if field is None else partial(self._own, field)

    def _own(self, field: "OwnField", row: "LeadRow") -> Edit | None:
        def now() -> Any:
            fresh = self._row(row.id)
            if fresh is None:
                raise NotFound(Text("A lead has been deleted in the meantime."))
            return fresh.own.get(field.id)

        save = lambda value: self._leads.edit([row.id], own={field.id: value})  # noqa: E731 - one expression
        return own_edit(self._context, field, row.own.get(field.id), row.title, now, save)

    # Words and names

    def _title(self, row: "LeadRow") -> Edit:
        return self._edit(row, "title", lambda row: row.title, titled, str)

    def _words(self, name: Literal["external_number", "remark"], row: "LeadRow") -> Edit | None:
        if name == "remark" and (row.status not in CLOSED or "\n" in row.remark):
            return None  # several lines are edited where they are seen
        read: Read = str if name == "remark" else lambda typed: typed or None
        return self._edit(row, name, lambda row: getattr(row, name), read, str)

    def _somebody(self, kind: Entity, row: "LeadRow") -> Edit:
        """The company or the contact. Of several with one name nobody is guessed: they are offered."""
        name = str(kind)

        def of(row: "LeadRow") -> Meant | None:
            who, called = getattr(row, f"{name}_id"), getattr(row, name)
            return None if who is None else Meant(kind, who, called or "")

        naming = Naming(self._office.somebodies, (kind,), name, of(row))
        save = lambda meant: self._leads.edit([row.id], **{name: meant and meant.who})  # noqa: E731 - one expression
        return self._edit(row, name, of, naming.meant, called, save=save, find=naming.there, remark=as_new,
                          chosen=naming.choose)  # fmt: skip

    def _source(self, row: "LeadRow") -> Edit:
        def find(typed: str) -> list[str]:
            return _containing([entry.name for entry in self._office.catalogue.all("source")], typed)

        def remark(value: Any) -> str:
            known = value is None or search_key(value) in {search_key(name) for name in find(value)}
            return "" if known else new_words(value)

        return self._edit(row, "source", lambda row: row.source, _tidy, str, find=find, remark=remark)

    def _reason(self, row: "LeadRow") -> Edit | None:
        if row.status not in CLOSED:
            return None

        def find(typed: str) -> list[str]:
            return _containing([entry.name for entry in self._office.catalogue.reasons(row.status)], typed)

        def remark(value: Any) -> str:
            return "" if value is None or sort_key(value) in {sort_key(name) for name in find("")} else new_words(value)

        return self._edit(row, "reason", lambda row: row.reason, _tidy, str, find=find, remark=remark)

    def _tags(self, row: "LeadRow") -> Edit:
        def read(typed: str) -> tuple[str, ...]:
            names = [name for part in typed.replace(";", ",").split(",") if (name := _tidy(part))]
            return tuple({sort_key(name): name for name in reversed(names)}.values())[::-1]

        def find(typed: str) -> list[str]:
            return _containing([entry.name for entry in self._office.catalogue.all("tag")], typed) if typed else []

        hint = tr("Web, Recommendation")
        return self._edit(row, "tags", lambda row: row.tags, read, ", ".join, find=find, several=True, hint=hint)

    # Lists to choose from

    def _choice(
        self,
        row: "LeadRow",
        name: str,
        of: "Callable[[LeadRow], Any]",
        choices: Sequence[tuple[Any, str]],
        none: Text,
        **more: Any,
    ) -> Edit:
        """One of some values, by its name or the beginning of it; `none` says that there is none of that name."""
        names: dict[Any, str] = dict(choices)

        def read(typed: str) -> Any:
            if not typed and None in names:
                return None
            fitting = [value for value, label in choices if sort_key(label) == sort_key(typed)]
            fitting = fitting or [value for value, label in choices if sort_key(label).startswith(sort_key(typed))]
            if len(fitting) != 1:
                known = ", ".join(label for _value, label in choices)
                raise InvalidInput(Text(none.message, text=typed), Text("Choose one of: {names}.", names=known), name)
            return fitting[0]

        def show(value: Any) -> str:
            return names.get(value, "")

        def find(typed: str) -> list[str]:
            return _containing([label for _value, label in choices], typed, most=len(choices))

        return self._edit(row, name, of, read, show, find=find, closed=True, **more)

    def _stage(self, row: "LeadRow") -> Edit | None:
        if row.status != Status.ACTIVE:
            return None
        stages = [stage for stage in self._office.stages.all() if not stage.retired or stage.id == row.stage_id]
        choices = [(stage.id, stage.name) for stage in stages]
        none = Text("No stage is called “{text}”.")
        save = lambda stage_id: self._leads.move([row.id], stage_id)  # noqa: E731 - one expression
        return self._choice(row, "stage_id", lambda row: row.stage_id, choices, none, save=save)

    def _category(self, row: "LeadRow") -> Edit | None:
        if row.status in CLOSED:
            return None
        choices = [(category, tr(label)) for category, label in CATEGORY_LABELS.items()]
        own = lambda row: row.category if row.own_category else None  # noqa: E731 - one expression
        none = Text("No forecast category is called “{text}”.")
        return self._choice(row, "category", own, [*choices, (None, tr("automatic"))], none)

    def _responsible(self, row: "LeadRow") -> Edit:
        people: list[tuple[Any, str]] = [(entry.id, entry.name) for entry in self._office.catalogue.all("member")]
        if row.user_id is not None and row.user_id not in dict(people):
            people.append((row.user_id, row.user or tr("Former member")))
        people.append((None, tr("Nobody")))
        return self._choice(row, "user_id", lambda row: row.user_id, people, Text("Nobody is called “{text}”."))

    # Loosely typed values

    def _volume(self, row: "LeadRow") -> Edit:
        currency = row.amount.currency

        def read(typed: str) -> tuple[Money, Budget]:
            if not typed:
                return Money(0, currency), row.budget
            amount, budget = parse.volume(typed, currency, field="amount")
            return amount, budget or row.budget

        def show(value: tuple[Money, Budget]) -> str:
            return self._formats.money(value[0]) if value[0].minor or row.status != Status.POTENTIAL else ""

        def tell(value: tuple[Money, Budget]) -> str:
            shown = self._formats.money(value[0])
            return tr("{amount} / mo.", amount=shown) if value[1] == Budget.MONTHLY else shown

        def save(value: tuple[Money, Budget]) -> None:
            if value[1] == row.budget:
                self._leads.edit([row.id], amount=value[0])
            else:
                self._leads.edit([row.id], amount=value[0], budget=value[1])

        return self._edit(
            row, "amount", lambda row: (row.amount, row.budget), read, show, save=save, tell=tell, right=True,
            hint="25k",
        )  # fmt: skip

    def _probability(self, row: "LeadRow") -> Edit | None:
        if row.status in CLOSED:
            return None
        read = _or_none(lambda typed: parse.percent(typed, field="probability"))
        own = lambda row: row.probability if row.own_probability else None  # noqa: E731 - one expression
        hint = tr("as the stage") if row.status == Status.ACTIVE else ""
        return self._edit(row, "probability", own, read, self._formats.percent, right=True, hint=hint)

    def _period(self, row: "LeadRow") -> Edit:
        read = _or_none(lambda typed: parse.months(typed, self._office.store.today(), field="period"))
        return self._edit(row, "period", _period_of, read, lambda value: self._formats.period(*value),
                          hint=tr("Jan–Apr 27"))  # fmt: skip

    def _step(self, row: "LeadRow") -> Edit | None:
        if row.status not in _OPEN:
            return None

        def read(typed: str) -> _Step | None:
            if not typed:
                return None
            day, time, words = parse.day_and_words(typed, self._office.store.today(), field="next_step")
            return day, time, words or row.next_step_text or ""

        def show(step: _Step) -> str:
            day = self._formats.day(step[0])
            return day if step[1] is None else f"{day} {self._formats.time(step[1])}"

        def tell(step: _Step) -> str:
            return " · ".join(filter(None, (show(step), step[2])))

        def save(step: _Step | None) -> None:
            if step is None:
                self._leads.clear_next_step([row.id])
            else:
                self._leads.set_next_step([row.id], NextStep(step[0], step[2], step[1]))

        return self._edit(row, "next_step", _step_of, read, show, save=save, tell=tell, hint=tr("mon 9:00, +2w"))

    def _closed_on(self, row: "LeadRow") -> Edit | None:
        return self._day(row, "closed_on") if row.status in CLOSED else None

    def _activated_on(self, row: "LeadRow") -> Edit | None:
        return self._day(row, "activated_on") if row.status != Status.POTENTIAL else None

    def _day(self, row: "LeadRow", name: Literal["closed_on", "activated_on"]) -> Edit:
        read = _or_none(lambda typed: parse.day(typed, self._office.store.today(), field=name))
        return self._edit(row, name, lambda row: getattr(row, name), read, self._formats.day)


def _period_of(row: "LeadRow") -> tuple[int, int] | None:
    if row.period_first is None or row.period_last is None:
        return None
    return row.period_first, row.period_last


def _step_of(row: "LeadRow") -> _Step | None:
    if row.next_step_on is None:
        return None
    return row.next_step_on, row.next_step_time, row.next_step_text or ""


def _or_none(read: "Read") -> "Read":
    """The same, and None for nothing typed."""
    return lambda typed: read(typed) if typed else None


def _tidy(typed: str) -> str | None:
    return " ".join(typed.split()) or None


def _containing(names: Sequence[str], typed: str, most: int = _OFFERED) -> list[str]:
    """The names that contain what was typed, those that begin with it first."""
    key = sort_key(typed)
    fitting = [name for name in names if key in sort_key(name)]
    return sorted(fitting, key=lambda name: not sort_key(name).startswith(key))[:most]
