"""*Eigene Felder*: what an agency keeps of its leads, companies and people beside what the program knows.

Here the fields themselves are made and changed; `app.services.own_values` has what stands in them. Each verb is one
write. A field or an option that was deleted keeps its values: an undo brings all of it back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack

from sqlalchemy import Connection, func, select, text

from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.core.roles import Act
from app.core.terms import Entity
from app.services.own_kinds import CHOSEN, OwnKind, key_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.own_fields import Field, FieldOption
    from app.models.store import Store

_LONGEST_NAME, _LONGEST_OPTION, _LONGEST_UNIT, _LONGEST_HELP = 100, 200, 20, 1000
#: More are no help to anybody.
MOST_FIELDS, MOST_OPTIONS = 100, 500
_MOST_DAYS = 3650


@dataclass(frozen=True)
class OwnOption:
    """A value that a choice offers; one that is `gone` is shown where it was chosen, and offered no more."""

    id: int
    name: str
    gone: bool = False


@dataclass(frozen=True)
class OwnField:
    """A field as its readers know it, with its options in their order."""

    id: int
    entity: Entity
    kind: OwnKind
    name: str
    help: str = ""
    unit: str = ""
    required: bool = False
    in_list: bool = False
    notify: bool = False
    notify_days: int = 0
    yearly: bool = False
    options: tuple[OwnOption, ...] = ()

    @property
    def key(self) -> str:
        """By which lists and filters know it."""
        return key_of(self.entity, self.kind, self.id)

    @property
    def offered(self) -> tuple[OwnOption, ...]:
        """What can be chosen now."""
        return tuple(option for option in self.options if not option.gone)

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of all options by id, of those too that are gone."""
        return {option.id: option.name for option in self.options}


@dataclass(frozen=True)
class BirthdayNotice:
    """How the birthdays of people remind: whether, and how many days ahead."""

    notify: bool = False
    notify_days: int = 0


class OwnFieldMore(TypedDict, total=False):
    """What can be said of a field beside its name."""

    help: str
    unit: str
    required: bool
    in_list: bool
    notify: bool
    notify_days: int
    yearly: bool


class OwnFieldChanges(OwnFieldMore, total=False):
    """What can be changed of a field. Its kind stays: the values would be lost."""

    name: str


