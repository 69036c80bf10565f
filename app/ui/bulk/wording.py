"""How a change to a lead is worded: Stage: Offer → Negotiation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.core.i18n import tr
from app.core.terms import CATEGORY_LABELS, Category, Entity
from app.services.bulk_edit import BulkRow, FieldChange, Verdict
from app.services.bulk_plan import FIELDS
from app.services.lead_fields import NextStep
from app.ui.own.words import OwnWords

if TYPE_CHECKING:
    from app.ui.context import Context


def verdict(row: BulkRow) -> str:
    """In one word."""
    return {
        Verdict.CHANGED: tr("changed"), Verdict.UNCHANGED: tr("as it was"), Verdict.REFUSED: tr("refused"),
    }[row.verdict]  # fmt: skip


def happens(context: "Context", row: BulkRow) -> str:
    """What becomes of a lead, or why it does not."""
    if row.reason is not None:
        return str(row.reason)
    return " · ".join(words for change in row.changes for words in _changes(context, change))


def _changes(context: "Context", change: FieldChange) -> list[str]:
    return _own_changes(context, change) if change.field == "own" else [_change(context, change)]


def _own_changes(context: "Context", change: FieldChange) -> list[str]:
    fields = {field.id: field for field in context.office.own_fields.of(Entity.LEAD)}
    words, after, lines = OwnWords(context), dict(change.after), []
    for id_, value in change.before:
        if id_ in fields:
            before, now = (words.shown(fields[id_], each) or "–" for each in (value, after.get(id_)))
            lines.append(tr("{field}: {before} → {after}", field=fields[id_].name, before=before, after=now))
    return lines


def _change(context: "Context", change: FieldChange) -> str:
    before, after = (_value(context, change.field, value) for value in (change.before, change.after))
    return tr("{field}: {before} → {after}", field=tr(FIELDS[change.field]), before=before, after=after)


def _value(context: "Context", field: str, value: Any) -> str:
    if value is None and field in ("probability", "category"):
        return tr("as the stage")
    if value in (None, "", ()):
        return "–"
    formats = context.formats
    worded: dict[str, Callable[[], str]] = {
        "probability": lambda: formats.percent(value),
        "category": lambda: tr(CATEGORY_LABELS[Category(value)]),
        "tags": lambda: ", ".join(value),
        "amount": lambda: formats.money(value),
        "period": lambda: formats.period(*value),
        "next_step": lambda: _step(context, value),
    }
    return worded[field]() if field in worded else str(value)


def _step(context: "Context", step: NextStep) -> str:
    time = "" if step.time is None else context.formats.time(step.time)
    return " ".join(part for part in (context.formats.day(step.on), time, step.text) if part)
