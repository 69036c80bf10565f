"""The one way to run, test and look after Trichter: `python3 packaging/dev.py TASK [ARGS]`.

Every task sets up what it needs the first time; see environment.py. Standard library only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import environment
from environment import ROOT, SetUpError, say, script

if TYPE_CHECKING:  # an old Python would stumble over these
    from collections.abc import Callable, Mapping, Sequence

    Task = Callable[[Sequence[str]], int]


def run(args: Sequence[str]) -> int:
    """Start Trichter; what follows `--` goes to the program. Without a display it shows funnel and forecast as text."""
    environment.ensure_venv("program")
    environment.ensure_catalogues()
    variables = dict(os.environ)
    try:
        if session(variables):
            environment.ensure_libraries(session(variables))
    except SetUpError as error:  # Qt would abort; the program can do without a window
        print(error, file=sys.stderr, flush=True)
        variables = without_display(variables)
    command = [str(script("python")), "-P", "-m", "app", *args]
    if not environment.WINDOWS:  # there, a replaced process would look ended to the shell
        sys.stdout.flush()
        os.execve(command[0], command, variables)
    return subprocess.run(command, env=variables, check=False).returncode


def test(args: Sequence[str]) -> int:
    """The checks and then every test; ARGS go to pytest and name the tests to run."""
    prepare_development()
    checked = run_checks()
    say("Tests …")
    tested = in_venv("-m", "pytest", *(args or whole_suite(os.cpu_count() or 1)))
    return checked or tested


def check(args: Sequence[str]) -> int:
    """Style, types, layers and catalogues, without the tests."""
    refuse(args)
    prepare_development()
    return run_checks()


def bench(args: Sequence[str]) -> int:
    """Measure the speed; ARGS go to tests.benchmarks."""
    prepare_development()
    return in_venv("-m", "tests.benchmarks", *args)


def prove(args: Sequence[str]) -> int:
    """The long proofs at full counts; ARGS go to pytest."""
    prepare_development()
    return in_venv("-m", "pytest", "-m", "prove", *(args or ["tests"]))


def shots(args: Sequence[str]) -> int:
    """Make the pictures of the README; ARGS go to tests.shots."""
    prepare_development()
    return in_venv("-m", "tests.shots", *args)


def i18n(args: Sequence[str]) -> int:
    """Bring the catalogues up to date with the sources and compile them; --check only says what is missing."""
    environment.ensure_venv("development")
    if list(args) == ["--check"]:
        return in_venv("packaging/catalogues.py", "check")
    refuse(args)
    return in_venv("packaging/catalogues.py", "update")


TASKS: dict[str, Task] = {task.__name__: task for task in (run, test, check, bench, prove, shots, i18n)}

CHECKS: dict[str, Sequence[str]] = {
    "Style": ("-m", "ruff", "check", "--quiet"),
    "Format": ("-m", "ruff", "format", "--check", "--quiet"),
    "Types": ("-m", "mypy", "--no-error-summary"),
    "Layers": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "Catalogues": ("packaging/catalogues.py", "check"),
}


def run_checks() -> int:
    """Every check, each with one line; what a failed one had to say is shown. 0 when all are well."""
    failed = 0
    for name, command in CHECKS.items():
        done = subprocess.run(
            [str(script("python")), *command],
            cwd=ROOT,
            env=quiet_environment(os.environ),
            capture_output=True,
            check=False,
        )
        say(f"{name}: {'failed' if done.returncode else 'well'}")
        if done.returncode:
            failed = 1
            sys.stdout.flush()
            sys.stdout.buffer.write(done.stdout + done.stderr)
            sys.stdout.flush()
    return failed


def whole_suite(cores: int) -> list[str]:
    """How pytest runs everything: spread over the cores, which pays from the second core on.

    Each worker goes through whole files, and takes over half of what another one has left: none ends alone with a long
    file.
    """
    return ["-n", str(min(cores, 4)), "--dist", "worksteal"] if cores > 1 else []


def prepare_development() -> None:
    """Everything that tests and checks need."""
    environment.ensure_venv("development")
    environment.ensure_libraries("")
    environment.ensure_catalogues()


def in_venv(*command: str) -> int:
    """Run .venv's Python in the project's folder, windows going nowhere; gives the exit code."""
    return subprocess.run(
        [str(script("python")), *command], cwd=ROOT, env=quiet_environment(os.environ), check=False
    ).returncode


def quiet_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment for everything that must not open a window.

    In a shell that forbids bytecode every process that a test starts, and every worker, would compile all there is.
    """
    kept = {name: value for name, value in variables.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


def session(variables: Mapping[str, str]) -> str:
    """Where a window would open on Linux: 'x11', 'wayland' or nowhere, ''. A dead display is the program's business."""
    if variables.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "x11" if variables.get("DISPLAY") else ""


def without_display(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of someone who has no display."""
    return {name: value for name, value in variables.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


def refuse(args: Sequence[str]) -> None:
    """Leave with a sentence when a task that takes no arguments got some."""
    if args:
        raise SetUpError(f"This task does not know {' '.join(args)}.")


def parse(argv: Sequence[str]) -> tuple[Task | None, list[str]]:
    """The task and its arguments; one `--` between them is dropped. None when there is no such task."""
    if not argv or argv[0] not in TASKS:
        return None, list(argv)
    rest = list(argv[1:])
    return TASKS[argv[0]], rest[1:] if rest[:1] == ["--"] else rest


def usage() -> str:
    """What can be asked for."""
    lines = ["Usage: python3 packaging/dev.py TASK [ARGS]", ""]
    return "\n".join(lines + [f"  {name:6} {task.__doc__}" for name, task in TASKS.items()])


def main(argv: Sequence[str]) -> int:
    """Run the task; 0 well, 1 it failed, 2 wrong usage, 130 interrupted."""
    task, args = parse(argv)
    if task is None:
        asked = bool(argv) and argv[0] in ("help", "-h", "--help")
        print(usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        if not environment.in_range(sys.version_info[:2]):
            return with_other_python(argv)
        return task(args)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def with_other_python(argv: Sequence[str]) -> int:
    """Start again with a Python in range."""
    python = environment.other_python()
    if python is None:
        raise SetUpError(f"Trichter needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")
    return subprocess.run([python, __file__, *argv], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
