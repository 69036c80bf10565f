"""What a filter refers to is named, and what is gone is left out and told."""

from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.filter_fields import Op
from app.services.filter_names import Gone, by_name, names_of, offered, without_gone
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not
from app.services.stages import Stages
from tests.stores import add_company, add_lead, add_member, add_tag


def _stage(*ids: int | None) -> Condition:
    return Condition("stage", Op.IS, ids)


def _left(store: Store, tree: Filter) -> tuple[Filter | None, tuple[Gone, ...]]:
    return without_gone(tree, names_of(store, tree))


def test_names(store: Store) -> None:
    berta, company = add_member(store, "Berta", "B"), add_company(store, "Müller")
    tag = add_tag(store, add_lead(store), "Web")
    tree = AllOf((
        _stage(3), Condition("responsible", Op.IS, (berta, None)), Condition("company", Op.IS_NOT, (company,)),
        Condition("tag", Op.IS, (tag,)), Condition("volume", Op.FROM, (3,)),
    ))  # fmt: skip
    name = by_name(store, tree)

    found = [name("stage", 3), name("responsible", berta), name("company", company), name("tag", tag)]
    assert found == ["Angebot", "Berta", "Müller", "Web"]
    assert (name("responsible", None), name("volume", 3)) == ("", "")
    assert _left(store, tree) == (tree, ())


def test_a_deleted_stage_and_person_are_left_out_and_told(store: Store) -> None:
    berta = add_member(store, "Berta", "B")
    Stages(store).delete(3)
    Catalogue(store).delete("member", berta)
    tree = AllOf((AnyOf((_stage(2, 3), Not(Condition("responsible", Op.IS, (berta,))))), _stage(3)))

    assert _left(store, tree) == (
        AllOf((AnyOf((_stage(2),)),)),
        (Gone("stage", "Angebot"), Gone("responsible", "Berta")),
    )


def test_nothing_may_be_left(store: Store) -> None:
    assert _left(store, Not(AnyOf((_stage(99),)))) == (None, (Gone("stage", ""),))


def test_nobody_is_never_gone(store: Store) -> None:
    assert _left(store, _stage(99, None)) == (_stage(None), (Gone("stage", ""),))


def test_a_company_in_the_trash_is_gone(store: Store) -> None:
    company = add_company(store, "Müller")
    Catalogue(store).delete("company", company)

    assert _left(store, Condition("company", Op.IS, (company,))) == (None, (Gone("company", "Müller"),))


def test_what_is_offered_stands_in_its_order_without_what_is_gone(store: Store) -> None:
    catalogue = Catalogue(store)
    add_member(store, "Änne", "Ä")
    lead = add_lead(store)
    tags = [add_tag(store, lead, name) for name in ("Web", "print", "Äpfel")]
    catalogue.delete("tag", tags[0])
    sources = [catalogue.create("source", name) for name in ("Zufall", "Anruf")]
    Stages(store).delete(2)
    Stages(store).edit(3, retired=True)

    assert offered(store, "tag") == [(tags[2], "Äpfel"), (tags[1], "print")]
    assert [name for _, name in offered(store, "responsible")] == ["Anna Kern", "Änne"]
    assert [row_id for row_id, _ in offered(store, "source")] == [entry.id for entry in catalogue.all("source")]
    assert {name for _, name in offered(store, "source")} >= {"Zufall", "Anruf"}
    assert len(sources) == 2
    assert [row_id for row_id, _ in offered(store, "stage")] == [1, 4, 5]
    assert offered(store, "reason") == []
