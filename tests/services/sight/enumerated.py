"""What the services offer: every public method of what works with a store, and every function that asks one."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import app.services

_BEGIN = len("app.services.")
#: By the first thing it is given one knows that it asks a store.
_ASKED = ("store", "connection")


def offered() -> set[str]:
    """`module.Class.method` and `module.function`, without the name of the package."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(app.services.__path__, "app.services."):
        found |= {f"{module.name[_BEGIN:]}.{name}" for name in _of_module(importlib.import_module(module.name))}
    return found


def _of_module(module: ModuleType) -> Iterator[str]:
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value) and _takes(value):
            yield from (f"{name}.{method}" for method in _methods(value))
        elif inspect.isfunction(value) and _takes(value):
            yield name


def _takes(made: Callable[..., Any]) -> bool:
    """Whether it is given a store or a connection; what is given a session works within a verb."""
    try:
        names = list(inspect.signature(made).parameters)
    except ValueError:  # something of Python itself
        return False
    return bool(set(names[: 2 if inspect.isclass(made) else 1]) & set(_ASKED))


def _methods(kind: type) -> Iterator[str]:
    """Those that are said here; what is inherited stands where it is said."""
    for name, value in vars(kind).items():
        if not name.startswith("_") and (callable(value) or isinstance(value, property | classmethod)):
            yield name
