"""The parts of a split: what they are called, and in which colours they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.i18n import tr
from app.core.terms import CATEGORY_LABELS, Category
from app.services.forecast import OTHERS, WON

if TYPE_CHECKING:
    from app.services.forecast import By, Key, Part
    from app.ui.forecast.reading import Answer
    from app.ui.theme import Theme
    from app.ui.wording import Wording

#: Of persons, sources and companies so many have a colour of their own.
_SHOWN = 5


@dataclass(frozen=True)
class Palette:
    """The names that have a colour, from the bottom of a bar up; all other parts are drawn as one."""

    names: "tuple[tuple[Key, str], ...]"
    colours: tuple[str, ...]
    others: str

    @classmethod
    def of(cls, answer: "Answer", theme: "Theme", wording: "Wording") -> "Palette":
        """The colours of an answer that is split."""
        by, parts = answer.question.by, answer.parts
        if by in ("stage", "category"):
            shown: Sequence[Part] = parts
            colours = [_fixed(part, by, theme, wording) for part in parts]
        else:
            there = [part for part in parts if part.key not in (None, OTHERS)]
            shown = there if len(parts) <= _SHOWN else there[:_SHOWN]
            colours = list(theme.ramp(max(len(shown), 3))[::-1][: len(shown)])
        names = tuple((part.key, part_name(answer, part)) for part in shown)
        rest = [part for part in parts if part.key not in dict(names)]
        others = ""
        if rest:
            others = part_name(answer, rest[0]) if len(rest) == 1 else tr("others")
            colours.append(theme.tokens.faint)
        return cls(names, tuple(colours), others)

    def shown(self, part: "Part") -> str:
        """The name under which a part is drawn."""
        return dict(self.names).get(part.key, self.others)

    def legend(self) -> list[tuple[str, str]]:
        """Names and colours, from the bottom up."""
        names = [name for _, name in self.names] + ([self.others] if self.others else [])
        return list(zip(names, self.colours, strict=True))


def part_name(answer: "Answer", part: "Part") -> str:
    """What a part is called."""
    if part.key == WON:
        return tr("Won")
    if part.key == OTHERS:
        return tr("others")
    if part.name is not None:
        return part.name
    if answer.question.by == "category":
        return tr(CATEGORY_LABELS[Category(str(part.key))])
    return _nothing(answer.question.by)


def _nothing(by: "By | None") -> str:
    """What those are called that have none."""
    if by == "person":
        return tr("Nobody")
    return tr("Without source") if by == "source" else tr("Without company")


def stage_colour(wording: "Wording", theme: "Theme", stage_id: int | None) -> str:
    """The colour of a stage in a theme, which need not be that of the window."""
    ramp = theme.ramp(len(wording.stages))
    found = (stage.colour or ramp[place] for place, stage in enumerate(wording.stages) if stage.id == stage_id)
    return next(found, theme.tokens.faint)


def _fixed(part: "Part", by: "By", theme: "Theme", wording: "Wording") -> str:
    """The colour of a stage or category, or of what was won: the same in every chart."""
    if part.key == WON:
        return theme.tokens.won
    if by == "stage":
        return stage_colour(wording, theme, part.key if isinstance(part.key, int) else None)
    place = list(CATEGORY_LABELS).index(Category(str(part.key)))
    return theme.ramp(len(CATEGORY_LABELS))[::-1][place]
