"""Every command: what it answers, in which form, and what it leaves behind."""

import json
import os
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.models.engine import connect
from app.models.opening import store_file
from app.services.lock import StoreLock
from tests.cli.conftest import Said, Trichter

TODAY = "2026-11-24"

OWN = """\
Name;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen;Budgetart;Währung;Leistungszeitraum von;Leistungszeitraum bis;\
Nächster Schritt am;Verantwortlich;Firma;Quelle;Schlagworte;Aktiv seit;Abgeschlossen am;Grund;Externe Nummer
A;Aktiv;Angebot;35 %;24.000,00;einmalig;EUR;2027-01;2027-03;2026-12-01;Anna Kern;Müller;Messe;Web, Print;\
2026-10-01;;;P-1
B;Aktiv;Verhandlungen;;3.000,00;monatlich;EUR;2027-02;2027-07;;Ben Roth;;;;2026-10-02;;;P-2
C;Aktiv;Angebot;12,5 %;10.000,00;einmalig;EUR;2026-03;2026-05;;;;;;2026-10-03;;;
W;Gewonnen;;;8.000,00;einmalig;EUR;;;;;Müller;;;2026-09-01;2026-11-01;Preis;
L;Verloren;;;1.000,00;einmalig;EUR;;;;;;;;2026-09-01;2026-11-11;;
I;Kontaktpotenzial;;;40.000,00;einmalig;CHF;;;;;;;;;;;
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small file in our own format."""
    file = tmp_path / "eigene.csv"
    file.write_text(OWN, "utf-8")
    return file


@pytest.fixture
def filled(trichter: Trichter, own: Path) -> Trichter:
    """The command line over a store that has read it."""
    done = trichter("--today", TODAY, "import", own, "--json")
    assert done.code == 0, done
    assert (done.json["created"], done.json["refused"]) == (6, [])
    return trichter


def _lead(said: Said, title: str) -> dict[str, Any]:
    lead: dict[str, Any] = next(lead for lead in said.json["leads"] if lead["title"] == title)
    return lead


def _one_sentence(said: Said) -> bool:
    return said.code == 1 and said.err.count("\n") == 1 and "Traceback" not in said.err


# --- list ---------------------------------------------------------------------------------------------------------


def test_list_as_json(filled: Trichter) -> None:
    said = filled("--today", TODAY, "list", "--json")
    assert list(said.json) == ["count", "volume", "weighted", "without_rate", "leads"]
    assert (said.json["count"], said.json["without_rate"]) == (6, 1)
    assert said.json["volume"] == "61000.00"
    lead = _lead(said, "A")
    assert len(lead.pop("uid")) == 32
    assert isinstance(lead.pop("id"), int)
    assert lead == {
        "external_number": "P-1", "title": "A", "status": "active", "stage": "Angebot", "probability": 35,
        "company": "Müller", "responsible": "Anna Kern", "amount": "24000.00", "currency": "EUR", "budget_kind": "once",
        "total": "24000.00", "weighted": "8400.00", "period_start": "2027-01-01", "period_end": "2027-03-31",
        "next_step_on": "2026-12-01", "activated_on": "2026-10-01", "closed_on": None, "reason": None,
        "source": "Messe", "tags": ["Print", "Web"],
    }  # fmt: skip


def test_list_tells_halves_months_and_what_is_not_there(filled: Trichter) -> None:
    said = filled("--today", TODAY, "list", "--json")
    assert _lead(said, "C")["probability"] == 12.5
    assert (_lead(said, "B")["total"], _lead(said, "B")["budget_kind"]) == ("18000.00", "monthly")
    won = _lead(said, "W")
    assert (won["status"], won["closed_on"], won["reason"], won["weighted"]) == ("won", "2026-11-01", "Preis", "0.00")
    idea = _lead(said, "I")
    assert (idea["total"], idea["weighted"], idea["probability"], idea["stage"]) == (None, None, None, None)
    assert (idea["amount"], idea["currency"]) == ("40000.00", "CHF")


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--status", "won"], "W"),
        (["--status", "active"], "ABC"),
        (["--stage", "angebot"], "AC"),
        (["--text", "mueller"], "AW"),
        (["--text", "müller 24000"], "A"),
        (["--text", "nirgends"], ""),
        (["--status", "active", "--stage", "Verhandlungen"], "B"),
    ],
)
def test_list_narrowed(filled: Trichter, options: list[str], titles: str) -> None:
    answer = filled("list", "--json", *options).json
    assert sorted(lead["title"] for lead in answer["leads"]) == sorted(titles)
    assert answer["count"] == len(titles)


