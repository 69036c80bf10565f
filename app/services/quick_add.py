"""A new lead from one line, understood with the names that the store knows."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, text

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.quick import Kind, Known, Line, Person, understand
from app.core.parse.quick_words import only_legal
from app.core.terms import Status
from app.services.lead_fields import LeadFields, NextStep
from app.services.leads import Leads

if TYPE_CHECKING:
    from app.models.store import Store


class QuickAdd:
    """Understands lines and makes leads of them."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def understand(self, line: str, accepted: Collection[tuple[str, str]] = ()) -> Line:
        """What a line means here and today; `accepted` as for the parser. Raises InvalidInput for one too long."""
        with self._store.read() as connection:
            return understand(line, self._known(connection), accepted)

    def create(self, line: Line, *, active: bool, insist: bool = False) -> int:
        """The lead of a line; returns its id. It is active where the line names a stage, otherwise as `active` says.

        What is unclear is refused; who insists gets it as words of the title. Raises what `Leads.create` raises.
        """
        if not insist and (unclear := line.of(Kind.UNCLEAR)):
            why = unclear[0].why or Text("“{text}” is not understood.", text=unclear[0].typed)
            raise InvalidInput(why, Text("Enter once more makes it part of the title."), field="quick")
        fields = fields_of(line)
        status = Status.ACTIVE if active or "stage_id" in fields else Status.POTENTIAL
        return Leads(self._store).create(status, **fields)

    def _known(self, connection: Connection) -> Known:
        def rows(statement: str) -> Sequence[Any]:
            return connection.execute(text(statement)).all()

        return Known(
            currency=self._store.facts.base_currency,
            today=self._store.today(),
            people=[Person(*row) for row in rows(_PEOPLE)],
            stages=[(row.id, row.name) for row in rows(_STAGES)],
            sources=[row.name for row in rows(_SOURCES)],
            tags=[row.name for row in rows(_TAGS)],
            companies=partial(_companies, connection),
            firms=partial(_firms, connection),
        )


def fields_of(line: Line) -> LeadFields:
    """The values of a line as the verbs take them."""
    found = dict(line.fields)
    if "amount" in found:
        found["amount"], found["budget"] = found["amount"]
    if "next_step" in found:
        day, time = found["next_step"]
        found["next_step"] = NextStep(day, time=time)
    return cast(LeadFields, found)


def _companies(connection: Connection, keys: Sequence[str]) -> Mapping[str, str]:
    """The names of the companies with these search keys, of several with one key the oldest."""
    found = connection.execute(text(_BY_KEY), {"keys": json.dumps(list(keys))})
    return {row.search_key: row.name for row in found}


def _firms(connection: Connection, keys: Sequence[str]) -> Mapping[str, str]:
    """By these keys the companies that are called so with a legal form after it; where there are several, none."""
    named: dict[str, set[str]] = {}
    for row in connection.execute(text(_BY_BEGINNING), {"keys": json.dumps(list(keys))}):
        if only_legal(row.name.split()[len(row.key.split()) :]):
            named.setdefault(row.key, set()).add(row.name)
    return {key: names.pop() for key, names in named.items() if len(names) == 1}


_PEOPLE = "SELECT id, name, initials FROM member WHERE deleted_at IS NULL ORDER BY sort_key, id"
_STAGES = "SELECT id, name FROM stage WHERE deleted_at IS NULL AND retired_at IS NULL ORDER BY position, id"
_SOURCES = "SELECT name FROM source WHERE deleted_at IS NULL ORDER BY position, id"
_TAGS = "SELECT name FROM tag WHERE deleted_at IS NULL ORDER BY sort_key, id"
_BY_KEY = """
SELECT search_key, name FROM company_name WHERE search_key IN (SELECT value FROM json_each(:keys)) ORDER BY id DESC
"""
_BY_BEGINNING = """
SELECT wanted.value AS key, firm.name FROM json_each(:keys) wanted
CROSS JOIN company_name firm ON firm.search_key > wanted.value || ' ' AND firm.search_key < wanted.value || '!'
LIMIT 2000
"""
