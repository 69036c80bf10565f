"""Any step of the history taken back: it works where nothing was changed since, and says what was where it was."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import Conflict
from app.core.money import Money
from app.core.roles import Role
from app.core.terms import Entity, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.companies import Companies
from app.services.history_log import LogQuery, LogRow
from app.services.history_steps import StepRefused, Steps
from app.services.lead_fields import NextStep
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.reach import Point
from app.services.saved_views import SavedViews
from app.services.stages import Stages
from app.services.team import AbsenceKind, Team
from tests.models.edits import Dump, as_member, edit, everything, later, rows, value
from tests.models.test_sequences import Player, _begin
from tests.services.importing.files import import_text
from tests.stores import TODAY, add_company, add_lead, add_member, add_rate, add_step, add_tag, reopened

pytestmark = pytest.mark.usefixtures("spoken")


@pytest.fixture
def steps(store: Store) -> Steps:
    """Those of the test's store."""
    return Steps(store)


def log(steps: Steps, **asked: Any) -> list[LogRow]:
    """The rows of the history, newest first."""
    return steps.log.rows(steps.log.ids(LogQuery(**asked)))


def words(steps: Steps, row: LogRow) -> list[str]:
    """What a row changed."""
    return [f"{line.subject}: {line.words}" for line in steps.detail(row).lines]


# --- the list ------------------------------------------------------------------------------------------------------


