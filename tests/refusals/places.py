"""The refusals of the package: every place that makes an error for a user, under a stable key.

A key is the module and the literal part of the message: `history/graph.py: {} is in both {} and
{}`. `experiments` and `local` are left out: they have tests of their own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import analytics

PACKAGE = Path(analytics.__file__).parent
LEFT_OUT = ("experiments", "local")
HOLE = "{}"


def keys() -> list[str]:
    """The key of every refusal."""
    return [key for file in _files() for key in _in(file)]


def pattern(key: str) -> re.Pattern[str]:
    """What the message of a key looks like in a line of output."""
    literal = key.partition(": ")[2].split(HOLE)
    return re.compile(".*".join(re.escape(part) for part in literal), re.S)


def skeleton(message: ast.expr) -> str:
    """The literal part of a message, with a hole for what is computed."""
    if isinstance(message, ast.Constant):
        return str(message.value)
    if isinstance(message, ast.JoinedStr):
        return "".join(p.value if isinstance(p, ast.Constant) else HOLE for p in message.values)
    found = [skeleton(each) for each in ast.walk(message) if isinstance(each, ast.JoinedStr)]
    return found[0] if found else HOLE


def _files() -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.relative_to(PACKAGE).parts[0] not in LEFT_OUT:
            yield file


def _in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and _is_error(node.func) and node.args:
            yield f"{file.relative_to(PACKAGE)}: {skeleton(node.args[0])}"


def _is_error(called: ast.expr) -> bool:
    """Whether an error is made: by its class, or by `type(error)` of another one."""
    if isinstance(called, ast.Call):
        return isinstance(called.func, ast.Name) and called.func.id == "type"
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name in ERRORS


def _errors() -> frozenset[str]:
    """The classes of our errors, and Alembic's."""
    trees = [ast.parse(file.read_text()) for file in PACKAGE.rglob("errors.py")]
    classes = [n.name for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    return frozenset([*classes, "CommandError"])


ERRORS = _errors()
