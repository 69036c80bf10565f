"""Answers written down beforehand, in place of the questions a window asks; jobs that wait to be done."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from shiboken6 import isValid

from app.core.i18n import Text
from app.ui.bridge import FeedBridge
from app.ui.jobs import InlineJobs, Job, Progress


class ScriptedDialogs:
    """Answers in the order given and fails on a question nobody expected; `finish` fails on answers nobody wanted.

    A step is the kind of question ("ask", "tell", "open_file", "save_file", "choose_folder"), the beginning of its
    words, and the answer: for "ask" the wording of the button, of the one that leaves too, or None, for the files a
    path or None.
    """

    def __init__(self, *steps: tuple[str, str, object]) -> None:
        self._steps = list(steps)
        self.said: list[str] = []

    def finish(self) -> None:
        """Every step was asked for."""
        assert not self._steps, f"never asked: {self._steps}"

    def ask(
        self, question: Text, details: Text | None, answers: Sequence[Text], *, cancel: Text | None = None
    ) -> int | None:
        answer = self._answer("ask", question)
        return None if answer in (None, str(cancel or "Cancel")) else [str(each) for each in answers].index(str(answer))

    def tell(self, title: Text, details: Text | None = None) -> None:
        self._answer("tell", title)

    def open_file(self, title: Text, filters: Sequence[tuple[Text, str]], start: Path | None = None) -> Path | None:
        return self._path("open_file", title)

    def open_files(self, title: Text, filters: Sequence[tuple[Text, str]]) -> list[Path]:
        answer = self._answer("open_files", title)
        assert isinstance(answer, list)
        return answer

    def save_file(self, title: Text, name: str, filters: Sequence[tuple[Text, str]]) -> Path | None:
        return self._path("save_file", title)

    def choose_folder(self, title: Text, start: Path) -> Path | None:
        return self._path("choose_folder", title)

    def _path(self, kind: str, title: Text) -> Path | None:
        answer = self._answer(kind, title)
        assert answer is None or isinstance(answer, Path)
        return answer

    def _answer(self, kind: str, words: Text) -> object:
        self.said.append(str(words))
        assert self._steps, f"unexpected {kind}: {words}"
        expected, beginning, answer = self._steps.pop(0)
        assert (expected, str(words)[: len(beginning)]) == (kind, beginning)
        return answer


class AgreeingDialogs(ScriptedDialogs):
    """Says yes to everything; files are written into a folder, and none is ever chosen."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def ask(
        self, question: Text, details: Text | None, answers: Sequence[Text], *, cancel: Text | None = None
    ) -> int | None:
        self.said.append(str(question))
        return 0

    def tell(self, title: Text, details: Text | None = None) -> None:
        self.said.append(str(title))

    def open_file(self, title: Text, filters: Sequence[tuple[Text, str]], start: Path | None = None) -> Path | None:
        return None

    def open_files(self, title: Text, filters: Sequence[tuple[Text, str]]) -> list[Path]:
        return []

    def save_file(self, title: Text, name: str, filters: Sequence[tuple[Text, str]]) -> Path | None:
        return self._folder / name

    def choose_folder(self, title: Text, start: Path) -> Path | None:
        return None


class PromptJobs(InlineJobs):
    """Does every job at once; what it told from its thread arrives before `then`, as it does in the program."""

    def __init__(self, bridge: FeedBridge, guard: Callable[[BaseException], None]) -> None:
        super().__init__(guard)
        self._bridge = bridge

    def start(self, job: Job) -> Progress:
        if not isValid(self._bridge):  # the store was closed: a timer of what still stands there came too late
            return Progress(lambda done, total: None)

        def then(result: Any) -> None:
            QCoreApplication.sendPostedEvents(self._bridge)
            job.then(result)

        return super().start(replace(job, then=then))


class HeldJobs:
    """Starts nothing before it is told to; writes as while another job does."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Job, Progress]] = []

    def start(self, job: Job) -> Progress:
        progress = Progress(lambda done, total: None)
        self.jobs.append((job, progress))
        return progress

    def write(self, job: Job, leads: int = 1) -> None:
        self.start(replace(job, writes=True))

    def finish(self) -> None:
        """Do what waits, and what comes of it."""
        while self.jobs:
            job, progress = self.jobs.pop(0)
            job.then(job.work(progress))
