"""P9: an import against csv and executemany of the same rows; its memory, and how soon it stops when told to."""

from collections.abc import Iterable

from tests.benchmarks.generator import SIZES
from tests.benchmarks.imports import measure
from tests.benchmarks.measure import Result, Setting, bench, beside, summary


@bench("P9")
def importing(setting: Setting) -> Iterable[Result]:
    """Leads with notes, tags, matching and full text; in rounds of few, since one takes its time."""
    rounds = [measure(SIZES[setting.rows]) for _ in range(min(3, setting.rounds))]
    ours, raw = [one.ours * 1000 for one in rounds], [one.raw * 1000 for one in rounds]
    name = f"import of {rounds[0].leads} leads"
    yield beside(summary("P9", name, setting.rows, ours, at_most_ratio=1.5), ours, raw)
    yield summary("P9", "memory at the peak, MB", setting.rows, [one.megabytes for one in rounds], at_most_p50=200.0)
    cancel = [one.cancel * 1000 for one in rounds]
    yield summary("P9", "from the wish to stop until all is as before", setting.rows, cancel, at_most_p50=300.0)
