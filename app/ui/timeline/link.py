"""The question for the address of a link."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.timeline.documents import address_of
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class LinkDialog(Dialog):
    """`address` is the answer once it was accepted."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Link"), parent)
        self.address = ""
        self._typed = QLineEdit()
        self._typed.setPlaceholderText("https://")
        share_undo(self._typed)
        self._form = Form()
        self.body.addWidget(self._form.add("link", Field(tr("Address of a page, or of a mail"), self._typed)))
        self.add_buttons(tr("Insert link")).clicked.connect(self._done)
        self.resize(context.theme.px(440), context.theme.px(200))
        self.make_room()

    def _done(self) -> None:
        if self._form.attempt(self._read):
            self.accept()

    def _read(self) -> None:
        found = address_of(self._typed.text())
        if found is None:
            raise InvalidInput(Text("This is no address of a page or a mail."), field="link")
        self.address = found
