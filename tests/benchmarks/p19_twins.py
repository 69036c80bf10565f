"""P19: who is like the company being typed, against one pass of rapidfuzz over all names, which only sees names;
how soon the index is there; and how many of labelled pairs are told rightly.

Measured at three tenths of the leads: 30 000 companies and as many people at R100k.
"""

import random
from collections.abc import Callable, Iterable, Iterator

from app.services.twins.facts import Facts
from app.services.twins.index import TwinIndex
from tests.benchmarks import vocabulary as words
from tests.benchmarks.generator import SIZES
from tests.benchmarks.measure import Result, Setting, bench, beside, summary, timed, without_garbage
from tests.services.twins.held_out import held_out
from tests.services.twins.labelled import labelled, measured

_SYLLABLES = "ba bo da del fa fen gra hel hin ka kor la lin mar mo nor pa ros sa sel ta tin ul van wi xen zo".split()  # noqa: SIM905
_TOWNS = 800
_MOST_MS, _MOST_BUILD_MS, _MOST_ALL_MS = 100.0, 1_500.0, 20_000.0


@bench("P19")
def typing(setting: Setting) -> Iterable[Result]:
    """Each keystroke's look at who is alike, for companies and for people; and building what it looks in."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    count = SIZES[setting.rows] * 3 // 10
    for what, make in (("companies", _company), ("people", _person)):
        chance = random.Random(19)
        towns = [(f"{chance.randrange(1000, 99999):05}", _word(chance).title()) for _ in range(_TOWNS)]
        records = [(number, make(number, chance, towns)) for number in range(count)]
        names = [facts.name for _, facts in records]
        typed = [facts for number in range(count, count + 20) for facts in _typed(make(number, chance, towns))]
        built = [timed(lambda: TwinIndex(records)) for _ in range(3)]  # noqa: B023
        index = TwinIndex(records)
        index.near(typed[-1])
        times, limits = [], []
        with without_garbage():
            for facts in typed * max(1, setting.rounds // 5):
                times.append(timed(lambda: index.near(facts)))  # noqa: B023
                limits.append(timed(lambda: process.extract(facts.name, names, scorer=OSA.distance, limit=5)))  # noqa: B023
        near = summary("P19", f"{what}: alike while typing", setting.rows, times, at_most_p95=_MOST_MS)
        yield beside(near, times, limits)
        yield summary("P19", f"{what}: index built", setting.rows, built, at_most_p50=_MOST_BUILD_MS)
        all_ = [timed(lambda: list(index.pairs()))]  # noqa: B023
        yield summary("P19", f"{what}: all pairs", setting.rows, all_, at_most_p50=_MOST_ALL_MS)


@bench("P19")
def telling(setting: Setting) -> Iterable[Result]:
    """Of labelled pairs, by hand and held out: which percentage is missed, and which of what is found is wrong."""
    for which, pairs in (("by hand", labelled()), ("held out", held_out())):
        result = measured(pairs)
        missed, wrong = (100 * (1 - share) for share in (result.recall, result.precision))
        yield summary("P19", f"pairs {which}: missed, % (100 - recall)", setting.rows, [missed], at_most_p50=5.0)
        yield summary("P19", f"pairs {which}: wrong, % (100 - precision)", setting.rows, [wrong], at_most_p50=10.0)


def _typed(facts: Facts) -> Iterator[Facts]:
    """A new record while its name is typed, then with the rest of it."""
    for length in range(3, len(facts.name), 4):
        yield Facts(facts.kind, facts.name[:length])
    yield facts


Towns = list[tuple[str, str]]
Make = Callable[[int, random.Random, Towns], Facts]


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3))))


def _company(number: int, chance: random.Random, towns: Towns) -> Facts:
    """A third are named after a common surname, the others after themselves."""
    own, trade = _word(chance), chance.choice(words.TRADES)
    common = f"{chance.choice(words.NAMES)} {trade}"
    name = chance.choice((common, f"{own.title()} {trade}", own.title(), f"{chance.choice(words.NAMES)} & {common}"))
    code, town = chance.choice(towns)
    domain = f"{own}{number}.de"
    phone = f"+4922{chance.randrange(10**8):08}"
    full = f"{name} {chance.choice(words.FORMS)}"
    return Facts("company", full, (f"info@{domain}",), (phone,), (f"https://www.{domain}",), code, town)


def _person(number: int, chance: random.Random, towns: Towns) -> Facts:
    own = _word(chance)
    last = chance.choice((chance.choice(words.NAMES), _word(chance).title()))
    name = f"{chance.choice(words.FIRST)} {last}"
    code, town = chance.choice(towns)
    firm = f"{own.title()} {chance.choice(words.TRADES)} GmbH"
    phone = f"+49171{chance.randrange(10**7):07}"
    return Facts("person", name, (f"p{number}@{own}{number % 9000}.de",), (phone,), (), code, town, (firm,))
