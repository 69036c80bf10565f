"""Round numbers for an axis, and which labels have room on the other."""

from math import ceil, floor, log10

_STEPS = (1, 2, 2.5, 5, 10)


def ticks(highest: float, most: int) -> list[float]:
    """Round values from 0 to at least `highest`, at most `most` of them (two or more); [0, 1] for nothing to show."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / (max(2, most) - 1)
    unit = 10.0 ** floor(log10(rough))
    step = next(each * unit for each in _STEPS if each * unit >= rough * (1 - 1e-9))
    return [step * i for i in range(ceil(highest / step - 1e-9) + 1)]


def every(room: float, width: float, gap: float) -> int:
    """With `room` pixels for each label and labels `width` pixels wide: every how manieth one can be shown."""
    return max(1, ceil((width + gap) / max(1.0, room)))
