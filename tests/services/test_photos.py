"""The photo of a person: kept once, taken back and brought again, refused where it is none."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.models.store import Store
from app.services.check import check
from app.services.contents import remove_unused
from app.services.history import History
from app.services.people import People
from app.services.photos import MOST
from app.services.record_detail import RecordDetails
from tests.services.seen import steps, value
from tests.stores import add_person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
WEBP = b"RIFF\x40\0\0\0WEBPVP8 " + bytes(40)


def _photo(store: Store, person: int) -> bytes | None:
    details = RecordDetails(store)
    content = details.person(person).photo_id
    return None if content is None else details.photo(content)


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP, b"GIF89a" + bytes(9), PNG + bytes(MOST - len(PNG))])
def test_a_photo_is_kept_as_it_is_and_taken_back(store: Store, data: bytes) -> None:
    person, history = add_person(store, "Zoe Zander"), History(store)
    People(store).set_photo([person], data)
    assert _photo(store, person) == data
    assert str(history.next_undo()) == "Photo of “Zoe Zander” changed"

    history.undo()
    assert _photo(store, person) is None
    remove_unused(store)  # what a redo could bring back is not swept away
    history.redo()
    assert _photo(store, person) == data
    assert check(store).ok


def test_equal_pictures_are_kept_once(store: Store) -> None:
    first, second, people = add_person(store, "A"), add_person(store, "B"), People(store)
    people.set_photo([first], PNG)
    people.set_photo([second], PNG)
    assert value(store, "SELECT count(*) FROM content") == 1

    people.remove_photo([first])
    assert (_photo(store, first), _photo(store, second)) == (None, PNG)


def test_another_photo_takes_the_place_of_the_first(store: Store, clock: FixedClock) -> None:
    person, people = add_person(store, "A"), People(store)
    people.set_photo([person], PNG)
    clock.instant += timedelta(minutes=5)
    people.set_photo([person], JPEG)
    assert _photo(store, person) == JPEG
    History(store).undo()
    assert _photo(store, person) == PNG


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"), (b"Nur Text", "no picture"),
        (b"%PDF-1.7", "no picture"), (b"MZ" + bytes(99), "no picture"), (b"\x89PN", "no picture"),
        (PNG + bytes(MOST), "larger than 5 MB"), (b"RIFF\0\0\0\0WAVE", "no picture"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_nothing_is_kept(store: Store, data: bytes, words: str) -> None:
    person = add_person(store, "A")
    before = steps(store)
    with pytest.raises(InvalidInput, match=words):
        People(store).set_photo([person], data)
    assert steps(store) == before
    assert value(store, "SELECT count(*) FROM content") == 0


def test_of_somebody_who_is_gone_nothing_is_kept(store: Store) -> None:
    with pytest.raises(NotFound):
        People(store).set_photo([99], PNG)
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM content")).scalar() == 0


def test_the_photo_of_somebody_in_the_trash_comes_back(store: Store) -> None:
    person, people = add_person(store, "A"), People(store)
    people.set_photo([person], PNG)
    people.delete([person])
    remove_unused(store)
    people.restore([person])
    assert _photo(store, person) == PNG
