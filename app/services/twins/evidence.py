"""What speaks for and against two being one, summed up.

A piece of evidence has a weight in bits: one bit more makes it twice as likely. Two records picked by chance start deep
in the red; a score is the sum as a probability. The weights are an estimate made before anything was measured, in whole
and half bits, not a fit.
"""

import math

from app.core.i18n import Text
from app.services.twins.facts import Likeness, Profile
from app.services.twins.mails import is_role
from app.services.twins.phones import readable, trunk
from app.services.twins.places import Nearness, nearness

#: Where two records stand of which nothing is known.
CHANCE = -4.0
_FURTHEST = 60.0
NO_LEAST = -math.inf
_SHORTEST_STEM = 4

SAME_PLACE, OTHER_PLACE = Text("same place"), Text("different places")
SAME_POSTCODE = Text("same postcode")
OTHER_DOMAINS = Text("different websites or mail domains")
NEAR_DOMAINS = Text("websites of the same name")
SWITCHBOARD = Text("telephone numbers of one switchboard")


def bits_of(score: float) -> float:
    """The sum of weights that gives a score between 0 and 1."""
    return math.log2(score / (1 - score)) if 0 < score < 1 else NO_LEAST if score <= 0 else math.inf


class Evidence:
    """A sum of weights, with a text for each that is worth telling."""

    __slots__ = ("bits", "told")

    def __init__(self) -> None:
        self.bits = CHANCE
        self.told: list[tuple[float, Text]] = []

    def add(self, weight: float, text: Text | None = None) -> None:
        """Count a piece of evidence; one of weight 0 is not told."""
        self.bits += weight
        if text is not None and weight:
            self.told.append((weight, text))

    def likeness(self) -> Likeness:
        """The sum as a score with its reasons."""
        score = 1 / (1 + 2 ** -max(-_FURTHEST, min(_FURTHEST, self.bits)))
        told = sorted(self.told, key=lambda pair: -abs(pair[0]))
        return Likeness(
            score,
            tuple(text for weight, text in told if weight > 0),
            tuple(text for weight, text in told if weight < 0),
        )


def place(one: Profile, other: Profile) -> Nearness:
    """How near the two are."""
    return nearness(one.postcode, one.town, other.postcode, other.town)


def same_phone(number: str) -> Text:
    """The reason that names the number."""
    return Text("same telephone number {number}", number=readable(number))


def same_mail(mail: str) -> Text:
    """The reason that names the address."""
    return Text("same e-mail address {address}", address=mail)


def same_domain(domain: str) -> Text:
    """The reason that names the domain."""
    return Text("same domain {domain}", domain=domain)


def shared_mail(one: Profile, other: Profile) -> str:
    """An address both have, a person's own before an office's; '' for none."""
    if one.mails.isdisjoint(other.mails):
        return ""
    return min(one.mails & other.mails, key=lambda mail: (is_role(mail), mail))


def one_switchboard(one: Profile, other: Profile) -> bool:
    """Whether two numbers differ in the extension only."""
    trunks = {trunk(number) for number in one.phones} - {None}
    return any(trunk(number) in trunks for number in other.phones)


def sites_of_one_name(one: Profile, other: Profile) -> bool:
    """Whether two domains differ in the country only: firma.de, firma.at."""
    stems = {domain.partition(".")[0] for domain in one.domains}
    return any(
        len(stem) >= _SHORTEST_STEM and stem in stems for stem in (domain.partition(".")[0] for domain in other.domains)
    )