class OwnFields:
    """Reads and changes the own fields of a store. Who may not change what all work with gets NotAllowed."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, entity: Entity) -> tuple[OwnField, ...]:
        """The fields of these records, in their order."""
        with self._store.read() as connection:
            return fields_in(connection, entity)

    def all(self) -> tuple[OwnField, ...]:
        """The fields of all records, in their order."""
        with self._store.read() as connection:
            return fields_in(connection)

    def get(self, field_id: int) -> OwnField:
        """The field of that id. Raises NotFound."""
        found = next((field for field in self.all() if field.id == field_id), None)
        if found is None:
            raise _gone()
        return found

    def create(
        self, entity: Entity, kind: OwnKind, name: str, options: Sequence[str] = (), **more: Unpack[OwnFieldMore]
    ) -> int:
        """A new field after the others of these records; returns its id. Raises InvalidInput naming the field."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Field, FieldOption

        kind = _kind_named(kind)
        with self._store.write(Text("Field “{name}” created", name=one_line(name))) as session:
            last = session.scalar(select(func.max(Field.position)).where(Field.entity == entity))
            field = Field(
                entity=str(Entity(entity)), kind=str(kind), name="", help="", unit="", required=False, in_list=False,
                notify=False, notify_days=0, yearly=False, position=0 if last is None else last + 1,
            )  # fmt: skip
            self._change(session, field, {"name": name, **more})
            names = _option_names(kind, options)
            if _count(session, entity) >= MOST_FIELDS:
                raise InvalidInput(Text("There are {n} fields already: more are no help.", n=MOST_FIELDS))
            session.add(field)
            session.flush()
            for position, option in enumerate(names):
                session.add(FieldOption(field_id=field.id, name=option, position=position))
            session.flush()
            return field.id

    def edit(self, field_id: int, **changes: Unpack[OwnFieldChanges]) -> None:
        """Change a field. Raises InvalidInput naming what makes no sense, NotFound."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Field “{name}” changed", name=self.get(field_id).name)) as session:
            self._change(session, _field(session, field_id), changes)

    def reorder(self, entity: Entity, ids: Sequence[int]) -> None:
        """Put the fields of these records into this order. Raises InvalidInput unless `ids` are all of them."""
        self._store.rights.demand(Act.LISTS)
        if sorted(ids) != sorted(field.id for field in self.of(entity)):
            raise InvalidInput(Text("The fields have changed in the meantime. Please try again."))
        with self._store.write(Text("Fields reordered")) as session:
            fields = [_field(session, field_id) for field_id in ids]
            for place, field in zip(sorted(field.position for field in fields), fields, strict=True):
                field.position = place

    def delete(self, field_id: int) -> None:
        """Delete a field: what stands in it is shown no more, and is there again after an undo. Raises NotFound."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Field “{name}” deleted", name=self.get(field_id).name)) as session:
            _field(session, field_id).deleted_at = self._store.clock.now()

    def restore(self, field_id: int) -> None:
        """Bring a deleted field back with what stood in it. Raises NotFound, InvalidInput for a name that is taken."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Field

        with self._store.read() as connection:
            name = connection.execute(text("SELECT name FROM field WHERE id = :id"), {"id": field_id}).scalar()
        with self._store.write(Text("Field “{name}” restored", name=name or "")) as session:
            field = session.get(Field, field_id)
            if field is None or field.deleted_at is None or field.kind not in tuple(OwnKind):
                raise NotFound(Text("This field is no longer among the deleted ones."))
            field.name = _checked_name(session, field.name, field)
            field.deleted_at = None

    # Options

    def add_option(self, field_id: int, name: str) -> int:
        """Offer one more value, after the others; returns its id. Raises InvalidInput, NotFound."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import FieldOption

        label = Text("Option “{option}” of “{name}” added", option=one_line(name), name=self.get(field_id).name)
        with self._store.write(label) as session:
            field = _choice(session, field_id)
            last = session.scalar(select(func.max(FieldOption.position)).where(FieldOption.field_id == field.id))
            position = 0 if last is None else last + 1
            option = FieldOption(field_id=field.id, name=_checked_option(session, field.id, name), position=position)
            session.add(option)
            session.flush()
            return option.id

    def rename_option(self, option_id: int, name: str) -> None:
        """Call an option otherwise, also where it was chosen. Raises InvalidInput, NotFound."""
        self._store.rights.demand(Act.LISTS)
        label = Text("Option “{old}” is called “{new}” now", old=self._option_name(option_id), new=one_line(name))
        with self._store.write(label) as session:
            option = _option(session, option_id)
            option.name = _checked_option(session, option.field_id, name, option)

    def reorder_options(self, field_id: int, ids: Sequence[int]) -> None:
        """Put the options of a field into this order. Raises InvalidInput unless `ids` are all of them."""
        self._store.rights.demand(Act.LISTS)
        field = self.get(field_id)
        if sorted(ids) != sorted(option.id for option in field.offered):
            raise InvalidInput(Text("The options have changed in the meantime. Please try again."))
        with self._store.write(Text("Options of “{name}” reordered", name=field.name)) as session:
            options = [_option(session, option_id) for option_id in ids]
            for place, option in zip(sorted(option.position for option in options), options, strict=True):
                option.position = place

    def delete_option(self, option_id: int) -> None:
        """Offer an option no more; where it was chosen it is shown until another one is. Raises NotFound."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Option “{name}” deleted", name=self._option_name(option_id))) as session:
            _option(session, option_id).deleted_at = self._store.clock.now()

    # Birthdays

    def birthday(self) -> BirthdayNotice:
        """How birthdays remind."""
        with self._store.read() as connection:
            row = connection.execute(text(_BIRTHDAY)).first()
        return BirthdayNotice() if row is None else BirthdayNotice(bool(row.notify), row.notify_days)

    def set_birthday(self, notify: bool, days: int = 0) -> int:
        """Say whether birthdays remind, and how many days ahead; returns the id of the row that keeps it."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Field

        with self._store.write(Text("Reminders of birthdays changed")) as session:
            field = session.query(Field).filter_by(kind="birthday", deleted_at=None).order_by(Field.id).first()
            if field is None:
                field = Field(entity="person", kind="birthday", name="", help="", unit="", position=-1, yearly=True)
                session.add(field)
            field.notify, field.notify_days = notify, _checked_days(days)
            session.flush()
            return field.id

    # How

    def _option_name(self, option_id: int) -> str:
        with self._store.read() as connection:
            statement = text("SELECT name FROM field_option WHERE id = :id AND deleted_at IS NULL")
            found: str | None = connection.execute(statement, {"id": option_id}).scalar()
        if found is None:
            raise _option_gone()
        return found

    def _change(self, session: "Session", field: "Field", changes: OwnFieldChanges) -> None:
        if "name" in changes:
            field.name = _checked_name(session, changes["name"], field)
        if "help" in changes:
            field.help = printable(changes["help"])
            if len(field.help) > _LONGEST_HELP:
                raise InvalidInput(Text("This text is too long."), field="help")
        if "unit" in changes:
            field.unit = _checked_unit(changes["unit"], field.kind)
        if "required" in changes:
            field.required = changes["required"]
        if "in_list" in changes:
            field.in_list = changes["in_list"]
        _change_notice(field, changes)


