"""Mails that were saved as files (.eml, .msg, winmail.dat). Read in the child process."""

from collections.abc import Callable
from pathlib import Path

from app.services.foreign.mail_wire import unpack
from app.services.foreign.reader import never, read
from app.services.mails.terms import Mail


def read_mail(source: Path | bytes, cancelled: Callable[[], bool] = never) -> Mail:
    """The mail in a file. Raises what `app.services.foreign.reader.read` does."""
    return unpack(read("mail", source, cancelled=cancelled))
