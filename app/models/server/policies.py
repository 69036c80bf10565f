"""Row security: what of the team's tables each person may see and write.

The conditions are those of `app.models.visibility`, the rules those of `app.models.permission`. A row that somebody
writes who sees only some leads is looked at twice: at once, whether he may write such rows at all, and when the turn
ends, whether he sees it (a new customer comes before the lead that makes him seen). What is referred to by its number
alone (a file, a mail) must be seen, have been taken off by oneself, or be made in the same turn: nobody gets at a file
by naming it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.models.conditions import OWN_OR_OF_MAILS
from app.models.server.shared import shared_tables
from app.models.server.words import SCHEMA, literal, of_team, quoted
from app.models.visibility import HANGING, SEVERAL, Sight

_ROLE = f"(SELECT {SCHEMA}.my_role())"
_ME = f"(SELECT {SCHEMA}.my_id())"
_SEES_ALL = f"{_ROLE} IN ('owner', 'full', 'reader')"
_WRITES_ALL = f"{_ROLE} IN ('owner', 'full')"
_LIMITED = f"{_ROLE} = 'limited'"
_ANYBODY = f"{_ROLE} IS NOT NULL"
_MINE = f"user_id = {_ME}"
_RECORDS = ("lead", "company", "person")
#: Of these readers write, too, what is their own.
_PERSONAL = ("saved_view", "field_notice", "member", "absence")
#: What people see of the history, of imports and of other customers, with what is not theirs left out of the rows.
MASKED = ("change_set", "import_run", "import_row")
NAMES = ("company", "person")


@dataclass(frozen=True)
class _Asked(Sight):
    """Conditions for policies: a policy may not ask the table it is for, so the ids are asked of functions."""

    def ids(self, record: str) -> str:
        return f"SELECT {SCHEMA}.seen_{record}()"


#: Of who runs the functions of the schema, as its owner: what is asked then is answered from all rows.
_SIGHT = Sight(f"{SCHEMA}.", f"(SELECT unnest({SCHEMA}.whose()))", _ME)
_POLICY = _Asked(_SIGHT.at, _SIGHT.whose, _SIGHT.me)
#: Rows that were written in this turn, and rows made in it.
_WRITTEN = f"rev = (SELECT its.rev FROM {SCHEMA}.turn AS its WHERE its.xid = pg_current_xact_id_if_assigned())"
_FRESH = "made_in = pg_current_xact_id_if_assigned()"
_KNOWN_CONTENT = f"IN (SELECT {SCHEMA}.seen_content())"
_KNOWN_MAIL = f"(mail_id IS NULL OR mail_id IN (SELECT {SCHEMA}.seen_mail()))"
#: What somebody sees who sees only some leads, beside what `Sight` says.
_SEEN: Mapping[str, str] = {
    "content": f"id {_KNOWN_CONTENT}",
    "chunk": f"content_id {_KNOWN_CONTENT}",
    "mail": f"id IN (SELECT {SCHEMA}.seen_mail())",
    "change_set": f"actor_id = {_ME}",
    "import_run": f"id IN (SELECT its.import_run_id FROM {SCHEMA}.change_set AS its)",
    "import_row": f"import_run_id IN (SELECT its.id FROM {SCHEMA}.import_run AS its)",
}


def _on_seen_leads(table: str) -> str:
    """What hangs on a lead that is not seen is refused at once: else the keys of the table would say what is there."""
    return f"(lead_id IS NULL OR lead_id IN (SELECT {SCHEMA}.seen_lead()))" if "lead" in HANGING[table] else "TRUE"


def _of_seen(record: str) -> str:
    """The same for customers; a new one is seen only when the lead comes that it is for."""
    return f"({record}_id IN (SELECT {SCHEMA}.seen_{record}()) OR {record}_id IN (SELECT {SCHEMA}.fresh_{record}()))"


#: A new customer is nobody's or one's own.
_NOT_GIVEN = f"(user_id IS NULL OR {_MINE})"
#: What such a person must keep to at once with the rows of a table; they are looked at again when the turn ends.
_AT_ONCE: Mapping[str, str] = {
    "company": _NOT_GIVEN,
    "mail": f"(content_id IS NULL OR content_id {_KNOWN_CONTENT})",
    "person": f"{_NOT_GIVEN} AND (photo_id IS NULL OR photo_id {_KNOWN_CONTENT})",
    "note_person": "TRUE",
    **{table: _on_seen_leads(table) for table in HANGING},
    "company_tag": _of_seen("company"),
    "person_tag": _of_seen("person"),
    "note": f"{_on_seen_leads('note')} AND {_KNOWN_MAIL}",
    "attachment": f"{_on_seen_leads('attachment')} AND {_KNOWN_MAIL} AND content_id {_KNOWN_CONTENT}",
}


@dataclass(frozen=True)
class _Rule:
    """Which commands are allowed beside those of people who write everything; conditions in SQL, FALSE for nobody."""

    insert: str = "FALSE"
    update: str = "FALSE"
    then: str = "FALSE"
    """What a row has to be after an update."""
    delete: str = "FALSE"

    @classmethod
    def same(cls, condition: str) -> "_Rule":
        """For all commands, before and after."""
        return cls(condition, condition, condition, condition)


def _names(tables: Iterable[str]) -> str:
    return f"({', '.join(map(literal, tables))})"


def _rules() -> dict[str, _Rule]:
    found = {}
    for table, at_once in _AT_ONCE.items():
        seen = f"{_LIMITED} AND {_seen(table)}"
        then = at_once.replace(_NOT_GIVEN, "TRUE")  # whose it was it stays: `_guards`
        found[table] = _Rule(f"{_LIMITED} AND {at_once}", seen, f"{_LIMITED} AND {then}", seen)
    found["lead"] = _Rule(f"{_LIMITED} AND {_MINE}", *[f"{_LIMITED} AND {_seen('lead')}"] * 3)
    found["tag"] = _Rule(insert=_LIMITED, delete=_LIMITED)
    for table in ("saved_view", "field_notice", "reminder_state", "absence"):
        found[table] = _Rule.same(f"{_ANYBODY} AND {_MINE}")
    me = f"{_ANYBODY} AND id = {_ME}"
    found["member"] = _Rule(update=me, then=f"{me} AND (photo_id IS NULL OR photo_id {_KNOWN_CONTENT})")
    found["content"] = _Rule(insert=_ANYBODY)
    found["chunk"] = _Rule(insert=f"{_ANYBODY} AND content_id IN (SELECT {SCHEMA}.fresh_content())")
    told = f"change_set_id IN (SELECT its.id FROM {SCHEMA}.change_set AS its WHERE its.actor_id = {_ME})"
    written = _names((*_AT_ONCE, "lead", "tag", *_PERSONAL))
    by_readers = f"{_ROLE} = 'reader' AND table_name IN {_names(_PERSONAL)}"
    found["change"] = _Rule(insert=f"({_LIMITED} AND table_name IN {written} OR {by_readers}) AND {told}")
    return found


def policy_statements(owner: str, group: str) -> Iterator[str]:
    """SQL that lays the policies over the tables. The functions of the schema run as the owner, and see all rows."""
    yield from _FUNCTIONS
    rules, people = _rules(), quoted(group)
    for table in shared_tables():
        name = of_team(table.name)
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY functions ON {name} TO {quoted(owner)} USING (true) WITH CHECK (true)"
        yield f"""
