"""What a window remembers of how somebody works is theirs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.ui.palette.recent import Recent
from app.ui.whose import hand_over


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    kept.setValue("tab/leads", '{"filter": "Müller"}')
    kept.setValue("tab/closed", "{}")
    kept.setValue("window/side", 300)
    Recent(kept).note("lead:7")
    return kept


def test_what_was_there_before_belongs_to_who_comes_first(memory: QSettings) -> None:
    hand_over(memory, 1)
    assert memory.value("tab/leads") == '{"filter": "Müller"}'
    assert Recent(memory).leads() == [7]


def test_nothing_of_the_former_is_left_and_it_waits_for_them(memory: QSettings, tmp_path: Path) -> None:
    hand_over(memory, 1)
    hand_over(memory, 2)
    assert memory.value("tab/leads") is None
    assert Recent(memory).all() == []
    assert int(str(memory.value("window/side"))) == 300
    memory.setValue("tab/leads", "{}")
    Recent(memory).note("lead:9")
    memory.sync()
    again = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    hand_over(again, 1)
    assert again.value("tab/leads") == '{"filter": "Müller"}'
    assert again.value("tab/closed") == "{}"
    assert Recent(again).leads() == [7]
    hand_over(again, 2)
    assert (again.value("tab/leads"), again.value("tab/closed"), Recent(again).leads()) == ("{}", None, [9])


def test_who_comes_back_finds_all_as_it_was(memory: QSettings) -> None:
    for member in (1, 1, None, 1):
        hand_over(memory, member)
    assert memory.value("tab/leads") == '{"filter": "Müller"}'
    assert not [key for key in memory.allKeys() if key.startswith("person-1")]
