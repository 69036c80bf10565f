"""Errors that are said in a sentence."""

from app.core.errors import DiskFull, InvalidInput, StorageError, TrichterError
from app.core.i18n import Text


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = InvalidInput(Text("There is no {day}.", day="30.2.27"), Text("Choose another."), "due_on")
    assert str(error) == "There is no 30.2.27. Choose another."
    assert error.field == "due_on"


def test_what_python_prints_of_it_holds_no_argument() -> None:
    error = TrichterError(Text("Lead {title} is gone", title="Secret"))
    assert str(error) == "Lead Secret is gone"
    assert error.args == ("Lead {title} is gone",)


def test_kinds_of_trouble_with_storage_are_caught_together() -> None:
    assert issubclass(DiskFull, StorageError)
    assert issubclass(StorageError, TrichterError)
