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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.i18n import N_
from app.core.roles import EVERYTHING, Rights

#: What a person can delete, and an import taken back puts into the trash.
ERASABLE = ("member", "company", "person", "stage", "stage_check", "reason", "source", "tag", "rate", "goal",
            "saved_view", "lead", "note", "attachment", "field", "field_option")  # fmt: skip

_VEILED = ("lead", "company", "person", "rate", "goal", "saved_view")

#: Tables whose rows vanish with any of the records they refer to by these columns; no column filled refers to none.
HANGING: Mapping[str, tuple[str, ...]] = {
    "step": ("lead", "company"), "stage_entry": ("lead",), "lead_tag": ("lead",), "lead_check": ("lead",),
    "lead_person": ("lead", "person"), "company_person": ("company", "person"), "company_tag": ("company",),
    "person_tag": ("person",), "contact_point": ("company", "person"), "address": ("company", "person"),
    "field_value": ("lead", "company", "person"), "note": ("lead", "company", "person"),
    "attachment": ("lead", "company", "person"),
}  # fmt: skip
#: Of these a row of its own can be deleted, too.
_ERASABLE_TOO = ("note", "attachment")

#: Of what stands in the history without belonging to a record everybody sees these: the lists that all work with.
_PUBLIC = (
    "stage",
    "stage_check",
    "reason",
    "source",
    "tag",
    "rate",
    "member",
    "field",
    "field_option",
    "store_setting",
)

#: What a step is called of which the viewer sees only a part.
SEVERAL = N_("Several records changed")


@dataclass(frozen=True)
class Sight:
    """The conditions by which somebody sees only some leads, for a database that names its tables and the people so.

    `at` is what stands before the name of a table, `whose` the list of those whose leads are seen (SQL in brackets),
    `me` the viewer. Each condition is about a row that the query calls `row`.
    """

    at: str
    whose: str
    me: str

    def of(self, table: str, row: str = "") -> str | None:
        """The condition for a row of this table; None where everybody sees all of it."""
        row = row or table
        if table in HANGING:
            return self._hanging(table, row)
        if table in ("note_person", "mail"):
            return self._of_notes(table, row)
        own = {
            "lead": self.lead, "company": self.company, "person": self.person, "change": self.change,
            "lead_snapshot": lambda name: f"{name}.lead_id IN ({self.ids('lead')})",
            "goal": self._ours, "absence": self._ours, "working_week": self._ours,
            "field_notice": self._mine, "saved_view": self._mine_or_shared, "reminder_state": self._ours_or_shared,
        }  # fmt: skip
        return own[table](row) if table in own else None

    def lead(self, row: str) -> str:
        """The leads assigned to those."""
        return f"{row}.user_id IN {self.whose}"

    def company(self, row: str) -> str:
        """Those of these leads, and the own ones."""
        leads = self._of_leads("company_id", "recommender_company_id")
        return f"({row}.user_id IN {self.whose} OR {row}.id IN ({leads}))"

    def person(self, row: str) -> str:
        """Those of these leads, the own ones, and who works for a company that is seen."""
        leads = self._of_leads("person_id", "recommender_person_id")
        others = f"SELECT person_id FROM {self.at}lead_person WHERE lead_id IN ({self.ids('lead')})"
        work = f"SELECT person_id FROM {self.at}company_person WHERE company_id IN ({self.ids('company')})"
        return f"({row}.user_id IN {self.whose} OR {row}.id IN ({leads} UNION {others} UNION {work}))"

    def ids(self, record: str) -> str:
        """A query for the ids of the leads, companies or people that are seen, also of those in the trash."""
        condition = {"lead": self.lead, "company": self.company, "person": self.person}[record]
        return f"SELECT seen.id FROM {self.at}{record} AS seen WHERE {condition('seen')}"

    def change(self, row: str) -> str:
        """What was changed in records that are seen, in the lists that all work with, and in what is one's own."""
        records = " ".join(
            f"WHEN {row}.{owner}_id IS NOT NULL THEN {row}.{owner}_id IN ({self.ids(owner)})"
            for owner in ("lead", "company", "person")
        )
        own = " ".join(
            f"WHEN {row}.table_name = '{table}' THEN {row}.row_id IN "
            f"(SELECT its.id FROM {self.at}{table} AS its WHERE {self.of(table, 'its')})"
            for table in ("goal", "absence", "working_week", "field_notice", "saved_view", "mail", "note_person")
        )
        public = ", ".join(f"'{table}'" for table in _PUBLIC)
        return f"CASE {records} {own} ELSE {row}.table_name IN ({public}) END"

    def _of_leads(self, *columns: str) -> str:
        return " UNION ".join(
            f"SELECT its.{column} FROM {self.at}lead AS its WHERE {self.lead('its')} AND its.{column} IS NOT NULL"
            for column in columns
        )

    def _hanging(self, table: str, row: str) -> str:
        """What hangs on records of which each one is seen, or on a mail of which a note is."""
        held = [f"({row}.{owner}_id IS NULL OR {row}.{owner}_id IN ({self.ids(owner)}))" for owner in HANGING[table]]
        if table == "attachment":
            mails = f"SELECT said.mail_id FROM {self.at}note AS said WHERE {self.of('note', 'said')}"
            held.append(f"({row}.mail_id IS NULL OR {row}.mail_id IN ({mails}))")
        return " AND ".join(held)

    def _of_notes(self, table: str, row: str) -> str:
        """Who took part in what is written and seen, and mails on which something is."""
        key, column = ("note_id", "id") if table == "note_person" else ("id", "mail_id")
        notes = f"SELECT said.{column} FROM {self.at}note AS said WHERE {self.of('note', 'said')}"
        return f"{row}.{key} IN ({notes} AND said.{column} IS NOT NULL)"

    def _ours(self, row: str) -> str:
        return f"{row}.user_id IN {self.whose}"

    def _ours_or_shared(self, row: str) -> str:
        return f"({row}.user_id IS NULL OR {row}.user_id IN {self.whose})"

    def _mine(self, row: str) -> str:
        return f"{row}.user_id = {self.me}"

    def _mine_or_shared(self, row: str) -> str:
        return f"({row}.user_id IS NULL OR {row}.user_id = {self.me})"


