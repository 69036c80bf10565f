"""The edges of the window: errors, questions, changes from other threads, and the table of commands."""

import logging
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.core.changes import ChangeSet, Feed
from app.core.errors import Cancelled, Conflict, InvalidInput, StorageError, TrichterError
from app.core.i18n import N_, Text
from app.ui.actions import SEPARATOR, Actions, ActionSpec
from app.ui.bridge import FeedBridge, Watch
from app.ui.dialogs import QtDialogs
from app.ui.guard import Guard
from app.ui.theme import Theme
from tests.ui.scripted import ScriptedDialogs


class Seen:
    """What the guard showed."""

    def __init__(self) -> None:
        self.said: list[TrichterError] = []
        self.reported: list[str] = []
        self.guard = Guard(self.said.append, self.reported.append)


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_what_can_be_understood_becomes_a_sentence(seen: Seen) -> None:
    error = InvalidInput(Text("The end lies before the start."))
    assert not seen.guard.do(lambda: _raise(error))
    assert (seen.said, seen.reported) == ([error], [])


def test_what_holds_says_nothing(seen: Seen) -> None:
    assert seen.guard.do(lambda: None)
    assert (seen.said, seen.reported) == ([], [])


def test_stopping_is_no_error(seen: Seen) -> None:
    seen.guard.handle(Cancelled(Text("Stopped.")))
    assert (seen.said, seen.reported) == ([], [])


