"""Type to filter: the same hits as a naive search, whatever was typed before and whatever has changed since."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.changes import ChangeSet
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.money import Money
from app.core.roles import Role
from app.core.terms import Status
from app.models.schema import User
from app.models.store import Store
from app.services import text_filter as text_filter_module
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.matching import narrows, words_of
from app.services.text_filter import TextFilter
from tests.services import plain
from tests.stores import add_company, add_lead, add_member, add_tag

ALL = ListQuery(sort="title", descending=False)


@pytest.fixture(autouse=True)
def several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two or three leads fill a block here, so that every search crosses blocks."""
    monkeypatch.setattr(text_filter_module, "_BLOCK", 60)


def _ready(store: Store, query: ListQuery = ALL) -> TextFilter:
    found = TextFilter(store)
    assert found.adopt(found.build(query))
    return found


def _hits(text_filter: TextFilter, typed: str) -> list[int]:
    search = text_filter.search(typed)
    assert search is not None
    while not search.step(0):
        pass
    return search.ids


def _follow(store: Store, text_filter: TextFilter) -> list[bool]:
    """Let the filter hear of every change; what it answers is collected."""
    answers: list[bool] = []
    store.feed.subscribe(lambda change: answers.append(text_filter.hear(change)))
    return answers


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  ", ()),
        ("Müller", (("muller",),)),
        ("MUELLER  straße", (("muller",), ("strasse",))),
        ("25k", (("25000", "25k"),)),
        ("48.000", (("48.000", "48000"),)),
        ("48'000", (("48'000", "48000"),)),
        ("48.000,00\u00a0€", (("48.000,00", "48000", "4800000"), ("eur",))),
        ("1.234,56", (("1.234,56", "1234", "123456"),)),
        ("1,5m", (("1,5m", "1500000"),)),
        ("6.5", (("6.5", "65"),)),
        ("a a", (("a",),)),
        ("99999999999999999999k", (("99999999999999999999k",),)),
    ],
)
def test_words(typed: str, words: tuple[tuple[str, ...], ...]) -> None:
    assert words_of(typed) == words


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [("mull", "mul", True), ("mul", "mull", False), ("a b", "a", True), ("a", "a b", False), ("25k", "25", True),
     ("48.000", "48.0", True), ("48.", "48", True), ("xmuly", "mul", True), ("", "a", False), ("a", "", True)],
)  # fmt: skip
def test_narrower(new: str, old: str, expected: bool) -> None:
    assert narrows(words_of(new), words_of(old)) is expected


def test_finds_what_belongs_to_a_lead(store: Store) -> None:
    company = add_company(store, "Bäckerei Größl")
    berta = add_member(store, "Berta Ödon", "BÖ")
    lead = add_lead(
        store, "Imagefilm", stage="Verhandlungen", amount=48_000, company_id=company, user_id=berta,
        external_number="A-77/b", info="Anfrage über Messe",
    )  # fmt: skip
    add_tag(store, lead, "dringend")
    add_lead(store, "Anderes", amount=1)
    text_filter = _ready(store)

    for typed in ("image", "groessl", "BACKEREI", "berta", "bo", "odon", "verhandl", "48.000", "48k", "48'000", "48000",
                  "48.000 €",
                  "a-77/b", "messe", "dringend eur", "film berta 48"):  # fmt: skip
        assert _hits(text_filter, typed) == [lead], typed
        assert list(LeadList(store).ids(ListQuery(text=typed))) == [lead], typed


def test_a_closed_lead_is_not_found_by_its_stage(store: Store) -> None:
    add_lead(store, "Alt", status=Status.LOST, stage="Verhandlungen")

    assert _hits(_ready(store), "verhandl") == []
    assert list(LeadList(store).ids(ListQuery(text="verhandl"))) == []


@pytest.mark.parametrize(
    "typed", ["%", "_", "'", '"', "\\", "\x00", "\n", "1) OR (1", "\x1f", "💶", "Ⅷ", "²", "k" * 5000]
)
def test_odd_input_finds_only_itself(store: Store, typed: str) -> None:
    add_lead(store, "Nichts davon", amount=1)

    expected = [] if words_of(typed) else [1]
    assert _hits(_ready(store), typed) == expected
    assert list(LeadList(store).ids(ListQuery(text=typed))) == expected


def test_the_first_hits_come_in_the_order_of_the_list(store: Store) -> None:
    ids = [add_lead(store, f"Lead {title}") for title in "CAB"]
    search = _ready(store).search("lead")
    assert search is not None
    search.step(1000)

    assert search.ids == [ids[1], ids[2], ids[0]]
    assert search.done


def test_a_search_cut_short_is_narrowed_over_all_that_is_left(store: Store) -> None:
    ids = [add_lead(store, f"Lead {number:02}", info="ein langer Text", amount=5) for number in range(20)]
    text_filter = _ready(store)
    search = text_filter.search("lead")
    assert search is not None
    assert not search.step(1000, enough=1)
    assert 0 < len(search.ids) < 20

    assert _hits(text_filter, "lead 0") == ids[:11]
    assert _hits(text_filter, "lead 07") == [ids[7]]
    assert _hits(text_filter, "lead") == ids, "wider again"


def test_an_amount_is_found_in_a_name_too(store: Store) -> None:
    lead = add_lead(store, user_id=add_member(store, "Agent 48000", "A4"), amount=1)

    for typed in ("48.000", "48k"):
        assert _hits(_ready(store), typed) == [lead]
        assert list(LeadList(store).ids(ListQuery(text=typed))) == [lead]


