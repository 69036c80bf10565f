"""Own fields in files: what export writes is read back, known leads are changed, nonsense is refused with a reason."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.money import Money
from app.core.terms import Entity
from app.models.store import Store
from app.services.check import check
from app.services.exporting.csv_file import export_csv
from app.services.importing.look import look_at
from app.services.importing.run import Importer
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue
from tests.services.seen import everything


class Desk:
    """A field of each kind; the one called Info is called as a column of the format is."""

    def __init__(self, store: Store) -> None:
        self.store, self.fields = store, OwnFields(store)
        self.ids = {
            kind: self.fields.create(
                Entity.LEAD, kind, "Info" if kind is OwnKind.LONG_TEXT else f"Eigenes {kind}",
                ["Web", "Print; Plakat", "A, B"] if kind in (OwnKind.CHOICE, OwnKind.CHOICES) else (),
            )
            for kind in OwnKind
        }  # fmt: skip
        self.options = [option.id for option in self.fields.get(self.ids[OwnKind.CHOICES]).options]
        self.single = [option.id for option in self.fields.get(self.ids[OwnKind.CHOICE]).options]

    def values(self) -> dict[int, OwnValue]:
        """A value of each kind, of those that are easily misread."""
        return {
            self.ids[OwnKind.TEXT]: "=1+1; Ärger", self.ids[OwnKind.LONG_TEXT]: "eins\nzwei",
            self.ids[OwnKind.LINK]: "www.example.com", self.ids[OwnKind.FLAG]: False,
            self.ids[OwnKind.NUMBER]: Decimal("-1.234"), self.ids[OwnKind.AMOUNT]: Money(1_234_567, "CHF"),
            self.ids[OwnKind.DAY]: date(2027, 3, 2), self.ids[OwnKind.CHOICE]: self.single[1],
            self.ids[OwnKind.CHOICES]: (self.options[1], self.options[2]), self.ids[OwnKind.MAIL]: "a@example.com",
            self.ids[OwnKind.PHONE]: "+49 221 123",
        }  # fmt: skip

    def own(self) -> list[dict[int, OwnValue]]:
        """What the leads have, the oldest first."""
        lists = LeadList(self.store)
        return [dict(row.own) for row in lists.rows(sorted(lists.ids(ListQuery())))]


@pytest.fixture
def desk(store: Store) -> Desk:
    """A store with own fields."""
    return Desk(store)


def _file(folder: Path, *lines: str) -> Path:
    made = folder / "leads.csv"
    made.write_text("\n".join(lines), encoding="utf-8")
    return made


def test_what_is_exported_is_read_back(desk: Desk, tmp_path: Path) -> None:
    leads = Leads(desk.store)
    first = leads.create(title="Voll", own=desk.values())
    leads.create(title="Leer")
    export_csv(desk.store, tmp_path / "a.csv")
    leads.delete([first])
    result = Importer(desk.store).run(tmp_path / "a.csv")
    assert (result.created, result.refused) == (2, ())
    assert desk.own()[-2:] == [desk.values(), {}]
    assert check(desk.store).ok


def test_an_import_is_taken_back_and_brought_again(desk: Desk, tmp_path: Path) -> None:
    before = everything(desk.store)
    result = Importer(desk.store).run(_file(tmp_path, "Titel;Status;Eigenes flag", "Neu;Aktiv;ja", "Alt;Aktiv;"))
    assert result.created == 2
    assert desk.own() == [{desk.ids[OwnKind.FLAG]: True}, {}]
    desk.store.undo()
    assert desk.own() == []
    desk.store.redo()
    assert desk.own() == [{desk.ids[OwnKind.FLAG]: True}, {}]
    assert before != everything(desk.store)
    assert check(desk.store).ok


def test_known_leads_are_changed_and_an_empty_cell_erases_nothing(desk: Desk, tmp_path: Path) -> None:
    ids = desk.ids
    Leads(desk.store).create(
        title="Lead", external_number="7",
        own={ids[OwnKind.TEXT]: "alt", ids[OwnKind.FLAG]: True, ids[OwnKind.CHOICES]: (desk.options[0],)},
    )  # fmt: skip
    file = _file(
        tmp_path, "Titel;Externe Nummer;Eigenes text;Eigenes flag;Eigenes choices;Eigenes day",
        'Lead;7;neu;;"Web, ""A, B""";02.03.2027'.replace('"Web', '"Web'),
    )  # fmt: skip
    before = everything(desk.store)
    result = Importer(desk.store).run(file)
    assert (result.created, result.updated, result.refused) == (0, 1, ())
    assert desk.own() == [{
        ids[OwnKind.TEXT]: "neu", ids[OwnKind.FLAG]: True, ids[OwnKind.CHOICES]: (desk.options[0], desk.options[2]),
        ids[OwnKind.DAY]: date(2027, 3, 2),
    }]  # fmt: skip
    assert Importer(desk.store).run(file).skipped == 1
    desk.store.undo()
    assert everything(desk.store) == before
    desk.store.redo()
    assert desk.own()[0][ids[OwnKind.TEXT]] == "neu"
    assert check(desk.store).ok


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (OwnKind.FLAG, "vielleicht"), (OwnKind.NUMBER, "viel"), (OwnKind.NUMBER, "0,0000001"), (OwnKind.AMOUNT, "x"),
        (OwnKind.DAY, "31.02.2027"), (OwnKind.CHOICE, "Radio"), (OwnKind.CHOICES, "Web, Radio"),
        (OwnKind.MAIL, "keine"), (OwnKind.LINK, "javascript:alert(1)"), (OwnKind.PHONE, "ruf an"),
        (OwnKind.TEXT, "x" * 501),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_cell_that_makes_no_sense_refuses_its_row(desk: Desk, tmp_path: Path, kind: OwnKind, cell: str) -> None:
    column = desk.fields.get(desk.ids[kind]).name
    file = _file(tmp_path, f"Titel;Status;{column}", f'Falsch;Aktiv;"{cell}"', "Gut;Aktiv;")
    result = Importer(desk.store).run(file)
    assert result.created == 1
    assert [(refusal.row, refusal.column) for refusal in result.refused] == [(2, column)]


def test_a_column_can_be_left_out_or_be_another(desk: Desk, tmp_path: Path) -> None:
    file = _file(tmp_path, "Titel;Status;Eigenes text;Sonstiges", "Neu;Aktiv;eins;zwei")
    Importer(desk.store).run(file, {"Eigenes text": "-", "Sonstiges": desk.fields.get(desk.ids[OwnKind.TEXT]).key})
    assert desk.own() == [{desk.ids[OwnKind.TEXT]: "zwei"}]


def test_a_file_looked_at_before_there_was_a_store_is_read_alike(desk: Desk, tmp_path: Path) -> None:
    found = look_at(_file(tmp_path, "Titel;Status;Eigenes number", "Neu;Aktiv;1.234,5"))
    assert Importer(desk.store).take(found).created == 1
    assert desk.own() == [{desk.ids[OwnKind.NUMBER]: Decimal("1234.5")}]


def test_a_required_field_keeps_no_file_out(desk: Desk, tmp_path: Path) -> None:
    desk.fields.edit(desk.ids[OwnKind.TEXT], required=True)
    assert Importer(desk.store).run(_file(tmp_path, "Titel;Status", "Neu;Aktiv")).created == 1
