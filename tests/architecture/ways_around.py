"""Finding what reads past the views that show each reader only what he may see (`app.models.visibility`)."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.rules import called, docstrings
from tests.architecture.sources import Source

#: A table named with its schema: the views stand in the way of unqualified names only. The name may be filled in.
_QUALIFIED = re.compile(r"""(?<![\w.])(?:main|temp)\.(?:[a-z_"{]|$)""")
_ATTACH = re.compile(r"\bATTACH\s+(?:DATABASE\s|\?|:|'|\{|$)")
#: What is called to get at all rows, and the word by which the list of allowed ones knows it.
_CALLS = {
    "survey": "survey", "maintenance": "maintenance", "bare": "bare", "raw_connection": "connect",
    "connect_to_read": "connect", "reading_engine": "connect", "writing_engine": "connect", "create_engine": "connect",
    "Store": "store of nobody", "open_store": "store of nobody",
}  # fmt: skip
_STORES = ("store", "_store")
_SESSIONS = ("session", "_session")


def ways_around(source: Source) -> Iterator[str]:
    """Each use of something that reads past the views, as `module:function what`."""
    prose = docstrings(source)
    for name, root in _rooms(source.tree):
        for node in ast.walk(root):
            for what in _what(node, prose):
                yield f"{_module(source)}:{name} {what}"


def _module(source: Source) -> str:
    return source.name.removeprefix("app/").removesuffix(".py").replace("/", ".")


def _rooms(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions, methods and constants of a module, by name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{_name(part)}", part) for part in node.body)
        else:
            yield _name(node), node


def _name(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return "<module>"


def _what(node: ast.AST, prose: set[int]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if id(node) not in prose:
            if _QUALIFIED.search(text):
                yield "qualified"
            if _ATTACH.search(text):
                yield "attach"
        case ast.Call():
            yield from _of_call(node)
        case ast.Attribute(attr="writing" | "_writing" | "_reading", value=held) if _last(held) in _STORES:
            yield "engine"
        case ast.Name(id="BY_NAME", ctx=ast.Load()):
            yield "by name"
        case ast.Attribute(attr="actor_id", ctx=ast.Store()):
            yield "actor"
        case ast.With() if _opens(node, "write", "maintenance") and any(
            isinstance(each, ast.With) and _opens(each, "read") for part in node.body for each in ast.walk(part)
        ):
            yield "read within a write"


def _of_call(node: ast.Call) -> Iterator[str]:
    name = called(node)
    plain = isinstance(node.func, ast.Name)
    if name in _CALLS:
        yield _CALLS[name]
    elif name == "connect" and (plain or _of(node) in ("sqlite", "sqlite3", "dbapi2", "engine")):
        yield "connect"  # others are signals of Qt
    elif name == "connection" and _of(node) in _SESSIONS:
        yield "connection of a session"
    elif name in ("execute", "scalars", "scalar") and _of(node) in _SESSIONS and any(map(_is_text, node.args[:1])):
        yield "text in a session"
    elif name == "select" and plain and not any(map(_is_entity, node.args)):
        yield "select of no record"


def _of(node: ast.Call) -> str:
    return _last(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_text(node: ast.expr) -> bool:
    """SQL written out: the guard of a verb only knows statements about the classes of records."""
    return called(node) in ("text", "with_ids") or (isinstance(node, ast.Name) and node.id.strip("_").isupper())


def _is_entity(node: ast.expr) -> bool:
    """A record, a column of one, or a class in a variable: of these the guard leaves out what is not seen."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name | ast.Call) and called(node.value) != "func"
    return isinstance(node, ast.Name | ast.Subscript) or called(node) in ("getattr", "_class")


def _opens(node: ast.With, *names: str) -> bool:
    return any(called(item.context_expr) in names for item in node.items)
