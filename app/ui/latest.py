"""What a view shows is read in a thread, one reading at a time, and only the last of what was asked is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.jobs import Jobs

_T = TypeVar("_T")


class Latest:
    """Reads for `owner`, a view or an object that goes with it.

    However often something is asked while a reading runs, there is one more at its end. `failed` is told of an error;
    without it that meets the guard.
    """

    def __init__(
        self,
        jobs: "Jobs",
        owner: QObject,
        title: Text,
        *,
        failed: Callable[[BaseException], object] | None = None,
        patient: bool = False,
    ) -> None:
        self._jobs, self._owner, self._title, self._patient = jobs, owner, title, patient
        self._failed = failed
        self._wanted: tuple[Callable[[], Any], Callable[[Any], object]] | None = None
        self.reading = False

    def ask(self, work: Callable[[], _T], then: Callable[[_T], object]) -> None:
        """Do this work in a thread, and `then` with what it brought, unless something else was asked by then."""
        self._wanted = (work, then)
        if not self.reading:
            self._read()

    def drop(self) -> None:
        """Nothing is wanted any more: what is read is not shown."""
        self._wanted = None

    def _read(self) -> None:
        asked = self._wanted
        assert asked is not None
        self.reading = True
        work, then = asked

        def done(found: Any) -> None:
            if self._over(asked):
                then(found)

        def failed(error: BaseException) -> None:
            self._over(asked)
            if self._failed is None:
                raise error
            self._failed(error)

        job = Job(
            self._title, lambda _progress: work(), done, failed, quiet=True, pool=True, patient=self._patient,
            owner=self._owner,
        )  # fmt: skip
        self._jobs.start(job)

    def _over(self, asked: object) -> bool:
        """Whether this is still what is wanted; else what is wanted is read."""
        self.reading = False
        if self._wanted is asked:
            self._wanted = None
            return True
        if self._wanted is not None:
            self._read()
        return False
