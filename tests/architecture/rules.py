"""The rules that neither ruff nor import-linter knows. Each takes a source and gives the offenders."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Source

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\brgba?\(|\bhsla?\(")
BOUND_LIMIT = re.compile(r"\bLIMIT\s+[:?]", re.IGNORECASE)
MARKERS = frozenset({"tr", "ntr", "N_", "Text", "Plural"})
MOST_LINES = 450
MOST_LINES_OF_FUNCTION = 60
GOAL_LINES = 300
GOAL_LINES_OF_FUNCTION = 40


def called(node: ast.AST) -> str:
    """The last name of what is called: `a.b.c(…)` gives 'c'; '' for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def docstrings(source: Source) -> set[int]:
    """The ids of the string nodes that are docstrings."""
    found = set()
    for node in source.nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            head = node.body[0] if node.body else None
            if isinstance(head, ast.Expr) and isinstance(head.value, ast.Constant):
                found.add(id(head.value))
    return found


def colours(source: Source) -> Iterator[str]:
    """Colours written out: hexadecimal, rgb() in style sheets, Qt.GlobalColor, QColor("name") and QColor(1, 2, 3)."""
    prose = docstrings(source)
    for node in source.nodes:
        match node:
            case ast.Constant(value=str(text)) if id(node) not in prose and COLOUR.search(text):
                yield source.at(node)
            case ast.Attribute(attr="GlobalColor"):
                yield source.at(node)
            case ast.Call(args=[ast.Constant(), *_]) if called(node) == "QColor":
                yield source.at(node)


def broad_excepts(source: Source) -> Iterator[str]:
    """`except:`, `except Exception` and `except BaseException`, alone or in a tuple."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in caught):
                yield source.at(node)


def loose_painters(source: Source) -> Iterator[str]:
    """Every QPainter made outside of a `with`: after an error it would still hold what it paints on, and Qt crashes."""
    held = {id(item.context_expr) for node in source.nodes if isinstance(node, ast.With) for item in node.items}
    for node in source.nodes:
        if isinstance(node, ast.Call) and called(node) == "QPainter" and id(node) not in held:
            yield source.at(node)


def nested_loops(source: Source) -> Iterator[str]:
    """Every use of processEvents, on whatever object."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "processEvents":
            yield source.at(node)


def unextractable_texts(source: Source) -> Iterator[str]:
    """Texts that no catalogue can hold: an f-string, a sum or a formatted string where a plain text belongs.

    So are plain texts within an f-string: what makes the catalogues does not look into one.
    """
    inside = {id(part) for node in source.nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and called(node) in MARKERS:
            texts = node.args[: 2 if called(node) in ("ntr", "Plural") else 1]
            plain = id(node) in inside and any(isinstance(text, ast.Constant) for text in texts)
            if plain or any(isinstance(text, ast.JoinedStr | ast.BinOp) or called(text) == "format" for text in texts):
                yield source.at(node)


def limits_looked_at(source: Source) -> Iterator[str]:
    """Every `LIMIT :name` in SQL: SQLite takes what is bound there for the plan, and compiles the statement anew for
    each value. `LIMIT +:name` it does not look at.
    """
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and BOUND_LIMIT.search(node.value):
            yield source.at(node)


def long_functions(source: Source, most: int) -> Iterator[str]:
    """Functions with more lines than `most`."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > most:
                yield f"{source.at(node)} {node.name}: {lines} lines"


def long_file(source: Source, most: int) -> Iterator[str]:
    """The file, when it has more lines than `most`."""
    lines = len(source.text.splitlines())
    if lines > most:
        yield f"{source.name}: {lines} lines"
