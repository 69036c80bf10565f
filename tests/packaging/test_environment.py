"""The set-up's own decisions: what is missing, what is stale, what may be done about it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import environment

LDCONFIG = """2 libs found in cache `/etc/ld.so.cache'
\tlibEGL.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libEGL.so.1
\tlibGL.so.1 (libc6) => /lib/i386-linux-gnu/libGL.so.1
"""


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that passes for .venv; nothing in it yet."""
    folder = tmp_path / "with space" / ".venv"
    monkeypatch.setattr(environment, "VENV", folder)
    return folder


def make(venv: Path, version: str) -> None:
    """A virtual environment as far as the set-up looks at it."""
    python = environment.script("python")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n", encoding="utf-8")
    (venv / "lib" / "python3.12" / "site-packages").mkdir(parents=True)


@pytest.mark.parametrize(("version", "fits"), [((3, 10), False), ((3, 11, 2), True), ((3, 13), True), ((3, 14), False)])
def test_range_of_pythons(version: tuple[int, ...], fits: bool) -> None:
    assert environment.in_range(version) is fits


def test_missing_libraries_are_named_by_package() -> None:
    wanted = {
        "libegl1": "libEGL.so.1",
        "libgl1": "libGL.so.1",
        "libxcb-cursor0": "libxcb-cursor.so.0",
        "odd": "libGL.so",
    }
    assert environment.missing_libraries(wanted, LDCONFIG) == ["libxcb-cursor0", "odd"]
    assert environment.missing_libraries(wanted, "") == list(wanted)


def test_no_venv_has_no_version(venv: Path) -> None:
    assert environment.venv_version() is None
    venv.mkdir(parents=True)
    assert environment.venv_version() is None


def test_a_venv_whose_python_is_gone_is_none(venv: Path) -> None:
    make(venv, "3.12.1")
    assert environment.venv_version() == (3, 12, 1)
    environment.script("python").unlink()
    environment.script("python").symlink_to("/nowhere/python")
    assert environment.venv_version() is None


def test_fresh_means_same_lock_same_python_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    here = environment.fingerprint(b"lock", (3, 11, 2))
    assert environment.fingerprint(b"lock", (3, 11, 2)) == here
    assert environment.fingerprint(b"lock2", (3, 11, 2)) != here
    assert environment.fingerprint(b"lock", (3, 11, 3)) != here
    monkeypatch.setattr(environment, "ROOT", Path("/elsewhere"))
    assert environment.fingerprint(b"lock", (3, 11, 2)) != here


def test_dependencies_are_installed_once(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(venv, "3.12.1")
    installed: list[str] = []
    monkeypatch.setattr(environment, "pip_install", lambda lock: installed.append(lock.name))
    for level in ("program", "program", "development", "program", "development"):
        environment.ensure_venv(level)
    assert installed == ["requirements.txt", "requirements-dev.txt"]


def test_an_interrupted_installation_is_made_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(venv, "3.12.1")

    def fails(lock: Path) -> None:
        raise environment.SetUpError(lock.name)

    monkeypatch.setattr(environment, "pip_install", fails)
    with pytest.raises(environment.SetUpError):
        environment.ensure_venv("program")
    with pytest.raises(environment.SetUpError):
        environment.ensure_venv("program")


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_command_starts_the_program_from_anywhere(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from a folder with a space in its name, and one that holds an `app` of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    program = tmp_path / "program" / "app"
    stranger = tmp_path / "stranger" / "app"
    for folder, word in ((program, "ours"), (stranger, "theirs")):
        folder.mkdir(parents=True)
        (folder / "__main__.py").write_text(f"import sys\nprint({word!r}, *sys.argv[1:])\n", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", program.parent)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    environment.link_program()
    command = [str(venv / "bin" / "trichter"), "list", "--text", "two words"]
    done = subprocess.run(command, cwd=stranger.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "ours list --text two words\n"


def test_without_root_the_command_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(environment.SetUpError, match=r"sudo apt-get install .* libegl1 libgl1$"):
        environment.apt_install(["libegl1", "libgl1"], "the window")


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(environment.SetUpError, match="libegl1"):
        environment.apt_install(["libegl1"], "the window")


def test_catalogues_are_stale_when_missing_or_older(tmp_path: Path) -> None:
    po = tmp_path / "de" / "LC_MESSAGES" / "trichter.po"
    po.parent.mkdir(parents=True)
    po.touch()
    assert environment.stale_catalogues(tmp_path) == [po]
    mo = po.with_suffix(".mo")
    mo.touch()
    os.utime(po, (1000, 1000))
    assert environment.stale_catalogues(tmp_path) == []
    os.utime(mo, (500, 500))
    assert environment.stale_catalogues(tmp_path) == [po]


@pytest.mark.parametrize("lock", environment.LOCKS.values(), ids=environment.LOCKS)
def test_locks_pin_and_hash_everything_and_name_no_index(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8").strip())
    assert len(entries) > 10
    assert all(re.match(r"[a-z0-9._-]+==\S+( ; .+)? \\\n    --hash=sha256:", entry) for entry in entries)
    assert "http" not in lock.read_text(encoding="utf-8")
    assert "--index" not in lock.read_text(encoding="utf-8")


def test_the_development_lock_holds_all_of_the_program() -> None:
    def pins(lock: Path) -> set[str]:
        return {line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line}

    assert pins(environment.LOCKS["program"]) <= pins(environment.LOCKS["development"])


def test_the_runner_is_understood_by_an_old_python() -> None:
    """Whoever has the wrong Python should read a sentence, not a SyntaxError."""
    for name in ("dev.py", "environment.py"):
        ast.parse((environment.ROOT / "packaging" / name).read_text(encoding="utf-8"), feature_version=(3, 8))
