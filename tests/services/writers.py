"""Which functions of the services change the store, read off their text: they open a write, or call one that does.

So a verb that comes later is known by itself, and what has to hold for all of them can be asked of it, too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import app.services

_FOLDER = Path(app.services.__file__).parent

#: Module and qualified name, as a frame has them: `app.services.leads`, `Leads.edit`.
Function = tuple[str, str]


@dataclass
class _Sources:
    """What each function of the services calls, and by module and name of a class the names of those it is made of."""

    functions: dict[Function, list[ast.expr]] = field(default_factory=dict)
    classes: dict[Function, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "_Sources":
        """All of them."""
        found = cls()
        for path in sorted(_FOLDER.rglob("*.py")):
            module = ".".join(("app", "services", *path.relative_to(_FOLDER).with_suffix("").parts))
            found.take(module, ast.parse(path.read_text(encoding="utf-8")), "")
        return found

    def take(self, module: str, tree: ast.AST, within: str) -> None:
        """What stands in a module or in a class of it."""
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, ast.FunctionDef):
                calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
                self.functions[module, f"{within}{node.name}"] = calls
            elif isinstance(node, ast.ClassDef):
                self.classes[module, node.name] = [name for base in node.bases if (name := _name_of(base))]
                self.take(module, node, f"{within}{node.name}.")

    def called(self, function: Function) -> Iterator[Function]:
        """What a function calls of its class, of those it is made of, and of its module."""
        module, name = function
        for called in self.functions[function]:
            if isinstance(called, ast.Name):
                yield module, called.id
            elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "self":
                yield self._method(module, name.split(".")[0], called.attr)

    def inherited(self, found: set[Function]) -> set[Function]:
        """These functions, the methods under each class that others are not made of: what two classes have of a third
        is two verbs, each with records of its own.
        """
        bases = {base for names in self.classes.values() for base in names}
        methods = {name for _module, qualified in found for name in qualified.split(".")[1:]}
        told = {
            (module, f"{cls}.{name}")
            for module, cls in self.classes if cls not in bases
            for name in methods if self._method(module, cls, name) in found
        }  # fmt: skip
        return told | {each for each in found if "." not in each[1] or each[1].split(".")[0] not in bases}

    def _method(self, module: str, cls: str, name: str) -> Function:
        """Where a method of a class stands: in it, or in one it is made of."""
        if (own := (module, f"{cls}.{name}")) in self.functions:
            return own
        bases = (where for base in self.classes.get((module, cls), ()) for where in self.classes if where[1] == base)
        inherited = (self._method(*base, name) for base in bases)
        return next((each for each in inherited if each in self.functions), own)


def writers() -> set[Function]:
    """The public functions and methods that write: `store.write(…)` stands in them, or in one of their own module or
    class that they call. One that only hands a store on to another service is not among them: that one is. A method
    is that of each class that has it, not of the one that was made for these.
    """
    sources = _Sources.read()
    found = {name for name, calls in sources.functions.items() if any(map(_opens, calls))}
    while more := {name for name in sources.functions.keys() - found if found & set(sources.called(name))}:
        found |= more
    return {function for function in sources.inherited(found) if public(function[1])}


def _name_of(base: ast.expr) -> str:
    """What a class is made of, with or without what it is for: `Verbs`, `Edit[Change]`."""
    named = base.value if isinstance(base, ast.Subscript) else base
    return named.id if isinstance(named, ast.Name) else ""


def public(name: str) -> bool:
    """Whether a qualified name is one that others may use."""
    return not any(part.startswith("_") for part in name.split("."))


def _opens(called: ast.expr) -> bool:
    """`store.write` or `self._store.write`; a file has a `write`, too."""
    if not isinstance(called, ast.Attribute) or called.attr != "write":
        return False
    owner = called.value.attr if isinstance(called.value, ast.Attribute) else getattr(called.value, "id", "")
    return owner.lstrip("_") == "store"
