"""Mails and people for tests of timelines."""

from collections.abc import Sequence

from app.core.folding import person_key, search_key
from app.core.i18n import Text
from app.models.memory import ContactPoint
from app.models.schema import CompanyPerson, Person
from app.models.store import Store


def mail(
    subject: str = "Nachfrage",
    *,
    identity: str = "1@example.com",
    sender: str = "Eva Groß <Eva@Firma.example>",
    to: str = "Agentur <info@agentur.example>",
    date: str = "Mon, 23 Nov 2026 08:00:00 +0100",
    text: str = "Können Sie den Preis halten?",
    attached: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A mail as it lies in a file; `attached` are names and contents."""
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}", "MIME-Version: 1.0"]
    head += [f"Message-ID: <{identity}>"] if identity else []
    parts = [f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()]
    for name, data in attached:
        said = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
        parts.append(said.encode() + data + b"\r\n")
    body = b"".join(b"--B\r\n" + part for part in parts) + b"--B--\r\n"
    return "\r\n".join([*head, "Content-Type: multipart/mixed; boundary=B", "", ""]).encode() + body


def person(store: Store, name: str, address: str = "", company: int | None = None) -> int:
    """Somebody with an address for mails, who works for a company; returns the id."""
    with store.write(Text("Person added")) as session:
        keys = {"sort_key": person_key(name), "search_key": search_key(name)}
        row = Person(name=name, created_at=store.clock.now(), **keys)
        session.add(row)
        session.flush()
        if address:
            session.add(
                ContactPoint(
                    person_id=row.id, kind="mail", label="", value=address, key=address.lower(), position=0
                )
            )  # fmt: skip
        if company is not None:
            session.add(CompanyPerson(company_id=company, person_id=row.id))
        return row.id
