"""The question who is working, as it is asked of many, and after wrong passwords."""

from pathlib import Path

from PySide6.QtWidgets import QDialog

from app.services.arrival import Patience
from app.ui.arrival.dialog import ArrivalDialog
from app.ui.context import Context
from tests.stores import add_member


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


ARRIVALS = (_who_works, _password)
