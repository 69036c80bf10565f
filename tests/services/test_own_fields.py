"""The definitions of own fields: each verb is one step that an undo takes back, and nonsense is refused."""

from collections.abc import Callable

import pytest

from app.core.errors import InvalidInput, NotFound
from app.core.terms import Entity
from app.models.store import Store
from app.services.own_fields import MOST_FIELDS, OwnFields
from app.services.own_kinds import OwnKind, key_of, parts_of
from tests.services.seen import everything, steps


@pytest.fixture
def fields(store: Store) -> OwnFields:
    """The own fields of a store that has none."""
    return OwnFields(store)


def _choice(fields: OwnFields) -> int:
    return fields.create(Entity.LEAD, OwnKind.CHOICE, "Branche", ["Handel", "Industrie", "Handwerk"])


def test_a_field_is_there_as_it_was_made(fields: OwnFields) -> None:
    made = fields.create(
        Entity.COMPANY,
        OwnKind.NUMBER,
        "  Mitarbeiter \n hier ",
        unit="Köpfe",
        required=True,
        in_list=True,
        help="Wie viele?",
    )
    field = fields.get(made)
    assert (field.name, field.unit, field.required, field.in_list, field.help) == (
        "Mitarbeiter hier", "Köpfe", True, True, "Wie viele?",
    )  # fmt: skip
    assert fields.of(Entity.COMPANY) == (field,)
    assert fields.of(Entity.LEAD) == ()
    assert field.key == f"company.own.number.{made}"
    assert parts_of(field.key) == (Entity.COMPANY, OwnKind.NUMBER, made)


@pytest.mark.parametrize("kind", OwnKind)
def test_every_kind_can_be_made_of_every_record(fields: OwnFields, kind: OwnKind) -> None:
    for entity in Entity:
        made = fields.create(entity, kind, "Feld")
        assert fields.get(made).kind is kind


def test_options_come_once_each_in_their_order(fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.CHOICES, "Kanal", ["Web", " Print ", "web", "", "Social"])
    assert [option.name for option in fields.get(made).options] == ["Web", "Print", "Social"]


def test_order_is_dealt_anew(fields: OwnFields) -> None:
    ids = [fields.create(Entity.LEAD, OwnKind.TEXT, name) for name in "abc"]
    other = fields.create(Entity.PERSON, OwnKind.TEXT, "a")
    fields.reorder(Entity.LEAD, [ids[2], ids[0], ids[1]])
    assert [field.name for field in fields.of(Entity.LEAD)] == ["c", "a", "b"]
    with pytest.raises(InvalidInput):
        fields.reorder(Entity.LEAD, [*ids, other])
    with pytest.raises(InvalidInput):
        fields.reorder(Entity.LEAD, ids[:2])


def test_a_deleted_field_comes_back(fields: OwnFields) -> None:
    made = _choice(fields)
    before = fields.get(made)
    fields.delete(made)
    assert fields.of(Entity.LEAD) == ()
    with pytest.raises(NotFound):
        fields.edit(made, name="Neu")
    fields.restore(made)
    assert fields.get(made) == before
    with pytest.raises(NotFound):
        fields.restore(made)


def test_a_name_taken_since_keeps_a_deleted_field_from_coming_back(fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Straße")
    fields.delete(made)
    fields.create(Entity.LEAD, OwnKind.DAY, "STRASSE")
    with pytest.raises(InvalidInput) as refused:
        fields.restore(made)
    assert refused.value.field == "name"


def test_options_are_renamed_ordered_and_deleted(fields: OwnFields) -> None:
    made = _choice(fields)
    first, second, third = (option.id for option in fields.get(made).options)
    fields.rename_option(first, "Einzelhandel")
    fields.reorder_options(made, [third, first, second])
    fields.delete_option(second)
    added = fields.add_option(made, "Öffentlich")
    field = fields.get(made)
    assert [option.name for option in field.offered] == ["Handwerk", "Einzelhandel", "Öffentlich"]
    assert field.names[second] == "Industrie"
    assert added in field.names
    with pytest.raises(NotFound):
        fields.rename_option(second, "x")
    with pytest.raises(InvalidInput):
        fields.reorder_options(made, [third, first, second])


_WRONG: list[tuple[str, Callable[[OwnFields], object]]] = [
    ("name", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, " \n ")),
    ("name", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "x" * 101)),
    ("name", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "vorhanden")),
    ("name", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "VÖRHANDEN".replace("Ö", "O"))),
    ("kind", lambda f: f.create(Entity.LEAD, "birthday", "Geburtstag")),  # type: ignore[arg-type]
    ("kind", lambda f: f.create(Entity.LEAD, "'; DROP TABLE field", "x")),  # type: ignore[arg-type]
    ("unit", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "x", unit="kg")),
    ("unit", lambda f: f.create(Entity.LEAD, OwnKind.NUMBER, "x", unit="k" * 21)),
    ("options", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "x", ["a"])),
    ("options", lambda f: f.create(Entity.LEAD, OwnKind.CHOICE, "x", ["a" * 201])),
    ("options", lambda f: f.create(Entity.LEAD, OwnKind.CHOICE, "x", [str(n) for n in range(501)])),
    ("notify", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "x", notify=True)),
    ("notify", lambda f: f.create(Entity.LEAD, OwnKind.NUMBER, "x", yearly=True)),
    ("notify_days", lambda f: f.create(Entity.LEAD, OwnKind.DAY, "x", notify=True, notify_days=-1)),
    ("notify_days", lambda f: f.create(Entity.LEAD, OwnKind.DAY, "x", notify_days=10**9)),
    ("help", lambda f: f.create(Entity.LEAD, OwnKind.TEXT, "x", help="x" * 1001)),
    ("notify_days", lambda f: f.set_birthday(True, -7)),
]


