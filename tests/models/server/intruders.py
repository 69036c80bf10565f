"""A team in which one has secrets, and others who try to get at them by SQL of their own."""

import io
from contextlib import closing
from datetime import date
from typing import Any

import psycopg

from app.core.i18n import Text
from app.core.money import Money
from app.core.roles import Role
from app.models.schema import Absence, Company, Person
from app.models.server.shared import shared_tables
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.files import Files, Upload
from app.services.goals import Goals, GoalSpan
from app.services.leads import Leads, NextStep
from app.services.mail_files import Letter, MailFiles
from app.services.mails.parse import parse
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.saved_views import SavedViews
from tests.models.server.attempts import BUILDING, READING, TABLES, WRITING
from tests.models.server.offices import Dump, Office, of_server
from tests.services.mail_samples import mail
from tests.stores import add_lead

MARK = "GEHEIM"
#: In an amount of money, which can carry no word.
NUMBER = "424242"


def hide_secrets(office: Office, anna: Store) -> dict[str, Any]:
    """Anna's lead with all that can hang on one, and Ben (2) with a lead of his own."""
    office.admit("Ben", Role.LIMITED, 2)
    office.admit("Cem", Role.READER, 3)
    lead = Leads(anna).create(
        "active", title=f"{MARK} Lead", company=f"{MARK[:0]}Name GmbH", person="Name", tags=["neu"],  # type: ignore[arg-type]
    )  # fmt: skip
    Leads(anna).edit([lead], info=MARK, user_id=1)
    Leads(anna).set_next_step([lead], NextStep(date(2026, 12, 1), MARK))
    Leads(anna).set_people([lead], [("Weitere", MARK)])
    owner = Owner("lead", lead)
    Notes(anna).write("note", [owner], MARK)
    Files(anna).attach(owner, [Upload(f"{MARK}.txt", MARK.encode())])
    data = mail(MARK, identity="x@example.com", attached=[(f"{MARK}.txt", MARK.encode())])
    MailFiles(anna).place(Letter.of(data, parse(io.BytesIO(data))), [owner])
    Goals(anna).set(GoalSpan.YEAR, 2027 * 12, Money(int(NUMBER), "EUR"), 1)
    SavedViews(anna).create("leads", MARK, {"text": MARK}, shared=False)
    Catalogue(anna).create("tag", "anders")
    add_lead(anna, MARK)
    anna.undo()
    with anna.write(Text("Info")) as session:
        for record in (*session.query(Company), *session.query(Person)):
            record.info = MARK
        session.add(Absence(user_id=1, first_on=1, last_on=2, kind="sick"))
    with closing(office.replica(office.user("ben"))) as ben:
        own = add_lead(ben, "Eigener Lead", user_id=2)
        SavedViews(ben).create("leads", "Eigene", {"text": "x"}, shared=False)
    found = of_server(office.server)
    return {
        "lead": lead, "own": own, "note": _first(found, "note"), "content": _first(found, "content"),
        "mail": _first(found, "mail"), "company": _first(found, "company"), "person": _first(found, "person"),
        "step": _first(found, "step"), "attachment": _first(found, "attachment"), "set": _first(found, "change_set"),
        "stage": _first(found, "stage"), "tag": _first(found, "tag"), "view": _first(found, "saved_view"),
    }  # fmt: skip


def _first(dump: Dump, table: str) -> int:
    number: int = dump[table][0][0]
    return number


def wrongly_written(office: Office, theirs: dict[str, Any], who: str) -> list[str]:
    """Tables in which something is another one after all that somebody tried, and the attempts that met no error."""
    before = of_server(office.server)
    with signed_in(office, who) as direct:
        answers = {each: tried(direct, each.format(**theirs)) for each in (*WRITING, *BUILDING)}
    after = of_server(office.server)
    changed = [table for table, rows in before.items() if after[table] != rows]
    return changed and [*changed, *(each for each, answer in answers.items() if not answer)]


def wrongly_read(office: Office, theirs: dict[str, Any], who: str) -> list[str]:
    """The attempts whose answers show something of what is not theirs."""
    with signed_in(office, who) as direct:
        answers = {each: tried(direct, each.format(**theirs, not_own=f"id <> {theirs['own']}")) for each in READING}
    return [each for each, answer in answers.items() if MARK in answer or NUMBER in answer]


def shown_to_strangers(office: Office, theirs: dict[str, Any]) -> list[str]:
    """What somebody sees who may sign in at the database, and is not of the team."""
    with signed_in(office, "fremd") as direct:
        answers = {each: tried(direct, each.format(**theirs, not_own="true")) for each in READING}
    return [each for each, answer in answers.items() if MARK in answer]


def astray(office: Office) -> list[str]:
    """What in the rules themselves is not as it should be, and no attempt may show: it is the second line."""
    with office.server.connect() as admin:
        found = [row[0] for statement in _RULES for row in admin.execute(statement.encode())]
        rights = {tuple(row) for statement in _RIGHTS for row in admin.execute(statement.encode())}
        triggers = {tuple(row) for row in admin.execute(_TRIGGERS.encode())}
    found += [f"a right too many: {each}" for each in sorted(rights - _expected_rights(), key=str)]
    return found + [f"no trigger: {each}" for each in sorted(_expected_triggers() - triggers)]


