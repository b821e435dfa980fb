"""Engine connections for requests: a fresh one, or the one that a session keeps."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from analytics.local.embedded.engine.engine import Connection, Engine
from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.engine.processes import TAG
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals

READONLY = 164
LONGEST = 3600
"""A session's longest time-out, in seconds, as a server has it."""


@dataclass
class Session:
    """A kept connection.  `before` are the values of the settings that a URL changed."""

    connection: Connection
    busy: bool = True
    until: float = 0.0
    before: dict[str, str] = field(default_factory=dict)


class Sessions:
    """The sessions by their session_id."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.all: dict[str, Session] = {}
        self.lock = threading.Lock()

    @contextmanager
    def connection(self, options: Options) -> Iterator[Connection]:
        """A connection with the request's settings and database."""
        if name := options.flags.get("session_id"):
            with self._session(name, options) as session:
                yield session.connection
            return
        with self.engine.connection() as connection:
            prepare(connection, options)
            yield connection

    def close(self) -> None:
        """End all sessions."""
        for session in self.all.values():
            session.connection.close()
        self.all.clear()

    @contextmanager
    def _session(self, name: str, options: Options) -> Iterator[Session]:
        seconds = min(options.number("session_timeout", 60), LONGEST)
        session = self._take(name, must_exist=options.on("session_check"))
        home, failed = session.connection.database, True
        try:
            _restore(session, options.settings)
            _remember(session, options.settings)
            prepare(session.connection, options)
            yield session
            failed = False
        finally:
            _tidy(session.connection, home, options, failed=failed)
            self._release(name, session, seconds=0 if options.on("close_session") else seconds)

    def _take(self, name: str, *, must_exist: bool) -> Session:
        with self.lock:
            self._expire()
            session = self.all.get(name)
            if session is None and must_exist:
                raise DBError(372, f"Session {name} not found")
            if session is None:
                session = self.all[name] = Session(self.engine.connect())
            elif session.busy:
                raise DBError(373, f"Session {name} is locked by a concurrent client")
            session.busy = True
            return session

    def _release(self, name: str, session: Session, *, seconds: float) -> None:
        with self.lock:
            session.until = time.monotonic() + seconds
            session.busy = False
            if not seconds:
                self.all.pop(name).connection.close()

    def _expire(self) -> None:
        now = time.monotonic()
        over = [name for name, s in self.all.items() if not s.busy and s.until < now]
        for name in over:
            self.all.pop(name).connection.close()


def prepare(connection: Connection, options: Options) -> None:
    """Set what the request says; the tag makes the query known under its query_id."""
    try:
        connection.run("SET " + _assignments({TAG: options.query_id, **options.settings}))
    except DBError as error:
        if error.code != READONLY or options.settings:  # a session may have SET readonly = 1
            raise
    if options.database and options.database != connection.database:
        connection.run(f"USE {literals.identifier(options.database)}")


def restrict(connection: Connection, options: Options) -> None:
    """Let the engine, too, keep a request from writing; a session could not take it back."""
    if options.only_reads and "session_id" not in options.flags:
        connection.run(f"SET readonly = {literals.string(options.readonly)}")


def _assignments(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {literals.string(value)}" for name, value in pairs.items())


def _restore(session: Session, settings: Mapping[str, str]) -> None:
    """Settings in a URL are for one request; SET is for the session."""
    gone = {name: value for name, value in session.before.items() if name not in settings}
    if gone:
        session.connection.run("SET " + _assignments(gone))
        session.before = {k: v for k, v in session.before.items() if k not in gone}


def _remember(session: Session, settings: Mapping[str, str]) -> None:
    new = [name for name in settings if name not in session.before]
    if new:
        rows = session.connection.run(
            f"SELECT name, value FROM system.settings WHERE name IN ({literals.strings(new)}) "
            "FORMAT JSONCompactEachRow"
        )
        session.before |= dict(json.loads(row) for row in rows.bytes().splitlines())


def _tidy(connection: Connection, home: str, options: Options, *, failed: bool) -> None:
    """`database=` is for one request; the SET lets go of a failed query's process entry."""
    with suppress(DBError):
        if failed:
            connection.run(f"SET {TAG} = ''")
        if options.database and connection.database == home:
            connection.run(f"USE {literals.identifier(home)}")
