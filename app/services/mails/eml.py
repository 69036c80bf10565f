"""A mail in the format of the internet (.eml)."""

import binascii
import quopri
import re
from collections.abc import Iterable
from email.feedparser import BytesFeedParser
from email.message import Message as Parsed
from email.policy import compat32
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.mails import tnef
from app.services.mails.addresses import addresses
from app.services.mails.bodies import (
    MESSAGE,
    MOST_PARTS,
    Body,
    Files,
    either,
    from_html,
    from_text,
    html_charset,
    joined,
    too_many_parts,
)
from app.services.mails.charsets import decoded
from app.services.mails.headers import Headers, from_base64
from app.services.mails.terms import Mail, identity

_USUAL = (
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "sender",
    "reply-to",
    "mime-version",
)
_MOST_DEPTH = 150
_CHUNK = 1 << 16


if TYPE_CHECKING:
    _Base = Parsed[str, str]
else:
    _Base = Parsed


class _Piece(_Base):
    """A part of a mail. Mails within it are not taken apart: their bytes are kept as they are."""

    def get_content_type(self) -> str:
        found = super().get_content_type()
        return f"kept{found[len('message') :]}" if found.startswith("message/") else found


def parse_eml(start: bytes, file: IO[bytes]) -> Mail:
    """The mail that begins with `start` and goes on in `file`.

    Raises InvalidInput for what is none or is beyond measure; on rubbish also what the parser raises.
    """
    root = _parsed(chain((start.lstrip(b"\xef\xbb\xbf\r\n\t "),), iter(lambda: file.read(_CHUNK), b"")))
    headers = Headers(root.raw_items())
    if not any(name in headers for name in _USUAL):
        raise InvalidInput(Text("The file is no e-mail."), Text("Nothing was changed."))
    files = Files()
    body = _body(root, files, 0)
    body = either((body, *files.said))  # a winmail.dat says the same once more, with its looks
    sender = next(iter(addresses(headers.raw("from")) or addresses(headers.raw("sender"))), None)
    to, cc = (addresses(headers.raw(name)) for name in ("to", "cc"))
    subject, sent_at, message_id = headers.text("subject"), headers.moment("date"), headers.identifier("message-id")
    parts, text = files.shown_in(body.html), body.plain
    people = (*((sender,) if sender else ()), *to, *cc)
    return Mail(
        subject=subject,
        sender=sender,
        to=to,
        cc=cc,
        sent_at=sent_at,
        message_id=message_id,
        identity=identity(message_id, subject, people, sent_at, text, parts),
        in_reply_to=headers.identifier("in-reply-to"),
        text=text,
        html=body.html,
        attachments=parts,
        lost=tuple(files.lost),
    )


def read_entity(data: bytes, files: Files) -> Body:
    """What stands in a piece of a mail that has headers of its own, such as a signed one."""
    return _body(_parsed((data,)), files, 0)


def _parsed(pieces: Iterable[bytes]) -> "Parsed[Any, Any]":
    """The parts of a mail that comes in pieces: as a whole the parser would need ten times the room for it."""
    parser = BytesFeedParser(_Piece, policy=compat32)
    for piece in pieces:
        parser.feed(piece)
    return parser.close()


def _body(piece: "Parsed[Any, Any]", files: Files, depth: int) -> Body:
    """What a part says; the files within it are added to `files`."""
    if depth > _MOST_DEPTH:
        raise RecursionError
    headers = Headers(piece.raw_items())
    if not piece.is_multipart():
        return _leaf(piece, headers, files)
    parts = piece.get_payload()
    if len(parts) > MOST_PARTS:
        raise too_many_parts()
    bodies = [_body(part, files, depth + 1) for part in parts if isinstance(part, Parsed)]
    return either(bodies) if piece.get_content_subtype() == "alternative" else joined(bodies)


def _leaf(piece: "Parsed[Any, Any]", headers: Headers, files: Files) -> Body:
    """The text in a part that has no others, or nothing when it is a file."""
    kind = piece.get_content_type()
    mime = f"message{kind[len('kept') :]}" if kind.startswith("kept/") else kind
    kind_parameters = headers.value("content-type")[1]
    disposition, parameters = headers.value("content-disposition")
    name = parameters.get("filename") or kind_parameters.get("name") or ""
    data = _content(piece, headers)
    is_text = mime in ("text/plain", "text/html") or mime.startswith("multipart/")
    if is_text and not name and disposition != "attachment":
        if mime == "text/html":
            return from_html(decoded(data, kind_parameters.get("charset"), html_charset(data)), files)
        return from_text(decoded(data, kind_parameters.get("charset")), files)
    if mime == MESSAGE:
        files.add_mail(subject_of(data), data, name)
    elif tnef.is_tnef(data):
        tnef.open_into(files, data, name or "winmail.dat")
    else:
        files.add(name, mime, data, headers.identifier("content-id"))
    return Body()


def subject_of(data: bytes) -> str:
    """The subject of a mail within a mail."""
    head = re.split(rb"\r?\n\r?\n", data[:100_000], maxsplit=1)[0]
    return Headers(_parsed((head,)).raw_items()).text("subject")


def _content(piece: "Parsed[Any, Any]", headers: Headers) -> bytes:
    """The bytes of a part, however they were made fit for travelling."""
    coding = (headers.raw("content-transfer-encoding").partition(";")[0].split() or [""])[0].lower()
    # without these the parser hands the bytes out as they stand, and guesses nothing
    del piece["content-transfer-encoding"]
    del piece["content-type"]
    data = piece.get_payload(decode=True)
    piece.set_payload("")  # the parts are large, and this one is done
    if not isinstance(data, bytes):
        return b""
    if coding == "base64":
        return from_base64(data)
    if coding == "quoted-printable":
        return quopri.decodestring(data)
    if coding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _from_uu(data)
    return data


def _from_uu(data: bytes) -> bytes:
    """The file between `begin` and `end`; the bytes as they are if there is none."""
    found, begun = bytearray(), False
    for line in data.splitlines():
        if line.startswith(b"begin "):
            begun = True
        elif begun and line.strip() == b"end":
            break
        elif begun:
            try:  # a line of some encoders is longer than it says
                found += binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3 + 1] if line else b"")
            except binascii.Error:
                return data
    return bytes(found) if begun else data
