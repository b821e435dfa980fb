"""The Revision: the module-level names of one file, read without running it.

Alembic is not used, since its import takes longer than an answer about a thousand revisions. Only
the part before the first function is parsed: that is where the names are.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.errors import HistoryError

Values = dict[str, Any]  # by the names below

NAMES = ("revision", "down_revision", "requires", "irreversible", "depends_on")
ASSIGNED = re.compile(rb"^(" + "|".join(NAMES).encode() + rb")\b", re.M)
LITERAL = re.compile(  # a name with None, one string, or a tuple of one string on one line
    ASSIGNED.pattern + rb"""(?:: [^=\n]+)? = (?:None|\(?(["'])([^"'\\\n]*)\2,?\)?)$""", re.M
)
TITLE = re.compile(rb'"""([^"\\\n]+)(?:\n[^"\\]*)?"""\n')
CODE = re.compile(rb"^(?:async|class|def|@)", re.M)


@dataclass(frozen=True)
class Revision:
    """A revision by the module-level names of its file."""

    id: str
    down: tuple[str, ...]  # the revisions that it follows
    title: str  # the first line of the docstring
    requires: tuple[str, ...]  # history@revision
    irreversible: str | None  # why it cannot be taken back
    file: str

    @property
    def path(self) -> Path:
        return Path(self.file)


def read(file: str, text: bytes) -> Revision:
    """The revision in a file's text; HistoryError names what cannot be used."""
    title, values = _plain(text) or _values(file, text)
    if values.get("depends_on"):
        raise HistoryError(
            f"{file} sets depends_on", "write `requires`, or name both in down_revision"
        )
    revision, reason = values.get("revision"), values.get("irreversible")
    if not isinstance(revision, str) or not revision:
        raise HistoryError(f"{file} names no revision", 'write revision = "0001"')
    if not isinstance(reason, str | None):
        raise HistoryError(f"irreversible in {file} is not text", "write the reason, in quotes")
    down, requires = _several(file, values, "down_revision"), _several(file, values, "requires")
    return Revision(revision, down, title, requires=requires, irreversible=reason, file=file)


def _plain(text: bytes) -> tuple[str, Values] | None:
    """Title and values of a file that writes each in the plainest form; None for any other.

    Most files do, and `ast` takes four times as long.
    """
    title, code = TITLE.match(text), CODE.search(text)
    if not title or not code or _goes_on(text, code.end()):
        return None
    names = text[title.end() : code.start()]
    literals = LITERAL.findall(names)
    if len(literals) != len(ASSIGNED.findall(names)) or b'"""' in names:
        return None
    try:
        values = {name.decode(): value.decode() or None for name, _, value in literals}
        return title[1].decode().strip(), values
    except UnicodeDecodeError:
        return None  # `ast` says what is wrong


def _values(file: str, text: bytes) -> tuple[str, Values]:
    """The first line of the docstring, and the values of our names."""
    tree = _parsed(file, text)
    assigned = [(name, value) for name, value in map(_assigned, tree.body) if value]
    values = {name: _literal(file, name, value) for name, value in assigned if name in NAMES}
    return (ast.get_docstring(tree) or "").partition("\n")[0], values


def _literal(file: str, name: str, value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):
        raise HistoryError(
            f"{name} in {file} is computed", "write it out: strings, tuples or None"
        ) from None


def _parsed(file: str, text: bytes) -> ast.Module:
    """The statements up to the first function, if no name of ours follows."""
    code = CODE.search(text)
    if code and not _goes_on(text, code.end()):
        try:
            return ast.parse(text[: code.start()])
        except SyntaxError:
            pass  # cut in the middle of a string: parse the whole text
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise HistoryError(f"{file} is not Python ({error})", "correct the file") from None


def _goes_on(text: bytes, start: int) -> bool:
    """Whether one of our names comes after the first function as well."""
    return any(text.find(b"\n" + name.encode(), start) >= 0 for name in NAMES)


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """The name and the value of a plain assignment."""
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return "", None
    return (target.id if isinstance(target, ast.Name) else ""), node.value


def _several(file: str, values: Values, name: str) -> tuple[str, ...]:
    """None, one string or several, as Alembic takes them."""
    value = values.get(name)
    if value is None:
        return ()
    many = (value,) if isinstance(value, str) else value
    if isinstance(many, tuple | list) and all(isinstance(each, str) for each in many):
        return tuple(many)
    raise HistoryError(f"{name} in {file} is {value!r}", "write a string or a tuple of strings")