def test_sums_cover_what_is_not_shown(filled: Trichter) -> None:
    whole, part = filled("list", "--json", "--limit", "0").json, filled("list", "--json", "--limit", "2").json
    assert (len(whole["leads"]), len(part["leads"])) == (6, 2)
    assert {**whole, "leads": []} == {**part, "leads": []}
    said = filled("list", "--limit", "2").out
    assert "2 of 6 leads are shown" in said
    assert "61,000.00" in said


def test_list_names_a_stage_that_is_not_there(filled: Trichter) -> None:
    said = filled("list", "--stage", "Abgebot")
    assert _one_sentence(said)
    assert "“Abgebot”" in said.err


# --- forecast and funnel ------------------------------------------------------------------------------------------


def test_forecast_as_json(filled: Trichter) -> None:
    answer = filled("--today", TODAY, "forecast", "--json").json
    assert list(answer) == [
        "currency", "months", "before", "after", "without_period", "total", "moved_from_past",
    ]  # fmt: skip
    assert [month["month"] for month in answer["months"]] == [
        "2026-11", "2026-12", *(f"2027-{n:02}" for n in range(1, 11))
    ]  # fmt: skip
    assert answer["months"][0] == {
        "month": "2026-11", "secured": "8000.00", "weighted": "1250.00", "unweighted": "10000.00", "goal": None,
    }  # fmt: skip
    assert answer["moved_from_past"] == "1250.00"
    parts = [*answer["months"], answer["before"], answer["after"], answer["without_period"]]
    for name in ("secured", "weighted", "unweighted"):
        assert sum(Decimal(part[name]) for part in parts) == Decimal(answer["total"][name])
    assert answer["total"] == {"secured": "8000.00", "weighted": "20450.00", "unweighted": "52000.00"}


@pytest.mark.parametrize(
    ("options", "first", "months"),
    [
        (["--from", "2027-02"], "2027-02", 12),
        (["--to", "2027-01"], "2026-11", 3),
        (["--from", "2026-11", "--to", "2026-11"], "2026-11", 1),
        (["--to", "2026-01"], "2026-01", 1),
    ],
)
def test_forecast_of_other_months(filled: Trichter, options: list[str], first: str, months: int) -> None:
    answer = filled("--today", TODAY, "forecast", "--json", *options).json
    assert (answer["months"][0]["month"], len(answer["months"])) == (first, months)
    assert answer["total"]["weighted"] == "20450.00"


def test_funnel_as_json(filled: Trichter) -> None:
    answer = filled("--today", TODAY, "funnel", "--json").json
    assert list(answer) == [
        "stages", "won", "lost", "dropped", "win_rate", "win_rate_value", "cycle_days_mean", "cycle_days_median",
        "velocity_per_day",
    ]  # fmt: skip
    stages = {stage["name"]: stage for stage in answer["stages"]}
    assert list(stages["Angebot"]) == [
        "name", "probability", "count", "volume", "weighted", "reached", "conversion",
    ]  # fmt: skip
    assert (stages["Angebot"]["count"], stages["Angebot"]["weighted"]) == (2, "9650.00")
    assert answer["stages"][0]["conversion"] is None
    assert (answer["won"], answer["lost"], answer["dropped"], answer["win_rate"]) == (1, 1, 0, 50)
    assert answer["win_rate_value"] == pytest.approx(88.8889)
    assert (answer["cycle_days_mean"], answer["cycle_days_median"]) == (66, 66)


def test_funnel_of_a_range_without_an_end_has_no_rates(filled: Trichter) -> None:
    answer = filled("funnel", "--json", "--from", "2030-01-01", "--mode", "touched").json
    assert (answer["won"], answer["win_rate"], answer["win_rate_value"]) == (0, None, None)
    assert (answer["cycle_days_mean"], answer["velocity_per_day"]) == (None, None)


