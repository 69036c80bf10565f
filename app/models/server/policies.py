"""Row security: what of the team's tables each person may see and write."""

from collections.abc import Iterator

from app.models.server.shared import shared_tables
from app.models.server.words import of_team, quoted


def policy_statements(owner: str, group: str) -> Iterator[str]:
    """SQL that lays the policies over the tables. The functions of the schema run as the owner, and see all rows."""
    for table in shared_tables():
        name = of_team(table.name)
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY functions ON {name} TO {quoted(owner)} USING (true) WITH CHECK (true)"
        yield f"CREATE POLICY people ON {name} TO {quoted(group)} USING (true) WITH CHECK (true)"
