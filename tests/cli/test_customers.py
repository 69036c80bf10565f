"""`companies` and `people`: lists to read, as JSON and as CSV; what a view says is narrowed further."""

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.money import Money
from app.core.place import Place
from app.core.terms import CompanyKind, Size, Status
from app.models.opening import open_store
from app.models.store import Store
from app.services import record_filter
from app.services.companies import Companies
from app.services.contact_files.pasted import read_contacts
from app.services.contact_files.plan import Choice, plan_read
from app.services.filter_fields import Op
from app.services.leads import Leads
from app.services.people import People
from app.services.reach import Point
from app.services.record_filter import Condition
from app.services.saved_views import SavedViews
from tests.cli.conftest import Trichter


def _in_store(data: Path, act: Callable[[Store], Any]) -> Any:
    with closing(open_store(data, origin="test")) as store:
        store.actor_id = 1
        return act(store)


@pytest.fixture
def known(filled: Trichter, data: Path) -> Trichter:
    """The company of the leads, two more, one of them in the archive, and somebody who works there."""

    def make(store: Store) -> None:
        companies = Companies(store)
        adler = companies.create(
            name="=Adler", kinds=[CompanyKind.CUSTOMER, CompanyKind.SUPPLIER], industry="Bau", size=Size.FEW,
            phones=[Point("work", "0221 1")], addresses=[Place("work", city="Köln", country="DE")], tags=["Messe"],
            user_id=1, number="7",
        )  # fmt: skip
        companies.archive([companies.create(name="Alt")])
        Leads(store).create(Status.POTENTIAL, title="Idee", company="=Adler", amount=Money.of(10, "EUR"))
        People(store).create(given="Zoe", family="Zander", companies=[(adler, "Chefin")], birthday=date(1604, 4, 3))
        SavedViews(store).create(
            "companies", "Bau", {"filter": record_filter.plain(Condition("company.industry", Op.CONTAINS, ("Bau",)))},
            shared=True,
        )  # fmt: skip

    _in_store(data, make)
    return filled


def _names(said: Any) -> list[str]:
    return [each["name"] for each in next(value for value in said.json.values() if isinstance(value, list))]


def test_companies_are_listed_with_their_sums(known: Trichter) -> None:
    said = known("companies", "--json")
    assert list(said.json) == ["count", "open_volume", "won_volume", "without_rate", "companies"]
    assert (_names(said), said.json["won_volume"]) == (["=Adler", "Müller"], "8000.00")
    adler = said.json["companies"][0]
    assert adler | {"id": 0, "uid": ""} == {
        "id": 0, "uid": "", "name": "=Adler", "street": None, "extra": None,
        "postcode": None, "city": "Köln", "region": None, "country": "DE", "phone": "0221 1", "mail": None, "web": None,
        "responsible": adler["responsible"], "tags": ["Messe"], "active_leads": 0, "last_contact_on": None,
        "archived": False, "number": "7", "kinds": ["customer", "supplier"], "industry": "Bau", "size": "2-9",
        "people": ["Zoe Zander"], "open_volume": "0.00", "open_weighted": "0.00",
        "won_volume": "0.00", "next_step_on": None,
    }  # fmt: skip
    told = known("companies").out
    assert "=Adler" in told
    assert "Companies" in told


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--kind", "supplier"), ["=Adler"]), (("--kind", "other"), []), (("--archived",), ["Alt"]),
        (("--text", "mull"), ["Müller"]), (("--view", "bau"), ["=Adler"]), (("--limit", "1"), ["=Adler"]),
        (("--view", "Bau", "--kind", "supplier", "--text", "adler"), ["=Adler"]),
        (("--view", "Bau", "--archived"), []),
    ],
)  # fmt: skip
def test_options_narrow_the_list(known: Trichter, options: tuple[str, ...], names: list[str]) -> None:
    assert _names(known("companies", *options, "--json")) == names


def test_people_say_where_they_work_and_birthdays_without_a_year(known: Trichter) -> None:
    said = known("people", "--json")
    (zoe,) = said.json["people"]
    assert zoe["companies"] == [{"name": "=Adler", "role": "Chefin"}]
    assert (zoe["birthday"], zoe["salutation"]) == ("--04-03", None)
    assert "Chefin" in known("people").out
    assert _names(known("people", "--archived", "--json")) == []


def test_a_file_has_all_that_match_and_can_be_pasted_again(known: Trichter, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "firmen.csv"
    said = known("companies", "--csv", file, "--limit", "1")
    assert (said.code, said.out) == (0, f"2 companies written to {file}.\n")
    told = file.read_text("utf-8-sig")
    assert {"Street and number", "Postal code", "Town", "Country"} < set(told.splitlines()[0].split(";"))
    assert [line.split(";")[0] for line in told.splitlines()] == ["Name", "'=Adler", "Müller"]
    plan = _in_store(data, lambda store: plan_read(store, read_contacts(store, "company", told, "", "x")))
    assert [(each.draft.name, each.proposed) for each in plan.cards] == [
        ("=Adler", Choice.SKIP),
        ("Müller", Choice.SKIP),
    ]
    assert known("people", "--csv", tmp_path / "leute.csv").code == 0


@pytest.mark.parametrize("command", ["companies", "people"])
def test_what_makes_no_sense_is_refused(known: Trichter, command: str, tmp_path: Path) -> None:
    assert known(command, "--view", "Gibt es nicht").is_refusal
    assert known(command, "--csv", tmp_path / "fehlt" / "a.csv").is_refusal
    assert known(command, "--csv", "a.csv", "--json").code == 2
    assert known("people", "--kind", "customer").code == 2


@pytest.mark.parametrize("command", ["companies", "people"])
def test_a_folder_without_data_answers_as_an_empty_store(trichter: Trichter, command: str) -> None:
    assert trichter(command, "--json").json["count"] == 0
