"""A mail as the rest of the program sees it, whatever kind of file it was in."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Address(NamedTuple):
    """Somebody a mail comes from or goes to; either may be '' where the mail does not say."""

    name: str
    address: str


@dataclass(frozen=True)
class Part:
    """A file in a mail. `name` is safe for every disk; `inline`: the text shows it (`cid:` and the `content_id`)."""

    name: str
    mime: str
    data: bytes
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True)
class Mail:
    """What was read in one mail.

    `identity` is the Message-ID, or where there is none a hash of the content, equal for equal mails. `html` is clean:
    it shows no more than text, and images that are parts (`cid:`) or in it (`data:`). Mails within the mail are parts
    named .eml. `lost` names what was attached but is not in the file or cannot be taken out of it.
    """

    subject: str
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sent_at: datetime | None
    message_id: str | None
    identity: str
    in_reply_to: str | None
    text: str
    html: str | None
    attachments: tuple[Part, ...]
    lost: tuple[str, ...] = ()


def identity(
    message_id: str | None,
    subject: str,
    people: Iterable[Address],
    sent_at: datetime | None,
    text: str,
    attachments: Iterable[Part],
) -> str:
    """What tells this mail from others and is the same each time it is read."""
    if message_id:
        return message_id
    digest = hashlib.sha256()
    contents = [hashlib.sha256(part.data).hexdigest() for part in attachments]
    addresses = [address for person in people for address in person]
    for piece in (subject, str(sent_at), " ".join(text.split()), *addresses, *contents):
        digest.update(piece.encode("utf-8", "replace") + b"\0")
    return f"sha256:{digest.hexdigest()}"
