"""Where an export or a backup may go: to a place of the user's choice, but never in the place of somebody's data."""

import re
from contextlib import suppress
from pathlib import Path

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.models import place

_MAGIC = b"SQLite format 3\0"
#: A store and its copies are known by their names, too: one that is damaged or encrypted does not begin like one.
_STORE = re.compile(r"trichter(-.*)?\.db(\..*)?", re.IGNORECASE)
_LOG = re.compile(r"(.+)-(wal|shm|journal)", re.IGNORECASE | re.DOTALL)
#: What else the program keeps in a data folder, or is going to.
_KEPT = re.compile(r"trichter\.(lock|gate|holder)|settings\.json|window\.ini|backups|log", re.IGNORECASE)


def check_target(target: Path) -> None:
    """Whether a file may be written there, with a link followed to its end.

    Raises InvalidInput for a folder, one in a folder that is not there, and where a store, a copy of one or what
    belongs to it stands or would be looked for; OSError.
    """
    if not target.name or target.is_dir():
        raise InvalidInput(Text("“{path}” is a folder; please name a file.", path=str(target)))
    if not target.parent.is_dir():
        raise InvalidInput(Text("There is no folder “{path}”.", path=str(target.parent)))
    if is_store(target):
        raise InvalidInput(
            Text("“{path}” holds data of Trichter and was not replaced.", path=str(target)),
            Text("Please name another file, or move this one away first."),
        )
    if _belongs_to_store(target):
        raise InvalidInput(
            Text("“{path}” is a name that Trichter needs for its data.", path=str(target)),
            Text("Please name another file."),
        )


def link_end(target: Path) -> Path:
    """The file a link leads to. One that leads to itself is an error before Python 3.13, and stays a link since."""
    with suppress(RuntimeError):
        found = target.resolve()
        if not found.is_symlink():
            return found
    raise InvalidInput(Text("“{name}” is a link that leads nowhere.", name=target.name))


def is_store(file: Path) -> bool:
    """Whether a file is a database, or by its name a store or a copy of one."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC or _STORE.fullmatch(file.name) is not None


def _belongs_to_store(target: Path) -> bool:
    log = _LOG.fullmatch(target.name)
    if log is not None and is_store(target.with_name(log[1])):
        return True
    return _KEPT.fullmatch(target.name) is not None and place.exists(target.parent)
