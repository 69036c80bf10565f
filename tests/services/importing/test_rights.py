"""An import is for those with full access, at the moment in which it is written, taken back or brought again."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import NotAllowed
from app.core.roles import Role
from app.models.store import Store
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import plan_cards
from app.services.importing.run import Importer
from app.services.merging import Merging
from app.services.team import Team
from tests.services.cards.examples import generated
from tests.services.importing.files import import_text, rows
from tests.stores import add_company, add_member, reopened

ANNA = 1
FILE = "Name;Firma\nNeu;Müller\n"
TABLES = ("lead", "company", "person", "member", "change_set", "import_run", "import_row")
MAY = (Role.OWNER, Role.FULL)


@pytest.fixture
def ben(store: Store) -> int:
    """Somebody with full access."""
    found = add_member(store, "Ben Roth", "BR")
    Team(store).set_role(found, Role.FULL)
    return found


@pytest.fixture
def elsewhere(store: Store) -> Iterator[Store]:
    """The same data, opened by an owner on another machine."""
    with closing(reopened(store.path.parent)) as other:
        other.actor_id = ANNA
        yield other


def _whole(store: Store) -> list[Any]:
    return [rows(store, f"SELECT * FROM {table}") for table in TABLES]


def _import(store: Store, folder: Path) -> Callable[[], object]:
    (folder / "leads.csv").write_text(FILE, "utf-8")
    return lambda: Importer(store).run(folder / "leads.csv")


def _contacts(store: Store, _folder: Path) -> Callable[[], object]:
    plan = plan_cards(store, generated(random.Random(1), 2))
    return lambda: import_cards(store, plan)


def _merge(store: Store, _folder: Path) -> Callable[[], object]:
    first, second = (add_company(store, name) for name in ("Müller", "Mueller"))
    return lambda: Merging(store).merge("company", [first, second], first)


@pytest.mark.parametrize("role", [Role.LIMITED, Role.READER])
@pytest.mark.parametrize("prepared", [_import, _contacts, _merge])
def test_a_role_that_was_taken_away_meanwhile_counts(
    store: Store, elsewhere: Store, ben: int, tmp_path: Path, role: Role,
    prepared: Callable[[Store, Path], Callable[[], object]],
) -> None:  # fmt: skip
    """Whoever imports has not heard of it yet."""
    work = prepared(store, tmp_path)
    store.actor_id = ben
    assert store.rights.role is Role.FULL
    Team(elsewhere).set_role(ben, role)
    before = _whole(elsewhere)
    with pytest.raises(NotAllowed):
        work()
    assert _whole(elsewhere) == before


@pytest.mark.parametrize("role", Role)
def test_only_with_full_access_somebody_elses_import_is_taken_back_and_brought_again(
    store: Store, elsewhere: Store, ben: int, tmp_path: Path, role: Role
) -> None:
    store.actor_id = ANNA
    import_text(store, tmp_path, FILE)
    step = store.newest()
    Team(elsewhere).set_role(ben, role)
    undone = _tried(store, elsewhere, ben, role, lambda: store.undo(step))
    if role not in MAY:
        elsewhere.actor_id = ANNA
        assert elsewhere.undo(step) is not None
        undone = elsewhere.newest()
    assert rows(elsewhere, "SELECT id FROM lead WHERE deleted_at IS NULL") == []
    _tried(store, elsewhere, ben, role, lambda: store.redo(undone))
    assert len(rows(elsewhere, "SELECT id FROM lead WHERE deleted_at IS NULL")) == (role in MAY)


def _tried(store: Store, elsewhere: Store, ben: int, role: Role, act: Callable[[], object]) -> int:
    store.actor_id = ben
    before = _whole(elsewhere)
    if role in MAY:
        assert act() is not None
        return elsewhere.newest()
    with pytest.raises(NotAllowed):
        act()
    assert _whole(elsewhere) == before
    return 0


@pytest.mark.parametrize("role", [Role.LIMITED, Role.READER])
def test_nor_is_ones_own_when_the_role_was_taken_away(
    store: Store, elsewhere: Store, ben: int, tmp_path: Path, role: Role
) -> None:
    store.actor_id = ben
    import_text(store, tmp_path, FILE)
    Team(elsewhere).set_role(ben, role)
    before = _whole(elsewhere)
    with pytest.raises(NotAllowed):
        store.undo()
    assert _whole(elsewhere) == before
    Team(elsewhere).set_role(ben, Role.FULL)
    assert store.undo() is not None
    Team(elsewhere).set_role(ben, role)
    with pytest.raises(NotAllowed):
        store.redo()
