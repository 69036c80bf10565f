"""Further verbs for random sequences: what is done with companies, people, cards, own fields and the trash."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from sqlalchemy import text

from app.core.money import Money
from app.core.roles import Role
from app.core.terms import CompanyKind, Entity, Size, Status
from app.services.bulk_edit import Verdict
from app.services.bulk_plan import Put
from app.services.bulk_records import CompanyBulk, PersonBulk, RecordBulk, RecordChange
from app.services.catalogue import Catalogue, Kind
from app.services.companies import Companies
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import plan_cards
from app.services.duplicates import Duplicates
from app.services.goals import Goals, GoalSpan
from app.services.leads import Leads
from app.services.merging import Merging
from app.services.notice_choice import NoticeChoices
from app.services.own_fields import OwnField, OwnFields
from app.services.own_kinds import CHOSEN, OwnKind
from app.services.own_values import OwnValue
from app.services.people import People
from app.services.rates import Rates
from app.services.reach import Point
from app.services.team import AbsenceKind, Team
from app.services.trash import KINDS, Item, Trash
from tests.services.cards.examples import generated

if TYPE_CHECKING:
    from tests.models.test_sequences import Player

_NAMED: tuple[Kind, ...] = ("source", "reason", "tag", "company", "person", "member")
_RECORDS: tuple[Literal["company", "person"], ...] = ("company", "person")


def _ids(player: Player, statement: str) -> list[int]:
    with player.store.read() as connection:
        return list(connection.execute(text(statement)).scalars())


def merge(player: Player) -> None:
    """As a person does it: of some fields another record's value is chosen."""
    kind = player.chance.choice(_RECORDS)
    known = _ids(player, f"SELECT id FROM {kind}")
    ids = player.chance.sample(known, min(len(known), player.chance.choice([2, 2, 3])))
    if len(ids) > 1:
        merging = Merging(player.store)
        fields = [field.key for field in merging.preview(kind, ids, ids[0]).fields if field.choosable]
        chosen = {key: player.chance.choice(ids) for key in fields if player.chance.random() < 0.4}
        shown = merging.preview(kind, ids, ids[0], chosen)
        done = merging.merge(kind, ids, ids[0], chosen)
        assert (done.fields, done.lists, done.names) == (shown.fields, shown.lists, shown.names)


def keep_apart(player: Player) -> None:
    kind = player.chance.choice(_RECORDS)
    Duplicates(player.store).keep_apart(kind, player.records(kind) + player.records(kind))


def import_contacts(player: Player) -> None:
    """Read in this process: a child for each would take the test's time. Some cards come a second time."""
    cards = generated(random.Random(player.chance.randrange(9)), 4)
    import_cards(player.store, plan_cards(player.store, player.chance.sample(cards, 2)))


def link(player: Player) -> None:
    """From the side of the companies or of the people."""
    verbs = either(player)
    others = player.records("person" if verbs.owner == "company" else "company")
    if (ids := player.records(verbs.owner)) and others:
        if player.chance.random() < 0.6:
            verbs.link(ids, others[0], player.chance.choice([None, player.word()]))
        else:
            verbs.unlink(ids, others[0])


def either(player: Player) -> Companies | People:
    """The verbs of companies or of people."""
    return Companies(player.store) if player.chance.random() < 0.5 else People(player.store)


def assign_records(player: Player) -> None:
    verbs = either(player)
    verbs.assign(player.records(verbs.owner), player.chance.choice([None, 1]))


def change_lists(player: Player) -> None:
    """Sources, reasons and tags, and the names of everybody."""
    names, chance = Catalogue(player.store), player.chance
    kind = chance.choice(_NAMED)
    known = [entry.id for entry in names.all(kind)]
    listed: Literal["source", "reason"] = chance.choice(["source", "reason"])
    order = [entry.id for entry in names.all(listed)]
    acts: list[Callable[[], object]] = [
        lambda: names.set_initials(1, chance.choice(["AK", "A", "ÄÖ"])),
        lambda: names.reorder(listed, chance.sample(order, len(order))),
        lambda: names.create(kind if kind != "member" else "tag", player.word()),
        lambda: names.create("reason", player.word(), outcome=chance.choice([Status.WON, Status.LOST])),
    ]  # fmt: skip
    if known:
        one = chance.choice(known)
        acts.append(lambda: names.rename(kind, one, f"{player.word()} {chance.randrange(3)}".strip()))
        if kind not in ("member", "company", "person"):
            acts.append(lambda: names.delete(kind, one))
    chance.choice(acts)()


