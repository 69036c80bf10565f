"""The verbs of what all work with, of people, and of how each works."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.core.money import Money
from app.core.roles import Role
from app.core.terms import Entity
from app.models.store import Store
from app.services.absences import AbsenceKind
from app.services.catalogue import Catalogue
from app.services.goals import Goals, GoalSpan
from app.services.importing.run import Importer
from app.services.notice_choice import NoticeChoices
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.rates import Rates
from app.services.saved_views import SavedViews
from app.services.stages import Stages
from app.services.team import Team
from app.services.trash import Trash
from tests.services.access.rules import (
    ANYBODY,
    AWAY,
    CUSTOMERS,
    DEPUTISED,
    ERASE,
    HABITS,
    LISTS,
    OTHERS,
    OWN,
    PEOPLE,
    PRIVATE,
    PROFILE,
    ROLES,
    Rule,
    Whose,
)
from tests.services.access.verbs import Act, Verb
from tests.services.access.world import ANNA, RITA, ZOE, World
from tests.stores import TODAY

_OF_PEOPLE: tuple[Whose, ...] = (OWN, DEPUTISED, OTHERS)
_PHOTO = b"\xff\xd8\xff\x01"
_FIELDS = (
    ("create", lambda f, w: f.create(Entity.LEAD, OwnKind.TEXT, "Neu")),
    ("edit", lambda f, w: f.edit(w.fields["lead"], name="Neu")),
    ("reorder", lambda f, w: f.reorder(Entity.LEAD, [w.fields[name] for name in ("choice", "day", "lead")])),
    ("delete", lambda f, w: f.delete(w.fields["lead"])),
    ("restore", lambda f, w: f.restore(w.fields["gone"])),
    ("add_option", lambda f, w: f.add_option(w.fields["choice"], "blau")),
    ("rename_option", lambda f, w: f.rename_option(w.option, "blau")),
    ("reorder_options", lambda f, w: f.reorder_options(w.fields["choice"], [w.option2, w.option])),
    ("delete_option", lambda f, w: f.delete_option(w.option)),
    ("set_birthday", lambda f, w: f.set_birthday(True, 3)),
)
_STAGES = (
    ("create", lambda s, w: s.create("Neu", 10)), ("edit", lambda s, w: s.edit(1, name="Neu")),
    ("edit", lambda s, w: s.edit(3, required=["company"], checklist=["Zu tun"])),
    ("reorder", lambda s, w: s.reorder([2, 1, 3, 4, 5])), ("delete", lambda s, w: s.delete(1, 2)),
)  # fmt: skip
_MONEY = (
    ("goals", "Goals.set", lambda s, w: Goals(s).set(GoalSpan.MONTH, 24_320, Money(5, "EUR"))),
    ("goals", "Goals.set", lambda s, w: Goals(s).set(GoalSpan.MONTH, 24_320, Money(5, "EUR"), s.actor_id)),
    ("goals", "Goals.edit", lambda s, w: Goals(s).edit(w.goal, amount=Money(7, "EUR"))),
    ("goals", "Goals.remove", lambda s, w: Goals(s).remove(w.goal)),
    ("rates", "Rates.set", lambda s, w: Rates(s).set("USD", TODAY, "0.9")),
    ("rates", "Rates.delete", lambda s, w: Rates(s).delete(w.rate)),
    ("rates", "Rates.set_base_currency", lambda s, w: Rates(s).set_base_currency("CHF")),
)
_CATALOGUE = (
    ("create", LISTS, lambda c, w: c.create("source", "Neu")),
    ("create", LISTS, lambda c, w: c.create("reason", "Neu")),
    ("create", ANYBODY, lambda c, w: c.create("tag", "Neu")),
    ("create", ANYBODY, lambda c, w: c.create("company", "Neu")),
    ("create", ANYBODY, lambda c, w: c.create("person", "Nele Neu")),
    ("create", PEOPLE, lambda c, w: c.create("member", "Nele Neu")),
    ("rename", LISTS, lambda c, w: c.rename("source", w.source, "Neu")),
    ("rename", LISTS, lambda c, w: c.rename("reason", w.reason, "Neu")),
    ("rename", LISTS, lambda c, w: c.rename("tag", w.tag, "Neu")),
    ("set_rhythm", LISTS, lambda c, w: c.set_rhythm(w.tag, 30)),
    ("reorder", LISTS, lambda c, w: c.reorder("source", [w.source2, w.source])),
    ("delete", LISTS, lambda c, w: c.delete("source", w.source)),
    ("delete", LISTS, lambda c, w: c.delete("tag", w.tag)),
    ("delete", LISTS, lambda c, w: c.delete("reason", w.reason)),
)  # fmt: skip


def _lists() -> Iterator[Verb]:
    for number, (name, act) in enumerate(_FIELDS):
        yield Verb("own_fields", f"OwnFields.{name}", LISTS, _doing(OwnFields, act), how=str(number))
    for number, (name, act) in enumerate(_STAGES):
        yield Verb("stages", f"Stages.{name}", LISTS, _doing(Stages, act), how=str(number))
    for number, (name, rule, act) in enumerate(_CATALOGUE):
        back = rule is not ANYBODY  # a customer of nobody is not seen by who takes it back
        yield Verb("catalogue", f"Catalogue.{name}", rule, _doing(Catalogue, act), how=str(number), back=back)
    for number, (module, name, act) in enumerate(_MONEY):
        yield Verb(module, name, LISTS, _doing(lambda store: store, act), how=str(number))


def _doing(service: Any, act: Any) -> Act:
    return lambda store, world, ids: act(service(store), world)


def _member(module: str, name: str, rule: Rule, act: Act, how: str = "", which: str = "member") -> Verb:
    return Verb(module, name, rule, act, which, how=how, whose=_OF_PEOPLE)


def _view(name: str, act: Any) -> Iterator[Verb]:
    """Of one's own, of somebody else, of all."""
    yield Verb("saved_views", f"SavedViews.{name}", PRIVATE, lambda s, w, ids: act(SavedViews(s), ids[0]), "view",
               whose=_OF_PEOPLE)  # fmt: skip
    yield Verb("saved_views", f"SavedViews.{name}", LISTS, lambda s, w, ids: act(SavedViews(s), w.shared_view),
               how="of all")  # fmt: skip


