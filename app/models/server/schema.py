"""The team's tables in PostgreSQL, and what keeps them: revisions, tombstones, the last key of each table.

Every row carries the revision (`rev`) of the turn that wrote it last; of a row that was deleted a tombstone does. Turns
follow one after the other: the first write of a transaction takes the one row of `turn`, which the next one waits for.
So whoever has seen a revision has seen all before it. Keys are never used twice, and do not tell how many rows there
are: `last_key` begins somewhere and grows by steps of chance, and clients count on from it.
"""

import secrets
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, UniqueConstraint

from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_table, shared_tables
from app.models.server.words import SCHEMA, listed, literal, of_team, quoted

#: What clients and server have to agree on beside the schema of the tables.
FORMAT = "2"
#: On which others hear that a turn was done. What was done they ask for, and get what they may see.
CHANNEL = "team"
#: Rows of these are never changed once they are written.
_APPEND_ONLY = frozenset({"change_set", "change"})
#: Further columns by which the policies look rows up.
_LOOKED_UP = {"change": ("lead_id", "company_id", "person_id"), "lead_snapshot": ("lead_id",), "content": ("hash",)}
#: Rows that are referred to by somebody else's; until then only who made them in the same turn may do that.
_TAKEN_UP = ("content", "mail")
#: Whoever makes up a key cannot use up all that there are.
_FARTHEST = 10_000_000


def table_statements() -> Iterator[str]:
    """SQL that makes the tables of the team, in an empty schema."""
    yield from _OWN_TABLES
    for table in shared_tables():
        yield _create(table)
    for table in shared_tables():
        yield from _keys(table)
    for table in shared_tables():
        yield _begin_keys(table)
    yield from work_statements()


def added_table(name: str) -> Iterator[str]:
    """SQL that makes one of the tables in a team that was founded without it."""
    table = shared_table(name)
    yield _create(table)
    yield from _keys(table)
    yield _begin_keys(table)


def _begin_keys(table: SharedTable) -> str:
    first = 1_000 + secrets.randbelow(100_000)
    return f"INSERT INTO {SCHEMA}.last_key VALUES ({literal(table.name)}, {first})"


def work_statements() -> Iterator[str]:
    """SQL for what goes on in the tables by itself: functions and triggers."""
    yield from _FUNCTIONS
    for table in shared_tables():
        yield from _triggers(table)


def grant_statements(group: str) -> Iterator[str]:
    """SQL that lets the people of the team read and write, as far as the policies do."""
    people = quoted(group)
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {people}"
    for table in shared_tables():
        name, columns = of_team(table.name), listed(table.names)
        yield f"GRANT SELECT, INSERT ({columns}) ON {name} TO {people}"
        if table.name not in _APPEND_ONLY:
            yield f"GRANT UPDATE ({listed(table.names[1:])}), DELETE ON {name} TO {people}"
    yield f"GRANT SELECT ON {SCHEMA}.information, {SCHEMA}.last_key, {SCHEMA}.tombstone TO {people}"
    yield f"GRANT SELECT (rev, scope) ON {SCHEMA}.turn TO {people}"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC"
    seen = (f"seen_{name}" for name in ("lead", "company", "person", "content", "mail"))
    asked = (
        "my_id",
        "my_role",
        "my_secret",
        "whose",
        "today",
        "begin_turn",
        "fresh_content",
        "fresh_company",
        "fresh_person",
        *seen,
    )
    for name in asked:
        yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{name}() TO {people}"


#: From these columns it follows who sees a row, or what belongs to it.
_OF_SCOPE = frozenset({
    "user_id", "lead_id", "company_id", "person_id", "recommender_company_id", "recommender_person_id", "note_id",
    "mail_id", "content_id", "photo_id", "deputy_id", "role", "first_on", "last_on", "change_set_id", "actor_id",
})  # fmt: skip


#: A new row of these may let somebody see what was there before: also one that an undo brings back, and with it what is
#: told of it.
_OPENING = frozenset({
    "lead", "company", "person", "lead_person", "company_person", "note", "note_person", "mail", "attachment",
    "absence", "working_week", "goal", "field_notice", "saved_view", "import_row",
})  # fmt: skip


