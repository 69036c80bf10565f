"""The log and what a hard crash leaves; neither may hold what a user typed."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from app.core import log
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse import amount

SECRET = "Kunde Müller 48.000"


@pytest.fixture
def folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    """A folder into which is logged."""
    end = log.set_up(tmp_path / "log")
    yield tmp_path / "log"
    end()
    caplog.get_records("call").clear()


def handler() -> RotatingFileHandler:
    return next(each for each in logging.getLogger().handlers if isinstance(each, RotatingFileHandler))


def written(folder: Path) -> str:
    return (folder / "trichter.log").read_text("utf-8")


def test_messages_are_written_without_their_arguments(folder: Path) -> None:
    logging.getLogger("app.services.leads").warning("lead %s was refused", SECRET)
    assert "WARNING app.services.leads lead %s was refused" in written(folder)
    assert SECRET not in written(folder)


@pytest.mark.parametrize("message", [f"row of {SECRET}", ValueError(SECRET), SECRET.split()])
def test_of_other_packages_only_the_place_is_written(folder: Path, message: object) -> None:
    logging.getLogger("sqlalchemy.pool").error(message)
    logging.getLogger("application").error(message)
    assert "ERROR sqlalchemy.pool test_log:" in written(folder)
    assert "Müller" not in written(folder)


def test_an_error_as_message_is_not_written_either(folder: Path) -> None:
    logging.getLogger("app.ui").error(ValueError(SECRET))
    assert "Müller" not in written(folder)


def test_errors_are_written_as_classes_and_places(folder: Path) -> None:
    def break_down() -> None:
        try:
            amount(SECRET, "EUR")
        except InvalidInput as refused:
            raise KeyError(SECRET) from refused

    try:
        break_down()
    except KeyError:
        logging.getLogger("app").exception("it broke for %s", SECRET)
    text = written(folder)
    assert "  KeyError\n" in text
    assert "  caused by\n  app.core.errors.InvalidInput: “{text}” is not an amount." in text
    assert "app.core.parse.amounts:" in text
    assert "Müller" not in text


def test_every_part_of_a_group_is_written_once() -> None:
    inner = OSError(28, SECRET, SECRET)
    inner.__cause__ = inner
    group = ExceptionGroup(SECRET, [inner, ExceptionGroup(SECRET, [ValueError(SECRET)]), inner])
    lines = log.describe(group)
    assert lines.count("OSError: errno 28") == 1
    assert lines.count("ValueError") == 1
    assert "Müller" not in lines


def test_suppressed_causes_stay_out() -> None:
    error = RuntimeError(SECRET)
    error.__context__ = LookupError(SECRET)
    assert log.describe(error).split() == ["RuntimeError", "caused", "by", "LookupError"]
    error.__suppress_context__ = True
    assert log.describe(error).split() == ["RuntimeError"]


def test_codes_of_the_database_are_written() -> None:
    error = RuntimeError(SECRET)
    error.sqlite_errorname = "SQLITE_FULL"  # type: ignore[attr-defined]
    assert log.describe(error).strip() == "RuntimeError: SQLITE_FULL"


def test_one_record_is_one_line(folder: Path) -> None:
    logging.getLogger("app").warning("first\nsecond")
    assert len(written(folder).splitlines()) == 1


def test_less_than_a_warning_is_not_written(folder: Path) -> None:
    logging.getLogger("app").info("nothing special")
    assert written(folder) == ""


def test_the_log_does_not_grow_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler(), "maxBytes", 1000)
    for _ in range(200):
        logging.getLogger("app").warning("the same thing again and again")
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["trichter.log", "trichter.log.1", "trichter.log.2", "trichter.log.3"]
    assert all(path.stat().st_size <= 1000 for path in folder.iterdir())


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way", "utf-8")
    handlers = list(logging.getLogger().handlers)
    end = log.set_up(tmp_path / "log", crashes=True)
    assert logging.getLogger().handlers == handlers
    end()


def test_a_full_disk_is_silent(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(record: logging.LogRecord) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handler(), "format", fail)
    logging.getLogger("app").warning("lost")
    assert capsys.readouterr().err == ""


def test_nothing_is_left_behind_after_the_end(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    log.set_up(tmp_path)()
    assert logging.getLogger().handlers == handlers


CRASH = """
import faulthandler, sys
from pathlib import Path
from app.core import log
end = log.set_up(Path(sys.argv[1]), crashes=True)
if sys.argv[2] == "crash":
    faulthandler._sigsegv()
end()
"""


def run(folder: Path, how: str) -> int:
    """The exit code of another process that logs to `folder` and crashes or ends."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", CRASH, str(folder), how], cwd=root, capture_output=True, check=False)
    return done.returncode


def test_a_hard_crash_is_told_once_without_names_of_folders(tmp_path: Path) -> None:
    assert run(tmp_path, "crash") != 0
    text = log.last_crash(tmp_path)
    assert text is not None
    assert "Segmentation fault" in text or "access violation" in text
    assert str(Path.cwd()) not in text
    assert log.last_crash(tmp_path) is None


def test_who_ends_well_leaves_nothing_to_tell(tmp_path: Path) -> None:
    assert run(tmp_path, "end") == 0
    assert log.last_crash(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["trichter.log"]


def test_names_of_folders_are_cut_from_the_stack(tmp_path: Path) -> None:
    stack = 'File "/home/anna/my agency/app/core/log.py", line 3\n  File "C:\\Users\\Anna\\x.py", line 1\n'
    (tmp_path / "crash-1.txt").write_text(stack, "utf-8")
    assert log.last_crash(tmp_path) == 'File "app/core/log.py", line 3\n  File "x.py", line 1\n'


def test_the_newest_crash_is_told_and_running_programs_are_left_alone(tmp_path: Path) -> None:
    for number, text in enumerate(["old", "new", ""]):
        path = tmp_path / f"crash-{number}.txt"
        path.write_text(text, "utf-8")
        os.utime(path, (1000 + number, 1000 + number))
    assert log.last_crash(tmp_path) == "new"
    assert (tmp_path / "crash-2.txt").exists()
    assert log.last_crash(tmp_path / "never") is None


def test_what_killed_programs_left_empty_is_removed_after_a_month(tmp_path: Path) -> None:
    old, fresh = tmp_path / "crash-1.txt", tmp_path / "crash-2.txt"
    old.touch()
    fresh.touch()
    os.utime(old, (1000, 1000))
    assert run(tmp_path, "end") == 0
    assert not old.exists()
    assert fresh.exists()


def test_a_template_is_what_an_expected_error_is_logged_as() -> None:
    error = InvalidInput(Text("There is no {day}.", day=SECRET))
    assert log.describe(error).strip() == "app.core.errors.InvalidInput: There is no {day}."
