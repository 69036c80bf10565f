"""Files of contacts (.vcf). Read in the child process."""

from collections.abc import Callable
from pathlib import Path

from app.services.cards.card import CardFile
from app.services.cards.reading import MOST_BYTES
from app.services.child.limits import Limits
from app.services.foreign.card_wire import unpack
from app.services.foreign.reader import never, read

#: Thousands of cards with their photos are no attack.
LIMITS = Limits(seconds=60, memory=1 << 30, file=MOST_BYTES)


def read_card_file(source: Path | bytes, cancelled: Callable[[], bool] = never) -> CardFile:
    """The cards of a file, and what was refused of it. Raises what `app.services.foreign.reader.read` does."""
    return unpack(read("cards", source, limits=LIMITS, cancelled=cancelled))
