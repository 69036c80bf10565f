"""P3 for own fields: a list by the values of one, until its first page is painted, against ids in raw SQL.

Every other lead has a value in a field of each kind.
"""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from app.core.calendar import day_number
from app.core.terms import Entity
from app.models.store import Store
from app.services.filter_fields import Op
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.record_filter import Condition
from tests.benchmarks.measure import Result, Setting, bench
from tests.benchmarks.p03_sort import _narrow, _sort
from tests.benchmarks.window import showing

#: As for a filter or an order by what is built in.
_BOUND = 160.0
_ORDERS = {
    OwnKind.TEXT: _BOUND, OwnKind.NUMBER: 60.0, OwnKind.AMOUNT: 60.0, OwnKind.DAY: 60.0, OwnKind.FLAG: 60.0,
    OwnKind.CHOICE: _BOUND,  # words of a list, as sources are
}  # fmt: skip
_INSERT = """
INSERT INTO field_value (uid, field_id, lead_id, text, key, number, currency, day, option_id)
SELECT printf('%032x', :field * 10000000 + id), :field, id, {text}, {text}, {number}, {currency}, {day}, {option}
FROM main.lead WHERE id % 2 = 0
"""
_VECTOR = "SELECT json_group_array(id) FROM (SELECT id FROM lead WHERE status = 'active' ORDER BY total_base, id)"


@bench("P3")
def by_own_fields(setting: Setting) -> Iterable[Result]:
    """Filters that half of the leads fit, few, or all but those; and orders."""
    with setting.own_store(all_active=True) as store:
        keys = _fill(store)
        with showing(store) as shown:

            def vector() -> None:
                with store.read() as connection:
                    json.loads(connection.exec_driver_sql(_VECTOR).scalar_one())

            def whole() -> None:
                shown.panel.ask(filter=None)
                shown.settle()

            for name, tree in _filters(keys).items():
                work = partial(_narrow, shown.panel, tree)
                what = f"filtered by {name}, first page painted"
                yield setting.compared("P3", what, work, vector, at_most_p50=_BOUND, before=whole)
            for kind, bound in _ORDERS.items():
                order = partial(_sort, shown.panel, keys[kind])
                what = f"sorted by an own {kind}, first page painted"
                yield setting.compared("P3", what, order, vector, at_most_p50=bound, before=shown.settle)


def _filters(keys: dict[OwnKind, str]) -> dict[str, Condition]:
    return {
        "an own text that is rare": Condition(keys[OwnKind.TEXT], Op.CONTAINS, ("wert 77777",)),
        "an own text that many have": Condition(keys[OwnKind.TEXT], Op.CONTAINS, ("wert",)),
        "an own number": Condition(keys[OwnKind.NUMBER], Op.FROM, (500_000_000,)),
        "an own date that few have": Condition(keys[OwnKind.DAY], Op.COMING, (7,)),
        "an own date that is empty": Condition(keys[OwnKind.DAY], Op.EMPTY),
        "an own answer": Condition(keys[OwnKind.FLAG], Op.IS, ("no", None)),
        "an own choice": Condition(keys[OwnKind.CHOICE], Op.IS, (2,)),
    }


def _fill(store: Store) -> dict[OwnKind, str]:
    """A field of each kind with values for every other lead; the keys of the fields."""
    fields = OwnFields(store)
    made = {
        kind: fields.create(Entity.LEAD, kind, str(kind), ["eins", "zwei", "drei"] if kind is OwnKind.CHOICE else ())
        for kind in _ORDERS
    }
    today = day_number(store.today())
    value: dict[OwnKind, dict[str, Any]] = {
        OwnKind.TEXT: {"text": "'wert ' || id"}, OwnKind.NUMBER: {"number": "(id * 7919 % 1000) * 1000000"},
        OwnKind.DAY: {"day": f"{today} + id % 2000 - 1000"}, OwnKind.FLAG: {"number": "id / 2 % 2"},
        OwnKind.CHOICE: {"option": "1 + id / 2 % 3"},
        OwnKind.AMOUNT: {
            "number": "id * 7919 % 1000000", "currency": "CASE id / 2 % 10 WHEN 0 THEN 'CHF' ELSE 'EUR' END",
        },
    }  # fmt: skip
    nothing = dict.fromkeys(("text", "number", "currency", "day", "option"), "NULL")
    with store.maintenance() as connection:
        for kind, field_id in made.items():
            connection.exec_driver_sql(_INSERT.format(**nothing | value[kind]), {"field": field_id})
        connection.exec_driver_sql("ANALYZE")
    return {kind: fields.get(field_id).key for kind, field_id in made.items()}
