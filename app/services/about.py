"""What the program is made of and works with, for its own description."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from app import __version__

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True)
class About:
    """Versions, and where the data are."""

    version: str
    sqlite: str
    folder: Path
    file: Path


def about(store: "Store") -> About:
    """The facts of an open store."""
    with store.read() as connection:
        sqlite: str = connection.execute(text("SELECT sqlite_version()")).scalar_one()
    return About(__version__, sqlite, store.path.parent, store.path)
