"""What holds for every test: no display, a home of its own, nothing left running, nothing unexpected in the log."""

import gc
import itertools
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.core import i18n
from tests.memory import memory
from tests.stores import clock, fillings, folder, stock, stocked, store, template

__all__ = ["clock", "fillings", "folder", "stock", "stocked", "store", "template"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"
if fast := memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast))  # where pytest makes its folders; --basetemp wins

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

_NUMBERS = itertools.count()
#: So many new objects, and it looks for garbage again. Python's own 700 are a twelfth of all that the tests reckon.
_NEW_OBJECTS = 20_000


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Next to nothing of what is imported and collected becomes garbage, and to look costs half of the time for it."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    gc.enable()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every test gets a home."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; nothing a test does can reach the real one."""
    folder = homes / str(next(_NUMBERS))
    folder.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    (folder / "runtime").mkdir(mode=0o700)  # Qt warns when it is open to others or missing
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "runtime"))
    monkeypatch.delenv("TRICHTER_DATA", raising=False)
    return folder


@pytest.fixture(autouse=True)
def plain_english(homes: Path) -> Iterator[None]:
    """Every test begins in English without formats, whatever language the one before it spoke."""
    yield
    i18n.use("en", homes)


@pytest.fixture(autouse=True)
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The garbage collector works again after a test that started the program, which switches it off at first.

    And it looks again at what was there then: the program takes all of that for its own, that stays to the end.
    """
    frozen: list[bool] = []  # to count what is frozen would take longer than most tests
    freeze = gc.freeze

    def noted() -> None:
        frozen.append(True)
        freeze()

    monkeypatch.setattr(gc, "freeze", noted)
    yield
    gc.enable()
    if frozen:
        gc.unfreeze()
        gc.collect()
        freeze()


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Fails a test that leaves a thread running which would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(timeout=2)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"left running: {names}"


@pytest.fixture(autouse=True)
def no_warnings_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test during which a warning was logged. One that expects it looks at `caplog` and clears it."""
    yield
    warnings = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not warnings, f"unexpected in the log: {warnings}"
