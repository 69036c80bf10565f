"""The bytes of files, in the database: in pieces of 1 MB, once for all files with equal ones.

A content is known by the SHA-256 of its bytes. It stays as long as a file (also one in the trash), a mail or a photo
refers to it, or an undo could bring such a one back. Nothing here ever holds more than one piece in memory.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from typing import IO, TYPE_CHECKING

from sqlalchemy import Connection, bindparam, text

from app.core.errors import Damaged, InvalidInput, NotFound
from app.core.files import flush_folder
from app.core.i18n import Text
from app.models.failures import translated
from app.models.history_terms import LIVING
from app.models.many import chunks, with_ids
from app.models.types import Instant

if TYPE_CHECKING:
    from app.models.store import Store

#: How far something is: bytes done, and bytes in all. Raises Cancelled to stop it.
Tell = Callable[[int, int], object]
Source = Path | bytes

PIECE = 1 << 20
MOST = 100 * PIECE

_UNCHANGED = Text("Nothing was changed.")


@dataclass(frozen=True)
class Draft:
    """Bytes that were looked at and are to be kept: what they are known by, and where to read them."""

    source: Source
    hash: str
    size: int


def silent(_done: int, _total: int) -> None:
    """Nobody wants to know."""


def draft(source: Source, tell: Tell = silent) -> Draft:
    """Look at a file or at bytes. Raises InvalidInput for what is no file or larger than 100 MB, StorageError."""
    size = size_of(source)
    digest, done = hashlib.sha256(), 0
    for piece in _pieces(source):
        digest.update(piece)
        done += len(piece)
        _keep_within(source, done)  # a file may grow while it is read
        tell(done, max(size, done))
    return Draft(source, digest.hexdigest(), done)


def size_of(source: Source) -> int:
    """How large it is. Raises InvalidInput for what is no file or larger than 100 MB, StorageError."""
    if isinstance(source, bytes):
        size = len(source)
    else:
        with translated():
            about = source.stat()
        if not S_ISREG(about.st_mode):  # a folder has no bytes, a pipe or a device would never end
            raise InvalidInput(Text("“{name}” is not a file.", name=source.name), _UNCHANGED)
        size = about.st_size
    _keep_within(source, size)
    return size


def put(connection: Connection, found: Draft, at: datetime, tell: Tell = silent) -> int:
    """Keep these bytes within the transaction of `connection`; returns the id of the content, an old one if equal.

    Raises InvalidInput where the file is another one by now, StorageError.
    """
    there: int | None = connection.execute(_SAME, {"hash": found.hash}).scalar()
    if there is not None:
        return there
    content: int = connection.execute(_CONTENT, {"hash": found.hash, "size": found.size, "at": at}).scalar_one()
    digest, done = hashlib.sha256(), 0
    for position, piece in enumerate(_pieces(found.source)):
        digest.update(piece)
        done += len(piece)
        if done > found.size:
            break
        connection.execute(_CHUNK, {"content": content, "position": position, "data": piece})
        tell(done, found.size)
    if digest.hexdigest() != found.hash:
        raise InvalidInput(Text("The file was changed while it was read."), _UNCHANGED)
    return content


def pieces_of(connection: Connection, content_id: int) -> Iterator[bytes]:
    """The bytes of a content, piece by piece. Raises NotFound, and Damaged after the last one if they are not whole."""
    known = connection.execute(text("SELECT hash, size FROM content WHERE id = :id"), {"id": content_id}).first()
    if known is None:
        raise NotFound(Text("The file is no longer there."))
    digest, done = hashlib.sha256(), 0
    for position in range((known.size + PIECE - 1) // PIECE):
        piece = connection.execute(_PIECE_AT, {"content": content_id, "position": position}).scalar()
        if piece is None:
            break
        digest.update(piece)
        done += len(piece)
        yield piece
    if digest.hexdigest() != known.hash or done != known.size:
        raise Damaged(Text("The content of the file is damaged."), Text("Restore a backup to have it back as it was."))


def bytes_of(store: "Store", content_id: int) -> bytes:
    """All of a content at once. Raises NotFound, Damaged."""
    with store.read() as connection:
        return b"".join(pieces_of(connection, content_id))


def read(source: Source) -> bytes:
    """All bytes of a file at once. Raises InvalidInput for what is no file or larger than 100 MB, StorageError."""
    size_of(source)
    return b"".join(_pieces(source))


def write_to(store: "Store", content_id: int, target: Path, tell: Tell = silent) -> None:
    """A content as a file, which takes its place only when it is whole. Raises NotFound, Damaged, StorageError."""
    with store.read() as connection, translated(), _partial(target) as file:
        total = connection.execute(text("SELECT size FROM content WHERE id = :id"), {"id": content_id}).scalar() or 0
        done = 0
        for piece in pieces_of(connection, content_id):
            file.write(piece)
            done += len(piece)
            tell(done, total)


@contextmanager
def _partial(target: Path) -> Iterator[IO[bytes]]:
    partial = target.with_name(f".{target.name[:60]}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        flush_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _pieces(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield from (source[start : start + PIECE] for start in range(0, len(source), PIECE))
        return
    with translated(), source.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _keep_within(source: Source, size: int) -> None:
    if size <= MOST:
        return
    if isinstance(source, bytes):
        raise InvalidInput(Text("The file is larger than 100 MB."), _UNCHANGED)
    raise InvalidInput(Text("“{name}” is larger than 100 MB.", name=source.name), _UNCHANGED)


def remove_unused(store: "Store") -> int:
    """Remove the bytes that nothing refers to and no undo could bring back; returns how many contents.

    In a team that is left to those who see all that could refer to them.
    """
    if not store.tended:
        return 0
    with store.maintenance() as connection:
        return remove_within(connection)


def remove_within(connection: Connection) -> int:
    """The same within a transaction of the writing connection."""
    ids = unused(connection)
    for chunk in chunks(ids):
        connection.execute(with_ids("DELETE FROM chunk WHERE content_id IN :ids"), {"ids": chunk})
        connection.execute(with_ids("DELETE FROM content WHERE id IN :ids"), {"ids": chunk})
    return len(ids)


def unused(connection: Connection) -> list[int]:
    """The contents that nothing refers to and no undo could bring back. Needs a connection that sees all rows."""
    loose = set(connection.execute(text(_LOOSE)).scalars())
    if loose:  # the history is long, and mostly it need not be asked
        loose -= set(connection.execute(text(_RETURNING)).scalars())
    return sorted(loose)


def damaged(connection: Connection, asked: Callable[[], object] = lambda: None) -> list[int]:
    """The contents whose bytes are not those that were put in. Reads all of them; `asked` is called for each piece."""
    wrong = []
    for content in connection.execute(text("SELECT id FROM content ORDER BY id")).scalars().all():
        try:
            for _ in pieces_of(connection, content):
                asked()
        except Damaged:
            wrong.append(content)
    return wrong


_SAME = text("SELECT id FROM content WHERE hash = :hash")
_CONTENT = text("INSERT INTO content (hash, size, at) VALUES (:hash, :size, :at) RETURNING id").bindparams(
    bindparam("at", type_=Instant)
)
_CHUNK = text("INSERT INTO chunk (content_id, position, data) VALUES (:content, :position, :data)")
_PIECE_AT = text("SELECT data FROM chunk WHERE content_id = :content AND position = :position")
_LOOSE = """
SELECT content.id FROM content
WHERE NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.content_id = content.id)
AND NOT EXISTS (SELECT 1 FROM mail WHERE mail.content_id = content.id)
AND content.id NOT IN (SELECT photo_id FROM person WHERE photo_id IS NOT NULL)
AND content.id NOT IN (SELECT photo_id FROM member WHERE photo_id IS NOT NULL)
"""
_RETURNING = f"""
WITH RECURSIVE {LIVING},
kept (before, after) AS (
  SELECT c.before, c.after FROM change c JOIN living ON living.id = c.change_set_id
  WHERE c.table_name IN ('attachment', 'mail', 'person', 'member')
  UNION ALL SELECT COALESCE(before, '{{}}'), COALESCE(after, '{{}}') FROM import_row
  WHERE table_name IN ('attachment', 'mail', 'person'))
SELECT json_extract(before, '$.content_id') FROM kept UNION SELECT json_extract(after, '$.content_id') FROM kept
UNION SELECT json_extract(before, '$.photo_id') FROM kept UNION SELECT json_extract(after, '$.photo_id') FROM kept
"""
