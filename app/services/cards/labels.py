"""What a point is for: the TYPE parameters and labels of all versions and programs, as ours and back."""

from collections.abc import Mapping

from app.services.cards.card import Label
from app.services.cards.lines import Line

#: Types that say how a point is used, not what for.
_SILENT = frozenset((
    "internet", "pref", "voice", "text", "msg", "x400", "x-400", "video", "dom", "intl", "postal", "parcel",
    "textphone", "smtp", "uri", "url", "other", "isdn", "modem", "bbs", "vcard", "",
))  # fmt: skip
#: What programs and people call it, in lower case.
_WORDS: dict[str, Label] = {
    word: label
    for label, words in (
        (Label.WORK, "work business arbeit geschäftlich geschaeftlich dienstlich büro firma office company"),
        (Label.HOME, "home private privat zuhause personal dom."),
        (Label.CELL, "cell mobile mobil handy iphone mobiltelefon car pcs"),
        (Label.FAX, "fax telefax"),
        (Label.PAGER, "pager"),
        (Label.MAIN, "main zentrale hauptnummer"),
        (Label.OTHER, "other andere sonstige weitere homepage"),
    )
    for word in words.split()
}
_PAIRS = {
    frozenset((Label.WORK, Label.FAX)): Label.WORK_FAX,
    frozenset((Label.HOME, Label.FAX)): Label.HOME_FAX,
    frozenset((Label.WORK, Label.CELL)): Label.WORK_CELL,
    frozenset((Label.HOME, Label.CELL)): Label.CELL,
}
#: The words of the closed set that consist of two: "work fax", as one writes them.
_WHOLE = {label.value: label for label in Label}
#: The most telling first, where a card says more than two.
_ORDER = (Label.FAX, Label.PAGER, Label.CELL, Label.MAIN, Label.WORK, Label.HOME)


def label_of(line: Line, own: Mapping[str, str]) -> str:
    """What the point of a line is for. `own` has the labels that groups of lines got from the user (X-ABLabel)."""
    if given := own.get(line.group):
        return _named(given)
    kinds = [kind.removeprefix("x-") for kind in line.types if kind not in _SILENT]
    known = {_WORDS[kind] for kind in kinds if kind in _WORDS} - {Label.OTHER}
    if pair := _PAIRS.get(frozenset(known)):
        return pair
    free = [kind for kind in kinds if kind not in _WORDS]
    return next((label for label in _ORDER if label in known), free[0] if free else Label.OTHER)


def _named(label: str) -> str:
    """A label in words; Apple wraps those of its own: _$!<Work>!$_."""
    if label.startswith("_$!<") and label.endswith(">!$_"):
        label = label[4:-4]
    lower = label.lower()
    return _WHOLE.get(lower) or _WORDS.get(lower) or label


def types_of(label: str) -> tuple[str, ...] | None:
    """The TYPE parameters for a label of the closed set, in lower case; None for a label in the user's words."""
    if label not in _WHOLE:
        return None
    return () if label == Label.OTHER else tuple(label.split())
