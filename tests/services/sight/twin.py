"""The same store with everything removed that somebody must not see, by rules that are written down here once more.

Nothing here knows of `app.models.visibility`: the rules are those of the agency, as plain SQL over the file. Whoever
reads what is left, and sees all of it, must be told the same as the one who sees only a part of the whole.
"""

from collections.abc import Collection
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite

from app.models import documents
from app.models.opening import store_file
from app.models.store import Store

#: What hangs on records, by the records it may hang on: with one of them it goes.
_HANGING = {
    "step": ("lead", "company"), "stage_entry": ("lead",), "lead_tag": ("lead",), "lead_check": ("lead",),
    "lead_person": ("lead", "person"), "company_person": ("company", "person"), "company_tag": ("company",),
    "person_tag": ("person",), "contact_point": ("company", "person"), "address": ("company", "person"),
    "field_value": ("lead", "company", "person"), "note": ("lead", "company", "person"),
    "attachment": ("lead", "company", "person"), "lead_snapshot": ("lead",),
}  # fmt: skip
#: What the whole agency works with stays; of this a person keeps the own rows.
_OWN = ("goal", "absence", "working_week", "field_notice")
_LISTS = "'stage', 'stage_check', 'reason', 'source', 'tag', 'rate', 'member', 'field', 'field_option', 'store_setting'"
MASKED = "Change that you see only in part"


def leave_only(folder: Path, me: int, whose: Collection[int]) -> None:
    """Remove from the store in a folder, which nobody has open, what `me` must not see who sees the leads of `whose`.

    After that `me` is an owner in it.
    """
    connection = sqlite.connect(str(store_file(folder)), isolation_level=None)
    connection.create_function("folded", 1, str.lower, deterministic=True)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    ours = f"({', '.join(map(str, sorted(whose)))})"
    for rule in (_records, _hanging, _personal, _history):
        for statement in rule(me, ours):
            connection.execute(statement)
    connection.execute("UPDATE member SET role = 'owner' WHERE id = ?", (me,))
    connection.execute("COMMIT")
    connection.close()


def settle(store: Store) -> None:
    """Write the words by which what is left is found anew: some named what is gone."""
    with store.maintenance() as connection:
        documents.refresh_all(connection)


def _records(_me: int, ours: str) -> list[str]:
    """Only leads that are assigned; of companies and people those of these leads, and the own ones; and who works for
    such a company.
    """
    named = "SELECT {0}_id FROM lead UNION SELECT recommender_{0}_id FROM lead"
    return [
        f"DELETE FROM lead WHERE user_id IS NULL OR user_id NOT IN {ours}",
        f"""DELETE FROM company WHERE COALESCE(user_id NOT IN {ours}, TRUE) AND id NOT IN (
            SELECT * FROM ({named.format("company")}) WHERE company_id IS NOT NULL)""",
        "DELETE FROM lead_person WHERE lead_id NOT IN (SELECT id FROM lead)",
        "DELETE FROM company_person WHERE company_id NOT IN (SELECT id FROM company)",
        f"""DELETE FROM person WHERE COALESCE(user_id NOT IN {ours}, TRUE) AND id NOT IN (
            SELECT * FROM ({named.format("person")} UNION SELECT person_id FROM lead_person
            UNION SELECT person_id FROM company_person) WHERE person_id IS NOT NULL)""",
    ]


def _hanging(_me: int, _ours: str) -> list[str]:
    """What hangs on a record that is gone, and mails that stand on nothing any more; bytes that no file has."""
    found = [
        f"DELETE FROM {table} WHERE {owner}_id IS NOT NULL AND {owner}_id NOT IN (SELECT id FROM {owner})"
        for table, owners in _HANGING.items()
        for owner in owners
    ]
    return [
        *found,
        "DELETE FROM note_person WHERE note_id NOT IN (SELECT id FROM note)",
        "DELETE FROM note_person WHERE person_id NOT IN (SELECT id FROM person)",
        "DELETE FROM mail WHERE id NOT IN (SELECT mail_id FROM note WHERE mail_id IS NOT NULL)",
        "DELETE FROM attachment WHERE mail_id IS NOT NULL AND mail_id NOT IN (SELECT id FROM mail)",
        """DELETE FROM content WHERE id NOT IN (SELECT content_id FROM attachment UNION SELECT content_id FROM mail
           WHERE content_id IS NOT NULL UNION SELECT photo_id FROM person WHERE photo_id IS NOT NULL
           UNION SELECT photo_id FROM member WHERE photo_id IS NOT NULL)""",
        "DELETE FROM chunk WHERE content_id NOT IN (SELECT id FROM content)",
        "DELETE FROM search_doc WHERE entity = 'lead' AND row_id NOT IN (SELECT id FROM lead)",
    ]  # fmt: skip


