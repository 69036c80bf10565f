"""What people try by SQL of their own."""

from app.models.server.shared import shared_tables

TABLES = tuple(table.name for table in shared_tables())

#: `not_own` leaves out what somebody may see.
READING = [
    *(f'SELECT * FROM team."{table}" WHERE {{not_own}}' for table in ("lead", "note", "step", "attachment")),
    *(f'SELECT * FROM team."{name}"' for name in TABLES if name not in ("tag", "store_setting", "member")),
    *(f'SELECT string_agg(t::text, chr(10)) FROM team."{name}" AS t' for name in TABLES),
    *(f'COPY (SELECT * FROM team."{name}") TO STDOUT' for name in ("lead", "change", "chunk")),
    "SELECT * FROM team.seen_change_set", "SELECT * FROM team.seen_import_row",
    "SELECT * FROM team.company_name", "SELECT * FROM team.person_name",
    "SELECT * FROM team.tombstone", "SELECT * FROM team.login", "SELECT xid FROM team.turn",
    "SELECT * FROM pg_authid", "SELECT * FROM pg_shadow", "SELECT pg_read_file('/etc/passwd')",
    "SELECT most_common_vals::text FROM pg_stats WHERE schemaname = 'team'",
    "SELECT * FROM pg_statistic", "SELECT lo_import('/etc/passwd')",
    # what an error may say of rows that are not seen
    "SELECT 1 / (CASE WHEN title LIKE 'GEHEIM%%' THEN 0 ELSE 1 END) FROM team.lead",
    "SELECT CAST(title AS integer) FROM team.lead WHERE id = {lead}",
    "SET row_security = off; SELECT * FROM team.lead",
    "SET SESSION AUTHORIZATION admin; SELECT * FROM team.lead",
    "SET ROLE vorlage_tables; SELECT * FROM team.lead", "SET ROLE admin; SELECT * FROM team.lead",
    "SET search_path = pg_temp, team; SELECT * FROM lead",
    "SET team.me = 1; SELECT * FROM team.lead", "SELECT 'GEHEIM' FROM team.tombstone",
    """CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
$$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$; SELECT * FROM team.lead WHERE pg_temp.leak(title)""",
]  # fmt: skip

_FORGED = """
INSERT INTO team.{table} (id, uid, {columns}) SELECT last + 1, md5(random()::text), {values} FROM team.last_key
WHERE table_name = '{table}'"""


def _forged(table: str, **values: str) -> str:
    columns = ", ".join(f'"{name}"' for name in values)
    return _FORGED.format(table=table, columns=columns, values=", ".join(values.values()))


_NOTE = {"kind": "'note'", "at": "now()", "text": "'x'", "markdown": "false"}
_FILE = {"at": "now()", "name": "'x'", "mime": "'x'"}
_LEAD = {"title": "'x'", "status": "'potential'", "amount_minor": "0", "currency": "'EUR'", "budget": "'once'",
         "info": "''", "created_at": "now()", "remark": "''"}  # fmt: skip
