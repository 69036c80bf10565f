"""Pairs of companies."""

from collections.abc import Callable

from tests.services.twins.held_out.chance import (
    FORMS,
    MEN,
    OWN,
    SURNAMES,
    TOWNS,
    TRADES,
    Case,
    Chance,
    site,
    slip,
    without_umlauts,
)


def _known(chance: Chance, name: str, *, thin: bool = True) -> tuple[str, str]:
    """What is known of one company on two cards: much on the one, the same, less or nothing on the other."""
    place = chance.place()
    phone, own, town = chance.phone(place), site(name), f"~{place.partition(' ')[2]}"
    cards = (
        (f"; {place}; {phone}", f"; {town}"), (f"; {place}; info@{own}", f"; www.{own}"),
        (f"; {phone}; {town}", f"; {phone}"), (f"; {place}", f"; {place}; {phone}"),
    )  # fmt: skip
    if thin and not chance.below(3):
        return "", f"; {town}"
    return cards[chance.below(len(cards))]


def _company(chance: Chance) -> tuple[str, str, str]:
    """A name of its own, a trade, a form."""
    return chance.of(OWN), chance.of(TRADES), chance.of(FORMS)


# --- one company ----------------------------------------------------------------------------------------------------


def _one_hyphenated_differently(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own)
    parts = chance.of((f"{own}-{trade}", f"{own}{trade.lower()}", f"{own} – {trade}", f"{own}/{trade}"))
    return Case(True, f"{own} {trade} {form}{there}", f"{parts} {form}{here}")


def _one_with_a_slip(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own)
    return Case(True, f"{own} {trade} {form}{there}", f"{slip(chance, own)} {trade}{here}")


def _one_with_a_slip_in_the_trade(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own)
    return Case(True, f"{own} {trade} {form}{there}", f"{own} {slip(chance, trade)} {form}{here}")


def _one_care_of_somebody(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own)
    who = chance.of(SURNAMES)
    care = chance.of((f"c/o {who} Treuhand", f"z. Hd. Frau {who}", f"c/o {chance.of(OWN)} Coworking", f"z.Hd. {who}"))
    return Case(True, f"{own} {trade} {form}{there}", f"{own} {trade} {form} {care}{here}")


def _one_without_umlauts(chance: Chance) -> Case:
    name = chance.of([own for own in OWN if not own.isascii()])
    trade, form = chance.of(TRADES), chance.of(FORMS)
    there, here = _known(chance, name)
    return Case(True, f"{name} {trade} {form}{there}", f"{without_umlauts(chance, f'{name} {trade}')} {form}{here}")


def _one_with_its_form_elsewhere(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own)
    moved = chance.of((f"{trade} {form} {own}", f"{own} {form}, {trade}", f"{trade} {own} ({form})"))
    return Case(True, f"{own} {trade} {form}{there}", f"{moved}{here}")


def _one_with_its_owner(chance: Chance) -> Case:
    own, trade, _ = _company(chance)
    there, here = _known(chance, own)
    owner = f"{chance.of(MEN)} {chance.of(SURNAMES)}"
    said = chance.of((f"Inh. {owner}", f"Inhaber: {owner}", f"Inh.: {owner}", f"– {owner} e. K."))
    return Case(True, f"{own} {trade}{there}", f"{own} {trade} {said}{here}")


