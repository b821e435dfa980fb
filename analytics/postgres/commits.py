"""The commits of a revision before its end: what they commit is recorded in the journal with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection, event

from analytics.journal.steps import Steps
from analytics.postgres.journal import PostgresJournal


@contextmanager
def recorded(connection: Connection, steps: Steps) -> Iterator[None]:
    """While the function of a revision runs: each commit takes the lines of its steps along."""

    def commit(committing: Connection) -> None:
        own: Any = committing.connection.dbapi_connection
        journal = cast(PostgresJournal, steps.journal)
        steps.held.record(replace(journal, connection=own))

    event.listen(connection, "commit", commit)
    try:
        yield
    finally:
        event.remove(connection, "commit", commit)
        steps.held.end()
