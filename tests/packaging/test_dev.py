"""The task runner's own decisions."""

import os
import sys
from collections.abc import Sequence

import pytest

import dev
import environment


@pytest.mark.parametrize(
    ("argv", "rest"),
    [
        (["run"], []),
        (["run", "--", "list", "--json"], ["list", "--json"]),
        (["run", "--data", "x"], ["--data", "x"]),
        (["run", "--", "--", "x"], ["--", "x"]),
        (["run", "import", "--", "-odd.csv"], ["import", "--", "-odd.csv"]),
    ],
)
def test_arguments_reach_the_program(argv: Sequence[str], rest: list[str]) -> None:
    assert dev.parse(argv) == (dev.run, rest)


@pytest.mark.parametrize("argv", [[], ["rnu"], ["--help"], ["--", "run"], [""]])
def test_what_is_no_task_is_none(argv: Sequence[str]) -> None:
    assert dev.parse(argv)[0] is None


@pytest.mark.parametrize(("argv", "code"), [([], 2), (["rnu"], 2), (["--help"], 0), (["help"], 0)])
def test_usage_names_every_task(argv: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(argv) == code
    shown = capsys.readouterr()
    text = shown.out if code == 0 else shown.err
    assert all(f"  {name} " in text for name in dev.TASKS)


def test_a_task_without_arguments_refuses_some(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "prepare_development", lambda: pytest.fail("set up before refusing"))
    assert dev.main(["check", "--fix"]) == 1
    assert "--fix" in capsys.readouterr().err


def test_interrupting_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Sequence[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(dev.TASKS, "bench", interrupted)
    assert dev.main(["bench"]) == 130
    assert capsys.readouterr().err == ""


def test_a_wrong_python_without_another_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "in_range", lambda _: False)
    monkeypatch.setattr(environment, "other_python", lambda: None)
    assert dev.main(["check"]) == 1
    error = capsys.readouterr().err
    assert "3.11, 3.12 or 3.13" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({}, ""),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, ""),
        ({"DISPLAY": ":0"}, "x11"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
    ],
)
def test_session(variables: dict[str, str], where: str) -> None:
    assert dev.session(variables) == where
    assert dev.session(dev.without_display({**variables, "LANG": "de"})) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack Qt's libraries")
def test_without_libraries_the_program_starts_without_a_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with its sentence: Qt would abort the whole program instead."""
    started: list[dict[str, str]] = []

    def lacking(_: str) -> None:
        raise environment.SetUpError("sudo apt-get install libegl1")

    def start(_path: str, command: list[str], variables: dict[str, str]) -> None:
        started.append(variables)
        sys.exit(command[-1])

    monkeypatch.setattr(environment, "ensure_venv", lambda _: None)
    monkeypatch.setattr(environment, "ensure_catalogues", lambda: None)
    monkeypatch.setattr(environment, "ensure_libraries", lacking)
    monkeypatch.setattr(os, "execve", start)
    monkeypatch.setenv("DISPLAY", ":0")
    with pytest.raises(SystemExit, match="list"):
        dev.run(["list"])
    assert "DISPLAY" not in started[0]
    assert "sudo apt-get install libegl1" in capsys.readouterr().err


def test_nothing_else_may_open_a_window_and_nothing_is_compiled_twice() -> None:
    asked = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":0", "PYTHONDONTWRITEBYTECODE": "1"}
    assert dev.quiet_environment(asked) == {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}
    assert asked["QT_QPA_PLATFORM"] == "xcb"


@pytest.mark.parametrize(("cores", "workers"), [(1, []), (2, ["-n", "2"]), (64, ["-n", "4"])])
def test_the_suite_uses_the_cores_there_are(cores: int, workers: list[str]) -> None:
    assert dev.whole_suite(cores)[:2] == workers


def test_a_failed_check_is_shown_and_counts(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dev, "CHECKS", {"Good": ("-c", ""), "Bad": ("-c", "print('the reason'); raise SystemExit(3)")})
    assert dev.run_checks() == 1
    shown = capfd.readouterr().out
    assert "Good: well" in shown
    assert "Bad: failed" in shown
    assert "the reason" in shown
