"""The short lists: found by name, made once, renamed everywhere, taken off without hurting who carries them."""

from collections.abc import Callable

import pytest

from app.core.errors import InvalidInput, NotFound
from app.core.initials import initials
from app.core.terms import Status
from app.models.store import Store
from app.services.catalogue import Catalogue, Kind, TagEntry
from app.services.leads import Leads
from tests.services.seen import everything, steps, value, values
from tests.stores import add_company

KINDS: list[Kind] = ["member", "company", "person", "source", "reason", "tag"]


@pytest.fixture
def catalogue(store: Store) -> Catalogue:
    return Catalogue(store)


@pytest.mark.parametrize(
    ("name", "taken", "letters"),
    [
        ("Anna Kern", (), "AK"),
        ("anna-lena von kern", (), "AK"),
        ("Anna Kern", ("AK",), "AK2"),
        ("Anna Kern", ("AK", "AK2", "AK3"), "AK4"),
        ("Özlem", (), "ÖZ"),
        ("ßa ßb", (), "SSSS"),
        ("X", (), "X"),
        ("!!! ???", (), "?"),
        ("-", (), "?"),
        ("🎉 Anna", (), "AN"),
    ],
)
def test_initials(name: str, taken: tuple[str, ...], letters: str) -> None:
    assert initials(name, taken) == letters


def test_members_have_initials_of_their_own(store: Store, catalogue: Catalogue) -> None:
    for name in ("Sophie Berger", "Simon Bauer", "Lukas Maurer"):
        catalogue.create("member", name)
    assert [(entry.name, entry.detail) for entry in catalogue.all("member")] == [
        ("Anna Kern", "AK"), ("Lukas Maurer", "LM"), ("Simon Bauer", "SB2"), ("Sophie Berger", "SB")
    ]  # fmt: skip
    catalogue.set_initials(2, " SoB ")
    assert value(store, "SELECT initials FROM member WHERE id = 2") == "SoB"
    for wrong in ("", "  ", "SOBER"):
        with pytest.raises(InvalidInput) as error:
            catalogue.set_initials(2, wrong)
        assert error.value.field == "initials"


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_there_once_under_any_spelling(store: Store, catalogue: Catalogue, kind: Kind) -> None:
    entry = catalogue.create(kind, "  Müller  & Söhne ")
    count = steps(store)
    for again in ("Müller & Söhne", "müller & SÖHNE", "Mu\u0308ller & Söhne"):
        with pytest.raises(InvalidInput) as error:
            catalogue.create(kind, again)
        assert error.value.field == "name"
    other = catalogue.create(kind, "Anders")
    if kind not in ("company", "person"):
        with pytest.raises(InvalidInput):
            catalogue.rename(kind, other, "MÜLLER & Söhne")
    catalogue.rename(kind, entry, "MÜLLER & Söhne")
    assert steps(store) == count + 2
    assert value(store, f"SELECT name FROM {kind} WHERE id = {entry}") == "MÜLLER & Söhne"


@pytest.mark.parametrize("kind", ["company", "person"])
def test_two_companies_or_people_may_come_to_have_one_name(store: Store, catalogue: Catalogue, kind: Kind) -> None:
    catalogue.create(kind, "Müller")
    catalogue.rename(kind, catalogue.create(kind, "Anders"), "Müller")
    assert value(store, f"SELECT count(*) FROM {kind} WHERE name = 'Müller'") == 2
    store.undo()
    store.redo()
    assert value(store, f"SELECT count(*) FROM {kind} WHERE search_key = 'muller'") == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 301])
def test_a_name_is_neither_empty_nor_endless(store: Store, catalogue: Catalogue, kind: Kind, name: str) -> None:
    entry = catalogue.create(kind, "Gut")
    before = everything(store)
    verbs: tuple[Callable[[], object], ...] = (
        lambda: catalogue.create(kind, name), lambda: catalogue.rename(kind, entry, name)
    )  # fmt: skip
    for verb in verbs:
        with pytest.raises(InvalidInput):
            verb()
    assert everything(store) == before


def test_a_company_is_found_as_people_type_it(store: Store, catalogue: Catalogue) -> None:
    first = catalogue.create("company", "Bäckerei Mueller")
    leads = Leads(store)
    for typed in ("Bäckerei Müller", "BAECKEREI MUELLER", "Backerei  Muller"):
        leads.create(title="x", company=typed)
    assert values(store, "SELECT DISTINCT company_id FROM lead") == [(first,)]
    add_company(store, "Bäckerei Müller")  # two of the same sound can come by an import
    leads.create(title="x", company="Bäckerei Müller")
    assert value(store, "SELECT company_id FROM lead ORDER BY id DESC LIMIT 1") == first + 1


def test_completion(catalogue: Catalogue) -> None:
    for name in ("Stadtwerke Tal", "Talbräu", "Ötztaler Bahnen", "100% Tal_ent", "Bergbahn"):
        catalogue.create("company", name)
    assert [entry.name for entry in catalogue.complete("company", "tal")] == [
        "Talbräu", "100% Tal_ent", "Ötztaler Bahnen", "Stadtwerke Tal"
    ]  # fmt: skip
    assert [entry.name for entry in catalogue.complete("company", "tal", limit=1)] == ["Talbräu"]
    assert [entry.name for entry in catalogue.complete("company", "%")] == ["100% Tal_ent"]
    assert [entry.name for entry in catalogue.complete("company", "l_e")] == ["100% Tal_ent"]
    assert [entry.name for entry in catalogue.complete("company", "OETZ")] == ["Ötztaler Bahnen"]
    for nothing in ("", "  ", "\\", "x" * 10_000, "x" * 100_000):
        assert catalogue.complete("company", nothing) == []
    assert catalogue.complete("person", "tal") == []


