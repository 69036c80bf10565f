"""The first schema: leads and what hangs on them, the history, search."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
LIVE = sa.text("deleted_at IS NULL")

_FULL_TEXT = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(
    folded, content = 'search_doc', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0',
    prefix = '2 3')""",
    "INSERT INTO search_fts (search_fts, rank) VALUES ('secure-delete', 1)",
    """CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
    INSERT INTO search_fts (rowid, folded) VALUES (new.id, new.folded); END""",
    """CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN
    INSERT INTO search_fts (search_fts, rowid, folded) VALUES ('delete', old.id, old.folded); END""",
    """CREATE TRIGGER search_doc_changed AFTER UPDATE OF folded ON search_doc BEGIN
    INSERT INTO search_fts (search_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
    INSERT INTO search_fts (rowid, folded) VALUES (new.id, new.folded); END""",
)


def upgrade() -> None:
    """Make every table of the first release."""
    for make in (
        _company,
        _import_run,
        _member,
        _person,
        _rate,
        _reason,
        _search_doc,
        _source,
        _stage,
        _store_setting,
        _tag,
        _change_set,
        _company_person,
        _import_row,
        _lead,
        _change,
        _lead_tag,
        _note,
        _stage_entry,
        _step,
    ):
        make()
    if op.get_bind().dialect.name == "sqlite":
        for statement in _FULL_TEXT:
            op.execute(statement)


def _company() -> None:
    op.create_table(
        "company",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=300), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sa.UniqueConstraint("uid", name="uq_company_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_company_search_key", "company", ["search_key"], sqlite_where=LIVE, postgresql_where=LIVE)


def _import_run() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
        sa.UniqueConstraint("uid", name="uq_import_run_uid"),
        sqlite_autoincrement=True,
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.String(length=4), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("uid", name="uq_member_uid"),
        sqlite_autoincrement=True,
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=300), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("uid", name="uq_person_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_search_key", "person", ["search_key"], sqlite_where=LIVE, postgresql_where=LIVE)


