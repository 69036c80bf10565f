"""Import, export, backup, restore, check and demo: what they answer and what they leave behind."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from app import bootstrap
from app.core import i18n
from app.core.clock import FixedClock
from app.core.paths import config_dir
from app.core.settings import BACKUP_FOLDER, COUNTRY, Settings
from app.models import migrate
from app.models.engine import connect
from app.models.opening import store_file
from app.services import lock
from app.services.backup import Reason, folder_of, found_in
from app.services.lock import StoreLock, holder
from tests.cli.conftest import TODAY, Trichter
from tests.models.children import with_a_further_revision

# --- an older store ------------------------------------------------------------------------------------------------


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program knows a further revision of the schema."""
    for name in ("_FOLDER", "HEAD", "KNOWN"):
        monkeypatch.setattr(migrate, name, getattr(migrate, name))  # put back afterwards
    with_a_further_revision(tmp_path / "revisions")


def test_a_store_that_a_window_has_is_not_brought_forward(
    filled: Trichter, data: Path, newer: None, clock: FixedClock
) -> None:
    with StoreLock(data, clock):
        said = filled("list")
        assert said.is_refusal
        assert "in a window (process" in said.err
        assert migrate.revision_of(store_file(data)) == "0004"
    assert filled("list").code == 0
    assert migrate.revision_of(store_file(data)) == "0005"
    assert holder(data) is None


def test_a_window_brings_the_store_forward_that_it_holds(
    filled: Trichter, data: Path, newer: None, clock: FixedClock
) -> None:
    around = bootstrap.surroundings(bootstrap.Options(data=data))
    with StoreLock(data, clock):
        bootstrap.open_store(around, "window", held=True).close()
    assert migrate.revision_of(store_file(data)) == "0005"


def test_the_backup_before_goes_where_all_of_them_go(filled: Trichter, data: Path, newer: None, tmp_path: Path) -> None:
    Settings(config_dir(data) / bootstrap.SETTINGS_FILE)[BACKUP_FOLDER] = str(tmp_path / "safe")
    assert filled("--today", "2001-01-01", "list").code == 0
    (made,) = found_in(tmp_path / "safe")
    assert made.reason is Reason.MIGRATION
    assert made.at.year > 2001  # else it would be taken for an old one, and removed
    assert migrate.revision_of(made.path) == "0004"
    assert Reason.MIGRATION not in {copy.reason for copy in found_in(folder_of(data))}


# --- import, export ------------------------------------------------------------------------------------------------