def test_what_is_deleted_is_not_offered_but_stays_where_it_is(store: Store, catalogue: Catalogue) -> None:
    source = catalogue.create("source", "Messe")
    lead = Leads(store).create(title="x", source="Messe", tags=["Web"])
    assert [entry.used for entry in catalogue.counted("source")] == [1]
    catalogue.delete("source", source)
    assert catalogue.all("source") == []
    assert value(store, f"SELECT source_id FROM lead WHERE id = {lead}") == source
    with pytest.raises(NotFound):
        catalogue.delete("source", source)
    Leads(store).edit([lead], source="Messe")
    assert [entry.used for entry in catalogue.counted("source")] == [1]
    assert catalogue.all("source")[0].id != source


def test_the_step_of_a_deletion_names_what_went(store: Store, catalogue: Catalogue) -> None:
    catalogue.delete("tag", catalogue.create("tag", "Web"))
    assert value(store, "SELECT label_args FROM change_set ORDER BY id DESC LIMIT 1") == '{"name": "Web"}'


def test_a_renamed_company_is_found_by_its_new_name_only(store: Store, catalogue: Catalogue) -> None:
    lead = Leads(store).create(title="x", company="Alpenmilch")
    catalogue.rename("company", 1, "Bergkäse")
    assert value(store, f"SELECT folded FROM search_doc WHERE lead_id = {lead}") == "x bergkase 0 eur"


def test_reasons_fit_an_outcome(store: Store, catalogue: Catalogue) -> None:
    catalogue.create("reason", "Preis", outcome=Status.LOST)
    catalogue.create("reason", "Konzept", outcome=Status.WON)
    catalogue.create("reason", "Sonstiges")
    assert [entry.name for entry in catalogue.reasons(Status.LOST)] == ["Preis", "Sonstiges"]
    assert [entry.name for entry in catalogue.reasons(Status.WON)] == ["Konzept", "Sonstiges"]
    with pytest.raises(InvalidInput) as error:
        catalogue.create("reason", "Falsch", outcome=Status.ACTIVE)
    assert error.value.field == "outcome"
    lead = Leads(store).create(title="x", reason="Beim Anlegen genannt")
    assert value(store, f"SELECT outcome FROM reason JOIN lead ON reason.id = reason_id WHERE lead.id = {lead}") is None


def test_sources_in_an_order_of_ones_own(store: Store, catalogue: Catalogue) -> None:
    ids = [catalogue.create("source", name) for name in ("B", "A", "C")]
    assert [entry.name for entry in catalogue.all("source")] == ["B", "A", "C"]
    catalogue.reorder("source", [ids[1], ids[0], ids[2]])
    assert [entry.name for entry in catalogue.all("source")] == ["A", "B", "C"]
    store.undo()
    assert [entry.name for entry in catalogue.all("source")] == ["B", "A", "C"]
    with pytest.raises(NotFound):
        catalogue.reorder("source", [99])


def test_a_tag_has_a_rhythm_that_can_be_taken_back(store: Store, catalogue: Catalogue) -> None:
    tag = catalogue.create("tag", "VIP")
    catalogue.set_rhythm(tag, 30, 45)
    assert catalogue.tags() == [TagEntry(tag, "VIP", target=30, latest=45)]
    catalogue.set_rhythm(tag, 20)
    assert [(entry.target, entry.latest) for entry in catalogue.tags()] == [(20, None)]
    undone = store.undo()
    assert undone is not None
    assert str(undone.label) == "Rhythm of “VIP” changed"
    assert [(entry.target, entry.latest) for entry in catalogue.tags()] == [(30, 45)]
    catalogue.set_rhythm(tag, None)
    assert [(entry.target, entry.latest) for entry in catalogue.tags()] == [(None, None)]
    catalogue.delete("tag", tag)
    assert catalogue.tags() == []
    with pytest.raises(NotFound):
        catalogue.set_rhythm(tag, 30)


@pytest.mark.parametrize(
    ("target", "latest", "field"),
    [
        (0, None, "touch_target"), (-3, None, "touch_target"), (3651, None, "touch_target"),
        (10**30, None, "touch_target"),
        (30, 29, "touch_latest"), (30, 0, "touch_latest"), (30, 3651, "touch_latest"), (None, 30, "touch_target"),
        (1, 1, ""), (3650, 3650, ""), (30, 30, ""), (None, None, ""),
    ],
)  # fmt: skip
def test_a_rhythm_of_a_tag_makes_sense(
    store: Store, catalogue: Catalogue, target: int | None, latest: int | None, field: str
) -> None:
    tag = catalogue.create("tag", "VIP")
    if not field:
        catalogue.set_rhythm(tag, target, latest)
        assert [(entry.target, entry.latest) for entry in catalogue.tags()] == [(target, latest)]
        return
    with pytest.raises(InvalidInput) as error:
        catalogue.set_rhythm(tag, target, latest)
    assert error.value.field == field
    assert catalogue.tags() == [TagEntry(tag, "VIP")]
