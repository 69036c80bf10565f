"""P21: the timeline of a company with 5 000 entries, the first page of it and all, against reading its bare rows."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.models.types import new_uid
from app.services.owners import Owner
from app.services.timeline import Timelines
from tests.benchmarks.measure import Result, Setting, bench

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.store import Store

_ENTRIES = 5_000
_FIRST = 50
_MOST_MS = 150.0
_DAY = 86_400_000_000
_WORDS = "Kunde möchte das **Angebot** bis Ende der Woche, danach entscheidet die Geschäftsleitung über den Etat. "


@bench("P21")
def reading(setting: Setting) -> Iterable[Result]:
    """The first page, everything, one kind of entry, and a search through all."""
    with setting.own_store() as store:
        company = _furnish(store)
        timelines, owner = Timelines(store), Owner("company", company)
        assert len(timelines.page(owner).entries) >= _ENTRIES, "not as many entries as promised"

        def rows() -> None:
            with store.read() as connection:
                connection.execute(text(_BARE), {"company": company}).all()

        works = (
            ("the first 50 of 5 000 entries", lambda: timelines.page(owner, limit=_FIRST)),
            ("all 5 000 entries", lambda: timelines.page(owner)),
            ("the first 50 calls", lambda: timelines.page(owner, limit=_FIRST, kinds=["call"])),
            ("a search through 5 000 entries", lambda: timelines.page(owner, limit=_FIRST, search="etat 77")),
        )
        for what, work in works:
            yield setting.compared("P21", what, work, rows, at_most_p50=_MOST_MS)


_BARE = """
SELECT note.* FROM note JOIN lead ON lead.id = note.lead_id WHERE lead.company_id = :company
"""


def _furnish(store: "Store") -> int:
    """A company whose leads have seen much: half of it written, some files, the rest done; returns its id."""
    with store.maintenance() as connection:
        company: int = connection.execute(text(_BUSY)).scalar_one()
        leads = connection.execute(text("SELECT id FROM lead WHERE company_id = :id"), {"id": company}).scalars().all()
        content = connection.execute(
            text("INSERT INTO content (hash, size, at) VALUES ('none', 0, 0) RETURNING id")
        ).scalar_one()
        for number in range(_ENTRIES):
            lead, at = leads[number % len(leads)], number * _DAY // 5 + _DAY
            if number % 2:
                _note(connection, lead, at, number)
            elif number % 10 == 0:
                _file(connection, lead, at, number, content)
            else:
                _change(connection, lead, at, number)
    return company


def _note(connection: "Connection", lead: int, at: int, number: int) -> None:
    values: dict[str, Any] = {"uid": new_uid(), "lead": lead, "at": at, "kind": ("note", "call", "meeting")[number % 3],
              "text": f"{number}: {_WORDS * (1 + number % 4)}"}  # fmt: skip
    note = connection.execute(text(_NOTE), values).scalar_one()
    folded = {"row": note, "lead": lead, "folded": values["text"].lower()}
    connection.execute(text(_DOCUMENT), folded | {"entity": "note"})


def _file(connection: "Connection", lead: int, at: int, number: int, content: int) -> None:
    values: dict[str, Any] = {
        "uid": new_uid(),
        "lead": lead,
        "at": at,
        "name": f"Briefing {number}.pdf",
        "content": content,
    }
    file = connection.execute(text(_FILE), values).scalar_one()
    connection.execute(
        text(_DOCUMENT), {"row": file, "lead": lead, "folded": values["name"].lower(), "entity": "attachment"}
    )


def _change(connection: "Connection", lead: int, at: int, number: int) -> None:
    step: int = connection.execute(text(_SET), {"uid": new_uid(), "at": at}).scalar_one()
    changes: dict[str, tuple[Any, Any]] = {"probability": (number % 200, (number + 1) % 200), "title": ("Alt", "Neu")}
    before, after = ({name: pair[place] for name, pair in changes.items()} for place in (0, 1))
    connection.execute(
        text(_CHANGE), {"step": step, "lead": lead, "before": json.dumps(before), "after": json.dumps(after)}
    )


_BUSY = "SELECT company_id FROM lead WHERE company_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_NOTE = """
INSERT INTO note (uid, lead_id, user_id, kind, at, text, markdown) VALUES (:uid, :lead, 1, :kind, :at, :text, 1)
RETURNING id
"""
_FILE = """
INSERT INTO attachment (uid, lead_id, content_id, user_id, at, name, mime)
VALUES (:uid, :lead, :content, 1, :at, :name, 'application/pdf') RETURNING id
"""
_DOCUMENT = "INSERT INTO search_doc (entity, row_id, lead_id, folded) VALUES (:entity, :row, :lead, :folded)"
_SET = """
INSERT INTO change_set (uid, at, on_day, actor_id, origin, label_msgid, label_args, kind)
VALUES (:uid, :at, 0, 1, 'test', 'Lead changed', '{}', 'do') RETURNING id
"""
_CHANGE = """
INSERT INTO change (change_set_id, table_name, row_id, lead_id, op, before, after)
VALUES (:step, 'lead', :lead, :lead, 'update', :before, :after)
"""
