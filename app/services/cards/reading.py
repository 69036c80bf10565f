"""From the bytes of a file to the cards in it, and to a sentence for each that was not taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.cards.card import Card, CardFile, Refusal
from app.services.cards.draft import Draft
from app.services.cards.lines import Line, content_lines

#: Of a file: bytes, lines, cards; of a card: how many others it may be within.
MOST_BYTES = 32 << 20
MOST_LINES = 1_000_000
MOST_CARDS = 30_000
DEEPEST = 4


def read_cards(data: bytes) -> CardFile:
    """All cards of a file: vCard 2.1, 3.0 and 4.0, also mixed. A card within another one is a card like any other.

    Raises InvalidInput for a file that holds no card or is far too large; a single card that makes no sense is among
    the refused.
    """
    if len(data) > MOST_BYTES or data.count(b"\n") + data.count(b"\r") > 2 * MOST_LINES:
        raise InvalidInput(
            Text("The file is too large to be a list of contacts."),
            Text("Export fewer contacts at once, to several files."),
        )
    reader = _Reader()
    reader.take(content_lines(data))
    if not reader.seen:
        raise InvalidInput(Text("This file holds no contacts."), Text("Choose a vCard file (VCF)."))
    return reader.found()


@dataclass(slots=True)
class _Block:
    """The lines between BEGIN and END, or to where the file stops."""

    start: int
    lines: list[Line] = field(default_factory=list)

    @property
    def expects_card(self) -> bool:
        """Whether the last line says that another card begins within this one, as in 2.1."""
        return bool(self.lines) and self.lines[-1].name == "AGENT" and not self.lines[-1].value.strip()


class _Reader:
    """Finds the cards among the lines and collects them with what was refused."""

    def __init__(self) -> None:
        self.seen = 0
        self._cards: list[tuple[int, Card]] = []
        self._refused: list[Refusal] = []

    def take(self, lines: Iterable[Line], depth: int = 0, at: int | None = None) -> None:
        """The cards of `lines`, which are those of line `at` where they are within a card."""
        opened: list[_Block] = []
        for line in lines:
            if line.name == "BEGIN" and line.value == "VCARD":
                if not (opened and opened[-1].expects_card):
                    self._close(opened, depth)  # the END of the one before is missing
                self.seen += 1
                if self.seen > MOST_CARDS:
                    break
                opened.append(_Block(at or line.number))
            elif line.name == "END" and line.value == "VCARD":
                if opened:
                    self._card(opened.pop(), depth + len(opened))
            elif opened:
                opened[-1].lines.append(line)
        self._close(opened, depth)

    def found(self) -> CardFile:
        """All of it in the order of the file."""
        if self.seen > MOST_CARDS:
            last = max((line for line, _ in self._cards), default=0)
            self._refused.append(
                Refusal(last + 1, Text("Only the first {n} contacts of a file are read.", n=MOST_CARDS))
            )
        cards = sorted(self._cards, key=lambda found: found[0])
        return CardFile(tuple(card for _, card in cards), tuple(sorted(self._refused, key=lambda each: each.line)))

    def _close(self, opened: list[_Block], depth: int) -> None:
        while opened:
            self._card(opened.pop(), depth + len(opened))

    def _card(self, block: _Block, depth: int) -> None:
        try:
            if depth > DEEPEST:
                raise InvalidInput(Text("The card is within too many others."))
            draft = Draft(block.lines)
            self._cards.append((block.start, draft.card()))
            self._refused += draft.refused
        except InvalidInput as error:
            self._refused.append(Refusal(block.start, error.title))
        if depth <= DEEPEST:
            self._take_agents(block.lines, depth)

    def _take_agents(self, lines: Iterable[Line], depth: int) -> None:
        """The cards that 3.0 has within a line."""
        for line in lines:
            if line.name == "AGENT" and not line.fault and line.value.lstrip()[:12].upper() == "BEGIN:VCARD\\":
                self.take(content_lines(line.text.encode()), depth + 1, line.number)
