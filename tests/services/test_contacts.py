"""Whom a name means: the same person whether it is typed into a lead or stands in a file."""

from pathlib import Path

import pytest

from app.models.store import Store
from app.services.leads import Leads
from tests.services.importing.files import import_text
from tests.services.seen import values


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


def test_a_contact_of_the_same_name_at_another_company_is_somebody_else(
    store: Store, leads: Leads, tmp_path: Path
) -> None:
    import_text(store, tmp_path, "Name;Firma;Kontakt\nA;Alpha;Hans Müller\nB;Beta;Hans Müller\n")
    alpha, beta = (row[0] for row in values(store, "SELECT person_id FROM lead ORDER BY id"))
    assert alpha != beta

    leads.edit([2], person="hans mueller")
    leads.edit([1, 2], person="Hans Müller")
    assert values(store, "SELECT person_id FROM lead ORDER BY id") == [(alpha,), (beta,)]
    leads.create(title="C", company="Gamma", person="Hans Müller")
    import_text(store, tmp_path, "Name;Firma;Kontakt\nD;Gamma;Hans Müller\nE;Delta;Hans Müller\nF;;Hans Müller\n")
    people = "SELECT person_id FROM lead WHERE title IN ('C', 'D', 'E', 'F') ORDER BY title"
    assert values(store, people) == [(beta + 1,), (beta + 1,), (beta + 2,), (alpha,)]


def test_who_has_no_company_yet_joins_the_first_that_names_them(store: Store, leads: Leads) -> None:
    for company in (None, "Alpha", "Beta"):
        leads.create(title="A", company=company, person="Hans Müller")
    alone, alpha, beta = (row[0] for row in values(store, "SELECT person_id FROM lead ORDER BY id"))
    assert alone == alpha != beta
