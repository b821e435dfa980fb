"""One revision as its file says it, read without running it and without Alembic.

Importing Alembic takes longer than answering a question about a thousand revisions; so would
`ast`, were it asked about every function in them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.errors import HistoryError

Said = dict[str, Any]

NAMES = ("revision", "down_revision", "requires", "irreversible", "depends_on")
LITERAL = rb'(\w+) = (?:None|\(?"([^"\\\n]*)",?\)?)\n'
LITERALS = re.compile(LITERAL)
USUAL = re.compile(  # a docstring, imports, then one literal a line
    rb'"""(?P<title>[^"\\\n]+)(?:\n[^"\\]*)?"""\n'
    rb"(?:\n|(?:import|from) [\w., ]+\n)*"
    rb"(?P<literals>(?:" + LITERAL + rb")+)\n*def "
)
CODE = re.compile(rb"^(?:async|class|def|@)", re.M)


@dataclass(frozen=True)
class Revision:
    """What the module-level names of a revision's file say."""

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
    """The revision that the file's text makes; HistoryError names what cannot be read."""
    title, said = _usual(text) or _unusual(file, text)
    if said.get("depends_on"):
        raise HistoryError(
            f"{file} says depends_on", "write `requires`, or name both in down_revision"
        )
    revision, reason = said.get("revision"), said.get("irreversible")
    if not isinstance(revision, str) or not revision:
        raise HistoryError(f"{file} names no revision", 'write revision = "0001"')
    if not isinstance(reason, str | None):
        raise HistoryError(f"irreversible in {file} is no text", "write the reason, in quotes")
    down, requires = _several(file, said, "down_revision"), _several(file, said, "requires")
    return Revision(revision, down, title, requires=requires, irreversible=reason, file=file)


def _usual(text: bytes) -> tuple[str, Said] | None:
    """Title and literals of a file in the usual form, ten times as fast as with `ast`."""
    head = USUAL.match(text)
    if head is None or _goes_on(text, head.end()):
        return None
    said = {n.decode(): v.decode() or None for n, v in LITERALS.findall(head["literals"])}
    return head["title"].decode().strip(), said


def _unusual(file: str, text: bytes) -> tuple[str, Said]:
    tree = _parsed(file, text)
    said: Said = {}
    for node in tree.body:
        name, value = _assigned(node)
        if value is None or name not in NAMES:
            continue
        try:
            said[name] = ast.literal_eval(value)
        except (ValueError, TypeError):
            raise HistoryError(
                f"{name} in {file} is computed", "write it out: strings, tuples or None"
            ) from None
    return (ast.get_docstring(tree) or "").partition("\n")[0], said


def _parsed(file: str, text: bytes) -> ast.Module:
    """The statements up to the first function, where that is all that counts."""
    code = CODE.search(text)
    if code and not _goes_on(text, code.end()):
        try:
            return ast.parse(text[: code.start()])
        except SyntaxError:
            pass  # cut in the middle of a string: the whole is to be read
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise HistoryError(f"{file} is not Python ({error})", "mend the file") from None


def _goes_on(text: bytes, start: int) -> bool:
    """Whether one of our names stands behind the first function as well."""
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


def _several(file: str, said: Said, name: str) -> tuple[str, ...]:
    """None, one string or several, as Alembic takes them."""
    value = said.get(name)
    if value is None:
        return ()
    many = (value,) if isinstance(value, str) else value
    if isinstance(many, tuple | list) and all(isinstance(each, str) for each in many):
        return tuple(many)
    raise HistoryError(f"{name} in {file} is {value!r}", "write a string or a tuple of strings")