def test_a_mistake_of_ours_is_reported_without_data(seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    seen.guard.handle(ValueError("Metzgerei Eckhof owes 48.000 €"))
    assert len(seen.reported) == 1
    assert "ValueError" in seen.reported[0]
    assert "Eckhof" not in seen.reported[0]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()


def test_each_of_several_errors_is_handled(seen: Seen) -> None:
    errors = [Conflict(Text("One")), InvalidInput(Text("Two"))]
    seen.guard.handle(ExceptionGroup("both", errors))
    assert seen.said == errors


def test_an_error_while_reporting_does_not_go_on_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    guard: Guard

    def report(text: str) -> None:
        guard.handle(RuntimeError("again"))

    guard = Guard(lambda error: None, report)
    guard.handle(RuntimeError("first"))
    assert len(caplog.records) == 2
    caplog.clear()


def test_what_a_slot_raises_arrives_when_the_slot_is_over(
    seen: Seen, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    seen.guard.install()
    error = Conflict(Text("Changed elsewhere."))
    sys.excepthook(Conflict, error, None)
    assert seen.said == []  # it may come out of a paint event, where no dialog may open
    qtbot.waitUntil(lambda: seen.said == [error])


def test_a_mistake_that_comes_with_every_repaint_is_reported_once(seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    for error in (ValueError(), ValueError(), KeyError(), ValueError()):
        seen.guard.do(partial(_raise, error))
    assert len(seen.reported) == 3
    assert len(caplog.records) == 4
    caplog.clear()


def _raise(error: Exception) -> None:
    raise error


def change(id_: int) -> ChangeSet:
    return ChangeSet(id_, Text("x"), "do", "here", None, datetime(2026, 11, 24, tzinfo=UTC))


def test_changes_arrive_on_the_main_thread_whoever_wrote(qtbot: QtBot) -> None:
    feed = Feed()
    bridge = FeedBridge(feed)
    heard: list[tuple[int, bool]] = []
    bridge.changed.connect(lambda c: heard.append((c.id, threading.current_thread() is threading.main_thread())))
    writer = threading.Thread(target=lambda: feed.publish(change(1)))
    writer.start()
    writer.join()
    feed.publish(change(2))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert sorted(heard) == [(1, True), (2, True)]


def test_a_closed_bridge_hears_no_more(qtbot: QtBot) -> None:
    feed = Feed()
    bridge = FeedBridge(feed)
    bridge.close()
    with qtbot.assertNotEmitted(bridge.changed):
        feed.publish(change(1))


class Look:
    """Looks a number of times without holding, then holds."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures = failures
        self.error = error
        self.looked = 0

    def __call__(self) -> None:
        self.looked += 1
        if self.looked <= self.failures:
            raise self.error


def test_a_disk_that_cannot_be_read_is_told_once_and_asked_ever_more_rarely(qtbot: QtBot) -> None:
    look = Look(4, StorageError(Text("The disk could not be read or written.")))
    with qtbot.captureExceptions() as raised:
        watch = Watch(look, interval_ms=10)
        intervals: list[int] = []
        watch._timer.timeout.connect(lambda: intervals.append(watch._timer.interval()))
        qtbot.waitUntil(lambda: len(intervals) >= 6)
        assert intervals[:6] == [20, 40, 80, 160, 10, 10]
        assert [each[1] for each in raised] == [look.error]
        look.failures = 1000
        qtbot.waitUntil(lambda: len(raised) == 2)
        watch.stop()


SPECS = (
    ActionSpec("new", N_("New lead"), N_("Lead"), shortcut="Ctrl+N"),
    ActionSpec(SEPARATOR, "", N_("Lead")),
    ActionSpec("won", N_("Won…"), N_("Lead"), shortcut="Ctrl+W", needs="leads", tip=N_("Close as won")),
    ActionSpec("help", N_("Help"), N_("Help")),
    ActionSpec("hidden", N_("Palette"), shortcut="Ctrl+K"),
)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_menus_follow_the_table(window: QMainWindow) -> None:
    ran: list[str] = []
    run = {spec.id: (lambda id_=spec.id: ran.append(id_)) for spec in SPECS}
    actions = Actions(SPECS, window, run)
    actions.fill(window.menuBar())
    menus = {
        action.text(): [entry.text() for entry in action.menu().actions()]  # type: ignore[attr-defined]
        for action in window.menuBar().actions()
    }
    assert menus == {"Lead": ["New lead", "", "Won…"], "Help": ["Help"]}
    actions["new"].trigger()
    actions["hidden"].trigger()
    assert ran == ["new", "hidden"]


def test_commands_are_enabled_by_what_they_need(window: QMainWindow) -> None:
    actions = Actions(SPECS, window, {spec.id: lambda: None for spec in SPECS})
    actions.enable({"leads": False})
    assert [actions[id_].isEnabled() for id_ in ("new", "won")] == [True, False]
    actions.enable({"leads": True})
    assert actions["won"].isEnabled()


def test_the_shortcut_page_lists_what_has_keys(window: QMainWindow) -> None:
    actions = Actions(SPECS, window, {spec.id: lambda: None for spec in SPECS})
    assert actions.shortcuts() == [("Lead", "New lead", "Ctrl+N"), ("Lead", "Won", "Ctrl+W"), ("", "Palette", "Ctrl+K")]


def test_a_command_nobody_runs_is_an_error(window: QMainWindow) -> None:
    with pytest.raises(KeyError):
        Actions(SPECS, window, {})


def test_scripted_answers_fail_on_surprises() -> None:
    dialogs = ScriptedDialogs(("ask", "Delete", "Move"), ("tell", "Done", None))
    assert dialogs.ask(Text("Delete the stage?"), None, [Text("Delete"), Text("Move")]) == 1
    with pytest.raises(AssertionError):
        dialogs.finish()
    dialogs.tell(Text("Done."))
    dialogs.finish()
    with pytest.raises(AssertionError):
        dialogs.tell(Text("And now?"))


def test_files_are_looked_for_where_the_last_one_was(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    chosen = [str(tmp_path / "lists" / "leads.csv"), str(tmp_path / "backups" / "old.db"), ""]

    def answer(_parent: object, _title: str, start: str, _filters: str) -> tuple[str, str]:
        asked.append(start)
        return chosen.pop(0), ""

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(f"app.ui.dialogs.QFileDialog.{name}", answer)
    (tmp_path / "lists").mkdir()
    (tmp_path / "backups").mkdir()
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    dialogs = QtDialogs(window, memory)
    dialogs.open_file(Text("Import"), [])
    dialogs.open_file(Text("Restore"), [], tmp_path / "backups")
    dialogs.save_file(Text("Export"), "all.csv", [])
    assert Path(asked[0]).is_dir()
    assert Path(asked[0]) != Path.cwd()
    assert asked[1:] == [str(tmp_path / "backups"), str(tmp_path / "lists" / "all.csv")]


@pytest.mark.parametrize(
    ("answers", "cancel"), [(("Restore",), ""), (("Go on", "Quit"), ""), (("Discard",), "Keep editing")]
)
def test_questions_have_their_buttons_where_all_dialogs_have_them(
    window: QMainWindow, theme: Theme, answers: tuple[str, ...], cancel: str
) -> None:
    order: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QDialog)
        buttons = sorted(box.findChildren(QPushButton), key=lambda button: button.x())
        order.extend(button.text() for button in buttons)
        box.reject()

    QTimer.singleShot(0, look)
    words = Text(cancel) if cancel else None
    assert QtDialogs(window).ask(Text("Go back?"), None, list(map(Text, answers)), cancel=words) is None
    assert order == [cancel or "Cancel", *reversed(answers)]


def test_what_is_quoted_in_a_question_is_no_markup(window: QMainWindow, theme: Theme) -> None:
    quoted = "<b>Robert</b> <img src='x'>"
    formats: dict[str, Qt.TextFormat] = {}

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QDialog)
        formats.update((label.text(), label.textFormat()) for label in box.findChildren(QLabel) if label.text())
        box.reject()

    QTimer.singleShot(0, look)
    QtDialogs(window).ask(Text("Delete “{name}”?", name=quoted), Text("{name}", name=quoted), [Text("Delete")])
    assert len(formats) == 2
    assert set(formats.values()) == {Qt.TextFormat.PlainText}
