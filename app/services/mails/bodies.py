"""What a mail says, put together of its texts; and its files, each with a name that can be kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.core.errors import InvalidInput
from app.core.file_names import safe_name
from app.core.i18n import Text
from app.services.mails.charsets import clean
from app.services.mails.markup import as_html, as_text, sanitised, shown_images
from app.services.mails.terms import Part

#: More text than anyone reads is kept as a file of the mail instead.
MOST_TEXT = 1_000_000
MOST_HTML = 2_000_000
MOST_PARTS = 1000

_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
OCTETS = "application/octet-stream"
MESSAGE = "message/rfc822"
_EXTENSIONS = {
    MESSAGE: ".eml", "message/delivery-status": ".txt", "text/plain": ".txt", "text/html": ".html", "text/calendar":
    ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/csv": ".csv", "text/rfc822-headers": ".txt",
    "text/rtf": ".rtf", "application/rtf": ".rtf", "application/pdf": ".pdf", "application/zip": ".zip", "image/jpeg":
    ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp", "image/webp": ".webp",
    "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "application/pgp-signature": ".asc", "application/ms-tnef": ".dat",
}  # fmt: skip


_META = re.compile(rb"""<meta[^>]{0,200}?charset=["'\s]*([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """A text, as plain text, as clean HTML, or as both."""

    text: str | None = None
    html: str | None = None

    @property
    def plain(self) -> str:
        """The text as plain text, whichever it is."""
        if self.text is not None and (self.text.strip() or self.html is None):
            return self.text
        return as_text(self.html)[:MOST_TEXT] if self.html else ""


@dataclass
class Files:
    """The files of a mail as they are found, and what a winmail.dat among them says."""

    parts: list[Part] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    said: list[Body] = field(default_factory=list)

    def add(self, name: str, mime: str, data: bytes, content_id: str | None = None) -> None:
        """Keep a file; one without a name gets one."""
        if len(self.parts) >= MOST_PARTS:
            raise too_many_parts()
        kind = mime if _MIME.fullmatch(mime) and mime != OCTETS else _kind(name)
        fallback = f"attachment-{len(self.parts) + 1}{_EXTENSIONS.get(kind, '.bin')}"
        self.parts.append(Part(safe_name(name, fallback), kind, data, content_id or None))

    def add_mail(self, subject: str, data: bytes, name: str = "") -> None:
        """Keep a mail within the mail, named for its subject."""
        stem = name.removesuffix(".msg").removesuffix(".eml") or subject[:100]
        self.add(f"{stem}.eml" if stem else "", MESSAGE, data)

    def shown_in(self, html: str | None) -> tuple[Part, ...]:
        """All files, with those that the text shows marked."""
        shown = shown_images(html) if html else frozenset()
        return tuple(replace(part, inline=True) if part.content_id in shown else part for part in self.parts)


def _kind(name: str) -> str:
    """What a file is that nobody called by its kind."""
    ending = name[-5:].lower()
    return next((mime for mime, known in _EXTENSIONS.items() if ending.endswith(known)), OCTETS)


def too_many_parts() -> InvalidInput:
    return InvalidInput(
        Text("The e-mail is refused: it has more than {n} parts.", n=MOST_PARTS), Text("Nothing was changed.")
    )


def from_text(text: str, files: Files) -> Body:
    """Plain text as a body; one beyond measure is kept as a file, and as much of it as can be read as the text."""
    found = clean(text)
    if len(found) > MOST_TEXT:
        files.add("message.txt", "text/plain", found.encode("utf-8"))
        found = found[:MOST_TEXT]
    return Body(text=found)


def from_html(html: str, files: Files) -> Body:
    """HTML as a body, cleaned; one beyond measure is kept as a file only."""
    cleaned = sanitised(clean(html)) if len(html) <= MOST_HTML else None
    if cleaned is None:
        files.add("message.html", "text/html", html.encode("utf-8", "replace"))
    return Body(html=cleaned)


def html_charset(data: bytes) -> str | None:
    """The character set that HTML names itself."""
    found = _META.search(data[:4096])
    return found[1].decode("ascii", "replace") if found else None


def joined(bodies: Iterable[Body]) -> Body:
    """Texts that follow each other as one: the words of the writer, and what a list puts below them."""
    found = [body for body in bodies if body.text or body.html]
    if len(found) < 2:
        return found[0] if found else Body()
    text = "\n\n".join(body.plain for body in found)
    if all(body.html is None for body in found):
        return Body(text)
    return Body(text, "\n".join(body.html or as_html(body.text or "") for body in found))


def either(bodies: Iterable[Body]) -> Body:
    """Texts of which each says the same: the first plain one and the last, richest HTML."""
    found = [body for body in bodies if body.text or body.html]
    text = next((body.text for body in found if body.text), None)
    return Body(text, next((body.html for body in reversed(found) if body.html), None))
