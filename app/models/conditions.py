"""The conditions by which somebody sees only some leads, and what hangs on them.

They are said once, for the views of a reading connection (`app.models.visibility`), for the verbs (`app.models.guard`,
`app.models.permission`), and for the policies of a team's server.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import N_
from app.core.roles import Rights

#: What leads are about, and what companies and people are known by.
RECORDS = ("lead", "company", "person")

#: Tables whose rows vanish with any of the records they refer to by these columns; no column filled refers to none.
HANGING: Mapping[str, tuple[str, ...]] = {
    "step": ("lead", "company"), "stage_entry": ("lead",), "lead_tag": ("lead",), "lead_check": ("lead",),
    "lead_person": ("lead", "person"), "company_person": ("company", "person"), "company_tag": ("company",),
    "person_tag": ("person",), "contact_point": ("company", "person"), "address": ("company", "person"),
    "field_value": ("lead", "company", "person"), "note": ("lead", "company", "person"),
    "attachment": ("lead", "company", "person"),
}  # fmt: skip
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

#: Rows of these stand in the history without a record; each is of one person, or of a mail.
OWN_OR_OF_MAILS = (
    "goal", "absence", "working_week", "field_notice", "saved_view", "mail", "note_person", "attachment",
)  # fmt: skip

#: What a step is called of which the viewer sees only a part.
SEVERAL = N_("Change that you see only in part")


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
            "lead_snapshot": lambda name: self.among(f"{name}.lead_id", "lead"),
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

    def among(self, value: str, record: str) -> str:
        """Whether the id of a lead, a company or a person is that of one that is seen."""
        return f"{value} IN ({self.ids(record)})"

    def change(self, row: str) -> str:
        """What was changed in records that are seen, in the lists that all work with, and in what is one's own."""
        records = " ".join(
            f"WHEN {row}.{owner}_id IS NOT NULL THEN {self.among(f'{row}.{owner}_id', owner)}" for owner in RECORDS
        )
        own = " ".join(
            f"WHEN {row}.table_name = '{table}' THEN EXISTS "
            f"(SELECT 1 FROM {self.at}{table} AS its WHERE its.id = {row}.row_id AND {self.of(table, 'its')})"
            for table in OWN_OR_OF_MAILS
        )
        public = ", ".join(f"'{table}'" for table in _PUBLIC)
        return f"CASE {records} {own} ELSE {row}.table_name IN ({public}) END"

    def wholly(self, step: str, source: str) -> str:
        """Whether all that a step changed is seen; of an own step all that was changed in records, as what was taken
        back is not there to be seen. `source` is the step whose rows tell it.
        """
        rows = f"SELECT 1 FROM {self.at}change AS c WHERE c.change_set_id = {source}"
        of_records = "(c.lead_id IS NOT NULL OR c.company_id IS NOT NULL OR c.person_id IS NOT NULL)"
        unseen = f"NOT COALESCE({self.change('c')}, FALSE)"
        return (
            f"(CASE WHEN {step}.actor_id = {self.me} THEN {step}.import_run_id IS NOT NULL OR"
            f" NOT EXISTS ({rows} AND {of_records} AND {unseen})"
            f" ELSE {step}.import_run_id IS NULL AND NOT EXISTS ({rows} AND {unseen}) END)"
        )

    def _of_leads(self, *columns: str) -> str:
        return " UNION ".join(
            f"SELECT its.{column} FROM {self.at}lead AS its WHERE {self.lead('its')} AND its.{column} IS NOT NULL"
            for column in columns
        )

    def _hanging(self, table: str, row: str) -> str:
        """What hangs on records of which each one is seen, or on a mail of which a note is."""
        held = [f"({row}.{owner}_id IS NULL OR {self.among(f'{row}.{owner}_id', owner)})" for owner in HANGING[table]]
        if table == "attachment":
            held.append(f"({row}.mail_id IS NULL OR {self._noted('mail_id', f'{row}.mail_id')})")
        return " AND ".join(held)

    def _of_notes(self, table: str, row: str) -> str:
        """Who took part in what is written and seen, and mails on which something is."""
        return self._noted("id", f"{row}.note_id") if table == "note_person" else self._noted("mail_id", f"{row}.id")

    def _noted(self, column: str, key: str) -> str:
        """There is a note that is seen, by its id or its mail."""
        return f"EXISTS (SELECT 1 FROM {self.at}note AS said WHERE said.{column} = {key} AND {self.of('note', 'said')})"

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
