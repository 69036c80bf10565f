"""What argparse says by itself, in our catalogue: usage, headings and errors in the language in use."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.i18n import N_, tr

#: As Python 3.11 to 3.13 word it, as far as our options can make it say so.
TEXTS = (
    N_("usage:"),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"),
    N_("expected one argument"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)


@contextmanager
def worded() -> Iterator[None]:
    """Within it argparse takes its texts from us. There is no other way in: it asks gettext, under this name."""
    names = vars(argparse)
    before = names["_"]
    names["_"] = _word
    try:
        yield
    finally:
        names["_"] = before


def _word(text: str) -> str:
    """A text of argparse with the spaces at its edges, which are not the translator's business."""
    core = text.strip()
    return text.replace(core, tr(core), 1)
