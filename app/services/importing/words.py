"""The words of other programs for states and kinds of budget."""

import re

from app.core.folding import search_key
from app.core.terms import Budget, Status

_STATES = {
    Status.WON: """
        won; gewonnen; closed won; closedwon; won deal; deal won; abgeschlossen gewonnen; geschlossen gewonnen;
        geschlossen und gewonnen; beauftragt; auftrag; auftrag erhalten; erfolgreich; success; signed""",
    Status.LOST: """
        lost; verloren; closed lost; closedlost; deal lost; abgeschlossen verloren; geschlossen verloren;
        geschlossen und verloren; abgelehnt; rejected; declined; failed""",
    Status.DROPPED: """
        dropped; abgesagt; cancelled; canceled; abandoned; storniert; aufgegeben; zurückgezogen; withdrawn;
        disqualified; disqualifiziert; no decision; nicht verfolgt; abgebrochen""",
    Status.ACTIVE: """
        active; aktiv; open; offen; engaging; engaged; in progress; in bearbeitung; laufend; laufende; pending;
        ongoing; qualified; working""",
    Status.POTENTIAL: """
        potential; contact potential; kontaktpotenzial; kontaktpotential; potenzial; prospecting; prospect; idea; idee;
        interessent; new; neu""",
}
#: Words that name a state only in a column of states; in a column of stages they are stages.
_ONLY_STATES = frozenset({"qualified", "working", "new", "neu", "potential", "interessent", "signed", "auftrag"})

_BUDGETS = {
    Budget.ONCE: "once; einmalig; einmal; one off; one time; single; fix; fixed; festpreis; pauschal",
    Budget.MONTHLY: "monthly; monatlich; monat; month; pro monat; per month; mtl; retainer; recurring; laufend",
}


def folded(word: str) -> str:
    """A word as it is compared: lower case, without accents and signs."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(word)).split())


_STATE_OF = {folded(word): state for state, words in _STATES.items() for word in words.split(";")}
_BUDGET_OF = {folded(word): budget for budget, words in _BUDGETS.items() for word in words.split(";")}


def status_of(word: str) -> Status | None:
    """The state a word means in a column of states."""
    return _STATE_OF.get(folded(word))


def status_among_stages(word: str) -> Status | None:
    """The state a word means in a column that mixes states and stages: Closed Won, Prospecting."""
    return None if folded(word) in _ONLY_STATES else _STATE_OF.get(folded(word))


def budget_of(word: str) -> Budget | None:
    """The kind of budget a word means."""
    return _BUDGET_OF.get(folded(word))


#: Half percents that well-known pipelines give their stages, for files that name stages without a probability.
_USUAL = {
    folded(word): halves
    for words, halves in (
        ("erstkontakt; first contact", 2),
        ("new; neu; lead; qualification; qualifizierung; qualified; contact made; vorstellung; presentation", 20),
        ("needs analysis; bedarfsanalyse; discovery; appointment scheduled; appointmentscheduled", 40),
        ("demo scheduled; value proposition; qualified to buy; qualifiedtobuy", 60),
        ("angebot; offer", 60),
        ("perception analysis; proposal made; id decision makers; identify decision makers", 100),
        ("verhandlungen; verhandlung; presentation scheduled; presentationscheduled; negotiations started", 120),
        ("proposal; proposal price quote; proposition; decision maker bought in; decisionmakerboughtin", 150),
        ("negotiation; negotiation review; negotiations; contract sent; contractsent", 180),
        ("mündliche zusage; verbal commitment", 180),
    )
    for word in words.split(";")
}


def usual_probability(stage: str) -> int:
    """Half percents for a stage of which only the name is known; 50 % where the name says nothing."""
    return _USUAL.get(folded(stage), 100)


_CREATION = frozenset(
    folded(name).replace(" ", "")
    for name in (
        "Created Date", "CreatedDate", "Create Date", "Created Time", "Created On", "Created at", "Erstelldatum",
        "Erstellt am", "Angelegt am", "Anlagedatum", "Deal - Deal erstellt", "Deal - Deal created",
        "Deal - Creation date",
    )
)  # fmt: skip


def is_creation(header: str) -> bool:
    """Whether a column tells when the row was recorded in the other program, not when the lead became active."""
    return folded(header).replace(" ", "") in _CREATION
