"""A stage that asks for something: the panel says what, the way there is shut until it is there."""

from PySide6.QtWidgets import QAbstractButton, QCheckBox

from tests.flows.desk import Desk


def _asks(desk: Desk, stage_id: int) -> None:
    desk.context.office.stages.edit(stage_id, required=["source"], checklist=["Briefing & Budget"])


def test_the_checklist_before_the_next_stage(desk: Desk, leads: dict[str, int]) -> None:
    lead = leads["Film Molkerei"]
    stages = [stage.id for stage in desk.context.office.stages.all()]
    coming = stages[stages.index(desk.lead(lead).stage_id or 0) + 1]
    name = next(stage.name for stage in desk.context.office.stages.all() if stage.id == coming)
    desk.choose(lead)
    box = desk.detail._gate
    assert not box.isVisible()
    _asks(desk, coming)
    assert box.isVisible()
    desk.context.office.leads.edit([lead], source=None)
    desk.press(name, desk.detail._stages)
    assert desk.lead(lead).stage_id != coming
    assert desk.said().endswith("Missing: Source, Briefing & Budget.")
    desk.context.office.leads.edit([lead], source="Messe")
    point = desk.find(QCheckBox, "Briefing & Budget", box)
    point.click()
    assert desk.context.details.get(lead).gate is not None
    assert desk.find(QCheckBox, "Briefing & Budget", box).isChecked()
    desk.press(name, desk.detail._stages)
    assert desk.lead(lead).stage_id == coming
    desk.command("undo")
    desk.command("undo")
    assert not desk.find(QCheckBox, "Briefing & Budget", box).isChecked()
    assert isinstance(point, QAbstractButton)


def test_a_bulk_move_names_what_is_missing_and_leaves_all(desk: Desk, leads: dict[str, int]) -> None:
    stages = desk.context.office.stages.all()
    _asks(desk, stages[3].id)
    before = {lead: desk.lead(lead).stage_id for lead in leads.values()}
    active = [lead for lead, stage in before.items() if stage is not None and stage != stages[3].id]
    desk.panel.view.select_ids(active)
    desk.tasks._leads._verb(lambda ids: desk.context.office.leads.move(ids, stages[3].id))
    assert "Briefing & Budget" in desk.said()
    assert {lead: desk.lead(lead).stage_id for lead in leads.values()} == before