def test_import_as_json(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name;Volumen;Farbe\nA;1.234,50;rot\nB;viel;blau\n", "utf-8")
    said = trichter("import", file, "--json")
    assert said.code == 0
    assert list(said.json) == [
        "created",
        "updated",
        "skipped",
        "refused",
        "questions",
        "detected",
        "import_id",
    ]
    assert list(said.json["detected"]) == [
        "encoding", "delimiter", "decimal", "date_format", "header_row", "columns",
    ]  # fmt: skip
    assert (said.json["created"], said.json["import_id"]) == (1, 1)
    (refused,) = said.json["refused"]
    assert (refused["row"], refused["column"]) == (3, "Volumen")
    assert said.json["detected"]["delimiter"] == ";"
    assert said.json["detected"]["columns"]["Farbe"] is None
    text = trichter("import", file).out
    assert "Columns that were not read: Farbe" in text
    assert "Volumen" in text


@pytest.mark.parametrize("options", [[], ["--json"], ["--dry-run"]])
def test_where_every_row_is_refused_a_sentence_says_so(trichter: Trichter, tmp_path: Path, options: list[str]) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name;Volumen\nA;viel\nB;mehr\n", "utf-8")
    said = trichter("import", file, *options)
    assert said.is_refusal
    assert said.err == "All 2 rows were refused, so nothing was imported.\n"
    assert "viel" in said.out


def test_what_is_left_out_is_told(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name;Status;Abgeschlossen am\nA;Aktiv;2026-01-05\nB;Aktiv;2026-01-05\n", "utf-8")
    told = trichter("import", file, "--dry-run").out
    assert "Values that were left out:" in told
    assert [line.split() for line in told.splitlines()][-1][:4] == ["2", "Abgeschlossen", "am", "Only"]
    assert "Values that were left out:" in trichter("import", file, "--json").err


def test_shares_are_told(trichter: Trichter, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Deal;Phase;Wahrscheinlichkeit\nA;Angebot;0,5\n", "utf-8")
    assert "0.5 is 50%" in trichter("import", file).out
    assert "0.5 is 50%" in trichter("import", file, "--json").err


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
    assert trichter("import", file).is_refusal


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
    assert filled("export", store_file(data)).is_refusal
    assert store_file(data).read_bytes() == before


def _all_files(*folders: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("command", ["export", "backup"])
@pytest.mark.parametrize(
    "target",
    ["B/trichter.db", "B/trichter.db-wal", "B/trichter.db-shm", "B/trichter.lock", "B/backups", "B/settings.json",
     "good.db", "good.db-journal", "link.csv", "trichter-20260101T000000Z-exit.db", "B", ".", "nowhere/x"],
)  # fmt: skip
def test_nobodys_data_are_replaced(filled: Trichter, tmp_path: Path, own: Path, command: str, target: str) -> None:
    filled("--data", tmp_path / "B", "import", own)
    filled("backup", tmp_path / "good.db")
    (tmp_path / "link.csv").symlink_to(tmp_path / "B" / "trichter.db")
    (tmp_path / "trichter-20260101T000000Z-exit.db").write_bytes(b"damaged or encrypted")
    before = _all_files(tmp_path)
    said = filled(command, tmp_path / target)
    assert said.is_refusal
    assert "Please name" in said.err or "please name" in said.err or "no folder" in said.err
    assert _all_files(tmp_path) == before


# --- people --------------------------------------------------------------------------------------------------------


def _actors(data: Path) -> list[str | None]:
    query = "SELECT name FROM change_set LEFT JOIN member ON member.id = actor_id WHERE import_run_id IS NOT NULL"
    with closing(connect(store_file(data))) as connection:
        return [row[0] for row in connection.execute(query)]


def test_whose_step_it_is(trichter: Trichter, data: Path, own: Path) -> None:
    assert trichter("--user", "Carla Ende", "import", own).code == 0
    assert _actors(data) == ["Carla Ende"]
    assert trichter("--user", "ce", "list").code == 0  # by initials, whatever the case
    for folder in (data, data.with_name("nothing there")):
        said = trichter("--data", folder, "--user", "Niemand", "list")
        assert said.is_refusal
        assert "“Niemand”" in said.err
    assert not data.with_name("nothing there").exists()


def _members(data: Path) -> set[str]:
    with closing(connect(store_file(data))) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM member")}


WRONG = (None, b"%PDF-1.7 x", b"x;y\n1;2\n", b"Name;Status;Aktiv seit\nA;Aktiv;03/04/2026\n", b"Name;Volumen\nA;viel\n",
         b"Name;Kategorie\n" + b"".join(b"A;%d. Fach\n" % n for n in range(99)))  # fmt: skip


@pytest.mark.parametrize("content", WRONG)
def test_a_failed_import_leaves_nobody(filled: Trichter, data: Path, tmp_path: Path, content: bytes | None) -> None:
    before = _members(data)
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    assert filled("--user", "Neue Person", "import", file).code == 1
    assert _members(data) == before


@pytest.mark.parametrize("content", WRONG[:4])
def test_a_wrong_file_makes_no_store(trichter: Trichter, data: Path, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    assert trichter("import", file).code == 1
    assert not data.exists()


def test_nobody_can_be_called_nothing(trichter: Trichter, data: Path, own: Path) -> None:
    assert trichter("--user", " ", "import", own).is_refusal
    assert not data.exists()


def test_whom_the_demo_is_made_for(trichter: Trichter, data: Path) -> None:
    assert trichter("--user", "Carla Ende", "demo").code == 0
    assert "Carla Ende" in _members(data)
    assert trichter("--user", "Neue Person", "demo").is_refusal
    assert "Neue Person" not in _members(data)


# --- network drives ------------------------------------------------------------------------------------------------


def test_who_writes_to_a_network_drive_is_warned(
    trichter: Trichter, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "is_network_drive", lambda path: True)
    said = trichter("import", own, "--json")
    assert said.json["created"] == 6
    assert said.err.startswith("The data lie on a network drive.")
    assert said.err.count("\n") == 1
    trichter("backup", tmp_path / "b.db")
    writing = [("restore", tmp_path / "b.db"), ("check", "--repair"), ("demo",)]
    assert ["network drive" in trichter(*command).err for command in writing] == [True] * 3
    reading = [("import", own, "--dry-run"), ("list",), ("check",), ("export", tmp_path / "aus.csv")]
    assert [trichter(*command).err for command in reading] == [""] * 4


# --- backup, restore, check, demo ----------------------------------------------------------------------------------


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
    assert said.is_refusal
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
    assert trichter("demo").is_refusal
    assert trichter("list", "--json").json["count"] == count


@pytest.mark.parametrize("file", ["folder", "damaged.db", "diary.db", "device"])
def test_what_is_no_backup_is_told_as_that(filled: Trichter, data: Path, tmp_path: Path, file: str) -> None:
    filled("backup", tmp_path / "damaged.db")
    (tmp_path / "damaged.db").write_bytes((tmp_path / "damaged.db").read_bytes()[:20_000])
    (tmp_path / "diary.db").write_bytes(b"Dear diary")
    (tmp_path / "folder").mkdir()
    named = Path(os.devnull) if file == "device" else tmp_path / file
    before = store_file(data).read_bytes()
    said = filled("restore", named)
    assert said.is_refusal
    assert said.err.startswith(f"“{named}” is ")
    assert "data file" not in said.err
    assert store_file(data).read_bytes() == before


@pytest.mark.parametrize("command", ["list", "import", "export", "backup", "restore", "check", "demo"])
def test_a_file_is_no_folder_of_data(trichter: Trichter, own: Path, tmp_path: Path, command: str) -> None:
    file = {"import": [own], "restore": [own], "export": [tmp_path / "x"], "backup": [tmp_path / "x"]}.get(command, [])
    said = trichter("--data", own, command, *file)
    assert said.is_refusal
    assert "not a folder" in said.err


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name")
def test_a_pipe_is_not_taken_for_an_empty_file(trichter: Trichter, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    said = trichter("import", tmp_path / "pipe")
    assert said.is_refusal
    assert "“pipe” is not a file but a pipe" in said.err


def test_a_damaged_or_newer_store_is_named_with_its_newest_good_backup(filled: Trichter, data: Path, own: Path) -> None:
    own.write_text("Name\nNeu\n", "utf-8")
    filled("import", own)
    made, *others = found_in(folder_of(data))
    (folder_of(data) / "trichter-20990101T000000Z-exit.db").write_bytes(b"rubbish")
    with closing(connect(store_file(data))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9001'")
    newer = store_file(data).read_bytes()
    for content in (newer, newer[:20_000], b"rubbish" * 999):
        store_file(data).write_bytes(content)
        for command in ("list", "demo"):
            said = filled(command)
            assert said.is_refusal
            assert f"The file is {store_file(data)}." in said.err
            assert f": {made.path}" in said.err
        assert store_file(data).read_bytes() == content
    for copy in (made, *others):
        copy.path.unlink()
    assert "no good backup" in filled("list").err


def test_a_check_of_what_cannot_be_opened_is_an_answer(trichter: Trichter, data: Path) -> None:
    data.mkdir()
    store_file(data).write_bytes(b"rubbish" * 999)
    said = trichter("check", "--json")
    assert said.is_refusal
    assert said.json["ok"] is False
    (problem,) = said.json["problems"]
    assert (problem["kind"], problem["repairable"]) == ("file", False)
    assert str(store_file(data)) in problem["what"]


@pytest.mark.parametrize("content", [b"rubbish" * 999, b"SQLite format 3\x00" + bytes(99)])
@pytest.mark.parametrize("command", ["list", "forecast", "check", "demo"])
def test_a_damaged_store_is_told_in_one_sentence(trichter: Trichter, data: Path, content: bytes, command: str) -> None:
    data.mkdir()
    store_file(data).write_bytes(content)
    assert trichter(command).is_refusal
    assert store_file(data).read_bytes() == content


def test_a_newer_store_is_told_in_one_sentence(filled: Trichter, data: Path) -> None:
    with closing(connect(store_file(data))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9001'")
    said = filled("list")
    assert said.is_refusal
    assert "newer version" in said.err


@pytest.mark.parametrize(
    ("language", "chosen", "country"),
    [("de", None, "DE"), ("de", "AT", "AT"), ("de", "INT", "INT"), ("en", None, "INT")],
)
def test_german_that_was_asked_for_on_a_machine_of_no_country_is_that_of_germany(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, chosen: str | None, country: str
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    if chosen is not None:
        Settings(config_dir(tmp_path) / bootstrap.SETTINGS_FILE)[COUNTRY] = chosen
    try:
        around = bootstrap.surroundings(bootstrap.Options(data=tmp_path, language=language))
    finally:
        i18n.use("en", Path("nowhere"))
    assert around.formats.country == country
    with closing(bootstrap.open_store(around, "test")) as store:
        told = store.facts.country
    assert told == country.replace("INT", "DE"), "numbers without +49 are compared as those of this country"
