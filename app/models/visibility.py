"""The one place that decides which rows a reader sees.

Every reading connection has temporary views that carry the names of the tables and stand in their way: whoever writes
`FROM lead` gets the leads that are not in the trash and that the viewer may see, and cannot forget it. The trash itself
is read through `trashed_lead` and its like. The writing connection has no such views: what it writes is measured by
`app.models.permission`. On a team's server the same conditions are the policies of row security.

The short lists (stages and their checklists, reasons, sources, tags, members, own fields and what they offer) are not
veiled: a closed lead goes on showing the source that is no longer offered, and the funnel needs the place of a deleted
stage. Who offers them asks for `deleted_at IS NULL`.

What hangs on a record (a note on a lead, the address of a company) vanishes with it, mails with the last note on them.
Who sees only some leads sees the companies and people of these, and of the others no more than the names, in
`company_name` and `person_name`, to choose from.
"""

from collections.abc import Iterable

from app.core.roles import EVERYTHING, Rights
from app.models.conditions import HANGING, RECORDS, SEVERAL, Sight, local_sight

__all__ = ["ERASABLE", "HANGING", "SEVERAL", "Sight", "listing_statements", "live_view", "local_sight",
           "view_statements"]  # fmt: skip

#: What a person can delete, and an import taken back puts into the trash.
ERASABLE = ("member", "company", "person", "stage", "stage_check", "reason", "source", "tag", "rate", "goal",
            "saved_view", "lead", "note", "attachment", "field", "field_option")  # fmt: skip

_VEILED = ("lead", "company", "person", "rate", "goal", "saved_view")

#: Of these a row of its own can be deleted, too.
_ERASABLE_TOO = ("note", "attachment")


class _Listed(Sight):
    """The same conditions by lists of the records that are seen, which the connection has made (`listing_statements`):
    so nothing is reckoned twice, and a database finds its way from a list to the rows.
    """

    def ids(self, record: str) -> str:
        return f"SELECT id FROM temp.seen_{record}"

    def among(self, value: str, record: str) -> str:
        # with the + it is never taken for a way to the rows: of one company's leads all of one's leads would be tried
        return f"+{value} IN ({self.ids(record)})"

    def lead(self, row: str) -> str:
        # by the key, which every index has, whose it is would have to be looked up in the rows
        return self.among(f"{row}.id", "lead")

    def company(self, row: str) -> str:
        return self.among(f"{row}.id", "company")

    def person(self, row: str) -> str:
        return self.among(f"{row}.id", "person")


def view_statements(rights: Rights = EVERYTHING) -> list[str]:
    """SQL that lays the views over the tables of a SQLite connection, as somebody with these rights sees them.

    Who sees only some leads needs the lists, too: see `listing_statements`.
    """
    sight = _listed(rights)
    views = [live_view(table, rights=rights) for table in _VEILED]
    views += [_trashed(table, sight) for table in (*_ERASABLE_TOO, *_VEILED)]
    views += [_hanging(table, owners, sight) for table, owners in HANGING.items()]
    views += [_names("company"), _names("person"), _taking_part(), _MAIL, *_documents(sight), _WORDS]
    lists = [f"CREATE TEMP TABLE seen_{record} (id INTEGER PRIMARY KEY)" for record in RECORDS]
    return [
        *(lists if sight is not None else ()),
        *views,
        _PASSWORDS,
        *(_restricted(sight) if sight is not None else ()),
    ]


def listing_statements(rights: Rights) -> list[str]:
    """SQL that lists anew what is seen; nothing for who sees everything."""
    sight = local_sight(rights)
    if sight is None:
        return []
    chosen = {"lead": sight.ids("lead"), "company": _listed_of(sight, "company"), "person": _listed_of(sight, "person")}
    return [
        statement
        for record, ids in chosen.items()
        for statement in (f"DELETE FROM temp.seen_{record}", f"INSERT INTO temp.seen_{record} {ids}")
    ]


def _listed_of(sight: Sight, record: str) -> str:
    """The ids of companies or people beginning with the leads, as the lists before this one have them: of a condition
    over all companies or people a database would look at each.
    """
    parts = [f"SELECT id FROM main.{record} WHERE user_id IN {sight.whose}"]
    parts += [
        f"SELECT {column} FROM main.lead WHERE id IN (SELECT id FROM temp.seen_lead) AND {column} IS NOT NULL"
        for column in (f"{record}_id", f"recommender_{record}_id")
    ]
    if record == "person":
        parts += [
            f"SELECT person_id FROM main.{table} WHERE {owner}_id IN (SELECT id FROM temp.seen_{owner})"
            for table, owner in (("lead_person", "lead"), ("company_person", "company"))
        ]
    return " UNION ".join(parts)


