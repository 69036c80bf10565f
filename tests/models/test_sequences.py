"""S18: random sequences of real verbs, undone and redone, with the whole database compared."""

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import NotAllowed, TrichterError
from app.core.money import Money
from app.core.place import Place
from app.core.terms import CLOSED, Budget, Category, CompanyKind, Entity, Status
from app.models.clash import UndoConflict
from app.models.store import Store
from app.services.bulk_edit import Verdict
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put, Scale, Shift
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.companies import Companies
from app.services.contents import remove_unused
from app.services.files import Files, Upload
from app.services.goals import Goals, GoalSpan
from app.services.lead_fields import Recommender
from app.services.leads import Ending, Leads, NextStep
from app.services.mail_files import Letter, MailFiles
from app.services.mails.parse import parse
from app.services.notes import NoteKind, Notes
from app.services.own_fields import OwnFields
from app.services.owners import Owner, OwnerKind
from app.services.people import People
from app.services.quick_add import QuickAdd
from app.services.rates import Rates
from app.services.reach import Point
from app.services.record_fields import RecordFields
from app.services.saved_views import SavedViews
from app.services.stages import Stages
from tests.models.deeds import DEEDS, either, own_value
from tests.models.edits import everything
from tests.services.mail_samples import mail
from tests.stores import TODAY, add_lead, add_member, add_rate, reopened


class Player:
    """Does random things to a store, each by one verb of a service."""

    def __init__(self, store: Store, clock: FixedClock, chance: random.Random) -> None:
        self.store = store
        self.clock = clock
        self.chance = chance

    def act(self, verb: "Callable[[Player], None] | None" = None) -> bool:
        """One verb, this or any; false when it was refused, as it sometimes must be."""
        self.clock.instant += timedelta(seconds=self.chance.choice([1, 10, 45, 4_000, 90_000]))
        act = verb or self.chance.choice(VERBS)
        try:
            act(self)
        except TrichterError:
            return False
        return True

    def some(self, condition: str = "1") -> list[int]:
        """One lead or a few that are in the store, by a condition in SQL."""
        with self.store.read() as connection:
            found = connection.execute(text(f"SELECT id FROM lead WHERE {condition}")).scalars().all()
        return self.chance.sample(list(found), min(len(found), self.chance.choice([1, 1, 1, 2, 5])))

    def trashed(self) -> list[int]:
        """Leads in the trash."""
        with self.store.read() as connection:
            return list(connection.execute(text("SELECT id FROM trashed_lead")).scalars())

    def records(self, table: str) -> list[int]:
        """One company or person or two, or of those in the trash."""
        with self.store.read() as connection:
            found = connection.execute(text(f"SELECT id FROM {table}")).scalars().all()
        return self.chance.sample(list(found), min(len(found), self.chance.choice([1, 1, 2])))

    def stage(self) -> int:
        """Any stage that is offered."""
        return self.chance.choice([stage.id for stage in Stages(self.store).all(retired=False)])

    def word(self) -> str:
        """A name that may come a second time."""
        return self.chance.choice(["Müller", "Groß & Söhne", "Straßenbau", "Ωmega", "x", "Agentur 7"])

    def day(self) -> date:
        """Some day around now."""
        return self.store.today() + timedelta(days=self.chance.randint(-40, 90))

    def money(self) -> Money:
        """Some amount."""
        return Money(self.chance.randint(0, 9_000_000), self.chance.choice(["EUR", "CHF", "USD"]))

    def period(self) -> tuple[int, int] | None:
        """Some months, or none."""
        first = 2026 * 12 + self.chance.randint(0, 24)
        return self.chance.choice([None, (first, first + self.chance.randint(0, 6))])


def create(player: Player) -> None:
    status = player.chance.choice([Status.POTENTIAL, Status.ACTIVE])
    Leads(player.store).create(
        status, title=player.word(), amount=player.money(), company=player.word(), tags=[player.word()],
        period=player.period(),
    )  # fmt: skip