def _scope_triggers(table: SharedTable) -> Iterator[str]:
    """Note when rows that stay as they are may come into the sight of somebody, or leave it."""
    name = of_team(table.name)
    columns = [column for column in table.names if column in _OF_SCOPE]
    if table.name in ("member", "lead", "company", "person"):
        columns.append("deleted_at")
    events = ["DELETE", *(["INSERT"] if table.name in _OPENING else [])]
    yield f"""
CREATE TRIGGER e_rescoped AFTER {" OR ".join(events)} ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.rescope()"""
    if columns:
        changed = " OR ".join(f"OLD.{quoted(column)} IS DISTINCT FROM NEW.{quoted(column)}" for column in columns)
        yield f"""
CREATE TRIGGER f_rescoped AFTER UPDATE ON {name}
FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {SCHEMA}.rescope()"""


def _create(table: SharedTable) -> str:
    lines = [f"{quoted(column.name)} {column.type}{'' if column.nullable else ' NOT NULL'}" for column in table.columns]
    lines += ["rev bigint NOT NULL DEFAULT 0", "PRIMARY KEY (id)"]
    if table.name in _TAKEN_UP:
        lines.append("made_in xid8 DEFAULT pg_current_xact_id()")
    for constraint in table.table.constraints:
        if isinstance(constraint, CheckConstraint):
            lines.append(f"CONSTRAINT {quoted(str(constraint.name))} CHECK ({constraint.sqltext})")
    if table.name == "store_setting":
        lines += [f"CHECK (NOT starts_with(key, {literal(prefix)}))" for prefix in OWN_SETTINGS]
    return f"CREATE TABLE {of_team(table.name)} ({', '.join(lines)})"


def _keys(table: SharedTable) -> Iterator[str]:
    """Uniqueness and references are looked at when a turn ends: its rows come table by table."""
    name = of_team(table.name)
    yield f"CREATE INDEX ON {name} (rev)"
    for constraint in table.table.constraints:
        if isinstance(constraint, UniqueConstraint):
            columns = listed(column.name for column in constraint.columns)
            yield f"ALTER TABLE {name} ADD UNIQUE ({columns}) DEFERRABLE INITIALLY DEFERRED"
    looked_up = dict.fromkeys(_LOOKED_UP.get(table.name, ()))
    for column in table.table.columns:
        for key in column.foreign_keys:
            looked_up[column.name] = None
            yield (f"ALTER TABLE {name} ADD FOREIGN KEY ({quoted(column.name)})"
                   f" REFERENCES {of_team(key.column.table.name)} (id) DEFERRABLE INITIALLY DEFERRED")  # fmt: skip
    for column_name in looked_up:
        yield f"CREATE INDEX ON {name} ({quoted(column_name)})"


def _triggers(table: SharedTable) -> Iterator[str]:
    name = of_team(table.name)
    yield f"""
CREATE TRIGGER a_stamp BEFORE INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.stamp()"""
    yield f"""
CREATE TRIGGER b_turn BEFORE DELETE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.in_turn()"""
    yield f"""
CREATE TRIGGER c_counted AFTER INSERT ON {name} REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.counted()"""
    yield f"""
CREATE TRIGGER d_buried AFTER DELETE ON {name} REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.buried()"""
    yield from _scope_triggers(table)


_OWN_TABLES = (
    f"CREATE TABLE {SCHEMA}.information (key text PRIMARY KEY, value text NOT NULL)",
    f"""
CREATE TABLE {SCHEMA}.turn (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), rev bigint NOT NULL, scope bigint NOT NULL, xid xid8)""",
    f"INSERT INTO {SCHEMA}.turn (rev, scope) VALUES (0, 0)",
    f"CREATE TABLE {SCHEMA}.last_key (table_name text PRIMARY KEY, last bigint NOT NULL)",
    f"""
CREATE TABLE {SCHEMA}.tombstone (
  table_name text, row_id bigint, rev bigint NOT NULL, PRIMARY KEY (table_name, row_id))""",
    f"CREATE INDEX ON {SCHEMA}.tombstone (rev)",
    # files and mails that somebody saw and took off: by an undo they come back
    f"""
CREATE TABLE {SCHEMA}.let_go (
  table_name text, row_id bigint, member_id bigint, PRIMARY KEY (member_id, table_name, row_id))""",
    # the secret is what a person's replicas are encrypted with: whoever is let in gets it, after a new password, too
    f"CREATE TABLE {SCHEMA}.login (role_name text PRIMARY KEY, member_id bigint NOT NULL, secret bytea NOT NULL)",
)


