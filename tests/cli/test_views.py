"""`list --view`: a saved view brings its filter and order to the command line."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.models.opening import open_store
from app.models.store import Store
from app.services import record_filter
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.services.saved_views import SavedViews
from app.services.stages import Stages
from tests.cli.conftest import TODAY, Trichter


def _in_store(data: Path, act: Callable[[Store], Any]) -> Any:
    with closing(open_store(data, origin="test")) as store:
        store.actor_id = 1
        return act(store)


def _titles(said: Any) -> list[str]:
    return [lead["title"] for lead in said.json["leads"]]


OFFERS = {"filter": record_filter.plain(Condition("stage", Op.IS, (3,))), "sort": ["title", False]}


def _save(data: Path, name: str, definition: dict[str, Any], list_: str = "leads", *, shared: bool = True) -> int:
    made: int = _in_store(data, lambda store: SavedViews(store).create(list_, name, definition, shared=shared))
    return made


@pytest.fixture
def offers(filled: Trichter, data: Path) -> int:
    """The id of the stage *Angebot*, of which a view is made."""
    stages = _in_store(data, lambda store: Stages(store).all())
    stage = next(stage.id for stage in stages if stage.name == "Angebot")
    found = {**OFFERS, "filter": record_filter.plain(Condition("stage", Op.IS, (stage,)))}
    _save(data, "Große Angebote", found)
    return int(stage)


def test_a_view_brings_filter_and_order(filled: Trichter, offers: int) -> None:
    said = filled("--today", TODAY, "list", "--view", "grosse angebote", "--json")
    assert list(said.json) == ["count", "volume", "weighted", "without_rate", "leads"]
    assert (said.json["count"], _titles(said)) == (2, ["A", "C"])
    assert said.err == ""


def test_further_options_narrow_further(filled: Trichter, offers: int) -> None:
    assert _titles(filled("list", "--view", "Große Angebote", "--text", "müller", "--json")) == ["A"]
    assert _titles(filled("list", "--view", "Große Angebote", "--stage", "Verhandlungen", "--json")) == []
    assert filled("list", "--view", "Große Angebote", "--limit", "1", "--json").json["count"] == 2


def test_a_view_is_shown_as_a_table_too(filled: Trichter, offers: int) -> None:
    said = filled("list", "--view", "Große Angebote")
    assert said.code == 0
    assert said.out.index(" A ") < said.out.index(" C ")


def test_a_view_of_another_list(filled: Trichter, data: Path) -> None:
    _save(data, "Alles", {}, "closed")
    assert sorted(_titles(filled("list", "--view", "Alles", "--json"))) == ["L", "W"]
    _save(data, "Alles", {}, "leads")
    assert filled("list", "--view", "Alles").is_refusal
    assert _titles(filled("list", "--view", "Alles", "--status", "won", "--json")) == ["W"]
    assert len(_titles(filled("list", "--view", "Alles", "--status", "active", "--json"))) == 3


def test_views_that_are_not_there_or_not_ones_own(filled: Trichter, data: Path) -> None:
    assert "no view “Nix”" in filled("list", "--view", "Nix").err
    _save(data, "Meine", {}, shared=False)
    assert filled("--user", "Ben Roth", "list", "--view", "Meine").is_refusal


def test_what_is_gone_is_told_beside_the_answer(filled: Trichter, data: Path, offers: int) -> None:
    _in_store(data, lambda store: Stages(store).delete(offers, offers - 1))
    said = filled("list", "--view", "Große Angebote", "--json")
    assert said.code == 0
    assert said.json["count"] == 3
    assert "“Angebot” was deleted" in said.err


def test_a_filter_that_is_not_understood_is_refused(filled: Trichter, data: Path) -> None:
    _save(data, "Kaputt", {"filter": {"field": "lead.id; --"}})
    said = filled("list", "--view", "Kaputt")
    assert said.is_refusal
    assert "not understood" in said.err
