"""How a measured figure is judged."""

import pytest

from tests.benchmarks.measure import Result, beside, interleaved, summary


def test_percentiles_of_single_times() -> None:
    result = summary("P3", "sort", "1k", [float(n) for n in range(100, 0, -1)])

    assert (result.p50, result.p95, result.met) == (50.5, 96.0, None)


@pytest.mark.parametrize(
    ("bounds", "met"),
    [
        ({"at_most_ratio": 2.0}, True),
        ({"at_most_ratio": 1.9}, False),
        ({"at_most_p50": 4.0, "at_most_p95": 3.9}, False),
        ({"at_most_p50": 4.0, "at_most_p95": 4.0}, True),
    ],
)
def test_a_budget_is_met_at_its_bound(bounds: dict[str, float], met: bool) -> None:
    result = summary("P3", "sort", "1k", [4.0, 4.0, 4.0], **bounds)

    assert beside(result, [4.0, 4.0, 4.0], [2.0, 2.0, 2.0]).met is met


def test_the_ratio_is_that_of_the_rounds() -> None:
    result = beside(Result("P3", "sort", "1k", 0, 0), [2.0, 20.0, 2.0], [1.0, 10.0, 1.0])

    assert (result.ratio, result.limit) == (2.0, 1.0)


def test_works_take_turns_after_a_round_to_warm_up() -> None:
    calls: list[str] = []
    times = interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, lambda: calls.append("-"))

    assert calls == ["-", "a", "-", "b"] * 3
    assert {name: len(found) for name, found in times.items()} == {"a": 2, "b": 2}
