"""Reading the program's own sources: what the rules look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, text: str, name: str = "app/sample.py") -> "Source":
        """A source from its text, for trying a rule."""
        return cls(name, text, ast.parse(text))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; walked once, however many rules look at them."""
        return tuple(ast.walk(self.tree))

    def at(self, node: ast.expr | ast.stmt | ast.excepthandler) -> str:
        """Where a node stands, as an editor opens it."""
        return f"{self.name}:{node.lineno}"


def sources(*folders: str) -> Iterator[Source]:
    """Every Python file below the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield Source.of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
