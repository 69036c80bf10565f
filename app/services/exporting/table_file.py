"""A table as it is shown, written to a file that spreadsheets open: semicolons, UTF-8 with a byte order mark."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.core.files import replacing
from app.models.failures import translated
from app.services.csv_format import DELIMITER, ENCODING, guarded
from app.services.targets import check_target, link_end


def write_table(target: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a head and rows to `target`; returns how many rows.

    The file is there when it is whole. Raises InvalidInput where data or no folder are, StorageError; whatever `rows`
    raises comes through, and `target` is then as it was.
    """
    count = 0
    with translated():
        file_behind = link_end(target)
        check_target(file_behind)
        with replacing(file_behind, encoding=ENCODING, newline="") as file:
            writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\r\n")
            writer.writerow([guarded(cell) for cell in head])
            for row in rows:
                writer.writerow([guarded(cell) for cell in row])
                count += 1
    return count