CREATE POLICY reading ON {name} FOR SELECT TO {people} USING ({_SEES_ALL} OR {_LIMITED} AND {_seen(table.name)})"""
        rule, everything = rules.get(table.name, _Rule()), _WRITES_ALL
        if table.name == "change_set":  # nobody writes history in the name of somebody else
            rule, everything = _Rule(insert=f"{_ANYBODY} AND actor_id = {_ME}"), "FALSE"
        yield f"CREATE POLICY adding ON {name} FOR INSERT TO {people} WITH CHECK ({everything} OR {rule.insert})"
        yield f"""
CREATE POLICY changing ON {name} FOR UPDATE TO {people}
USING ({everything} OR {rule.update}) WITH CHECK ({everything} OR {rule.then})"""
        yield f"CREATE POLICY removing ON {name} FOR DELETE TO {people} USING ({everything} OR {rule.delete})"
    yield f"ALTER TABLE {SCHEMA}.tombstone ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY functions ON {SCHEMA}.tombstone TO {quoted(owner)} USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY reading ON {SCHEMA}.tombstone FOR SELECT TO {people} USING ({_SEES_ALL})"
    yield from _guards()
    yield from _let_goes()
    for view, selected in _views():
        yield f"CREATE VIEW {SCHEMA}.{view} WITH (security_barrier) AS {selected}"
        yield f"GRANT SELECT ON {SCHEMA}.{view} TO {people}"


def _seen(table: str) -> str:
    return f"({_SEEN.get(table) or _POLICY.of(table) or 'TRUE'})"


# --- what the policies ask -------------------------------------------------------------------------------------------


def _definer(head: str, body: str, *, returns: str, language: str = "sql", stable: bool = True) -> str:
    return (f"CREATE FUNCTION {SCHEMA}.{head} RETURNS {returns} LANGUAGE {language} {'STABLE' if stable else ''}"
            f" SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$")  # fmt: skip


def _used() -> str:
    """A query for the contents of files that are seen."""
    selected = [f"SELECT photo_id FROM {SCHEMA}.member WHERE photo_id IS NOT NULL"]
    for table, column in (("attachment", "content_id"), ("mail", "content_id"), ("person", "photo_id")):
        selected.append(
            f"SELECT its.{column} FROM {SCHEMA}.{table} AS its WHERE its.{column} IS NOT NULL"
            f" AND {_SIGHT.of(table, 'its')}"
        )
    return " UNION ".join(selected)


def _let_go(table: str) -> str:
    mine = f"table_name = {literal(table)} AND member_id = {SCHEMA}.my_id()"
    return f"SELECT row_id FROM {SCHEMA}.let_go WHERE {mine}"


_FUNCTIONS = (
    _definer("fresh_content()", f"SELECT id FROM {SCHEMA}.content WHERE {_FRESH}", returns="SETOF bigint"),
    _definer(
        "seen_content()",
        f"{_used()} UNION SELECT {SCHEMA}.fresh_content() UNION {_let_go('content')}",
        returns="SETOF bigint",
    ),
    _definer(
        "seen_mail()",
        f"SELECT its.id FROM {SCHEMA}.mail AS its WHERE its.{_FRESH} OR {_SIGHT.of('mail', 'its')}"
        f" UNION {_let_go('mail')}",
        returns="SETOF bigint",
    ),
    *(_definer(f"seen_{record}()", _SIGHT.ids(record), returns="SETOF bigint") for record in _RECORDS),
    *(
        _definer(f"fresh_{name}()", f"SELECT id FROM {SCHEMA}.{name} WHERE {_WRITTEN}", returns="SETOF bigint")
        for name in NAMES
    ),
    f"""
