"""The one place that decides which rows a reader sees.

Every reading connection has temporary views that carry the names of the tables and stand in their way: whoever writes
`FROM lead` gets the leads that are not in the trash (and later: that the viewer may see), and cannot forget it.
The trash itself is read through `trashed_lead` and its like. The writing connection has no such views.

The short lists (stages and their checklists, reasons, sources, tags, members) are not veiled: a closed lead goes on
showing the source that is no longer offered, and the funnel needs the place of a deleted stage. Who offers them asks
for `deleted_at IS NULL`.
"""

#: What a person can delete, and an import taken back puts into the trash.
ERASABLE = ("member", "company", "person", "stage", "stage_check", "reason", "source", "tag", "rate", "goal",
            "saved_view", "lead", "note")  # fmt: skip

_VEILED = ("lead", "company", "person", "rate", "goal", "saved_view")

#: Tables that hang on a lead and vanish with it.
_OF_LEAD = ("step", "stage_entry", "lead_tag", "lead_check")


def view_statements() -> list[str]:
    """SQL that lays the views over the tables of a SQLite connection."""
    views = [live_view(table) for table in _VEILED]
    views += [_trashed(table) for table in ("note", *_VEILED)]
    views.append(_of_lead("note", "note.deleted_at IS NULL AND "))
    views += [_of_lead(table) for table in _OF_LEAD]
    return views


def live_view(table: str, columns: str = "*") -> str:
    """SQL that lays the view of what is not in the trash over a table."""
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} WHERE deleted_at IS NULL"


def _trashed(table: str) -> str:
    return f"CREATE TEMP VIEW trashed_{table} AS SELECT * FROM main.{table} WHERE deleted_at IS NOT NULL"


def _of_lead(table: str, also: str = "") -> str:
    orphan = f"{table}.lead_id IS NULL OR " if table == "step" else ""
    return (
        f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {also}({orphan}EXISTS "
        f"(SELECT 1 FROM main.lead WHERE main.lead.id = {table}.lead_id AND main.lead.deleted_at IS NULL))"
    )