def test_no_search_before_a_buffer_and_none_for_another_list(store: Store) -> None:
    text_filter = TextFilter(store)
    assert text_filter.search("a") is None
    assert not text_filter.ready(ALL)
    text_filter.adopt(text_filter.build(ALL))
    assert text_filter.ready(ListQuery(sort="title", descending=False, text="x"))
    assert not text_filter.ready(ListQuery(sort="company"))


def test_an_empty_store_finds_nothing(store: Store) -> None:
    assert _hits(_ready(store), "a") == []


def test_changes_are_found_at_once(store: Store) -> None:
    one, two = add_lead(store, "Alpha"), add_lead(store, "Beta")
    text_filter = _ready(store)
    heard = _follow(store, text_filter)
    leads = Leads(store)

    leads.edit([two], info="gamma")
    assert (_hits(text_filter, "gamma"), heard[-1]) == ([two], False)
    leads.edit([one], title="Zeta")
    assert (_hits(text_filter, "zeta"), _hits(text_filter, "alpha"), heard[-1]) == ([one], [], True)
    leads.assign([one], 1)
    assert (_hits(text_filter, "anna"), heard[-1]) == ([one], True)
    three = leads.create(title="Gamma drei")
    assert (set(_hits(text_filter, "gamma")), heard[-1]) == ({two, three}, True)
    leads.delete([two])
    assert _hits(text_filter, "gamma") == [three]
    store.undo()
    assert set(_hits(text_filter, "gamma")) == {two, three}


def test_t18_a_change_while_typing_shows_no_lead_twice(store: Store) -> None:
    ids = [add_lead(store, f"Lead {n}") for n in range(5)]
    text_filter = _ready(store)
    _follow(store, text_filter)
    for _ in range(3):
        Leads(store).edit([ids[2]], info="neu")
        Leads(store).edit([ids[2]], title="Lead 9")
        Leads(store).move([ids[3]], 2)
        text_filter.adopt(text_filter.build(ALL))
        text_filter.adopt(text_filter.build(ALL))

    assert sorted(_hits(text_filter, "lead")) == ids


def test_leads_that_leave_the_list_leave_the_hits(store: Store) -> None:
    lead = add_lead(store, "Alpha")
    text_filter = _ready(store, ListQuery((Status.ACTIVE,)))
    _follow(store, text_filter)
    Leads(store).close([lead], Status.LOST)

    assert _hits(text_filter, "alpha") == []


def test_a_change_during_the_build_is_not_missed(store: Store) -> None:
    lead = add_lead(store, "Alpha")
    text_filter = TextFilter(store)
    _follow(store, text_filter)
    buffer = text_filter.build(ALL)
    Leads(store).edit([lead], title="Omega")
    Leads(store).create(title="Omega zwei")

    assert text_filter.adopt(buffer) is False, "the new lead has no place yet"
    assert len(_hits(text_filter, "omega")) == 2
    assert _hits(text_filter, "alpha") == []


def test_a_renamed_member_needs_a_new_buffer(store: Store) -> None:
    lead = add_lead(store, user_id=1)
    text_filter = TextFilter(store)
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    buffer = text_filter.build(ALL)
    with store.write(Text("Renamed")) as session:
        session.get_one(User, 1).name = "Xenia"
    assert text_filter.hear(heard[-1]) is False, "nothing is shown yet"
    assert text_filter.adopt(buffer) is False

    assert text_filter.adopt(text_filter.build(ALL))
    assert _hits(text_filter, "xenia") == [lead]
    assert text_filter.hear(heard[-1]) is True


_TITLES = st.text("aeouäößlmr 12.,k", min_size=1, max_size=12)
_TYPED = st.lists(st.text("aeouäßlmr 12.,k", max_size=6), min_size=1, max_size=5)


@settings(max_examples=60)
@given(titles=st.lists(_TITLES, min_size=1, max_size=12), typed=_TYPED)
def test_any_typing_finds_what_a_naive_search_finds(template: Path, titles: list[str], typed: list[str]) -> None:
    with plain.filled(template, []) as (store, _):
        ids = {add_lead(store, title, amount=len(title) * 500): title for title in titles}
        text_filter = _ready(store)
        order = list(LeadList(store).ids(ALL))
        for now in (*typed, "".join(typed), ""):
            expected = [lead for lead in order if _naive(ids[lead], now)]
            assert _hits(text_filter, now) == expected
            assert list(LeadList(store).ids(ListQuery(sort="title", descending=False, text=now))) == expected


def _naive(title: str, typed: str) -> bool:
    amount = Money(len(title) * 50_000, "EUR").minor // 100
    whole = f"{search_key(f'{title} {amount} EUR')} {search_key('Erstkontakt')}"
    return all(any(meaning in whole for meaning in word) for word in words_of(typed))


def test_what_was_read_for_one_is_not_shown_to_another(store: Store) -> None:
    add_lead(store, "Annas Lead", user_id=1)
    ben = add_member(store, "Ben Roth", "BR")
    with store.write(Text("Role")) as session:
        session.get_one(User, ben).role = Role.LIMITED
    found = _ready(store)
    assert _hits(found, "annas") == [1]
    store.actor_id = ben
    assert not found.ready(ALL)
    assert found.search("annas") is None
    assert found.blocks() is None
    store.actor_id = 1
    assert found.ready(ALL)
