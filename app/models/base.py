"""What tables are made of. One convention names constraints and indexes, so that migrations can speak of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.models.types import Exact, Instant, Key, new_uid


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, Decimal: Exact}


def reference(target: str, *, optional: bool = True, index: bool = True) -> Mapped[Any]:
    """A column that refers to another table; checked at the commit."""
    key = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return mapped_column(Key, key, nullable=optional, index=index)


class Business:
    """Primary key that is never reused, and a name for the row that holds in every copy of the data."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-2)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid, sort_order=-1)


class Erasable:
    """Can be put into the trash."""

    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=100)


#: Keeps SQLite from handing out a key twice, which would lay an old history on a new record.
NEVER_REUSED = {"sqlite_autoincrement": True}

LIVE = text("deleted_at IS NULL")


def one_of(*columns: str) -> CheckConstraint:
    """Exactly one of these columns says what a row belongs to."""
    counted = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in columns)
    return CheckConstraint(f"{counted} = 1", name="one_owner")
