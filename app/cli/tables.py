"""Text in aligned columns, as wide as what stands in them."""

import unicodedata
from collections.abc import Sequence

_GAP = "  "
_WIDE = ("W", "F")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), longest: int = 48) -> str:
    """Lines of a table under a rule; columns numbered in `right` are set flush right, long cells are cut off."""
    lines = [[_one_line(cell, longest) for cell in row] for row in (head, *rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    texts = [_line(line, widths, right) for line in lines]
    return "\n".join([texts[0], _GAP.join("─" * each for each in widths), *texts[1:]])


def pairs(rows: Sequence[tuple[str, str]]) -> str:
    """Names and values in two columns."""
    widest = max((width(name) for name, _ in rows), default=0)
    return "\n".join(f"{name}{' ' * (widest - width(name))}{_GAP}{value}".rstrip() for name, value in rows)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    padded = []
    for place, (cell, space) in enumerate(zip(cells, widths, strict=True)):
        blank = " " * (space - width(cell))
        padded.append(blank + cell if place in right else cell + blank)
    return _GAP.join(padded).rstrip()


def _one_line(cell: str, longest: int) -> str:
    """What a terminal would not take for a command, in one line and not too long."""
    cell = "".join(c if c.isprintable() or c == "\u00a0" else " " for c in cell)
    if width(cell) <= longest:
        return cell
    while width(cell) >= longest:
        cell = cell[:-1]
    return cell + "…"


def width(text: str) -> int:
    """How many places a terminal needs for it."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)
