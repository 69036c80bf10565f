"""Reading an e-mail: its text as it was written, with nothing loaded from anywhere, and its files."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QTextBrowser, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.ui.forms.dialog import Dialog
from app.ui.jobs import Job
from app.ui.reach import open_link
from app.ui.theme import LIGHT
from app.ui.timeline.documents import nothing
from app.ui.timeline.handing import save_as, tell
from app.ui.timeline.looking import look_at
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.services.files import StoredFile
    from app.services.mails.terms import Mail
    from app.services.timeline import Entry
    from app.ui.context import Context

_DATA = "data:"


class MailBrowser(QTextBrowser):
    """Shows no picture but those that are in the mail itself."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._parts: dict[str, bytes] = {}
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.anchorClicked.connect(lambda url: open_link(url.toString()))

    def show_mail(self, mail: "Mail") -> None:
        """The mail as it was written."""
        self._parts = {part.content_id: part.data for part in mail.attachments if part.content_id}
        if mail.html is not None:
            self._be_paper()
            self.setHtml(mail.html)
        else:
            self.setPlainText(mail.text)

    def _be_paper(self) -> None:
        """White in every theme: whoever wrote in black, or on white, could not be read on a dark ground."""
        self.setProperty("kind", "paper")
        self.style().unpolish(self)
        self.style().polish(self)
        self.document().setDefaultStyleSheet(f"a {{ color: {LIGHT.accent} }}")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Whatever the text asks for; nothing valid would let Qt look on the disk or in the network."""
        url = name.toString() if isinstance(name, QUrl) else name
        if url.startswith("cid:"):
            return picture_of(self._parts.get(url.removeprefix("cid:"), b""))
        if url.startswith(_DATA):
            return picture_of(_data_of(url))
        return nothing()


def picture_of(data: bytes) -> QImage:
    """A picture from outside, as large as can be shown; an empty one where it is none."""
    from app.ui.timeline.preview import read_picture

    found = read_picture(data, 1600, 1600) if data else None
    return nothing() if found is None else found


def _data_of(url: str) -> bytes:
    import base64
    import binascii

    head, _, data = url.partition(",")
    if not head.endswith(";base64"):
        return b""
    try:
        return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return b""


class MailDialog(Dialog):
    """An e-mail with who wrote it to whom, its text, and its files."""

    def __init__(self, context: "Context", entry: "Entry", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, entry.title or tr("(no subject)"), parent)
        self._context = context
        people = QLabel(self._people(entry))
        people.setWordWrap(True)
        people.setProperty("kind", "muted")
        self.body.addWidget(people)
        if entry.files:
            self.body.addLayout(self._files(entry))
        self.text = MailBrowser(tr("Text of the e-mail"))
        self.text.setPlainText(entry.text)
        self.body.addWidget(self.text, 1)
        self._said = QLabel()
        self._said.setProperty("kind", "small")
        self._said.setWordWrap(True)
        self._said.hide()
        self.body.addWidget(self._said)
        bar = self.add_bar()
        if (stranger := context.office.mail_files.stranger(entry.mail_id)) is not None:
            bar.addWidget(self._known_by(entry.mail_id, stranger.name or stranger.address))
        self.add_close(bar)
        self.remember_size(context.settings, "mail", 720, 640)
        mails = context.office.mail_files
        # the whole mail is read in a process of its own; until then its text stands there
        work = lambda progress: mails.read(entry.mail_id, lambda: progress.cancelled)  # noqa: E731
        self._reading = context.jobs.start(
            Job(Text("Reading the e-mail"), work, self._show, failed=self._refuse, quiet=True, pool=True, owner=self)
        )
        self.finished.connect(lambda _result: self._reading.cancel())

    def _people(self, entry: "Entry") -> str:
        labels = {"from": tr("From"), "to": tr("To"), "cc": tr("Copy to")}
        lines = []
        for kind, label in labels.items():
            names = [_full(person.name, person.address) for person in entry.mail_people if person.kind == kind]
            if names:
                lines.append(f"{escape(label)}: {escape(', '.join(names))}")
        lines.append(escape(entry.when(self._context.formats, self._context.office.store.zone)))
        return "<br>".join(lines)

    def _files(self, entry: "Entry") -> Flow:
        row = Flow()
        for file in entry.files:
            button = Button(
                self._context.theme,
                f"{_short(file.name)} · {self._context.formats.size(file.size)}",
                icon="file",
                small=True,
            )
            button.setAccessibleDescription(tr("Open “{name}”", name=file.name))
            button.setToolTip(file.name)
            button.setAutoDefault(False)
            button.clicked.connect(self._opening(file))
            row.addWidget(button)
            name = tr("Save “{name}” as …", name=file.name)
            save = Button(self._context.theme, "", ButtonKind.FLAT, icon="download", name=name)
            save.setAutoDefault(False)
            save.clicked.connect(partial(self._save, file))
            row.addWidget(save)
        return row

    def _known_by(self, mail_id: int, name: str) -> Button:
        """Makes a contact of the sender, whom nobody knows yet, and is gone then."""
        label = tr("Create contact “{name}”", name=_short(name))
        button = Button(self._context.theme, label.replace("&", "&&"), icon="user")
        button.setAutoDefault(False)
        mails = self._context.office.mail_files
        work = lambda _progress: mails.create_sender(mail_id)  # noqa: E731
        failed = partial(tell, self._context)
        job = Job(Text("Saving"), work, lambda _done: button.hide(), failed=failed, owner=self)
        button.clicked.connect(lambda: self._context.jobs.write(job))
        self._context.allowed.keep(Act.CHANGE, button)
        return button

    def _opening(self, file: "StoredFile") -> Callable[[], None]:
        return lambda: look_at(self._context, file, self)

    def _save(self, file: "StoredFile", _on: bool = False) -> None:
        save_as(self._context, file, self)

    def _show(self, mail: "Mail") -> None:
        self.text.show_mail(mail)

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, TrichterError):
            raise error
        self._said.setText(str(error))
        self._said.show()


def _full(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address else name or address


def _short(name: str) -> str:
    """As much of a long name as fits onto a button, with its ending."""
    return name if len(name) <= 40 else f"{name[:28]}…{name[-10:]}"
