"""The columns of *Who changed what?*."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QFontMetricsF

from app.core.i18n import tr
from app.ui.history.columns import log_columns
from app.ui.tables.painter import PADDING
from app.ui.theme import Theme
from tests.ui.dialogs.conftest import Desk, Speak

_AROUND = 36  # the edges of the cell and of the pill


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB")])
def test_what_became_of_a_step_is_read_in_full(
    language: str, country: str, desk: Desk, theme: Theme, speak: Speak
) -> None:
    speak(language, country)
    column = next(each for each in log_columns(desk.context) if each.key == "kind")
    metrics = QFontMetricsF(theme.font(11.5, 600))
    for words in ("Carried out", "Undone", "Done again", "Undone since", "Import"):
        assert metrics.horizontalAdvance(tr(words)) + _AROUND <= column.width


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("de", "US"), ("en", "GB"), ("en", "US")])
def test_when_a_step_was_made_is_read_in_full(
    language: str, country: str, desk: Desk, theme: Theme, speak: Speak
) -> None:
    formats = speak(language, country)
    column = log_columns(replace(desk.context, formats=formats))[0]
    metrics = QFontMetricsF(theme.font(13))
    for month in range(1, 13):
        told = formats.instant(datetime(2026, month, 28, 22, 48, tzinfo=UTC), UTC)
        assert metrics.horizontalAdvance(told) + 2 * PADDING <= column.width
