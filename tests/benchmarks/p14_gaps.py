"""P14: the longest time in which the window's event loop did not turn, for what a person does."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from app.core.i18n import Text
from app.services.exporting.csv_file import export_csv
from app.services.importing.run import Importer
from app.ui.jobs import Job
from tests.benchmarks.imports import write_csv
from tests.benchmarks.measure import Result, Setting, bench, summary
from tests.benchmarks.window import Gaps, Shown, showing, turn

_SORTS = ("title", "volume", "next_step", "company", "weighted")
_TYPED = ("relaunch müller", "a", "25k")
_IMPORTED = 3_000


@bench("P14")
def gaps(setting: Setting) -> Iterable[Result]:
    """Start, sort, typing, export and import with the list in front."""
    bound = 100.0 if setting.rows == "1m" else 50.0
    rounds = max(3, setting.rounds // 5)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, setting.own_store(all_active=True) as store:
        rows, target = Path(name) / "rows.csv", Path(name) / "out.csv"
        write_csv(rows, _IMPORTED)
        for number in range(rounds):
            with Gaps() as start, showing(store) as shown:
                start.__exit__()
                found.setdefault("start", []).append(start.longest)
                tasks: dict[str, Callable[[Shown], None]] = {"sort": _sort, "typing": _type}
                if number == 0:
                    tasks["export"] = lambda shown: _job(shown, lambda: export_csv(store, target))
                    tasks["import"] = lambda shown: _job(shown, lambda: Importer(store).run(rows))
                for what, work in tasks.items():
                    with Gaps() as watched:
                        work(shown)
                        shown.settle()
                    found.setdefault(what, []).append(watched.longest)
    for what, longest in found.items():
        yield summary("P14", f"longest gap of the event loop: {what}", setting.rows, longest, at_most_p50=bound)


def _sort(shown: Shown) -> None:
    for key in _SORTS:
        shown.panel.ask(sort=key, descending=False)
        shown.settle()


def _type(shown: Shown) -> None:
    shown.panel.filter.setFocus()
    shown.settle()
    for text in _TYPED:
        for length in range(1, len(text) + 1):
            shown.panel.filter.setText(text[:length])
            turn()
        shown.settle()
    shown.panel.filter.clear()


def _job(shown: Shown, work: Callable[[], object]) -> None:
    shown.jobs.start(Job(Text("Working"), lambda _progress: work(), pool=True, owner=shown.window))
