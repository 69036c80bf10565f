"""P6: the board of active leads. Until it is painted; from a drop until it is saved and repainted; what it takes up.

The limit is a durable write: 4 KiB and a wait until the disk has them.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.models.store import Store
from app.services.board import Grouping
from tests.benchmarks.measure import Result, Setting, Work, bench, beside, interleaved, summary, without_garbage
from tests.benchmarks.window import Shown, showing, turn, wait_until

_MOST_STATEMENTS = 8


@bench("P6")
def painting(setting: Setting) -> Iterable[Result]:
    """From the switch until the first cards are painted, the board made anew each time; and how many statements."""
    with setting.store() as store, showing(store) as shown, _durable_write() as write:
        switch = shown.window.go_to("leads").board_switch
        before = _megabytes()
        _paint(shown)
        shown.settle()
        yield summary("P6", "memory of the board, MB", setting.rows, [_megabytes() - before], at_most_p50=10.0)
        for grouping in Grouping:
            switch.group_by(grouping)
            shown.settle()
            with _counted(store) as statements:
                _paint(shown)
            if len(statements) > _MOST_STATEMENTS:
                raise AssertionError(statements)
            times = interleaved({"ours": partial(_paint, shown), "limit": write}, setting.rounds,
                                {"ours": partial(_leave, shown)})  # fmt: skip
            result = summary("P6", f"first paint, by {grouping}", setting.rows, times["ours"], at_most_p50=100.0)
            yield beside(result, times["ours"], times["limit"])


@bench("P6")
def dropping(setting: Setting) -> Iterable[Result]:
    """A card let go over another column, until that is saved and painted; once with everything in one column."""
    with setting.own_store() as store, showing(store) as shown, _durable_write() as write:
        board = _paint(shown)
        shown.settle()
        for what, prepare in (("drop saved and repainted", _as_it_is), ("the same, all in one column", _into_one)):
            prepare(store, shown)
            lead = next(column for column in board.row.columns if column.view.column.ids).view.column.ids[0]
            targets = cycle(board.row.columns[:3])
            work = partial(_drop, board, targets, lead)
            with without_garbage():
                times = interleaved({"ours": work, "limit": write}, setting.rounds * 3, {"ours": shown.settle})
            result = summary("P6", what, setting.rows, times["ours"], at_most_p50=25.0)
            yield beside(result, times["ours"], times["limit"])


def _paint(shown: Shown) -> Any:
    """Show the board and wait until its cards are painted."""
    switch = shown.window.go_to("leads").board_switch
    switch.turn(True)
    board = switch.board
    wait_until(lambda: not board.reading)
    shown.window.repaint()
    return board


def _leave(shown: Shown) -> None:
    """Back to the list; the next board begins with nothing."""
    switch = shown.window.go_to("leads").board_switch
    board, grouping = switch.board, switch.board.grouping
    switch.turn(False)
    switch._kept = {"grouping": str(grouping)}
    switch._board = None
    board.deleteLater()
    shown.settle()


def _drop(board: Any, targets: Iterator[Any], lead: int) -> None:
    target = next(column for column in targets if column.view.column.row_of(lead) is None)
    board.moving.drop(target, [lead])
    turn()  # what changed is painted with the next turn of the event loop


def _as_it_is(_store: Store, _shown: Shown) -> None:
    return


def _into_one(store: Store, shown: Shown) -> None:
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET stage_id = 1 WHERE status = 'active'")
    shown.window.current_tab().refresh()
    shown.settle()


@contextmanager
def _durable_write() -> Iterator[Work]:
    with tempfile.TemporaryFile(dir=os.environ.get("TMPDIR")) as file:

        def write() -> None:
            file.seek(0)
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())

        yield write


@contextmanager
def _counted(store: Store) -> Iterator[list[str]]:
    """The statements of readers meanwhile."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    event.listen(store._reading, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(store._reading, "before_cursor_execute", hear)


def _megabytes() -> float:
    """What this process has to itself."""
    resident, shared = Path("/proc/self/statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / 2**20