def _one_shortened(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    there, here = _known(chance, own, thin=False)
    return Case(True, f"{own} {trade} {form}{there}", f"{own} {trade[: 5 + chance.below(3)]}.{here}")


def _one_that_moved(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    before, after = chance.two(TOWNS)
    way = chance.of((f"post@{site(own)}", f"www.{site(own)}", chance.mobile()))
    return Case(True, f"{own} {trade} {form}; {before}; {way}", f"{own} {trade} {form}; {after}; {way}")


def _one_known_by_its_short_name(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    place = chance.place()
    phone = chance.phone(place)
    way = chance.of((phone, f"www.{site(own)}"))
    return Case(True, f"{own} {trade} {form}; {place}; {way}", f"{own}; {way}")


def _one_with_a_branch_said(chance: Chance) -> Case:
    own, trade, form = _company(chance)
    place = chance.place()
    town = place.partition(" ")[2]
    said = chance.of((f"Niederlassung {town}", f"Standort {town}", f"Werk {town}", f"({town})"))
    return Case(True, f"{own} {trade} {form}; {place}", f"{own} {trade} {form} {said}; ~{town}")


def _one_shouting_with_another_sign(chance: Chance) -> Case:
    one, other = chance.two(SURNAMES)
    trade, form = chance.of(TRADES), chance.of(FORMS)
    there, here = _known(chance, f"{one} {other}")
    return Case(True, f"{one} & {other} {trade} {form}{there}", f"{one} + {other} {trade}".upper() + here)


# --- two companies --------------------------------------------------------------------------------------------------


def _two_of_one_surname_and_trade(chance: Chance) -> Case:
    surname, trade = chance.of(SURNAMES), chance.of(TRADES)
    here, there = chance.two(TOWNS)
    return Case(False, f"{trade} {surname}; {here}; {chance.phone(here)}",
                f"{trade} {surname} GmbH; {there}; {chance.phone(there)}")  # fmt: skip


def _two_behind_one_switchboard(chance: Chance) -> Case:
    (one, other), (trade, another) = chance.two(OWN), chance.two(TRADES)
    place = chance.place()
    phone = chance.phone(place)
    return Case(False, f"{one} {trade} GmbH; {place}; {phone}", f"{other} {another} AG; {place}; {phone}")


def _two_neighbours_of_a_trade(chance: Chance) -> Case:
    (one, other), trade, place = chance.two(SURNAMES), chance.of(TRADES), chance.place()
    return Case(False, f"{trade} {one} GmbH; {place}", f"{trade} {other} GmbH; {place}; {chance.phone(place)}")


def _two_sisters(chance: Chance) -> Case:
    own, trade, _ = _company(chance)
    place = chance.place()
    sister = chance.of(("Verwaltungs GmbH", "Beteiligungs GmbH", "Holding AG", "Besitz GbR", "Stiftung"))
    way = chance.of((f"; {place}", f"; {place}; www.{site(own)}"))
    return Case(False, f"{own} {trade} GmbH & Co. KG{way}", f"{own} {sister}{way}")


def _two_of_one_group(chance: Chance) -> Case:
    own, (trade, another) = chance.of(OWN), chance.two(TRADES)
    here, there = chance.two(TOWNS)
    return Case(False, f"{own} {trade} GmbH; {here}; {chance.phone(here)}",
                f"{own} {another} GmbH; {there}; {chance.phone(there)}")  # fmt: skip


def _two_with_other_numbers(chance: Chance) -> Case:
    what, place = chance.of(("Kita", "Feuerwache", "Wohnpark", "Markthalle", "Ladenzeile")), chance.place()
    number = 2 + chance.below(20)
    own = chance.of(OWN)
    return Case(False, f"{own} {what} {number}; {place}", f"{own} {what} {number + 1}; {place}")


def _two_clubs_of_two_towns(chance: Chance) -> Case:
    here, there = (place.partition(" ")[2] for place in chance.two(TOWNS))
    club = chance.of(("Ruderverein", "Segelclub", "Kunstverein", "Schützengilde", "Kleingartenverein"))
    return Case(False, f"{club} {here} e. V.; ~{here}", f"{club} {there} e. V.; ~{there}")


def _two_with_the_mail_of_their_adviser(chance: Chance) -> Case:
    (one, other), (trade, another) = chance.two(OWN), chance.two(TRADES)
    mail = f"mandanten@{site(chance.of(SURNAMES))}"
    return Case(
        False, f"{one} {trade} GmbH; {chance.place()}; {mail}", f"{other} {another} KG; {chance.place()}; {mail}"
    )


def _two_with_one_word_in_common(chance: Chance) -> Case:
    own, (one, other) = chance.of(OWN), chance.two(SURNAMES)
    place = chance.place()
    return Case(False, f"{one} {own} GmbH; {place}", f"{other} {own} AG; {place}; www.{site(other)}")


def _two_with_nearly_one_surname(chance: Chance) -> Case:
    pairs = ("Rieger Rieder", "Lindner Linder", "Kessler Kissler", "Hübner Huber", "Thiele Thiel", "Reuter Reiter",
             "Göbel Gabel", "Förster Forstner", "Ehlers Ehlert", "Noack Nowack")  # fmt: skip
    one, other = chance.of(pairs).split()
    trade, (here, there) = chance.of(TRADES), chance.two(TOWNS)
    return Case(
        False, f"{one} {trade}; {here}; {chance.phone(here)}", f"{other} {trade}; {there}; {chance.phone(there)}"
    )


def _two_free_mail_users(chance: Chance) -> Case:
    (one, other), trade, place = chance.two(SURNAMES), chance.of(TRADES), chance.place()
    return Case(False, f"{trade} {one}; {place}; {one.lower()}@t-online.de".replace("ć", "c"),
                f"{trade} {other}; {place}; {other.lower()}@t-online.de".replace("ć", "c"))  # fmt: skip


def _two_with_other_sites(chance: Chance) -> Case:
    surname, trade, place = chance.of(SURNAMES), chance.two(TRADES), chance.place()
    (one, other) = trade
    return Case(False, f"{surname} {one}; {place}; www.{site(f'{surname} {one}')}",
                f"{surname} {other}; {place}; www.{site(f'{surname} {other}')}")  # fmt: skip


def _two_sharing_a_freelancers_mobile(chance: Chance) -> Case:
    (one, other), (trade, another) = chance.two(OWN), chance.two(TRADES)
    mobile, (here, there) = chance.mobile(), chance.two(TOWNS)
    return Case(False, f"{one} {trade}; {here}; {mobile}", f"{other} {another}; {there}; {mobile}")


COMPANIES: tuple[Callable[[Chance], Case], ...] = (
    _one_hyphenated_differently, _one_with_a_slip, _one_with_a_slip_in_the_trade, _one_care_of_somebody,
    _one_without_umlauts, _one_with_its_form_elsewhere, _one_with_its_owner, _one_shortened, _one_that_moved,
    _one_known_by_its_short_name, _one_with_a_branch_said, _one_shouting_with_another_sign,
    _two_of_one_surname_and_trade, _two_behind_one_switchboard, _two_neighbours_of_a_trade, _two_sisters,
    _two_of_one_group, _two_with_other_numbers, _two_clubs_of_two_towns, _two_with_the_mail_of_their_adviser,
    _two_with_one_word_in_common, _two_with_nearly_one_surname, _two_free_mail_users, _two_with_other_sites,
    _two_sharing_a_freelancers_mobile,
)  # fmt: skip
