"""P14: the longest time in which the window's event loop did not turn, for what a person does.

The start is one of the program in a process of its own. An import makes its backup first, as in the program.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from app.core.i18n import Text
from app.core.terms import Status
from app.models.opening import store_file
from app.models.store import Store
from app.services.backup import Backups, Reason
from app.services.exporting.csv_file import export_csv
from app.services.importing.run import Importer
from app.services.leads import Leads
from app.ui.closing.dialog import ClosingDialog
from app.ui.jobs import Job
from tests.benchmarks.generator import SIZES
from tests.benchmarks.imports import write_csv
from tests.benchmarks.measure import Result, Setting, as_installed, begin_as_one, bench, summary
from tests.benchmarks.window import Gaps, Shown, showing, turn

_SORTS = ("title", "volume", "next_step", "company", "weighted")
_TYPED = ("relaunch müller", "a", "25k")
#: Rows of the file that is imported, and leads that are changed at once.
_IMPORTED, _MANY = 20_000, 5_000
#: Watches from the first turn of the event loop until everything has been loaded that is loaded when idle.
_START = """
import os, sys
from app.__main__ import main
import app.ui.main_window as frame
from PySide6.QtCore import QTimer
from tests.benchmarks.window import Gaps
class Window(frame.MainWindow):
    def __init__(self, theme, memory):
        super().__init__(theme, memory)
        QTimer.singleShot(0, self.watch)
    def watch(self):
        self.gaps = Gaps()
        self.gaps.__enter__()
    def attach(self, context, tasks):
        super().attach(context, tasks)
        QTimer.singleShot(3000, self.tell)
    def tell(self):
        print(self.gaps.longest, flush=True)
        os._exit(0)
frame.MainWindow = Window
main(["--data", sys.argv[1]])
"""


@bench("P14")
def start(setting: Setting) -> Iterable[Result]:
    """From the window's first turn to three seconds after the list was there."""
    with tempfile.TemporaryDirectory(prefix="trichter-gaps-") as name:
        shutil.copyfile(store_file(setting.folder(all_active=True)), store_file(Path(name)))
        begin_as_one(Path(name))
        _start(name)  # compiles what was not yet
        longest = [_start(name) for _ in range(max(3, setting.rounds // 3))]
    yield summary("P14", "longest gap of the event loop: start", setting.rows, longest, at_most_p50=_bound(setting))


@bench("P14")
def gaps(setting: Setting) -> Iterable[Result]:
    """Sorting, typing, grouping, copying, changing many and taking that back, closing many, export and import, with the
    list in front.
    """
    found: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as name, setting.own_store(all_active=True) as store, showing(store) as shown,
    ):  # fmt: skip
        tasks = _tasks(store, Path(name), min(_IMPORTED, SIZES[setting.rows]))
        for number in range(max(3, setting.rounds // 5)):
            for what, work in tasks.items():
                if number and what in ("export", "import with its backup"):
                    continue
                shown.settle()
                with Gaps() as watched:
                    work(shown)
                    shown.settle()
                found.setdefault(what, []).append(watched.longest)
    for what, longest in found.items():
        name = f"longest gap of the event loop: {what}"
        yield summary("P14", name, setting.rows, longest, at_most_p50=_bound(setting))


def _bound(setting: Setting) -> float:
    return 100.0 if setting.rows == "1m" else 50.0


def _start(folder: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _START, folder], env=as_installed(), capture_output=True, text=True, check=False,
        timeout=120, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    if not done.stdout.strip():
        raise RuntimeError(done.stderr)
    return float(done.stdout.split()[-1])


def _tasks(store: Store, folder: Path, rows: int) -> dict[str, Callable[[Shown], None]]:
    source, target, backups = folder / "rows.csv", folder / "out.csv", Backups(store, folder / "backups")
    write_csv(source, rows)
    importer = Importer(store, lambda: backups.make(Reason.IMPORT))
    return {
        "sort": _sort,
        "typing": _type,
        "grouping": _group,
        "copying all": _copy_all,
        "closing many, the dialog": _closing,
        "many changed": _assign,
        "that undone": lambda shown: shown.window.actions_["undo"].trigger(),
        "export": lambda shown: _job(shown, lambda: export_csv(store, target)),
        "import with its backup": lambda shown: _job(shown, lambda: importer.run(source)),
    }


def _sort(shown: Shown) -> None:
    for key in _SORTS:
        shown.panel.ask(sort=key, descending=False)
        shown.settle()


def _group(shown: Shown) -> None:
    """In groups of two levels, folded and unfolded, and a plain list again."""
    for levels in (("stage",), ("responsible", "month"), ()):
        shown.panel.group(levels)
        shown.settle()
        for folded in (True, False):
            shown.panel.fold_all(folded)
            turn()


def _copy_all(shown: Shown) -> None:
    shown.window.actions_["select_all"].trigger()
    shown.window.actions_["copy"].trigger()
    shown.settle()
    shown.panel.view.clearSelection()


def _type(shown: Shown) -> None:
    shown.panel.filter.setFocus()
    shown.settle()
    for text in _TYPED:
        for length in range(1, len(text) + 1):
            shown.panel.filter.setText(text[:length])
            turn()
        shown.settle()
    shown.panel.filter.clear()


def _closing(shown: Shown) -> None:
    dialog = ClosingDialog(shown.context, shown.panel.model.ids[:_MANY], Status.WON, shown.window)
    dialog.show()
    shown.settle()
    for length in range(1, 8):
        dialog._day.setText("gestern"[:length])
        turn()
    shown.settle()
    dialog.reject()
    dialog.deleteLater()


def _assign(shown: Shown) -> None:
    ids, leads = shown.panel.model.ids[:_MANY], Leads(shown.context.office.store)
    work = lambda _progress: leads.assign(ids, 2 if shown.context.office.lists.rows(ids[:1])[0].user_id == 3 else 3)  # noqa: E731
    shown.jobs.write(Job(Text("Changing"), work, owner=shown.window), leads=len(ids))


def _job(shown: Shown, work: Callable[[], object]) -> None:
    shown.jobs.start(Job(Text("Working"), lambda _progress: work(), writes=True, owner=shown.window))
