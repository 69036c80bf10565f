"""What is offered when the data cannot be opened."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import FixedClock
from app.core.errors import Damaged
from app.core.format import Formats
from app.core.i18n import Text
from app.models.store import Store
from app.services.backup import Backups, Reason
from app.ui import recovery
from app.ui.launch import Launch
from tests.stores import ZONE, add_lead
from tests.ui.scripted import ScriptedDialogs


@pytest.mark.parametrize("good", [True, False])
def test_the_newest_good_backup_of_the_chosen_folder_is_offered(
    qtbot: QtBot,
    store: Store,
    clock: FixedClock,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    good: bool,
) -> None:
    add_lead(store)
    clock.instant = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    chosen = tmp_path / "safe"
    made = Backups(store, chosen, store.clock).make(Reason.EXIT)
    (chosen / "trichter-20990101T000000Z-exit.db").write_bytes(b"rubbish")
    if not good:
        made.write_bytes(b"rubbish")
    restored: list[Path] = []

    def restore(file: Path) -> Text:
        restored.append(file)
        return Text("Restored")

    launch = cast(
        Launch,
        SimpleNamespace(
            folder=folder,
            formats=Formats("en", "INT"),
            zone=lambda: ZONE,
            backup_folder=lambda: chosen,
            restore=restore,
        ),
    )
    answer = "Restore the backup of 25 Nov 2026 00:30" if good else "Quit"
    dialogs = ScriptedDialogs(("ask", "Damaged", answer), *([("tell", "Restored", None)] if good else []))
    monkeypatch.setattr(recovery, "QtDialogs", lambda _parent: dialogs)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert recovery.offer_recovery(parent, Damaged(Text("Damaged")), launch) is good
    dialogs.finish()
    assert restored == ([made] if good else [])
