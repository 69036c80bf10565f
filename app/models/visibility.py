"""The one place that decides which rows a reader sees.

Every reading connection has temporary views that carry the names of the tables and stand in their way: whoever writes
`FROM lead` gets the leads that are not in the trash (and later: that the viewer may see), and cannot forget it.
The trash itself is read through `trashed_lead` and its like. The writing connection has no such views.

The short lists (stages and their checklists, reasons, sources, tags, members, own fields and what they offer) are not
veiled: a closed lead goes on showing the source that is no longer offered, and the funnel needs the place of a deleted
stage. Who offers them asks for `deleted_at IS NULL`.

What hangs on a record (a note on a lead, the address of a company) vanishes with it, mails with the last note on them.
"""

from collections.abc import Iterable, Mapping

#: What a person can delete, and an import taken back puts into the trash.
ERASABLE = ("member", "company", "person", "stage", "stage_check", "reason", "source", "tag", "rate", "goal",
            "saved_view", "lead", "note", "attachment", "field", "field_option")  # fmt: skip

_VEILED = ("lead", "company", "person", "rate", "goal", "saved_view")

#: Tables whose rows vanish with any of the records they refer to by these columns; no column filled refers to none.
_HANGING: Mapping[str, tuple[str, ...]] = {
    "step": ("lead",), "stage_entry": ("lead",), "lead_tag": ("lead",), "lead_check": ("lead",),
    "lead_person": ("lead", "person"), "company_person": ("company", "person"), "company_tag": ("company",),
    "person_tag": ("person",), "contact_point": ("company", "person"), "address": ("company", "person"),
    "field_value": ("lead", "company", "person"), "note": ("lead", "company", "person"),
    "attachment": ("lead", "company", "person"),
}  # fmt: skip
#: Of these a row of its own can be deleted, too.
_ERASABLE_TOO = ("note", "attachment")
_MAIL = """
CREATE TEMP VIEW mail AS SELECT * FROM main.mail WHERE EXISTS
(SELECT 1 FROM temp.note WHERE temp.note.mail_id = main.mail.id)
"""
#: What is written of a note or a file vanishes with it; the documents of what else is in the trash are removed at once.
_DOCUMENTS = """
CREATE TEMP VIEW search_doc AS SELECT * FROM main.search_doc WHERE CASE entity
WHEN 'note' THEN EXISTS (SELECT 1 FROM temp.note WHERE temp.note.id = row_id)
WHEN 'attachment' THEN EXISTS (SELECT 1 FROM temp.attachment WHERE temp.attachment.id = row_id) ELSE TRUE END
"""
#: The words of the full-text index, and in how many documents each stands.
_WORDS = "CREATE VIRTUAL TABLE temp.search_term USING fts5vocab('main', 'search_fts', 'row')"


def view_statements() -> list[str]:
    """SQL that lays the views over the tables of a SQLite connection."""
    views = [live_view(table) for table in _VEILED]
    views += [_trashed(table) for table in (*_ERASABLE_TOO, *_VEILED)]
    views += [_hanging(table, owners) for table, owners in _HANGING.items()]
    views += [_taking_part(), _MAIL, _DOCUMENTS, _WORDS]
    return views


def live_view(table: str, columns: str = "*") -> str:
    """SQL that lays the view of what is not in the trash over a table."""
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} WHERE deleted_at IS NULL"


def _trashed(table: str) -> str:
    return f"CREATE TEMP VIEW trashed_{table} AS SELECT * FROM main.{table} WHERE deleted_at IS NOT NULL"


def _hanging(table: str, owners: Iterable[str]) -> str:
    conditions = ["deleted_at IS NULL"] if table in _ERASABLE_TOO else []
    conditions += [_with(table, owner) for owner in owners]
    if table == "attachment":
        conditions.append("(mail_id IS NULL OR EXISTS (SELECT 1 FROM temp.mail WHERE temp.mail.id = mail_id))")
    return f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {' AND '.join(conditions)}"


def _taking_part() -> str:
    """Who took part in what is written vanishes with it, and with himself."""
    there = "EXISTS (SELECT 1 FROM temp.note WHERE temp.note.id = main.note_person.note_id)"
    there += f" AND {_with('note_person', 'person')}"
    return f"CREATE TEMP VIEW note_person AS SELECT * FROM main.note_person WHERE {there}"


def _with(table: str, owner: str) -> str:
    """The record that a row refers to is there, if it refers to one of this kind."""
    column = f"main.{table}.{owner}_id"
    there = f"SELECT 1 FROM main.{owner} WHERE main.{owner}.id = {column} AND main.{owner}.deleted_at IS NULL"
    return f"({column} IS NULL OR EXISTS ({there}))"
