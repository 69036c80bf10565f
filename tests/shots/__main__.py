"""Take the pictures: `python -m tests.shots [FOLDER]`; without a folder those of the README are renewed."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import speak
from app.ui.main_window import MainWindow
from app.ui.theme import Mode, Theme
from tests.shots.studio import COUNTRIES, demo_store, icons, window_of

_README = Path(__file__).parents[2] / "resources" / "pictures"
_SIZE = (1440, 860)
_SETTLE_MS = 250
_VIEWS = ("overview", "potential", "leads", "board", "closed", "customers", "forecast")
_OF_README = ("overview", "leads", "board", "customers", "forecast")


def main(arguments: list[str]) -> int:
    """Photograph every tab, and the leads as a board; for the README only some of them, in German, light and dark."""
    target = Path(arguments[0]) if arguments else _README
    target.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    theme = Theme(app, icons())
    languages = ("de", "en") if arguments else ("de",)
    views = _VIEWS if arguments else _OF_README
    for language in languages:
        speak(language, COUNTRIES[language])
        with tempfile.TemporaryDirectory() as name:
            store = demo_store(Path(name))
            for mode in (Mode.LIGHT, Mode.DARK):
                with window_of(app, store, theme, Path(name), language=language, mode=mode) as (window, _, _):
                    window.resize(*_SIZE)
                    window.show()
                    for view in views:
                        _photograph(window, view, target / f"{view}-{mode}-{language}.png")
            store.close()
    return 0


def _photograph(window: MainWindow, view: str, target: Path) -> None:
    shown = window.go_to("leads" if view == "board" else view)
    board = window.actions_["board"]
    if view in ("leads", "board") and board.isChecked() != (view == "board"):
        board.trigger()
    if hasattr(shown, "panel") and shown.panel.model.rowCount():
        shown.panel.view.selectRow(0)
    QTest.qWait(_SETTLE_MS)
    if not window.grab().save(str(target)):
        raise OSError(f"cannot write {target}")
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
