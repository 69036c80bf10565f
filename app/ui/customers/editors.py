"""What can be edited in the cells of the lists of companies and people, and which verb saves it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.core import parse
from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import N_, Text, tr
from app.core.place import Place
from app.core.terms import COMPANY_KIND_LABELS, SIZE_LABELS, YEAR_UNKNOWN, Entity
from app.services.contact_files.countries import country_code
from app.services.own_kinds import parts_of
from app.services.reach import Point, PointKind, doubt
from app.services.somebody import Meant
from app.ui.forms.somebody import Naming, as_new, called
from app.ui.own.cells import own_edit
from app.ui.tables.cell_edit import Edit

if TYPE_CHECKING:
    from app.services.own_fields import OwnField
    from app.ui.context import Context

_PARTS = {
    "street": N_("Street and number"), "extra": N_("Addition"), "postcode": N_("Postal code"), "city": N_("Town"),
    "region": N_("Region"), "country": N_("Country"),
}  # fmt: skip
_FOLLOWS = N_("This follows from other values and cannot be typed.")
_ELSEWHERE = N_("This is changed by a command of its own.")
_SEVERAL = N_("Somebody with several companies is edited in the form.")
_NOWHERE = N_("Say first where somebody works.")
_OFFERED = 12
_NONE = Text("There is no “{text}”.")


class RecordEditors:
    """Knows the values that companies and people both have in the columns of their lists."""

    def __init__(self, context: "Context", entity: Entity) -> None:
        office = context.office
        self._context = context
        self._office = office
        self._entity = entity
        company = entity is Entity.COMPANY
        self._lists: Any = office.company_list if company else office.person_list
        self._verbs: Any = office.companies if company else office.people
        self._editors: dict[str, Callable[[Any], Edit | None]] = {
            "name": partial(self._words, "name", _itself), "responsible": self._responsible, "tags": self._tags,
            "phone": partial(self._point, "phone"), "mail": partial(self._point, "mail"),
            "web": partial(self._point, "web"), **{part: partial(self._place, part) for part in _PARTS},
        }  # fmt: skip
        if company:
            self._editors |= {
                "number": partial(self._words, "number", _or_none), "industry": partial(self._words, "industry", str),
                "kind": self._kinds, "size": self._size,
            }  # fmt: skip
        else:
            self._editors |= {"birthday": self._birthday, "company": self._company, "role": self._role,
                              "prefix": partial(self._words, "prefix", str)}  # fmt: skip

    def edit_of(self, id_: int, key: str) -> Edit | None:
        """The value of a column of a record; None where it cannot be edited, or the record is gone."""
        make, row = self._editors.get(key) or self._own_editor(key), self._row(id_)
        return None if make is None or row is None else make(row)

    def why_not(self, id_: int, key: str) -> str:
        """Why a column cannot be edited."""
        if key in _PARTS or parts_of(key) is not None:
            return tr("A text of several lines is edited in the form.")
        if key in ("company", "role"):
            row = self._row(id_)
            return tr(_SEVERAL if row is not None and len(row.companies) > 1 else _NOWHERE)
        return tr(_ELSEWHERE if key in ("archived", "people", "salutation", "next_step") else _FOLLOWS)

    def _row(self, id_: int) -> Any:
        return next(iter(self._lists.rows([id_])), None)

    def _own_editor(self, key: str) -> Callable[[Any], Edit | None] | None:
        """The editor of an own field; None for a key of none, and of one that was deleted."""
        fields = self._office.own_fields.of(self._entity) if parts_of(key) is not None else ()
        field = next((each for each in fields if each.key == key), None)
        return None if field is None else partial(self._own, field)

    def _own(self, field: "OwnField", row: Any) -> Edit | None:
        now = lambda: self._fresh(row.id).own.get(field.id)  # noqa: E731 - one expression
        save = lambda value: self._verbs.edit([row.id], own={field.id: value})  # noqa: E731
        return own_edit(self._context, field, row.own.get(field.id), row.name, now, save)

    def _fresh(self, id_: int) -> Any:
        """The record as it is by now. Raises NotFound."""
        row = self._row(id_)
        if row is None:
            raise NotFound(self._verbs.words.gone)
        return row

    def _edit(
        self, row: Any, name: str, of: Callable[[Any], Any], read: Callable[[str], Any], show: Callable[[Any], str],
        *, save: Callable[[Any], object] | None = None, **more: Any,
    ) -> Edit:  # fmt: skip
        """The field `name`; `of(row)` is its value, None for none."""

        now = lambda: of(self._fresh(row.id))  # noqa: E731 - one expression

        def told(value: Any) -> str:
            return tr("nothing") if value in (None, (), "") else show(value)

        write = save or (lambda value: self._verbs.edit([row.id], **{name: value}))
        label = tr(self._verbs.labels[name])
        return Edit(label, row.name, of(row), show, read, now=now, save=write, tell=told, **more)

    def _words(self, name: str, read: Callable[[str], Any], row: Any) -> Edit:
        return self._edit(row, name, lambda row: getattr(row, name) or "", read, str)

    def _point(self, kind: PointKind, row: Any) -> Edit:
        """The main number or address; the others stay as they are."""

        def save(value: str) -> None:
            known = getattr(self._detail(row.id), f"{kind}s")
            label = known[0].label if known else "work"
            points = [Point(label, value), *known[1:]] if value else list(known[1:])
            self._verbs.edit([row.id], **{f"{kind}s": points})

        return self._edit(row, f"{kind}s", lambda row: getattr(row, kind) or "", str, str, save=save,
                          doubt=lambda value: doubt(kind, value, self._office.store.facts.country))  # fmt: skip

    def _place(self, part: str, row: Any) -> Edit | None:
        """A part of the main address. None for several lines."""
        if "\n" in getattr(row.place, part):
            return None

        def save(value: str) -> None:
            known = self._detail(row.id).addresses
            first = replace(known[0] if known else Place("work"), **{part: value})
            self._verbs.edit([row.id], addresses=[first, *known[1:]])

        read: Callable[[str], Any] = country_code if part == "country" else str
        edit = self._edit(row, "addresses", lambda row: getattr(row.place, part), read, str, save=save)
        return replace(edit, label=tr(_PARTS[part]))

    def _detail(self, id_: int) -> Any:
        records = self._office.records
        return records.company(id_) if self._entity is Entity.COMPANY else records.person(id_)

    def _tags(self, row: Any) -> Edit:
        def find(typed: str) -> list[str]:
            return _containing([entry.name for entry in self._office.catalogue.all("tag")], typed) if typed else []

        return self._edit(row, "tags", lambda row: row.tags, _names, ", ".join, find=find, several=True)

    def _responsible(self, row: Any) -> Edit:
        people: list[tuple[Any, str]] = [(entry.id, entry.name) for entry in self._office.catalogue.all("member")]
        if row.user_id is not None and row.user_id not in dict(people):
            people.append((row.user_id, row.user or tr("Former member")))
        people.append((None, tr("Nobody")))
        return self._choice(row, "user_id", lambda row: row.user_id, people, Text("Nobody is called “{text}”."))

    def _size(self, row: Any) -> Edit:
        sizes: list[tuple[Any, str]] = [(size, tr(label)) for size, label in SIZE_LABELS.items()]
        none = Text("No size is called “{text}”.")
        return self._choice(row, "size", lambda row: row.size, [*sizes, (None, tr("not given"))], none)

    def _kinds(self, row: Any) -> Edit:
        """Several of the words, with commas between them."""
        labels = {kind: tr(label) for kind, label in COMPANY_KIND_LABELS.items()}

        def read(typed: str) -> tuple[Any, ...]:
            return tuple(_chosen(list(labels.items()), name, "kinds") for name in _names(typed))

        def show(value: Any) -> str:
            return ", ".join(labels[kind] for kind in value)

        def find(typed: str) -> list[str]:
            return _containing(list(labels.values()), typed)

        return self._edit(row, "kinds", lambda row: row.kinds, read, show, find=find, several=True)

    def _birthday(self, row: Any) -> Edit:
        def read(typed: str) -> Any:
            today = self._office.store.today()
            return parse.birthday(typed, today, YEAR_UNKNOWN, field="birthday") if typed else None

        return self._edit(row, "birthday", lambda row: row.birthday, read, self._context.wording.born)

    def _company(self, row: Any) -> Edit | None:
        """Where somebody works; the role stays. None for who has several companies."""
        if len(row.companies) > 1:
            return None

        def of(row: Any) -> Meant | None:
            return Meant(Entity.COMPANY, row.company_id, row.companies[0]) if row.companies else None

        def save(company: Meant | None) -> None:
            role = next(iter(self._fresh(row.id).roles), "")
            self._verbs.edit([row.id], companies=[(company.who, role)] if company else [])

        naming = Naming(self._office.somebodies, (Entity.COMPANY,), "companies", of(row))
        return self._edit(row, "companies", of, naming.meant, called, save=save, find=naming.there, remark=as_new,
                          chosen=naming.choose)  # fmt: skip

    def _role(self, row: Any) -> Edit | None:
        """As what somebody works at the one company he or she works for."""
        if len(row.companies) != 1:
            return None

        def save(role: str) -> None:
            self._verbs.edit([row.id], companies=[(row.company_id, role)])

        edit = self._edit(row, "companies", lambda row: next(iter(row.roles), ""), str, str, save=save)
        return replace(edit, label=tr("Role"))

    def _choice(
        self, row: Any, name: str, of: Callable[[Any], Any], choices: Sequence[tuple[Any, str]], none: Text
    ) -> Edit:
        names: dict[Any, str] = dict(choices)

        def read(typed: str) -> Any:
            return _chosen(choices, typed, name, none) if typed else None

        def find(typed: str) -> list[str]:
            return _containing([label for _value, label in choices], typed, len(choices))

        return self._edit(row, name, of, read, lambda value: names.get(value, ""), find=find, closed=True)


def _chosen(choices: Sequence[tuple[Any, str]], typed: str, field: str, none: Text = _NONE) -> Any:
    """The value of that name, or of the only one that begins so. Raises InvalidInput."""
    key = sort_key(typed)
    fitting = [value for value, label in choices if sort_key(label) == key]
    fitting = fitting or [value for value, label in choices if sort_key(label).startswith(key)]
    if len(fitting) != 1:
        known = ", ".join(label for _value, label in choices)
        raise InvalidInput(Text(none.message, text=typed), Text("Choose one of: {names}.", names=known), field)
    return fitting[0]


def _itself(typed: str) -> str:
    return typed


def _or_none(typed: str) -> str | None:
    return typed or None


def _names(typed: str) -> tuple[str, ...]:
    names = [name for part in typed.replace(";", ",").split(",") if (name := " ".join(part.split()))]
    return tuple({sort_key(name): name for name in reversed(names)}.values())[::-1]


def _containing(names: Sequence[str], typed: str, most: int = _OFFERED) -> list[str]:
    """The names that contain what was typed, those that begin with it first."""
    key = sort_key(typed)
    fitting = [name for name in names if key in sort_key(name)]
    return sorted(fitting, key=lambda name: not sort_key(name).startswith(key))[:most]
