"""Where files lie that need not outlast a run."""

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 3 * 1024**3


def memory() -> Path | None:
    """The folder of a file system in memory; None where there is none, or little room, or no program may lie in it.

    To make and remove the few hundred files of a database there takes a tenth of what it takes on a disk.
    """
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    forbids = os.statvfs(_MEMORY).f_flag & getattr(os, "ST_NOEXEC", 0)
    return None if forbids or shutil.disk_usage(_MEMORY).free < _ENOUGH else _MEMORY
