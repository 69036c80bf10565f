"""`python -m tests.benchmarks [P2 P3 …] [--rows 1k,10k,100k,1m]`: measure, print a table, write bench-results/."""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import tests.benchmarks
from tests.benchmarks.generator import SIZES
from tests.benchmarks.measure import BENCHMARKS, Result, Setting

RESULTS = Path(__file__).parents[2] / "bench-results"


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 1 if a budget was missed."""
    options = _options(arguments)
    settings = [Setting(rows, options.rounds) for rows in options.rows]
    results = []
    print(_line("", "what", "rows", "limit", "p50", "p95", "ratio", "budget", ""), flush=True)
    for number, module in _modules():
        for result in _measured(number, module, options.names, settings):
            results.append(result)
            print(_row(result), flush=True)
    _write(results)
    return 1 if any(result.met is False for result in results) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", type=str.upper, help="budgets to measure, such as P3; all without")
    parser.add_argument("--rows", type=_sizes, default=["100k"], help="sizes, of 1k,10k,100k,1m")
    parser.add_argument("--rounds", type=int, default=15)
    return parser.parse_args(arguments)


def _sizes(text: str) -> list[str]:
    sizes = text.lower().split(",")
    if not set(sizes) <= set(SIZES):
        raise argparse.ArgumentTypeError(f"sizes are {', '.join(SIZES)}")
    return sizes


def _modules() -> list[tuple[str, str]]:
    """The numbers of the files in their order, each with the name of its module."""
    names = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)]
    numbered = sorted((int(name[1:3]), name) for name in names if name[:1] == "p" and name[1:3].isdigit())
    return [(f"P{number}", f"tests.benchmarks.{name}") for number, name in numbered]


def _measured(number: str, module: str, names: Sequence[str], settings: Sequence[Setting]) -> Iterator[Result]:
    """What a file measures of the budgets asked for: a file may hold several, and is asked for by its number, too.

    A module is imported when its turn comes: the start is measured before this process has Qt in memory.
    """
    importlib.import_module(module)
    for benchmark in BENCHMARKS:
        if benchmark.run.__module__ != module or (names and not {number, benchmark.budget} & set(names)):
            continue
        if benchmark.curve:
            yield from benchmark.run(settings)
        else:
            for setting in settings:
                yield from benchmark.run(setting)


def _row(result: Result) -> str:
    bounds = (("×", result.at_most_ratio), ("ms p50", result.at_most_p50), ("ms p95", result.at_most_p95))
    budget = ", ".join(f"≤ {bound:g} {unit}" for unit, bound in bounds if bound is not None)
    verdict = {True: "met", False: "MISSED", None: ""}[result.met]
    limit = "" if result.limit is None else f"{result.limit:.2f}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}×"
    figures = (f"{result.p50:.2f}", f"{result.p95:.2f}")
    return _line(result.budget, result.what, result.rows, limit, *figures, ratio, budget, verdict)


def _line(*cells: str) -> str:
    name, what, rows, limit, p50, p95, ratio, budget, verdict = cells
    return f"{name:4} {what:44} {rows:>5} {limit:>9} {p50:>9} {p95:>9} {ratio:>8}  {budget:24} {verdict}".rstrip()


def _write(results: Sequence[Result]) -> None:
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    path = RESULTS / f"{moment:%Y%m%d-%H%M%S}.json"
    content = {"at": moment.isoformat(), "results": [result.as_dict() for result in results]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"written to {path.relative_to(RESULTS.parent)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
