"""The statements of a text, and the commands of an ALTER TABLE, as runs of tokens."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.sql.phrases import Phrase, runs
from analytics.sql.tokens import Token, tokens

IDENTIFIER = r"(?:[A-Z_][\w$]*+|`|\{ \})"
NAME = rf"(?>{IDENTIFIER}(?: \. {IDENTIFIER})*)"
"""A name in a shape; braces are a query parameter."""

ALTER = rf"ALTER (?:TEMPORARY )?+TABLE (?P<table>{NAME})(?: ON CLUSTER [^ ]+)?+ (?P<commands>.+?)"
SETTINGS = rf"(?: SETTINGS {NAME} = .*)?"
COMMAND = (
    r"(?:ADD|DROP|CLEAR|MODIFY|ALTER|RENAME|MATERIALIZE|RESET|REMOVE|ATTACH|DETACH|REPLACE|MOVE"
    r"|FETCH|FORGET|APPLY|UNLOCK|EXPORT) (?!AS |FROM )[A-Z].*"
    rf"|COMMENT COLUMN.*|DELETE (?:WHERE|IN).*|UPDATE {NAME} =.*|(?:UN)?FREEZE.*"
)
LIST = (
    r"UPDATE.*|MODIFY (?:QUERY|TTL).*|(?:.* )?(?:MODIFY|RESET) SETTING.*"
    r"|(?:ADD|DROP|MODIFY|CLEAR|MATERIALIZE) STATISTICS.*"
)
"""The commands that contain commas of their own."""
NOT_PARALLEL = {"FILL", "TOTALS", "TIES", "ROLLUP", "CUBE"}
"""The words after WITH by which PARALLEL before it is a name."""


def statements(text: str) -> list[Phrase]:
    """The statements of a text, also those that PARALLEL WITH joins."""
    row = tuple(tokens(text.encode()))
    around = zip((None, *row), row, (*row[1:], None), strict=False)
    cuts = [token.start for before, token, after in around if _ends(before, token, after)]
    return [Phrase(run) for run in runs(row, cuts) if run]


def parts(text: str) -> Iterator[tuple[Phrase, Phrase | None]]:
    """The statements of a text; of an ALTER TABLE its commands, each with the table."""
    for statement in statements(text):
        if altered := alter(statement):
            table, commands = altered
            yield from ((command, table) for command in commands)
        else:
            yield statement, None


def alter(statement: Phrase) -> tuple[Phrase, list[Phrase]] | None:
    """The table of an ALTER TABLE, and its commands; None for another statement."""
    match = statement.match(f"{ALTER}{SETTINGS}$")
    if not match:
        return None
    table, commands = statement.part(match, "table"), statement.part(match, "commands")
    if match["commands"].startswith("("):
        return table, [Phrase(piece.tokens[1:-1]) for piece in commands.split(b",")]
    return table, list(_commands(commands))


def _commands(row: Phrase) -> Iterator[Phrase]:
    """The commands of a list; some contain commas of their own."""
    command, *pieces = row.split(b",")
    for piece in pieces:
        if command.match(LIST) and not piece.match(COMMAND):
            command = row.between(command.tokens[0].start, piece.tokens[-1].end)
            continue
        yield command
        command = piece
    yield command


def _ends(before: Token | None, token: Token, after: Token | None) -> bool:
    if token.text == b";":
        return True
    joins = token.word == "WITH" and before is not None and before.word == "PARALLEL"
    return joins and after is not None and after.word not in NOT_PARALLEL
