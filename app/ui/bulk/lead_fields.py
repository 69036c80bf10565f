"""The fields of a change to several leads."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.money import Money
from app.core.terms import CATEGORY_LABELS, Entity
from app.services.bulk_plan import FIELDS, BulkChange, Put, Scale, Shift
from app.services.lead_fields import NextStep
from app.ui.bulk.fields import BulkFields, combo, left_empty, line
from app.ui.forms.names import NameCombo

if TYPE_CHECKING:
    from app.ui.context import Context

_PERCENT = re.compile(r"([+-]?)([0-9]{1,4}(?:[.,][0-9]{1,2})?) ?%")
_WHOLE = re.compile("([+-]?)([0-9]{1,4})")
_PUT, _SHIFT, _NONE = "put", "shift", "none"


class LeadBulkFields(BulkFields[BulkChange]):
    """All of them."""

    def __init__(self, context: "Context") -> None:
        super().__init__(context, Entity.LEAD, FIELDS)

    def _fill(self) -> None:
        office = self._context.office
        stage = combo([(each.id, each.name) for each in office.stages.all(retired=False)])
        self._add_known("stage_id", stage.currentData, stage)
        self._add_responsible()
        source = NameCombo([entry.name for entry in office.catalogue.all("source")])
        self._add_known("source", lambda: Put(source.name() or None), source)
        self._add_tags()
        category = combo([(None, tr("as the stage")), *((str(c), tr(label)) for c, label in CATEGORY_LABELS.items())])
        self._add_known("category", lambda: Put(category.currentData()), category)
        self._figures()

    def _made(self, values: Mapping[str, Any]) -> BulkChange:
        return BulkChange(**values)

    # Figures and days

    def _figures(self) -> None:
        chance = line(tr("as the stage"))
        self._add_known("probability", lambda: Put(self._chance(chance.text())), chance)
        amount = line(tr("25k or +10 %"))
        self._add_known("amount", lambda: self._amount(amount.text()), amount)
        self._moved("period", tr("by months"), tr("e.g. Jan-Apr 27"), self._period)
        self._moved("next_step", tr("by days"), tr("e.g. mon 9:00 or +2w"), self._step)

    def _moved(self, name: str, by: str, hint: str, read: Callable[[str], Any]) -> None:
        """A field that can be set, moved, or emptied."""
        way = combo([(_PUT, tr("set to")), (_SHIFT, by), (_NONE, tr("remove"))])
        typed_in = line(hint)

        def turned() -> None:
            typed_in.setEnabled(way.currentData() != _NONE)
            typed_in.setPlaceholderText(hint if way.currentData() == _PUT else "+1, -2")

        def value() -> Any:
            typed = typed_in.text().strip()
            if way.currentData() == _NONE:
                return Put(None)
            if not typed:
                raise left_empty(name)
            return Put(read(typed)) if way.currentData() == _PUT else Shift(_by(typed, name))

        way.currentIndexChanged.connect(lambda _row: turned())
        way.setAccessibleName(tr("{field}: how", field=tr(FIELDS[name])))
        typed_in.setAccessibleName(tr(FIELDS[name]))
        self._add_known(name, value, way, typed_in)

    def _chance(self, typed: str) -> int | None:
        return parse.percent(typed, field="probability") if typed.strip() else None

    def _amount(self, typed: str) -> Put[Money] | Scale:
        """An amount, or by how many percent to raise or lower the present one."""
        found = _PERCENT.fullmatch(typed.strip().replace("−", "-").replace("–", "-"))
        if found is None:
            if not typed.strip():
                raise left_empty("amount")
            return Put(parse.amount(typed, self._context.office.store.facts.base_currency, field="amount"))
        if not found[1]:
            why = Text("“{text}” can be read in two ways.", text=typed.strip())
            raise InvalidInput(why, Text("Write +10 % to raise and -10 % to lower."), "amount")
        return Scale(Decimal(f"{found[1]}{found[2].replace(',', '.')}"))

    def _period(self, typed: str) -> tuple[int, int]:
        return parse.months(typed, self._context.office.store.today(), field="period")

    def _step(self, typed: str) -> NextStep:
        day, time, words = parse.day_and_words(typed, self._context.office.store.today(), field="next_step")
        return NextStep(day, words, time)


def _by(typed: str, field: str) -> int:
    found = _WHOLE.fullmatch(typed.replace("−", "-").replace("–", "-").replace(" ", ""))
    if found is None or int(found[2]) == 0:
        raise InvalidInput(Text("“{text}” is no number to move by.", text=typed), Text("Write for example +3."), field)
    return int(f"{found[1]}{found[2]}")
