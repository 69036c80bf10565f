"""Change sets and the feed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.core.changes import ChangeSet, Feed, RowChange
from app.core.i18n import Text

ROWS = (
    RowChange("lead", 1, "update", {"title": "a"}, {"title": "b"}),
    RowChange("lead", 2, "insert", {}, {"title": "c", "stage_id": 1}),
    RowChange("step", 7, "delete", {"text": "call"}, {}),
)
CHANGE = ChangeSet(1, Text("Test"), "do", "window", None, datetime(2026, 1, 1, tzinfo=UTC), ROWS)


def test_what_a_change_concerns() -> None:
    assert CHANGE.ids("lead") == {1, 2}
    assert CHANGE.ids("company") == frozenset()
    assert CHANGE.columns("lead") == {"title"}
    assert CHANGE.concerns("company", "step")
    assert not CHANGE.concerns("company")


def test_too_many_changes_to_list_concern_everyone() -> None:
    everything = ChangeSet(1, Text("Import"), "do", "import", None, CHANGE.at, everything=True)
    assert everything.concerns("company")


def test_everyone_hears_in_the_order_they_came() -> None:
    feed, heard = Feed(), []
    for name in ("first", "second"):
        feed.subscribe(lambda change, name=name: heard.append((name, change.id)))  # type: ignore[misc]
    feed.publish(CHANGE)
    assert heard == [("first", 1), ("second", 1)]


def test_one_that_fails_does_not_keep_the_others_from_hearing() -> None:
    feed, heard = Feed(), list[ChangeSet]()

    def fail(change: ChangeSet) -> None:
        raise LookupError("broken view")

    feed.subscribe(fail)
    feed.subscribe(heard.append)
    feed.subscribe(fail)
    with pytest.raises(ExceptionGroup) as group:
        feed.publish(CHANGE)
    assert heard == [CHANGE]
    assert [type(error) for error in group.value.exceptions] == [LookupError, LookupError]


def test_stopping_twice_stops_nobody_else() -> None:
    feed, heard = Feed(), list[ChangeSet]()
    stop = feed.subscribe(heard.append)
    feed.subscribe(heard.append)
    stop()
    stop()
    feed.publish(CHANGE)
    assert heard == [CHANGE]


def test_who_stopped_while_others_were_told_hears_nothing() -> None:
    feed, heard, stops = Feed(), list[ChangeSet](), list[Callable[[], None]]()
    feed.subscribe(lambda change: stops.pop()())
    stops.append(feed.subscribe(heard.append))
    feed.publish(CHANGE)
    assert heard == []


def test_who_comes_while_others_are_told_hears_the_next_one() -> None:
    feed, heard = Feed(), list[ChangeSet]()

    def invite(change: ChangeSet) -> None:
        feed.subscribe(heard.append)

    stop = feed.subscribe(invite)
    feed.publish(CHANGE)
    stop()
    assert heard == []
    feed.publish(CHANGE)
    assert heard == [CHANGE]


def test_what_others_make_does_not_come_back_but_what_they_change_may() -> None:
    assert CHANGE.brought_back() == {1}
    assert replace(CHANGE, kind="undo").brought_back() == {1, 2}
