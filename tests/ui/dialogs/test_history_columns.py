"""The columns of *Who changed what?*."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QFontMetricsF

from app.core.i18n import tr
from app.ui.history.columns import log_columns
from app.ui.theme import Theme
from tests.ui.dialogs.conftest import Desk, Speak

_AROUND = 36  # the edges of the cell and of the pill
_EDGES = 20  # of the cell alone


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB")])
def test_what_became_of_a_step_is_read_in_full(
    language: str, country: str, desk: Desk, theme: Theme, speak: Speak
) -> None:
    speak(language, country)
    column = next(each for each in log_columns(desk.context) if each.key == "kind")
    metrics = QFontMetricsF(theme.font(11.5, 600))
    for words in ("Carried out", "Undone", "Done again", "Undone since", "Import"):
        assert metrics.horizontalAdvance(tr(words)) + _AROUND <= column.width


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB")])
def test_when_it_was_is_read_in_full(language: str, country: str, desk: Desk, theme: Theme, speak: Speak) -> None:
    speak(language, country)
    column = next(each for each in log_columns(desk.context) if each.key == "at")
    moment = desk.context.formats.instant(datetime(2026, 9, 30, 20, 48, tzinfo=UTC), desk.context.office.store.zone)
    assert QFontMetricsF(theme.font(13, 400)).horizontalAdvance(moment) + _EDGES <= column.width
