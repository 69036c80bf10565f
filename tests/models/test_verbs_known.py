"""Every verb of the services is one that the random sequences know: what can be done can be undone there."""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.store import Store
from tests.models.test_sequences import VERBS, Player, _begin
from tests.services.writers import Function, public, writers

#: What no sequence does, and why not.
LEFT_OUT: dict[Function, str] = {
    ("app.services.setup", "seed"): "what a new store begins with lies behind the horizon of undo",
    ("app.services.importing.run", "Importer.run"): "an import that is taken back leaves what it made in the trash",
    ("app.services.importing.run", "Importer.take"): "the same: tests/services/importing takes it back and brings it",
    ("app.services.mail_files", "MailFiles.put"): "reads a mail in a process of its own, then places it",
}
#: So many times all is done there is, and then what comes near to what is missing.
_ALL = 6
_MOST = 100


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> set[Function]:
    """The functions of the services from which something was written, as it comes."""
    found: set[Function] = set()
    write = Store.write

    @contextmanager
    def watched(self: Store, label: Text, **how: Any) -> Iterator[Any]:
        callers = set(_callers())
        with write(self, label, **how) as session:
            yield session
        found.update(callers)

    monkeypatch.setattr(Store, "write", watched)
    return found


def _callers() -> Iterator[Function]:
    frame = sys._getframe(1)
    while (back := frame.f_back) is not None:
        frame = back
        module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_qualname
        if module.startswith("app.services.") and public(name):
            yield module, name
            if (this := type(frame.f_locals.get("self"))).__module__.startswith("app.services."):
                yield this.__module__, f"{this.__qualname__}.{frame.f_code.co_name}"


def test_the_sequences_know_every_verb(store: Store, clock: FixedClock, seen: set[Function]) -> None:
    known, chance = writers(), random.Random(4)
    assert known >= LEFT_OUT.keys(), "an exception for what is no verb any more"
    _begin(store)
    player = Player(store, clock, chance)
    reached: dict[Callable[[Player], None], set[Function]] = {}
    for turn in range(_MOST):
        missing = known - seen - LEFT_OUT.keys()
        verbs = [*VERBS] if turn < _ALL else [verb for verb in VERBS if _near(reached[verb], missing)]
        for verb in chance.sample(verbs, len(verbs)):
            before = seen.copy()
            seen.clear()
            player.act(verb)
            reached[verb] = reached.get(verb, set()) | seen
            seen |= before
        if known - seen <= LEFT_OUT.keys():
            break
    assert known - seen == LEFT_OUT.keys(), "add these to the sequences (tests/models/deeds.py)"


def _near(reached: set[Function], missing: set[Function]) -> bool:
    """Whether what was reached is of a module from which something is missing."""
    return not {module for module, _name in reached}.isdisjoint(module for module, _name in missing)


def test_a_verb_is_known_by_its_text() -> None:
    """Such as writes itself, through another one of its class, or of that which it is made of."""
    known = writers()
    verbs = {
        ("app.services.leads", "Leads.create"), ("app.services.leads", "Leads.tag"),
        ("app.services.files", "Files.unpin"), ("app.services.people", "People.edit"),
        ("app.services.companies", "Companies.archive"), ("app.services.people", "People.archive"),
        ("app.services.bulk_records", "PersonBulk.apply"), ("app.services.merging", "Merging.merge"),
        ("app.services.contact_files.importing", "import_cards"),
    }  # fmt: skip
    assert verbs <= known
    assert not known & {
        ("app.services.merging", "Merging.preview"), ("app.services.record_verbs", "RecordVerbs.archive"),
        ("app.services.files", "Files.save_as"),
        ("app.services.contents", "write_to"), ("app.services.timeline", "Timelines.page"),
    }  # fmt: skip
