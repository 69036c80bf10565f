"""The team: roles, deputies and absences, working hours, passwords."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DEFERRED = "DEFERRABLE INITIALLY DEFERRED"


def upgrade() -> None:
    """Add what the earlier schemas did not have. Contents and mails are written anew, as they were."""
    for make in (_member, _absence, _working_week, _password, _content, _mail):
        make()


def _member() -> None:
    """Nobody was restricted until now; whoever was there first decides from now on."""
    roles = "CONSTRAINT ck_member_role CHECK (role IN ('owner', 'full', 'limited', 'reader'))"
    op.execute(f"ALTER TABLE member ADD COLUMN role VARCHAR(10) DEFAULT 'full' NOT NULL {roles}")
    op.execute("ALTER TABLE member ADD COLUMN email VARCHAR(200) DEFAULT '' NOT NULL")
    for column, target in (("photo_id", "content"), ("deputy_id", "member")):
        key = f"CONSTRAINT fk_member_{column} REFERENCES {target} (id) {_DEFERRED}"
        op.execute(f"ALTER TABLE member ADD COLUMN {column} INTEGER {key}")
        op.create_index(f"ix_member_{column}", "member", [column])
    op.execute(
        "UPDATE member SET role = 'owner' WHERE id = (SELECT min(id) FROM member AS first WHERE deleted_at IS NULL)"
    )


def _create(name: str, *parts: Any, business: bool = True) -> None:
    uid = [sa.Column("uid", sa.String(32), nullable=False)] if business else []
    unique = [sa.UniqueConstraint("uid", name=f"uq_{name}_uid")] if business else []
    op.create_table(
        name,
        sa.Column("id", KEY, nullable=False),
        *uid,
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *unique,
        sqlite_autoincrement=True,
    )


def _key(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, KEY, nullable=optional)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", initially="DEFERRED", deferrable=True
    )


def _absence() -> None:
    _create(
        "absence",
        _key("user_id"),
        _number("first_on"),
        _number("last_on"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("half", sa.Boolean(), nullable=False),
        _key("deputy_id", optional=True),
        sa.CheckConstraint("first_on <= last_on", name="ck_absence_span"),
        sa.CheckConstraint("kind IN ('holiday', 'sick', 'other')", name="ck_absence_kind"),
        _refers("absence", "user_id", "member"),
        _refers("absence", "deputy_id", "member"),
    )
    op.create_index("ix_absence_user_id_first_on", "absence", ["user_id", "first_on"])
    op.create_index("ix_absence_deputy_id", "absence", ["deputy_id"])


def _working_week() -> None:
    _create(
        "working_week",
        _key("user_id"),
        _number("valid_from"),
        *(_number(day) for day in DAYS),
        *(sa.CheckConstraint(f"{day} BETWEEN 0 AND 1440", name=f"ck_working_week_{day}") for day in DAYS),
        _refers("working_week", "user_id", "member"),
        sa.UniqueConstraint("user_id", "valid_from", name="uq_working_week_user_id_valid_from"),
    )


def _password() -> None:
    _create(
        "password",
        _key("user_id"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        _refers("password", "user_id", "member"),
        sa.UniqueConstraint("user_id", name="uq_password_user_id"),
        business=False,
    )


def _content() -> None:
    _anew("content", ("id", "hash", "size", "at"), lambda name: op.create_table(
        name,
        sa.Column("id", KEY, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content"),
        sqlite_autoincrement=True,
    ))  # fmt: skip
    op.create_index("ix_content_hash", "content", ["hash"])


def _mail() -> None:
    columns = ("id", "uid", "identity", "subject", "people", "sent_at", "text", "content_id")
    _anew("mail", columns, lambda name: op.create_table(
        name,
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("identity", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(1000), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_id", KEY, nullable=True),
        _refers("mail", "content_id", "content"),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.UniqueConstraint("uid", name="uq_mail_uid"),
        sqlite_autoincrement=True,
    ))  # fmt: skip
    op.create_index("ix_mail_identity", "mail", ["identity"])
    op.create_index("ix_mail_content_id", "mail", ["content_id"])


def _anew(table: str, columns: tuple[str, ...], make: Callable[[str], object]) -> None:
    """No constraint can be dropped without a new table: two people who may not see each other's mails may both have
    the same one, or the same file.
    """
    fresh, names = f"{table}_new", ", ".join(columns)
    make(fresh)
    op.execute(f"INSERT INTO {fresh} ({names}) SELECT {names} FROM {table}")
    # no number that was ever used comes again
    counted = f"SELECT '{fresh}', seq FROM sqlite_sequence WHERE name = '{table}'"
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{fresh}'")
    op.execute(f"INSERT INTO sqlite_sequence (name, seq) {counted}")
    op.drop_table(table)
    op.rename_table(fresh, table)
