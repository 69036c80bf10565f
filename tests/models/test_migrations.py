"""The schema of the models is the one the migrations make; what is not ours is left as it is."""

import hashlib
import re
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event

from app.core.errors import Damaged, NewerStore, NotFound, StorageError
from app.models import migrate
from app.models.engine import connect, migrating_engine, writing_engine
from app.models.opening import create_store, open_store, store_file
from app.models.schema import METADATA
from tests.models.children import fill, with_a_further_revision


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fts(name: str | None) -> bool:
    return bool(name and name.startswith("search_fts"))


def test_the_migrations_make_the_schema_of_the_models(folder: Path) -> None:
    engine = writing_engine(store_file(folder))
    try:
        with engine.connect() as connection:
            # a reference that came with an added column is not recognised; the next test looks at its words
            options = {
                "include_object": lambda thing, name, kind, *_: (
                    not (kind == "table" and _fts(name)) and kind != "foreign_key_constraint"
                )
            }
            context = MigrationContext.configure(connection, opts={**options, "compare_type": True})
            assert compare_metadata(context, METADATA) == []
    finally:
        engine.dispose()


_ADDED_REFERENCE = re.compile(r"(\w+) INTEGER CONSTRAINT (fk_\w+) REFERENCES")


def _parts(sql: str) -> set[str]:
    """The columns and constraints of a CREATE TABLE, or an index, apart from order and white space."""
    flat = " ".join(sql.split())
    if flat.startswith("CREATE TABLE"):
        head, _, body = flat.partition("(")
        flat = _ADDED_REFERENCE.sub(r"\1 INTEGER, CONSTRAINT \2 FOREIGN KEY(\1) REFERENCES", body.rpartition(")")[0])
        flat = flat.replace(" CONSTRAINT ", ", CONSTRAINT ")  # an added column brings its own along
        parts = {part.strip() for part in re.split(r",(?![^(]*\))", flat)}
        return {head.strip().replace('"', "")} | parts - {""}
    return {flat}


def test_checks_and_partial_indexes_are_the_same_too(folder: Path) -> None:
    """Alembic compares neither CHECK constraints nor the conditions of indexes."""
    made = create_engine("sqlite://")
    statements: dict[str, set[str]] = {}
    with made.begin() as connection:
        METADATA.create_all(connection)
        for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            statements[name] = _parts(sql)
    made.dispose()
    with closing(connect(store_file(folder))) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    migrated = {name: _parts(sql) for name, sql in rows if not name.startswith("search_") or name == "search_doc"}
    migrated = {
        name: parts for name, parts in migrated.items() if name not in ("alembic_version", "ix_search_doc_lead_id")
    }
    statements.pop("ix_search_doc_lead_id")
    assert migrated == statements


def test_every_table_keeps_its_keys(folder: Path) -> None:
    with closing(connect(store_file(folder))) as connection:
        sql = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    assert all("AUTOINCREMENT" in sql[name] for name in METADATA.tables)


def test_foreign_keys_wait_for_the_commit_and_have_an_index(folder: Path) -> None:
    with closing(connect(store_file(folder))) as connection:
        for table in METADATA.tables:
            indexed = set()
            for row in connection.execute(f"PRAGMA index_list('{table}')").fetchall():
                indexed.add(connection.execute(f"PRAGMA index_info('{row[1]}')").fetchone()[2])
            for key in connection.execute(f"PRAGMA foreign_key_list('{table}')").fetchall():
                assert key[3] in indexed, (table, key[3])
                assert key[6] == "NO ACTION", "a cascade passes the history by"
    assert all(key.deferrable for table in METADATA.tables.values() for key in table.foreign_keys)


