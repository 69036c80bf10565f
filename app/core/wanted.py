"""Whether what a thread is about to do is still wanted: asked by what waits long, deep below whoever could be told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.core.errors import Cancelled
from app.core.i18n import Text

#: True as long as it is wanted; may be asked from any thread.
Wanted = Callable[[], bool]


def _always() -> bool:
    return True


_WANTED: ContextVar[Wanted] = ContextVar("wanted", default=_always)


@contextmanager
def only_while(wanted: Wanted) -> Iterator[None]:
    """What is done within it is to be given up once this says no, and raises Cancelled then."""
    before = _WANTED.set(wanted)
    try:
        yield
    finally:
        _WANTED.reset(before)


def wish() -> Wanted:
    """What tells whether that which this thread does is wanted."""
    return _WANTED.get()


def cancelled() -> Cancelled:
    """The error for what was given up before anything of it was kept."""
    return Cancelled(Text("Cancelled. Nothing was changed."))
