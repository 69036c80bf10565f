"""P25: a team's PostgreSQL beside the same data in a file: reading, a commit, what others did, and the first fetch.

Then what list and forecast would take if they were asked of PostgreSQL itself, which row security answers, beside the
replica of the same person. The server runs on this machine, so what a network adds is not in the figures.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from app.core.clock import FixedClock
from app.core.terms import Status
from app.models.engine import connect
from app.models.opening import store_file
from app.models.server.addressing import Address
from app.models.server.founding import found
from app.models.server.people import add_login
from app.models.server.replica import make_replica, open_replica
from app.models.server.shared import OWN_SETTINGS, shared_tables
from app.models.server.words import listed, of_team, quoted
from app.models.store import Store
from app.services.forecast import Forecast
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.search import Search
from tests.benchmarks.generator import TODAY, ZONE
from tests.benchmarks.measure import Result, Setting, bare, bench, beside, interleaved, summary, timed
from tests.benchmarks.p02_open import PAGE
from tests.benchmarks.p07_forecast import FIRST, LAST
from tests.benchmarks.p12_search import TYPED
from tests.servers import SECRET, Connection, Server, running

_DATABASE = "team"
#: The last one sees only his own leads.
_USERS = ("anna", "ben", "cem")
#: In the order that the list has by default, the largest weighted amounts first.
_ACTIVE = """
FROM team.lead LEFT JOIN team.stage ON stage.id = lead.stage_id
WHERE lead.status = 'active' AND lead.deleted_at IS NULL"""
_BY_WEIGHT = (
    " ORDER BY lead.amount_minor * COALESCE(lead.probability, stage.probability, 0) DESC NULLS LAST, lead.id DESC"
)
_IDS = f"SELECT lead.id {_ACTIVE} {_BY_WEIGHT}"
_PAGE = f"""
WITH page AS (SELECT lead.*, stage.name AS stage {_ACTIVE} {_BY_WEIGHT} LIMIT {PAGE})
SELECT page.id, page.title, page.stage, page.amount_minor, page.currency, page.probability, page.period_first,
  company.name, person.name, member.initials, next.due_on, next.text
