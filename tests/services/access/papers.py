"""The verbs of what is written on leads and customers: notes, files and mails."""

import io
from collections.abc import Iterator
from typing import Any

from app.models.store import Store
from app.services.files import Files, Upload
from app.services.mail_files import Letter, MailFiles
from app.services.mails.parse import parse
from app.services.notes import Notes
from app.services.owners import Owner, OwnerKind
from app.services.trash import Item, Trash
from tests.services.access.rules import GIVE, WORK, Rule
from tests.services.access.verbs import Act, Verb
from tests.services.access.world import ZOE, World
from tests.services.mail_samples import mail

#: On what there are notes and files, and by what kind of record.
_PLACES: dict[str, OwnerKind] = {
    "open": "lead", "company shared": "company", "company own": "company", "person shared": "person",
    "person own": "person",
}  # fmt: skip
#: Where it is worth the time to take them back, too.
_WITH_WAYS_BACK = ("open", "company own")


def _notes(name: str, state: str, act: Act, how: str = "", *, many: bool = True) -> Iterator[Verb]:
    yield from _papers("notes", f"Notes.{name}", "note", state, act, how, many=many)


def _files(name: str, state: str, act: Act, how: str = "", *, many: bool = True) -> Iterator[Verb]:
    yield from _papers("files", f"Files.{name}", "file", state, act, how, many=many)


def _papers(module: str, name: str, kind: str, state: str, act: Act, how: str, *, many: bool) -> Iterator[Verb]:
    for place in _PLACES:
        second = f"{kind}2 on open" if many and place == "open" else ""
        yield Verb(module, name, WORK, act, f"{kind}{state} on {place}", second, how, back=place in _WITH_WAYS_BACK)


def _on_records(
    module: str, name: str, act: Any, how: str = "", *, many: bool = True, rule: Rule = WORK, back: bool = True
) -> Iterator[Verb]:
    """On the record itself."""
    for place, kind in _PLACES.items():
        second = ("open2" if kind == "lead" else f"{kind} own2") if many else ""
        worth = back and place in _WITH_WAYS_BACK
        yield Verb(module, name, rule, _as_owners(act, kind), place, second, how, back=worth)


def _as_owners(act: Any, kind: OwnerKind) -> Act:
    return lambda store, world, ids: act(store, world, [Owner(kind, id_) for id_ in ids])


def _write(store: Store, world: World, owners: list[Owner]) -> None:
    Notes(store).write("call", owners, "neu", people=[_mine(store, world, "person own")], minutes=5)


def _write_with_new(store: Store, world: World, owners: list[Owner]) -> None:
    Notes(store).write("call", owners, "neu", people=["Nele Neu"])


def _write_with(store: Store, world: World, owners: list[Owner]) -> None:
    """With somebody who is known by name alone: it would stand in what is written of that one."""
    Notes(store).write("meeting", owners, "neu", people=[world.of(ZOE, "person own")])


def _mine(store: Store, world: World, which: str) -> int:
    assert store.actor_id is not None
    return world.of(store.actor_id, which)


def _edit(store: Store, world: World, ids: list[int]) -> None:
    Notes(store).edit(ids[0], text="anders", people=[_mine(store, world, "person own")])


def _place(store: Store, world: World, owners: list[Owner]) -> None:
    data = mail("Neu", identity="neu@example.com", attached=[("x.txt", b"x")])
    MailFiles(store).place(Letter.of(data, parse(io.BytesIO(data))), owners)


def _same_mail(store: Store, world: World, owners: list[Owner]) -> None:
    """One that is there already, on a lead that not everybody sees."""
    data = mail("Neu", identity=world.subject_of(ZOE))
    MailFiles(store).place(Letter.of(data, parse(io.BytesIO(data))), owners)


def _put_also(store: Store, world: World, owners: list[Owner]) -> None:
    MailFiles(store).put_also(_mine(store, world, "mail of idea"), owners)


def _put_somebodys(store: Store, world: World, ids: list[int]) -> None:
    MailFiles(store).put_also(ids[0], Owner("lead", _mine(store, world, "open2")))


def _restored(kind: Any) -> Act:
    return lambda store, world, ids: Trash(store).restore([Item(kind, id_) for id_ in ids])


PAPERS: tuple[Verb, ...] = (
    *_on_records("notes", "Notes.write", _write),
    *_on_records("notes", "Notes.write", _write_with_new, "with somebody new", many=False, back=False),
    *_on_records("notes", "Notes.write", _write_with, "with somebody known by name", rule=GIVE),
    *_notes("edit", "", _edit, many=False),
    *_notes("pin", "", lambda s, w, ids: Notes(s).pin(ids)),
    *_notes("unpin", " pinned", lambda s, w, ids: Notes(s).unpin(ids)),
    *_notes("delete", "", lambda s, w, ids: Notes(s).delete(ids)),
    *_notes("restore", " gone", lambda s, w, ids: Notes(s).restore(ids), many=False),
    *_on_records("files", "Files.attach", lambda s, w, o: Files(s).attach(o[0], [Upload("x.txt", b"x")]), many=False),
    *_files("rename", "", lambda s, w, ids: Files(s).rename(ids[0], "anders.txt"), many=False),
    *_files("pin", "", lambda s, w, ids: Files(s).pin(ids)),
    *_files("unpin", " pinned", lambda s, w, ids: Files(s).unpin(ids)),
    *_files("delete", "", lambda s, w, ids: Files(s).delete(ids)),
    *_files("restore", " gone", lambda s, w, ids: Files(s).restore(ids), many=False),
    *_papers("trash", "Trash.restore", "note", " gone", _restored("note"), "note", many=False),
    *_papers("trash", "Trash.restore", "file", " gone", _restored("file"), "file", many=False),
    *_on_records("mail_files", "MailFiles.place", _place),
    *_on_records("mail_files", "MailFiles.place", _same_mail, "one that somebody else has"),
    *_on_records("mail_files", "MailFiles.put_also", _put_also, many=False),
    Verb("mail_files", "MailFiles.put_also", WORK, _put_somebodys, "mail", how="somebody's mail",
         back=False),
    Verb("mail_files", "MailFiles.create_sender", WORK, lambda s, w, ids: MailFiles(s).create_sender(ids[0]), "mail"),
)  # fmt: skip