def test_a_store_of_today_is_opened_without_alembic(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("migrated without need")

    monkeypatch.setattr(migrate, "_run", refuse)
    open_store(folder, origin="test").close()


def test_an_older_store_is_brought_forward_after_a_backup(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, 3)
    _know_a_further_revision(tmp_path, monkeypatch)
    backup = tmp_path / "safe" / "before.db"
    store = open_store(folder, origin="test", before_migration=lambda: backup)
    try:
        with store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(colour) FROM main.lead").scalar() == 3
            assert connection.exec_driver_sql("SELECT count(*) FROM stage_entry").scalar() == 3
    finally:
        store.close()
    assert migrate.revision_of(backup) == "0004"
    assert migrate.revision_of(store_file(folder)) == "0005"


_OF_0001 = """
INSERT INTO store_setting (key, value) VALUES ('base_currency', 'EUR'), ('country', 'DE'),
  ('time_zone', 'Europe/Berlin');
INSERT INTO stage (id, uid, name, probability, position, idle_days, required)
  VALUES (1, 's1', 'A', 159, 0, 0, ''), (2, 's2', 'B', 160, 1, 0, ''), (3, 's3', 'C', 99, 2, 0, '');
INSERT INTO lead (id, uid, title, status, stage_id, amount_minor, currency, budget, info, created_at, activated_on,
    remark, title_key)
  VALUES (1, 'l1', 'a', 'active', 1, 100, 'EUR', 'once', '', 0, 1, '', 'a'),
    (2, 'l2', 'b', 'active', 2, 100, 'EUR', 'once', '', 0, 1, '', 'b'),
    (3, 'l3', 'c', 'potential', NULL, 100, 'EUR', 'once', '', 0, NULL, '', 'c');
"""


def test_a_store_of_the_first_schema_keeps_all_and_gets_its_categories(tmp_path: Path) -> None:
    path = store_file(tmp_path)
    engine = migrating_engine(path)
    with engine.begin() as connection:
        migrate._run(connection, "0001")
    engine.dispose()
    with closing(connect(path)) as connection:
        connection.executescript(_OF_0001)
    store = open_store(tmp_path, origin="test", before_migration=lambda: tmp_path / "before.db")
    try:
        assert migrate.revision_of(path) == migrate.HEAD
        with store.read() as reader:
            stages = reader.exec_driver_sql("SELECT category FROM stage ORDER BY id").scalars().all()
            leads = reader.exec_driver_sql("SELECT title, category, category_now FROM lead ORDER BY id").all()
        assert stages == ["best_case", "commit", "pipeline"]
        assert [tuple(row) for row in leads] == [("a", None, "best_case"), ("b", None, "commit"), ("c", None, None)]
    finally:
        store.close()


def _know_a_further_revision(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FOLDER", "HEAD", "KNOWN"):
        monkeypatch.setattr(migrate, name, getattr(migrate, name))  # put back afterwards
    with_a_further_revision(folder / "revisions")


def test_without_a_backup_there_is_no_update(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _know_a_further_revision(tmp_path, monkeypatch)
    (tmp_path / "file").write_text("in the way")
    before = _digest(store_file(folder))
    with pytest.raises(StorageError):
        open_store(folder, origin="test", before_migration=lambda: tmp_path / "file" / "before.db")
    assert migrate.revision_of(store_file(folder)) == "0004"
    assert _digest(store_file(folder)) == before


@pytest.mark.parametrize(
    "fault", ["raise ValueError('broken')", "op.execute('INSERT INTO note SELECT * FROM nowhere')"]
)
def test_an_update_that_fails_leaves_the_old_store(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    fill(folder, 3)
    _know_a_further_revision(tmp_path, monkeypatch)
    revision = tmp_path / "revisions" / "migrations" / "versions" / "v0004_test.py"
    revision.write_text(f"{revision.read_text()}    {fault}\n")
    with pytest.raises(Exception, match=r"broken|nowhere"):
        open_store(folder, origin="test", before_migration=lambda: tmp_path / "before.db")
    assert migrate.revision_of(store_file(folder)) == "0004"
    with closing(connect(store_file(folder))) as connection:
        assert connection.execute("SELECT count(*) FROM lead").fetchone() == (3,)
        assert "colour" not in {row[1] for row in connection.execute("PRAGMA table_info(lead)")}


def test_an_update_that_breaks_references_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, 3)
    _know_a_further_revision(tmp_path, monkeypatch)
    revision = tmp_path / "revisions" / "migrations" / "versions" / "v0004_test.py"
    revision.write_text(f"{revision.read_text()}    op.execute('DELETE FROM lead WHERE id = 2')\n")
    with pytest.raises(Damaged):
        open_store(folder, origin="test", before_migration=lambda: tmp_path / "before.db")
    assert migrate.revision_of(store_file(folder)) == "0004"


# --- what is not ours ---------------------------------------------------------------------------------------------


def test_a_newer_store_is_refused_and_unchanged(folder: Path) -> None:
    with closing(connect(store_file(folder))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9001'")
    before = _digest(store_file(folder))
    with pytest.raises(NewerStore, match="newer version"):
        open_store(folder, origin="test")
    assert _digest(store_file(folder)) == before


@pytest.mark.parametrize(
    "content",
    [b"Dear diary, ", b"SQLite format 3\x00" + bytes(500), bytes(8192), b"\xff" * 5000, b"PK\x03\x04" + bytes(900)],
)
def test_a_file_that_is_no_store_is_refused_and_unchanged(tmp_path: Path, content: bytes) -> None:
    store_file(tmp_path).write_bytes(content)
    with pytest.raises(Damaged):
        open_store(tmp_path, origin="test")
    assert store_file(tmp_path).read_bytes() == content


def test_a_database_of_another_program_is_refused_and_unchanged(tmp_path: Path) -> None:
    with closing(connect(store_file(tmp_path))) as connection:
        connection.execute("CREATE TABLE bookmarks (id)")
    before = _digest(store_file(tmp_path))
    with pytest.raises(Damaged, match="not a Trichter store"):
        open_store(tmp_path, origin="test")
    assert _digest(store_file(tmp_path)) == before


@pytest.mark.parametrize("keep", [100, 5000, 40_000])
def test_a_torn_off_store_is_refused_and_unchanged(folder: Path, keep: int) -> None:
    content = store_file(folder).read_bytes()[:keep]
    store_file(folder).write_bytes(content)
    with pytest.raises(StorageError):
        open_store(folder, origin="test").close()
    assert store_file(folder).read_bytes() == content


def test_a_folder_in_the_place_of_the_store(tmp_path: Path) -> None:
    store_file(tmp_path).mkdir(parents=True)
    with pytest.raises(StorageError):
        open_store(tmp_path, origin="test")


def test_an_empty_folder_has_no_store(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_store(tmp_path, origin="test")


def test_what_an_interrupted_first_start_left_is_no_hindrance(tmp_path: Path) -> None:
    store_file(tmp_path).with_name("trichter.db.new").write_bytes(b"half a store")
    create_store(tmp_path, origin="test").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trichter.db"]


def test_a_store_that_could_not_be_furnished_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        create_store(tmp_path, origin="test", furnish=lambda store: 1 // 0)
    assert not store_file(tmp_path).exists()
    create_store(tmp_path, origin="test").close()


def test_foreign_keys_are_off_while_a_table_is_rebuilt(folder: Path) -> None:
    engine = migrating_engine(store_file(folder))
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    try:
        with engine.connect() as connection, connection.begin():
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    finally:
        engine.dispose()
    assert seen[0] == "BEGIN EXCLUSIVE"
