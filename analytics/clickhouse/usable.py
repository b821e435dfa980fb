"""The definitions that an operation can use: created empty, and known again by their label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analytics.clickhouse import clauses, reruns
from analytics.clickhouse.definition import COMMENTED, Definition, parse
from analytics.errors import DefinitionError
from analytics.sql.tokens import Token, tokens


def definition(name: str, text: str) -> Definition:
    """A (filled) definition; DefinitionError if it cannot be used."""
    found = parse(name, text)
    if reason := reruns.filling(found.text):
        raise DefinitionError(
            f"the definition of {name} fills what it creates ({reason})",
            "create it empty, and fill it by op.run_sql or op.rebuild_view",
        )
    if found.kind in COMMENTED:
        for fault, remedy in _unlabelled(found.kind, tuple(tokens(found.text.encode()))):
            raise DefinitionError(f"the definition of {name} {fault}", remedy)
    return found


def _unlabelled(kind: str, row: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Why an object cannot carry its label, each with a remedy."""
    if any(w.word == "COMMENT" and not w.depth and t.kind == "string" for w, t in pairwise(row)):
        yield (
            "has a COMMENT, in whose place the label must be by which the object is known again",
            "write the text behind -- in the file, or as the COMMENT of a column",
        )
    if kind == "TABLE" and _is_of_function(row):
        yield (
            "creates a table AS a table function, which keeps no label to know it again by",
            "create a VIEW that selects from the function",
        )


def _is_of_function(row: Sequence[Token]) -> bool:
    """Whether it is AS name(...)."""
    place = clauses.body(row)
    after = row[place + 1 : place + 3] if place is not None else ()
    return len(after) > 1 and after[0].names and after[1].text == b"("
