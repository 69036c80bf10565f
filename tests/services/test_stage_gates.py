"""What a stage asks for before a lead may enter it, wherever it enters."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import InvalidInput, NotFound
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.history import History
from app.services.lead_detail import LeadDetails
from app.services.leads import Leads
from app.services.stage_gates import Gate
from app.services.stages import Stages
from app.services.trash import Trash
from tests.models.edits import later
from tests.services.importing.files import import_text, reasons
from tests.services.seen import everything, value
from tests.stores import add_lead

LIST = ["Briefing liegt vor", "Budget ist genannt"]


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@pytest.fixture
def stages(store: Store) -> Stages:
    """The stage *Angebot* (3) has a checklist."""
    stages = Stages(store)
    stages.edit(3, checklist=LIST)
    return stages


def gate(store: Store, lead: int) -> Gate:
    """What the next stage asks of a lead."""
    found = LeadDetails(store).get(lead).gate
    assert found is not None
    return found


def points(store: Store, lead: int) -> list[int]:
    """The ids of the points before the next stage."""
    return [point.id for point in gate(store, lead).points]


def _activate(leads: Leads, lead: int) -> None:
    leads.deactivate([lead])
    leads.activate([lead], 3)


ENTRIES: dict[str, Callable[[Leads, int], None]] = {
    "move": lambda leads, lead: leads.move([lead], 3),
    "edit": lambda leads, lead: leads.edit([lead], stage_id=3),
    "activate": _activate,
}


@pytest.mark.parametrize("way", ENTRIES)
def test_a_lead_enters_when_every_point_was_seen_to(store: Store, leads: Leads, stages: Stages, way: str) -> None:
    stages.edit(3, required=["volume"])
    lead = add_lead(store, stage="Vorstellung", amount=0)
    first, second = points(store, lead)
    with pytest.raises(InvalidInput) as error:
        ENTRIES[way](leads, lead)
    assert str(error.value).endswith("Missing: Volume, Briefing liegt vor, Budget ist genannt.")
    leads.check_off([lead], first)
    leads.edit([lead], amount=Money(100, "EUR"))
    if value(store, "SELECT status FROM lead") == Status.POTENTIAL:
        leads.activate([lead], 2)
    with pytest.raises(InvalidInput, match="Missing: Budget ist genannt"):
        ENTRIES[way](leads, lead)
    leads.check_off([lead], second)
    if value(store, "SELECT status FROM lead") == Status.POTENTIAL:
        leads.activate([lead], 2)
    assert gate(store, lead).open
    ENTRIES[way](leads, lead)
    assert value(store, "SELECT stage_id FROM lead") == 3


def test_nobody_begins_behind_a_gate(store: Store, leads: Leads, stages: Stages) -> None:
    before = everything(store)
    with pytest.raises(InvalidInput, match="Briefing"):
        leads.create(Status.ACTIVE, title="Neu", stage_id=3)
    assert everything(store) == before
    leads.create(Status.ACTIVE, title="Neu", stage_id=2)


def test_ticking_is_a_step_to_undo_and_told_by_the_history(store: Store, leads: Leads, stages: Stages) -> None:
    lead = add_lead(store, stage="Vorstellung")
    before = everything(store)
    (first, _) = points(store, lead)
    leads.check_off([lead], first)
    leads.check_off([lead], first)  # once is enough
    assert [point.done for point in gate(store, lead).points] == [True, False]
    assert "Checked: Briefing liegt vor" in [str(event.words) for event in LeadDetails(store).get(lead).events]
    History(store).undo()
    assert everything(store) == before
    leads.check_off([lead], first)
    leads.check_off([lead], first, False)
    assert not gate(store, lead).points[0].done
    with pytest.raises(NotFound):
        leads.check_off([lead], 99)


def test_a_point_keeps_its_ticks_when_it_is_worded_anew(store: Store, leads: Leads, stages: Stages) -> None:
    lead = add_lead(store, stage="Vorstellung")
    first, second = points(store, lead)
    leads.check_off([lead], first)
    stages.edit(3, checklist=["Briefing ist da", "Budget ist genannt", "  ", "Termin steht"])
    assert [(point.text, point.done) for point in gate(store, lead).points] == [
        ("Briefing ist da", True), ("Budget ist genannt", False), ("Termin steht", False),
    ]  # fmt: skip
    stages.edit(3, checklist=["Budget ist genannt", "Briefing ist da"])  # in another order
    assert points(store, lead) == [second, first]
    assert gate(store, lead).points[1].done
    stages.edit(3, checklist=["Budget ist genannt"])
    assert stages.all()[2].checklist == ("Budget ist genannt",)
    with pytest.raises(NotFound):
        leads.check_off([lead], first)
    History(store).undo()
    assert gate(store, lead).points[1].done


@pytest.mark.parametrize(
    "lines", [["x" * 301], [f"Punkt {n}" for n in range(31)], ["Gleich", " gleich "]], ids=["long", "many", "twice"]
)
def test_a_checklist_stays_within_measure(store: Store, stages: Stages, lines: list[str]) -> None:
    before = everything(store)
    with pytest.raises(InvalidInput) as error:
        stages.edit(3, checklist=lines)
    assert error.value.field == "checklist"
    assert everything(store) == before


def test_the_gate_before_the_next_stage(store: Store, leads: Leads, stages: Stages) -> None:
    lead = add_lead(store, stage="Erstkontakt")
    assert LeadDetails(store).get(lead).gate is None  # Vorstellung asks for nothing
    stages.edit(2, required=["next_step", "source"])
    assert gate(store, lead).missing == ("next_step", "source")
    assert not gate(store, lead).open
    stages.edit(2, retired=True)  # then Angebot comes next
    assert [point.text for point in gate(store, lead).points] == LIST
    leads.close([lead], Status.LOST)
    assert LeadDetails(store).get(lead).gate is None


def test_rows_of_a_file_meet_the_same_gate(store: Store, leads: Leads, stages: Stages, tmp_path: Path) -> None:
    lead = leads.create(Status.ACTIVE, title="Alt", external_number="7", stage_id=2)
    content = "Name;Status;Akquise-Stufe;Externe Nummer\nNeu;Aktiv;Angebot;8\nAlt;Aktiv;Angebot;7\n"
    words = "“Angebot” asks for: Briefing liegt vor, Budget ist genannt."
    result = import_text(store, tmp_path, content)
    assert reasons(result) == [(2, "Akquise-Stufe", words), (3, "Akquise-Stufe", words)]
    for point in points(store, lead):
        leads.check_off([lead], point)
    result = import_text(store, tmp_path, content)
    assert reasons(result) == [(2, "Akquise-Stufe", words)]
    assert value(store, "SELECT stage_id FROM lead") == 3


def test_ticks_go_with_a_lead_that_is_gone_for_good(store: Store, leads: Leads, stages: Stages) -> None:
    lead = add_lead(store, stage="Vorstellung")
    leads.check_off([lead], points(store, lead)[0])
    leads.delete([lead])
    later(store.clock, 32 * 86_400)  # type: ignore[arg-type]
    assert Trash(store).purge() == 1
    assert value(store, "SELECT count(*) FROM main.lead_check") == 0
