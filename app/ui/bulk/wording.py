"""How a change to a record is worded: Stage: Offer → Negotiation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.core.i18n import ntr, tr
from app.core.terms import CATEGORY_LABELS, COMPANY_KIND_LABELS, SIZE_LABELS, Category, Entity
from app.services.bulk_edit import BulkRow, FieldChange, Verdict
from app.services.bulk_plan import FIELDS
from app.services.bulk_records import COMPANY_FIELDS
from app.services.lead_fields import NextStep
from app.ui.own.words import OwnWords

if TYPE_CHECKING:
    from app.ui.context import Context

_LABELS = {**COMPANY_FIELDS, **FIELDS}


def verdict(row: BulkRow) -> str:
    """In one word."""
    return {
        Verdict.CHANGED: tr("changed"), Verdict.UNCHANGED: tr("as it was"), Verdict.REFUSED: tr("refused"),
    }[row.verdict]  # fmt: skip


def happens(context: "Context", row: BulkRow, entity: Entity) -> str:
    """What becomes of a record, or why it does not."""
    if row.reason is not None:
        return str(row.reason)
    return " · ".join(words for change in row.changes for words in _changes(context, change, entity))


def _changes(context: "Context", change: FieldChange, entity: Entity) -> list[str]:
    return _own_changes(context, change, entity) if change.field == "own" else [_change(context, change)]


def _own_changes(context: "Context", change: FieldChange, entity: Entity) -> list[str]:
    fields = {field.id: field for field in context.office.own_fields.of(entity)}
    words, after, lines = OwnWords(context), dict(change.after), []
    for id_, value in change.before:
        if id_ in fields:
            before, now = (words.shown(fields[id_], each) or "–" for each in (value, after.get(id_)))
            lines.append(tr("{field}: {before} → {after}", field=fields[id_].name, before=before, after=now))
    return lines


def _change(context: "Context", change: FieldChange) -> str:
    before, after = (_value(context, change.field, value) for value in (change.before, change.after))
    return tr("{field}: {before} → {after}", field=tr(_LABELS[change.field]), before=before, after=after)


def _value(context: "Context", field: str, value: Any) -> str:
    if value is None and field in ("probability", "category"):
        return tr("as the stage")
    if value in (None, "", ()):
        return "–"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    formats = context.formats
    worded: dict[str, Callable[[], str]] = {
        "probability": lambda: formats.percent(value),
        "category": lambda: tr(CATEGORY_LABELS[Category(value)]),
        "tags": lambda: ", ".join(value),
        "amount": lambda: formats.money(value),
        "period": lambda: formats.period(*value),
        "next_step": lambda: _step(context, value),
        "kinds": lambda: ", ".join(tr(COMPANY_KIND_LABELS[kind]) for kind in value),
        "size": lambda: tr(SIZE_LABELS[value]),
        "rhythm": lambda: _rhythm(*value),
    }
    return worded[field]() if field in worded else str(value)


def _rhythm(every: int, latest: int | None) -> str:
    words = tr("every day") if every == 1 else tr("every {n} days", n=every)
    return words if latest is None else tr("{every}, {latest}", every=words, latest=_latest(latest))


def _latest(days: int) -> str:
    return ntr("at the latest after {n} day", "at the latest after {n} days", days)


def _step(context: "Context", step: NextStep) -> str:
    time = "" if step.time is None else context.formats.time(step.time)
    return " ".join(part for part in (context.formats.day(step.on), time, step.text) if part)
