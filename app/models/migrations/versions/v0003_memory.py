"""The memory of the agency: companies and people in full, notes of all kinds, files, mails, own fields."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
LIVE = sa.text("deleted_at IS NULL")
_DEFERRED = "DEFERRABLE INITIALLY DEFERRED"

#: What a note belongs to, and what an attachment or a value does.
_RECORDS = ("lead", "company", "person")


def upgrade() -> None:
    """Add what the earlier schemas did not have. Of the rows there are only notes are written anew, as they were."""
    for make in (_content, _mail, _company, _person, _others, _reach, _notes, _attachment, _own_fields, _history):
        make()


def _table(name: str, *parts: Any, business: bool = True) -> None:
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


def _words(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=optional)


def _key(name: str, *, optional: bool = True) -> sa.Column[Any]:
    return sa.Column(name, KEY, nullable=optional)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _instant(name: str, *, optional: bool = True) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=optional)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", initially="DEFERRED", deferrable=True
    )


def _one_of(table: str, *owners: str) -> sa.CheckConstraint:
    counted = " + ".join(f"CASE WHEN {owner}_id IS NULL THEN 0 ELSE 1 END" for owner in owners)
    return sa.CheckConstraint(f"{counted} = 1", name=f"ck_{table}_one_owner")


def _index(table: str, *columns: str, name: str = "") -> None:
    op.create_index(name or f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _add(table: str, column: str, kind: str) -> None:
    """A column, without building the table anew."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def _add_reference(table: str, column: str, target: str) -> None:
    key = f"CONSTRAINT fk_{table}_{column} REFERENCES {target} (id) {_DEFERRED}"
    _add(table, column, f"INTEGER {key}")
    _index(table, column)