def _listed(rights: Rights) -> Sight | None:
    sight = local_sight(rights)
    return None if sight is None else _Listed(sight.at, sight.whose, sight.me)


def live_view(table: str, columns: str = "*", *, rights: Rights = EVERYTHING) -> str:
    """SQL that lays the view of what is not in the trash, and seen, over a table."""
    conditions = ["deleted_at IS NULL", *_seen(table, _listed(rights))]
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} WHERE {' AND '.join(conditions)}"


def _seen(table: str, sight: Sight | None) -> list[str]:
    """The condition of the table beside others; none for who sees everything."""
    condition = None if sight is None else sight.of(table)
    return [] if condition is None else [condition]


def _trashed(table: str, sight: Sight | None) -> str:
    conditions = ["deleted_at IS NOT NULL", *_seen(table, sight)]
    return f"CREATE TEMP VIEW trashed_{table} AS SELECT * FROM main.{table} WHERE {' AND '.join(conditions)}"


def _hanging(table: str, owners: Iterable[str], sight: Sight | None) -> str:
    conditions = ["deleted_at IS NULL"] if table in _ERASABLE_TOO else []
    conditions += [_with(table, owner) for owner in owners if (table, owner) not in _STAYING]
    if table == "attachment":
        conditions.append("(mail_id IS NULL OR EXISTS (SELECT 1 FROM temp.mail WHERE temp.mail.id = mail_id))")
    conditions += _seen(table, sight)
    return f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {' AND '.join(conditions)}"


#: A step of a company in the trash is left to those who ask for it.
_STAYING = frozenset({("step", "company")})


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


def _names(table: str) -> str:
    """All of them by name, for whoever has to choose one."""
    columns = "id, name, sort_key, search_key, archived_at"
    return f"CREATE TEMP VIEW {table}_name AS SELECT {columns} FROM main.{table} WHERE deleted_at IS NULL"


_MAIL = """
CREATE TEMP VIEW mail AS SELECT * FROM main.mail WHERE EXISTS
(SELECT 1 FROM temp.note WHERE temp.note.mail_id = main.mail.id)
"""
#: The words of the full-text index, and in how many documents each stands.
_WORDS = "CREATE VIRTUAL TABLE temp.search_term USING fts5vocab('main', 'search_fts', 'row')"
#: Who has a password is known, but not the hash of it.
_PASSWORDS = "CREATE TEMP VIEW password AS SELECT id, user_id, changed_at FROM main.password"


def _documents(sight: Sight | None) -> list[str]:
    """What is written of a note or a file vanishes with it; the documents of what else is in the trash are removed at
    once. `partial_doc` are those that hold more than is seen, with what is seen: for whom somebody works who is seen
    himself may be nobody's business. In the full-text index they stand with all of their words.
    """
    kinds = ("note", "attachment") if sight is None else ("note", "attachment", "lead", "company", "person")
    cases = " ".join(
        f"WHEN '{kind}' THEN EXISTS (SELECT 1 FROM temp.{kind} WHERE temp.{kind}.id = row_id)" for kind in kinds
    )
    rest = "TRUE" if sight is None else "FALSE"
    words, partial = "folded", "temp.search_doc WHERE FALSE"
    if sight is not None:
        from app.models.documents import facts_of  # whoever sees everything need not wait for it

        seen = f"SELECT folded(words) FROM ({facts_of('person', 'main.search_doc.row_id')})"
        words = f"CASE WHEN entity = 'person' AND {_WORKS_ELSEWHERE} THEN ({seen}) ELSE folded END AS folded"
        of_people = f"({sight.ids('person')}) AS known CROSS JOIN temp.search_doc ON entity = 'person'"
        partial = f"{of_people} AND row_id = known.id WHERE {_WORKS_ELSEWHERE}"
    return [
        (
            f"CREATE TEMP VIEW search_doc AS SELECT id, entity, row_id, lead_id, {words} FROM main.search_doc "
            f"WHERE CASE entity {cases} ELSE {rest} END"
        ),
        f"CREATE TEMP VIEW partial_doc AS SELECT temp.search_doc.id AS id, folded FROM {partial}",
    ]


