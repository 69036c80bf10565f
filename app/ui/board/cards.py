"""What stands on the cards of a board: worked out once per lead, from rows that are fetched only when looked at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.i18n import tr
from app.services.board import Grouping
from app.services.lead_list import LeadRow
from app.ui.guard import attempt
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.core.format import Formats

#: Cards kept; beyond that the ones worked out first go.
KEPT = 4096
#: Cards fetched at once: the one that is needed and what a column shows after it.
BLOCK = 24


@dataclass(frozen=True, slots=True)
class Card:
    """The words of one card and the names of their colours. What a colour says stands in words and a sign too."""

    title: str
    company: str
    value: str
    share: str
    share_fill: str  # '#RRGGBB' where the share is drawn as a pill
    own_share: bool
    period: str
    step: str
    step_sign: str  # the icon before it
    step_tone: str
    idle: str
    age: str
    initials: str
    tags: tuple[str, ...]
    spoken: str
    tip: str


class CardWords:
    """Words the cards of a board in one grouping: what its columns stand for need not be said on each card."""

    def __init__(self, wording: Wording, formats: "Formats", grouping: Grouping) -> None:
        self._wording = wording
        self._formats = formats
        self._by_stage = grouping is Grouping.STAGE

    def card(self, row: LeadRow) -> Card:
        """The card of a lead."""
        wording = self._wording
        sign, tone, step = self._step(row)
        percent = "" if row.probability is None else self._formats.percent(row.probability)
        idle = self._idle(row)
        return Card(
            title=_line(row.title), company=_line(row.company or ""), value=wording.volume(row),
            share=percent if self._by_stage else wording.stage(row),
            share_fill="" if self._by_stage else wording.stage_colour(row.stage_id), own_share=row.own_probability,
            period=wording.period(row), step=step, step_sign=sign, step_tone=tone, idle=idle, age=wording.age(row),
            initials=row.initials or "", tags=row.tags, spoken=self._sentence(row, percent, step, idle),
            tip=self._tip(row, idle),
        )  # fmt: skip

    def _step(self, row: LeadRow) -> tuple[str, str, str]:
        """Sign, colour and words of what is next."""
        if row.next_step_on is None:
            return "flag", "muted", tr("no step")
        tone = self._wording.step_tone(row)
        sign = "calendar" if tone is None else "warning" if row.next_step_on < self._wording.today else "clock"
        return sign, tone or "text", self._wording.step(row)

    def _idle(self, row: LeadRow) -> str:
        """For how long nothing happened, of a lead that is idle."""
        touched = max((day for day in (row.last_touch_on, row.stage_since_on) if day is not None), default=None)
        if not row.idle or touched is None:
            return ""
        return tr("idle {days}", days=self._formats.days((self._wording.today - touched).days))

    def _sentence(self, row: LeadRow, percent: str, step: str, idle: str) -> str:
        parts = [_line(row.title), _line(row.company or ""), self._wording.volume(row), percent]
        parts.append(tr("weighted {amount}", amount=self._wording.base(row.weighted)))
        parts.append(tr("next step {step}", step=step) if row.next_step_on else step)
        parts += [_line(row.next_step_text or ""), row.user or tr("nobody responsible"), idle]
        return ", ".join(part for part in parts if part)

    def _tip(self, row: LeadRow, idle: str) -> str:
        weighted = tr("weighted {amount}", amount=self._wording.base(row.weighted))
        step = " · ".join(part for part in (self._wording.step(row), _line(row.next_step_text or "")) if part)
        names = ", ".join(part for part in (row.company or "", row.person or "") if part)
        explained = f"{idle}: {self._wording.age_tip(row)}" if idle else ""
        lines = (row.title, names, f"{self._wording.volume(row)} · {weighted}", self._wording.period(row), step,
                 row.user or "", ", ".join(row.tags), explained)  # fmt: skip
        return "\n".join(_line(line) for line in lines if line)


def _line(text: str) -> str:
    """A line break in a title must not break the card."""
    return " ".join(text.split())


class Cards(QObject):
    """The cards looked at so far, of all columns of a board. `fetch(ids)` reads rows in one statement."""

    def __init__(self, fetch: Callable[[Sequence[int]], Iterable[LeadRow]], parent: QObject) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._words: CardWords | None = None
        self._cards: dict[int, Card | None] = {}  # None: gone, or not to be read

    def word(self, words: CardWords) -> None:
        """Other words from now on."""
        self._words = words
        self._cards.clear()

    def forget(self, ids: Iterable[int]) -> None:
        """These leads changed: they are fetched anew when they are next looked at."""
        for lead_id in ids:
            self._cards.pop(lead_id, None)

    def forget_all(self) -> None:
        """Any lead may have changed."""
        self._cards.clear()

    def load(self, ids: Iterable[int]) -> None:
        """Fetch what is not known of these, in one statement."""
        wanted = [lead_id for lead_id in ids if lead_id not in self._cards]
        if not wanted or self._words is None:
            return
        if len(self._cards) > KEPT:
            for lead_id in list(self._cards)[: KEPT // 2]:
                del self._cards[lead_id]
        self._cards.update(dict.fromkeys(wanted))
        found = attempt(lambda: list(self._fetch(wanted)))
        if isinstance(found, Exception):  # a repaint waits for the cards: they stay blank, and it is told later
            error = found
            QTimer.singleShot(0, self, lambda: _raise(error))
            return
        for row in found:
            self._cards[row.id] = self._words.card(row)

    def get(self, ids: Sequence[int], row: int) -> Card | None:
        """The card of one of the ids of a column; those after it are fetched along."""
        lead_id = ids[row]
        if lead_id not in self._cards:
            self.load(ids[row : row + BLOCK])
        return self._cards.get(lead_id)


def _raise(error: Exception) -> None:
    raise error
