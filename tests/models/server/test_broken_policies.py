"""The attempts of intruders are worth something: whatever rule is taken away, they notice."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.core.roles import Role
from tests.models.server.breaks import BREAKS
from tests.models.server.intruders import (
    astray,
    hide_secrets,
    shown_to_strangers,
    wrongly_read,
    wrongly_written,
)
from tests.models.server.offices import Office, fresh_clock
from tests.servers import SECRET, Server


@dataclass
class Hidden:
    """A team with secrets, of which copies are made."""

    office: Office
    theirs: dict[str, Any]
    copies: int = 0

    def copy(self, statement: str) -> Office:
        """A copy in which this was done to the rules."""
        self.copies += 1
        name = f"{self.office.server.database}_{self.copies}"
        with self.office.server.connect(database="postgres") as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {self.office.server.database}")
        made = replace(self.office, server=self.office.server.of(name), named=self.office.server.database)
        with made.server.connect() as admin:
            admin.execute(statement.encode())
        return made


@pytest.fixture(scope="module")
def hidden(empty_team: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    name = "geheimes"
    with empty_team.connect(database="postgres") as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {empty_team.database}")
    office = Office(empty_team.of(name), Path(tmp_path_factory.mktemp("geheimes")), fresh_clock())
    office.furnish()
    with closing(office.replica(office.admit("Anna", Role.OWNER, 1))) as anna:
        theirs = hide_secrets(office, anna)
    with empty_team.connect() as admin:
        admin.execute(f"CREATE ROLE \"{office.user('fremd')}\" LOGIN PASSWORD '{SECRET}'")
    yield Hidden(office, theirs)
    with empty_team.connect(database="postgres") as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


#: One of three always, the others by `dev.py prove`.
_MARKED = [
    pytest.param(each, id=f"{number}-{each.split(chr(10))[0][:70]}", marks=[pytest.mark.prove] if number % 3 else [])
    for number, each in enumerate(BREAKS)
]


def _findings(office: Office, theirs: dict[str, Any]) -> list[str]:
    return (
        astray(office)
        or wrongly_read(office, theirs, "ben")
        or shown_to_strangers(office, theirs)
        or wrongly_written(office, theirs, "ben")
        or wrongly_written(office, theirs, "cem")
    )


def test_the_rules_as_they_are_let_nothing_through(hidden: Hidden) -> None:
    assert _findings(hidden.copy("SELECT 1"), hidden.theirs) == []


@pytest.mark.parametrize("statement", _MARKED)
def test_a_broken_rule_is_noticed(hidden: Hidden, statement: str) -> None:
    office = hidden.copy(statement)
    found = _findings(office, hidden.theirs)
    with hidden.office.server.connect(database="postgres") as admin:
        admin.execute(f"DROP DATABASE {office.server.database} WITH (FORCE)")
    assert found


def test_there_are_enough_of_them() -> None:
    assert len(set(BREAKS)) == len(BREAKS) >= 60