@pytest.mark.parametrize(("field", "verb"), _WRONG, ids=range(len(_WRONG)))
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    store: Store, fields: OwnFields, field: str, verb: Callable[[OwnFields], object]
) -> None:
    fields.create(Entity.LEAD, OwnKind.TEXT, "Vorhanden")
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        verb(fields)
    assert refused.value.field == field
    assert everything(store) == before


def test_an_option_is_added_to_a_choice_alone(fields: OwnFields) -> None:
    for field, name in ((fields.create(Entity.LEAD, OwnKind.TEXT, "Text"), "a"), (_choice(fields), "handel")):
        with pytest.raises(InvalidInput) as refused:
            fields.add_option(field, name)
        assert refused.value.field == "options"
    with pytest.raises(NotFound):
        fields.add_option(999, "a")


def test_there_is_an_end_of_fields(fields: OwnFields) -> None:
    for number in range(MOST_FIELDS):
        fields.create(Entity.LEAD, OwnKind.TEXT, f"Feld {number}")
    with pytest.raises(InvalidInput):
        fields.create(Entity.LEAD, OwnKind.TEXT, "eins zu viel")
    fields.create(Entity.PERSON, OwnKind.TEXT, "hier nicht")


_VERBS: dict[str, Callable[[OwnFields, int], object]] = {
    "create": lambda f, _id: f.create(Entity.PERSON, OwnKind.CHOICES, "Neu", ["a", "b"], in_list=True),
    "edit": lambda f, id_: f.edit(id_, name="Sparte", help="?", required=True, in_list=True),
    "reorder": lambda f, id_: f.reorder(Entity.LEAD, [*(x.id for x in f.of(Entity.LEAD) if x.id != id_), id_]),
    "delete": lambda f, id_: f.delete(id_),
    "add_option": lambda f, id_: f.add_option(id_, "Vierte"),
    "rename_option": lambda f, id_: f.rename_option(f.get(id_).options[0].id, "Anders"),
    "reorder_options": lambda f, id_: f.reorder_options(id_, [x.id for x in reversed(f.get(id_).options)]),
    "delete_option": lambda f, id_: f.delete_option(f.get(id_).options[1].id),
    "set_birthday": lambda f, _id: f.set_birthday(True, 3),
}


@pytest.mark.parametrize("name", _VERBS)
def test_each_verb_is_one_step_and_is_undone_and_redone(store: Store, fields: OwnFields, name: str) -> None:
    made = _choice(fields)
    fields.create(Entity.LEAD, OwnKind.DAY, "Termin")
    before, count = everything(store), steps(store)
    _VERBS[name](fields, made)
    after = everything(store)
    assert steps(store) == count + 1
    assert after != before
    assert store.undo() is not None
    assert everything(store) == before
    assert store.redo() is not None
    assert everything(store) == after


def test_birthdays_remind_as_they_are_set(fields: OwnFields) -> None:
    assert not fields.birthday().notify
    first = fields.set_birthday(True, 2)
    assert (fields.birthday().notify, fields.birthday().notify_days) == (True, 2)
    assert fields.set_birthday(False, 0) == first
    assert fields.all() == ()  # it is no field of its own


@pytest.mark.parametrize(
    "key", ["own.text", "own.birthday.1", "own.text.0", "own.text.x", "offer.own.text.1", "own.day.1 ", ""]
)
def test_what_is_no_key_of_an_own_field(key: str) -> None:
    assert parts_of(key) is None


@pytest.mark.parametrize("entity", Entity)
@pytest.mark.parametrize("kind", OwnKind)
def test_a_key_says_whose_field_it_is(entity: Entity, kind: OwnKind) -> None:
    assert parts_of(key_of(entity, kind, 12)) == (entity, kind, 12)
