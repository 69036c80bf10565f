"""Names of companies and people, taken apart and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.twins.names import company_name, person_name
from app.services.twins.phonetic import cologne
from app.services.twins.spelling import word_likeness


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Müller-Lüdenscheidt", "65752682"),
        ("Wikipedia", "3412"),
        ("Breschnew", "17863"),
        ("Meyer", "67"),
        ("Maier", "67"),
        ("Philipp", "351"),
        ("Xaver", "4837"),
        ("Ägypten", "04126"),
        ("heithabu", "021"),
        ("", ""),
        ("4711", ""),
    ],
)
def test_cologne_phonetics(word: str, code: str) -> None:
    assert cologne(word) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meyer & Söhne GmbH & Co. KG", "Meyer+Soehne"),
        ("Müller GmbH", "MUELLER e. K."),
        ("Tirol Ges.m.b.H.", "Tirol Gesellschaft mit beschränkter Haftung"),
        ("Nestlé S.à r.l.", "Nestle SA"),
        ("Kern UG (haftungsbeschränkt)", "Kern Ltd."),
        ("Verein Licht e.V.", "Licht Verein"),
        ("Fa. Gebr. Kern OHG", "Gebrüder Kern"),
        ("Wohnbauges. Tal mbH", "Wohnbau Tal"),
        ("Elektro Kern Inh. Uwe Haas", "Elektro Kern"),
    ],
)
def test_writings_of_a_company(one: str, other: str) -> None:
    assert company_name(one).key == company_name(other).key


def test_other_companies_have_other_keys() -> None:
    names = ("SE Consulting", "Consulting", "Müller", "Möller", "Nord Immobilien", "Süd Immobilien", "Kern 1", "Kern 2")
    assert len({company_name(name).key for name in names}) == len(names)


def test_a_name_of_nothing_but_a_legal_form_is_still_a_name() -> None:
    assert company_name("GmbH").words == ("gmbh",)
    assert company_name("GmbH & Co. KG").words


def test_what_tells_one_company_from_another() -> None:
    assert company_name("Nordlicht Media GmbH").telling
    assert not company_name("Bäckerei Müller").telling
    assert not company_name("Elektrotechnik Schmidt").telling


@pytest.mark.parametrize(
    ("name", "firsts", "lasts"),
    [
        ("Dr. med. Peter Müller", ("peter",), ("muller",)),
        ("Müller-Lay, Hans Peter", ("johannes", "peter"), ("muller", "lay")),
        ("Anna Schmidt geb. Müller", ("anna",), ("schmidt", "muller")),
        ("Prof. Dr.-Ing. Anna von der Heide", ("anna",), ("heide",)),
        ("Peter Müller, MBA", ("peter",), ("muller",)),
        ("Li Ma", ("li",), ("ma",)),
        ("Frau Kern", (), ("kern",)),
        ("M.A. Anna Kern", ("anna",), ("kern",)),
        ("", (), ()),
        (",", (), ()),
        ("Dr.", (), ()),
    ],
)
def test_names_of_people(name: str, firsts: tuple[str, ...], lasts: tuple[str, ...]) -> None:
    found = person_name(name)
    assert (found.firsts, found.lasts) == (firsts, lasts)


def test_father_and_son() -> None:
    assert (person_name("Peter Müller jun.").age, person_name("Müller sen., Peter").age) == ("jun", "sen")
    assert person_name("Peter Müller jun.").lasts == ("muller",)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("stefan", "stephan", 0.95, 1),
        ("meier", "maier", 0.95, 1),
        ("hopfenstiel", "hopfensteil", 0.9, 0.95),
        ("berger", "burger", 0.7, 0.8),
        ("masch.", "maschinenfabrik", 0.9, 1),
        ("nord", "sud", 0, 0),
        ("nord", "nort", 0.7, 0.95),
        ("1860", "1880", 0, 0),
        ("bau", "bad", 0, 0),
        ("backerei", "metzgerei", 0, 0),
    ],
)
def test_words(one: str, other: str, least: float, most: float) -> None:
    assert least <= word_likeness(one, other) <= most
    assert word_likeness(one, other) == word_likeness(other, one)


@given(st.text(max_size=400))
def test_any_text_is_a_name(text: str) -> None:
    company, person = company_name(text), person_name(text)
    assert company == company_name(text)
    assert len(company.words) <= 12
    assert company.key == " ".join(sorted(company.words))
    assert all(word.strip() for word in (*company.words, *person.firsts, *person.lasts))


def test_a_megabyte_in_the_field_is_cut() -> None:
    assert len(company_name("x " * 500_000).words) <= 12
    assert len(person_name("x " * 500_000).firsts) <= 12