def _change_notice(field: "Field", changes: OwnFieldChanges) -> None:
    if field.kind != OwnKind.DAY and (changes.get("notify") or changes.get("notify_days") or changes.get("yearly")):
        raise InvalidInput(Text("Only a date can remind."), field="notify")
    if "notify" in changes:
        field.notify = changes["notify"]
    if "notify_days" in changes:
        field.notify_days = _checked_days(changes["notify_days"])
    if "yearly" in changes:
        field.yearly = changes["yearly"]


def fields_in(connection: Connection, entity: Entity | None = None) -> tuple[OwnField, ...]:
    """The fields there are (of these records), in their order."""
    options: dict[int, list[OwnOption]] = {}
    for row in connection.execute(text(_OPTIONS)):
        options.setdefault(row.field_id, []).append(OwnOption(row.id, row.name, bool(row.gone)))
    return tuple(
        OwnField(
            row.id, Entity(row.entity), OwnKind(row.kind), row.name, row.help, row.unit, bool(row.required),
            bool(row.in_list), bool(row.notify), row.notify_days, bool(row.yearly), tuple(options.get(row.id, ())),
        )
        for row in connection.execute(text(_FIELDS))
        if entity is None or row.entity == entity
    )  # fmt: skip


def names_of(connection: Connection, ids: Collection[int]) -> list[str]:
    """What these fields are called, in their order."""
    return [field.name for field in fields_in(connection) if field.id in ids] if ids else []


_FIELDS = """
SELECT * FROM field WHERE deleted_at IS NULL AND kind <> 'birthday' AND entity IN ('lead', 'company', 'person')
ORDER BY entity, position, id
"""
_OPTIONS = "SELECT id, field_id, name, deleted_at IS NOT NULL AS gone FROM field_option ORDER BY position, id"
_BIRTHDAY = "SELECT notify, notify_days FROM field WHERE kind = 'birthday' AND deleted_at IS NULL ORDER BY id LIMIT 1"


def _kind_named(kind: str) -> OwnKind:
    try:
        return OwnKind(kind)
    except ValueError:
        raise InvalidInput(Text("There is no kind of field “{kind}”.", kind=kind[:30]), field="kind") from None


