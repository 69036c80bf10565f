"""Where a note is written: bold, lists and links; what is pasted keeps no more than these."""

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QTextCharFormat, QTextCursor, QTextListFormat
from PySide6.QtWidgets import QTextEdit, QWidget

from app.ui.theme import Theme
from app.ui.timeline.documents import SafeDocument, as_markdown, calm, looks_like_markdown, show, stored
from app.ui.timeline.taking import uploads_of
from app.ui.widgets.own_undo import share_undo


class NoteEdit(QTextEdit):
    """Ctrl+B and Ctrl+Enter (`finished`) are its own here, as in a form.

    Files and pictures that are pasted or dropped are not written in but handed on (`brought`).
    """

    finished = Signal()
    brought = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocument(SafeDocument(self))
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setAcceptRichText(True)
        self.document().setDefaultFont(theme.font())
        theme.fit(self, lambda: self.document().setDefaultFont(theme.font()))
        share_undo(self)

    def value(self) -> tuple[str, bool]:
        """The text to be stored, and whether it is Markdown."""
        return stored(self.document())

    def set_value(self, text: str, *, markdown: bool) -> None:
        """Show a text as it is stored."""
        show(self.document(), text, markdown=markdown)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def is_empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not self.toPlainText().strip()

    def toggle_bold(self) -> None:
        """Bold what is chosen or typed next, or no longer."""
        form = QTextCharFormat()
        bold = self.fontWeight() > QFont.Weight.Normal
        form.setFontWeight(QFont.Weight.Normal if bold else QFont.Weight.Bold)
        self.mergeCurrentCharFormat(form)
        self.setFocus()

    def toggle_list(self) -> None:
        """Make the lines chosen points of a list, or lines again."""
        cursor = self.textCursor()
        if cursor.blockFormat().objectIndex() < 0:
            cursor.createList(QTextListFormat.Style.ListDisc)
        else:
            form = cursor.blockFormat()
            form.setObjectIndex(-1)
            form.setIndent(0)
            cursor.setBlockFormat(form)
        self.setFocus()

    def set_link(self, address: str) -> None:
        """Let what is chosen lead to an address; without a choice the address itself is written."""
        cursor = self.textCursor()
        form = QTextCharFormat()
        form.setAnchor(True)
        form.setAnchorHref(address)
        form.setForeground(self.palette().link())
        form.setFontUnderline(True)
        if cursor.hasSelection():
            cursor.mergeCharFormat(form)
        else:
            plain = cursor.charFormat()
            cursor.insertText(address, form)
            cursor.setCharFormat(plain)
            self.setTextCursor(cursor)
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (ends(event) or _embolden(event))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if ends(event):
            if not self.is_empty():
                self.finished.emit()
        elif _embolden(event):
            self.toggle_bold()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        if found := uploads_of(source):
            self.brought.emit(found)
        elif source.hasHtml():
            self._insert(as_markdown(source.html()))
        elif looks_like_markdown(source.text()):
            self._insert(source.text())
        else:
            self.textCursor().insertText(source.text())

    def _insert(self, markdown: str) -> None:
        self.textCursor().insertMarkdown(markdown)
        calm(self.document())


def ends(event: QKeyEvent) -> bool:
    """Whether this is Ctrl+Enter."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )


def _embolden(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_B and event.modifiers() == Qt.KeyboardModifier.ControlModifier
