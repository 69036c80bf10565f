"""A filter that was kept somewhere, as far as it can still be read and what it names still exists."""

from typing import TYPE_CHECKING

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.terms import Entity
from app.services import record_filter
from app.services.filter_fields import spec_of
from app.services.filter_names import names_of, without_gone

if TYPE_CHECKING:
    from app.services.record_filter import Filter
    from app.ui.context import Context


def readable(context: "Context", kept: object, entity: Entity) -> "Filter | None":
    """The filter that was kept as plain data. One that cannot be read, or is of other records, narrows nothing; that is
    told.
    """
    if kept is None:
        return None
    try:
        tree = record_filter.read(kept)
        record_filter.expect_of(tree, entity)
        return living(context, tree)
    except InvalidInput as error:
        context.notify(error.title)
        return None


def living(context: "Context", tree: "Filter") -> "Filter | None":
    """The filter without what was deleted; that is told."""
    left, gone = without_gone(tree, names_of(context.office.store, tree))
    for each in gone:
        name = each.name or Text(spec_of(each.field).label)
        context.notify(Text("“{name}” was deleted and narrows the list no more.", name=name))
    return left
