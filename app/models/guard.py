"""What somebody does not see is not there for his verbs either: they find it as little as what was deleted.

The writing connection has no views in the way of the tables (see `app.models.visibility`), so it is the session of a
verb that leaves out what is not seen. Companies and people are the exception where one is chosen by its name: those
everybody knows, and a verb that looks for one says so with the options `BY_NAME`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, event, select, table, text
from sqlalchemy.exc import NoResultFound

from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.roles import EVERYTHING, Rights
from app.models.visibility import Sight, local_sight

if TYPE_CHECKING:
    from sqlalchemy.orm import ORMExecuteState, Session

#: What a statement is executed with that looks among the names of all companies and people, to choose one.
BY_NAME: Mapping[str, Any] = {"by_name": True}
_RIGHTS = "rights"


@contextmanager
def guarded(session: "Session", rights: Rights) -> Iterator[None]:
    """While a verb works with this session, it finds what somebody with these rights sees.

    Raises NotFound where the verb insists on a row that it does not find.
    """
    session.info[_RIGHTS] = rights
    sight = local_sight(rights)
    if sight is None:
        yield
        return
    event.listen(session, "do_orm_execute", lambda state: _leave_out(state, sight))
    try:
        yield
    except NoResultFound as error:
        raise NotFound(Text("This has been deleted in the meantime."), Text("Nothing was changed.")) from error


def rights_in(session: "Session") -> Rights:
    """What whoever works with this session may do."""
    found: Rights = session.info.get(_RIGHTS, EVERYTHING)
    return found


def _leave_out(state: "ORMExecuteState", sight: Sight) -> None:
    from sqlalchemy.orm import with_loader_criteria  # whoever only reads comes here for the names above

    if not state.is_select or state.is_column_load or state.execution_options.get("by_name"):
        return
    criteria = [
        with_loader_criteria(mapper.class_, mapper.class_.id.in_(seen), propagate_to_loaders=False)
        for mapper in state.all_mappers
        if (seen := _seen(sight, mapper.class_.__tablename__)) is not None
    ]
    if criteria:
        state.statement = state.statement.options(*criteria)


def _seen(sight: Sight, name: str) -> Any:
    """A query for the ids of the rows of a table that are seen; None where all are."""
    condition = sight.of(name, "it")
    if condition is None:
        return None
    return select(column("id")).select_from(table(name, column("id")).alias("it")).where(text(condition))
