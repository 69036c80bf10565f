"""The question who is working, as it is asked of many, after wrong passwords, and at a team's server."""

from pathlib import Path

from PySide6.QtWidgets import QDialog

from app.core.errors import Unreachable
from app.core.i18n import Text
from app.core.settings import TEAM_DATABASE, TEAM_HOST, TEAM_USER
from app.services.arrival import Patience
from app.ui.arrival.dialog import ArrivalDialog
from app.ui.arrival.sign_in import SignInDialog
from app.ui.context import Context
from tests.stores import add_member

_REFUSED = Unreachable(
    Text("The certificate of the team's server is signed by nobody who is known here."),
    Text("Nothing was sent to it. Is the file with the authority's certificate the right one?"),
    "authority",
)


def _who_works(context: Context, _lead: int, _folder: Path) -> QDialog:
    office = context.office
    for number in range(8):
        add_member(office.store, f"Freifrau von und zu Donaudampfschifffahrt-Hainburg {number}", f"D{number}")
    people = office.team.people()
    return ArrivalDialog(context.theme, people, None, office.team.is_password, context.jobs, Patience())


def _password(context: Context, lead: int, folder: Path) -> QDialog:
    """After so many wrong ones that it is to wait."""
    office = context.office
    if not office.team.one(1).has_password:
        office.team.set_password(1, "Fünf Affen im Baum")
    add_member(office.store, "Ben Krug", "BK")
    patience = Patience(lambda: 0.0)
    for _ in range(4):
        patience.failed()
    return ArrivalDialog(context.theme, office.team.people(), 1, office.team.is_password, context.jobs, patience)


def _sign_in(context: Context, _lead: int, _folder: Path) -> QDialog:
    """After a server of a long name did not let somebody in."""
    host = "postgresql-agentur.intern.donaudampfschifffahrt.example"
    context.settings.change({TEAM_HOST: host, TEAM_DATABASE: "team", TEAM_USER: "anna.kern"})
    return SignInDialog(context.theme, context.settings, context.jobs, _REFUSED, None)


ARRIVALS = (_who_works, _password, _sign_in)