def test_everything_is_listed_the_newest_first(store: Store, steps: Steps, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    later(clock)
    edit(store, lead, title="B")
    as_member(store, add_member(store, "Ben Roth", "BR"), lambda: edit(store, lead, info="x"))
    later(clock)
    edit(store, lead, remark="y", label="Remark")
    store.undo()
    rows = log(steps)
    assert [(row.kind, str(row.label)) for row in rows] == [
        ("undo", "Remark"), ("do", "Remark"), ("do", "Lead changed"), ("do", "Member added"), ("do", "Lead changed"),
        ("do", "Lead A created"), ("do", "Store made"),
    ]  # fmt: skip
    assert [row.actor for row in rows] == ["Anna Kern", "Anna Kern", "Ben Roth", *["Anna Kern"] * 3, ""]
    assert [row.over for row in rows] == [False, True, False, False, False, False, False]
    assert (rows[2].leads, rows[2].lead_id, rows[2].title, rows[2].origin) == (1, lead, "B", "test")
    assert rows[3].leads == 0
    assert steps.log.first_ids(LogQuery(), 2).tolist() == [rows[0].id, rows[1].id]  # type: ignore[attr-defined]


def test_edits_of_one_field_stand_in_one_row(store: Store, steps: Steps, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    for title in "BCD":
        later(clock, 10)
        edit(store, lead, title=title)
    later(clock, 60)
    edit(store, lead, title="E")
    edit(store, lead, info="x")
    rows = log(steps, lead_id=lead)
    assert [len(row.steps) for row in rows] == [1, 1, 3, 1]
    assert words(steps, rows[2]) == ["E: Title A → D"]
    steps.take_back(rows[1])
    later(clock)
    steps.take_back(rows[2])
    assert (value(store, "title"), value(store, "info")) == ("A", "x")
    undone = log(steps, sort="undo")
    assert [len(row.steps) for row in undone] == [3, 1]
    assert words(steps, undone[0]) == ["A: Title D → A"]
    steps.take_back(undone[0])
    assert value(store, "title") == "D"
    assert len(log(steps, sort="redo")[0].steps) == 3
    steps.take_back(log(steps, sort="redo")[0])
    assert value(store, "title") == "A"


def test_filters(store: Store, steps: Steps, clock: FixedClock) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    lead, other = add_lead(store, "Webshop Müller"), add_lead(store, "Film")
    clock.instant += timedelta(days=3)
    as_member(store, ben, lambda: Leads(store).note([other], "Anruf"))
    Leads(store).note([other], "Kurz")
    store.undo()
    today = store.today()
    assert [row.actor for row in log(steps, user_id=ben)] == ["Ben Roth"]
    assert [row.kind for row in log(steps, first=today)] == ["undo", "do", "do"]
    assert [str(row.label) for row in log(steps, last=TODAY, text="created")] == [
        "Lead Film created", "Lead Webshop Müller created"
    ]  # fmt: skip
    assert [row.lead_id for row in log(steps, text="mueller")] == [lead]
    assert [row.lead_id for row in log(steps, text="MÜLLER created")] == [lead]
    assert [row.kind for row in log(steps, sort="undo")] == ["undo"]
    assert log(steps, sort="import") == []
    assert {row.lead_id for row in log(steps, lead_id=other)} == {other}
    for typed in ("'); DROP TABLE lead; --", "%", "_", '"', "\\", "☃", "a" * 5000):
        assert log(steps, text=typed) == [] or typed in "%_"


def test_a_deleted_lead_keeps_its_title(store: Store, steps: Steps) -> None:
    lead = add_lead(store, "Gone")
    Leads(store).delete([lead])
    assert log(steps)[0].title == "Gone"
    assert words(steps, log(steps)[0]) == ["Gone: Deleted"]


def test_the_number_of_statements_does_not_depend_on_the_rows(store: Store, steps: Steps) -> None:
    leads = [add_lead(store, f"Lead {number}") for number in range(30)]
    Leads(store).edit(leads, amount=Money(1, "EUR"))
    row = log(steps)[0]
    assert (row.leads, row.lead_id, row.title) == (30, None, "")
    assert len(steps.detail(row).lines) == 30


# --- what a step changed --------------------------------------------------------------------------------------------


def test_changes_of_all_kinds_in_words(store: Store, steps: Steps) -> None:
    lead = add_lead(store, "A", amount=100)
    Leads(store).edit([lead], amount=Money(20_000, "CHF"), company="Neu GmbH")
    assert words(steps, log(steps)[0]) == [
        "A: Volume €100 → CHF\xa0200", "A: Company: Neu GmbH", ": Company “Neu GmbH” added"
    ]  # fmt: skip
    Stages(store).edit(1, probability=100, name="Kontakt")
    assert words(steps, log(steps)[0]) == [": Stage “Kontakt”: Name Erstkontakt → Kontakt",
                                           ": Stage “Kontakt”: Probability 1% → 50%"]  # fmt: skip
    add_rate(store, "CHF", TODAY, "0.95")
    assert words(steps, log(steps)[0]) == [": Exchange rate “CHF” added"]
    Leads(store).note([lead], "Zeile eins")
    assert words(steps, log(steps)[0]) == ["A: Note “Zeile eins” added"]
    views = SavedViews(store)
    views.share(views.create("leads", "Meine", {}), shared=True)
    assert words(steps, log(steps)[0]) == [": Saved view “Meine”: For whom changed"]
    add_step(store, lead, TODAY, "Anrufen")
    add_tag(store, lead, "Web")
    add_company(store, "Bräu")
    for row in log(steps):
        steps.detail(row)


def test_what_became_of_somebody_in_the_team_is_told(store: Store, steps: Steps, clock: FixedClock) -> None:
    team = Team(store)
    ben = team.add("Ben Roth")

    def told(act: Callable[[], object]) -> list[str]:
        later(clock)
        act()
        return words(steps, log(steps)[0])

    assert told(lambda: team.set_role(ben, Role.LIMITED)) == [": Member “Ben Roth”: Team role Full access → Limited"]
    assert told(lambda: team.set_deputy(1, ben)) == [": Member “Anna Kern”: Deputy: Ben Roth"]
    Catalogue(store).rename("member", ben, "Ben Weiß")
    later(clock)
    assert told(lambda: team.set_deputy(1, None)) == [": Member “Anna Kern”: Deputy removed (was Ben Weiß)"]
    assert words(steps, log(steps)[2]) == [": Member “Anna Kern”: Deputy: Ben Roth"], "as the name was then"
    assert told(lambda: team.set_email(ben, "b@agentur.example")) == [": Member “Ben Weiß”: E-mail: b@agentur.example"]
    assert told(lambda: team.set_photo(ben, b"GIF89a")) == [": Member “Ben Weiß”: Photo changed"]
    assert told(lambda: team.set_password(ben, "geheim und lang")) == [": Member “Ben Weiß”: Photo changed"]


def test_absences_and_hours_are_told_by_whose_they_are(store: Store, steps: Steps, clock: FixedClock) -> None:
    team = Team(store)
    ben, day = team.add("Ben Roth"), timedelta(days=1)
    away = team.add_absence(ben, TODAY, TODAY, AbsenceKind.HOLIDAY)
    assert words(steps, log(steps)[0]) == [": Absence “Ben Roth” added"]
    later(clock)
    team.change_absence(away, TODAY + day, TODAY + 2 * day, AbsenceKind.SICK, half=True, deputy_id=1)
    assert words(steps, log(steps)[0]) == [
        ": Absence “Ben Roth”: First day 24 Nov 2026 → 25 Nov 2026",
        ": Absence “Ben Roth”: Last day 24 Nov 2026 → 26 Nov 2026", ": Absence “Ben Roth”: Reason Holiday → Ill",
        ": Absence “Ben Roth”: Half days changed", ": Absence “Ben Roth”: Deputy: Anna Kern",
    ]  # fmt: skip
    team.remove_absence(away)
    assert words(steps, log(steps)[0]) == [": Absence “Ben Roth” removed"]
    team.set_week(ben, TODAY, [480] * 5 + [0, 0])
    later(clock)
    team.set_week(ben, TODAY, [480] * 4 + [450, 0, 0])
    assert words(steps, log(steps)[0]) == [": Working hours “Ben Roth”: Friday 8:00 → 7:30"]


def test_of_several_companies_it_is_told_whose_step_and_whose_value_it_was(store: Store, steps: Steps) -> None:
    companies = Companies(store)
    ids = [companies.create(name="Adler"), companies.create(name="Biber")]
    field = OwnFields(store).create(Entity.COMPANY, OwnKind.TEXT, "Kürzel")
    companies.set_next_step(ids, NextStep(TODAY, "Anrufen"))
    assert words(steps, log(steps)[0]) == [f"{name}: Next step 24 Nov 2026: Anrufen" for name in ("Adler", "Biber")]
    companies.finish_step(ids)
    assert words(steps, log(steps)[0]) == [f"{name}: Step “Anrufen” finished" for name in ("Adler", "Biber")]
    companies.edit(ids, own={field: "x"})
    assert words(steps, log(steps)[0]) == [f"{name}: Kürzel: x" for name in ("Adler", "Biber")]
    companies.delete(ids[1:])
    assert words(steps, log(steps)[1]) == [f"{name}: Kürzel: x" for name in ("Adler", "Biber")], "in the trash, too"


def test_a_company_is_told_field_by_field(store: Store, steps: Steps) -> None:
    company = Companies(store).create(name="Kranich", industry="Bau", phones=[Point("main", "0221 1")])
    Companies(store).edit([company], industry="Handel", phones=[Point("main", "0221 2")], tags=["Messe"])
    assert sorted(words(steps, log(steps)[0])) == [
        ": Company “Kranich”: Industry Bau → Handel", ": Tag “Messe” added", "Kranich: Tag “Messe” added",
        "Kranich: Telephone 0221 1 → 0221 2",
    ]  # fmt: skip
    store.undo()
    assert ": Company “Kranich”: Industry Handel → Bau" in words(steps, log(steps)[0])
    Companies(store).delete([company])
    assert words(steps, log(steps)[0]) == [": Company “Kranich” deleted"]


def test_a_new_lead_is_told_with_what_it_began_with(store: Store, steps: Steps) -> None:
    Leads(store).create(Status.ACTIVE, title="Neu", amount=Money(25_000_00, "EUR"), company="Bräu", probability=50)
    made = words(steps, log(steps)[0])
    assert made == [
        "Neu: Lead created", "Neu: Stage: Erstkontakt", "Neu: Volume: €25,000", "Neu: Company: Bräu",
        "Neu: Responsible: Anna Kern", "Neu: Probability: 25%", ": Company “Bräu” added",
    ]  # fmt: skip
    store.undo()
    assert words(steps, log(steps)[0]) == [": Company “Bräu” removed", ": Lead “Neu” removed"]


def test_an_amount_is_told_in_the_currency_it_had(store: Store, steps: Steps, clock: FixedClock) -> None:
    lead = add_lead(store, "A", amount=100)
    edit(store, lead, amount_minor=30_000)
    later(clock)
    edit(store, lead, currency="CHF")
    later(clock)
    edit(store, lead, amount_minor=50_000)
    assert [words(steps, row) for row in log(steps)[:3]] == [
        ["A: Volume CHF\xa0300 → CHF\xa0500"], ["A: Volume €300 → CHF\xa0300"], ["A: Volume €100 → €300"],
    ]  # fmt: skip


def test_an_amount_is_told_in_the_currency_it_had_before_an_import(store: Store, steps: Steps, tmp_path: Path) -> None:
    lead = add_lead(store, "A", amount=100, external_number="A-7")
    edit(store, lead, amount_minor=30_000)
    import_text(store, tmp_path, "Nummer;Name;Volumen\nA-7;A;500 USD\n")
    assert words(steps, log(steps)[1]) == ["A: Volume €100 → €300"]
    store.undo()
    assert words(steps, log(steps)[2]) == ["A: Volume €100 → €300"]


def test_a_large_step_tells_its_beginning(store: Store, steps: Steps) -> None:
    leads = [add_lead(store, f"Lead {number}") for number in range(310)]
    Leads(store).edit(leads, external_number="7")
    detail = steps.detail(log(steps)[0])
    assert (len(detail.lines), detail.more) == (300, 10)


# --- taking back ----------------------------------------------------------------------------------------------------


def test_an_older_step_without_a_later_change(store: Store, steps: Steps, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, title="B", label="Renamed")
    later(clock)
    edit(store, lead, info="x")
    row = log(steps)[1]
    assert steps.detail(row).why is None
    steps.take_back(row)
    assert (value(store, "title"), value(store, "info")) == ("A", "x")
    assert str(steps.detail(log(steps)[2]).why) == "This was undone already."
    with pytest.raises(Conflict, match="undone already"):
        steps.take_back(row)
    back = log(steps)[0]
    assert (back.kind, steps.detail(back).way, steps.detail(back).why) == ("undo", "redo", None)
    steps.take_back(back)
    assert value(store, "title") == "B"
    with pytest.raises(Conflict):
        steps.take_back(back)


def test_an_older_step_with_a_later_change_stays(store: Store, steps: Steps, clock: FixedClock) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A", amount=100)
    Leads(store).edit([lead], amount=Money(20_000, "EUR"))
    row = log(steps)[0]
    later(clock)
    as_member(store, ben, lambda: Leads(store).edit([lead], amount=Money(30_000, "EUR")))
    then = clock.now()
    before = everything(store)
    detail = steps.detail(row)
    assert str(detail.why).startswith("Something was changed since")
    with pytest.raises(StepRefused) as refused:
        steps.take_back(row)
    assert everything(store) == before
    assert detail.refused is not None
    assert (str(detail.refused), detail.refused.obstacles) == (str(refused.value), refused.value.obstacles)
    [obstacle] = refused.value.obstacles
    assert (obstacle.subject, str(obstacle.field), obstacle.actor, obstacle.at) == ("A", "Volume", "Ben Roth", then)
    assert ("200" in str(obstacle.then), "300" in str(obstacle.now)) == (True, True)
    as_member(store, ben, store.undo)  # once that is undone the way is free
    assert steps.detail(row).why is None
    steps.take_back(row)
    assert value(store, "amount_minor") == 10_000


@pytest.mark.parametrize("before", ["EUR", "CHF"])
def test_both_amounts_that_clash_are_told_in_their_own_currency(store: Store, steps: Steps, before: str) -> None:
    lead = add_lead(store, "A", amount=100, currency=before)
    Leads(store).edit([lead], amount=Money(20_000, "EUR"))
    row = log(steps)[0]
    Leads(store).edit([lead], amount=Money(30_000, "CHF"))
    with pytest.raises(StepRefused) as refused:
        steps.take_back(row)
    shown = {str(each.field): (str(each.then), str(each.now)) for each in refused.value.obstacles}
    assert shown["Volume"] == ("€200", "CHF\xa0300")
    assert shown.get("Currency") == (None if before == "EUR" else ("EUR", "CHF"))


def test_a_bulk_step_of_which_a_part_was_changed_since(store: Store, steps: Steps, clock: FixedClock) -> None:
    leads = [add_lead(store, f"Lead {number}") for number in range(6)]
    Leads(store).assign(leads, None)
    Leads(store).edit(leads, probability=50)
    row = log(steps)[0]
    later(clock)
    for lead in leads[:2]:
        Leads(store).edit([lead], probability=60)
    with pytest.raises(StepRefused) as refused:
        steps.take_back(row)
    assert [(o.subject, str(o.then), str(o.now)) for o in refused.value.obstacles] == [
        ("Lead 0", "25%", "30%"), ("Lead 1", "25%", "30%"),
    ]  # fmt: skip
    assert refused.value.count == 2
    assert value(store, "probability", leads[5]) == 50


def test_the_step_of_somebody_else(store: Store, steps: Steps, clock: FixedClock) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    as_member(store, ben, lambda: edit(store, lead, title="B"))
    change = steps.take_back(log(steps)[0])
    assert (change.kind, change.actor_id) == ("undo", 1)
    assert value(store, "title") == "A"
    assert log(steps)[0].actor == "Anna Kern"
    store.redo()  # the one who took it back can bring it again
    assert value(store, "title") == "B"


def test_after_a_restart(store: Store, folder: Path, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, title="B")
    later(clock)
    edit(store, lead, info="x")
    store.close()
    again = reopened(folder, clock)
    try:
        steps = Steps(again)
        steps.take_back(log(steps)[1])
        assert value(again, "title") == "A"
        assert check(again).ok
    finally:
        again.close()


def test_what_a_lead_was_made_by_cannot_go_while_others_work_on_it(store: Store, steps: Steps) -> None:
    lead = add_lead(store, "A")
    made = log(steps)[0]
    step = add_step(store, lead, TODAY)
    with pytest.raises(StepRefused):
        steps.take_back(made)
    steps.take_back(log(steps)[0])
    with store.read() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM step WHERE id = {step}")).scalar() == 0
    steps.take_back(made)
    assert value(store, "count(*)", lead) == 0


def test_a_lead_in_the_trash(store: Store, steps: Steps) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, title="B")
    renamed = log(steps)[0]
    Leads(store).delete([lead])
    steps.take_back(renamed)
    Leads(store).restore([lead])
    assert value(store, "title") == "A"
    deleted = log(steps)[2]
    with pytest.raises(StepRefused) as refused:
        steps.take_back(deleted)
    assert (str(refused.value.obstacles[0].then), str(refused.value.obstacles[0].now)) == ("in the trash", "there")


def test_beyond_the_horizon_nothing_is_undone(store: Store, steps: Steps) -> None:
    add_lead(store, "A")
    store.close_undo_horizon()
    row = log(steps)[0]
    assert str(steps.detail(row).why) == "This lies too far back to be undone."
    with pytest.raises(Conflict):
        steps.take_back(row)


def test_a_stage_renamed_since(store: Store, steps: Steps, clock: FixedClock) -> None:
    Stages(store).edit(1, name="Eins")
    row = log(steps)[0]
    later(clock)
    Stages(store).edit(1, name="Zwei")
    with pytest.raises(StepRefused) as refused:
        steps.take_back(row)
    [obstacle] = refused.value.obstacles
    assert (str(obstacle.field), str(obstacle.then), str(obstacle.now)) == ("Stage: Name", "Eins", "Zwei")
    assert obstacle.actor == "Anna Kern"


#: Where nobody uses what a step made of these on the way, it goes with the step, although it had stayed before.
_ENTRIES = ("company", "person", "company_person", "source", "reason", "tag")


def _same(now: Dump, before: Dump) -> bool:
    others = [table for table in before if table not in _ENTRIES]
    return all(now[table] == before[table] for table in others) and all(
        set(now[table]) <= set(before[table]) for table in _ENTRIES
    )


def _at_random(store: Store, clock: FixedClock, chance: random.Random, actions: int) -> tuple[int, int]:
    """Three people work and take any steps of anybody back; returns how many of these held and were refused."""
    _begin(store)
    add_member(store, "Ben Roth", "BR")
    add_member(store, "Cem Öz", "CÖ")
    player, steps, held, refused = Player(store, clock, chance), Steps(store), 0, 0
    for _ in range(actions):
        # one who was taken back, and brings himself again, could not be taken back any more
        store.actor_id = chance.choice([row[0] for row in rows(store, "SELECT id FROM member ORDER BY id")])
        ways: list[Callable[[], object]] = [player.act, player.act, store.undo, store.redo]
        try:
            chance.choice(ways)()
        except Conflict:
            continue
        row = chance.choice(log(steps)[:25])
        clock.instant += timedelta(microseconds=1)  # what is taken back at the same instant stands in one row
        detail, before = steps.detail(row), everything(store)
        try:
            change = steps.take_back(row)
        except Conflict:
            refused += 1
            assert everything(store) == before
            continue
        held += 1
        assert detail.why is None, "what was said to be impossible was done"
        again = next(each for each in log(steps) if change.id in each.steps)
        steps.take_back(again)
        assert _same(everything(store), before), "taken back and brought again is not as it was"
        assert check(store).problems == ()
    return held, refused


def test_any_steps_at_random(store: Store, clock: FixedClock) -> None:
    held, refused = _at_random(store, clock, random.Random(5), 80)
    assert held > 10
    assert refused > 10


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(200))
def test_any_steps_many_times(store: Store, clock: FixedClock, seed: int) -> None:
    _at_random(store, clock, random.Random(seed), 150)