def _expected_rights() -> set[tuple[str, ...]]:
    """Whole tables and single columns; views are only read."""
    expected = {("team", "USAGE"), ("turn", "rev", "SELECT"), ("turn", "scope", "SELECT")}
    whole = [*TABLES, "information", "last_key", "tombstone", "company_name", "person_name",
             *(f"seen_{name}" for name in ("change_set", "import_run", "import_row"))]  # fmt: skip
    expected |= {(name, "SELECT") for name in whole}
    for table in shared_tables():
        expected |= {(table.name, column, "INSERT") for column in table.names}
        if table.name not in ("change", "change_set"):
            expected |= {(table.name, column, "UPDATE") for column in table.names if column != "id"}
            expected.add((table.name, "DELETE"))
    return expected


def _expected_triggers() -> set[tuple[str, str]]:
    kept = {(record, "kept_user_id") for record in ("lead", "company", "person")}
    kept |= {("member", "kept_role"), ("member", "kept_uid"), ("member", "no_owner")}
    always = {(name, each) for name in TABLES for each in ("a_stamp", "b_turn", "c_counted", "d_buried", "e_rescoped")}
    measured = ("lead", "company", "person", "note", "step", "attachment", "note_person", "mail", "change", "lead_tag",
                "change_set")  # fmt: skip
    return kept | always | {(name, "measured") for name in measured}


_TRIGGERS = """
SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = 'team'::regnamespace AND tgenabled = 'O' AND NOT tgisinternal"""
_OF_PEOPLE = "grantee = (SELECT value FROM team.information WHERE key = 'people')::regrole"
_RIGHTS = (
    f"""SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)
WHERE relnamespace = 'team'::regnamespace AND {_OF_PEOPLE}""",
    f"""SELECT relname, attname, privilege_type FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid,
aclexplode(attacl) WHERE relnamespace = 'team'::regnamespace AND {_OF_PEOPLE}""",
    f"SELECT nspname, privilege_type FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'team' AND {_OF_PEOPLE}",
)
_RULES = (
    """SELECT relname || ' is not secured' FROM pg_class
WHERE oid = 'team.tombstone'::regclass AND NOT relrowsecurity""",
    """SELECT relname || ' is not forced' FROM pg_class WHERE relnamespace = 'team'::regnamespace AND relkind = 'r'
AND relname NOT IN ('information', 'turn', 'last_key', 'login', 'let_go', 'tombstone')
AND NOT (relrowsecurity AND relforcerowsecurity)""",
    """SELECT proname || ' looks names up where the caller says' FROM pg_proc
WHERE pronamespace = 'team'::regnamespace AND prosecdef
AND (proconfig IS NULL OR NOT 'search_path=pg_catalog, pg_temp' = ANY(proconfig))""",
    """SELECT proname || ' is anybody''s' FROM pg_proc, aclexplode(COALESCE(proacl, acldefault('f', proowner))) AS held
WHERE pronamespace = 'team'::regnamespace AND held.grantee = 0""",
    """SELECT relname || ' is anybody''s' FROM pg_class, aclexplode(relacl) AS held
WHERE relnamespace = 'team'::regnamespace AND held.grantee = 0""",
    """SELECT relname || ' is no barrier' FROM pg_class WHERE relnamespace = 'team'::regnamespace AND relkind = 'v'
AND NOT COALESCE('security_barrier=true' = ANY(reloptions), false)""",
)


def signed_in(office: Office, who: str) -> Any:
    return office.server.connect(office.user(who))


def tried(direct: Any, statement: str) -> str:
    """All that the server says to it: rows, notices, and the error with its detail; nothing where it was just done."""
    heard: list[str] = []
    note = lambda notice: heard.append(str(notice.message_primary))  # noqa: E731 - to be taken off again
    direct.add_notice_handler(note)
    for part in statement.split("; ") if not statement.startswith("CREATE FUNCTION") else [statement]:
        try:
            if part.startswith("COPY (SELECT"):
                with direct.cursor() as cursor, cursor.copy(part) as copied:
                    heard += [bytes(block).decode() for block in copied]
                continue
            cursor = direct.execute(part.encode())
            heard += [_said(row) for row in cursor.fetchall()] if cursor.description else []
        except psycopg.Error as error:
            said = error.diag
            heard += [f"{said.message_primary} {said.message_detail} {said.message_hint} {said.context}"]
    direct.remove_notice_handler(note)
    direct.execute("RESET SESSION AUTHORIZATION")
    direct.execute("RESET ALL")
    return "\n".join(heard)


def _said(row: tuple[Any, ...]) -> str:
    return repr([value.decode(errors="replace") if isinstance(value, bytes) else value for value in row])
