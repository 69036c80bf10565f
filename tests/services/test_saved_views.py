"""Saved views: kept, shared, put in order; what is damaged or gone in them does no harm."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.i18n import Text
from app.core.terms import CLOSED, Status
from app.models.schema import SavedView
from app.models.store import Store
from app.services import record_filter
from app.services.filter_fields import Op
from app.services.filter_names import Gone
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.record_filter import Condition
from app.services.saved_views import SavedViews, ViewInfo
from app.services.stages import Stages
from tests.models.edits import everything
from tests.stores import add_lead, add_member, reopened

STATE: dict[str, Any] = {
    "columns": [["title", 0, True]], "sort": ["title", False], "text": "web",
    "filter": record_filter.plain(Condition("responsible", Op.IS, (1,))), "group": ["stage"],
}  # fmt: skip


def _names(views: SavedViews, list_: str | None = "leads") -> list[str]:
    return [view.name for view in views.all(list_)]


def _ids(store: Store, view: ViewInfo) -> list[int]:
    """The leads that a view asks for."""
    query, _gone = SavedViews(store).query(view)
    assert isinstance(query, ListQuery)
    return list(LeadList(store).ids(query))


def test_a_view_keeps_all_that_a_list_says_of_itself(store: Store, folder: Any, clock: FixedClock) -> None:
    view_id = SavedViews(store).create("leads", "  Meine\tLeads ", STATE)

    again = reopened(folder, clock)
    try:
        assert SavedViews(again).all() == (ViewInfo(view_id, "leads", "Meine Leads", False, STATE),)
    finally:
        again.close()


def test_own_views_are_for_oneself_and_shared_ones_for_all(store: Store) -> None:
    views = SavedViews(store)
    mine = views.create("leads", "Meine", STATE)
    views.create("leads", "Alle", STATE, shared=True)
    store.actor_id = add_member(store, "Berta", "B")

    assert _names(views) == ["Alle"]
    assert views.get(mine) is None
    with pytest.raises(NotFound):
        views.rename(mine, "Ihre")
    with pytest.raises(NotFound):
        views.delete(mine)
    views.create("leads", "Meine", STATE)  # a name is taken only where one sees it
    assert _names(views) == ["Alle", "Meine"]


def test_another_persons_view_is_not_changed_whatever_was_seen(store: Store) -> None:
    views = SavedViews(store)
    mine = views.create("leads", "Meine", STATE)
    store.actor_id = add_member(store, "Berta", "B")
    with pytest.raises(NotAllowed), store.write(Text("x")) as session:
        views._row(session, mine)


def test_nobody_has_no_view_for_himself(store: Store) -> None:
    store.actor_id = None
    views = SavedViews(store)
    with pytest.raises(InvalidInput) as refused:
        views.create("leads", "Meine", STATE)
    assert refused.value.field == "shared"
    assert views.get(views.create("leads", "Alle", STATE, shared=True)) is not None


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Meine", "MEINE", " meine "])
def test_names_that_are_refused(store: Store, name: str) -> None:
    views = SavedViews(store)
    views.create("leads", "Meine", STATE)
    other = views.create("leads", "Andere", STATE)
    for act in (lambda: views.create("leads", name, STATE), lambda: views.rename(other, name)):
        with pytest.raises(InvalidInput) as refused:
            act()
        assert refused.value.field == "name"
    views.create("closed", "Meine", STATE)


def test_what_is_refused_besides(store: Store) -> None:
    views = SavedViews(store)
    with pytest.raises(InvalidInput):
        views.create("lead; --", "x", STATE)
    with pytest.raises(InvalidInput):
        views.create("leads", "x", {"text": "x" * 60_000})
    with pytest.raises(InvalidInput):
        views.reorder("leads", [1])
    acts: list[Callable[[], object]] = [
        lambda: views.rename(9, "x"), lambda: views.overwrite(9, STATE), lambda: views.delete(9),
        lambda: views.share(9, shared=True),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_every_verb_is_one_step_and_undone(store: Store) -> None:
    views = SavedViews(store)
    one = views.create("leads", "Eins", STATE)
    two = views.create("leads", "Zwei", {"text": "x"})
    three = views.create("leads", "Drei", {}, shared=True)
    acts: list[Callable[[], object]] = [
        lambda: views.rename(one, "Neu"), lambda: views.overwrite(one, {"text": "y"}),
        lambda: views.share(one, shared=True), lambda: views.share(three, shared=False),
        lambda: views.delete(two), lambda: views.reorder("leads", [three, one, two]),
    ]  # fmt: skip
    for act in acts:
        before = everything(store)
        act()
        after = everything(store)
        assert after != before
        store.undo()
        assert everything(store) == before
        store.redo()
        assert everything(store) == after
        store.undo()
    for _ in range(3):
        store.undo()
    assert views.all() == ()


def test_ordering_leaves_the_views_of_others_where_they_are(store: Store) -> None:
    views = SavedViews(store)
    ids = {name: views.create("leads", name, {}, shared=name != "b") for name in "abc"}
    store.actor_id = add_member(store, "Berta", "B")
    views.reorder("leads", [ids["c"], ids["a"]])
    assert _names(views) == ["c", "a"]
    store.actor_id = 1
    assert _names(views) == ["c", "b", "a"]


def test_what_a_view_asks_for(store: Store) -> None:
    views = SavedViews(store)
    tree = Condition("responsible", Op.IS, (1,))
    view = views.get(views.create("leads", "Meine", STATE))
    assert view is not None

    assert views.query(view) == (
        ListQuery((Status.ACTIVE,), text="web", filter=tree, sort="title", descending=False), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    "definition",
    [{}, {"sort": None, "text": None, "filter": None}, {"sort": ["lead.id; --", True], "text": 7}, {"sort": [1, 2]}],
)
def test_a_view_that_says_little_is_the_list_as_it_is(store: Store, definition: dict[str, Any]) -> None:
    views = SavedViews(store)
    view = views.get(views.create("closed", "x", definition))
    assert view is not None
    assert views.query(view) == (ListQuery(CLOSED, sort="closed"), ())


@pytest.mark.parametrize("written", ["", "{", "[]", "7", "null", "[" * 100_000])
def test_a_damaged_view_says_so(store: Store, written: str) -> None:
    views = SavedViews(store)
    view_id = views.create("leads", "x", STATE)
    with store.write(Text("x")) as session:
        session.get_one(SavedView, view_id).definition = written

    view = views.get(view_id)
    assert view is not None
    assert (view.damaged, view.definition) == (True, {})
    assert views.query(view)[0] == ListQuery((Status.ACTIVE,))


def test_a_view_of_no_list_is_refused_in_words(store: Store) -> None:
    views = SavedViews(store)
    view_id = views.create("leads", "x", STATE)
    with store.write(Text("x")) as session:
        session.get_one(SavedView, view_id).list = "calendar"
    with pytest.raises(InvalidInput, match="calendar"):
        views.query(views.named("x"))


def test_half_a_character_does_no_harm_to_a_view(store: Store) -> None:
    lead = add_lead(store, "Website")
    tree = record_filter.plain(Condition("title", Op.CONTAINS, ("web\ud83d",)))
    views = SavedViews(store)
    views.create("leads", "x", {"text": "site\udc00", "filter": tree})
    assert _ids(store, views.named("x")) == [lead]
    asked = ListQuery(text="site\udc00", filter=Condition("title", Op.CONTAINS, ("web\ud83d",)))
    assert list(LeadList(store).ids(asked)) == [lead]


def test_a_damaged_filter_is_refused_as_a_whole(store: Store) -> None:
    views = SavedViews(store)
    view = views.get(views.create("leads", "x", {"filter": {"all": [STATE["filter"], {"field": "x"}]}}))
    assert view is not None
    with pytest.raises(InvalidInput):
        views.query(view)


def test_what_was_deleted_is_told_and_left_out(store: Store) -> None:
    views = SavedViews(store)
    tree = Condition("stage", Op.IS, (2, 3))
    view = views.get(views.create("leads", "x", {"filter": record_filter.plain(tree)}))
    Stages(store).delete(3)
    assert view is not None

    query, gone = views.query(view)
    assert query.filter == Condition("stage", Op.IS, (2,))
    assert gone == (Gone("stage", "Angebot"),)


def test_a_shared_view_shows_no_lead_that_one_does_not_see(store: Store) -> None:
    """What is in the trash is hidden from everybody: no view brings it back."""
    views = SavedViews(store)
    lead = add_lead(store, "Website", user_id=1)
    view = views.get(views.create("leads", "x", STATE, shared=True))
    assert view is not None
    assert _ids(store, view) == [lead]
    Leads(store).delete([lead])
    assert _ids(store, view) == []


def test_named(store: Store) -> None:
    views = SavedViews(store)
    one = views.create("leads", "Große", {})
    views.create("leads", "Beide", {})
    views.create("closed", "Beide", {})

    assert views.named("GROSSE").id == one
    assert views.named("beide", "closed").list == "closed"
    with pytest.raises(NotFound):
        views.named("x")
    with pytest.raises(InvalidInput):
        views.named("beide")


def test_a_deleted_view_is_seen_no_more(store: Store) -> None:
    views = SavedViews(store)
    views.delete(views.create("leads", "x", {}))
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM saved_view")).scalar() == 0