CREATE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
RAISE EXCEPTION 'not allowed' USING ERRCODE = 'insufficient_privilege'; END $body$""",
)


# --- what a policy cannot say ----------------------------------------------------------------------------------------


def _guards() -> Iterator[str]:
    """Triggers: of a row before and after, and of rows when the turn ends."""
    for table, condition, columns in (
        *((record, f"{SCHEMA}.my_role() = 'limited'", ("user_id",)) for record in _RECORDS),
        ("member", f"{SCHEMA}.my_role() <> 'owner'", ("role", "deleted_at")),
        ("member", f"{SCHEMA}.my_role() NOT IN ('owner', 'full')",
         ("uid", "name", "initials", "sort_key", "created_at")),
    ):  # fmt: skip
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
        yield (f"CREATE TRIGGER kept_{columns[0]} BEFORE UPDATE ON {SCHEMA}.{table} FOR EACH ROW"
               f" WHEN (({changed}) AND {condition}) EXECUTE FUNCTION {SCHEMA}.refuse()")  # fmt: skip
    for name, event, row in (("no_owner", "INSERT", "NEW"), ("kept_owner", "DELETE", "OLD")):
        by_others = f"{row}.role = 'owner' AND {SCHEMA}.my_role() <> 'owner'"
        yield (f"CREATE TRIGGER {name} BEFORE {event} ON {SCHEMA}.member FOR EACH ROW WHEN ({by_others})"
               f" EXECUTE FUNCTION {SCHEMA}.refuse()")  # fmt: skip
    for table in (*_RECORDS, *HANGING, "note_person", "mail", "change"):
        yield _definer(f"measure_{table}()", _measure(table), returns="trigger", language="plpgsql", stable=False)
        yield (f"CREATE CONSTRAINT TRIGGER measured AFTER INSERT OR UPDATE ON {SCHEMA}.{table}"
               f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({SCHEMA}.my_role() = 'limited')"
               f" EXECUTE FUNCTION {SCHEMA}.measure_{table}()")  # fmt: skip
    yield _definer("measure_way_back()", _measure_way_back(), returns="trigger", language="plpgsql", stable=False)
    by_whom = f"NEW.kind <> 'do' AND {SCHEMA}.my_role() IN ('limited', 'reader')"
    yield (f"CREATE CONSTRAINT TRIGGER measured AFTER INSERT ON {SCHEMA}.change_set"
           f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({by_whom})"
           f" EXECUTE FUNCTION {SCHEMA}.measure_way_back()")  # fmt: skip


def _let_goes() -> Iterator[str]:
    """Note what somebody takes off who could not name it afterwards."""
    for table, column, of in (
        ("attachment", "content_id", "content"), ("mail", "content_id", "content"), ("person", "photo_id", "content"),
        ("member", "photo_id", "content"), ("attachment", "mail_id", "mail"), ("note", "mail_id", "mail"),
    ):  # fmt: skip
        noted = f"INSERT INTO {SCHEMA}.let_go VALUES ('{of}', OLD.{column}, {SCHEMA}.my_id()) ON CONFLICT DO NOTHING"
        name = f"let_go_{table}_{column}"
        yield _definer(
            f"{name}()", f"BEGIN {noted}; RETURN NULL; END", returns="trigger", language="plpgsql", stable=False
        )
        yield (f"CREATE TRIGGER {name} AFTER DELETE OR UPDATE OF {column} ON {SCHEMA}.{table} FOR EACH ROW"
               f" WHEN (OLD.{column} IS NOT NULL AND {SCHEMA}.my_role() NOT IN ('owner', 'full'))"
               f" EXECUTE FUNCTION {SCHEMA}.{name}()")  # fmt: skip


def _measure(table: str) -> str:
    if table == "change":
        condition = " AND ".join(
            f"(it.{record}_id IS NULL OR it.{record}_id IN ({_SIGHT.ids(record)})"
            f" OR NOT EXISTS (SELECT FROM {SCHEMA}.{record} AS gone WHERE gone.id = it.{record}_id))"
            for record in _RECORDS
        )
    else:
        condition = _SIGHT.of(table, "it") or "TRUE"
    return _refusing(f"SELECT FROM {SCHEMA}.{table} AS it WHERE it.id = NEW.id AND NOT COALESCE({condition}, FALSE)")


def _refusing(found: str) -> str:
    """The body of a trigger that refuses the row if this query finds anything."""
    return f"""
