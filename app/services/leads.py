"""The verbs of a lead. Each is one write: one step to undo, one line in the history, one message on the feed.

Verbs take the ids of one or many leads and hold for all of them or for none. They raise NotFound for a lead that is
gone, and InvalidInput with the field's name for what makes no sense.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import text

from app.core.calendar import month_number
from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.core.terms import CLOSED, STATUS_LABELS, Status
from app.services import affiliations, lead_fields, lead_rows, meanwhile, stage_gates, steps
from app.services.affiliations import InRole
from app.services.crossings import refuse_crossings
from app.services.lead_fields import Ending, LeadFields, NextStep
from app.services.notes import Notes
from app.services.own_fields import names_of
from app.services.owners import Owner

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead
    from app.models.store import Store


__all__ = ["Ending", "Leads", "NextStep"]


class Leads:
    """Changes the leads of a store. While `strict()` holds no step is finished without something that follows it."""

    def __init__(self, store: "Store", strict: Callable[[], bool] = lambda: False) -> None:
        self._store = store
        self._strict = strict

    def create(self, status: Status = Status.POTENTIAL, **fields: Unpack[LeadFields]) -> int:
        """A new idea or active lead; returns its id. An active one without a stage gets the first."""
        from app.models.schema import Lead

        step = fields.pop("next_step", None)
        title = one_line(fields.get("title", ""))
        idea = status == Status.POTENTIAL
        label = Text("Idea “{title}” created", title=title) if idea else Text("Lead “{title}” created", title=title)
        with self._store.write(label) as session:
            lead = Lead(
                title=title, status=Status.POTENTIAL, currency=self._store.facts.base_currency, amount_minor=0,
                budget="once", info="", remark="", created_at=self._store.clock.now(), user_id=self._store.actor_id,
            )  # fmt: skip
            session.add(lead)
            stage_id = fields.pop("stage_id", None)
            lead_fields.change(session, self._store, [lead], {**fields, "title": title})
            session.flush()
            if step is not None:
                steps.put(session, self._store, lead, None, step)
                session.flush()
            if status == Status.ACTIVE:
                lead_rows.activate(session, self._store, [lead], stage_id, fields.get("activated_on"))
            elif status != Status.POTENTIAL:
                raise InvalidInput(Text("A new lead is an idea or active."), field="status")
            lead_fields.check(lead)
            session.flush()
            return lead.id

    def edit(self, ids: Sequence[int], **fields: Unpack[LeadFields]) -> None:
        """Change fields; those not named stay. A new stage is a move; `next_step=None` removes the open one."""
        self._edit(ids, fields, {})

    def edit_seen(
        self, lead_id: int, seen: Mapping[str, Sequence[Any]], fields: LeadFields, since: int | None = None
    ) -> None:
        """The same for one lead of which somebody had `seen` these lists: what others did to them since stays.

        Raises Crossed for a single value that was changed by a step after `since` as well.
        """
        self._edit([lead_id], fields, seen, since)

    def _edit(
        self, ids: Sequence[int], fields: LeadFields, seen: Mapping[str, Sequence[Any]], since: int | None = None
    ) -> None:
        if not fields:
            return
        words = lead_fields.words(fields, self._own_names(fields.get("own", {})))
        plain = fields.copy()
        stage_id = plain.pop("stage_id", None)
        steps = {"next_step": plain.pop("next_step")} if "next_step" in plain else {}
        one = Text("“{title}” changed: {fields}", fields=words)
        many = Plural(
            "{n} lead changed: {fields}", "{n} leads changed: {fields}", n=len(ids), fields=one.args["fields"]
        )

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            wanted = meanwhile.kept(session.connection(), "lead", ids[0], plain, seen) if seen else plain
            lead_fields.change(session, self._store, leads, wanted)
            for step in steps.values():
                lead_rows.replace_steps(session, self._store, [(lead, step) for lead in leads])
            if stage_id is not None:
                lead_rows.move(session, self._store, leads, stage_id)
            if since is not None:
                lead_fields.check(leads[0])
                refuse_crossings(session, "lead", ids[0], fields, since)

        self._each(ids, one, many, change)

    def activate(
        self,
        ids: Sequence[int],
        stage_id: int | None = None,
        *,
        on: date | None = None,
        next_step: NextStep | None = None,
    ) -> None:
        """Turn ideas into active leads in a stage (the first if none is given), with the step that comes next."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                lead_rows.expect(lead, Status.POTENTIAL, Text("“{title}” is no longer an idea.", title=lead.title))
            if next_step is not None:
                lead_rows.replace_steps(session, self._store, [(lead, next_step) for lead in leads])
            lead_rows.activate(session, self._store, leads, stage_id, on)

        one = Text("“{title}” is an active lead now")
        self._each(ids, one, Plural("{n} idea activated", "{n} ideas activated", n=len(ids)), change)

    def deactivate(self, ids: Sequence[int]) -> None:
        """Put active leads back to *Kontaktpotenzial*."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                lead_rows.expect(lead, Status.ACTIVE, Text("“{title}” is not active.", title=lead.title))
                lead.status, lead.stage_id, lead.activated_on = Status.POTENTIAL, None, None

        one = Text("“{title}” is back in the contact potential")
        many = Plural(
            "{n} lead is back in the contact potential", "{n} leads are back in the contact potential", n=len(ids)
        )
        self._each(ids, one, many, change)

    def move(self, ids: Sequence[int], stage_id: int) -> None:
        """Move active leads to a stage. Raises InvalidInput naming what the stage requires and a lead lacks."""
        names = self._names_for_move(ids, stage_id)
        one = Text("“{title}”: stage {old} → {new}", old=names[0], new=names[1])
        many = Plural("{n} lead moved to {stage}", "{n} leads moved to {stage}", n=len(ids), stage=names[1])

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            lead_rows.move(session, self._store, leads, stage_id)

        self._each(ids, one, many, change)

    def check_off(self, ids: Sequence[int], point_id: int, done: bool = True) -> None:
        """Note that a point of a stage's checklist was seen to, or that it was not after all. Raises NotFound."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                stage_gates.check_off(session, lead, point_id, done, self._store.clock.now(), self._store.actor_id)

        one = Text("Checklist of “{title}”")
        self._each(ids, one, Plural("Checklist of {n} lead", "Checklist of {n} leads", n=len(ids)), change)

    def set_next_step(self, ids: Sequence[int], step: NextStep) -> None:
        """Give each lead this next step; an open one is changed, otherwise a step is added."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            lead_rows.replace_steps(session, self._store, [(lead, step) for lead in leads])

        one = Text("Next step of “{title}”: {day}", day=step.on)
        many = Plural(
            "Next step set for {n} lead: {day}", "Next step set for {n} leads: {day}", n=len(ids), day=step.on
        )
        self._each(ids, one, many, change)

    def finish_step(
        self,
        ids: Sequence[int],
        then: NextStep | Ending | None = None,
        *,
        series: bool = True,
        step_id: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Tick off the next open step (or the one of that id), and set the one after it or close the lead. It was done
        `at` that moment, else now.

        A step that comes again is put down anew for its next day, unless its `series` ends here, as it does with the
        lead. Raises InvalidInput for a lead without such a step, and in strict mode where nothing would follow.
        """

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            done = steps.expected(session, leads, step_id)
            steps.finish(session, self._store, done, series=series and not isinstance(then, Ending), at=at)
            if isinstance(then, Ending):
                lead_rows.close(session, self._store, leads, then)
            elif then is not None:
                for lead in leads:
                    steps.put(session, self._store, lead, None, then)
            if self._strict():
                lead_rows.expect_following(session, leads)

        self._each(ids, *_finishing_words(then, len(ids)), change)

    def clear_next_step(self, ids: Sequence[int]) -> None:
        """Remove the next open step without having done it."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            lead_rows.replace_steps(session, self._store, [(lead, None) for lead in leads])

        one = Text("Next step of “{title}” removed")
        self._each(ids, one, Plural("{n} step removed", "{n} steps removed", n=len(ids)), change)

    def note(self, ids: Sequence[int], words: str) -> None:
        """Write a note on each lead. Raises InvalidInput for an empty one."""
        Notes(self._store).write("note", [Owner("lead", lead) for lead in ids], words)

    def close(
        self, ids: Sequence[int], outcome: Status, *, on: date | None = None, reason: str = "", remark: str = ""
    ) -> None:
        """Close leads as won, lost or dropped on a day (today), with a reason (found by name or made) and a remark.

        Stage, own probability and steps stay as they are, so that `reopen` finds them again.
        """
        ending = Ending(outcome, on, reason, remark)

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            lead_rows.close(session, self._store, leads, ending)

        one, many = _closing_words(outcome, len(ids))
        self._each(ids, one, many, change)

    def reopen(self, ids: Sequence[int]) -> None:
        """Bring closed leads back with the stage and probability they had; an idea comes back as an idea."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                if lead.status not in CLOSED:
                    raise InvalidInput(Text("“{title}” is not closed.", title=lead.title))
                lead.closed_on, lead.reason_id, lead.remark = None, None, ""
            lead_rows.come_back(session, self._store, leads)

        one = Text("“{title}” opened again")
        self._each(ids, one, Plural("{n} lead opened again", "{n} leads opened again", n=len(ids)), change)

    def duplicate(self, ids: Sequence[int]) -> list[int]:
        """Copy leads with tags and people, without steps, notes and history; a closed one becomes active or an idea."""
        made: list[Lead] = []

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            made.extend(lead_rows.copies(session, self._store, leads))

        one = Text("“{title}” duplicated")
        self._each(ids, one, Plural("{n} lead duplicated", "{n} leads duplicated", n=len(ids)), change)
        return [lead.id for lead in made]

    def assign(self, ids: Sequence[int], user_id: int | None) -> None:
        """Make a member responsible, or nobody."""
        self.edit(ids, user_id=user_id)

    def move_period(self, ids: Sequence[int], first: int | None, *, seen: int | None = None) -> None:
        """Let the service periods begin in a month (number), each as long as it was; None takes them away.

        With `seen`, the month in which the leads were taken up, each moves by as many months as lie between that month
        and `first`; of an active lead the months gone by count as the current one. A lead without a period gets the
        month `first` alone. Its value moves along: no sum over all months changes.
        """
        now = month_number(self._store.today())
        day = None if first is None else lead_fields.begin_of(first)

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                period = lead_rows.moved_period(lead, first, seen, now)
                lead_fields.change(session, self._store, [lead], {"period": period})

        self._each(ids, *lead_rows.words_for_moved(day, len(ids), known=seen is None), change)

    def tag(self, ids: Sequence[int], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add and remove tags by name; an unknown one is made."""
        added, gone = tuple(add), {sort_key(name) for name in remove}

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            present = lead_fields.tags_of(session, leads)
            kept = {lead.id: [name for name in present[lead.id] if sort_key(name) not in gone] for lead in leads}
            lead_fields.set_tags(session, self._store, [(lead, (*kept[lead.id], *added)) for lead in leads])

        one = Text("Tags of “{title}” changed")
        self._each(ids, one, Plural("Tags of {n} lead changed", "Tags of {n} leads changed", n=len(ids)), change)

    def set_people(self, ids: Sequence[int], people: Iterable[InRole]) -> None:
        """Let exactly these people, beside its contact, have a say in each lead: who (by id or name) and as what."""
        wanted = tuple(people)

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            affiliations.set_people_of_leads(session, self._store, leads, wanted)

        one = Text("People of “{title}” changed")
        self._each(ids, one, Plural("People of {n} lead changed", "People of {n} leads changed", n=len(ids)), change)

    def delete(self, ids: Sequence[int]) -> None:
        """Put leads into the trash, from where they come back for 30 days."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                lead.deleted_at = self._store.clock.now()

        one = Text("“{title}” deleted")
        self._each(ids, one, Plural("{n} lead deleted", "{n} leads deleted", n=len(ids)), change)

    def restore(self, ids: Sequence[int]) -> None:
        """Bring leads back from the trash with all that hangs on them."""

        def change(session: "Session", leads: Sequence["Lead"]) -> None:
            for lead in leads:
                lead.deleted_at = None

        one = Text("“{title}” restored")
        many = Plural("{n} lead restored", "{n} leads restored", n=len(ids))
        self._each(ids, one, many, change, trashed=True)

    def _each(
        self,
        ids: Sequence[int],
        one: Text,
        many: Plural,
        change: Callable[["Session", Sequence["Lead"]], None],
        *,
        trashed: bool = False,
    ) -> None:
        """One write over all leads; `one` gets the title of a single lead."""
        ids = list(dict.fromkeys(ids))
        if not ids:
            return
        with self._store.write(self._label(ids, one, many)) as session:
            leads = lead_rows.load(session, ids, trashed=trashed)
            change(session, leads)
            for lead in leads:
                lead_fields.check(lead)

    def _label(self, ids: Sequence[int], one: Text, many: Plural) -> Text:
        if len(ids) != 1:
            return Plural(many.message, many.plural, **{**many.args, "n": len(ids)})
        with self._store.read() as connection:
            row = connection.execute(text(_TITLE), {"id": ids[0]}).first()
        return Text(one.message, **one.args, title=row[0] if row else "")

    def _own_names(self, own: Collection[int]) -> list[str]:
        with self._store.read() as connection:
            return names_of(connection, own)

    def _names_for_move(self, ids: Sequence[int], stage_id: int) -> tuple[str, str]:
        with self._store.read() as connection:
            old = connection.execute(text(_STAGE_OF), {"id": ids[0] if ids else 0}).scalar()
            new = connection.execute(text("SELECT name FROM stage WHERE id = :id"), {"id": stage_id}).scalar()
        return old or "", new or ""


_TITLE = "SELECT title FROM lead WHERE id = :id UNION ALL SELECT title FROM trashed_lead WHERE id = :id"
_STAGE_OF = "SELECT stage.name FROM lead JOIN stage ON stage.id = lead.stage_id WHERE lead.id = :id"


def _finishing_words(then: NextStep | Ending | None, n: int) -> tuple[Text, Plural]:
    if not isinstance(then, Ending):
        return Text("Step of “{title}” finished"), Plural("{n} step finished", "{n} steps finished", n=n)
    outcome = Text(STATUS_LABELS[then.outcome])
    many = Plural(
        "{n} step finished, lead closed: {outcome}", "{n} steps finished, leads closed: {outcome}", n=n, outcome=outcome
    )
    return Text("Step of “{title}” finished, lead closed: {outcome}", outcome=outcome), many


def _closing_words(outcome: Status, n: int) -> tuple[Text, Plural]:
    if outcome == Status.WON:
        return Text("“{title}” won"), Plural("{n} lead won", "{n} leads won", n=n)
    if outcome == Status.LOST:
        return Text("“{title}” lost"), Plural("{n} lead lost", "{n} leads lost", n=n)
    return Text("“{title}” dropped"), Plural("{n} lead dropped", "{n} leads dropped", n=n)
