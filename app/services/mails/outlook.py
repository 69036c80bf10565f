"""A mail as Outlook saves it (.msg): a compound file with a storage for each person and each attachment."""

import io
import struct
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.policy import compat32
from typing import TYPE_CHECKING

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.mails import rtf, tnef
from app.services.mails.addresses import addresses
from app.services.mails.bodies import Body, Files, either, from_html, from_text, html_charset
from app.services.mails.charsets import clean, decoded, one_line
from app.services.mails.eml import read_entity
from app.services.mails.headers import Headers
from app.services.mails.terms import Address, Mail, identity
from app.services.mails.writing import as_eml

if TYPE_CHECKING:
    from oxmsg.storage import Storage

_PROPERTIES = "__PROPERTIES_VERSION1.0"
_STREAM = "__SUBSTG1.0_"
#: Bytes before the first property, by what the storage is.
_OF_MAIL, _OF_INNER_MAIL, _OF_OTHERS = 32, 24, 8
_MOST_DEPTH = 20
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_YEARS = range(1970, 3000)
_TO, _CC = 1, 2

_CLASS, _SUBJECT, _SUBMITTED, _DELIVERED = 0x001A, 0x0037, 0x0039, 0x0E06
_HEADERS, _MESSAGE_ID, _IN_REPLY_TO = 0x007D, 0x1035, 0x1042
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_INTERNET_PAGE, _MESSAGE_PAGE = 0x3FDE, 0x3FFD
_SENDER_NAMES = (0x0C1A, 0x0042)
_SENDER_ADDRESSES = (0x5D01, 0x0C1F, 0x5D02, 0x0065)
_RECIPIENT_TYPE, _RECIPIENT_NAME, _RECIPIENT_ADDRESSES = 0x0C15, 0x3001, (0x39FE, 0x3003, 0x3001)
_FILE_DATA, _FILE_NAMES, _FILE_MIME, _FILE_ID = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E, 0x3712


def parse_msg(data: bytes) -> Mail:
    """The mail. Raises InvalidInput for a compound file that is none; on rubbish whatever its readers raise."""
    from olefile import STGTY_STREAM, OleFileIO
    from oxmsg.storage import Storage

    with OleFileIO(io.BytesIO(data)) as file:
        # a stream that is longer than the file goes round in circles
        if sum(entry.size for entry in file.direntries if entry and entry.entry_type == STGTY_STREAM) > len(data):
            raise InvalidInput(Text("The e-mail is damaged."), Text("Nothing was changed."))
        root = Storage.from_ole(file)
    if not any(stream.name.upper() == _PROPERTIES for stream in root.streams):
        raise InvalidInput(Text("The file is no e-mail."), Text("Nothing was changed."))
    return _mail(root, _OF_MAIL, 0)


