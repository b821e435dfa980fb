"""A comparison of two sets of rows of one table, column by column for each key.

The rows of a key are combined as the engine does it: states are merged, numbers of a summing table
are added, of a replacing table the newest row is taken; any other table must hold the same rows. A
column that depends on the order in which rows came is not compared, and is reported as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.rebuild import engines, mismatch, objects, probes, rewrite
from analytics.rebuild.merged import SIDE
from analytics.rebuild.question import KEY, WRONG, Answer, Question
from analytics.rebuild.server import Server, quoted
from analytics.sql.tokens import literal, tokens

SHOWN = 5  # keys

SORTING_KEY = """
SELECT sorting_key
FROM system.tables
WHERE database = currentDatabase() AND name = %(table)s"""

KEYED = """
SELECT concat(sorting_key, ', ', partition_key)
FROM system.tables
WHERE database = currentDatabase() AND name = %(table)s"""


@dataclass(frozen=True)
class Difference:
    """The keys of a table whose rows differ."""

    table: str
    keys: int  # how many differ
    shown: tuple[str, ...]  # some of them, each with its columns

    def __str__(self) -> str:
        """One line for a person."""
        more = f" and {self.keys - len(self.shown)} more" if self.keys > len(self.shown) else ""
        return f"{self.table}: {'; '.join(self.shown)}{more}"


@dataclass(frozen=True)
class Compared:
    """The result of comparing one table."""

    table: str
    keys: int
    difference: Difference | None
    left_out: tuple[str, ...]  # columns that cannot be compared, each with the reason


def compare(server: Server, table: str, asked: Question, settings: str) -> Compared:
    """Compare the rows of two sides; Refused for an engine that a rebuild does not support."""
    return answered(server, table, mismatch.query(asked), settings)


def question(
    server: Server,
    like: str,
    sides: tuple[Sequence[str], Sequence[str]],
    columns: Sequence[str],
    keep: str,
) -> Question:
    """What is compared: the rows of two sides, each one or several tables built like `like`.

    `columns` are those that views write, `keep` is the condition on the rows that are compared.
    """
    kept = {name for name, word in probes.kinds(server, like).items() if word != "EPHEMERAL"}
    wanted = kept.intersection([*columns, *engines.sign(objects.look(server, like))])
    types = {name: kind for name, kind in probes.columns(server, like) if name in wanted}
    rows = _rows(server, sides, list(types), keep)

    def kinds(aggregates: list[str]) -> list[str]:
        named = (f"{each} AS {quoted(f'{n} of comparison')}" for n, each in enumerate(aggregates))
        query = f"SELECT {', '.join(named)} FROM (\n{rows}\n)"
        return [kind for _, kind in probes.described(server, query)] if aggregates else []

    by = keys(server, like, set(columns))
    keyed = frozenset(rewrite.words(str(server.one(KEYED, table=like))))
    return Question(objects.look(server, like), types, by, rows, kinds, keyed)


def answered(server: Server, table: str, answer: Answer, settings: str) -> Compared:
    """What the server says to a query, in the words of a person."""
    doubts = f"[{', '.join(map(literal, answer.doubts))}]::Array(String)"
    wrong = f"arrayFilter(x -> NOT has({doubts}, x), {WRONG})"
    shown = f"concat({KEY}, ' (', arrayStringConcat({wrong}, ', '), ')')"
    ((count, differing, examples, doubtful),) = server.ask(
        f"SELECT count(), countIf(notEmpty({wrong})), "
        f"arrayStringConcat(groupArrayIf({SHOWN})({shown}, notEmpty({wrong})), '\\n'), "
        f"arrayStringConcat(groupUniqArrayArray(arrayIntersect({doubts}, {WRONG})), '\\n')\n"
        f"FROM\n(\n{answer.query}\n)\n{settings}"
    )
    unsure = [f"{name}: {answer.doubts[name]}" for name in doubtful.split("\n") if name]
    lines = tuple(examples.split("\n"))
    difference = Difference(table, int(differing), lines) if differing else None
    return Compared(table, int(count), difference, (*answer.left_out, *unsure))


def keys(server: Server, table: str, columns: set[str]) -> list[str]:
    """The expressions of the sorting key that use none of the table's other columns."""
    sorting_key = str(server.one(SORTING_KEY, table=table))
    others = {name for name, _ in probes.columns(server, table)} - columns
    return [each for each in _split(sorting_key) if not rewrite.words(each) & others]


def _split(key: str) -> list[str]:
    """The expressions between the commas that are outside brackets."""
    raw = key.encode()
    cuts = [token.start for token in tokens(raw) if token.text == b"," and not token.depth]
    ends = zip((-1, *cuts), (*cuts, len(raw)), strict=True)
    return [raw[start + 1 : end].decode().strip() for start, end in ends] if key else []


def _rows(
    server: Server, sides: tuple[Sequence[str], Sequence[str]], columns: list[str], keep: str
) -> str:
    listed = ", ".join(map(quoted, columns))
    return "\nUNION ALL\n".join(
        f"SELECT {side} AS {SIDE}, {listed} FROM {server.name(table)} WHERE {keep}"
        for side, tables in enumerate(sides)
        for table in tables
    )