FROM page LEFT JOIN team.company ON company.id = page.company_id LEFT JOIN team.person ON person.id = page.person_id
LEFT JOIN team.member ON member.id = page.user_id
LEFT JOIN LATERAL (SELECT step.due_on, step.text FROM team.step WHERE step.lead_id = page.id AND step.done_at IS NULL
  ORDER BY step.due_on LIMIT 1) AS next ON TRUE"""
_FORECAST = f"""
SELECT lead.period_first, lead.period_last, lead.budget, count(*), sum(lead.amount_minor),
  sum(round(lead.amount_minor * COALESCE(lead.probability, stage.probability, 0) / 200.0)) {_ACTIVE} GROUP BY 1, 2, 3"""


@bench("P25")
def team(setting: Setting) -> Iterable[Result]:
    """All of it on one server and with two replicas of the same data."""
    with _filled(setting.folder(all_active=True)) as server, setting.own_store(all_active=True) as local:
        clock, folder = FixedClock.at(TODAY, ZONE), server.folder.parent
        places = [Address("127.0.0.1", _DATABASE, user, SECRET, server.port, tls="disable") for user in _USERS]
        *fetched, in_part = [timed(partial(make_replica, folder / each.user, each, clock=clock)) for each in places]
        raw = [timed(partial(_fetch_raw, server)) for _ in fetched]
        yield beside(summary("P25", "first fetch; limit: the rows in raw SQL", setting.rows, fetched), fetched, raw)
        yield summary("P25", "first fetch of who sees only his leads", setting.rows, [in_part])
        with ExitStack() as held:
            replicas = [
                held.enter_context(closing(open_replica(folder / each.user, each, origin="bench", clock=clock)))
                for each in places
            ]
            yield from _compared(setting, replicas[0], replicas[1], local)
            yield from _searched(setting, replicas[0], local)
            yield from _asked(setting, server, "owner", replicas[0])
            yield from _asked(setting, server, "limited", replicas[2])


def _compared(setting: Setting, replica: Store, other: Store, local: Store) -> Iterator[Result]:
    query = ListQuery((Status.ACTIVE,))
    lists, there = LeadList(replica), LeadList(local)
    lead = there.first_ids(query, 1)[0]
    yield setting.compared(
        "P25", "list: first page, on a replica", lambda: lists.rows(lists.first_ids(query, PAGE)),
        lambda: there.rows(there.first_ids(query, PAGE)), at_most=1.3,
    )  # fmt: skip
    yield setting.compared(
        "P25", "list: all ids, on a replica", lambda: lists.ids(query), lambda: there.ids(query), at_most=1.3
    )
    yield setting.compared(
        "P25", "forecast of 36 months, on a replica", lambda: Forecast(replica).months(FIRST, LAST),
        lambda: Forecast(local).months(FIRST, LAST), at_most=1.3,
    )  # fmt: skip
    numbers = count(1)

    def edit(store: Store) -> None:
        Leads(store).edit([lead], info=f"Stand {next(numbers)}")

    times = interleaved({"team": partial(edit, replica), "file": partial(edit, local)}, setting.rounds * 2)
    result = summary("P25", "words changed and committed in a team", setting.rows, times["team"])
    yield beside(result, times["team"], times["file"])
    other.watch()
    caught = interleaved({"watch": partial(_hear, other)}, setting.rounds * 2, partial(edit, replica))
    yield summary("P25", "a change of somebody else, heard and shown", setting.rows, caught["watch"], at_most_p95=100.0)


def _searched(setting: Setting, replica: Store, local: Store) -> Iterator[Result]:
    """Words typed into the search over everything, on the replica and in the file."""
    there, here = Search(replica), Search(local)
    there.prepare()
    here.prepare()
    yield setting.compared(
        "P25", "search, ten words, on a replica", lambda: [there.find(typed) for typed in TYPED],
        lambda: [here.find(typed) for typed in TYPED], at_most=1.3,
    )  # fmt: skip


def _asked(setting: Setting, server: Server, who: str, replica: Store) -> Iterator[Result]:
    """List and forecast by SQL of the server itself; the limit is the replica of the same person."""
    query, lists = ListQuery((Status.ACTIVE,)), LeadList(replica)
    user = _USERS[0] if who == "owner" else _USERS[-1]
    asked: dict[str, tuple[str, Callable[[], object]]] = {
        "a page": (_PAGE, lambda: lists.rows(lists.first_ids(query, PAGE))),
        "all ids": (_IDS, lambda: lists.ids(query)),
        "forecast": (_FORECAST, lambda: Forecast(replica).months(FIRST, LAST)),
    }
    with server.connect(user) as direct:
        assert len(direct.execute(_IDS).fetchall()) == len(lists.ids(query)), "the server shows something else"
        for what, (statement, work) in asked.items():
            yield setting.compared(
                "P25", f"{what} by SQL, {who}; limit: the replica", partial(_fetch, direct, statement), work
            )


def _fetch(direct: Connection, statement: str) -> None:
    direct.execute(statement).fetchall()


def _hear(store: Store) -> None:
    while not store.watch():
        pass


def _fetch_raw(server: Server) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="trichter-bench-raw-") as name,
        server.connect() as admin,
        closing(connect(Path(name) / "raw.db")) as driver,
    ):
        driver.execute("BEGIN")
        for table in shared_tables():
            driver.execute(f"CREATE TABLE {quoted(table.name)} ({listed(table.names)})")
            marks = ", ".join("?" * len(table.names))
            rows = admin.execute(f"SELECT {listed(table.names)} FROM {of_team(table.name)}".encode()).fetchall()
            driver.executemany(
                f"INSERT INTO {quoted(table.name)} VALUES ({marks})", [table.inward(row) for row in rows]
            )
        driver.execute("COMMIT")


@contextmanager
def _filled(folder: Path) -> Iterator[Server]:
    """A server with a team that has all that is in this store, and two who may sign in."""
    place = Path(tempfile.mkdtemp(prefix="trichter-bench-pg-"))
    try:
        with running(place) as cluster:
            server = cluster.of(_DATABASE)
            with cluster.connect() as admin:
                admin.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
            with server.connect() as admin:
                found(admin, base_currency="EUR", country="DE", time_zone="Europe/Berlin")
            _copy(folder, server)
            yield server
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy(folder: Path, server: Server) -> None:
    assert store_file(folder).exists()
    with bare(folder) as source, server.connect() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM team.store_setting")
        for table in shared_tables():
            into = f"COPY {of_team(table.name)} ({listed(table.names)}, rev) FROM STDIN"
            with admin.cursor() as cursor, cursor.copy(into.encode()) as copied:
                for row in source.execute(f"SELECT {listed(table.names)} FROM {quoted(table.name)}"):
                    if table.name != "store_setting" or not row[1].startswith(OWN_SETTINGS):
                        copied.write_row([*table.outward(row), 1])
            admin.execute(
                f"UPDATE team.last_key SET last = (SELECT COALESCE(max(id), 0) FROM {of_team(table.name)})"
                f" WHERE table_name = '{table.name}'".encode()
            )
        admin.execute("UPDATE team.turn SET rev = 1, scope = 1")
        admin.execute("SET session_replication_role = origin")
        admin.execute("ANALYZE")
        members = admin.execute("SELECT id FROM team.member WHERE deleted_at IS NULL ORDER BY id LIMIT 3").fetchall()
        admin.execute("UPDATE team.member SET role = 'limited' WHERE id = %s", [members[-1][0]])
        for user, (member,) in zip(_USERS, members, strict=True):
            add_login(admin, user, SECRET, member)