class _Properties:
    """The properties of a storage. `page` is the code page of its texts that are not Unicode."""

    def __init__(self, storage: "Storage", offset: int, page: str = "") -> None:
        self._streams = {stream.name.upper(): stream.bytes_ for stream in storage.streams}
        rows = self._streams.get(_PROPERTIES, b"")[offset:]
        # the last row may be cut off
        cells = struct.iter_unpack("<HHI8s", rows[: len(rows) // 16 * 16])
        self._values = {number: value for _, number, _, value in cells}
        self.page = page or self._page(_MESSAGE_PAGE) or self._page(_INTERNET_PAGE)

    def text(self, *numbers: int) -> str:
        """The first of the texts that is there and not empty, else ''."""
        for number in numbers:
            wide, narrow = (self._streams.get(f"{_STREAM}{number:04X}{kind}") for kind in ("001F", "001E"))
            found = decoded(wide, "utf-16-le") if wide is not None else decoded(narrow or b"", self.page)
            if found := found.rstrip("\0"):
                return found
        return ""

    def octets(self, number: int) -> bytes | None:
        """Bytes, None if there are none."""
        return self._streams.get(f"{_STREAM}{number:04X}0102")

    def number(self, number: int) -> int | None:
        """A whole number of four bytes, None if it is not there."""
        value = self._values.get(number)
        return None if value is None else int.from_bytes(value[:4], "little")

    def moment(self, number: int) -> datetime | None:
        """A moment, None if it is not there or no mail can be of it."""
        value = int.from_bytes(self._values.get(number, b""), "little")
        try:
            found = _EPOCH + timedelta(microseconds=value // 10)
        except OverflowError:
            return None
        return found if found.year in _YEARS else None

    def html(self) -> str:
        """The body in HTML, '' if there is none."""
        data = self.octets(_HTML)
        if data is None:
            return self.text(_HTML)
        return decoded(data, html_charset(data), self._page(_INTERNET_PAGE), self.page)

    def _page(self, number: int) -> str:
        from oxmsg.domain.encodings import encoding_from_codepage
        from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError

        page = self.number(number)
        try:
            return encoding_from_codepage(page) if page else ""
        except (UnrecognizedCodePageError, UnsupportedEncodingError):
            return ""


def _mail(storage: "Storage", offset: int, depth: int) -> Mail:
    if depth > _MOST_DEPTH:
        raise RecursionError
    about = _Properties(storage, offset)
    headers = Headers(HeaderParser(policy=compat32).parsestr(about.text(_HEADERS).lstrip()).raw_items())
    files = Files()
    for attached in storage.iter_attachment_storages():
        _attached(attached, about.page, files, depth)
    body = either((_body(about, files), *files.said))
    sender = _sender(about, headers)
    to, cc = (_people(storage, about.page, kind) or addresses(headers.raw(name)) for kind, name in _KINDS)
    subject = one_line(about.text(_SUBJECT)) or headers.text("subject")
    sent_at = about.moment(_SUBMITTED) or headers.moment("date") or about.moment(_DELIVERED)
    message_id = one_line(about.text(_MESSAGE_ID)).strip("<> ") or headers.identifier("message-id")
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
        in_reply_to=one_line(about.text(_IN_REPLY_TO)).strip("<> ") or headers.identifier("in-reply-to"),
        text=text,
        html=body.html,
        attachments=parts,
        lost=tuple(files.lost),
    )


_KINDS = ((_TO, "to"), (_CC, "cc"))


def _sender(about: _Properties, headers: Headers) -> Address | None:
    """Outlook's own address is one of its directory for colleagues; then the header knows better."""
    name = one_line(about.text(*_SENDER_NAMES))
    found = (one_line(about.text(number)) for number in _SENDER_ADDRESSES)
    address = next((each for each in found if "@" in each), "")
    said = next(iter(addresses(headers.raw("from"))), None)
    if said is not None and not address:
        return Address(said.name or name, said.address)
    return Address("" if name == address else name, address) if name or address else None


def _people(storage: "Storage", page: str, kind: int) -> tuple[Address, ...]:
    """The people of one kind, each once."""
    found: dict[Address, None] = {}
    for entry in storage.iter_recipient_storages():
        about = _Properties(entry, _OF_OTHERS, page)
        if (about.number(_RECIPIENT_TYPE) or _TO) & 0xF == kind:
            addresses_ = (one_line(about.text(number)) for number in _RECIPIENT_ADDRESSES)
            address = next((each for each in addresses_ if "@" in each), "")
            name = one_line(about.text(_RECIPIENT_NAME)).strip("'\"")
            found[Address("" if name == address else name, address)] = None
    return tuple(found)


def _body(about: _Properties, files: Files) -> Body:
    """What the mail says; a signed one says it in its only attachment."""
    if about.text(_CLASS).lower().endswith("multipartsigned") and len(files.parts) == 1:
        signed = files.parts.pop()
        return read_entity(signed.data, files)
    text, html = clean(about.text(_BODY)), about.html()
    if not html and (packed := about.octets(_RTF)):
        found = rtf.read(rtf.unpacked(packed))
        text, html = text or found.text, found.html or ""
    plain = from_text(text, files) if text.strip() else Body()
    return Body(plain.text, from_html(html, files).html if html else None)


def _attached(storage: "Storage", page: str, files: Files, depth: int) -> None:
    """One attachment: a file, a mail, or something that only Outlook could show, of which the name is kept."""
    about = _Properties(storage, _OF_OTHERS, page)
    name = one_line(about.text(*_FILE_NAMES))
    data = about.octets(_FILE_DATA)
    inner = next((each for each in storage.storages if each.name.upper() == f"{_STREAM}{_FILE_DATA:04X}000D"), None)
    if data is not None:
        if tnef.is_tnef(data):
            tnef.open_into(files, data, name or "winmail.dat")
            return
        files.add(name, one_line(about.text(_FILE_MIME)).lower(), data, one_line(about.text(_FILE_ID)).strip("<>"))
    elif inner is not None and any(stream.name.upper() == _PROPERTIES for stream in inner.streams):
        mail = _mail(inner, _OF_INNER_MAIL, depth + 1)
        files.add_mail(mail.subject, as_eml(mail))
    else:
        files.lost.append(name or "?")