def _function(head: str, body: str, *, language: str = "plpgsql") -> str:
    """A function that runs as the owner of the tables, whatever the caller's search path is."""
    return (f"CREATE FUNCTION {SCHEMA}.{head} LANGUAGE {language} SECURITY DEFINER"
            f" SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$")  # fmt: skip


_FUNCTIONS = (
    # who one is follows from how one signed in, which no client can set; who may do so no more is nobody at once
    _function("my_id() RETURNS bigint STABLE", f"""
SELECT member.id FROM {SCHEMA}.login JOIN {SCHEMA}.member ON member.id = member_id AND member.deleted_at IS NULL
JOIN pg_roles ON rolname = role_name AND rolcanlogin
WHERE role_name = session_user::text""", language="sql"),
    _function("my_role() RETURNS text STABLE", f"""
SELECT CASE WHEN member.role = 'full' AND NOT EXISTS (
  SELECT FROM {SCHEMA}.member AS other WHERE other.role = 'owner' AND other.deleted_at IS NULL)
  THEN 'owner' ELSE member.role END
FROM {SCHEMA}.login JOIN {SCHEMA}.member ON member.id = member_id AND member.deleted_at IS NULL
JOIN pg_roles ON rolname = role_name AND rolcanlogin
WHERE role_name = session_user::text""", language="sql"),
    _function("my_secret() RETURNS bytea STABLE", f"""
SELECT secret FROM {SCHEMA}.login WHERE role_name = session_user::text AND {SCHEMA}.my_id() IS NOT NULL""",
              language="sql"),
    # days are numbered from 1970-01-01 on, in the time zone of the team
    _function("today() RETURNS bigint STABLE", f"""
SELECT (now() AT TIME ZONE COALESCE((SELECT value FROM {SCHEMA}.store_setting WHERE key = 'time_zone'), 'UTC'))::date
  - date '1970-01-01'""", language="sql"),
    # oneself, and who is away today and has oneself as the deputy
    _function("whose() RETURNS bigint[] STABLE", f"""
SELECT array_agg(id) FROM (
  SELECT {SCHEMA}.my_id() AS id UNION
  SELECT absence.user_id FROM {SCHEMA}.absence
  JOIN {SCHEMA}.member ON member.id = absence.user_id AND member.deleted_at IS NULL
  WHERE COALESCE(absence.deputy_id, member.deputy_id) = {SCHEMA}.my_id()
  AND {SCHEMA}.today() BETWEEN first_on AND last_on) AS people
WHERE id IS NOT NULL""", language="sql"),
    _function("begin_turn() RETURNS bigint", f"""
DECLARE mine bigint;
BEGIN
  SELECT rev INTO mine FROM {SCHEMA}.turn WHERE xid = pg_current_xact_id();
  IF mine IS NULL THEN
    UPDATE {SCHEMA}.turn SET rev = rev + 1, xid = pg_current_xact_id() RETURNING rev INTO mine;
    PERFORM pg_notify('{CHANNEL}', '');
  END IF;
  RETURN mine;
END"""),
    _function("stamp() RETURNS trigger", f"""
BEGIN
  NEW.rev := {SCHEMA}.begin_turn();
  RETURN NEW;
END"""),
    _function("rescope() RETURNS trigger", f"""
BEGIN
  PERFORM {SCHEMA}.begin_turn();
  UPDATE {SCHEMA}.turn SET scope = rev WHERE scope <> rev;
  RETURN NULL;
END"""),
    _function("in_turn() RETURNS trigger", f"""
BEGIN
  PERFORM {SCHEMA}.begin_turn();
  RETURN NULL;
END"""),
    _function("counted() RETURNS trigger", f"""
DECLARE highest bigint;
BEGIN
  SELECT max(id) INTO highest FROM fresh;
  IF highest > (SELECT last FROM {SCHEMA}.last_key WHERE table_name = TG_TABLE_NAME) + {_FARTHEST} THEN
    RAISE EXCEPTION 'a key too far' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE {SCHEMA}.last_key SET last = GREATEST(last, highest) + floor(random() * 8)::bigint
  WHERE table_name = TG_TABLE_NAME AND highest IS NOT NULL;
  RETURN NULL;
END"""),
    _function("buried() RETURNS trigger", f"""
BEGIN
  INSERT INTO {SCHEMA}.tombstone SELECT TG_TABLE_NAME, id, {SCHEMA}.begin_turn() FROM gone
  ON CONFLICT (table_name, row_id) DO UPDATE SET rev = excluded.rev;
  RETURN NULL;
END"""),
)  # fmt: skip