def local_sight(rights: Rights) -> Sight | None:
    """The conditions for somebody on a SQLite connection; None for who sees everything."""
    if rights.whose is None:
        return None
    whose = ", ".join(str(member) for member in sorted(rights.whose))
    return Sight("main.", f"({whose})", str(rights.member))


def view_statements(rights: Rights = EVERYTHING) -> list[str]:
    """SQL that lays the views over the tables of a SQLite connection, as somebody with these rights sees them."""
    sight = local_sight(rights)
    views = [live_view(table, rights=rights) for table in _VEILED]
    views += [_trashed(table, sight) for table in (*_ERASABLE_TOO, *_VEILED)]
    views += [_hanging(table, owners, sight) for table, owners in HANGING.items()]
    views += [_names("company"), _names("person"), _taking_part(), _MAIL, _documents(sight), _WORDS]
    return [*views, _PASSWORDS, *(_restricted(sight) if sight is not None else ())]


def live_view(table: str, columns: str = "*", *, rights: Rights = EVERYTHING) -> str:
    """SQL that lays the view of what is not in the trash, and seen, over a table."""
    conditions = ["deleted_at IS NULL", *_seen(table, local_sight(rights))]
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


def _documents(sight: Sight | None) -> str:
    """What is written of a note or a file vanishes with it; the documents of what else is in the trash are removed at
    once.
    """
    kinds = ("note", "attachment") if sight is None else ("note", "attachment", "lead", "company", "person")
    cases = " ".join(
        f"WHEN '{kind}' THEN EXISTS (SELECT 1 FROM temp.{kind} WHERE temp.{kind}.id = row_id)" for kind in kinds
    )
    rest = "TRUE" if sight is None else "FALSE"
    return f"CREATE TEMP VIEW search_doc AS SELECT * FROM main.search_doc WHERE CASE entity {cases} ELSE {rest} END"


def _restricted(sight: Sight) -> list[str]:
    """Views over tables that are open to who sees everything."""
    used = " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
        for table, column in (("temp.attachment", "content_id"), ("temp.trashed_attachment", "content_id"),
                              ("temp.mail", "content_id"), ("temp.person", "photo_id"), ("main.member", "photo_id"))
    )  # fmt: skip
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
    rows = f"SELECT 1 FROM main.change AS c WHERE c.change_set_id = {_SOURCE}"
    mine = f"change_set.actor_id = {sight.me}"
    partly = f"EXISTS ({rows} AND {sight.change('c')})"
    wholly = f"({mine} OR change_set.import_run_id IS NULL AND NOT EXISTS ({rows} AND NOT ({sight.change('c')})))"
    label = f"CASE WHEN {wholly} THEN label_msgid ELSE '{SEVERAL}' END AS label_msgid"
    args = f"CASE WHEN {wholly} THEN label_args ELSE '{{}}' END AS label_args"
    imported = "change_set.import_run_id IN (SELECT id FROM temp.import_run)"
    return (
        f"CREATE TEMP VIEW change_set AS SELECT id, uid, at, on_day, actor_id, origin, {label}, {args}, kind, "
        f"undoes_id, import_run_id FROM main.change_set WHERE {mine} OR {partly} OR {imported}"
    )


def _imports(sight: Sight) -> list[str]:
    """The own imports, and those from which a lead came that is seen; of the others no more than that."""
    mine = f"SELECT import_run_id FROM main.change_set WHERE actor_id = {sight.me} AND import_run_id IS NOT NULL"
    seen = (
        "import_row.table_name = 'lead' AND EXISTS (SELECT 1 FROM main.lead AS own WHERE own.id BETWEEN "
        f"import_row.row_id AND import_row.row_last AND {sight.lead('own')})"
    )
    counts = ", ".join(f"CASE WHEN id IN ({mine}) THEN {name} ELSE 0 END AS {name}" for name in ("created", "updated"))
    return [
        _restricting("import_row", f"import_run_id IN ({mine}) OR {seen}"),
        (
            f"CREATE TEMP VIEW import_run AS SELECT id, uid, at, file_name, {counts} FROM main.import_run "
            f"WHERE id IN ({mine}) OR id IN (SELECT import_run_id FROM temp.import_row)"
        ),
    ]