def _personal(me: int, ours: str) -> list[str]:
    """Goals and absences are each one's own, views too unless they are for all, and nobody reads another's drafts."""
    return [
        f"DELETE FROM goal WHERE COALESCE(user_id NOT IN {ours}, TRUE)",
        f"DELETE FROM absence WHERE user_id NOT IN {ours}",
        f"DELETE FROM working_week WHERE user_id NOT IN {ours}",
        f"DELETE FROM field_notice WHERE COALESCE(user_id <> {me}, TRUE)",
        f"DELETE FROM saved_view WHERE user_id <> {me}",
        f"DELETE FROM reminder_state WHERE user_id NOT IN {ours}",
        f"DELETE FROM store_setting WHERE key LIKE 'drafts:%' AND key <> 'drafts:{me}'",
    ]


#: The step whose changes a step is about.
_SOURCE = """(CASE s.kind WHEN 'do' THEN s.id WHEN 'undo' THEN s.undoes_id
  ELSE (SELECT undone.undoes_id FROM whole_step undone WHERE undone.id = s.undoes_id) END)"""


def _history(me: int, _ours: str) -> list[str]:
    """Changes of what is left, and of the lists; steps that changed some of that, or are one's own. What a step is
    called may name anything that it changed: that is said only where all of it is left. Of an import from which a lead
    came that is left no more is told than that.
    """
    gone = " ".join(
        f"WHEN {owner}_id IS NOT NULL THEN {owner}_id NOT IN (SELECT id FROM {owner})"
        for owner in ("lead", "company", "person")
    )
    own = " ".join(
        f"WHEN table_name = '{table}' THEN row_id NOT IN (SELECT id FROM {table})"
        for table in (*_OWN, "saved_view", "mail", "note_person", "attachment")
    )
    mine = f"SELECT import_run_id FROM change_set WHERE actor_id = {me} AND import_run_id IS NOT NULL"
    return [
        """CREATE TEMP TABLE whole AS SELECT id, change_set_id,
           COALESCE(lead_id, company_id, person_id) IS NOT NULL AS of_record FROM change""",
        "CREATE TEMP TABLE whole_step AS SELECT * FROM change_set",
        "CREATE INDEX temp.of_step ON whole (change_set_id)",
        f"DELETE FROM change WHERE CASE {gone} {own} ELSE table_name NOT IN ({_LISTS}) END",
        f"""DELETE FROM import_row WHERE import_run_id NOT IN ({mine}) AND NOT (
          table_name = 'lead' AND EXISTS (SELECT 1 FROM lead WHERE lead.id BETWEEN row_id AND row_last)
          OR COALESCE(json_extract(after, '$.lead_id') IN (SELECT id FROM lead), FALSE))""",
        f"DELETE FROM import_run WHERE id NOT IN (SELECT import_run_id FROM import_row) AND id NOT IN ({mine})",
        f"""UPDATE import_row SET row_id = (SELECT min(id) FROM lead WHERE id BETWEEN row_id AND row_last),
          row_last = (SELECT max(id) FROM lead WHERE id BETWEEN row_id AND row_last)
          WHERE table_name = 'lead' AND import_run_id NOT IN ({mine})""",
        f"UPDATE import_run SET created = 0, updated = 0 WHERE id NOT IN ({mine})",
        f"""DELETE FROM change_set AS s WHERE s.actor_id IS NOT {me}
          AND COALESCE(s.import_run_id NOT IN (SELECT id FROM import_run), TRUE)
          AND NOT EXISTS (SELECT 1 FROM change c WHERE c.change_set_id = {_SOURCE})""",
        f"""UPDATE change_set AS s SET label_msgid = '{MASKED}', label_args = '{{}}'
          WHERE CASE WHEN s.actor_id IS {me} THEN s.import_run_id IS NULL AND EXISTS (SELECT 1 FROM whole c
            WHERE c.change_set_id = {_SOURCE} AND of_record AND c.id NOT IN (SELECT id FROM change))
          ELSE s.import_run_id IS NOT NULL OR EXISTS (SELECT 1 FROM whole c
            WHERE c.change_set_id = {_SOURCE} AND c.id NOT IN (SELECT id FROM change)) END""",
    ]  # fmt: skip