#: What nobody of the team may do.
BUILDING = [
"DROP TABLE team.lead", "ALTER TABLE team.lead DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE team.lead DISABLE TRIGGER ALL",
    "DROP POLICY reading ON team.lead", "CREATE TABLE team.mine (a int)", "CREATE TABLE public.mine (a int)",
    "GRANT ALL ON team.lead TO PUBLIC", "ALTER ROLE CURRENT_USER SUPERUSER", "CREATE ROLE another LOGIN",
    "SET session_replication_role = replica", "CREATE EXTENSION dblink", "COPY team.lead FROM PROGRAM 'id'",
    "CREATE OR REPLACE FUNCTION team.my_role() RETURNS text LANGUAGE sql AS $$SELECT 'owner'$$",
]  # fmt: skip
#: Of these they have some that are theirs.
_OWN = ("lead", "note", "tag", "stage_entry", "saved_view")
#: What an owner may do, and others not, or with other rows than these.
WRITING = [
    *(f'UPDATE team."{name}" SET rev = 0' for name in ("lead", "note")),
    *(f'DELETE FROM team."{name}"' for name in TABLES if name not in _OWN),
    "DELETE FROM team.saved_view WHERE id = {view}",
    *(f'TRUNCATE team."{name}" CASCADE' for name in ("lead", "change", "member")),
    "UPDATE team.lead SET title = 'x' WHERE id <> {own}", "UPDATE team.lead SET user_id = 2 WHERE id = {lead}",
    "UPDATE team.lead SET user_id = 2", "UPDATE team.lead SET user_id = 1 WHERE id = {own}",
    "UPDATE team.lead SET user_id = NULL WHERE id = {own}", "UPDATE team.lead SET id = {lead} WHERE id = {own}",
    "DELETE FROM team.lead WHERE id = {lead}", "UPDATE team.note SET lead_id = {own}",
    "UPDATE team.note SET lead_id = {own} WHERE id = {note}", "UPDATE team.step SET lead_id = {own}",
    "UPDATE team.attachment SET lead_id = {own} WHERE mail_id IS NULL", "UPDATE team.mail SET subject = 'x'",
    "UPDATE team.company SET user_id = 2", "UPDATE team.person SET user_id = 2 WHERE id = {person}",
    "UPDATE team.member SET role = 'owner'", "UPDATE team.member SET role = 'owner' WHERE id = 2",
    "UPDATE team.member SET name = 'x' WHERE id = 2", "UPDATE team.member SET deleted_at = now() WHERE id = 1",
    "UPDATE team.member SET photo_id = {content} WHERE id = 2",
    "UPDATE team.stage SET name = 'x'", "UPDATE team.tag SET name = 'x'", "UPDATE team.store_setting SET value = 'x'",
    "UPDATE team.change_set SET actor_id = 2", "UPDATE team.change SET after = '{{}}'",
    "UPDATE team.saved_view SET user_id = 2 WHERE id = {view}", "UPDATE team.saved_view SET user_id = 2",
    "UPDATE team.saved_view SET user_id = NULL WHERE user_id = 2", "UPDATE team.saved_view SET user_id = 1",
    "UPDATE team.turn SET rev = 0", "UPDATE team.last_key SET last = 0", "UPDATE team.information SET value = 'x'",
    "INSERT INTO team.login VALUES ('ben', 1, '')", "UPDATE team.login SET member_id = 1", "DELETE FROM team.tombstone",
    "INSERT INTO team.tombstone VALUES ('lead', {lead}, 1000000)",
    _forged("lead", **_LEAD, user_id="1"), _forged("lead", **_LEAD), _forged("lead", **_LEAD, user_id="3"),
    _forged("note", **_NOTE, lead_id="{lead}"), _forged("note", **_NOTE, company_id="{company}"),
    _forged("note", **(_NOTE | {"kind": "'mail'"}), lead_id="{own}", mail_id="{mail}"),
    _forged("attachment", **_FILE, lead_id="{own}", content_id="{content}"),
    _forged("attachment", **_FILE, lead_id="{lead}", content_id="{content}"),
    _forged("attachment", **_FILE, mail_id="{mail}", content_id="{content}"),
    _forged("lead_tag", lead_id="{lead}", tag_id="(SELECT max(id) FROM team.tag)"),
    _forged("absence", user_id="1", first_on="1", last_on="99999", kind="'sick'", half="false", deputy_id="2"),
    _forged("saved_view", list="'leads'", name="'x'", user_id="1", definition="'x'", position="0"),
    _forged("saved_view", list="'leads'", name="'x'", user_id="NULL", definition="'x'", position="0"),
    _forged("goal", user_id="2", span="'year'", valid_from="1", amount_minor="1", currency="'EUR'"),
    _forged("stage", name="'x'", probability="1", position="9", idle_days="0", required="''", category="'commit'"),
    """INSERT INTO team.chunk (id, content_id, position, data)
SELECT last + 1, {content}, 9, '' FROM team.last_key WHERE table_name = 'chunk'""",
    """INSERT INTO team.change (id, change_set_id, table_name, row_id, lead_id, op, before, after)
SELECT last + 1, {set}, 'lead', {lead}, {lead}, 'update', '{{}}', '{{}}' FROM team.last_key
WHERE table_name = 'change'""",
    """INSERT INTO team.change_set (id, uid, at, on_day, actor_id, origin, label_msgid, label_args, kind)
SELECT last + 1, 'x', now(), 1, 1, 'x', 'x', '{{}}', 'do' FROM team.last_key WHERE table_name = 'change_set'""",
]  # fmt: skip