def _content() -> None:
    _table(
        "content",
        _words("hash", 64),
        _key("size", optional=False),
        _instant("at", optional=False),
        sa.UniqueConstraint("hash", name="uq_content_hash"),
        business=False,
    )
    _table(
        "chunk",
        _key("content_id", optional=False),
        _number("position"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _refers("chunk", "content_id", "content"),
        sa.UniqueConstraint("content_id", "position", name="uq_chunk_content_id_position"),
        business=False,
    )


def _mail() -> None:
    _table(
        "mail",
        _words("identity", 500),
        _words("subject", 1000),
        sa.Column("people", sa.Text(), nullable=False),
        _instant("sent_at"),
        sa.Column("text", sa.Text(), nullable=False),
        _key("content_id"),
        _refers("mail", "content_id", "content"),
        sa.UniqueConstraint("identity", name="uq_mail_identity"),
    )
    _index("mail", "content_id")


def _company() -> None:
    _add("company", "number", "VARCHAR(100)")
    for flag in ("is_customer", "is_supplier", "is_other"):
        _add("company", flag, "BOOLEAN DEFAULT '0' NOT NULL")
    _add("company", "industry", "VARCHAR(200) DEFAULT '' NOT NULL")
    _add("company", "size", "VARCHAR(20)")
    _shared_with_people("company")
    _index("company", "number")
    # whoever had a lead won is a customer already
    op.execute(
        "UPDATE company SET is_customer = 1 WHERE id IN (SELECT company_id FROM lead WHERE status = 'won' "
        "AND deleted_at IS NULL)"
    )


def _person() -> None:
    for name, length in (("salutation", 50), ("prefix", 100), ("given", 150), ("family", 150)):
        _add("person", name, f"VARCHAR({length}) DEFAULT '' NOT NULL")
    _add("person", "birthday", "INTEGER")
    _shared_with_people("person")
    _add_reference("person", "photo_id", "content")
    _add("company_person", "role", "VARCHAR(200) DEFAULT '' NOT NULL")
    _add("company_person", "position", "INTEGER DEFAULT '0' NOT NULL")


def _shared_with_people(table: str) -> None:
    _add_reference(table, "user_id", "member")
    _add(table, "info", "TEXT DEFAULT '' NOT NULL")
    _add(table, "archived_at", "BIGINT")
    _rhythm(table)
    op.create_index(
        f"ix_{table}_sort_key", table, ["sort_key", "archived_at", "deleted_at"], sqlite_where=LIVE,
        postgresql_where=LIVE,
    )  # fmt: skip


def _rhythm(table: str) -> None:
    _add(table, "touch_target", "INTEGER")
    _add(table, "touch_latest", "INTEGER")


def _others() -> None:
    _rhythm("tag")
    _add("member", "notice_time", "INTEGER DEFAULT '540' NOT NULL")
    _add("member", "notice_together", "BOOLEAN DEFAULT '1' NOT NULL")
    _add_reference("lead", "recommender_company_id", "company")
    _add_reference("lead", "recommender_person_id", "person")


def _reach() -> None:
    _contact_point()
    _address()
    _pair("company_tag", "company", "tag")
    _pair("person_tag", "person", "tag")
    _pair("lead_person", "lead", "person", _words("role", 100), _number("position"))


def _contact_point() -> None:
    _table(
        "contact_point",
        _key("company_id"),
        _key("person_id"),
        _words("kind", 10),
        _words("label", 40),
        _words("value", 500),
        _words("key", 500),
        _number("position"),
        sa.CheckConstraint("kind IN ('phone', 'mail', 'web')", name="ck_contact_point_kind"),
        _one_of("contact_point", "company", "person"),
        _refers("contact_point", "company_id", "company"),
        _refers("contact_point", "person_id", "person"),
    )
    _index("contact_point", "company_id", "kind", "position")
    _index("contact_point", "person_id", "kind", "position")
    _index("contact_point", "kind", "key")


def _address() -> None:
    _table(
        "address",
        _key("company_id"),
        _key("person_id"),
        _words("label", 40),
        _words("street", 300),
        _words("extra", 300),
        _words("postcode", 20),
        _words("city", 200),
        _words("region", 200),
        _words("country", 100),
        _words("sort_key", 200),
        _number("position"),
        _one_of("address", "company", "person"),
        _refers("address", "company_id", "company"),
        _refers("address", "person_id", "person"),
    )
    _index("address", "company_id", "position")
    _index("address", "person_id", "position")


def _pair(table: str, first: str, second: str, *parts: Any) -> None:
    _table(
        table,
        _key(f"{first}_id", optional=False),
        _key(f"{second}_id", optional=False),
        *parts,
        _refers(table, f"{first}_id", first),
        _refers(table, f"{second}_id", second),
        sa.UniqueConstraint(f"{first}_id", f"{second}_id", name=f"uq_{table}_{first}_id_{second}_id"),
    )
    _index(table, f"{second}_id")


def _notes() -> None:
    """A note may belong to a company or a person: no column can be freed of NOT NULL without a new table."""
    for column in ("lead_id", "user_id"):
        op.drop_index(f"ix_note_{column}", "note")
    op.rename_table("note", "note_before")
    _table(
        "note",
        *(_key(f"{owner}_id") for owner in (*_RECORDS, "mail")),
        _key("user_id"),
        sa.Column("kind", sa.String(10), server_default="note", nullable=False),
        _instant("at", optional=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Boolean(), server_default="0", nullable=False),
        _number("minutes", optional=True),
        _instant("pinned_at"),
        _instant("deleted_at"),
        sa.CheckConstraint("kind IN ('note', 'call', 'meeting', 'mail')", name="ck_note_kind"),
        sa.CheckConstraint("(kind = 'mail') = (mail_id IS NOT NULL)", name="ck_note_mail"),
        sa.CheckConstraint("minutes >= 0", name="ck_note_minutes"),
        _one_of("note", *_RECORDS),
        *(_refers("note", f"{owner}_id", owner) for owner in (*_RECORDS, "mail")),
        _refers("note", "user_id", "member"),
    )
    op.execute(
        "INSERT INTO note (id, uid, lead_id, user_id, at, text, deleted_at) "
        "SELECT id, uid, lead_id, user_id, at, text, deleted_at FROM note_before"
    )
    _keep_counter("note", "note_before")
    op.drop_table("note_before")
    for column in ("lead_id", "company_id", "person_id", "mail_id", "user_id"):
        _index("note", column)
    _pair("note_person", "note", "person")


def _keep_counter(table: str, before: str) -> None:
    """No number that was ever used comes again."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")
    op.execute(
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', seq FROM sqlite_sequence WHERE name = '{before}'"
    )


def _attachment() -> None:
    owners = (*_RECORDS, "mail")
    _table(
        "attachment",
        *(_key(f"{owner}_id") for owner in owners),
        _key("content_id", optional=False),
        _key("user_id"),
        _instant("at", optional=False),
        _words("name", 255),
        _words("mime", 150),
        _instant("pinned_at"),
        _instant("deleted_at"),
        _one_of("attachment", *owners),
        *(_refers("attachment", f"{owner}_id", owner) for owner in (*owners, "content")),
        _refers("attachment", "user_id", "member"),
    )
    for owner in (*owners, "content", "user"):
        _index("attachment", f"{owner}_id")


def _own_fields() -> None:
    _field()
    _table(
        "field_option",
        _key("field_id", optional=False),
        _words("name", 200),
        _number("position"),
        _instant("deleted_at"),
        _refers("field_option", "field_id", "field"),
    )
    _index("field_option", "field_id")
    _field_value()
    _table(
        "field_notice",
        _key("field_id", optional=False),
        _key("user_id"),
        _flag("wanted"),
        _refers("field_notice", "field_id", "field"),
        _refers("field_notice", "user_id", "member"),
        sa.UniqueConstraint("field_id", "user_id", name="uq_field_notice_field_id_user_id"),
    )
    _index("field_notice", "user_id")


def _field() -> None:
    kinds = (
        "'text', 'long_text', 'link', 'flag', 'number', 'amount', 'day', 'choice', 'choices', 'mail', 'phone', "
        "'birthday'"
    )
    _table(
        "field",
        _words("entity", 10),
        _words("kind", 10),
        _words("name", 100),
        sa.Column("help", sa.Text(), nullable=False),
        _words("unit", 20),
        _flag("required"),
        _flag("in_list"),
        _number("position"),
        _flag("notify"),
        _number("notify_days"),
        _flag("yearly"),
        _instant("deleted_at"),
        sa.CheckConstraint("entity IN ('lead', 'company', 'person', 'offer')", name="ck_field_entity"),
        sa.CheckConstraint(f"kind IN ({kinds})", name="ck_field_kind"),
        sa.CheckConstraint("notify_days >= 0", name="ck_field_notify_days"),
    )


def _field_value() -> None:
    _table(
        "field_value",
        _key("field_id", optional=False),
        *(_key(f"{owner}_id") for owner in _RECORDS),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("key", sa.String(100), nullable=True),
        _key("number"),
        sa.Column("currency", sa.String(3), nullable=True),
        _number("day", optional=True),
        _key("option_id"),
        _one_of("field_value", *_RECORDS),
        _refers("field_value", "field_id", "field"),
        *(_refers("field_value", f"{owner}_id", owner) for owner in _RECORDS),
        _refers("field_value", "option_id", "field_option"),
    )
    for owner in (*_RECORDS, "option"):
        _index("field_value", f"{owner}_id", "field_id")
    _index("field_value", "field_id", "key", name="ix_field_value_text")
    _index("field_value", "field_id", "number", name="ix_field_value_number")
    _index("field_value", "field_id", "day", name="ix_field_value_day")


def _history() -> None:
    for owner in ("company", "person"):
        _add("change", f"{owner}_id", "INTEGER")
        there = sa.text(f"{owner}_id IS NOT NULL")
        op.create_index(f"ix_change_{owner}_id", "change", [f"{owner}_id"], sqlite_where=there, postgresql_where=there)
        op.execute(f"UPDATE change SET {owner}_id = row_id WHERE table_name = '{owner}'")
