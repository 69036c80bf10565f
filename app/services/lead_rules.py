"""What must hold for a lead, whoever writes it: a verb, or a row of a file.

The rules only say what is wrong. A verb makes an error of it, an import a refused row.
"""

from app.core.i18n import Text

_IN_FUTURE = {
    "activated_on": Text("“Active since” lies in the future."),
    "closed_on": Text("The closing date lies in the future."),
}


def in_future(field: str, day: int, today: int) -> Text | None:
    """What to say of a day of activation or closing that is still to come; None for one that is not."""
    return _IN_FUTURE[field] if day > today else None
