"""Statements over many rows: their ids bound as a list, in pieces that fit into one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.types import NullType

CHUNK = 500
T = TypeVar("T")


def chunks(ids: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`ids`, or what else there is one of for each, in pieces that fit into one statement."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def with_ids(statement: str) -> TextClause:
    """The statement, with `IN :ids` for a list."""
    # a type that is given is not guessed: to guess asks the ORM, which another thread may just be loading
    return text(statement).bindparams(bindparam("ids", expanding=True, type_=NullType()))
