"""Whoever sees only some leads is told nothing of the others, whatever is asked, and all there is to tell of his own.

Each way to read is asked twice: of a store that holds everything, as Ben, and of one from which all was removed that he
must not see, as somebody who sees everything. The first answer bears no mark of what is hidden, and equals the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.store import Store
from tests.services.sight import people, reading, telling, verbs
from tests.services.sight.asker import Asker, Known
from tests.services.sight.enumerated import offered
from tests.services.sight.reading import Question
from tests.services.sight.twin import leave_only, settle
from tests.services.sight.walk import marked, plain, words_in
from tests.services.sight.world import ABSENT, ANNA, BEN, DORA, HIDDEN, World, let_ben_stand_in, made
from tests.stores import TODAY, Filling, Stock, reopened

READS: Mapping[str, Question] = {
    **reading.LISTS, **reading.FIGURES, **reading.RECORDS, **reading.FILES, **telling.HISTORY, **telling.REMINDERS,
    **telling.SEARCH, **people.TEAM,
}  # fmt: skip
#: What depends on what somebody may do beside what is seen, and so is another answer for an owner.
BY_RIGHTS = {
    "contact_files.plan.plan_cards", "contact_files.plan.plan_files", "contact_files.plan.plan_read",
    "contact_files.pasted.read_contacts", "history.History.why_not", "history_steps.Steps.detail",
    "importing.run.Importer.run",
    # whoever sees everything is also reminded of words that stand in the trash
    "search_words.slipped",
}  # fmt: skip
_WHOLE, _SMALL = made(), made(size=24)
#: What the whole agency works with, so that everybody is told the same.
FOR_ALL = {
    "about.about", "backup.Backups.last", "backup.Backups.list", "catalogue.Catalogue.reasons", "check.check",
    "filter_names.offered", "history.History.next_redo", "history.History.why_not", "matching.read_names",
    "notice_choice.NoticeChoices.of", "own_fields.OwnFields.all", "own_fields.OwnFields.birthday",
    "own_fields.OwnFields.get", "own_fields.OwnFields.of", "own_fields.fields_in", "own_fields.names_of",
    "rates.Rates.all", "record_list.RecordList.is_empty", "record_list.RecordList.source", "reminders.Reminders.at",
    "reminders.Reminders.later", "reminders.Reminders.monday", "reminders.Reminders.together", "rhythm.rhythm_of",
    "saved_views.SavedViews.named", "setup.name_with_password", "setup.several", "snapshots.Snapshots.days",
    "stage_gates.checklists", "stages.Stages.all", "team.Team.is_password", "team.Team.one", "team.Team.photo",
}  # fmt: skip
#: What is asked of one store only.
SLOW = {"exporting.sheet.sheet", "exporting.sheet.write_sheet", "mail_files.MailFiles.read", "search_words.slipped"}


@dataclass
class Pair:
    """Ben, and whoever reads what is left; of what is asked nothing may bear one of the `marks`."""

    ben: Asker
    twin: Asker
    marks: tuple[str, ...]


class Pairs:
    """Makes pairs of stores, and closes them."""

    def __init__(self, stock: Stock, folders: pytest.TempPathFactory, stack: ExitStack) -> None:
        self._stock, self._folders, self._stack = stock, folders, stack

    def make(self, fill: Filling = _WHOLE, *, standing_in: bool = False) -> Pair:
        """A pair of stores that were filled so; Ben may stand in for Dora."""
        place = self._folders.mktemp("pair")
        (world,) = self._stock.copy((fill,), place / "whole")
        self._stock.copy((fill,), place / "twin")
        whole, twin = self._opened(place / "whole"), self._opened(place / "twin")
        for store in (whole, twin):
            if standing_in:
                let_ben_stand_in(store)
        known = Known.of(whole)
        twin.close()
        leave_only(place / "twin", BEN, (BEN, DORA) if standing_in else (BEN,))
        twin = self._opened(place / "twin")
        settle(twin)
        whole.actor_id = twin.actor_id = BEN
        marks = (HIDDEN,) if standing_in else (HIDDEN, ABSENT)
        return Pair(self._asker(whole, world, known), self._asker(twin, world, known), marks)

    def _opened(self, folder: Path) -> Store:
        store = reopened(folder)
        self._stack.callback(store.close)
        return store

    def _asker(self, store: Store, world: World, known: Known) -> Asker:
        return Asker(store, world, known, self._folders.mktemp("scratch"))


@pytest.fixture(scope="module")
def pairs(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pairs]:
    with ExitStack() as stack:
        yield Pairs(stock, tmp_path_factory, stack)


@pytest.fixture(scope="module")
def pair(pairs: Pairs) -> Pair:
    """Ben by himself."""
    return pairs.make()


@pytest.fixture(scope="module")
def watched(pairs: Pairs) -> Asker:
    """Now an owner, now Ben."""
    return pairs.make(_SMALL).ben


@pytest.fixture(scope="module")
def another_day(pairs: Pairs) -> Pair:
    """Ben, who has a report made of a day to come, at the rates of which open leads are worth something else."""
    found = pairs.make(_SMALL)
    for asker in (found.ben, found.twin):
        asker.store.given_day = TODAY + timedelta(days=60)
    return found


@pytest.fixture(scope="module")
def deputy(pairs: Pairs) -> Pair:
    """Ben while he stands in for Dora."""
    return pairs.make(_SMALL, standing_in=True)


def _agree(pair: Pair, name: str) -> None:
    """What Ben is told bears no mark, and is what is told of the rest."""
    told = plain(READS[name](pair.ben))
    assert marked(told, pair.marks) == []
    if name not in BY_RIGHTS:
        assert told == plain(READS[name](pair.twin))


def test_every_way_to_read_is_asked_and_every_verb_tried() -> None:
    known = {name.partition(":")[0] for name in (*READS, *people.NAMES, *verbs.VERBS)}
    assert known - offered() == set()
    assert {name for name in offered() - known if not name.startswith(tuple(verbs.APART))} == set()
    assert [begin for begin in verbs.APART if not any(name.startswith(begin) for name in offered() - known)] == []


@pytest.mark.parametrize("name", READS)
def test_an_owner_of_the_same_store_is_told_more(watched: Asker, name: str) -> None:
    """Else the question would be none to which it matters who asks."""
    answers = []
    for actor in (ANNA, BEN):
        watched.store.actor_id = actor
        answers.append(plain(READS[name](watched)))
    assert (answers[0] == answers[1]) == (name in FOR_ALL)


@pytest.mark.parametrize("name", READS)
def test_nothing_hidden_is_told_and_nothing_left_out(pair: Pair, name: str) -> None:
    _agree(pair, name)


@pytest.mark.parametrize("name", READS)
def test_a_deputy_is_told_of_both(deputy: Pair, name: str) -> None:
    _agree(deputy, name)


@pytest.mark.parametrize("name", [*reading.LISTS, *reading.FIGURES])
def test_a_report_of_another_day_tells_no_more(another_day: Pair, name: str) -> None:
    _agree(another_day, name)


ANYWHERE = sorted(READS.keys() - SLOW)


@pytest.mark.parametrize(
    ("seed", "names"),
    [
        pytest.param(1, ANYWHERE[::2], id="1"),
        pytest.param(2, ANYWHERE[1::2], id="2"),
        *(pytest.param(seed, ANYWHERE, id=f"{seed} whole", marks=pytest.mark.prove) for seed in (1, 2, 3, 4)),
    ],
)
def test_in_any_store(pairs: Pairs, seed: int, names: Sequence[str]) -> None:
    """What is whose, and what hangs on what, is another matter in each."""
    pair = pairs.make(made(seed, 12), standing_in=seed % 2 == 0)
    for name in names:
        _agree(pair, name)


@pytest.mark.parametrize("name", people.NAMES)
def test_of_whom_one_may_choose_the_name_is_told_and_nothing_beside_it(pair: Pair, name: str) -> None:
    told = plain(people.NAMES[name](pair.ben))
    names = {each.lower() for each in pair.ben.known.names}
    hidden = {words for words in marked(told, pair.marks) if not any(each in words for each in names)}
    assert hidden == set()


def test_all_names_are_there_to_be_chosen(pair: Pair) -> None:
    offered_names = set(words_in(plain(people.NAMES["somebody.Somebodies.called"](pair.ben))))
    with pair.ben.store.read() as connection:
        live = "SELECT name FROM main.company WHERE deleted_at IS NULL UNION SELECT name FROM main.person"
        names = connection.exec_driver_sql(f"{live} WHERE deleted_at IS NULL").scalars().all()
    assert any(HIDDEN in each for each in names)
    assert {each.lower() for each in names} <= offered_names


@pytest.fixture(scope="module")
def trying(pairs: Pairs) -> Pair:
    """Ben, who changes the store."""
    return pairs.make()


@pytest.mark.parametrize("name", verbs.VERBS)
def test_verbs_tell_nothing_of_what_they_do_not_find(trying: Pair, name: str) -> None:
    told = plain(verbs.VERBS[name](trying.ben))
    typed = {each.lower() for each in (*trying.ben.known.names, verbs.IDENTITY)}
    assert {words for words in marked(told, trying.marks) if not any(each in words for each in typed)} == set()
