"""The window: the only place with Qt.

PySide6 lays its own import over Python's and reads the source of every module that is loaded from then on, to find
those that ask for names in snake_case. None of ours does, and a start would take a sixth longer: Python's import is put
back.
"""

import builtins

_import = builtins.__import__

import PySide6.QtCore  # noqa: E402

builtins.__import__ = _import

del PySide6
