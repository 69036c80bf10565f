"""Fields for names: of what is there already, with completion, or of something new."""

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMoveEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QListView, QWidget

from app.core.folding import search_key, sort_key
from app.core.i18n import tr
from app.ui.forms.field import Field
from app.ui.widgets.own_undo import empty, share_undo

#: Pixels between a field and the names that are offered.
_GAP = 2

#: Why the keyboard may be elsewhere while one still types: the names are offered, or another window is in front.
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)

Find = Callable[[str], list[str]]


class _Popup(QListView):
    """The names that are offered: below the field (or above it), and not over its border as Qt puts them."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self._field = field
        self.setProperty("kind", "popup")
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Called for every place Qt gives it; the one chosen here is not moved again."""
        super().moveEvent(event)
        top = self._field.mapToGlobal(self._field.rect().topLeft()).y()
        bottom = top + self._field.height()
        if top < self.y() < bottom + _GAP:
            self.move(self.x(), bottom + _GAP)
        elif self.y() < top < self.y() + self.height() + _GAP:
            self.move(self.x(), top - _GAP - self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that is left is told so: while names are offered Qt would keep it to itself."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS and self.isVisible():
            watched.event(event)
            self.hide()  # afterwards: it tells whoever has the keyboard now, who may do away with the field
            return True
        return super().eventFilter(watched, event)


class _OfLast(QCompleter):
    """Completes the last of several names between commas; those before it stay."""

    def splitPath(self, path: str) -> list[str]:
        return [last_name(path)]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        typed = self.widget()
        before = typed.text() if isinstance(typed, QLineEdit) else ""
        kept = before[: len(before) - len(last_name(before))].rstrip()
        return f"{kept} {index.data()}".strip()


def last_name(typed: str) -> str:
    """What was typed of the last of several names."""
    return re.split("[,;]", typed)[-1].lstrip()


def completing(edit: QLineEdit, find: Find, *, several: bool = False) -> tuple[QCompleter, QStringListModel]:
    """Let a line offer what `find` gives for what is typed into it, of `several` names for the last one."""
    names = QStringListModel(edit)
    completer = (_OfLast if several else QCompleter)(names, edit)
    completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    popup = _Popup(edit)
    completer.setPopup(popup)
    edit.setCompleter(completer)
    edit.installEventFilter(popup)  # after that of the completer, so that it comes first
    edit.textEdited.connect(lambda typed: names.setStringList(find(last_name(typed) if several else typed)))
    return completer, names


class NameEdit(QLineEdit):
    """Type a name; those that are there are offered. A name that is not there is fine, and said to be new."""

    def __init__(self, find: Find, parent: QWidget | None = None, *, several: bool = False) -> None:
        """`find` gives the names that fit what was typed, the best first; of `several` names the last is meant."""
        super().__init__(parent)
        self._find = (lambda typed: find(last_name(typed))) if several else find
        self._completer, self._names = completing(self, find, several=several)
        share_undo(self)

    def offer(self, typed: str = "") -> None:
        """Show the names that fit, all of them for nothing typed."""
        self._names.setStringList(self._find(typed))
        if self._names.rowCount():
            self._completer.complete()
            self._settle()

    def _settle(self) -> None:
        """The arrows go on from the name that is there; what is typed replaces it all the same."""
        popup, names = self._completer.popup(), self._names.stringList()
        assert isinstance(popup, QListView)
        popup.doItemsLayout()  # before it was shown for the first time it knew nothing of its style
        if self.text() in names:
            chosen = self.hasSelectedText()
            popup.setCurrentIndex(popup.model().index(names.index(self.text()), 0))
            if chosen:
                self.selectAll()

    def name(self) -> str:
        """The name typed, spaces tidied; '' for none."""
        return " ".join(self.text().split())

    def is_new(self) -> bool:
        """Whether nothing of this name is there yet."""
        name = self.name()
        return bool(name) and search_key(name) not in {search_key(found) for found in self._find(name)}

    def follow(self, field: Field) -> None:
        """Let `field` say when the name is a new one."""
        self.textChanged.connect(lambda: field.hint(new_words(self.name()) if self.is_new() else ""))


class NameCombo(QComboBox):
    """A short list to choose from, in which a new name may be typed."""

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setPopup(_Popup(self))
        self.setCompleter(completer)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        share_undo(self)
        self.offer(names)

    def offer(self, names: Iterable[str]) -> None:
        """Offer these names; what was typed stays."""
        typed = self.currentText()
        self.clear()
        self.addItem("")
        self.addItems(list(names))
        self.setCurrentText(typed)

    def name(self) -> str:
        """The name chosen or typed; '' for none."""
        return " ".join(self.currentText().split())

    def is_new(self) -> bool:
        """Whether the name is not on the list."""
        known = {sort_key(self.itemText(i)) for i in range(self.count())}
        return bool(self.name()) and sort_key(self.name()) not in known

    def follow(self, field: Field) -> None:
        """Let `field` say when the name is a new one."""
        self.currentTextChanged.connect(lambda: field.hint(new_words(self.name()) if self.is_new() else ""))


class EntryEdit(NameEdit):
    """A name edit that hands over what was typed on Enter or a comma, and tells of a backspace in an empty field."""

    entered = Signal(str)
    emptied = Signal()

    def __init__(self, find: Find, parent: QWidget | None = None) -> None:
        super().__init__(find, parent)
        self._completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if (
            self.name()
            and plain
            and (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.text() in (",", ";"))
        ):
            self._take(self.name())
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
            return
        super().keyPressEvent(event)

    def _take(self, name: str) -> None:
        empty(self)
        if (popup := self._completer.popup()) is not None:
            popup.hide()
        if name.strip():
            self.entered.emit(" ".join(name.split()))


def new_words(name: str) -> str:
    """What is said of a name that is not there yet."""
    return tr("“{name}” is new and will be created.", name=name)
