"""The words that filters are typed as, for the page of help: made from the table that the parser goes by."""

from collections.abc import Iterable

from app.core.i18n import N_, tr
from app.core.terms import Entity
from app.services.filter_operators import OPERATORS, SIGNS

_HEADINGS = ((Entity.LEAD, N_("Leads")), (Entity.COMPANY, N_("Companies")), (Entity.PERSON, N_("People")))


def operator_tables() -> str:
    """A table in Markdown for leads, companies and people each, and what goes with all of them."""
    parts = []
    for entity, heading in _HEADINGS:
        rows = ((each.example, each.names, each.means) for each in OPERATORS[entity])
        parts.append(f"### {tr(heading)}\n\n{_table(rows)}")
    signs = ((example, (), means) for example, means in SIGNS)
    everywhere = tr("Everywhere")
    parts.append(f"### {everywhere}\n\n{_table(signs)}")
    return "\n\n".join(parts)


def _table(rows: Iterable[tuple[str, tuple[str, ...], str]]) -> str:
    titles = " | ".join((tr("Typed"), tr("Names of the field"), tr("Finds")))
    return f"| {titles} |\n|---|---|---|\n" + "\n".join(
        f"| `{tr(example)}` | {', '.join(names)} | {_plain(tr(means))} |" for example, names, means in rows
    )


def _plain(words: str) -> str:
    """Words in which nothing is a sign of Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_<>|[]#" else sign for sign in words)
