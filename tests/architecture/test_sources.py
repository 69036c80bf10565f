"""The rules hold for every file of the program."""

from collections.abc import Callable, Iterator

import pytest

from tests.architecture import rules
from tests.architecture.sources import ROOT, Source, sources

# A migration is one long list of facts, written once and never changed again.
MIGRATIONS = "app/models/migrations/versions/"

# What others do, and what others' code raises on others' files; and the guard at the edge.
BROAD = frozenset({"app/core/changes.py", "app/core/attempt.py", "app/ui/guard.py"})

Rule = Callable[[Source], Iterator[str]]

# The rule, the folders it holds for, and the files that are the one home of what it forbids.
RULES: dict[str, tuple[Rule, tuple[str, ...], frozenset[str]]] = {
    "colours": (rules.colours, ("app",), frozenset({"app/ui/theme.py"})),
    "broad excepts": (rules.broad_excepts, ("app", "packaging"), BROAD),
    "loose painters": (rules.loose_painters, ("app",), frozenset()),
    "nested loops": (rules.nested_loops, ("app",), frozenset()),
    "limits looked at": (rules.limits_looked_at, ("app",), frozenset()),
    "unextractable texts": (rules.unextractable_texts, ("app",), frozenset()),
}


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """What each rule finds, by its name, and what is "too long" or "past the goal". Every file is read once for all."""
    places: dict[str, list[str]] = {name: [] for name in (*RULES, "too long", "past the goal")}
    for source in sources("app", "packaging"):
        for name, (rule, folders, homes) in RULES.items():
            if source.name.split("/")[0] in folders and source.name not in homes:
                places[name] += rule(source)
        if not source.name.startswith(MIGRATIONS):
            places["too long"] += _too_long(source, rules.MOST_LINES, rules.MOST_LINES_OF_FUNCTION)
            places["past the goal"] += _too_long(source, rules.GOAL_LINES, rules.GOAL_LINES_OF_FUNCTION)
    return places


@pytest.mark.parametrize("name", RULES)
def test_rule_holds(name: str, found: dict[str, list[str]]) -> None:
    assert found[name] == []


def test_rooms_are_small(found: dict[str, list[str]]) -> None:
    """The hard limit; what is past the goal is listed with it, so that one sees where to go on."""
    print("Past the goal:", *found["past the goal"], sep="\n  ")
    assert found["too long"] == []


def _too_long(source: Source, lines: int, lines_of_function: int) -> list[str]:
    return [*rules.long_file(source, lines), *rules.long_functions(source, lines_of_function)]


def test_packaging_is_no_package() -> None:
    """It would shadow the package of that name that pytest and others import."""
    assert (ROOT / "packaging").is_dir()
    assert list((ROOT / "packaging").rglob("__init__.py")) == []


def test_every_folder_of_the_program_is_a_package() -> None:
    """A folder without __init__.py is not seen by the rules of the layers."""
    folders = {path.parent for path in (ROOT / "app").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists() and folder.name != "versions"] == []
