"""P12: the search over everything, as somebody types letter by letter, against the bare question to the index."""

from collections.abc import Iterable
from typing import Any

from app.models.store import Store
from app.services.search import Search
from app.services.search_words import expression, terms_of
from tests.benchmarks.measure import Result, Setting, bench, beside, summary, timed, without_garbage

#: Names and titles, words that nearly everything has, a word of notes, figures; then what is not there.
TYPED = ("relaunch müller", "weber logistik", "gmbh", "köln", "post", "büttenpapier", "prospekt", "a", "e", "12345")
SLIPS = ("relanuch", "mulelr", "verischerung", "büttenpapeir")
_NOTES = 20_000
_WORDS = (
    "Prospekt auf Büttenpapier",
    "Termin verschoben",
    "Rückruf erbeten",
    "Angebot ist zu teuer",
    "will Muster sehen",
)


@bench("P12")
def search(setting: Setting) -> Iterable[Result]:
    """Each keystroke until the best of all kinds are there, with their passages; then words with a slip."""
    with setting.own_store() as store:
        _write_notes(store)
        finder = Search(store)
        first = timed(finder.prepare)
        with store.read() as connection, without_garbage():
            driver: Any = connection.connection.driver_connection
            keys, limits, slips = list[float](), list[float](), list[float]()
            for _ in range(setting.rounds):
                for typed in (word[:length] for word in TYPED for length in range(1, len(word) + 1)):
                    limits.append(timed(lambda typed=typed: _bare(driver, typed)))  # type: ignore[misc]
                    keys.append(timed(lambda typed=typed: finder.find(typed)))  # type: ignore[misc]
                slips += [timed(lambda typed=typed: finder.find(typed)) for typed in SLIPS]  # type: ignore[misc]
        assert all(finder.find(typed) for typed in (*TYPED[:7], *SLIPS))
    bounds = {} if setting.rows == "1m" else {"at_most_p95": 16.0}
    yield beside(summary("P12", "keystroke to the first results", setting.rows, keys, **bounds), keys, limits)
    yield summary("P12", "a word with a slip", setting.rows, slips)
    yield summary("P12", "getting ready, in a thread", setting.rows, [first])


def _bare(driver: Any, typed: str) -> None:
    asked = expression(terms_of(typed))
    driver.execute("SELECT json_group_array(rowid) FROM search_fts WHERE search_fts MATCH ?", (asked,)).fetchone()


def _write_notes(store: Store) -> None:
    """Notes on every fifth lead, with their documents, past everything."""
    from app.models import documents

    with store.maintenance() as connection:
        driver: Any = connection.connection.driver_connection
        most = driver.execute("SELECT max(id) FROM lead").fetchone()[0]
        leads = range(1, most + 1, max(1, most // _NOTES))
        driver.executemany(
            "INSERT INTO note (uid, lead_id, at, text) VALUES (?, ?, ?, ?)",
            [(f"note{lead}", lead, lead, f"Telefonat {lead}: {_WORDS[lead // 5 % len(_WORDS)]}") for lead in leads],
        )
        documents.refresh(connection, "note", connection.exec_driver_sql("SELECT id FROM note").scalars().all())
