"""A picture in a file."""

from pathlib import Path

from app.core.files import write_bytes
from app.models.failures import translated
from app.services.targets import check_target, link_end


def write_picture(target: Path, data: bytes) -> None:
    """Write a picture to `target`, whole or not at all.

    Raises InvalidInput where there are data or no folder, StorageError.
    """
    with translated():
        file_behind = link_end(target)
        check_target(file_behind)
        write_bytes(file_behind, data)