def test_tables_for_people(filled: Trichter) -> None:
    funnel = filled("--today", TODAY, "funnel").out
    assert "Angebot" in funnel
    assert "50%" in funnel
    forecast = filled("--today", TODAY, "forecast").out
    assert "20,450.00" in forecast
    assert "1 lead without a rate" not in forecast  # ideas are in no forecast
    assert "1 open lead has months that have gone by" in forecast


def test_the_language_decides_on_words_and_signs(filled: Trichter) -> None:
    said = filled("--language", "de", "--today", TODAY, "list", "--status", "won")
    assert "Gewonnen" in said.out
    assert filled("--language", "de", "list", "--json").json == filled("list", "--json").json


# --- a folder without data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["list"], ["forecast"], ["funnel"], ["check"]])
def test_reading_a_new_folder_is_like_an_empty_store_and_leaves_it_alone(
    trichter: Trichter, data: Path, command: list[str]
) -> None:
    assert trichter(*command).code == 0
    answer = trichter(*command, "--json").json
    assert not data.exists()
    if command == ["list"]:
        assert answer == {"count": 0, "volume": "0.00", "weighted": "0.00", "without_rate": 0, "leads": []}
    if command == ["funnel"]:
        assert len(answer["stages"]) == 5
        assert answer["win_rate"] is None


def test_a_dry_run_leaves_a_new_folder_alone(trichter: Trichter, data: Path, own: Path) -> None:
    said = trichter("import", own, "--dry-run", "--json")
    assert (said.code, said.json["created"], said.json["import_id"]) == (0, 6, None)
    assert not data.exists()


def test_there_is_nothing_to_back_up(trichter: Trichter, data: Path, tmp_path: Path) -> None:
    assert _one_sentence(trichter("backup", tmp_path / "b.db"))
    assert not data.exists()
    assert not (tmp_path / "b.db").exists()


# --- import, export -----------------------------------------------------------------------------------------------


