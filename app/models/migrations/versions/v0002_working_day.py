"""The working day: saved views, reminders, goals, checklists, forecast categories, snapshots."""

from functools import partial

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
LIVE = sa.text("deleted_at IS NULL")
OPEN = sa.text("done_at IS NULL")
CATEGORIES = "category IN ('commit', 'best_case', 'pipeline', 'omitted')"

_create = partial(op.create_table, sqlite_autoincrement=True)


def upgrade() -> None:
    """Add what the first schema did not have; no row of it is touched but for what is derived."""
    for make in (
        _categories,
        _forecast_index,
        _stage_check,
        _lead_check,
        _reminder_state,
        _goal,
        _saved_view,
        _snapshot,
        _lead_snapshot,
    ):
        make()
    op.create_index("ix_step_open", "step", ["user_id", "due_on"], sqlite_where=OPEN, postgresql_where=OPEN)
    _quick_index()


def _quick_index() -> None:
    """What was replaced stays in the full-text index until it is merged, as the history keeps it anyway.

    To take it out at once cost about a ms for every document, most of what a change to many leads took.
    """
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_fts (search_fts, rank) VALUES ('secure-delete', 0)")


def _categories() -> None:
    """Whoever is as good as sure commits, whoever is likelier than not is the best case; the rest is pipeline."""
    _column("stage", "category", "VARCHAR(10) DEFAULT 'pipeline' NOT NULL", CATEGORIES)
    _column("lead", "category", "VARCHAR(10)", CATEGORIES)
    op.execute("ALTER TABLE lead ADD COLUMN category_now VARCHAR(10)")
    op.execute(
        "UPDATE stage SET category = CASE WHEN probability >= 160 THEN 'commit' "
        "WHEN probability >= 100 THEN 'best_case' ELSE 'pipeline' END"
    )
    op.execute(
        "UPDATE lead SET category_now = (SELECT stage.category FROM stage WHERE stage.id = lead.stage_id) "
        "WHERE status = 'active'"
    )


def _column(table: str, name: str, kind: str, check: str) -> None:
    """A column with a condition, without building the table anew."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind} CONSTRAINT ck_{table}_{name} CHECK ({check})")


def _forecast_index() -> None:
    op.drop_index("ix_lead_forecast", "lead")
    op.create_index(
        "ix_lead_forecast",
        "lead",
        [
            "status",
            "category_now",
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


def _reference(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", initially="DEFERRED", deferrable=True
    )


def _stage_check() -> None:
    _create(
        "stage_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("stage_id", KEY, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        _reference("stage_id", "stage_check", "stage"),
        sa.PrimaryKeyConstraint("id", name="pk_stage_check"),
        sa.UniqueConstraint("uid", name="uq_stage_check_uid"),
    )
    op.create_index("ix_stage_check_stage_id", "stage_check", ["stage_id"])


def _lead_check() -> None:
    _create(
        "lead_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("check_id", KEY, nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("done_by", KEY, nullable=True),
        _reference("lead_id", "lead_check", "lead"),
        _reference("check_id", "lead_check", "stage_check"),
        _reference("done_by", "lead_check", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_lead_check"),
        sa.UniqueConstraint("uid", name="uq_lead_check_uid"),
        sa.UniqueConstraint("lead_id", "check_id", name="uq_lead_check_lead_id_check_id"),
    )
    op.create_index("ix_lead_check_check_id", "lead_check", ["check_id"])
    op.create_index("ix_lead_check_done_by", "lead_check", ["done_by"])


def _reminder_state() -> None:
    _create(
        "reminder_state",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("notified_at", INSTANT, nullable=True),
        sa.Column("snoozed_until", INSTANT, nullable=True),
        _reference("user_id", "reminder_state", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_state"),
        sa.UniqueConstraint("source", "row_id", "user_id", "due", name="uq_reminder_state_source_row_id_user_id_due"),
    )
    op.create_index("ix_reminder_state_user_id", "reminder_state", ["user_id"])


def _goal() -> None:
    _create(
        "goal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("span", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("amount_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.CheckConstraint("span IN ('month', 'quarter', 'year')", name="ck_goal_span"),
        sa.CheckConstraint("amount_minor >= 0", name="ck_goal_amount"),
        _reference("user_id", "goal", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
        sa.UniqueConstraint("uid", name="uq_goal_uid"),
    )
    op.create_index("ix_goal_user_id", "goal", ["user_id"])


def _saved_view() -> None:
    _create(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        _reference("user_id", "saved_view", "member"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("uid", name="uq_saved_view_uid"),
    )
    op.create_index("ix_saved_view_user_id", "saved_view", ["user_id"])


def _snapshot() -> None:
    _create(
        "snapshot",
        sa.Column("id", KEY, nullable=False),
        sa.Column("taken_on", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        sa.UniqueConstraint("taken_on", name="uq_snapshot_taken_on"),
    )


def _lead_snapshot() -> None:
    _create(
        "lead_snapshot",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("taken_on", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("stage_id", KEY, nullable=True),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("probability", sa.Integer(), nullable=True),
        sa.Column("total_base", KEY, nullable=True),
        sa.Column("weighted_base", KEY, nullable=True),
        sa.Column("period_first", sa.Integer(), nullable=True),
        sa.Column("period_last", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lead_snapshot"),
        sa.UniqueConstraint("lead_id", "taken_on", name="uq_lead_snapshot_lead_id_taken_on"),
    )
