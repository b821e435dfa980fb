"""INSERT with data: the bytes go to the engine as a file, not inside the query's text.

chDB cuts inline data at line breaks, which corrupts CSV and most binary formats.
"""

from __future__ import annotations

from analytics.local.embedded.engine.feed import feed
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http.job import Job, statistics
from analytics.local.embedded.http.source import Source
from analytics.local.embedded.sql import disguise
from analytics.local.embedded.sql.cursor import Cursor
from analytics.local.embedded.sql.edits import splice
from analytics.local.embedded.sql.statement import Statement


def takes_data(statement: Statement) -> bool:
    """Whether it is an INSERT that comes with data."""
    return statement.data_at is not None


def run(job: Job) -> dict[str, int]:
    """Feed the data to the INSERT; returns its statistics."""
    source = job.source
    if _fits(source):
        found = statistics(job.run(source.statement.text), source.statement.form)
        job.send(b"", found, rows=False)
        return found
    with feed(source.data, job.services.pool, job.kill) as path:
        text = with_file(source.statement, path, source.codec)
        found = statistics(job.run(text), source.statement.form)
    job.send(b"", found, rows=False)
    return found


def _fits(source: Source) -> bool:
    """Whether the data are VALUES inside the text, which the engine does read right."""
    statement = source.statement
    inline = statement.form == "values" and source.whole
    return inline and bool(statement.text[statement.data_at :].strip())


def with_file(statement: Statement, path: str, codec: str) -> bytes:
    """The INSERT, reading its data from the file at `path`."""
    if statement.form == "input":
        return _through_input(statement, path, codec)
    infile = disguise.from_file(path, codec)
    clause = statement.format
    start = clause.start if clause else statement.tokens[-1].start
    end = clause.end if clause else statement.end
    at = statement.settings_at
    edits = [(start if at is None else at, start if at is None else at, infile)]
    if clause is None:
        edits.append((start, end, b"FORMAT Values"))
    return splice(statement.text[:end], edits)


def _through_input(statement: Statement, path: str, codec: str) -> bytes:
    """`input('structure')` as the table function `file`, which reads the same bytes."""
    clause = statement.format
    row = statement.tokens
    at = next(i for i, t in enumerate(row) if t.word == "INPUT" and row[i + 1].text == b"(")
    cursor = Cursor(row, at + 2)
    structure = cursor.token
    if clause is None or structure is None or structure.kind not in {"string", "heredoc"}:
        raise DBError(36, "input() needs its structure here, as a string")
    cursor.at += 1
    cursor.expect(")")
    reads = f"file('{path}', '{clause.name}', ".encode() + structure.text + f", '{codec}')".encode()
    return splice(statement.text[: clause.start], [(row[at].start, row[cursor.at - 1].end, reads)])
