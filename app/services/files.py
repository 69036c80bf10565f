"""The verbs of files on leads, companies and people: each one write, one step to undo.

Names from outside are made safe when a file comes in, and again when it goes out to a disk.
"""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from app.core.errors import InvalidInput, NotFound
from app.core.file_names import safe_name
from app.core.i18n import Plural, Text
from app.services import contents, owners
from app.services.contents import Source, Tell, silent
from app.services.owners import Owner, owner_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.memory import Attachment
    from app.models.store import Store

#: What a file is called of whose name nothing is left.
NAMELESS = "Datei"
_UNKNOWN = "application/octet-stream"
_MOST_MIME = 150


@dataclass(frozen=True)
class Upload:
    """A file that comes in: what it is called, and where its bytes are."""

    name: str
    source: Source

    @classmethod
    def of(cls, path: Path) -> "Upload":
        """A file on a disk."""
        return cls(path.name, path)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the store knows it."""

    id: int
    name: str
    mime: str
    size: int
    content_id: int


class Files:
    """Takes files in, hands them out, and changes what is known of them."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def attach(self, owner: Owner, uploads: Sequence[Upload], tell: Tell = silent) -> list[int]:
        """Put files on a record, all of them or none; returns the ids. `tell` is told of bytes, and may cancel.

        Raises InvalidInput for what is no file or larger than 100 MB, NotFound for a record that is gone.
        """
        from app.models.memory import Attachment

        if not uploads:
            return []
        # Looked at first, which keeps nobody from writing; then written.
        progress = _Progress(tell, 2 * sum(contents.size_of(upload.source) for upload in uploads))
        drafts = [contents.draft(upload.source, progress.of_next()) for upload in uploads]
        names = [clean_name(upload.name) for upload in uploads]
        with self._store.write(self._attached(owner, names)) as session:
            owners.require(session, [owner])
            now, connection = self._store.clock.now(), session.connection()
            made = [
                Attachment(
                    content_id=contents.put(connection, draft, now, progress.of_next()),
                    user_id=self._store.actor_id, at=now, name=name, mime=mime_of(name), **{owner.column: owner.id},
                )
                for draft, name in zip(drafts, names, strict=True)
            ]  # fmt: skip
            session.add_all(made)
            session.flush()
            return [each.id for each in made]

    def rename(self, file_id: int, name: str) -> None:
        """Another name, made safe. Raises InvalidInput for none, NotFound."""
        if not (new := safe_name(name, "")):
            raise InvalidInput(Text("The file needs a name."), field="name")
        label = Text("File “{old}” is now called “{new}”", old=self._name([file_id]), new=new)
        with self._store.write(label) as session:
            (file,) = _load(session, [file_id])
            file.name, file.mime = new, mime_of(new)

    def pin(self, ids: Sequence[int], *, on: bool = True) -> None:
        """Keep files on top of their timeline, or no longer. Raises NotFound."""
        name = self._name(ids)
        label = Text("File “{name}” pinned", name=name) if on else Text("File “{name}” unpinned", name=name)
        with self._store.write(label) as session:
            for file in _load(session, ids):
                if (file.pinned_at is not None) != on:
                    file.pinned_at = self._store.clock.now() if on else None

    def unpin(self, ids: Sequence[int]) -> None:
        """No longer keep files on top."""
        self.pin(ids, on=False)

    def delete(self, ids: Sequence[int]) -> None:
        """Put files into the trash. Raises NotFound."""
        with self._store.write(Text("File “{name}” deleted", name=self._name(ids))) as session:
            for file in _load(session, ids):
                file.deleted_at = self._store.clock.now()

    def restore(self, ids: Sequence[int]) -> None:
        """Bring files back from the trash. Raises NotFound."""
        with self._store.write(Text("File “{name}” restored", name=self._name(ids))) as session:
            for file in _load(session, ids, trashed=True):
                file.deleted_at = None

    def get(self, file_id: int) -> StoredFile:
        """What is known of a file. Raises NotFound for one that is gone or in the trash."""
        with self._store.read() as connection:
            row = connection.execute(text(_FILE), {"id": file_id}).first()
        if row is None:
            raise NotFound(Text("The file is no longer there."))
        return StoredFile(row.id, row.name, row.mime, row.size, row.content_id)

    def save_as(self, file_id: int, target: Path, tell: Tell = silent) -> None:
        """Write a file to a disk. Raises NotFound, StorageError, Damaged."""
        contents.write_to(self._store, self.get(file_id).content_id, target, tell)

    def bytes_of(self, file_id: int) -> bytes:
        """All of a file at once, to be looked at. Raises NotFound, Damaged."""
        return contents.bytes_of(self._store, self.get(file_id).content_id)

    def _attached(self, owner: Owner, names: Sequence[str]) -> Text:
        with self._store.read() as connection:
            title = owners.title_of(connection, owner) or ""
        if len(names) == 1:
            return Text("File “{name}” on “{title}”", name=names[0], title=title)
        return Plural("{n} file on “{title}”", "{n} files on “{title}”", n=len(names), title=title)

    def _name(self, ids: Sequence[int]) -> str:
        """What the first file is called, wherever it is by now."""
        with self._store.read() as connection:
            return connection.execute(text(_NAME), {"id": ids[0] if ids else 0}).scalar() or ""


class _Progress:
    """Tells of several pieces of work as of one."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done, self._here = tell, total, 0, 0

    def of_next(self) -> Tell:
        """What the next piece of work tells."""
        self._done, self._here = self._done + self._here, 0
        return self._hear

    def _hear(self, done: int, _total: int) -> None:
        self._here = done
        self._tell(min(self._done + done, self._total), self._total)


def clean_name(name: str) -> str:
    """The name of a file that came from outside, as it is kept."""
    return safe_name(name, NAMELESS)


def mime_of(name: str) -> str:
    """What kind of file its name says it is."""
    return (mimetypes.guess_type(name)[0] or _UNKNOWN)[:_MOST_MIME]


def _load(session: "Session", ids: Sequence[int], *, trashed: bool = False) -> list["Attachment"]:
    from app.models.memory import Attachment

    wanted = list(dict.fromkeys(ids))
    found = {file.id: file for file in session.scalars(select(Attachment).where(Attachment.id.in_(wanted)))}
    files = [found[file_id] for file_id in wanted if file_id in found]
    if len(files) < len(wanted) or any((file.deleted_at is not None) != trashed for file in files):
        if trashed:
            raise NotFound(Text("A file is no longer in the trash."), Text("Nothing was changed."))
        raise NotFound(Text("A file has been deleted in the meantime."), Text("Nothing was changed."))
    owners.require(session, [owner for file in files if (owner := owner_of(file)) is not None])
    return files


_FILE = """
SELECT file.id, file.name, file.mime, content.size, file.content_id
FROM attachment file JOIN content ON content.id = file.content_id WHERE file.id = :id
"""
_NAME = "SELECT name FROM attachment WHERE id = :id UNION ALL SELECT name FROM trashed_attachment WHERE id = :id"
