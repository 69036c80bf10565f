"""Thousands of statements of chance, by somebody who may see only some leads or only read."""

import random
from typing import Any

import pytest

from app.models.server.shared import SharedTable, shared_tables
from app.models.store import Store
from tests.models.server.intruders import MARK, NUMBER, hide_secrets, signed_in, tried
from tests.models.server.offices import Dump, Office, of_server

#: Of these a limited person may write what is his; of the others some rows are his alone, or none.
_RECORDS = {
    "lead", "company", "person", "note", "step", "attachment", "mail", "lead_tag", "lead_person", "contact_point",
    "company_person", "person_tag", "company_tag", "note_person", "own_value", "address", "stage_entry", "tag",
    "lead_stage", "check", "attendance",
}  # fmt: skip
_PERSONAL = {"saved_view", "absence", "field_notice", "reminder_state", "member"}


class _Intruder:
    """Makes up statements out of the names and numbers that there are."""

    def __init__(self, chance: random.Random, known: Dump) -> None:
        self.chance = chance
        self.ids = {name: [row[0] for row in rows] or [1] for name, rows in known.items()}

    def statement(self) -> str:
        """Any."""
        makers = (self._read, self._read, self._update, self._update, self._update, self._delete, self._insert)
        return self.chance.choice(makers)()

    def _table(self) -> SharedTable:
        return self.chance.choice(shared_tables())

    def _read(self) -> str:
        table, other = self._table(), self._table()
        what = self.chance.choice(
            ["t", "t::text", "o::text", "max(t::text)", "string_agg(o::text, ' ')", "count(*), t"]
        )
        join = f'team."{table.name}" AS t {self.chance.choice(["LEFT", "FULL", "CROSS"])} JOIN team."{other.name}" AS o'
        on = "" if " CROSS " in join else f" ON t.{self._column(table)}::text = o.{self._column(other)}::text"
        grouped = " GROUP BY t" if what.startswith("count") else ""
        return f"SELECT {what} FROM {join}{on} WHERE {self._where('t')}{grouped} LIMIT 200"

    def _update(self) -> str:
        table = self._table()
        columns = {self._column(table) for _ in range(self.chance.choice([1, 1, 2]))}
        values = ", ".join(f"{column} = {self._value()}" for column in columns)
        return f'UPDATE team."{table.name}" AS t SET {values} WHERE {self._where("t", table)}'

    def _delete(self) -> str:
        table = self._table()
        return f'DELETE FROM team."{table.name}" AS t WHERE {self._where("t", table)}'

    def _insert(self) -> str:
        """A row that is there already with something else in it, or one made of nothing."""
        table = self._table()
        shown = {
            name: "(SELECT last + 1 FROM team.last_key WHERE table_name = '" + table.name + "')" if name == "id"
            else "md5(random()::text)" if name == "uid"
            else self._value() if self.chance.random() < 0.3 else f't."{name}"'
            for name in table.names
        }  # fmt: skip
        names = ", ".join(f'"{name}"' for name in shown)
        where = self._where("t", table)
        return (f'INSERT INTO team."{table.name}" ({names}) SELECT {", ".join(shown.values())}'
                f' FROM team."{table.name}" AS t WHERE {where} LIMIT 1')  # fmt: skip

    def _column(self, table: SharedTable) -> str:
        return f'"{self.chance.choice(table.names)}"'

    def _where(self, row: str, table: SharedTable | None = None) -> str:
        ids = self.ids[table.name] if table else [1]
        return self.chance.choice(["true", f"{row}.id = {self.chance.choice(ids)}", f"{row}.id <> 1",
                                   f"{row}.id IN (SELECT id FROM team.lead)"])  # fmt: skip

    def _value(self) -> str:
        table = self._table()
        some = self.chance.choice(self.ids[table.name])
        return self.chance.choice(["NULL", str(some), str(some), "1", "2", "0", "'x'", "'owner'", "now()", "true",
                                   f'(SELECT max(id) FROM team."{table.name}")'])  # fmt: skip


def _foreign(before: Dump, seen: dict[str, set[int]], *, reader: bool) -> Dump:
    """The rows that must stay as they are."""
    return {
        name: [
            row for row in rows
            if (reader and name not in _PERSONAL)
            or not ((name in _RECORDS and row[0] in seen[name]) or name in _PERSONAL or name in ("tag", "change_set"))
            or (row[0] not in seen[name] and name != "tag")
        ]
        for name, rows in before.items()
    }  # fmt: skip


def _seen(direct: Any) -> dict[str, set[int]]:
    return {table.name: {row[0] for row in direct.execute(f'SELECT id FROM team."{table.name}"'.encode())}
            for table in shared_tables()}  # fmt: skip


def _attack(office: Office, anna: Store, who: str, seed: int, count: int) -> int:
    """Returns how many statements did something or showed something."""
    hide_secrets(office, anna)
    before = of_server(office.server)
    intruder = _Intruder(random.Random(seed), before)
    told = 0
    with signed_in(office, who) as direct:
        seen = _seen(direct)
        foreign = _foreign(before, seen, reader=who == "cem")
        for number in range(count):
            statement = intruder.statement()
            answer = tried(direct, statement)
            told += not answer or answer.startswith("[")
            if who == "ben":
                assert MARK not in answer, statement
                assert NUMBER not in answer, statement
            if number % 500 == 499 or number == count - 1:
                after = of_server(office.server)
                for name, rows in foreign.items():
                    assert set(rows) <= set(after[name]), (name, set(rows) - set(after[name]))
                known = {name: set(ids) for name, ids in intruder.ids.items()}
                for name, ids in _seen(direct).items():
                    assert not (ids - seen[name]) & known[name], f"{name}: came into sight"
    return told


@pytest.mark.parametrize("who", ["ben", "cem"])
def test_nothing_foreign_is_found_by_chance(office: Office, anna: Store, who: str) -> None:
    assert _attack(office, anna, who, 1, 300) > 50


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("who", ["ben", "cem"])
def test_nothing_foreign_is_found_in_ten_thousand_attempts(office: Office, anna: Store, who: str, seed: int) -> None:
    assert _attack(office, anna, who, 10 + seed, 1_000) > 100
