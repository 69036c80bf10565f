"""Many clients at one server: nothing is lost, nothing is half done, and everybody has the same at the end."""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from itertools import chain

import pytest

from app.core.roles import Role
from app.models.server.replica import open_replica
from app.models.store import Store
from app.services.check import check
from tests.models.server.colleagues import Desk, Report, at_work
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.models.server.sights import broken_histories, compare_sights
from tests.stores import add_lead

#: How long the long proof takes; less to try it, such as `TRICHTER_PROOF_SECONDS=60`.
_SECONDS = float(os.environ.get("TRICHTER_PROOF_SECONDS", "600"))
#: How long somebody thinks between two deeds, on average. All of them share the processors of this machine, and each
#: deed is heard by nineteen others: with less they would wait for these and not for the server.
_PAUSE = float(os.environ.get("TRICHTER_PROOF_PAUSE", "5"))
#: Nobody waits longer for a deed: after ten seconds the server says that others are writing, and that is an error here.
_LONGEST = 20.0
#: In so many seconds there are deeds of all kinds, and rows of these tables.
_ENOUGH = 300
_TABLES = frozenset({
    "lead", "company", "person", "note", "step", "attachment", "mail", "lead_tag", "lead_person", "field",
    "field_value", "absence", "saved_view", "stage", "stage_entry", "tag", "contact_point", "company_person", "goal",
})  # fmt: skip


def _desk(office: Office, number: int, role: Role, pause: float, seed: int) -> Desk:
    user = office.admit(f"Kollege{number}", role)
    return Desk(str(office.folder / user.replace("@", "-")), asdict(office.address(user)), role, seed + number, pause)


def _begin(office: Office, anna: Store, roles: list[Role], pause: float, seed: int = 1) -> list[Desk]:
    """Everybody has a lead or two of Anna's making. The server's day is that of the clock: absences count on both."""
    office.set_day()
    desks = [_desk(office, number, role, pause, seed) for number, role in enumerate(roles)]
    with office.server.connect() as admin:
        members = [row[0] for row in admin.execute("SELECT id FROM team.member ORDER BY id")]
    for number, member in enumerate(members * 2):
        add_lead(anna, f"Lead {number}", amount=1000 * number, user_id=member)
    return desks


def _compare(office: Office, anna: Store, desks: list[Desk], reports: list[Report]) -> None:
    anna.ask_now()
    anna.follow()
    there = of_server(office.server)
    _compare_acknowledged(office, reports)
    assert broken_histories(office.server) == []
    assert [row[2] for row in there["store_setting"] if row[1] == "together"] == [str(sum(r.added for r in reports))]
    assert_alike(there, of_replica(anna))
    for desk in desks:
        _compare_replica(office, anna, desk)


def _compare_replica(office: Office, anna: Store, desk: Desk) -> None:
    address = office.address(desk.address["user"])
    folder = office.folder / desk.folder
    with closing(open_replica(folder, address, origin="test", clock=office.clock)) as store:
        store.follow()
        assert check(store).problems == ()
        if desk.role != Role.LIMITED:
            assert_alike(of_server(office.server), of_replica(store))
        compare_sights(office, anna, store, address.user, f"{folder.name}-frisch")


def _compare_acknowledged(office: Office, reports: list[Report]) -> None:
    """What somebody was told to be done is there."""
    with office.server.connect() as admin:
        steps = {row[0] for row in admin.execute("SELECT id FROM team.change_set")}
    for report in reports:
        assert {number for number, _ in report.written} <= steps


def _late(reports: list[Report]) -> list[float]:
    written = dict(chain.from_iterable(report.written for report in reports))
    heard = chain.from_iterable(report.heard for report in reports)
    return sorted(moment - written[number] for number, moment in heard if number in written)


def _took(reports: list[Report]) -> list[tuple[float, str]]:
    return sorted((seconds, way) for report in reports for way, seconds in report.took)


def test_some_clients_for_some_seconds(office: Office, anna: Store) -> None:
    desks = _begin(office, anna, [Role.FULL, Role.FULL, Role.LIMITED], pause=0.1)
    reports = at_work(desks, 3)
    _compare(office, anna, desks, reports)
    assert _took(reports)[-1][0] < _LONGEST
    assert sum(bool(report.written) for report in reports) > 1
    assert sum(report.added for report in reports) > 0
    assert _late(reports)


@pytest.mark.prove
def test_twenty_clients_for_ten_minutes(
    office: Office, anna: Store, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """What it measures stands in the file that --junitxml names, also where it fails."""
    desks = _begin(office, anna, [Role.OWNER, *[Role.FULL] * 13, *[Role.LIMITED] * 5, Role.READER], pause=_PAUSE)
    reports = at_work(desks, _SECONDS)
    late, took = _late(reports), _took(reports)
    with office.server.connect() as admin:
        tables = dict(admin.execute("SELECT table_name, count(*) FROM team.change GROUP BY 1").fetchall())
    p95 = late[len(late) * 95 // 100]
    for name, value in {
        "deeds": dict(sum((Counter(report.deeds) for report in reports), Counter[str]())), "rows written": tables,
        "seen elsewhere": len(late), "seen after, p50": late[len(late) // 2], "seen after, p95": p95,
        "seen after, longest": late[-1], "a deed took, p50": took[len(took) // 2],
        "a deed took, p95": took[len(took) * 95 // 100], "a deed took, longest": took[-1],
        "processors busy": sum(report.busy for report in reports) / _SECONDS,
    }.items():  # fmt: skip
        record_testsuite_property(name, value)
    _compare(office, anna, desks, reports)
    assert took[-1][0] < _LONGEST
    assert set(tables) >= _TABLES or _SECONDS < _ENOUGH
    assert p95 < 1
