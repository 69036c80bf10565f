"""The rows an import did not take, as a list to work through in a spreadsheet."""

import csv
from collections.abc import Sequence
from pathlib import Path

from app.core.i18n import tr
from app.models.failures import translated
from app.services.csv_format import DELIMITER, ENCODING, guarded
from app.services.importing.result import Refusal


def save_refused(target: Path, refused: Sequence[Refusal]) -> None:
    """Write row, column and reason of each refusal in the language in use. Raises StorageError."""
    with translated(), target.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file, delimiter=DELIMITER)
        writer.writerow((tr("Row"), tr("Column"), tr("Reason")))
        writer.writerows((each.row, guarded(each.column or ""), guarded(str(each.reason))) for each in refused)