#: Somebody works for a company that is not seen.
_WORKS_ELSEWHERE = """EXISTS (SELECT 1 FROM main.company_person AS link WHERE link.person_id = row_id
AND NOT EXISTS (SELECT 1 FROM temp.company_person AS seen WHERE seen.id = link.id))"""


def _restricted(sight: Sight) -> list[str]:
    """Views over tables that are open to who sees everything."""
    used = " UNION ".join(
        f"SELECT its.{column} FROM main.{table} AS its WHERE its.{column} IS NOT NULL AND {sight.of(table, 'its')}"
        for table, column in (("attachment", "content_id"), ("mail", "content_id"), ("person", "photo_id"))
    )
    used += " UNION SELECT photo_id FROM main.member WHERE photo_id IS NOT NULL"
    tables = ("absence", "working_week", "field_notice", "reminder_state", "lead_snapshot", "change")
    return [
        *(_restricting(table, sight.of(table) or "TRUE") for table in tables),
        _restricting("content", f"content.id IN ({used})"),
        _restricting("chunk", f"chunk.content_id IN ({used})"),
        # what others have begun to write is theirs
        _restricting("store_setting", f"key NOT LIKE 'drafts:%' OR key = 'drafts:{sight.me}'"),
        *_imports(sight),
        _steps(sight),
    ]


def _restricting(table: str, condition: str) -> str:
    return f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {condition}"


#: The step of the history whose rows tell what a step is about, as `history_terms.SOURCE` has it.
_SOURCE = """(CASE change_set.kind WHEN 'do' THEN change_set.id WHEN 'undo' THEN change_set.undoes_id
ELSE (SELECT u.undoes_id FROM main.change_set AS u WHERE u.id = change_set.undoes_id) END)"""


def _steps(sight: Sight) -> str:
    """The own steps, and those that changed something that is seen. What they are called is said only where all of what
    they changed is seen: it may name what is not.
    """
    mine = f"change_set.actor_id = {sight.me}"
    partly = f"EXISTS (SELECT 1 FROM main.change AS c WHERE c.change_set_id = {_SOURCE} AND {sight.change('c')})"
    wholly = sight.wholly("change_set", _SOURCE)
    label = f"CASE WHEN {wholly} THEN label_msgid ELSE '{SEVERAL}' END AS label_msgid"
    args = f"CASE WHEN {wholly} THEN label_args ELSE '{{}}' END AS label_args"
    imported = "change_set.import_run_id IN (SELECT id FROM temp.import_run)"
    return (
        f"CREATE TEMP VIEW change_set AS SELECT id, uid, at, on_day, actor_id, origin, {label}, {args}, kind, "
        f"undoes_id, import_run_id FROM main.change_set WHERE {mine} OR {partly} OR {imported}"
    )


def _imports(sight: Sight) -> list[str]:
    """The own imports, and those from which a lead came that is seen, or something that hangs on one; of the others no
    more than that.
    """
    mine = f"SELECT import_run_id FROM main.change_set WHERE actor_id = {sight.me} AND import_run_id IS NOT NULL"
    among = f"FROM main.lead AS own WHERE own.id BETWEEN row_id AND row_last AND {sight.lead('own')}"
    hanging = f"json_extract(after, '$.lead_id') IN ({sight.ids('lead')})"
    ends = ", ".join(
        f"CASE WHEN table_name <> 'lead' OR import_run_id IN ({mine}) THEN {name}"
        f" ELSE (SELECT {end}(own.id) {among}) END AS {name}"
        for name, end in (("row_id", "min"), ("row_last", "max"))
    )
    counts = ", ".join(f"CASE WHEN id IN ({mine}) THEN {name} ELSE 0 END AS {name}" for name in ("created", "updated"))
    return [
        (
            f"CREATE TEMP VIEW import_row AS SELECT id, import_run_id, table_name, {ends}, op, before, after "
            f"FROM main.import_row WHERE import_run_id IN ({mine}) "
            f"OR CASE table_name WHEN 'lead' THEN EXISTS (SELECT 1 {among}) ELSE {hanging} END"
        ),
        (
            f"CREATE TEMP VIEW import_run AS SELECT id, uid, at, file_name, {counts} FROM main.import_run "
            f"WHERE id IN ({mine}) OR id IN (SELECT import_run_id FROM temp.import_row)"
        ),
    ]
