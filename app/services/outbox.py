"""What somebody notes while the team's server is away: kept on this device, and entered by the usual verbs when it is
back.

Each entry becomes a step of its own, which bears the entry's uid in the history. So it comes there once, also where the
answer of the server got lost, or two programs enter it at a time. What is refused then stays, with the reason.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.core.errors import InvalidInput, StorageError, TrichterError, Unreachable
from app.core.i18n import Text, dump_args, dump_message, load_text
from app.core.roles import Act
from app.models.linked import OUTBOX
from app.models.types import instant_of, micros, new_uid
from app.services.affiliations import Who
from app.services.lead_fields import NextStep
from app.services.notes import NoteFields, NoteKind, Notes
from app.services.owners import Owner, OwnerKind, title_of

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.leads import Leads

Verb = Literal["note", "step", "finish"]


@dataclass(frozen=True)
class Deed:
    """What is to be done about records of one kind; `said` is what the verb takes, as JSON knows it."""

    verb: Verb
    kind: OwnerKind
    ids: tuple[int, ...]
    said: Mapping[str, Any]


def note(
    on: Owner, kind: NoteKind, words: str, *, markdown: bool = False, people: Sequence[Who] = (),
    minutes: int | None = None, at: datetime | None = None,
) -> Deed:  # fmt: skip
    """Write a note, call or meeting (`Notes.write`)."""
    said = {
        "kind": kind, "words": words, "markdown": markdown, "people": list(people), "minutes": minutes,
        "at": None if at is None else micros(at),
    }  # fmt: skip
    return Deed("note", on.kind, (on.id,), said)


def written(on: Owner, fields: NoteFields) -> Deed:
    """The same, of what a form says: a kind and a text at least."""
    return note(
        on, fields["kind"], fields["text"], markdown=fields.get("markdown", False), people=fields.get("people", ()),
        minutes=fields.get("minutes"), at=fields.get("at"),
    )  # fmt: skip


def next_step(kind: OwnerKind, ids: Sequence[int], step: NextStep) -> Deed:
    """Say what is to be done next about leads or companies (`set_next_step`)."""
    return Deed("step", kind, tuple(ids), {"step": _said(step)})


def finished(
    kind: OwnerKind, ids: Sequence[int], then: NextStep | None = None, *, series: bool = True,
    step_id: int | None = None,
) -> Deed:  # fmt: skip
    """Tick off the next step of leads or companies, and say what follows (`finish_step`)."""
    said = {"then": None if then is None else _said(then), "series": series, "step_id": step_id, "at": None}
    return Deed("finish", kind, tuple(ids), said)


@dataclass(frozen=True)
class Waiting:
    """An entry that waits for the server since `at`. `titles` are what its records are called, as far as they are seen;
    `refused` is why the server's data did not take it.
    """

    uid: str
    at: datetime
    deed: Deed
    titles: tuple[str, ...] = ()
    refused: Text | None = None

    @property
    def owner(self) -> Owner:
        """The record it is about, or the first one."""
        return Owner(self.deed.kind, self.deed.ids[0])

    @property
    def about(self) -> Text:
        """What it is."""
        if self.deed.verb == "note":
            return _NOTES.get(self.deed.said.get("kind", ""), _NOTES["note"])
        if self.deed.verb == "step":
            return Text("Next step: {day}", day=date.fromisoformat(self.deed.said["step"]["on"]))
        return Text("Step finished")

    @property
    def words(self) -> str:
        """What somebody wrote; may be empty."""
        step = self.deed.said.get("step") or self.deed.said.get("then") or {}
        return str(self.deed.said.get("words", "") if self.deed.verb == "note" else step.get("text", ""))


@dataclass(frozen=True)
class Sent:
    """How many entries were entered, and how many refused."""

    entered: int
    refused: int


class Outbox:
    """That of the person who works here. With a store of this device nothing ever waits."""

    def __init__(self, store: "Store", leads: "Leads | None" = None) -> None:
        """`leads` are the verbs that know whether something has to follow each finished step."""
        self._store, self._leads = store, leads

    def do(self, deed: Deed) -> list[Waiting]:
        """Do it, or keep it where the server is not there; returns what waits now. It is kept only if nothing speaks
        against it as far as is known here.

        Raises what the verb raises but Unreachable.
        """
        deed = self._whole(deed)
        if not self._store.shared:
            self._carry_out(deed)
            return []
        uid = new_uid()
        if self._store.away:
            return self._keep([Waiting(new_uid(), self._store.clock.now(), part) for part in self._parts(deed)])
        try:
            with self._store.entering(uid):
                self._carry_out(deed)
        except Unreachable:  # perhaps it was done: the history knows by the uid
            return self._keep([Waiting(uid, self._store.clock.now(), deed)])
        return []

    def waiting(self, owner: Owner | None = None) -> list[Waiting]:
        """What waits, the oldest first; all of it, or what is about this record."""
        if not self._store.shared:
            return []
        with self._store.read() as connection:
            found = [self._titled(connection, entry) for entry in self._read(connection)]
        return [e for e in found if owner is None or (owner.kind == e.deed.kind and owner.id in e.deed.ids)]

    def send(self, *, again: bool = False) -> Sent:
        """Enter all that waits, the first one first; what was refused before only where somebody wants it `again`.

        Raises Unreachable or another StorageError where that comes to a stop; the rest goes on waiting.
        """
        self._store.follow()  # with what was done without anybody knowing
        entered = refused = 0
        for entry in self.waiting():
            if entry.refused is not None and not again:
                continue
            reason = self._enter(entry)
            with self._store.maintenance(here=True) as connection:
                if reason is None:
                    connection.execute(text(_REMOVE), {"key": self._key(entry.uid)})
                    entered += 1
                elif connection.execute(text(_THERE), {"key": self._key(entry.uid)}).scalar():
                    _write(connection, self._key(entry.uid), replace(entry, refused=reason))
                    refused += 1
        return Sent(entered, refused)

    def discard(self, uid: str) -> None:
        """Let an entry go that waits; does nothing where there is none."""
        with self._store.maintenance(here=True) as connection:
            connection.execute(text(_REMOVE), {"key": self._key(uid)})

    # Entering

    def _enter(self, entry: Waiting) -> Text | None:
        """Why it is refused; None if it stands in the history by now, or changed nothing."""
        if self._is_entered(entry.uid):
            return None
        try:
            with self._store.entering(entry.uid):
                self._carry_out(entry.deed)
        except StorageError:
            raise
        except TrichterError as error:
            return error.title
        except IntegrityError:  # another program entered it meanwhile
            self._store.follow()
            if not self._is_entered(entry.uid):
                raise
        except (KeyError, ValueError, TypeError):  # of another version, or by another hand
            return Text("This entry cannot be understood.")
        return None

    def _is_entered(self, uid: str) -> bool:
        with self._store.read() as connection:
            return connection.execute(text(_ENTERED), {"uid": uid}).scalar() is not None

    def _carry_out(self, deed: Deed) -> None:
        if deed.verb == "note":
            at = deed.said["at"]
            Notes(self._store).write(
                deed.said["kind"], [Owner(deed.kind, id_) for id_ in deed.ids], deed.said["words"],
                markdown=deed.said["markdown"], people=deed.said["people"], minutes=deed.said["minutes"],
                at=None if at is None else instant_of(at),
            )  # fmt: skip
        elif deed.verb == "step":
            self._verbs(deed.kind).set_next_step(deed.ids, _meant(deed.said["step"]))
        else:
            then, at = deed.said["then"], deed.said["at"]
            self._verbs(deed.kind).finish_step(
                deed.ids, None if then is None else _meant(then), series=deed.said["series"],
                step_id=self._meant_step(deed), at=None if at is None else instant_of(at),
            )  # fmt: skip

    def _verbs(self, kind: OwnerKind) -> Any:
        """Leads and companies have steps."""
        from app.services.companies import Companies
        from app.services.leads import Leads

        return (self._leads or Leads(self._store)) if kind == "lead" else Companies(self._store)

    # Keeping

    def _whole(self, deed: Deed) -> Deed:
        """With which step is meant, should it be another one later that comes next."""
        if deed.verb != "finish" or deed.said["step_id"] is not None:
            return deed
        with self._store.read() as connection:
            steps = {str(id_): connection.execute(text(_NEXT[deed.kind]), {"id": id_}).scalar() for id_ in deed.ids}
        return replace(deed, said={**deed.said, "steps": steps})

    def _parts(self, deed: Deed) -> list[Deed]:
        """One for each record: what keeps one of them from being entered does not keep the others."""
        return [replace(deed, ids=(id_,)) for id_ in deed.ids]

    def _meant_step(self, deed: Deed) -> int | None:
        """Which step is ticked off. Raises InvalidInput where it is another one by now that comes next for one of
        several.
        """
        steps = deed.said.get("steps", {})
        if deed.said["step_id"] is not None or len(deed.ids) == 1:
            found: int | None = deed.said["step_id"] or steps.get(str(deed.ids[0]))
            return found
        if self._whole(replace(deed, said={**deed.said, "steps": {}})).said["steps"] != steps:
            raise InvalidInput(Text("A step was finished or changed by somebody else meanwhile."))
        return None

    def _keep(self, entries: Sequence[Waiting]) -> list[Waiting]:
        self._store.rights.demand(Act.CHANGE)
        kept = [replace(entry, deed=_dated(entry)) for entry in entries]
        before = self.waiting()
        for entry in kept:
            _refuse_second(entry, before)
            with self._store.rehearsing():
                self._carry_out(entry.deed)
        with self._store.maintenance(here=True) as connection:
            for entry in kept:
                _write(connection, self._key(entry.uid), entry)
        return kept

    def _key(self, uid: str) -> str:
        return f"{self._prefix}{uid}"

    @property
    def _prefix(self) -> str:
        return f"{OUTBOX}{self._store.actor_id or 0}:"

    def _read(self, connection: Connection) -> list[Waiting]:
        """Without what makes no sense. A uid begins with the time, so keys are in the order of that."""
        rows = connection.execute(text(_ALL), {"first": self._prefix, "last": f"{self._prefix}~"}).all()
        found = (_waiting(key.removeprefix(self._prefix), value) for key, value in rows)
        return [entry for entry in found if entry is not None]

    def _titled(self, connection: Connection, entry: Waiting) -> Waiting:
        titles = (title_of(connection, Owner(entry.deed.kind, id_)) for id_ in entry.deed.ids)
        return replace(entry, titles=tuple(title for title in titles if title is not None))


def _dated(entry: Waiting) -> Deed:
    """What was done now stays of now, whenever it is entered."""
    said = entry.deed.said
    return replace(entry.deed, said={**said, "at": micros(entry.at)}) if said.get("at", 0) is None else entry.deed


def _refuse_second(entry: Waiting, before: Sequence[Waiting]) -> None:
    """A step is finished once."""
    steps = _steps_of(entry.deed)
    if any(steps & _steps_of(each.deed) for each in before):
        raise InvalidInput(Text("That this step is finished waits for the team's server already."))


def _steps_of(deed: Deed) -> set[int]:
    """The steps that are finished by it."""
    named, pinned = deed.said.get("step_id"), deed.said.get("steps", {})
    return {int(step) for step in (named, *(pinned.get(str(id_)) for id_ in deed.ids)) if step is not None}


def _said(step: NextStep) -> dict[str, Any]:
    return {"on": step.on.isoformat(), "text": step.text, "time": step.time, "rrule": step.rrule}


def _meant(said: Mapping[str, Any]) -> NextStep:
    return NextStep(date.fromisoformat(said["on"]), said["text"], said["time"], said["rrule"])


def _write(connection: Connection, key: str, entry: Waiting) -> None:
    deed, refused = entry.deed, entry.refused
    value = {
        "at": micros(entry.at), "verb": deed.verb, "kind": deed.kind, "ids": deed.ids, "said": deed.said,
        "refused": refused and [dump_message(refused), dump_args(refused.args)],
    }  # fmt: skip
    connection.execute(text(_KEEP), {"key": key, "value": json.dumps(value, ensure_ascii=False)})


def _waiting(uid: str, value: str) -> Waiting | None:
    try:
        said = json.loads(value)
        deed = Deed(cast("Verb", said["verb"]), said["kind"], tuple(said["ids"]), said["said"])
        refused = said["refused"] and load_text(*said["refused"])
        return Waiting(uid, instant_of(said["at"]), deed, refused=refused)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


_NOTES: Mapping[str, Text] = {"note": Text("Note"), "call": Text("Call"), "meeting": Text("Meeting")}
_NEXT = {
    "lead": "SELECT next_step_id FROM lead WHERE id = :id",
    "company": """
SELECT id FROM step WHERE company_id = :id AND done_at IS NULL ORDER BY due_on, COALESCE(local_time, 1440), id LIMIT 1
""",
}
_ALL = "SELECT key, value FROM store_setting WHERE key > :first AND key < :last ORDER BY key"
_KEEP = """
INSERT INTO store_setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_REMOVE = "DELETE FROM store_setting WHERE key = :key"
_THERE = "SELECT 1 FROM store_setting WHERE key = :key"
_ENTERED = "SELECT 1 FROM change_set WHERE uid = :uid"
