"""A mail that was kept in a form of Outlook's within another, as a file any mail program opens (.eml)."""

import hashlib
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from app.services.mails.charsets import one_line
from app.services.mails.terms import Address, Mail, Part


def as_eml(mail: Mail) -> bytes:
    """The mail with its texts and files."""
    # the same for the same mail, as it is known again by its bytes; no text in base64 has such a line
    boundary = f"=_{hashlib.sha256(mail.identity.encode()).hexdigest()[:32]}"
    root = MIMEMultipart("mixed", boundary)
    root["Subject"] = Header(one_line(mail.subject), "utf-8").encode()
    if mail.sender is not None:
        root["From"] = _person(mail.sender)
    for name, people in (("To", mail.to), ("Cc", mail.cc)):
        if people:
            root[name] = ", ".join(map(_person, people))
    if mail.sent_at is not None:
        root["Date"] = format_datetime(mail.sent_at)
    for name, identifier in (("Message-ID", mail.message_id), ("In-Reply-To", mail.in_reply_to)):
        if identifier and identifier.isascii():
            root[name] = f"<{identifier}>"
    root.attach(_texts(mail, f"{boundary}=_"))
    for part in mail.attachments:
        root.attach(_file(part))
    return root.as_bytes()


def _person(person: Address) -> str:
    if person.address.isascii():
        return formataddr(person) if person.address else Header(person.name, "utf-8").encode()
    return Header(f"{person.name} ({person.address})", "utf-8").encode()


def _texts(mail: Mail, boundary: str) -> MIMEMultipart:
    texts = MIMEMultipart("alternative", boundary)
    texts.attach(MIMEText(mail.text, "plain", "utf-8"))
    if mail.html is not None:
        texts.attach(MIMEText(mail.html, "html", "utf-8"))
    return texts


def _file(part: Part) -> MIMEBase:
    main, _, sub = part.mime.partition("/")
    # a mail within may not be in base64 by the rule; as a mere file it may
    file = MIMEBase("application", "octet-stream") if main in ("message", "multipart") else MIMEBase(main, sub)
    file.set_payload(part.data)
    encode_base64(file)
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", part.name))
    if part.content_id and part.content_id.isascii():
        file["Content-ID"] = f"<{part.content_id}>"
    return file
