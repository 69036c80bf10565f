"""winmail.dat: what Outlook packs text and files into for others, who then cannot open it."""

import logging
from typing import TYPE_CHECKING, Any

from app.core.attempt import Failure, attempt
from app.services.mails import rtf
from app.services.mails.bodies import Body, Files, from_html, from_text, html_charset
from app.services.mails.charsets import clean, decoded, one_line
from app.services.mails.terms import Address, Mail, identity
from app.services.mails.writing import as_eml

if TYPE_CHECKING:
    from tnefparse import TNEF

_SIGNATURE = b"\x78\x9f\x3e\x22"
TNEF_MIME = "application/ms-tnef"
_MOST_DEPTH = 20

#: Bytes before the first attribute; and of an attribute before and behind its contents.
_HEAD, _ATTRIBUTE = 6, 11
_PROPERTIES, _PEOPLE, _FILE_PROPERTIES = 0x9003, 0x9004, 0x9005
_SUBJECT, _MESSAGE_ID, _SENDER_NAME, _SENDER_ADDRESSES = 0x0037, 0x1035, 0x0C1A, (0x5D01, 0x0C1F)
_FILE_NAME, _FILE_MIME, _FILE_ID = 0x3707, 0x370E, 0x3712


def is_tnef(data: bytes) -> bool:
    """Whether these bytes are a winmail.dat, whatever it is called."""
    return data.startswith(_SIGNATURE)


def open_into(files: Files, data: bytes, name: str) -> None:
    """Add the files and the text of a winmail.dat to `files`; one that cannot be read stays a file itself."""
    found = attempt(lambda: _read(data, 0))
    if isinstance(found, Failure) or not (found[0].text or found[0].html or found[1].parts):
        files.add(name, TNEF_MIME, data)
        return
    body, inside = found
    for part in inside.parts:
        files.add(part.name, part.mime, part.data, part.content_id)
    files.lost += inside.lost
    files.said.append(body)


def parse_tnef(data: bytes) -> Mail:
    """A winmail.dat that was saved by itself, as a mail. On rubbish it raises whatever its reader raises."""
    return _as_mail(_parsed(data), 0)


def _parsed(data: bytes) -> "TNEF":
    from tnefparse import TNEF

    logging.getLogger("tnefparse").disabled = True  # it tells at length what it does not know
    return TNEF(_tamed(data), do_checksum=False)


def _tamed(data: bytes) -> bytes:
    """Without the list of people, and not with more properties than there is room for: the reader believes every
    number, and would count to four billion. Raises ValueError.
    """
    kept, place = [data[:_HEAD]], _HEAD
    while place < len(data):
        name, length = (int.from_bytes(data[place + start : place + end], "little") for start, end in ((1, 3), (5, 9)))
        attribute = data[place : place + _ATTRIBUTE + length]
        place += _ATTRIBUTE + length
        if name in (_PROPERTIES, _FILE_PROPERTIES) and int.from_bytes(attribute[9:13], "little") * 4 > len(attribute):
            raise ValueError("more properties than there is room for")
        if name != _PEOPLE:
            kept.append(attribute)
    return b"".join(kept)


def _read(data: bytes, depth: int) -> tuple[Body, Files]:
    return _contents(_parsed(data), depth)


def _contents(found: "TNEF", depth: int) -> tuple[Body, Files]:
    if depth > _MOST_DEPTH:
        raise RecursionError
    files = Files()
    for attached in found.attachments:
        about = {each.name: each for each in attached.mapi_attrs}
        # the reader takes each short name for UTF-8, and falls over others
        short = decoded(attached._name, found.codepage) if isinstance(attached._name, bytes) else attached._name
        name = _text(_value(about, _FILE_NAME)) or _text(short)
        if (inner := getattr(attached, "embed", None)) is not None:
            mail = _as_mail(inner, depth + 1)
            files.add_mail(mail.subject, as_eml(mail))
        elif attached.data:
            mime, content_id = (_text(_value(about, number)) for number in (_FILE_MIME, _FILE_ID))
            files.add(name, mime.lower(), bytes(attached.data), content_id.strip("<>"))
        else:
            files.lost.append(name or "?")
    return _body(found, files), files


def _body(found: "TNEF", files: Files) -> Body:
    text = clean(_text(found.body, lines=True))
    html = found.htmlbody
    if isinstance(html, bytes):
        html = decoded(html, html_charset(html))
    if not html and (packed := found.rtfbody):
        read = rtf.read(rtf.unpacked(packed))
        text, html = text or read.text, read.html
    plain = from_text(text, files) if text.strip() else Body()
    return Body(plain.text, from_html(html, files).html if html else None)


def _as_mail(found: "TNEF", depth: int) -> Mail:
    body, files = _contents(found, depth)
    about = {each.name: each for each in found.mapiprops}
    named = {each.name: each for each in found.msgprops}
    subject = _text(_value(about, _SUBJECT)) or _text(_value(named, found.ATTSUBJECT))
    message_id = _text(_value(about, _MESSAGE_ID)).strip("<> ") or None
    addresses = (_text(_value(about, number)) for number in _SENDER_ADDRESSES)
    address = next((each for each in addresses if "@" in each), "")
    name = _text(_value(about, _SENDER_NAME))
    sender = Address(name, address) if name or address else None
    parts, text = files.shown_in(body.html), body.plain
    return Mail(
        subject=subject,
        sender=sender,
        to=(),
        cc=(),
        sent_at=None,
        message_id=message_id,
        identity=identity(message_id, subject, (sender,) if sender else (), None, text, parts),
        in_reply_to=None,
        text=text,
        html=body.html,
        attachments=parts,
        lost=tuple(files.lost),
    )


def _value(about: dict[int, Any], number: int) -> Any:
    return about[number].data if number in about else ""


def _text(value: Any, *, lines: bool = False) -> str:
    """A text of the reader's, which are sometimes bytes and sometimes something else."""
    text = decoded(value) if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return text.rstrip("\0") if lines else one_line(text)