def _count(session: "Session", entity: Entity) -> int:
    from app.models.schema import Field

    counted = select(func.count()).select_from(Field).where(Field.entity == entity, Field.deleted_at.is_(None))
    return session.scalar(counted) or 0


def _checked_name(session: "Session", name: str, field: "Field") -> str:
    from app.models.schema import Field

    name = one_line(name)
    if not name or len(name) > _LONGEST_NAME:
        raise InvalidInput(Text("A field needs a name of at most {n} characters.", n=_LONGEST_NAME), field="name")
    with session.no_autoflush:
        others = session.scalars(select(Field).where(Field.entity == field.entity, Field.deleted_at.is_(None))).all()
    if any(sort_key(other.name) == sort_key(name) and other.id != field.id for other in others):
        raise InvalidInput(Text("There already is a field “{name}”.", name=name), field="name")
    return name


def _checked_unit(unit: str, kind: str) -> str:
    unit = one_line(unit)
    if unit and kind != OwnKind.NUMBER:
        raise InvalidInput(Text("Only a number has a unit."), field="unit")
    if len(unit) > _LONGEST_UNIT:
        raise InvalidInput(Text("A unit has at most {n} characters.", n=_LONGEST_UNIT), field="unit")
    return unit


def _checked_days(days: int) -> int:
    if not 0 <= days <= _MOST_DAYS:
        raise InvalidInput(Text("Days ahead lie between 0 and {n}.", n=_MOST_DAYS), field="notify_days")
    return days


def _option_names(kind: OwnKind, options: Sequence[str]) -> list[str]:
    """The names of options as they are kept, each once."""
    names: dict[str, str] = {}
    for typed in options:
        name = one_line(typed)
        if len(name) > _LONGEST_OPTION:
            raise InvalidInput(Text("“{name}…” is too long.", name=name[:30]), field="options")
        if name:
            names.setdefault(sort_key(name), name)
    if names and kind not in CHOSEN:
        raise InvalidInput(Text("Only a choice has options."), field="options")
    if len(names) > MOST_OPTIONS:
        raise InvalidInput(Text("A choice has at most {n} options.", n=MOST_OPTIONS), field="options")
    return list(names.values())


def _checked_option(session: "Session", field_id: int, name: str, option: "FieldOption | None" = None) -> str:
    from app.models.schema import FieldOption

    name = one_line(name)
    if not name or len(name) > _LONGEST_OPTION:
        raise InvalidInput(
            Text("An option needs a name of at most {n} characters.", n=_LONGEST_OPTION), field="options"
        )
    there = select(FieldOption).where(FieldOption.field_id == field_id, FieldOption.deleted_at.is_(None))
    others = [other for other in session.scalars(there) if other is not option]
    if any(sort_key(other.name) == sort_key(name) for other in others):
        raise InvalidInput(Text("There already is an option “{name}”.", name=name), field="options")
    if len(others) >= MOST_OPTIONS:
        raise InvalidInput(Text("A choice has at most {n} options.", n=MOST_OPTIONS), field="options")
    return name


def _field(session: "Session", field_id: int) -> "Field":
    from app.models.schema import Field

    field = session.get(Field, field_id)
    if field is None or field.deleted_at is not None or field.kind not in tuple(OwnKind):
        raise _gone()
    return field


def _choice(session: "Session", field_id: int) -> "Field":
    field = _field(session, field_id)
    if field.kind not in CHOSEN:
        raise InvalidInput(Text("Only a choice has options."), field="options")
    return field


def _option(session: "Session", option_id: int) -> "FieldOption":
    from app.models.schema import FieldOption

    option = session.get(FieldOption, option_id)
    if option is None or option.deleted_at is not None:
        raise _option_gone()
    return option


def _gone() -> NotFound:
    return NotFound(Text("This field has been deleted in the meantime."))


def _option_gone() -> NotFound:
    return NotFound(Text("This option has been deleted in the meantime."), field="options")