BEGIN
  IF EXISTS ({found}) THEN
    RAISE EXCEPTION 'not yours' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END"""


def _measure_way_back() -> str:
    """Nobody says that a step was taken back, or done again, of which he sees only a part: of the rest that would not
    be true, and nobody could do it any more. What the step changed is there now, and seen, or gone.
    """
    source = f"""(CASE NEW.kind WHEN 'undo' THEN NEW.undoes_id
ELSE (SELECT u.undoes_id FROM {SCHEMA}.change_set AS u WHERE u.id = NEW.undoes_id) END)"""
    removed = "c.op = CASE NEW.kind WHEN 'undo' THEN 'insert' ELSE 'delete' END"
    of_rows = " ".join(
        f"WHEN c.table_name = '{table}' AND {removed} THEN {_gone_as_wanted(table)}"
        f" WHEN c.table_name = '{table}' THEN EXISTS"
        f" (SELECT FROM {SCHEMA}.{table} AS its WHERE its.id = c.row_id AND {_SIGHT.of(table, 'its')})"
        for table in (*_RECORDS, *sorted(OWN_OR_OF_MAILS))
        if table != "attachment"
    )
    of_records = " ".join(
        f"WHEN c.{record}_id IS NOT NULL THEN c.{record}_id IN ({_SIGHT.ids(record)})"
        f" OR NOT EXISTS (SELECT FROM {SCHEMA}.{record} AS gone WHERE gone.id = c.{record}_id)"
        for record in _RECORDS
    )
    others = f"c.table_name IN ('tag', 'attachment') OR c.table_name = 'member' AND c.row_id = {SCHEMA}.my_id()"
    known = f"CASE {of_rows} {of_records} ELSE {others} END"
    by_reader = f"{SCHEMA}.my_role() = 'reader' AND c.table_name NOT IN {_names(_PERSONAL)}"
    return _refusing(
        f"SELECT FROM {SCHEMA}.change AS c WHERE c.change_set_id = {source}"
        f" AND ({by_reader} OR NOT COALESCE({known}, FALSE))"
        f" UNION ALL SELECT FROM {SCHEMA}.change_set AS it WHERE it.id = {source} AND it.import_run_id IS NOT NULL"
    )


def _gone_as_wanted(table: str) -> str:
    """Whether a row that is taken away is gone; a customer or a mail stays as long as others use it."""
    if table in (*NAMES, "mail", "note_person"):
        return "TRUE"
    return f"NOT EXISTS (SELECT FROM {SCHEMA}.{table} AS its WHERE its.id = c.row_id)"


# --- what is shown in part -------------------------------------------------------------------------------------------


def _views() -> Iterator[tuple[str, str]]:
    """Views that look at all rows and show in part, for people who see only some leads: what steps of others are
    called and imports counted may tell of what is not theirs; of other customers they get the names.
    """
    source = f"""(CASE it.kind WHEN 'do' THEN it.id WHEN 'undo' THEN it.undoes_id
ELSE (SELECT u.undoes_id FROM {SCHEMA}.change_set AS u WHERE u.id = it.undoes_id) END)"""
    rows = f"SELECT FROM {SCHEMA}.change AS c WHERE c.change_set_id = {source}"
    mine = f"it.actor_id = {_ME}"
    seen = _SIGHT.change("c")
    wholly = _SIGHT.wholly("it", source)
    own_runs = f"SELECT s.import_run_id FROM {SCHEMA}.change_set AS s WHERE s.actor_id = {_ME}"
    among = f"WHERE own.id BETWEEN it.row_id AND it.row_last AND {_SIGHT.lead('own')}"
    hanging = f"(it.after::jsonb ->> 'lead_id')::bigint IN ({_SIGHT.ids('lead')})"
    of_mine = (
        f"CASE it.table_name WHEN 'lead' THEN EXISTS (SELECT FROM {SCHEMA}.lead AS own {among}) ELSE {hanging} END"
    )
    of_run = f"SELECT it.import_run_id FROM {SCHEMA}.import_row AS it WHERE {of_mine}"
    yield (
        "seen_change_set",
        f"""