def test_import_as_json(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name;Volumen;Farbe\nA;1.234,50;rot\nB;viel;blau\n", "utf-8")
    said = trichter("import", file, "--json")
    assert said.code == 0
    assert list(said.json) == ["created", "updated", "skipped", "refused", "questions", "detected", "import_id"]
    assert (said.json["created"], said.json["import_id"]) == (1, 1)
    (refused,) = said.json["refused"]
    assert (refused["row"], refused["column"]) == (3, "Volumen")
    assert said.json["detected"]["delimiter"] == ";"
    assert said.json["detected"]["columns"]["Farbe"] is None
    text = trichter("import", file).out
    assert "Columns that were not read: Farbe" in text
    assert "Volumen" in text


def test_import_with_mapping_and_values(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Projekt=Titel,Stand\nA,gut\nB,mies\n", "utf-8")
    said = trichter(
        "import", file, "--map", "Projekt=Titel=title", "--map", "Stand=status", "--value", "Stand:gut=won",
        "--value", "Stand:mies=lost", "--json",
    )  # fmt: skip
    assert said.code in (0, 1)
    assert said.json["detected"]["columns"] == {"Projekt=Titel": "title", "Stand": "status"}


def test_a_question_is_asked_and_answered(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name,Status,Active since\nA,Active,03/04/2026\nB,Active,05/06/2026\n", "utf-8")
    asked = trichter("--today", TODAY, "import", file, "--json")
    assert asked.code == 1
    assert [question["column"] for question in asked.json["questions"]] == ["Active since"]
    assert asked.err.count("\n") == 1
    assert trichter("list", "--json").json["count"] == 0
    answered = trichter("--today", TODAY, "import", file, "--date-order", "mdy", "--json")
    assert (answered.code, answered.json["created"]) == (0, 2)
    leads = trichter("list", "--json").json["leads"]
    assert {lead["activated_on"] for lead in leads} == {"2026-03-04", "2026-05-06"}


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\r\n\x1a\n" + bytes(500), b"%PDF-1.7 x", b"x;y\n1;2\n"])
def test_a_file_that_is_no_list_of_leads(trichter: Trichter, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    assert _one_sentence(trichter("import", file))


def test_an_export_is_read_back_without_any_option(filled: Trichter, tmp_path: Path, data: Path) -> None:
    file = tmp_path / "aus.csv"
    assert filled("export", file).code == 0
    before = filled("--today", TODAY, "list", "--json", "--limit", "0").json
    again = filled("--data", tmp_path / "zwei", "--today", TODAY, "import", file, "--json")
    assert (again.json["created"], again.json["refused"]) == (6, [])
    after = filled("--data", tmp_path / "zwei", "--today", TODAY, "list", "--json", "--limit", "0").json
    for answer in (before, after):
        for lead in answer["leads"]:
            del lead["id"], lead["uid"]
        answer["leads"].sort(key=lambda lead: lead["title"])
    assert after == before


def test_an_export_does_not_take_the_place_of_the_store(filled: Trichter, data: Path) -> None:
    filled("list")
    before = store_file(data).read_bytes()
    assert _one_sentence(filled("export", store_file(data)))
    assert store_file(data).read_bytes() == before


# --- people -------------------------------------------------------------------------------------------------------


def _actors(data: Path) -> list[str | None]:
    query = "SELECT name FROM change_set LEFT JOIN member ON member.id = actor_id WHERE import_run_id IS NOT NULL"
    with closing(connect(store_file(data))) as connection:
        return [row[0] for row in connection.execute(query)]


def test_whose_step_it_is(trichter: Trichter, data: Path, own: Path) -> None:
    assert trichter("--user", "Carla Ende", "import", own).code == 0
    assert _actors(data) == ["Carla Ende"]
    assert trichter("--user", "ce", "list").code == 0  # by initials, whatever the case
    said = trichter("--user", "Niemand", "list")
    assert _one_sentence(said)
    assert "“Niemand”" in said.err


# --- backup, restore, check, demo ---------------------------------------------------------------------------------


def test_backup_and_restore(filled: Trichter, tmp_path: Path, own: Path, data: Path) -> None:
    target = tmp_path / "sicher.db"
    assert filled("backup", target).code == 0
    own.write_text("Name\nNeu\n", "utf-8")
    filled("import", own)
    assert filled("list", "--json").json["count"] == 7
    said = filled("restore", target)
    assert said.code == 0
    assert "before-restore" in said.out
    assert filled("list", "--json").json["count"] == 6
    assert len(list(data.glob("*before-restore*.db"))) == 1


def test_restore_names_the_window_that_is_open(filled: Trichter, tmp_path: Path, data: Path, clock: FixedClock) -> None:
    filled("backup", tmp_path / "b.db")
    with StoreLock(data, clock):
        said = filled("restore", tmp_path / "b.db")
        assert filled("list").code == 0  # reading goes on beside it
    assert _one_sentence(said)
    assert str(os.getpid()) in said.err


def test_before_an_import_there_is_a_backup(filled: Trichter, own: Path, data: Path) -> None:
    own.write_text("Name\nNeu\n", "utf-8")
    filled("import", own)
    newest = max((data / "backups").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    with closing(connect(newest, read_only=True)) as connection:
        assert connection.execute("SELECT count(*) FROM lead").fetchone() == (6,)


def test_check_and_repair(filled: Trichter, data: Path) -> None:
    assert filled("check", "--json").json == {"ok": True, "problems": []}
    with closing(connect(store_file(data))) as connection:
        connection.execute("UPDATE lead SET total_base = 1 WHERE title = 'A'")
    said = filled("check", "--json")
    assert said.code == 1
    (problem,) = said.json["problems"]
    assert (problem["kind"], problem["repairable"]) == ("derived", True)
    assert "1 lead" in problem["what"]
    assert filled("check", "--repair").code == 0
    assert filled("check").code == 0


def test_demo_goes_into_an_empty_store_only(trichter: Trichter) -> None:
    assert trichter("demo").code == 0
    count = trichter("list", "--json").json["count"]
    assert count > 50
    assert _one_sentence(trichter("demo"))
    assert trichter("list", "--json").json["count"] == count


@pytest.mark.parametrize("content", [b"rubbish" * 999, b"SQLite format 3\x00" + bytes(99)])
@pytest.mark.parametrize("command", ["list", "forecast", "check", "demo"])
def test_a_damaged_store_is_told_in_one_sentence(trichter: Trichter, data: Path, content: bytes, command: str) -> None:
    data.mkdir()
    store_file(data).write_bytes(content)
    assert _one_sentence(trichter(command))
    assert store_file(data).read_bytes() == content


def test_a_newer_store_is_told_in_one_sentence(filled: Trichter, data: Path) -> None:
    with closing(connect(store_file(data))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9001'")
    said = filled("list")
    assert _one_sentence(said)
    assert "newer version" in said.err


# --- usage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"], ["list", "--limit", "-1"], ["list", "--limit", "x"], ["list", "--limit", "²"],
        ["list", "--status", "offen"], ["list", "--lim", "3"], ["forecast", "--from", "2027-13"],
        ["forecast", "--from", "2027-02", "--to", "2027-01"], ["forecast", "--from", "0001-01", "--to", "9999-12"],
        ["funnel", "--from", "gestern"], ["funnel", "--from", "2027-01-02", "--to", "2027-01-01"],
        ["funnel", "--mode", "x"], ["import"], ["import", "x", "--map", "title"], ["import", "x", "--value", "a=b"],
        ["import", "x", "--date-order", "dym"], ["export"], ["backup"], ["restore"], ["--today", "31.12.2026", "list"],
        ["--language", "fr", "list"], ["list", "extra"], ["check", "extra"],
    ],
)  # fmt: skip
def test_wrong_usage_is_code_2_and_touches_nothing(trichter: Trichter, data: Path, arguments: list[str]) -> None:
    said = trichter(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert "usage:" in said.err
    assert not data.exists()


@pytest.mark.parametrize("command", [[], ["list"], ["import"], ["restore"]])
def test_help(trichter: Trichter, data: Path, command: list[str]) -> None:
    said = trichter(*command, "--help")
    assert said.code == 0
    assert "usage: trichter" in said.out
    assert not data.exists()


# --- as a process -------------------------------------------------------------------------------------------------


def _process(*arguments: str | Path, **settings: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **settings)


def test_reading_loads_neither_qt_nor_the_orm_nor_alembic(filled: Trichter, data: Path) -> None:
    code = (
        "import sys; from app.__main__ import main; assert main(sys.argv[1:]) == 0\n"
        "heavy = {'PySide6', 'sqlalchemy.orm', 'alembic', 'pyqtgraph', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    for command in (["list"], ["forecast", "--json"], ["funnel"], ["check"], ["list", "--text", "müller"]):
        done = subprocess.run(
            [sys.executable, "-c", code, "--data", str(data), *command], capture_output=True, check=True
        )
        assert done.stdout.splitlines()[-1] == b"[]", command


def test_utf8_whatever_the_terminal_says(filled: Trichter, data: Path) -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = _process("--data", data, "--language", "de", "list", env=plain)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Müller" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(filled: Trichter, data: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "app", "--data", str(data), "list", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_without_a_display_funnel_and_forecast_are_shown(home: Path, data: Path) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in names}
    done = _process("--data", data, "--language", "en", env=bare)
    if not sys.platform.startswith("linux"):
        pytest.skip("there is always a display there")
    said = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert said.startswith("There is no display")
    assert "demo data" in said
    assert "Win rate" in said
    assert "without service period" in said
    assert not data.exists()


def test_without_a_display_the_users_own_figures_are_shown(filled: Trichter, data: Path) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in names}
    done = _process("--data", data, "--language", "en", "--today", TODAY, env=bare)
    assert b"demo data" not in done.stdout
    assert "20,450.00" in done.stdout.decode("utf-8")


def test_two_commands_at_once_on_a_new_folder(own: Path, data: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "app", "--data", str(data), "import", str(own), "--json"], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    answers = [json.loads(each.communicate()[0]) for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sum(answer["created"] for answer in answers) >= 6
    assert _process("--data", data, "check").returncode == 0
