"""What can be read of the team, of how the store began, and by which everybody may choose a customer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.roles import Role
from app.services import filter_names, setup
from app.services.filter_fields import Op
from app.services.quick_add import QuickAdd
from app.services.record_filter import AnyOf, Condition
from app.services.team import Team
from tests.services.sight.asker import Asker
from tests.services.sight.reading import Question


def _colleagues(asker: Asker) -> Any:
    """Without the roles: who asks has another one in the other store."""
    return [replace(each, role=Role.READER) for counted in (False, True) for each in Team(asker.store).people(counted)]


TEAM: Mapping[str, Question] = {
    "team.Team.people": _colleagues,
    "team.Team.one": lambda a: a.each(lambda i: replace(Team(a.store).one(i), role=Role.READER), a.ids["member"]),
    "team.Team.photo": lambda a: a.each(Team(a.store).photo, a.ids["member"]),
    "team.Team.is_password": lambda a: a.each(lambda i: Team(a.store).is_password(i, "x"), a.ids["member"]),
    "team.Team.absences": lambda a: a.each(Team(a.store).absences, a.ids["member"]),
    "team.Team.weeks": lambda a: a.each(Team(a.store).weeks, a.ids["member"]),
    "setup.name_with_password": lambda a: setup.name_with_password(a.store),
    "setup.several": lambda a: setup.several(a.store),
    "backup.Backups.list": lambda a: a.office.backups.list(),
    "backup.Backups.last": lambda a: a.office.backups.last(),
    "history.History.why_not": lambda a: a.office.history.why_not("undo"),
}


def _of_filters(asker: Asker) -> Any:
    found = []
    for field, table in (("company", "company"), ("contact", "person"), ("responsible", "member")):
        tree = AnyOf(tuple(Condition(field, Op.IS, (row_id,)) for row_id in asker.ids[table]))
        name = filter_names.by_name(asker.store, tree)
        found.append((filter_names.names_of(asker.store, tree), [name(field, row_id) for row_id in asker.ids[table]]))
    return found


def _living(asker: Asker, company: int) -> Any:
    tree, gone = asker.office.views.living(Condition("company", Op.IS, (company,)))
    return filter_names.names_of(asker.store, tree), gone


#: By these one chooses a company or a person: the names of all are told, and of what is not seen nothing else.
NAMES: Mapping[str, Question] = {
    "catalogue.Catalogue.complete": lambda a: [
        a.office.catalogue.complete(kind, word, 500)
        for kind in ("company", "person")
        for word in (*a.words, "a", "gmbh")
    ],
    "somebody.Somebodies.find": lambda a: [a.office.somebodies.find(word, limit=500) for word in (*a.words, "a")],
    "somebody.Somebodies.called": lambda a: [a.office.somebodies.called(name) for name in a.known.names],
    "quick_add.QuickAdd.understand": lambda a: a.each(
        QuickAdd(a.store).understand, ["Neu @BR 25k #Stamm /Angebot", *(f"Neu {name}" for name in a.known.names)]
    ),
    # a filter asks for somebody who was chosen so
    "filter_names.names_of": _of_filters,
    "filter_names.by_name": _of_filters,
    "saved_views.SavedViews.living": lambda a: [_living(a, row_id) for row_id in a.ids["company"]],
}
