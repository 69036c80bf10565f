"""Nothing reads past the views of `app.models.visibility` but what was looked at."""

from collections import Counter

import pytest

from tests.architecture.allowed_ways import ALLOWED
from tests.architecture.sources import Source, sources
from tests.architecture.ways_around import ways_around

_FOLDERS = ("app/services", "app/cli", "app/ui", "app/models")
#: They run before anybody reads.
_MIGRATIONS = "app/models/migrations/"
_NEW = """These read past the views that show each reader only what he may see. Read on `store.read()` with unqualified
names, or let the verb find records by their classes. If it has to be, see to it that whoever sees only some leads gets
to know nothing of the others through it, try that in tests/services/sight, and add it with the reason to
tests/architecture/allowed_ways.py:"""


@pytest.fixture(scope="module")
def found() -> set[str]:
    """Every way around in the program."""
    files = (source for folder in _FOLDERS for source in sources(folder) if not source.name.startswith(_MIGRATIONS))
    return {way for source in files for way in ways_around(source)}


def test_nothing_reads_past_the_views_that_was_not_looked_at(found: set[str]) -> None:
    new = sorted(found - {place for places in ALLOWED.values() for place in places})
    if new:
        pytest.fail("\n  ".join((_NEW, *new)), pytrace=False)


def test_the_list_holds_nothing_that_is_there_no_more(found: set[str]) -> None:
    gone = sorted({place for places in ALLOWED.values() for place in places} - found)
    if gone:
        told = "Nothing reads past the views here any more. Take these out of tests/architecture/allowed_ways.py:"
        pytest.fail("\n  ".join((told, *gone)), pytrace=False)


def test_each_stands_there_once_with_a_reason() -> None:
    assert [place for place, times in Counter(p for ps in ALLOWED.values() for p in ps).items() if times > 1] == []
    assert [reason for reason, places in ALLOWED.items() if len(reason.split()) < 4 or not places] == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('run("SELECT title FROM main.lead")', ["qualified"]),
        ('run(f"SELECT title FROM main.{table}")', ["qualified"]),
        ("run(f'SELECT 1 FROM main.\"{table}\"')", ["qualified"]),
        ('run("SELECT id FROM temp.seen_lead")', ["qualified"]),
        ('run("ATTACH ? AS other", (path,))', ["attach"]),
        ("with survey(path, local=True) as connection: run(connection)", ["survey"]),
        ("with store.survey() as connection: run(connection)", ["survey"]),
        ("with self._store.maintenance(here=True) as connection: run(connection)", ["maintenance"]),
        ("with store.bare() as driver: run(driver)", ["bare"]),
        ("with self._store.writing.connect() as connection: run(connection)", ["engine"]),
        ("run(store._reading)", ["engine"]),
        ("run(connect_to_read(path))", ["connect"]),
        ("run(sqlite3.connect(path))", ["connect"]),
        ("run(open_store(path))", ["store of nobody"]),
        ("store.actor_id = None", ["actor"]),
        ("run(session.connection())", ["connection of a session"]),
        ("run(self._session.connection())", ["connection of a session"]),
        ('session.execute(text("SELECT title FROM lead"))', ["text in a session"]),
        ("session.scalars(_ALL)", ["text in a session"]),
        ("session.get(Lead, 1, execution_options=BY_NAME)", ["by name"]),
        ("session.scalar(select(func.count()).select_from(Lead))", ["select of no record"]),
        ("session.scalar(select(func.max(Lead.id)))", ["select of no record"]),
        ("with store.write(label) as session:\n  with store.read() as connection: run()", ["read within a write"]),
    ],
)
def test_every_way_around_is_found(line: str, what: list[str]) -> None:
    body = "\n".join(f"    {part}" for part in line.splitlines())
    source = Source.of(f"class Leads:\n  def look(self):\n{body}\n", "app/services/leads.py")
    assert list(ways_around(source)) == [f"services.leads:Leads.look {each}" for each in what]


@pytest.mark.parametrize(
    "line",
    [
        'with store.read() as connection: run("SELECT title FROM lead")',
        "button.clicked.connect(self.go)",
        "session.scalars(select(Lead).where(Lead.id.in_(ids)))",
        "session.execute(select(Lead.id, Lead.title))",
        "desk.writing()",
        'run("The domain.name of a company")',
    ],
)
def test_what_goes_through_the_views_or_the_guard_is_none(line: str) -> None:
    assert list(ways_around(Source.of(f"def look():\n    {line}\n"))) == []


def test_a_docstring_may_speak_of_it() -> None:
    assert list(ways_around(Source.of('def look():\n    """Not of main.lead."""\n'))) == []
