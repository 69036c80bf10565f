"""How the facts of a lead are worded and coloured, in every list and in the detail panel alike; and what happened."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.calendar import first_day, last_day
from app.core.changes import ChangeSet
from app.core.i18n import ntr, tr
from app.core.money import Money
from app.core.terms import CATEGORY_LABELS, STATUS_LABELS, Budget, Status
from app.ui.tables.columns import Figure, Tone

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.services.lead_list import LeadRow
    from app.services.office import Office
    from app.services.rhythm import Rhythm
    from app.services.stages import StageInfo
    from app.services.team import Colleague
    from app.ui.bridge import FeedBridge
    from app.ui.theme import Theme


_YEAR = 365


class Wording(QObject):
    """Words and colours for the rows of a store. One for all views of a window, made before them: it hears first.

    Of stages and theme it hears by itself, of the day by `refresh`. `changed` comes after theme and day: what else
    changes the words changes rows too, and of those every view hears anyway.
    """

    changed = Signal()

    def __init__(self, office: "Office", formats: "Formats", theme: "Theme", bridge: "FeedBridge") -> None:
        super().__init__(bridge)
        self._office = office
        self._formats = formats
        self._theme = theme
        self._away: dict[int, str] | None = None
        self._names: dict[int, str] = {}
        self._read()
        bridge.changed.connect(self._on_change)
        theme.changed.connect(self._on_theme)

    def refresh(self) -> None:
        """The day turned, or somebody asks for everything anew."""
        self._read()
        self.changed.emit()

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("stage", "store_setting"):
            self._read()
        if change.concerns("member", "absence"):
            self._away = None

    def _on_theme(self) -> None:
        self._colour()
        self.changed.emit()

    def _read(self) -> None:
        self._away = None
        self.stages: list[StageInfo] = self._office.stages.all()
        self.today: date = self._office.store.today()
        self._base = self._office.store.facts.base_currency
        self._colour()

    def _colour(self) -> None:
        ramp = self._theme.ramp(len(self.stages))
        self._colours = {stage.id: stage.colour or ramp[i] for i, stage in enumerate(self.stages)}

    def stage_colour(self, stage_id: int | None) -> str:
        """The colour of a stage as '#RRGGBB'; empty for none."""
        return self._colours.get(stage_id or 0, "")

    def stage(self, row: "LeadRow") -> str:
        """Stage and probability: Angebot · 30 %."""
        if row.stage is None:
            return ""
        if row.probability is None:
            return row.stage
        return f"{row.stage} · {self._formats.percent(row.probability)}"

    def probability(self, row: "LeadRow") -> str:
        """The probability in effect; empty for none."""
        return "" if row.probability is None else self._formats.percent(row.probability)

    def category(self, row: "LeadRow") -> str:
        """What the lead counts as in the forecast; empty for one that is closed."""
        return "" if row.category is None else tr(CATEGORY_LABELS[row.category])

    def category_tip(self, row: "LeadRow") -> str:
        """Where it comes from."""
        if row.category is None:
            return ""
        return tr("Chosen by hand") if row.own_category else tr("As its stage says")

    def volume(self, row: "LeadRow") -> str:
        """The amount as entered; a monthly one says so, and of an idea nobody knows it yet."""
        if not row.amount.minor and row.status == Status.POTENTIAL:
            return ""
        return self._per_month(row, self._formats.amount(row.amount))

    def volume_short(self, row: "LeadRow") -> tuple[str, ...]:
        """The amount in whole units, then in thousands or millions, then without its currency."""
        formats, amount = self._formats, row.amount
        return tuple(
            self._per_month(row, words)
            for words in (formats.whole(amount), formats.brief(amount), formats.brief(amount, bare=True))
        )

    def _per_month(self, row: "LeadRow", amount: str) -> str:
        return tr("{amount} / mo.", amount=amount) if row.budget == Budget.MONTHLY else amount

    def figure(self, minor: int) -> Figure:
        """An amount in the base currency as spreadsheets read it."""
        value = Money(minor, self._base).decimal
        return Figure(self._formats.plain(value), value)

    def copied(self, minor: int | None) -> str | Figure:
        """The same; without a rate that is said."""
        return tr("no rate") if minor is None else self.figure(minor)

    def copied_volume(self, row: "LeadRow") -> str | Figure:
        """The amount as entered: a figure where it can be added to others, else with its currency or per month."""
        plain = row.amount.currency == self._base and row.budget == Budget.ONCE
        return self.copied(row.amount.minor) if plain and self.volume(row) else self.volume(row)

    def copied_number(self, n: int | None) -> str | Figure:
        """A number; empty for none."""
        return "" if n is None else Figure(str(n), Decimal(n))

    def copied_percent(self, row: "LeadRow") -> str | Figure:
        """The probability in effect."""
        halves = row.probability
        return "" if halves is None else Figure(self._formats.percent(halves), Decimal(halves) / 200)

    def base(self, minor: int | None) -> str:
        """An amount in the base currency; without a rate that is said."""
        return tr("no rate") if minor is None else self._formats.amount(Money(minor, self._base))

    def exact(self, minor: int) -> str:
        """An amount in the base currency with its cents, whatever they are: it stands above a sum of such amounts."""
        return self._formats.money(Money(minor, self._base))

    def sum(self, minor: int | None) -> str:
        """A sum in the base currency, in whole units; without a rate that is said."""
        return tr("no rate") if minor is None else self._formats.whole(Money(minor, self._base))

    def base_short(self, minor: int | None) -> tuple[str, ...]:
        """The same in whole units, then in thousands or millions, then without its currency."""
        if minor is None:
            return (self.sum(minor),)
        formats, amount = self._formats, Money(minor, self._base)
        return formats.whole(amount), formats.brief(amount), formats.brief(amount, bare=True)

    def sum_short(self, minor: int) -> tuple[str, str]:
        """A sum in whole units, then in thousands or millions."""
        amount = Money(minor, self._base)
        return self._formats.whole(amount), self._formats.brief(amount)

    def period(self, row: "LeadRow") -> str:
        """Service period: Jan–Apr 27; empty for none."""
        if row.period_first is None or row.period_last is None:
            return ""
        return self._formats.period(row.period_first, row.period_last)

    def period_begin(self, row: "LeadRow") -> str:
        """Its first day; empty for none."""
        return "" if row.period_first is None else self._formats.day(first_day(row.period_first))

    def period_end(self, row: "LeadRow") -> str:
        """Its last day; empty for none."""
        return "" if row.period_last is None else self._formats.day(last_day(row.period_last))

    def step(self, row: "LeadRow") -> str:
        """When the next step is due."""
        return "" if row.next_step_on is None else self.due(row.next_step_on, row.next_step_time)

    def step_short(self, row: "LeadRow") -> tuple[str, ...]:
        """The same without the time of day, then in years."""
        return ("",) if row.next_step_on is None else self.due_short(row.next_step_on)

    def due(self, on: date, time: int | None = None) -> str:
        """When a step is due: overdue 3 d, today 14:00, 25.11."""
        late = (self.today - on).days
        if late > 0:
            return tr("overdue {days}", days=self._formats.days(late))
        day = self._formats.day_short(on, self.today) if late else tr("today")
        return day if time is None else f"{day} {self._formats.time(time)}"

    def due_short(self, on: date) -> tuple[str, ...]:
        """The same without the time of day, then in years."""
        late = (self.today - on).days
        return (self.due(on), tr("overdue {days}", days=self._formats.years(late)))[: 1 + (late > _YEAR)]

    def step_tone(self, row: "LeadRow") -> Tone | None:
        """Red for overdue, amber for today; only where the lead still runs."""
        if row.next_step_on is None or row.status not in (Status.ACTIVE, Status.POTENTIAL):
            return None
        if row.next_step_on < self.today:
            return Tone.LOST
        return Tone.WARNING if row.next_step_on == self.today else None

    def age(self, row: "LeadRow") -> str:
        """Days since activation."""
        return "" if row.activated_on is None else self._formats.days((self.today - row.activated_on).days)

    def copied_age(self, row: "LeadRow") -> str | Figure:
        """The same as a number."""
        return self.copied_number(None if row.activated_on is None else (self.today - row.activated_on).days)

    def age_short(self, row: "LeadRow") -> tuple[str, ...]:
        """The same in years."""
        return ("" if row.activated_on is None else self._formats.years((self.today - row.activated_on).days),)

    def age_tone(self, row: "LeadRow") -> Tone | None:
        """Red for an idle lead."""
        return Tone.LOST if row.idle else None

    def age_tip(self, row: "LeadRow") -> str:
        """What the colour of the age says, in words."""
        if not row.idle:
            return ""
        return tr("Nothing has happened for longer than the stage allows, and no step is planned.")

    def born(self, birthday: date | None) -> str:
        """A birthday as it is written; one of which nobody knows the year is without it. Empty for none."""
        return "" if birthday is None else self._formats.birthday(birthday)

    def day(self, day: date | None) -> str:
        """A day in full; empty for none."""
        return "" if day is None else self._formats.day(day)

    def cycle(self, row: "LeadRow") -> str:
        """Days from activation to closing."""
        if row.activated_on is None or row.closed_on is None:
            return ""
        return self._formats.days((row.closed_on - row.activated_on).days)

    def copied_cycle(self, row: "LeadRow") -> str | Figure:
        """The same as a number."""
        if row.activated_on is None or row.closed_on is None:
            return ""
        return self.copied_number((row.closed_on - row.activated_on).days)

    def away(self, member: int | None) -> str:
        """That somebody of the team is away today, until when, and who stands in; empty for who is there."""
        if self._away is None:
            people = self._office.team.people()
            self._names = {each.id: each.name for each in people}
            self._away = {each.id: self._away_words(each, self._names) for each in people if each.away is not None}
        return self._away.get(member or 0, "")

    def happened(self, change: ChangeSet) -> str:
        """What a change did, and who did it where that was somebody else."""
        store, actor = self._office.store, change.actor_id
        if not store.shared or actor in (None, store.actor_id):
            return happened(change)
        self.away(actor)
        name = self._names.get(actor or 0)
        return tr("{name}: {what}", name=name, what=happened(change)) if name else happened(change)

    def _away_words(self, who: "Colleague", names: dict[int, str]) -> str:
        assert who.away is not None
        until = self._formats.day_short(who.away.last, self.today)
        words = tr("away half days until {day}", day=until) if who.away.half else tr("away until {day}", day=until)
        deputy = names.get(who.away.deputy_id or who.deputy_id or 0)
        return tr("{away}, deputy: {name}", away=words, name=deputy) if deputy else words

    def outcome(self, row: "LeadRow") -> str:
        """Won, lost or dropped."""
        return tr(STATUS_LABELS[row.status])

    def outcome_tone(self, row: "LeadRow") -> Tone | None:
        """Green for won, red for lost."""
        return {Status.WON: Tone.WON, Status.LOST: Tone.LOST}.get(row.status)


def happened(change: ChangeSet) -> str:
    """What a change did, or that it was taken back or done again."""
    return {
        "do": str(change.label),
        "undo": tr("Undone: {what}", what=change.label),
        "redo": tr("Done again: {what}", what=change.label),
    }[change.kind]


def rhythm_words(rhythm: "Rhythm", formats: "Formats", today: date) -> tuple[str, str]:
    """How often to keep in touch, and until when or since when it is time."""
    number = formats.number
    often = ntr("every {n} day, at the latest after {latest}", "every {n} days, at the latest after {latest}",
                rhythm.target, latest=number(rhythm.latest))  # fmt: skip
    if rhythm.tag:
        often = tr("{often} (tag “{tag}”)", often=often, tag=rhythm.tag)
    due, late = formats.day(rhythm.due_on()), formats.day(rhythm.late_on())
    match rhythm.state(today):
        case "overdue":
            return often, tr("too late since {day}", day=late)
        case "due":
            return often, tr("due since {day}, too late from {late} on", day=due, late=late)
    return often, tr("next contact by {day}", day=due)
