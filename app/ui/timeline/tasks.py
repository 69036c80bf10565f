"""What can be done with the entries of a timeline."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.services.files import StoredFile, Upload
from app.services.mail_files import is_mail
from app.services.owners import Owner
from app.ui.allowed import offer
from app.ui.jobs import Job
from app.ui.keys import named
from app.ui.timeline.handing import open_file, save_as, tell
from app.ui.timeline.wording import said

if TYPE_CHECKING:
    from app.services.timeline import Entry
    from app.ui.context import Context
    from app.ui.jobs import Progress


class _Offer(NamedTuple):
    """What an entry of the menu says and does; `keys` do it to the entry chosen, too. Some only look."""

    label: str
    act: Callable[[], object]
    keys: str = ""
    changes: bool = True


_Offers = list[_Offer]
#: Of the files of a mail so many are in its menu; all of them stand above its text.
_OFFERED = 12
_WRITTEN = ("note", "call", "meeting")


class EntryTasks:
    """Does it for the timeline of one record, shown by `parent`."""

    def __init__(self, context: "Context", owner: Owner, parent: QWidget) -> None:
        self._context = context
        self._owner = owner
        self._parent = parent

    def open(self, entry: "Entry") -> None:
        """What Enter and a double click do: read it, or look at it."""
        if entry.kind in _WRITTEN:
            self.edit(entry)
        elif entry.kind == "mail":
            from app.ui.timeline.mail_view import MailDialog

            MailDialog(self._context, entry, self._parent.window()).exec()
        elif entry.files:
            self.look_at(entry.files[0])

    def edit(self, entry: "Entry") -> None:
        """Change what somebody wrote."""
        from app.ui.timeline.editing import EditDialog

        EditDialog(self._context, entry, self._parent.window()).exec()

    def look_at(self, file: StoredFile) -> None:
        """A picture or a PDF is shown here, everything else by the program the system has for it."""
        from app.ui.timeline.looking import look_at

        look_at(self._context, file, self._parent.window())

    def delete(self, entry: "Entry") -> None:
        """Put it into the trash; what follows from a change is not taken away like that."""
        office = self._context.office
        if not (entry.note_id or entry.file_id) or not self._context.permits(Act.CHANGE):
            return
        if entry.note_id:
            self._write(Text("Deleting"), lambda: office.notes.delete([entry.note_id]))
        elif entry.file_id:
            self._write(Text("Deleting"), lambda: office.files.delete([entry.file_id]))

    def pin(self, entry: "Entry") -> None:
        """Keep it on top, or no longer."""
        office, on = self._context.office, not entry.pinned
        if entry.note_id:
            self._write(Text("Saving"), lambda: office.notes.pin([entry.note_id], on=on))
        elif entry.file_id:
            self._write(Text("Saving"), lambda: office.files.pin([entry.file_id], on=on))

    def rename(self, file: StoredFile) -> None:
        """Another name for a file."""
        from app.ui.timeline.editing import RenameDialog

        RenameDialog(self._context, file, self._parent.window()).exec()

    def save_as(self, file: StoredFile) -> None:
        """Write a file to a disk."""
        save_as(self._context, file, self._parent)

    def copy(self, entry: "Entry") -> None:
        """The words of an entry, as somebody wrote them."""
        words = said(self._context, entry)
        QGuiApplication.clipboard().setText(entry.text or words.body or words.title)

    def create_sender(self, entry: "Entry") -> None:
        """The sender of a mail becomes a contact."""
        mails = self._context.office.mail_files
        self._write(Text("Saving"), lambda: mails.create_sender(entry.mail_id))

    def put_also(self, entry: "Entry") -> None:
        """Put a mail on a second lead, where it is the same one."""
        from app.ui.timeline.also import AlsoDialog

        AlsoDialog(self._context, entry, self._parent.window()).exec()

    def take_off(self, note_id: int) -> None:
        """Take a mail off one of the records it stands on."""
        self._write(Text("Deleting"), lambda: self._context.office.notes.delete([note_id]))

    def take(self, uploads: Sequence[Upload]) -> None:
        """Put files on the record, e-mails as what they are. What is refused is said; the rest is kept."""
        office, owner = self._context.office, self._owner

        def work(progress: "Progress") -> list[str]:
            words: list[str] = []
            files = [upload for upload in uploads if not is_mail(upload.name)]
            # told in KB: several large files have more bytes than a signal can count
            office.files.attach(owner, files, lambda done, total: progress.report(done >> 10, total >> 10))
            for mail in (upload for upload in uploads if is_mail(upload.name)):
                try:
                    placed = office.mail_files.put(mail.source, owner, lambda: progress.cancelled)
                except TrichterError as error:
                    words.append(f"{mail.name}: {error}")
                    continue
                if not placed.note_ids:
                    words.append(str(placed.words))
                if placed.lost:
                    words.append(tr("Not in the file: {names}", names=", ".join(placed.lost)))
            return words

        def then(words: list[str]) -> None:
            if words:
                self._context.notify(Text("{words}", words=" ".join(words)))

        job = Job(Text("Adding files"), work, then, failed=self._tell, writes=True, owner=self._parent)
        self._context.jobs.start(job)

    def menu(self, entry: "Entry", place: QPoint) -> None:
        """What is offered for an entry; `place` is on the screen."""
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in self._offers(entry):
            label = each.label.replace("&", "&&")
            words = f"{label}\t{named(each.keys)}" if each.keys else label
            offer(menu, words, self._context.deed(Act.CHANGE, each.act) if each.changes else each.act)
        menu.popup(place)

    def _offers(self, entry: "Entry") -> _Offers:
        offers: _Offers = []
        if entry.kind in _WRITTEN:
            offers.append(_Offer(tr("Edit …"), partial(self.edit, entry), "Return"))
        elif entry.kind == "mail":
            offers.append(_look(tr("Read"), partial(self.open, entry), "Return"))
            offers += self._of_mail(entry)
        elif entry.kind == "file":
            offers += self._of_file(entry.files[0])
        if entry.note_id or entry.file_id:
            offers.append(_Offer(tr("Unpin") if entry.pinned else tr("Pin"), partial(self.pin, entry)))
        offers.append(_look(tr("Copy"), partial(self.copy, entry), "Ctrl+C"))
        if entry.note_id or entry.file_id:
            offers.append(_Offer(tr("Delete"), partial(self.delete, entry), "Del"))
        return offers + self._of_history(entry)

    def _of_mail(self, entry: "Entry") -> _Offers:
        files = entry.files[:_OFFERED]
        offers = [_look(tr("Open “{name}”", name=file.name), partial(self.look_at, file)) for file in files]
        offers += [_look(tr("Save “{name}” as …", name=file.name), partial(self.save_as, file)) for file in files]
        stranger = self._context.office.mail_files.stranger(entry.mail_id)
        if stranger is not None:
            name = stranger.name or stranger.address
            offers.append(_Offer(tr("Create contact “{name}”", name=name), partial(self.create_sender, entry)))
        offers.append(_Offer(tr("Also on another lead …"), partial(self.put_also, entry)))
        places = self._context.office.mail_files.stands_on(entry.mail_id)
        if len(places) > 1:
            offers += [
                _Offer(tr("Take off “{title}”", title=title), partial(self.take_off, note))
                for note, _owner, title in places[:_OFFERED]
            ]
        return offers

    def _of_file(self, file: StoredFile) -> _Offers:
        from app.ui.timeline.preview import can_show

        shown = can_show(file)
        offers = [_look(tr("Look at it"), partial(self.look_at, file), "Return")] if shown else []
        elsewhere = partial(open_file, self._context, file, self._parent)
        offers.append(_look(tr("Open with another program"), elsewhere, "" if shown else "Return"))
        offers.append(_look(tr("Save as …"), partial(self.save_as, file)))
        offers.append(_Offer(tr("Rename …"), partial(self.rename, file)))
        return offers

    def _of_history(self, entry: "Entry") -> _Offers:
        from app.ui.history.taking import show_history, take_back

        window = self._parent.window()
        offers: _Offers = []
        if entry.change_set_id:
            undo = partial(take_back, self._context, entry.change_set_id, window)
            offers.append(_Offer(tr("Undo this step"), undo))
        if entry.owner.kind == "lead":
            show = partial(show_history, self._context, entry.owner.id, window, entry.change_set_id)
            offers.append(_look(tr("Show in the history …"), show))
        return offers

    def _write(self, title: Text, verb: Callable[[], object]) -> None:
        self._context.jobs.write(Job(title, lambda _progress: verb(), failed=self._tell, owner=self._parent))

    def _tell(self, error: BaseException) -> None:
        tell(self._context, error)


def _look(label: str, act: Callable[[], object], keys: str = "") -> _Offer:
    """What changes nothing."""
    return _Offer(label, act, keys, changes=False)
