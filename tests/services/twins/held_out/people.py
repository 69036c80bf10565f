"""Pairs of people."""

from collections.abc import Callable

from tests.services.twins.held_out.chance import (
    FORMS,
    MEN,
    OWN,
    SURNAMES,
    TOWNS,
    TRADES,
    WOMEN,
    Case,
    Chance,
    site,
    slip,
    without_umlauts,
)

# --- one person -----------------------------------------------------------------------------------------------------


def _person(chance: Chance) -> tuple[str, str]:
    return chance.of((*WOMEN, *MEN)), chance.of(SURNAMES)


def _firm(chance: Chance) -> str:
    return f"{chance.of(OWN)} {chance.of(TRADES)} {chance.of(FORMS)}"


def _of(chance: Chance) -> tuple[str, str]:
    """What two cards of one person say."""
    firm, mobile, place = _firm(chance), chance.mobile(), chance.place()
    short = firm.partition(" ")[0]
    cards = (
        (f"; >{firm}", f"; >{firm}"), (f"; >{firm}; {mobile}", f"; {mobile}"), (f"; {place}", f"; {place}; {mobile}"),
        (f"; >{firm}", f"; >{short}; {mobile}"), ("", f"; {place}"),
    )  # fmt: skip
    return cards[chance.below(len(cards))]


def _same_with_a_slip(chance: Chance) -> Case:
    (first, last), (there, here) = _person(chance), _of(chance)
    return Case(True, f"{first} {last}{there}", f"{first} {slip(chance, last)}{here}")


def _same_with_a_slip_in_the_first_name(chance: Chance) -> Case:
    last, (there, here) = chance.of(SURNAMES), _of(chance)
    first = chance.of([name for name in (*WOMEN, *MEN) if len(name) >= 6])
    return Case(True, f"{first} {last}{there}", f"{slip(chance, first)} {last}{here}")


def _same_without_umlauts(chance: Chance) -> Case:
    last, (there, here) = chance.of([name for name in SURNAMES if set(name) & set("äöüß")]), _of(chance)
    first = chance.of((*WOMEN, *MEN))
    return Case(True, f"{first} {last}{there}", f"{without_umlauts(chance, f'{first} {last}')}{here}")


def _same_turned_round(chance: Chance) -> Case:
    (first, last), (there, here) = _person(chance), _of(chance)
    return Case(True, f"{first} {last}{there}", f"{chance.of((f'{last}, {first}', f'{last} {first}'))}{here}")


def _same_with_titles(chance: Chance) -> Case:
    (first, last), (there, here) = _person(chance), _of(chance)
    title = chance.of(("Dr.", "Prof. Dr.", "Dipl.-Ing.", "Frau Dr.", "Mag.", "RA"))
    after = chance.of(("", ", M.A.", " MBA", ", LL.M."))
    return Case(True, f"{first} {last}{there}", f"{title} {first} {last}{after}{here}")


def _same_by_the_initial(chance: Chance) -> Case:
    (first, last), firm = _person(chance), _firm(chance)
    return Case(True, f"{first} {last}; >{firm}", f"{first[0]}. {last}; >{firm}")


def _same_with_a_double_name(chance: Chance) -> Case:
    first, (last, new) = chance.of(WOMEN), chance.two(SURNAMES)
    firm, mobile = _firm(chance), chance.mobile()
    way = chance.of((f">{firm}", mobile))
    double = chance.of((f"{last}-{new}", f"{new}-{last}", f"{last} {new}"))
    return Case(True, f"{first} {last}; {way}", f"{first} {double}; {way}")


def _same_at_a_new_company(chance: Chance) -> Case:
    (first, last), way = _person(chance), chance.of((chance.mobile(), "privat@sonnenfleck-post.de"))
    return Case(True, f"{first} {last}; >{_firm(chance)}; {way}", f"{first} {last}; >{_firm(chance)}; {way}")


def _same_with_a_second_first_name(chance: Chance) -> Case:
    (first, last), (there, here) = _person(chance), _of(chance)
    second = chance.of(("Maria", "Karl", "Luise", "Emil"))
    written = chance.of((f"{first}-{second}", f"{first} {second}", f"{first} {second[0]}."))
    return Case(True, f"{first} {last}{there}", f"{written} {last}{here}")


def _same_with_the_name_from_the_address(chance: Chance) -> Case:
    (first, last), own = _person(chance), chance.of(OWN)
    mail = f"{last.lower()}@{site(own)}".replace("ć", "c").translate(str.maketrans("äöüß", "aous"))
    return Case(True, f"{first} {last}; {mail}", f"{first[0]}. {last}; {mail}")


def _same_with_particles(chance: Chance) -> Case:
    (first, last), (there, here) = _person(chance), _of(chance)
    particle = chance.of(("von", "van", "zu", "von der"))
    return Case(True, f"{first} {particle} {last}{there}", f"{last}, {first} {particle}{here}")


def _same_with_the_birth_name(chance: Chance) -> Case:
    first, (last, born) = chance.of(WOMEN), chance.two(SURNAMES)
    (there, here) = _of(chance)
    return Case(True, f"{first} {last}{there}", f"{first} {last} ({chance.of(('geb.', 'geborene'))} {born}){here}")


# --- two people -----------------------------------------------------------------------------------------------------


def _two_of_a_family_at_home(chance: Chance) -> Case:
    last, place = chance.of(SURNAMES), chance.place()
    one, other = chance.two((*WOMEN, *MEN))
    phone = chance.phone(place)
    return Case(False, f"{one} {last}; {place}; {phone}", f"{other} {last}; {place}; {phone}")


