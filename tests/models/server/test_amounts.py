"""Much at once, and by other ways than the session: imports, raw SQL, files, values that change places."""

import random
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.changes import ChangeSet
from app.core.i18n import Text
from app.models.memory import ContactPoint
from app.models.schema import StoreSetting
from app.models.server.shared import shared_tables
from app.models.store import Store
from app.services.check import check
from app.services.contents import bytes_of
from app.services.files import Files, Upload
from app.services.owners import Owner
from app.services.trash import Trash
from tests.models.edits import count, value
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.models.test_sequences import Player
from tests.services.importing.files import import_text
from tests.stores import add_company, add_lead

Pair = tuple[Store, Store]


def _alike(pair: Pair, office: Office) -> None:
    for store in pair:
        store.watch()
    there = of_server(office.server)
    for store in pair:
        assert_alike(there, of_replica(store))
    assert_alike(of_replica(pair[0], derived=True), of_replica(pair[1], derived=True))


def test_an_import_of_many_rows_and_back(pair: Pair, office: Office, tmp_path: Path) -> None:
    anna, ben = pair
    lines = [f"Lead {number};Firma {number % 700};{number}" for number in range(5000)]
    result = import_text(anna, tmp_path, "\n".join(["Titel;Firma;Volumen", *lines]))
    assert result.created == 5000
    told: list[ChangeSet] = []
    ben.feed.subscribe(told.append)
    assert ben.watch()
    assert count(ben, "lead") == 5000
    assert [(change.actor_id, change.everything) for change in told] == [(1, True)]
    _alike(pair, office)
    anna.undo()
    ben.watch()
    assert count(ben, "lead") == 0
    _alike(pair, office)
    assert check(ben).ok


def test_what_raw_statements_write(pair: Pair, office: Office) -> None:
    anna, ben = pair
    leads = [add_lead(anna, f"Lead {number}") for number in range(3)]
    ben.watch()
    with ben.maintenance() as connection:
        connection.execute(text("UPDATE lead SET remark = 'roh' WHERE id = :id"), {"id": leads[0]})
        connection.execute(text("DELETE FROM stage_entry WHERE lead_id = :id"), {"id": leads[1]})
        connection.execute(text("DELETE FROM search_doc WHERE lead_id = :id"), {"id": leads[1]})
        connection.execute(text("DELETE FROM lead WHERE id = :id"), {"id": leads[1]})
        connection.execute(text("INSERT INTO snapshot (taken_on, at) VALUES (7, 8)"))
        connection.execute(text("UPDATE snapshot SET at = 9"))
    _alike(pair, office)
    assert value(anna, "remark", leads[0]) == "roh"
    assert value(anna, "title", leads[1]) is None
    assert of_server(office.server)["snapshot"][0][1:] == (7, 9)


def test_a_row_that_goes_and_comes_again_in_one_turn(pair: Pair, office: Office) -> None:
    anna, _ = pair
    lead = add_lead(anna, "Relaunch")
    with anna.maintenance() as connection:
        connection.execute(text("CREATE TEMP TABLE kept AS SELECT * FROM main.stage_entry"))
        connection.execute(text("DELETE FROM stage_entry WHERE lead_id = :id"), {"id": lead})
        connection.execute(text("INSERT INTO stage_entry SELECT * FROM temp.kept"))
        connection.execute(text("DROP TABLE temp.kept"))
        connection.execute(text("INSERT INTO snapshot (taken_on, at) VALUES (7, 8)"))
        connection.execute(text("DELETE FROM snapshot"))
    _alike(pair, office)


def test_unique_values_change_places(pair: Pair, office: Office) -> None:
    """In one turn, of rows that both sides know."""
    anna, ben = pair
    with anna.maintenance() as connection:
        connection.execute(text("INSERT INTO snapshot (taken_on, at) VALUES (1, 0), (2, 0)"))
    ben.watch()
    with ben.maintenance() as connection:
        connection.execute(text("UPDATE snapshot SET taken_on = taken_on + 10"))
        connection.execute(text("UPDATE snapshot SET taken_on = 13 - taken_on"))
    _alike(pair, office)
    assert [row[1] for row in of_replica(anna)["snapshot"]] == [2, 1]