def _rate() -> None:
    op.create_table(
        "rate",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("rate", sa.String(40), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rate"),
        sa.UniqueConstraint("uid", name="uq_rate_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rate_currency_valid_from", "rate", ["currency", "valid_from"])


def _reason() -> None:
    op.create_table(
        "reason",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reason"),
        sa.UniqueConstraint("uid", name="uq_reason_uid"),
        sqlite_autoincrement=True,
    )


def _search_doc() -> None:
    op.create_table(
        "search_doc",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entity", sa.String(length=20), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("lead_id", KEY, nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_doc"),
        sa.UniqueConstraint("entity", "row_id", name="uq_search_doc_entity_row_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_doc_lead_id", "search_doc", ["lead_id"])


def _source() -> None:
    op.create_table(
        "source",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("uid", name="uq_source_uid"),
        sqlite_autoincrement=True,
    )


def _stage() -> None:
    op.create_table(
        "stage",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("idle_days", sa.Integer(), nullable=False),
        sa.Column("required", sa.Text(), nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.CheckConstraint("idle_days >= 0", name="ck_stage_idle_days"),
        sa.CheckConstraint("probability BETWEEN 0 AND 200", name="ck_stage_probability"),
        sa.PrimaryKeyConstraint("id", name="pk_stage"),
        sa.UniqueConstraint("uid", name="uq_stage_uid"),
        sqlite_autoincrement=True,
    )


def _store_setting() -> None:
    op.create_table(
        "store_setting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_setting"),
        sa.UniqueConstraint("key", name="uq_store_setting_key"),
        sqlite_autoincrement=True,
    )


def _tag() -> None:
    op.create_table(
        "tag",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sort_key", sa.String(length=100), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("uid", name="uq_tag_uid"),
        sqlite_autoincrement=True,
    )


def _change_set() -> None:
    op.create_table(
        "change_set",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("on_day", sa.Integer(), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("label_msgid", sa.Text(), nullable=False),
        sa.Column("label_args", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("undoes_id", KEY, nullable=True),
        sa.Column("import_run_id", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('do', 'undo', 'redo')", name="ck_change_set_kind"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["member.id"], name="fk_change_set_actor_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["import_run_id"],
            ["import_run.id"],
            name="fk_change_set_import_run_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["change_set.id"], name="fk_change_set_undoes_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change_set"),
        sa.UniqueConstraint("uid", name="uq_change_set_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_set_actor_id", "change_set", ["actor_id"])
    op.create_index("ix_change_set_import_run_id", "change_set", ["import_run_id"])
    op.create_index("ix_change_set_undoes_id", "change_set", ["undoes_id"])


def _company_person() -> None:
    op.create_table(
        "company_person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("company_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_company_person_company_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_company_person_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_company_person"),
        sa.UniqueConstraint("company_id", "person_id", name="uq_company_person_company_id_person_id"),
        sa.UniqueConstraint("uid", name="uq_company_person_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_company_person_person_id", "company_person", ["person_id"])


def _import_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("import_run_id", KEY, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("row_last", KEY, nullable=False),
        sa.Column("op", sa.String(length=10), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_run_id"],
            ["import_run.id"],
            name="fk_import_row_import_run_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_row"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_row_import_run_id", "import_row", ["import_run_id"])


def _lead() -> None:
    op.create_table(
        "lead",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("stage_id", KEY, nullable=True),
        sa.Column("company_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("source_id", KEY, nullable=True),
        sa.Column("reason_id", KEY, nullable=True),
        sa.Column("amount_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget", sa.String(length=10), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=True),
        sa.Column("period_first", sa.Integer(), nullable=True),
        sa.Column("period_last", sa.Integer(), nullable=True),
        sa.Column("info", sa.Text(), nullable=False),
        sa.Column("external_number", sa.String(length=100), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("activated_on", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("title_key", sa.String(length=500), nullable=False),
        sa.Column("total_base", KEY, nullable=True),
        sa.Column("weighted_base", KEY, nullable=True),
        sa.Column("month_base", KEY, nullable=True),
        sa.Column("month_weighted", KEY, nullable=True),
        sa.Column("forecast_first", sa.Integer(), nullable=True),
        sa.Column("forecast_last", sa.Integer(), nullable=True),
        sa.Column("next_step_id", KEY, nullable=True),
        sa.Column("next_step_on", sa.Integer(), nullable=True),
        sa.Column("last_touch_on", sa.Integer(), nullable=True),
        sa.Column("stage_since_on", sa.Integer(), nullable=True),
        sa.Column("reached_stage_id", KEY, nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.CheckConstraint("budget IN ('once', 'monthly')", name="ck_lead_budget"),
        sa.CheckConstraint("status <> 'active' OR stage_id IS NOT NULL", name="ck_lead_active_stage"),
        sa.CheckConstraint("status IN ('potential', 'active', 'won', 'lost', 'dropped')", name="ck_lead_status"),
        sa.CheckConstraint("(period_first IS NULL) = (period_last IS NULL)", name="ck_lead_period_whole"),
        sa.CheckConstraint("amount_minor >= 0", name="ck_lead_amount"),
        sa.CheckConstraint("period_first <= period_last", name="ck_lead_period_order"),
        sa.CheckConstraint("probability BETWEEN 0 AND 200", name="ck_lead_probability"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_lead_company_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_lead_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["reason.id"], name="fk_lead_reason_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name="fk_lead_source_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name="fk_lead_stage_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["member.id"], name="fk_lead_user_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.UniqueConstraint("uid", name="uq_lead_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_lead_closed",
        "lead",
        ["status", "closed_on", "activated_on", "total_base", "deleted_at"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_lead_cohort",
        "lead",
        ["status", "reached_stage_id", "activated_on", "deleted_at"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_lead_company_id", "lead", ["company_id"])
    op.create_index("ix_lead_external_number", "lead", ["external_number"])
    op.create_index(
        "ix_lead_forecast",
        "lead",
        [
            "status",
            "forecast_first",
            "forecast_last",
            "month_base",
            "month_weighted",
            "total_base",
            "weighted_base",
            "deleted_at",
        ],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_lead_funnel",
        "lead",
        ["status", "stage_id", "total_base", "weighted_base", "deleted_at"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_lead_list",
        "lead",
        [
            "status",
            "weighted_base",
            "total_base",
            "stage_id",
            "user_id",
            "next_step_on",
            "activated_on",
            "closed_on",
            "period_first",
            "company_id",
            "created_at",
            "person_id",
            "source_id",
            "reason_id",
            "probability",
            "deleted_at",
        ],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_lead_person_id", "lead", ["person_id"])
    op.create_index("ix_lead_reason_id", "lead", ["reason_id"])
    op.create_index("ix_lead_source_id", "lead", ["source_id"])
    op.create_index("ix_lead_stage_id", "lead", ["stage_id"])
    op.create_index(
        "ix_lead_title", "lead", ["status", "title_key", "deleted_at"], sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("ix_lead_user_id", "lead", ["user_id"])


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("lead_id", KEY, nullable=True),
        sa.Column("op", sa.String(length=6), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name="fk_change_change_set_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_change_set_id", "change", ["change_set_id"])
    op.create_index("ix_change_lead_id_change_set_id", "change", ["lead_id", "change_set_id"])


def _lead_tag() -> None:
    op.create_table(
        "lead_tag",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("tag_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name="fk_lead_tag_lead_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name="fk_lead_tag_tag_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lead_tag"),
        sa.UniqueConstraint("lead_id", "tag_id", name="uq_lead_tag_lead_id_tag_id"),
        sa.UniqueConstraint("uid", name="uq_lead_tag_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lead_tag_tag_id", "lead_tag", ["tag_id"])


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name="fk_note_lead_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["member.id"], name="fk_note_user_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.UniqueConstraint("uid", name="uq_note_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_lead_id", "note", ["lead_id"])
    op.create_index("ix_note_user_id", "note", ["user_id"])


def _stage_entry() -> None:
    op.create_table(
        "stage_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("stage_id", KEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_on", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name="fk_stage_entry_lead_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name="fk_stage_entry_stage_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stage_entry"),
        sa.UniqueConstraint("uid", name="uq_stage_entry_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stage_entry_lead_id_stage_id", "stage_entry", ["lead_id", "stage_id"])
    op.create_index("ix_stage_entry_stage_id_lead_id", "stage_entry", ["stage_id", "lead_id"])


def _step() -> None:
    op.create_table(
        "step",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lead_id", KEY, nullable=True),
        sa.Column("company_id", KEY, nullable=True),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("due_on", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by", KEY, nullable=True),
        sa.CheckConstraint("(lead_id IS NULL) <> (company_id IS NULL)", name="ck_step_one_owner"),
        sa.CheckConstraint("local_time BETWEEN 0 AND 1439", name="ck_step_local_time"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_step_company_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["member.id"], name="fk_step_done_by", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name="fk_step_lead_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["member.id"], name="fk_step_user_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("uid", name="uq_step_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_step_company_id", "step", ["company_id"])
    op.create_index("ix_step_done_by", "step", ["done_by"])
    op.create_index("ix_step_due_on", "step", ["due_on"])
    op.create_index("ix_step_lead_id_done_at_due_on", "step", ["lead_id", "done_at", "due_on"])
    op.create_index("ix_step_user_id", "step", ["user_id"])
