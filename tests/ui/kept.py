"""Whether what was closed is gone."""

import gc
from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent

_TIMES = 3


def left_by(open_and_close: Callable[[], object]) -> dict[str, int]:
    """Of which classes of the ui there are more objects after doing this several times than after doing it once."""
    before = _after(open_and_close)
    for _ in range(_TIMES - 1):
        _after(open_and_close)
    return dict(_after(open_and_close) - before)


def _after(open_and_close: Callable[[], object]) -> Counter[str]:
    open_and_close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    kinds = Counter(type(each) for each in gc.get_objects())
    return Counter({f"{kind.__module__}.{kind.__name__}": n for kind, n in kinds.items() if _of_the_ui(kind)})


def _of_the_ui(kind: type) -> bool:
    return str(getattr(kind, "__module__", "")).startswith("app.ui") and not issubclass(kind, type)
