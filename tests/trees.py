"""The product's source as syntax trees, for the tests that hold its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "firstline"


@dataclass
class Source:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        return self.path.relative_to(PRODUCT).parts[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls of a function or method with one of these names."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and called(node) in names)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def product(*without: str) -> list[Source]:
    """Every Python file of the product, less the folders named: by default its tests and migrations."""
    left_out = set(without or ("tests", "migrations"))
    return [Source(path) for path in sorted(PRODUCT.rglob("*.py")) if not left_out & set(path.parts)]
