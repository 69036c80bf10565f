"""Ways in which the server's rules might be wrong one day: each must be noticed by what intruders try."""

from app.models.server.policies import MASKED

_OPEN = "ALTER POLICY {} ON team.{} {}"


def _reading(*tables: str) -> list[str]:
    return [_OPEN.format("reading", f'"{table}"', "USING (true)") for table in tables]


def _writing(policy: str, how: str, *tables: str) -> list[str]:
    return [_OPEN.format(policy, f'"{table}"', how) for table in tables]


def _function(name: str, body: str, returns: str, more: str = "STABLE SECURITY DEFINER") -> str:
    return (f"CREATE OR REPLACE FUNCTION team.{name}() RETURNS {returns} LANGUAGE sql {more}"
            f" SET search_path = pg_catalog, pg_temp AS $$ {body} $$")  # fmt: skip


_READ = ("lead", "note", "step", "attachment", "mail", "chunk", "company", "person", "lead_person", "change", "goal",
         "change_set", "saved_view")  # fmt: skip
_CHECKED = "WITH CHECK (true)"
_WHOLE = "USING (true) WITH CHECK (true)"

BREAKS = [
    *_reading(*_READ),
    "ALTER POLICY reading ON team.tombstone USING (true)",
    *_writing("adding", _CHECKED, "lead", "note", "attachment", "absence", "saved_view", "goal", "stage",
              "chunk", "change", "change_set"),
    *_writing("changing", _WHOLE, "lead", "company", "member", "stage", "tag", "store_setting", "saved_view"),
    *_writing("changing", _CHECKED, "member", "saved_view"),
    *_writing("removing", "USING (true)", "goal", "step", "absence", "saved_view"),
    "ALTER POLICY adding ON team.lead_tag WITH CHECK (true); DROP TRIGGER measured ON team.lead_tag",
    *(f"ALTER TABLE team.{table} DISABLE ROW LEVEL SECURITY" for table in ("lead", "note", "member", "tombstone")),
    *(f"ALTER TABLE team.{table} NO FORCE ROW LEVEL SECURITY" for table in ("lead", "change")),
    *(f"GRANT {right} TO vorlage_people" for right in (
        "UPDATE ON team.lead", "TRUNCATE ON team.lead", "UPDATE ON team.change_set", "SELECT ON team.login",
        "INSERT ON team.login", "UPDATE ON team.last_key", "UPDATE ON team.turn", "UPDATE ON team.information",
        "INSERT ON team.tombstone", "DELETE ON team.tombstone", "CREATE ON SCHEMA team", "SELECT ON team.turn",
        "SELECT ON team.let_go",
    )),
    *(f"DROP TRIGGER {name} ON team.{table}" for name, table in (
        ("kept_user_id", "lead"), ("kept_role", "member"), ("kept_uid", "member"), ("measured", "lead"),
        ("measured", "note"), ("measured", "attachment"), ("measured", "change"), ("a_stamp", "lead"),
    )),
    *(f"ALTER FUNCTION team.{name}() RESET search_path" for name in ("my_role", "seen_lead", "begin_turn")),
    _function("my_id", "SELECT current_setting('team.me')::bigint", "bigint"),
    _function("my_id", "SELECT 1::bigint", "bigint"),
    _function("my_role", "SELECT 'full'::text", "text"),
    _function("whose", "SELECT array_agg(id) FROM team.member", "bigint[]"),
    _function("seen_content", "SELECT id FROM team.content", "SETOF bigint"),
    _function("seen_mail", "SELECT id FROM team.mail", "SETOF bigint"),
    _function("seen_lead", "SELECT id FROM team.lead", "SETOF bigint"),
    "GRANT EXECUTE ON FUNCTION team.counted() TO PUBLIC",
    *(f"CREATE VIEW team.leak_{name} AS SELECT * FROM team.{name}; GRANT SELECT ON team.leak_{name} TO PUBLIC"
      for name in ("lead",)),
    *(f"ALTER VIEW team.seen_{name} RESET (security_barrier)" for name in MASKED),
]  # fmt: skip
