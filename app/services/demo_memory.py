"""What the demo's agency remembers: calls, meetings, notes, a mail and files, put down by the verbs.

An entry of resources/demo/customers.json names the record it is on, `["lead", title]`, and people by their names.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.services.files import Files, Upload
from app.services.mail_files import Letter, MailFiles
from app.services.notes import Notes
from app.services.owners import Owner

if TYPE_CHECKING:
    from app.models.store import Store

Entry = Mapping[str, Any]


def write_note(store: "Store", entry: Entry) -> None:
    """A note, call or meeting, with those who took part."""
    Notes(store).write(
        entry["kind"], _owner(store, entry), entry["text"], markdown=entry.get("markdown", False),
        people=[_id(store, "person", name) for name in entry.get("people", ())], minutes=entry.get("minutes"),
    )  # fmt: skip


def put_mail(store: "Store", entry: Entry) -> None:
    """A mail with a file, as if it had been dropped on the record; nothing foreign is in it to be read apart."""
    from app.services.mails.terms import Address, Mail, Part
    from app.services.mails.writing import as_eml

    name, lines = entry["file"]
    identity = f"{entry['ago']}.{entry['by'].lower()}@{entry['from'][1].partition('@')[2]}"
    mail = Mail(
        subject=entry["subject"], sender=Address(*entry["from"]), to=(Address(*entry["to"]),), cc=(),
        sent_at=store.clock.now(), message_id=identity, identity=identity, in_reply_to=None, text=entry["text"],
        html=None, attachments=(Part(name, "application/pdf", pdf_of(lines)),),
    )  # fmt: skip
    MailFiles(store).place(Letter.of(as_eml(mail), mail), _owner(store, entry))


def attach(store: "Store", entry: Entry) -> None:
    """A file on the record."""
    Files(store).attach(_owner(store, entry), [Upload(entry["name"], pdf_of(entry["lines"]))])


def pdf_of(lines: Sequence[str]) -> bytes:
    """One page with these lines, the first as a heading."""
    shown = "\n".join(f"({_escaped(line)}) Tj 0 -22 Td {'/F 11 Tf' if not n else ''}" for n, line in enumerate(lines))
    stream = f"BT /F 20 Tf 72 740 Td\n{shown}\nET".encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F 5 0 R >> >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return bytes(made) + head + table + tail


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _owner(store: "Store", entry: Entry) -> Owner:
    kind, name = entry["on"]
    return Owner(kind, _id(store, kind, name))


def _id(store: "Store", kind: str, name: str) -> int:
    """The first record that is called so."""
    column = "title" if kind == "lead" else "name"
    with store.read() as connection:
        found = connection.execute(text(f"SELECT min(id) FROM {kind} WHERE {column} = :name"), {"name": name})
        return int(found.scalar_one())