def edit_text(player: Player) -> None:
    Leads(player.store).edit(player.some(), title=player.word() + str(player.chance.random()))


def edit_value(player: Player) -> None:
    Leads(player.store).edit(
        player.some(), amount=player.money(), probability=player.chance.choice([None, 0, 67, 200]),
        period=player.period(), budget=player.chance.choice(list(Budget)),
        category=player.chance.choice([None, *Category]),
    )  # fmt: skip


def edit_names(player: Player) -> None:
    Leads(player.store).edit(player.some(), company=player.word(), person=player.word(), source=player.word())


def activate(player: Player) -> None:
    Leads(player.store).activate(player.some("status = 'potential'"), player.chance.choice([None, player.stage()]))


def deactivate(player: Player) -> None:
    Leads(player.store).deactivate(player.some("status = 'active'"))


def move(player: Player) -> None:
    Leads(player.store).move(player.some("status = 'active'"), player.stage())


def set_checklist(player: Player) -> None:
    words = [player.word() for _ in range(player.chance.randint(0, 3))]
    Stages(player.store).edit(player.stage(), checklist=list(dict.fromkeys(words)))


def check_off(player: Player) -> None:
    with player.store.read() as connection:
        points = connection.execute(text("SELECT id FROM stage_check WHERE deleted_at IS NULL")).scalars().all()
    if points:
        Leads(player.store).check_off(player.some(), player.chance.choice(points), player.chance.random() < 0.7)


