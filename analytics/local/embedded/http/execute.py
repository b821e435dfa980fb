"""The run of a job's statement, in the way that its kind needs."""

from __future__ import annotations

from analytics.local.embedded.engine.feed import feed
from analytics.local.embedded.http import insert, stream
from analytics.local.embedded.http.external import External
from analytics.local.embedded.http.job import Job, statistics
from analytics.local.embedded.sql.literals import identifier
from analytics.local.embedded.sql.refusals import named_collection
from analytics.local.embedded.sql.statement import STREAMS


def execute(job: Job) -> dict[str, int]:
    """Run the statement and answer; returns its statistics."""
    statement = job.source.statement
    if named_collection(statement.tokens):
        return _named_collection(job)
    if statement.words[:2] == ("KILL", "QUERY"):
        return _kill(job)
    if insert.takes_data(statement):
        return insert.run(job)
    if statement.kind in STREAMS:
        return stream.run(job)
    return _plain(job)


def load(job: Job, external: list[External]) -> None:
    """Put the request's external tables into the connection."""
    for table in external:
        name = identifier(table.name)
        job.connection.run(f"CREATE TEMPORARY TABLE {name} ({table.structure})")
        with feed(iter([table.data]), job.services.pool, job.kill) as path:
            job.connection.run(
                f"INSERT INTO {name} FROM INFILE '{path}' COMPRESSION 'none' FORMAT {table.format}"
            )


def unload(job: Job, external: list[External]) -> None:
    """Take them out again: a session's connection lives on."""
    for table in external:
        job.connection.run(f"DROP TEMPORARY TABLE IF EXISTS {identifier(table.name)}")


def _plain(job: Job) -> dict[str, int]:
    statement = job.source.statement
    result = job.run(statement.text[: statement.end])
    found, data = statistics(result, statement.form), result.bytes()
    if statement.kind == "USE":
        row = job.connection.run("SELECT currentDatabase()").bytes()
        job.connection.database = row.decode().strip()
    job.send(data, found, rows=statement.reads or bool(data))
    return found


def _kill(job: Job) -> dict[str, int]:
    processes, own_id = job.services.processes, job.options.query_id
    data, rows = processes.kill_where(job.source.statement, job.format, own_id)
    found = {"result_rows": rows, "result_bytes": len(data)}
    job.send(data, found)
    return found


def _named_collection(job: Job) -> dict[str, int]:
    job.services.collections.apply(job.source.statement.tokens)
    job.send(b"", {}, rows=False)
    return {}
