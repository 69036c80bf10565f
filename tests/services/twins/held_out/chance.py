"""Words, draws and slips that the pairs are made of."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

OWN = [
    "Trevanda",
    "Ulmfried",
    "Kastelruh",
    "Bergolin",
    "Fahrenkamp",
    "Sonnbichl",
    "Ostrovar",
    "Lindgrün",
    "Quendler",
    "Hövermann",
    "Zirbelhof",
    "Morland",
    "Wäschenbach",
    "Pellworm",
    "Grünauer",
    "Tassilo-Werk",
    "Nebelhorn",
    "Rüstringer",
    "Kobaltwerk",
    "Feuerstein",
    "Düvelsiek",
    "Aldebrück",
    "Schnörrkel",
    "Veltenau",
    "Isarkant",
    "Marbod",
    "Öhlschläger",
    "Tölzmann",
    "Brüggefeld",
    "Wachtelpohl",
    "Kieswetter",
    "Hagenbrück",
    "Dornauer",
    "Lüttensee",
    "Frohberg",
    "Gutzeit",
    "Zellmoser",
    "Rappenecker",
    "Strübing",
    "Amselgrund",
]
SURNAMES = [
    "Achterberg",
    "Brunnhuber",
    "Czerwinski",
    "Dollinger",
    "Eggebrecht",
    "Fröbel",
    "Gschwendtner",
    "Hüttenrauch",
    "Ibrahimović",
    "Jaschke",
    "Kröplin",
    "Löwenthal",
    "Mühlbacher",
    "Nottebohm",
    "Oberländer",
    "Prümmer",
    "Quast",
    "Rothenberger",
    "Schäufele",
    "Tannenbaum",
    "Uhlenbrock",
    "Vöhringer",
    "Wüstefeld",
    "Zschoche",
    "Ackermann",
    "Böttcher",
    "Dreyer",
    "Ehlers",
    "Förster",
    "Göbel",
    "Hübner",
    "Kessler",
    "Lindner",
    "Noack",
    "Reuter",
    "Thiele",
]
WOMEN = [
    "Antje",
    "Beate",
    "Dörte",
    "Elfriede",
    "Friederike",
    "Gesine",
    "Hannelore",
    "Ines",
    "Jutta",
    "Kerstin",
    "Leonie",
    "Mareike",
    "Nadja",
    "Rosemarie",
]
MEN = [
    "Achim",
    "Burkhard",
    "Detlef",
    "Eckhard",
    "Ferdinand",
    "Gerrit",
    "Henning",
    "Ingo",
    "Joachim",
    "Konrad",
    "Lothar",
    "Norbert",
    "Reinhard",
    "Volker",
]
TRADES = [
    "Fensterbau",
    "Kältetechnik",
    "Treppenbau",
    "Naturstein",
    "Möbeltischlerei",
    "Orgelbau",
    "Ladenbau",
    "Segelmacherei",
    "Hörakustik",
    "Polsterei",
    "Seilerei",
    "Zeltbau",
    "Bootsbau",
    "Mosterei",
    "Klavierbau",
    "Lasertechnik",
    "Messebau",
    "Raumakustik",
    "Brandschutz",
    "Werbetechnik",
]
FORMS = ("GmbH", "AG", "KG", "e. K.", "GmbH & Co. KG", "OHG", "UG (haftungsbeschränkt)")
TOWNS = (
    "26122 Oldenburg", "49074 Osnabrück", "38100 Braunschweig", "79098 Freiburg", "86150 Augsburg", "93047 Regensburg",
    "54290 Trier", "66111 Saarbrücken", "23552 Lübeck", "18439 Stralsund", "01067 Dresden", "07743 Jena",
    "72070 Tübingen", "89073 Ulm", "37073 Göttingen", "52062 Aachen",
)  # fmt: skip
_AREAS = ("0441", "0541", "0531", "0761", "0821", "0941", "0651", "0681", "0451", "03831", "0351", "03641", "07071",
          "0731", "0551", "0241")  # fmt: skip
_NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "n": "m", "r": "t", "t": "z", "l": "k", "u": "i", "o": "p", "d": "f"}
_IN_ADDRESSES = {ord(letter): plain for letter, plain in zip("äöüßć ", ("ae", "oe", "ue", "ss", "c", "-"), strict=True)}


@dataclass(frozen=True)
class Case:
    """Two made-up records in the notation of `labelled.facts`, with their label."""

    same: bool
    one: str
    other: str


class Chance:
    """Draws; `random()` is the part of the generator that Python promises never to change."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def of(self, items: Sequence[str]) -> str:
        return items[int(self._random.random() * len(items))]

    def two(self, items: Sequence[str]) -> tuple[str, str]:
        """Two that are not the same."""
        one = self.of(items)
        return one, self.of([item for item in items if item != one])

    def below(self, most: int) -> int:
        return int(self._random.random() * most)

    def place(self) -> str:
        return self.of(TOWNS)

    def phone(self, place: str) -> str:
        """A number at a place."""
        return f"{_AREAS[TOWNS.index(place)]} {200000 + self.below(700000)}"

    def mobile(self) -> str:
        return f"0176 {20000000 + self.below(70000000)}"


# --- what is done to names ------------------------------------------------------------------------------------------


def slip(chance: Chance, word: str) -> str:
    """A letter left out, doubled, turned round with the next or hit beside; not the first or the last."""
    place = 1 + chance.below(len(word) - 3)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match chance.below(4):
        case 0:
            return before + after
        case 1:
            return before + letter * 2 + after
        case 2 if letter != after[0]:
            return before + after[0] + letter + after[1:]
    return before + _NEIGHBOURS.get(letter, "x") + after


def without_umlauts(chance: Chance, text: str) -> str:
    """As somebody writes it who has none: with an e more, or just without the dots."""
    pairs = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
    if chance.below(2):
        pairs = {letter: plain[0] for letter, plain in pairs.items()} | {"ß": "ss"}
    for letter, plain in pairs.items():
        text = text.replace(letter, plain)
    return text


def site(name: str) -> str:
    """A domain of that name."""
    return f"{name.lower().translate(_IN_ADDRESSES)}.de"