def set_next_step(player: Player) -> None:
    rule = player.chance.choice([None, None, "", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=SECONDLY"])
    Leads(player.store).set_next_step(player.some(), NextStep(player.day(), player.word(), 540, rule))


def finish_step(player: Player) -> None:
    then = player.chance.choice([None, NextStep(player.day())])
    series = player.chance.choice([True, True, False])
    Leads(player.store).finish_step(player.some("next_step_id IS NOT NULL"), then, series=series)


def finish_and_close(player: Player) -> None:
    ids = player.some("next_step_id IS NOT NULL AND status IN ('potential', 'active')")
    Leads(player.store).finish_step(ids, Ending(player.chance.choice(CLOSED), reason=player.word()))


def clear_step(player: Player) -> None:
    Leads(player.store).clear_next_step(player.some("next_step_id IS NOT NULL"))


def note(player: Player) -> None:
    Leads(player.store).note(player.some(), player.word())


def owner(player: Player) -> Owner:
    """Some lead, company or person that is there."""
    kinds: list[OwnerKind] = ["lead", "lead", "company", "person"]
    kind = player.chance.choice(kinds)
    with player.store.read() as connection:
        found = connection.execute(text(f"SELECT id FROM {kind}")).scalars().all()
    return Owner(kind, player.chance.choice([*found, 999]))


def some_ids(player: Player, table: str) -> list[int]:
    """A few notes or files that are there, or in the trash."""
    with player.store.read() as connection:
        found = connection.execute(text(f"SELECT id FROM {table}")).scalars().all()
    return player.chance.sample(list(found), min(len(found), player.chance.choice([1, 1, 2])))


def write_note(player: Player) -> None:
    owners = [owner(player) for _ in range(player.chance.choice([1, 1, 2]))]
    kinds: list[NoteKind] = ["note", "call", "meeting"]
    kind = player.chance.choice(kinds)
    people = [each.id for each in (owner(player), owner(player)) if each.kind == "person"]
    Notes(player.store).write(
        kind, owners, player.word(), markdown=player.chance.random() < 0.5, people=people,
        minutes=player.chance.choice([None, 5, -1]),
    )  # fmt: skip


def change_note(player: Player) -> None:
    notes, ids = Notes(player.store), some_ids(player, "note")
    gone = some_ids(player, "trashed_note")
    people = [each.id for each in (owner(player), owner(player)) if each.kind == "person"]
    acts: list[Callable[[], object]] = [
        lambda: notes.edit(ids[0], text=player.word(), minutes=5), lambda: notes.edit(ids[0], people=people),
        lambda: notes.pin(ids), lambda: notes.unpin(ids), lambda: notes.delete(ids), lambda: notes.restore(gone),
    ]  # fmt: skip
    if ids:
        player.chance.choice(acts)()


def attach(player: Player) -> None:
    uploads = [Upload(f"{player.word()}.pdf", player.word().encode()) for _ in range(player.chance.choice([1, 2]))]
    Files(player.store).attach(owner(player), uploads)


def change_file(player: Player) -> None:
    files, ids = Files(player.store), some_ids(player, "attachment")
    gone = some_ids(player, "trashed_attachment")
    acts: list[Callable[[], object]] = [
        lambda: files.rename(ids[0], player.word()), lambda: files.pin(ids), lambda: files.unpin(ids),
        lambda: files.delete(ids), lambda: files.restore(gone),
    ]  # fmt: skip
    if ids:
        player.chance.choice(acts)()


def put_mail(player: Player) -> None:
    """Read in this process: a child for each would take the test's time."""
    identity = f"{player.chance.randrange(6)}@example.com"
    data = mail(player.word(), identity=identity, attached=[(f"{player.word()}.txt", b"x")])
    owners = [owner(player) for _ in range(player.chance.choice([1, 2]))]
    MailFiles(player.store).place(Letter.of(data, parse(io.BytesIO(data))), owners)


def create_sender(player: Player) -> None:
    with player.store.read() as connection:
        mails = connection.execute(text("SELECT id FROM mail")).scalars().all()
    if mails:
        MailFiles(player.store).create_sender(player.chance.choice(mails))


def put_also(player: Player) -> None:
    with player.store.read() as connection:
        mails = connection.execute(text("SELECT id FROM mail")).scalars().all()
    if mails:
        MailFiles(player.store).put_also(player.chance.choice(mails), owner(player))


def plan_companies(player: Player) -> None:
    verbs, ids = Companies(player.store), player.records("company")
    day = date(2026, 12, player.chance.randrange(1, 28))
    then = player.chance.choice([None, NextStep(day, player.word(), None, player.chance.choice(["", "FREQ=WEEKLY"]))])
    act = player.chance.choice(["set", "set", "finish", "clear"])
    if act == "clear":
        verbs.clear_next_step(ids)
    elif act == "finish":
        verbs.finish_step(ids, then, series=player.chance.random() < 0.5)
    else:
        verbs.set_next_step(ids, then or NextStep(day))


def tidy_up(player: Player) -> None:
    """Removes what nothing can bring back, which must not be noticed."""
    remove_unused(player.store)


def close(player: Player) -> None:
    outcome = player.chance.choice(CLOSED)
    ids = player.some("status IN ('potential', 'active')")
    Leads(player.store).close(ids, outcome, reason=player.word(), remark=player.word())


def reopen(player: Player) -> None:
    Leads(player.store).reopen(player.some("status IN ('won', 'lost', 'dropped')"))


def duplicate(player: Player) -> None:
    Leads(player.store).duplicate(player.some()[:2])


def assign(player: Player) -> None:
    Leads(player.store).assign(player.some(), player.chance.choice([None, 1]))


def move_period(player: Player) -> None:
    first = player.chance.choice([None, 2026 * 12 + player.chance.randint(0, 24)])
    Leads(player.store).move_period(player.some(), first, seen=player.chance.choice([None, 2026 * 12 + 10]))


def tag(player: Player) -> None:
    Leads(player.store).tag(player.some(), add=[player.word()], remove=[player.word()])


def delete(player: Player) -> None:
    Leads(player.store).delete(player.some()[:1])


def restore(player: Player) -> None:
    Leads(player.store).restore(player.trashed()[:2])


def change_stage(player: Player) -> None:
    category = player.chance.choice(list(Category))
    Stages(player.store).edit(player.stage(), probability=player.chance.randint(0, 200), category=category)


def reorder_stages(player: Player) -> None:
    ids = [stage.id for stage in Stages(player.store).all()]
    Stages(player.store).reorder(player.chance.sample(ids, len(ids)))


def make_stage(player: Player) -> None:
    Stages(player.store).create(player.word(), player.chance.randint(0, 200))


def delete_stage(player: Player) -> None:
    Stages(player.store).delete(player.stage(), player.stage())


def set_rate(player: Player) -> None:
    Rates(player.store).set("CHF", player.store.today(), f"0.{player.chance.randint(80, 99)}")


def set_goal(player: Player) -> None:
    span = player.chance.choice(list(GoalSpan))
    amount = Money(player.chance.randint(0, 9_000_000), player.store.facts.base_currency)
    user = player.chance.choice([None, 1])
    Goals(player.store).set(span, 2026 * 12 + player.chance.randrange(0, 24, span.months), amount, user)


def remove_goal(player: Player) -> None:
    known = Goals(player.store).all()
    if known:
        Goals(player.store).remove(player.chance.choice(known).id)


def rename_company(player: Player) -> None:
    names = Catalogue(player.store)
    companies = names.all("company")
    if companies:
        names.rename("company", player.chance.choice(companies).id, f"Firma {player.chance.random()}")


def set_rhythm(player: Player) -> None:
    catalogue, chance = Catalogue(player.store), player.chance
    tags = catalogue.all("tag")
    if tags:
        target = chance.choice((None, 30, 90))
        latest = chance.choice((None, 2 * target)) if target else None
        catalogue.set_rhythm(chance.choice(tags).id, target, latest)


def save_view(player: Player) -> None:
    SavedViews(player.store).create(
        "leads", player.word(), {"text": player.word()}, shared=player.chance.random() < 0.5
    )


def change_view(player: Player) -> None:
    views = SavedViews(player.store)
    if not (known := views.all("leads")):
        return
    view, ids = player.chance.choice(known), [each.id for each in known]
    acts: list[Callable[[], object]] = [
        lambda: views.rename(view.id, player.word()), lambda: views.overwrite(view.id, {"text": player.word()}),
        lambda: views.share(view.id, shared=not view.shared), lambda: views.delete(view.id),
        lambda: views.reorder("leads", player.chance.sample(ids, len(ids))),
    ]  # fmt: skip
    player.chance.choice(acts)()


def bulk_edit(player: Player) -> None:
    """As a person does it: those of some leads that can be changed."""
    chance, bulk = player.chance, LeadBulk(player.store)
    change = BulkChange(
        stage_id=chance.choice([None, player.stage()]),
        probability=chance.choice([None, Put(None), Put(chance.randint(0, 200))]),
        source=chance.choice([None, Put(player.word()), Put(None)]),
        add_tags=chance.choice([(), (player.word(),)]),
        remove_tags=chance.choice([(), (player.word(),)]),
        amount=chance.choice([None, Put(player.money()), Scale(Decimal(chance.randint(-50, 50)))]),
        period=chance.choice([None, Put(player.period()), Shift(chance.randint(-5, 5))]),
        next_step=chance.choice([None, Put(NextStep(player.day(), "Anrufen")), Put(None), Shift(7)]),
        category=chance.choice([None, Put(None), Put(str(Category.OMITTED))]),
    )
    able = bulk.preview(player.some(), change).of(Verdict.CHANGED)
    assert bulk.apply([row.id for row in able], change) == len(able)


def quick_add(player: Player) -> None:
    quick = QuickAdd(player.store)
    words = ["25k", "60%", "+2w", "#neu", "@nobody", "/Angebot", "2k/Monat", player.word(), f"{player.word()} GmbH"]
    line = quick.understand(" ".join(player.chance.sample(words, 4)))
    quick.create(line, active=player.chance.random() < 0.5, insist=player.chance.random() < 0.5)


def _points(player: Player) -> list[Point]:
    numbers = ["0221 / 12 34 56", "+49 171 2345678", "Durchwahl 12", "0221 123456", "kein Anschluss"]
    return [Point(player.chance.choice(["", "main", "Büro"]), each) for each in player.chance.sample(numbers, 2)]


def make_record(player: Player) -> None:
    phones, tags = _points(player), [player.word()]
    if player.chance.random() < 0.5:
        Companies(player.store).create(
            name=player.word(), kinds=player.chance.sample(list(CompanyKind), 2), phones=phones, tags=tags,
            addresses=[Place(city=player.word())], people=[(player.word(), "Chefin"), (player.word(), "")],
        )  # fmt: skip
    else:
        People(player.store).create(
            given=player.word(), family=player.word(), phones=phones, tags=tags, companies=[(player.word(), "Rat")]
        )


def change_records(player: Player) -> None:
    chance = player.chance
    verbs = either(player)
    if not (ids := player.records(verbs.owner)):
        return
    common: RecordFields = {
        "phones": _points(player), "touch_target": chance.choice([None, 30]), "touch_latest": chance.choice([None, 45]),
        "user_id": chance.choice([None, 1]), "info": player.word(),
    }  # fmt: skip
    others = [(player.word(), player.word()) for _ in range(chance.randint(0, 2))]

    def own() -> None:
        if isinstance(verbs, Companies):
            verbs.edit(ids, name=player.word(), people=others, **common)
        else:
            verbs.edit(ids, family=player.word(), companies=others, **common)

    acts: list[Callable[[], object]] = [
        own, own, lambda: verbs.archive(ids), lambda: verbs.unarchive(ids), lambda: verbs.delete(ids[:1]),
        lambda: verbs.tag(ids, add=[player.word()], remove=[player.word()]),
        lambda: verbs.restore(player.records(f"trashed_{verbs.owner}")),
    ]  # fmt: skip
    chance.choice(acts)()


def change_photo(player: Player) -> None:
    people, ids = People(player.store), player.records("person")
    if ids and player.chance.random() < 0.7:
        people.set_photo(ids[:1], b"\xff\xd8\xff" + bytes([player.chance.randint(0, 3)]))
    elif ids:
        people.remove_photo(ids)


def set_people(player: Player) -> None:
    Leads(player.store).set_people(player.some(), [(player.word(), "Einkauf"), (player.word(), "")])


def recommend(player: Player) -> None:
    kind: Literal["company", "person"] = player.chance.choice(["company", "person"])
    by = player.chance.choice([None, Recommender(kind, player.word())])
    Leads(player.store).edit(player.some(), source=player.chance.choice([player.word(), None]), recommender=by)


def set_own(player: Player) -> None:
    """A value that fits, or sometimes nothing."""
    if not (known := OwnFields(player.store).of(Entity.LEAD)):
        return
    field = player.chance.choice(known)
    value = own_value(player, field)
    if player.chance.random() < 0.7:
        Leads(player.store).edit(player.some(), own={field.id: value})
    else:
        bulk, change = LeadBulk(player.store), BulkChange(own={field.id: Put(value)})
        bulk.apply([row.id for row in bulk.preview(player.some(), change).of(Verdict.CHANGED)], change)


VERBS: tuple[Callable[[Player], None], ...] = (
    create, create, edit_text, edit_text, edit_value, edit_names, activate, deactivate, move, move, set_checklist,
    check_off, set_next_step, finish_step, finish_and_close, clear_step, note, close, reopen, duplicate, assign,
    move_period, tag, delete, restore, change_stage, reorder_stages, make_stage, delete_stage, set_rate, set_goal,
    remove_goal, rename_company, set_rhythm, save_view, change_view, bulk_edit, bulk_edit, quick_add,
    make_record, change_records, change_records, change_photo, set_people, recommend,
    write_note, write_note,
    change_note, change_note, attach, change_file, put_mail, create_sender, put_also, plan_companies, tidy_up,
    set_own, set_own, set_own, *DEEDS,
)  # fmt: skip


@contextmanager
def _restarted(store: Store, folder: Path, clock: FixedClock) -> Iterator[Store]:
    store.close()
    again = reopened(folder, clock)
    try:
        yield again
    finally:
        again.close()


def _begin(store: Store) -> None:
    """Something to work with, that no undo reaches: it belongs to nobody's steps."""
    store.actor_id = None
    add_rate(store, "CHF", TODAY - timedelta(days=900), "0.95")
    for number in range(4):
        add_lead(store, f"Lead {number}", amount=1000 * number, currency="EUR")
    store.actor_id = 1


def _undo_all(store: Store) -> int:
    steps = 0
    while store.undo() is not None:
        steps += 1
    return steps


def _redo_all(store: Store) -> int:
    steps = 0
    while store.redo() is not None:
        steps += 1
    return steps


def _there_and_back(folder: Path, clock: FixedClock, chance: random.Random, actions: int) -> None:
    store = reopened(folder, clock)
    try:
        _begin(store)
        start = everything(store)
        player = Player(store, clock, chance)
        done = sum(player.act() for _ in range(actions))
        assert done > actions // 3, "most verbs were refused"
        end = everything(store)
        assert check(store).ok
        assert _undo_all(store) > done // 4
        assert everything(store) == start
        with _restarted(store, folder, clock) as again:
            assert everything(again) == start
            steps = _redo_all(again)
            assert everything(again) == end
        with _restarted(store, folder, clock) as again:
            assert _undo_all(again) == steps
            assert everything(again) == start
            assert check(again).ok
    finally:
        store.close()


def test_two_hundred_actions_there_and_back(folder: Path, clock: FixedClock) -> None:
    _there_and_back(folder, clock, random.Random(20261124), 200)


def test_others_each_time(folder: Path, clock: FixedClock) -> None:
    seed = random.SystemRandom().randrange(10**9)
    try:
        _there_and_back(folder, clock, random.Random(seed), 80)
    except AssertionError as error:
        raise AssertionError(f"with the seed {seed}") from error


def test_back_and_forth_in_between(store: Store, clock: FixedClock) -> None:
    """After every action some steps back and forth again: the state is always the same."""
    chance = random.Random(7)
    _begin(store)
    player = Player(store, clock, chance)
    for _ in range(30):
        player.act()
        here = everything(store)
        back = sum(store.undo() is not None for _ in range(chance.randint(0, 6)))
        for _ in range(back):
            store.redo()
        assert everything(store) == here


def _together(store: Store, clock: FixedClock, chance: random.Random, actions: int) -> int:
    """Three people work, undo and redo as they like; returns how many ways back were refused."""
    _begin(store)
    people = [1, add_member(store, "Ben Roth", "BR"), add_member(store, "Cem Öz", "CÖ")]
    player = Player(store, clock, chance)
    refused = 0
    for _ in range(actions):
        store.actor_id = chance.choice(people)
        ways: list[Callable[[], object]] = [player.act, player.act, player.act, store.undo, store.redo]
        way = chance.choice(ways)
        before = None if way == player.act else everything(store)
        try:
            way()
        except (UndoConflict, NotAllowed):  # some make others' rights less on their way
            refused += 1
            assert everything(store) == before
        assert check(store).problems == ()
    return refused


def test_whatever_several_people_undo_the_store_is_sound(store: Store, clock: FixedClock) -> None:
    assert _together(store, clock, random.Random(7), 100), "no way back was refused, so nothing was tried"


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100))
def test_many_people_together(store: Store, clock: FixedClock, seed: int) -> None:
    _together(store, clock, random.Random(seed), 300)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2000))
def test_many_sequences(folder: Path, clock: FixedClock, seed: int) -> None:
    _there_and_back(folder, clock, random.Random(seed), 100)
