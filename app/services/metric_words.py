"""What the figures of the program are called, and in what words it is said how they are reckoned."""

from dataclasses import dataclass

from app.core.i18n import N_, Text

#: How long a lead is young, in days.
YOUNG_DAYS = 30


@dataclass(frozen=True)
class Metric:
    """What a figure is called and how it is reckoned, in the words of the trade."""

    key: str
    label: Text
    definition: Text


_DEFINITIONS = (
    ("weighted", N_("Weighted volume"),
     N_("The sum of all active leads, each at its volume times its probability, rounded to the cent per lead. "
        "Leads without an exchange rate are in no sum.")),
    ("secured", N_("Secured"),
     N_("Won leads at their full volume, in the months of their service period that lie in this calendar year; without "
        "a service period in the month of closing.")),
    ("goal", N_("Revenue goal"),
     N_("Attainment: secured ÷ goal. Gap: goal − (secured + weighted). Coverage: open leads at full volume ÷ (goal − "
        "secured); none where the goal is reached. Counted are the months of the calendar year that have a goal.")),
    ("month", N_("Revenue by month"),
     N_("Won leads at their full volume and active leads at their volume times their probability, in the months of "
        "their service period: in equal parts rounded down to the cent, the rest in the last month. What an open lead "
        "had in months gone by counts in the current month.")),
    ("beside", N_("Beside the months"),
     N_("The part of the leads that lies before or after the months shown, or that has no service period.")),
    ("omitted", N_("Omitted"),
     N_("Active leads whose forecast category is “Omitted”. They are left out of every month and stand here, so that "
        "all lines together are the sum of all leads.")),
    ("total", N_("Total"),
     N_("All won leads and all active leads, whatever their months: the sum of the lines before, within and after the "
        "months shown, without a service period and omitted.")),
    ("part", N_("Split"),
     N_("The part of the leads that are in this stage or category, or belong to this person, source or company. Leads "
        "that were won are a part of their own where it is about stages or categories. All parts together are the "
        "whole, to the cent.")),
    ("recommenders", N_("Best recommenders"),
     N_("Companies and people who recommended you, those through whom most was won first. Counted are all leads that "
        "name them, of whatever day; open are active leads and ideas, at their full volume. Leads without an exchange "
        "rate are in no sum.")),
    ("funnel", N_("Funnel"),
     N_("Leads by the day of their activation, each counted once, also those that were lost since. “All stages”: "
        "whoever came further has passed the stages before. “Touched only”: stages that were really entered.")),
    ("closed_rate", N_("Win rate"),
     N_("Won leads divided by won and lost leads, by closing date, in the period shown.")),
    ("closed_value", N_("Win rate by value"),
     N_("The volume of won leads divided by the volume of won and lost leads, by closing date, in the period shown. "
        "Leads without an exchange rate are in no sum.")),
    ("closed_won", N_("Won"), N_("The volume of the leads won in the period shown, at the rate of their closing day.")),
    ("closed_cycle", N_("Sales cycle"),
     N_("Days from activation to closing of all leads closed in the period shown: mean and median.")),
    ("open", N_("Open leads"), N_("All active leads, at their full volume. Contact potential is not counted.")),
    ("win_rate", N_("Win rate"),
     N_("Won leads divided by won and lost leads, by closing date, last 12 months. "
        "The interval says where the true rate lies with 95% certainty (Wilson).")),
    ("win_rate_value", N_("Win rate by value"),
     N_("The volume of won leads divided by the volume of won and lost leads, by closing date, last 12 months.")),
    ("win_rate_dropped", N_("Win rate with dropped leads"),
     N_("Won leads divided by won, lost and dropped leads, by closing date, last 12 months.")),
    ("cycle", N_("Sales cycle"),
     N_("Days from activation to closing of all leads closed in the last 12 months: mean and median.")),
    ("velocity", N_("Sales velocity"),
     N_("Open leads × mean value of a won lead × win rate ÷ mean cycle of won leads: "
        "what the funnel earns per day at the pace of the last 12 months.")),
    ("young", N_("Young leads"), N_("Active leads that were activated in the last {days} days, today included.")),
    ("ages", N_("Age of the leads"), N_("Active leads by days since their activation: number and weighted volume.")),
    ("idle", N_("Idle leads"),
     N_("Active leads without an open step today or later, and untouched for longer than their stage allows.")),
)  # fmt: skip

#: What every figure of the program is called and how it is reckoned, by its key; those of `Figures` among them.
METRICS = {
    key: Metric(key, Text(label), Text(definition, days=YOUNG_DAYS) if "{days}" in definition else Text(definition))
    for key, label, definition in _DEFINITIONS
}
