"""Whether there is a display on which a window could open: where there is none, Qt would abort the whole program."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_WAYLAND, _X11 = "wayland", "xcb"


def has_display(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a window could open. Only on Linux can there be no display, and there are two kinds of them.

    The libraries with which Qt connects are asked to connect: what they do not reach (a display that is gone, one that
    refuses this user) Qt does not reach either. A platform of another kind that Qt was told to use counts as one.
    """
    if not sys.platform.startswith("linux"):
        return True
    named = [name for name in environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    if any(not name.startswith((_WAYLAND, _X11)) for name in named):
        return True
    kinds = {kind for kind in (_WAYLAND, _X11) if not named or any(name.startswith(kind) for name in named)}
    return (_WAYLAND in kinds and _wayland_answers(environ)) or (_X11 in kinds and _x_answers(environ))


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    if environ.get("WAYLAND_SOCKET"):  # a connection that is open already, and good for one program only
        return True
    name = Path(environ.get("XDG_RUNTIME_DIR", ""), environ.get("WAYLAND_DISPLAY", ""))
    library = _library("libwayland-client.so.0", "wl_display_connect") if name.is_socket() else None
    if library is None:
        return False
    display = library.wl_display_connect(os.fsencode(name))
    if display:
        library.wl_display_disconnect(_address(display))
    return bool(display)


def _x_answers(environ: Mapping[str, str]) -> bool:
    name = environ.get("DISPLAY", "")
    library = _library("libxcb.so.1", "xcb_connect") if name else None
    if library is None:
        return False
    connection = _address(library.xcb_connect(os.fsencode(name), None))
    answers: bool = library.xcb_connection_has_error(connection) == 0
    library.xcb_disconnect(connection)
    return answers


def _library(name: str, connect: str) -> Any:
    """A library of the system, whose function `connect` gives a pointer; None when it lacks: Qt needs it as well."""
    import ctypes  # only where a display is asked

    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    getattr(library, connect).restype = ctypes.c_void_p
    return library


def _address(pointer: int | None) -> Any:
    import ctypes

    return ctypes.c_void_p(pointer)
