"""Copies of files for other programs to show: read-only, for as long as the program runs.

Nothing is ever executed: what a system would run instead of showing it is not opened at all, only saved.
"""

import hashlib
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.models.failures import translated
from app.services import contents
from app.services.contents import Tell, silent
from app.services.files import Files, StoredFile, clean_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.store import Store

#: What some system runs, or what makes it run something, when it is opened; a page's scripts are run by a browser.
_RUN = """
    ade adp apk app appimage application appref-ms asp aspx bas bat bin cer chm cmd cnt com command cpl crt csh der
    desktop diagcab dll dmg elf exe fish fxp gadget grp hlp hpj hta htc htm html inf ins iso isp jar jnlp js jse
    kext ksh lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mht mhtml msc msh msh1 msh2
    mshxml msi msix msp mst msu ops osd out pcd phar php pif pkg pl plg prf prg printerexport ps1 ps1xml ps2 ps2xml
    psc1 psc2 psd1 psm1 pst py pyc pyo pyw pyz rb reg run scf scpt scr sct settingcontent-ms sh shb shs so svg svgz
    sys theme tmp tool url vb vbe vbp vbs vhd vhdx vsmacros vsw webloc workflow ws wsc wsf wsh xbap xht xhtml xll
    xnk zsh
"""
#: Documents that say by their name that they bring macros along: a program within a document. An office program asks
#: before it runs one, but it is strict only with what bears the system's mark of having come from outside, and a copy
#: out of the store bears none: one careless click would do. Saving such a file is a decision, a double click is none.
_MACROS = "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm"
RUN = frozenset((*_RUN.split(), *_MACROS.split()))
#: What such a file begins with, whatever it is called: programs of Windows, Linux, macOS, scripts, shortcuts.
_BEGINS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"#!", b"L\0\0\0\x01\x14\x02\0", b"[Desktop Entry]", b"[InternetShortcut]",
)  # fmt: skip
_LOOKED_AT = 4096


class OpenedFiles:
    """Hands out copies below a folder that is emptied at the start and at the end."""

    def __init__(self, store: "Store", cache: Path) -> None:
        """Every store has a folder of its own in `cache`: another window's copies stay."""
        self._store = store
        self.folder = cache / "opened" / hashlib.sha256(str(store.path.absolute()).encode()).hexdigest()[:16]

    def copy(self, file_id: int, tell: Tell = silent) -> Path:
        """A copy that nobody can change, to be opened. Raises InvalidInput for what would be run, NotFound,
        StorageError, Damaged.
        """
        file = Files(self._store).get(file_id)
        self._require_harmless(file)
        with translated():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = Path(tempfile.mkdtemp(dir=self.folder))  # only this user may look into it
        target = place / clean_name(file.name)
        contents.write_to(self._store, file.content_id, target, tell)
        with translated():
            target.chmod(stat.S_IRUSR)
        return target

    def clear(self) -> None:
        """Remove all copies; one that another program holds on to stays until the next time."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder, onerror=_make_writable)

    def _require_harmless(self, file: StoredFile) -> None:
        with self._store.read() as connection:
            begin = next(contents.pieces_of(connection, file.content_id), b"")[:_LOOKED_AT]
        if is_run(file.name, begin):
            raise InvalidInput(
                Text("“{name}” could run something on this computer, so it is not opened.", name=file.name),
                Text("Save it if you know where it comes from."),
            )


def is_run(name: str, begin: bytes = b"") -> bool:
    """Whether a system may run a file of this name and beginning when it is opened."""
    endings = clean_name(name).casefold().split(".")[1:]
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (bool(endings) and endings[-1].strip() in RUN) or begin.startswith(_BEGINS) or text.startswith(_BEGINS)


def _make_writable(remove: "Callable[[str], object]", path: str, _error: Any) -> None:
    """Windows removes nothing that is read-only."""
    try:
        Path(path).chmod(stat.S_IRWXU)
        remove(path)
    except OSError:
        return