def _share(shared: bool, store: Store, world: World, ids: list[int]) -> None:
    assert store.actor_id is not None
    view = world.of(store.actor_id, "view") if shared else world.shared_view
    SavedViews(store).share(view, shared=shared)


def _reorder(store: Store, world: World, ids: list[int]) -> None:
    SavedViews(store).reorder("leads", [view.id for view in reversed(SavedViews(store).all("leads"))])


def _reorder_own(store: Store, world: World, ids: list[int]) -> None:
    SavedViews(store).reorder("people", [view.id for view in reversed(SavedViews(store).all("people"))])


def _import(store: Store, world: World, ids: list[int]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("Titel;Status\nNeu;Aktiv\n", encoding="utf-8")
        Importer(store).run(path)


def _away(store: Store, world: World, ids: list[int]) -> None:
    Team(store).add_absence(ids[0], date(2027, 3, 1), date(2027, 3, 5), AbsenceKind.HOLIDAY)


def _change_away(store: Store, world: World, ids: list[int]) -> None:
    Team(store).change_absence(ids[0], date(2027, 3, 1), date(2027, 3, 5), AbsenceKind.SICK)


LIST_VERBS: tuple[Verb, ...] = (
    *_lists(),
    Verb("importing.run", "Importer.run", CUSTOMERS, _import),
    Verb("trash", "Trash.empty", ERASE, lambda s, w, ids: Trash(s).empty(), back=False),
    *_view("rename", lambda views, id_: views.rename(id_, "Neu")),
    *_view("overwrite", lambda views, id_: views.overwrite(id_, {"text": "neu"})),
    *_view("delete", lambda views, id_: views.delete(id_)),
    Verb("saved_views", "SavedViews.create", HABITS,
         lambda s, w, ids: SavedViews(s).create("leads", "Neu", {})),
    Verb("saved_views", "SavedViews.create", LISTS,
         lambda s, w, ids: SavedViews(s).create("leads", "Neu", {}, shared=True), how="for all"),
    Verb("saved_views", "SavedViews.share", LISTS, partial(_share, True)),
    Verb("saved_views", "SavedViews.share", LISTS, partial(_share, False), how="no longer"),
    Verb("saved_views", "SavedViews.reorder", LISTS, _reorder, how="also of all"),
    Verb("saved_views", "SavedViews.reorder", HABITS, _reorder_own),
    _member("notice_choice", "NoticeChoices.set_time", PROFILE,
            lambda s, w, ids: NoticeChoices(s).set_time(ids[0], 60)),
    _member("notice_choice", "NoticeChoices.set_together", PROFILE,
            lambda s, w, ids: NoticeChoices(s).set_together(ids[0], False)),
    _member("notice_choice", "NoticeChoices.choose", PROFILE,
            lambda s, w, ids: NoticeChoices(s).choose(ids[0], w.fields["day"], True)),
    _member("catalogue", "Catalogue.rename", PEOPLE,
            lambda s, w, ids: Catalogue(s).rename("member", ids[0], f"Neu {ids[0]}")),
    _member("catalogue", "Catalogue.set_initials", PEOPLE, lambda s, w, ids: Catalogue(s).set_initials(ids[0], "XX")),
    Verb("catalogue", "Catalogue.delete", ROLES, lambda s, w, ids: Catalogue(s).delete("member", ZOE), how="member"),
    Verb("team", "Team.add", PEOPLE, lambda s, w, ids: Team(s).add("Nele Neu")),
    Verb("team", "Team.add", ROLES, lambda s, w, ids: Team(s).add("Nele Neu", Role.OWNER), how="an owner"),
    Verb("team", "Team.set_role", ROLES, lambda s, w, ids: Team(s).set_role(ZOE, Role.OWNER)),
    _member("team", "Team.set_email", PROFILE, lambda s, w, ids: Team(s).set_email(ids[0], "neu@example.com")),
    _member("team", "Team.set_photo", PROFILE, lambda s, w, ids: Team(s).set_photo(ids[0], _PHOTO)),
    _member("team", "Team.set_deputy", PROFILE,
            lambda s, w, ids: Team(s).set_deputy(ids[0], RITA if ids[0] == ANNA else ANNA)),
    _member("team", "Team.set_week", PEOPLE, lambda s, w, ids: Team(s).set_week(ids[0], date(2027, 1, 4), [60] * 7)),
    _member("team", "Team.remove_week", PEOPLE, lambda s, w, ids: Team(s).remove_week(ids[0]), which="week"),
    _member("team", "Team.add_absence", PROFILE, _away),
    _member("team", "Team.change_absence", AWAY, _change_away, which="absence"),
    _member("team", "Team.remove_absence", AWAY, lambda s, w, ids: Team(s).remove_absence(ids[0]), which="absence"),
)  # fmt: skip
