"""The rows and values of a table that another computation of it does not make."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from analytics.rebuild import comparison, mismatch, rewrite
from analytics.rebuild.comparison import Compared, Difference
from analytics.rebuild.equality import raw
from analytics.rebuild.server import Server, quoted
from analytics.sql.tokens import literal, tokens, unquoted

DEFAULTS = """
SELECT name, type, default_kind, default_expression
FROM system.columns
WHERE database = currentDatabase() AND table = %(table)s
ORDER BY position"""

CHANCE = re.compile(
    r"now|now64|nowInBlock.*|today|yesterday|(?:current|utc)_?\w+|rand.*|canonicalRand|generate.*"
    r"|rowNumber.*|blockNumber",
    re.I,
)
"""The functions that give another value at another time."""


def missing(
    server: Server,
    table: str,
    sides: tuple[str, str],
    *,
    written: Collection[str],
    is_divided: bool,
    settings: str,
) -> Compared:
    """What the first side, rows of `table`, has and the second lacks, column by column.

    `written` are the columns that its views write. Where rows depend on the blocks in which they
    came, only the keys are compared.
    """
    written = {*written, *_by_ephemeral(server, table)}
    defaults, left_out = _lasting(server, table, written)
    columns = [name for name in defaults if name in written]
    asked = comparison.question(server, table, ([sides[0]], [sides[1]]), columns, "true")
    query = mismatch.query if is_divided else mismatch.presence
    compared = comparison.answered(server, table, query(replace(asked, losses=True)), settings)
    others = {name: text for name, text in defaults.items() if name not in written}
    difference = compared.difference
    if filled := tuple(_filled(server, sides, others)):
        former = difference or Difference(table, 0, ())
        difference = Difference(table, former.keys + len(filled), (*former.shown, *filled))
    left_out = [*compared.left_out, *left_out]
    return replace(compared, difference=difference, left_out=tuple(left_out))


def _filled(server: Server, sides: tuple[str, str], defaults: Mapping[str, str]) -> Iterator[str]:
    """The columns that no view writes, and that the first side has filled in more rows."""
    counted = [f"countIf({raw(quoted(name))} != {raw(text)})" for name, text in defaults.items()]
    if not counted:
        return
    served, made = (
        server.ask(f"SELECT {', '.join(counted)} FROM {server.name(side)}")[0] for side in sides
    )
    for name, count, others in zip(defaults, served, made, strict=True):
        if int(count) > int(others):
            yield f"{name}, which no view writes, is filled in {int(count) - int(others):,} rows"


def _by_ephemeral(server: Server, table: str) -> Iterator[str]:
    """The columns whose default is made of an EPHEMERAL one, which a view may write."""
    columns = server.ask(DEFAULTS, table=table)
    ephemeral = {name for name, _, word, _ in columns if word == "EPHEMERAL"}
    for name, _, word, expression in columns:
        if word == "DEFAULT" and rewrite.words(expression) & ephemeral:
            yield str(name)


def _calls(expression: str) -> Iterator[str]:
    """The names of the functions in an expression."""
    for name, sign in pairwise(tokens(expression.encode())):
        if name.names and sign.text == b"(":
            yield unquoted(name)


def _lasting(
    server: Server, table: str, written: Collection[str]
) -> tuple[dict[str, str], list[str]]:
    """The columns that keep the values that came, each with its default as an expression.

    And the reasons why others do not: another INSERT gives them another value.
    """
    anew: dict[str, str] = {}
    lasting: dict[str, str] = {}
    for name, kind, word, expression in server.ask(DEFAULTS, table=table):
        by_chance = any(map(CHANCE.fullmatch, _calls(expression)))
        is_made = word == "DEFAULT" and name not in written
        if is_made and (by_chance or rewrite.words(expression) & anew.keys()):
            anew[name] = f"{name}: its DEFAULT {expression} gives another value now"
        elif word in ("", "DEFAULT"):
            given = expression or f"defaultValueOfTypeName({literal(kind)})"
            lasting[str(name)] = f"CAST({given} AS {kind})"
    return lasting, list(anew.values())