SELECT it.id, it.uid, it.at, it.on_day, it.actor_id, it.origin,
  CASE WHEN {wholly} THEN it.label_msgid ELSE {literal(SEVERAL)} END AS label_msgid,
  CASE WHEN {wholly} THEN it.label_args ELSE '{{}}' END AS label_args, it.kind, it.undoes_id, it.import_run_id, it.rev
FROM {SCHEMA}.change_set AS it
WHERE {_LIMITED} AND ({mine} OR EXISTS ({rows} AND {seen}) OR it.import_run_id IN ({of_run}))""",
    )
    counts = ", ".join(f"CASE WHEN it.id IN ({own_runs}) THEN it.{n} ELSE 0 END AS {n}" for n in ("created", "updated"))
    yield (
        "seen_import_run",
        f"""
SELECT it.id, it.uid, it.at, it.file_name, {counts}, it.rev FROM {SCHEMA}.import_run AS it
WHERE {_LIMITED} AND (it.id IN ({own_runs}) OR it.id IN ({of_run}))""",
    )
    ends = ", ".join(
        f"CASE WHEN it.table_name <> 'lead' OR it.import_run_id IN ({own_runs}) THEN it.{name} ELSE"
        f" (SELECT {end}(own.id) FROM {SCHEMA}.lead AS own {among}) END AS {name}"
        for name, end in (("row_id", "min"), ("row_last", "max"))
    )
    yield (
        "seen_import_row",
        f"""
SELECT it.id, it.import_run_id, it.table_name, {ends}, it.op, it.before, it.after, it.rev
FROM {SCHEMA}.import_row AS it WHERE {_LIMITED} AND (it.import_run_id IN ({own_runs}) OR {of_mine})""",
    )
    for table in NAMES:
        yield (
            f"{table}_name",
            f"""
SELECT id, name, sort_key, search_key, archived_at, rev FROM {SCHEMA}.{table} AS it
WHERE deleted_at IS NULL AND {_ANYBODY}""",
        )
