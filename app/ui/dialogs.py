"""Questions to the user and the choice of files: the only place that knows Qt's message box and file dialog.

Tests hand in scripted answers instead.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QWidget

from app.core.i18n import Text, tr

_FOLDER = "dialogs/folder"


class Dialogs(Protocol):
    """Whoever asks the user. Only what cannot be undone is asked."""

    def ask(
        self, question: Text, details: Text | None, answers: Sequence[Text], *, cancel: Text | None = None
    ) -> int | None:
        """Which of `answers` was chosen (its place); None when the question was closed.

        `cancel` says what that does, where "Cancel" could be taken for one of the answers.
        """

    def tell(self, title: Text, details: Text | None = None) -> None:
        """Say something that has to be read before going on."""

    def open_file(self, title: Text, filters: Sequence[tuple[Text, str]], start: Path | None = None) -> Path | None:
        """A file that exists; `filters` are pairs of name and pattern such as `*.csv *.xlsx`.

        Looked for in the folder `start`, else where the last file was.
        """

    def open_files(self, title: Text, filters: Sequence[tuple[Text, str]]) -> list[Path]:
        """One file or several, where the last one was; none when nothing was chosen."""

    def save_file(self, title: Text, name: str, filters: Sequence[tuple[Text, str]]) -> Path | None:
        """A place for a file, `name` proposed, where the last file was."""

    def choose_folder(self, title: Text, start: Path) -> Path | None:
        """A folder that exists."""


class QtDialogs:
    """Asks through Qt, above `parent`."""

    def __init__(self, parent: QWidget, memory: QSettings | None = None) -> None:
        """`memory` keeps the folder of the last file."""
        self._parent = parent
        self._memory = memory

    def ask(
        self, question: Text, details: Text | None, answers: Sequence[Text], *, cancel: Text | None = None
    ) -> int | None:
        box = self._box(question, details)
        role = QMessageBox.ButtonRole  # of several to accept Qt would put all but the first before the one to cancel
        buttons = [
            box.addButton(str(answer), role.NoRole if later else role.YesRole) for later, answer in enumerate(answers)
        ]
        leave = box.addButton(str(cancel or Text("Cancel")), role.RejectRole)
        box.setEscapeButton(leave)
        box.setDefaultButton(leave)  # only what cannot be undone is asked, so Enter must not do it
        box.exec()
        chosen = box.clickedButton()
        return buttons.index(chosen) if chosen in buttons else None

    def tell(self, title: Text, details: Text | None = None) -> None:
        box = self._box(title, details)
        box.addButton(tr("OK"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def _box(self, words: Text, details: Text | None) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setText(str(words))
        if details is not None:
            box.setInformativeText(str(details))
        for label in box.findChildren(QLabel):  # what somebody typed is quoted and must not become markup
            label.setTextFormat(Qt.TextFormat.PlainText)
        return box

    def open_file(self, title: Text, filters: Sequence[tuple[Text, str]], start: Path | None = None) -> Path | None:
        folder = start if start is not None and start.is_dir() else self._folder()
        name, _ = QFileDialog.getOpenFileName(self._parent, str(title), str(folder), _patterns(filters))
        if start is None:  # a folder of its own is not where lists are looked for the next time
            self._remember(name)
        return Path(name) if name else None

    def open_files(self, title: Text, filters: Sequence[tuple[Text, str]]) -> list[Path]:
        names, _ = QFileDialog.getOpenFileNames(self._parent, str(title), str(self._folder()), _patterns(filters))
        if names:
            self._remember(names[0])
        return [Path(name) for name in names]

    def save_file(self, title: Text, name: str, filters: Sequence[tuple[Text, str]]) -> Path | None:
        proposed = str(self._folder() / name)
        chosen, _ = QFileDialog.getSaveFileName(self._parent, str(title), proposed, _patterns(filters))
        self._remember(chosen)
        return Path(chosen) if chosen else None

    def _folder(self) -> Path:
        """Where the last file was, else the user's documents, else the home folder."""
        last = str(self._memory.value(_FOLDER, "")) if self._memory is not None else ""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        places = (Path(each) for each in (last, documents) if each)
        return next((place for place in places if place.is_dir()), Path.home())

    def _remember(self, file: str) -> None:
        if file and self._memory is not None:
            self._memory.setValue(_FOLDER, str(Path(file).parent))

    def choose_folder(self, title: Text, start: Path) -> Path | None:
        name = QFileDialog.getExistingDirectory(self._parent, str(title), str(start))
        return Path(name) if name else None


def _patterns(filters: Sequence[tuple[Text, str]]) -> str:
    return ";;".join(f"{name} ({pattern})" for name, pattern in filters)
