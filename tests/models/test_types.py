"""Values that mean the same on both databases, also in statements that are written out."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Dialect, TextClause
from sqlalchemy.engine.url import make_url

from app.models import store
from app.models.types import micros
from app.services import trash_removal

MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def _dialect(name: str) -> Dialect:
    return make_url(f"{name}://").get_dialect()()


def _sent(statement: TextClause, name: str, dialect: Dialect) -> object:
    """What the driver of a database gets for a value of a statement."""
    process = statement.compile(dialect=dialect).binds[name].type.bind_processor(dialect)
    return MOMENT if process is None else process(MOMENT)


@pytest.mark.parametrize(
    ("statement", "name"), [(store._CLOSE_HORIZON, "until"), (trash_removal._before("lead"), "limit")]
)
def test_an_instant_is_a_number_here_and_a_time_there(statement: TextClause, name: str) -> None:
    assert _sent(statement, name, _dialect("sqlite")) == micros(MOMENT)
    assert _sent(statement, name, _dialect("postgresql")) == MOMENT
