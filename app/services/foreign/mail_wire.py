"""A mail on its way from the child to the program."""

from datetime import datetime
from typing import Any

from app.services.child.wire import Message
from app.services.mails.terms import Address, Mail, Part

_PLAIN = ("subject", "message_id", "identity", "in_reply_to", "text", "html")


def pack(mail: Mail) -> Message:
    """The mail as a message: files as its parts, everything else as values."""
    values: dict[str, Any] = {name: getattr(mail, name) for name in _PLAIN}
    values |= {"sender": mail.sender, "to": mail.to, "cc": mail.cc, "lost": mail.lost}
    values["sent_at"] = mail.sent_at and mail.sent_at.isoformat()
    values["files"] = [(part.name, part.mime, part.content_id, part.inline) for part in mail.attachments]
    return Message(values, tuple(part.data for part in mail.attachments))


def unpack(message: Message) -> Mail:
    """The inverse of `pack`."""
    values = message.values
    files = zip(values["files"], message.parts, strict=True)
    return Mail(
        **{name: values[name] for name in _PLAIN},
        sender=values["sender"] and Address(*values["sender"]),
        to=tuple(Address(*person) for person in values["to"]),
        cc=tuple(Address(*person) for person in values["cc"]),
        sent_at=values["sent_at"] and datetime.fromisoformat(values["sent_at"]),
        attachments=tuple(Part(name, mime, data, cid, inline) for (name, mime, cid, inline), data in files),
        lost=tuple(values["lost"]),
    )
