"""What not everybody may do is refused before anything is done, with the reason; what happens by itself goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.clock import SystemClock
from app.core.errors import NotAllowed
from app.core.roles import Act, Role
from app.models.store import Store
from app.services.backup import Backups, Reason, restore
from app.services.cards.reading import read_cards
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import plan_cards, plan_files
from app.services.importing.run import Importer
from app.services.leads import Leads
from app.services.merging import Merging
from app.services.team import Team
from app.services.trash import Trash
from tests.models.edits import everything
from tests.stores import add_company, add_lead, add_member

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Zoe Zander\nEND:VCARD\n"
FEW = [Role.LIMITED, Role.READER]
SOME = [Role.OWNER, Role.FULL]


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def _as(store: Store, role: Role) -> None:
    """Somebody of this role works from now on."""
    member = add_member(store, "Ben Roth", "BR")
    Team(store).set_role(member, role)
    store.actor_id = member


def _refused(store: Store, act: Act, work: Callable[[], object]) -> None:
    before = everything(store)
    with pytest.raises(NotAllowed) as refused:
        work()
    assert refused.value.title == store.rights.reason(act)
    assert everything(store) == before


@pytest.mark.parametrize("role", FEW)
def test_who_may_not_import_is_told_before(store: Store, role: Role, tmp_path: Path) -> None:
    leads, cards = tmp_path / "leads.csv", tmp_path / "cards.vcf"
    leads.write_text("Titel;Status\nRelaunch;Aktiv\n", "utf-8")
    cards.write_text(CARD, "utf-8")
    plan = plan_files(store, [cards])
    _as(store, role)
    backed_up: list[str] = []
    importer = Importer(store, lambda: backed_up.append("leads"))
    _refused(store, Act.IMPORT, lambda: importer.run(leads))
    _refused(store, Act.IMPORT, lambda: importer.run(leads, dry_run=True))
    _refused(store, Act.IMPORT, lambda: plan_files(store, [cards]))
    _refused(store, Act.IMPORT, lambda: import_cards(store, plan, before=lambda: backed_up.append("cards")))
    assert backed_up == []


@pytest.mark.parametrize("role", SOME)
def test_who_may_import_does(store: Store, role: Role, tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("Titel;Status\nRelaunch;Aktiv\n", "utf-8")
    _as(store, role)
    assert Importer(store).run(leads).created == 1
    assert import_cards(store, plan_cards(store, read_cards(CARD.encode()).cards)).people == 1


@pytest.mark.parametrize("role", FEW)
def test_the_trash_is_emptied_by_itself_and_by_those_who_may(store: Store, role: Role) -> None:
    lead = add_lead(store)
    Leads(store).delete([lead])
    _as(store, role)
    asked: list[str] = []
    trash = Trash(store, lambda: asked.append("backup"))
    _refused(store, Act.ERASE, trash.empty)
    assert asked == []
    assert trash.purge() == 0
    store.actor_id = 1
    assert Trash(store).empty() == 1


@pytest.mark.parametrize("role", FEW)
def test_what_is_in_the_trash_too_long_goes_whoever_works(store: Store, role: Role) -> None:
    lead = add_lead(store)
    _as(store, role)
    with store.maintenance() as connection:
        connection.execute(text("UPDATE lead SET deleted_at = 1 WHERE id = :id"), {"id": lead})
    assert Trash(store).purge() == 1


@pytest.mark.parametrize("role", FEW)
def test_copies_are_made_by_themselves_and_by_those_who_may(store: Store, role: Role, copies: Path) -> None:
    add_lead(store)
    _as(store, role)
    backups = Backups(store, copies)
    _refused(store, Act.BACKUP, lambda: backups.make(Reason.MANUAL))
    _refused(store, Act.BACKUP, lambda: backups.write(copies / "mine.db"))
    assert not copies.exists()
    made = backups.on_exit()
    assert made is not None
    _refused(store, Act.BACKUP, lambda: backups.look_into(made))
    _refused(store, Act.BACKUP, lambda: restore(store.path.parent, made, SystemClock(store.zone), store.rights))


@pytest.mark.parametrize("role", SOME)
def test_who_may_copy_and_go_back_does(store: Store, role: Role, copies: Path) -> None:
    add_lead(store)
    _as(store, role)
    backups, rights = Backups(store, copies), store.rights
    made = backups.make(Reason.MANUAL)
    assert backups.look_into(made).leads == 1
    store.close()
    assert restore(store.path.parent, made, SystemClock(store.zone), rights).leads == 1


@pytest.mark.parametrize("role", FEW)
def test_who_may_not_merge_is_told_before(store: Store, role: Role) -> None:
    ids = [add_company(store, "Müller"), add_company(store, "Müller GmbH")]
    add_lead(store, company_id=ids[0])
    _as(store, role)
    _refused(store, Act.MERGE, lambda: Merging(store).merge("company", ids, ids[0]))
    store.actor_id = 1
    assert Merging(store).merge("company", ids, ids[0]).losers == (ids[1],)