def _two_of_a_family_with_one_address(chance: Chance) -> Case:
    last, (one, other) = chance.of(SURNAMES), chance.two((*WOMEN, *MEN))
    mail = f"familie.{last.lower()}@gmx.de".replace("ć", "c").translate(str.maketrans("äöüß", "aous"))
    return Case(False, f"{one} {last}; {mail}", f"{other} {last}; {mail}")


def _two_colleagues_of_one_surname(chance: Chance) -> Case:
    last, firm, (one, other) = chance.of(SURNAMES), _firm(chance), chance.two((*WOMEN, *MEN))
    return Case(False, f"{one} {last}; >{firm}", f"{other} {last}; >{firm}; {chance.mobile()}")


def _two_colleagues_at_one_telephone(chance: Chance) -> Case:
    place, firm = chance.place(), _firm(chance)
    phone = chance.phone(place)
    (one, other), (last, another) = chance.two((*WOMEN, *MEN)), chance.two(SURNAMES)
    return Case(False, f"{one} {last}; >{firm}; {phone}", f"{other} {another}; >{firm}; {phone}")


def _two_with_the_office_address(chance: Chance) -> Case:
    own, (one, other), (last, another) = chance.of(OWN), chance.two((*WOMEN, *MEN)), chance.two(SURNAMES)
    mail = f"info@{site(own)}"
    return Case(False, f"{one} {last}; {mail}", f"{other} {another}; {mail}")


def _two_of_one_name_elsewhere(chance: Chance) -> Case:
    (first, last), (here, there) = _person(chance), chance.two(TOWNS)
    return Case(False, f"{first} {last}; {here}; >{_firm(chance)}; {chance.mobile()}",
                f"{first} {last}; {there}; >{_firm(chance)}; {chance.mobile()}")  # fmt: skip


def _two_brothers_and_sisters_with_near_names(chance: Chance) -> Case:
    pairs = ("Martin Martina", "Christian Christiane", "Julian Juliane", "Gerhard Gerd-Uwe", "Ferdinand Fernanda",
             "Manuel Manuela", "Daniel Daniela", "Simon Simone", "Gabriel Gabriele", "Michael Michaela",
             "Carsten Kerstin", "Marion Marian")  # fmt: skip
    one, other = chance.of(pairs).split()
    last, firm = chance.of(SURNAMES), _firm(chance)
    return Case(False, f"{one} {last}; >{firm}", f"{other} {last}; >{firm}")


def _two_by_age(chance: Chance) -> Case:
    (first, last), firm = (chance.of(MEN), chance.of(SURNAMES)), _firm(chance)
    elder, younger = chance.of(("sen.", "senior")), chance.of(("jun.", "junior"))
    return Case(False, f"{first} {last} {elder}; >{firm}", f"{first} {last} {younger}; >{firm}")


def _two_with_one_first_name_at_one_company(chance: Chance) -> Case:
    first, (last, another), firm = chance.of((*WOMEN, *MEN)), chance.two(SURNAMES), _firm(chance)
    return Case(False, f"{first} {last}; >{firm}", f"{first} {another}; >{firm}")


def _two_by_initials_that_differ(chance: Chance) -> Case:
    last, firm = chance.of(SURNAMES), _firm(chance)
    one, other = chance.two("ABDEFGHIJKLNRV")
    return Case(False, f"{one}. {last}; >{firm}", f"{other}. {last}; >{firm}")


def _two_of_one_surname_at_two_companies(chance: Chance) -> Case:
    last, (one, other), place = chance.of(SURNAMES), chance.two((*WOMEN, *MEN)), chance.place()
    return Case(False, f"{one} {last}; {place}; >{_firm(chance)}", f"{other[0]}. {last}; {place}; >{_firm(chance)}")


def _two_of_one_name_at_two_companies(chance: Chance) -> Case:
    name = chance.of(("Michael Müller", "Thomas Schmidt", "Andrea Fischer", "Stefan Weber", "Sabine Wagner"))
    one, other = chance.two(OWN)
    return Case(False, f"{name}; >{one} GmbH; {chance.mobile()}", f"{name}; >{other} AG; {chance.mobile()}")


def _two_with_half_a_double_name(chance: Chance) -> Case:
    (one, other), (last, new) = chance.two(WOMEN), chance.two(SURNAMES)
    firm = _firm(chance)
    return Case(False, f"{one} {last}-{new}; >{firm}", f"{other} {last}; >{firm}")


PEOPLE: tuple[Callable[[Chance], Case], ...] = (
    _same_with_a_slip, _same_with_a_slip_in_the_first_name, _same_without_umlauts, _same_turned_round,
    _same_with_titles, _same_by_the_initial, _same_with_a_double_name, _same_at_a_new_company,
    _same_with_a_second_first_name, _same_with_the_name_from_the_address, _same_with_particles,
    _same_with_the_birth_name, _two_of_a_family_at_home, _two_of_a_family_with_one_address,
    _two_colleagues_of_one_surname, _two_colleagues_at_one_telephone, _two_with_the_office_address,
    _two_of_one_name_elsewhere, _two_brothers_and_sisters_with_near_names, _two_by_age,
    _two_with_one_first_name_at_one_company, _two_by_initials_that_differ, _two_of_one_surname_at_two_companies,
    _two_of_one_name_at_two_companies, _two_with_half_a_double_name,
)  # fmt: skip
