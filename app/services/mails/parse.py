"""A mail in a file, whatever kind of file it is: the file says so itself, its name may lie."""

from typing import IO

from app.services.mails.eml import parse_eml
from app.services.mails.terms import Mail
from app.services.mails.tnef import is_tnef, parse_tnef

_START = 1 << 16
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse(file: IO[bytes]) -> Mail:
    """The mail. Raises InvalidInput with the reason; on rubbish anything (see `app.core.attempt`)."""
    start = file.read(_START)
    if start.startswith(_COMPOUND):
        from app.services.mails.outlook import parse_msg

        return parse_msg(start + file.read())
    return parse_tnef(start + file.read()) if is_tnef(start) else parse_eml(start, file)
