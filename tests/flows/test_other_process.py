"""Another process writes into the same store: the window shows it by itself, and nothing typed is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.services.leads import Leads
from app.ui.detail.window import LeadWindow
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.stores import reopened

_ONE_SECOND = 1000


def _other(desk: Desk) -> Store:
    """A second store over the same file, as another process has it."""
    return reopened(Path(desk.store.path).parent)


def test_the_command_line_beside_the_window_is_seen_within_a_second(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "neu.csv"
    file.write_text("Name;Status;Volumen\nVom Terminal;Aktiv;900000\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "app", "--data", str(Path(desk.store.path).parent), "import", str(file)],
        capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[2], env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    qtbot.waitUntil(lambda: desk.titles()[:1] == ["Vom Terminal"] or len(desk.titles()) == 6, timeout=_ONE_SECOND)
    assert desk.badges("leads").count == "6"


def test_a_change_from_elsewhere_keeps_selection_and_an_open_editor(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    film = leads["Film Molkerei"]
    desk.choose(film)
    editor = desk.edit("External number")
    desk.type("A-1")
    other = _other(desk)
    Leads(other).edit([film], title="Film, umbenannt")
    Leads(other).delete([leads["Webshop Müller"]])
    other.close()
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 4, timeout=_ONE_SECOND)
    assert desk.detail.title == "Film, umbenannt"
    assert desk.panel.selected_ids() == [film]
    assert isinstance(editor, QLineEdit)
    assert editor.isVisible()
    assert editor.text() == "A-1"
    desk.key(Qt.Key.Key_Return)
    row = desk.lead(film)
    assert (row.title, row.external_number) == ("Film, umbenannt", "A-1")


def test_editing_a_lead_deleted_elsewhere_is_refused_in_a_sentence(desk: Desk, leads: dict[str, int]) -> None:
    film = leads["Film Molkerei"]
    desk.choose(film)
    editor = desk.edit("Volume")
    desk.type("5k")
    other = _other(desk)
    Leads(other).delete([film])
    other.close()
    desk.key(Qt.Key.Key_Return)
    assert isinstance(editor, QLineEdit)
    assert editor.isVisible()
    assert editor.accessibleDescription()


@pytest.mark.parametrize(
    "command", ["open", "edit", "tags", "next_step", "finish_step", "move", "assign", "won", "duplicate"]
)
def test_nothing_is_asked_about_a_lead_deleted_elsewhere(desk: Desk, leads: dict[str, int], command: str) -> None:
    desk.choose(leads["Film Molkerei"])
    windows = QApplication.topLevelWidgets()
    other = _other(desk)
    Leads(other).delete([leads["Film Molkerei"]])
    other.close()
    desk.command(command)
    assert desk.said().startswith("A lead has been deleted in the meantime.")
    new = [each for each in QApplication.topLevelWidgets() if each not in windows]
    assert not [each for each in new if isinstance(each, QMenu | LeadWindow)]


def test_a_list_narrowed_by_text_follows_a_change_from_elsewhere(
    opening: Open, leads: dict[str, int], qtbot: QtBot
) -> None:
    desk = opening(threads=True)
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 5)
    desk.command("filter")
    desk.type("molk")
    qtbot.waitUntil(lambda: desk.titles() == ["Film Molkerei"])
    other = _other(desk)
    Leads(other).edit([leads["Hosting Bräu"]], title="Hosting Molke")
    other.close()
    qtbot.waitUntil(lambda: desk.titles() == ["Film Molkerei", "Hosting Molke"], timeout=_ONE_SECOND)