def change_goal(player: Player) -> None:
    goals, chance = Goals(player.store), player.chance
    if known := goals.all():
        amount = Money(chance.randint(1, 9_000_000), player.store.facts.base_currency)
        span = chance.choice(list(GoalSpan))
        first = 2026 * 12 + chance.randrange(0, 24, span.months)
        goals.edit(chance.choice(known).id, span=span, valid_from=first, amount=chance.choice([None, amount]))


def change_rates(player: Player) -> None:
    rates = Rates(player.store)
    if player.chance.random() < 0.3:
        rates.set_base_currency(player.chance.choice(["EUR", "CHF"]))
    elif known := rates.all():
        rates.delete(player.chance.choice(known).id)


def restore_from_trash(player: Player) -> None:
    """Things of several kinds together, as they are marked in the list."""
    there = [
        Item(kind, number)
        for kind in KINDS
        for number in _ids(player, f"SELECT id FROM trashed_{'attachment' if kind == 'file' else kind}")
    ]
    Trash(player.store).restore(player.chance.sample(there, min(len(there), player.chance.choice([1, 2, 4]))))


def make_field(player: Player) -> None:
    kind = player.chance.choice(list(OwnKind))
    options = [player.word(), player.word()] if kind in CHOSEN else []
    OwnFields(player.store).create(player.chance.choice(list(Entity)), kind, player.word(), options)


def bring_field_back(player: Player) -> None:
    if gone := _ids(player, "SELECT id FROM field WHERE deleted_at IS NOT NULL"):
        OwnFields(player.store).restore(player.chance.choice(gone))


def change_field(player: Player) -> None:
    fields, chance = OwnFields(player.store), player.chance
    entity = chance.choice(list(Entity))
    if not (known := fields.of(entity)):
        return
    field, ids = chance.choice(known), [each.id for each in known]
    acts: list[Callable[[], object]] = [
        lambda: fields.edit(field.id, name=player.word(), help=player.word(), in_list=chance.random() < 0.5),
        lambda: fields.edit(field.id, required=chance.random() < 0.2),
        lambda: fields.reorder(entity, chance.sample(ids, len(ids))),
        lambda: fields.delete(field.id), lambda: fields.set_birthday(chance.random() < 0.5, chance.randint(0, 9)),
    ]  # fmt: skip
    if field.kind is OwnKind.DAY:
        acts.append(lambda: fields.edit(field.id, notify=chance.random() < 0.7, notify_days=3, yearly=True))
        acts.append(lambda: NoticeChoices(player.store).choose(1, field.id, chance.choice([None, True, False])))
    chance.choice(acts)()


def choose_notices(player: Player) -> None:
    notices, chance = NoticeChoices(player.store), player.chance
    birthdays = OwnFields(player.store).set_birthday(True, chance.randrange(9))
    acts: list[Callable[[], object]] = [
        lambda: notices.set_together(1, chance.random() < 0.5), lambda: notices.set_time(1, chance.randrange(24 * 60)),
        lambda: notices.choose(1, birthdays, chance.choice([None, True, False])),
    ]  # fmt: skip
    chance.choice(acts)()


def change_options(player: Player) -> None:
    """Of any field that offers something; of a new one where there is none."""
    fields, chance = OwnFields(player.store), player.chance
    known = [field for field in fields.all() if field.offered]
    if not known:
        fields.create(chance.choice([Entity.LEAD, Entity.PERSON]), OwnKind.CHOICES, player.word(), ["eins", "zwei"])
        return
    field = chance.choice(known)
    option, order = chance.choice(field.offered).id, [each.id for each in field.offered]
    acts: list[Callable[[], object]] = [
        lambda: fields.add_option(field.id, f"{player.word()} {chance.randrange(9)}"),
        lambda: fields.rename_option(option, player.word()), lambda: fields.delete_option(option),
        lambda: fields.reorder_options(field.id, chance.sample(order, len(order))),
    ]  # fmt: skip
    chance.choice(acts)()


def set_own_of_record(player: Player) -> None:
    verbs = either(player)
    known = OwnFields(player.store).of(Entity(verbs.owner))
    if ids := player.records(verbs.owner):
        verbs.edit(ids, own={field.id: own_value(player, field) for field in _some(player, known)})


def change_lists_of_record(player: Player) -> None:
    """As forms do it that were open while others wrote: what they saw of the lists is not what is there."""
    chance = player.chance
    verbs = either(player)
    if ids := player.records(verbs.owner):
        said = [Point("", f"0221 {chance.randrange(9)}") for _ in range(2)]
        verbs.edit_seen(ids[0], {"phones": said[:1], "tags": ()}, {"phones": said, "tags": [player.word()]})
    for lead in player.some()[:1]:
        Leads(player.store).edit_seen(lead, {"tags": (player.word(),)}, {"tags": [player.word()]})


