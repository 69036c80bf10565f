"""Dialogs that were opened and closed any number of times leave nothing behind."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.store import Store
from app.ui.context import Context
from app.ui.settings.dialog import SettingsDialog
from tests.stores import add_lead, add_member
from tests.ui.dialogs.test_fit import DIALOGS, PAGES, leave
from tests.ui.kept import left_by


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_leaves_nothing_behind(
    context: Context, store: Store, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    lead = add_lead(store)

    def open_and_close() -> None:
        dialog = DIALOGS[name](context, lead, tmp_path)
        dialog.show()
        QApplication.sendPostedEvents()
        leave(dialog)
        dialog.deleteLater()

    assert left_by(open_and_close) == {}


def test_the_settings_leave_nothing_behind(context: Context, qtbot: QtBot) -> None:
    add_member(context.office.store, "Ben Krug", "BK")  # alone one is asked nothing at the start

    def open_and_close() -> None:
        dialog = SettingsDialog(context, restore=lambda _path: None)
        dialog.show()
        for page in PAGES:
            dialog.show_page(page)
        dialog.close()
        dialog.deleteLater()

    assert left_by(open_and_close) == {}