def test_files_come_whole_and_go(pair: Pair, office: Office) -> None:
    anna, ben = pair
    lead = add_lead(anna, "Relaunch")
    data = bytes(range(256)) * 12_000  # some pieces
    Files(anna).attach(Owner("lead", lead), [Upload("Angebot.pdf", data)])
    _alike(pair, office)
    with ben.read() as connection:
        file, content = connection.execute(text("SELECT id, content_id FROM attachment")).one()
    assert bytes_of(ben, content) == data
    Files(ben).delete([file])
    ben.close_undo_horizon()
    Trash(ben).empty()
    _alike(pair, office)
    assert of_server(office.server)["chunk"] == []


def test_settings_that_are_the_teams_and_those_that_are_not(pair: Pair, office: Office) -> None:
    """Each side gives its own settings the next key, and the team's come in between."""
    anna, ben = pair
    for store in pair:
        with store.maintenance(here=True) as connection:
            connection.execute(
                text("INSERT INTO store_setting (key, value) VALUES ('drafts:1', :v)"), {"v": store.origin}
            )
    with anna.write(Text("Set")) as session:
        session.add(StoreSetting(key="not_twins", value="{}"))
    with ben.write(Text("Set")) as session:
        session.query(StoreSetting).filter_by(key="not_twins").one().value = '{"company": []}'
    with ben.maintenance(here=True) as connection:
        connection.execute(text("DELETE FROM store_setting WHERE key = 'drafts:1'"))
    _alike(pair, office)
    assert "not_twins" in [row[1] for row in of_server(office.server)["store_setting"]]
    with anna.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM store_setting WHERE key = 'drafts:1'")).scalar() == 1


def test_both_orders(pair: Pair, office: Office) -> None:
    """What one writes without having heard of the other is written after it, on top of it."""
    for first, second in (pair, pair[::-1]):
        company = add_company(first, f"Firma von {first.actor_id}")
        lead = add_lead(second, f"Lead von {second.actor_id}", company_id=company)
        with first.write(Text("Phone added")) as session:
            point = {"kind": "phone", "label": "", "value": "1", "key": "1", "position": 0}
            session.add(ContactPoint(company_id=company, **point))
        assert value(second, "company_id", lead) == company
    _alike(pair, office)


def test_nobody_gets_a_key_twice_and_keys_do_not_count(pair: Pair) -> None:
    """Also where one writes and the other looks on."""
    anna, ben = pair
    leads = [add_lead(store, "x") for store in (anna, ben) * 6]
    leads += [add_lead(anna, "x") for _ in range(12)]
    assert len(set(leads)) == 24
    assert sorted(leads) == leads
    assert leads[0] > 24
    steps = [after - before for before, after in pairwise(leads)]
    assert len(set(steps[:11])) > 1
    assert len(set(steps[12:])) > 1


def test_no_text_has_the_sign_that_the_server_does_not_take(pair: Pair, office: Office) -> None:
    """Every text column gets one at its end, as a program might write it that goes past the verbs."""
    anna, _ = pair
    players = [Player(anna, office.clock, random.Random(seed)) for seed in (1, 2)]
    for player in players:
        for _ in range(30):
            player.act()
    before, there, written = of_replica(anna), of_server(office.server), set()
    for table in shared_tables():
        texts = [column.name for column in table.columns if column.type == "text"]
        for name in texts if before[table.name] and table.name not in ("change_set", "change", "store_setting") else ():
            statement = f'UPDATE "{table.name}" SET "{name}" = "{name}" || char(0) WHERE "{name}" IS NOT NULL'
            with suppress(IntegrityError), anna.maintenance() as connection:  # some columns have one of a few words
                if connection.execute(text(statement)).rowcount:
                    written.add((table.name, name))
    assert len(written) > 60
    assert_alike(there, of_server(office.server))
    _alike(pair, office)
