"""The stores that speed is measured with are like those the program writes."""

import json
from pathlib import Path

import pytest

from app.models.derived import differing
from app.services.check import check
from tests.benchmarks.generator import TODAY, Size, generate, opened


@pytest.mark.parametrize("size", [Size(1_000), Size(300, all_active=True)], ids=lambda size: size.name)
def test_generated_store_is_whole(tmp_path: Path, size: Size) -> None:
    generate(tmp_path / "data", size)
    store = opened(tmp_path / "data")
    try:
        with store.read() as connection:
            assert differing(connection, TODAY) == []
            rows = connection.exec_driver_sql("SELECT status, count(*) FROM lead GROUP BY status")
            states: dict[str, int] = {row[0]: row[1] for row in rows}
            history = connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()
        assert check(store).problems == ()
    finally:
        store.close()
    assert sum(states.values()) == size.leads
    assert history == 4 * size.leads
    closed = states.get("won", 0) + states.get("lost", 0) + states.get("dropped", 0)
    shares = (1, 0, 0) if size.all_active else (0.2, 0.7, 0.1)
    for found, share in zip((states["active"], closed, states.get("potential", 0)), shares, strict=True):
        assert abs(found / size.leads - share) < 0.04


def test_the_same_store_every_time(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        generate(tmp_path / name, Size(50))
        store = opened(tmp_path / name)
        with store.read() as connection:
            found.append(json.dumps([list(row) for row in connection.exec_driver_sql("SELECT * FROM lead")]))
        store.close()
    assert found[0] == found[1]