def bulk_edit_records(player: Player) -> None:
    """As a person does it: those of some companies or people that can be changed."""
    chance, company = player.chance, player.chance.random() < 0.5
    bulk: RecordBulk = CompanyBulk(player.store) if company else PersonBulk(player.store)
    known = OwnFields(player.store).of(bulk.entity)
    change = RecordChange(
        user_id=chance.choice([None, Put(None), Put(1)]),
        add_tags=chance.choice([(), (player.word(),)]), remove_tags=chance.choice([(), (player.word(),)]),
        rhythm=chance.choice([None, Put(None), Put((30, 60)), Put((7, None))]),
        archived=chance.choice([None, Put(True), Put(False)]),
        kinds=chance.choice([None, Put((CompanyKind.SUPPLIER,))]) if company else None,
        industry=chance.choice([None, Put(player.word())]) if company else None,
        size=chance.choice([None, Put(Size.FEW), Put(None)]) if company else None,
        own={field.id: Put(own_value(player, field)) for field in _some(player, known)},
    )  # fmt: skip
    able = bulk.preview(player.records(bulk.verbs.owner), change).of(Verdict.CHANGED)
    assert bulk.apply([row.id for row in able], change) == len(able)


def _some(player: Player, fields: Sequence[OwnField]) -> list[OwnField]:
    return player.chance.sample(fields, min(len(fields), 2))


def own_value(player: Player, field: OwnField) -> OwnValue:
    """One that fits, or none."""
    chance, options = player.chance, [option.id for option in field.options]
    fitting: dict[OwnKind, OwnValue] = {
        OwnKind.FLAG: chance.random() < 0.5, OwnKind.NUMBER: Decimal(chance.randint(-999, 999)) / 8,
        OwnKind.AMOUNT: player.money(), OwnKind.DAY: player.day(), OwnKind.LINK: "www.example.com",
        OwnKind.MAIL: "a@example.com", OwnKind.PHONE: "+49 221 123", OwnKind.CHOICES: tuple(options[:2]),
        OwnKind.CHOICE: chance.choice(options) if options else None,
    }  # fmt: skip
    return None if chance.random() < 0.3 else fitting.get(field.kind, player.word())


def change_team(player: Player) -> None:
    """Others come, go, and get another role; what is known of them changes."""
    team, chance = Team(player.store), player.chance
    known = [each.id for each in team.people()]
    one, another = chance.choice(known), chance.choice([None, *known])
    others = [member for member in known if member not in (1, player.store.actor_id)]
    acts: list[Callable[[], object]] = [
        lambda: team.set_email(one, chance.choice(["", "a@agentur.example", "b@agentur.example"])),
        lambda: team.set_deputy(one, another),
        lambda: team.set_photo(one, chance.choice([None, b"GIF89a" + bytes([chance.randint(0, 3)])])),
    ]
    if len(known) < 4:
        acts.append(lambda: team.add(f"{player.word()} {chance.randrange(3)}", chance.choice(list(Role))))
    if others:
        acts += [
            lambda: team.set_role(chance.choice(others), chance.choice(list(Role))),
            lambda: Catalogue(player.store).delete("member", chance.choice(others)),
        ]
    chance.choice(acts)()


def change_hours(player: Player) -> None:
    """When somebody is away, and when he works."""
    team, chance = Team(player.store), player.chance
    known = [each.id for each in team.people()]
    one, deputy = chance.choice(known), chance.choice([None, None, *known])
    first, kind, half = player.day(), chance.choice(list(AbsenceKind)), chance.random() < 0.3
    last = first + timedelta(days=chance.randint(0, 9))
    away, weeks = _ids(player, "SELECT id FROM absence"), _ids(player, "SELECT id FROM working_week")
    minutes = [chance.choice([0, 240, 480]) for _ in range(7)]
    acts: list[Callable[[], object]] = [
        lambda: team.add_absence(one, first, last, kind, half, deputy), lambda: team.set_week(one, first, minutes)
    ]  # fmt: skip
    if away:
        acts += [
            lambda: team.change_absence(chance.choice(away), first, last, kind, half, deputy),
            lambda: team.remove_absence(chance.choice(away)),
        ]
    if weeks:
        acts.append(lambda: team.remove_week(chance.choice(weeks)))
    chance.choice(acts)()


DEEDS: tuple[Callable[[Player], None], ...] = (
    merge, merge, keep_apart, import_contacts, link, link, link, assign_records, change_lists, change_lists,
    change_goal, change_rates, restore_from_trash, restore_from_trash, make_field, make_field, bring_field_back,
    change_field, change_field, change_options, choose_notices, set_own_of_record, set_own_of_record,
    bulk_edit_records, bulk_edit_records, change_lists_of_record, change_team, change_team, change_hours, change_hours,
)  # fmt: skip
