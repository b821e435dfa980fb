"""chDB over one data folder: its connections, and the one that stays open."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analytics.local.embedded.engine import config, errors
from analytics.local.errors import LocalStackError


class Connection:
    """One engine connection: its own settings, temporary tables and current database."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.database = "default"

    def run(self, sql: str | bytes, form: str = "TSV", params: dict[str, str] | None = None) -> Any:
        """Run one statement; the result has `bytes()` and the counters of rows and bytes."""
        text = sql.encode("utf-8", "surrogateescape") if isinstance(sql, str) else sql
        try:
            result = self.raw.query(text, form, params=params or {})
        except (RuntimeError, ValueError, TypeError) as error:
            raise errors.of_engine(error) from None
        if result.has_error():
            raise errors.of_engine(result.error_message())
        return result

    def close(self) -> None:
        """Let go of it, and of what a failed query left in system.processes."""
        self.raw.close()


class Engine:
    """The engine over one folder.  Kafka tables consume as long as one connection is open."""

    def __init__(self, root: Path, name: str, extra: str = "") -> None:
        self.root, self.name = root.resolve(), name
        self.folder = self.root / config.FOLDER
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = own(self.folder / "lock")
        self.dsn = f"{self.root}?config-file={config.write(self.root, name, extra)}"
        os.environ["TZ"] = "UTC"  # read when the library is loaded
        time.tzset()
        from chdb import _chdb

        self.chdb = _chdb
        self.ahead: deque[Connection] = deque()
        self.opening, self.closed = threading.Lock(), False
        self.keeper = self._first()
        row = self.keeper.run("SELECT version(), timezone()").bytes().decode().split()
        self.version, self.timezone = row

    def connect(self) -> Connection:
        """A fresh connection.  Never share one: a second statement breaks the first."""
        try:
            return self.ahead.popleft()
        except IndexError:
            return Connection(self.chdb.connect(self.dsn))

    def connect_ahead(self) -> None:
        """Have a fresh connection ready (0.3 ms) while no client waits for it."""
        if self.ahead or not self.opening.acquire(blocking=False):
            return
        try:
            if not self.closed:
                self.ahead.append(Connection(self.chdb.connect(self.dsn)))
        finally:
            self.opening.release()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A fresh connection, closed at the end."""
        connection = self.connect()
        try:
            yield connection
        finally:
            connection.close()

    def run(self, sql: str) -> bytes:
        """Run a statement of the server's own; returns its result as TSV or as it says."""
        with self.connection() as connection:
            data: bytes = connection.run(sql).bytes()
            return data

    def close(self) -> None:
        """Stop the engine; the folder is free then."""
        with self.opening:
            self.closed = True
        for connection in (*self.ahead, self.keeper):
            connection.close()
        os.close(self.lock)

    def _first(self) -> Connection:
        try:
            return self.connect()
        except RuntimeError as error:
            raise LocalStackError(
                f"the engine cannot open {self.root} ({error})",
                "look for another process that uses it, and at its configuration",
            ) from error


def own(file: Path) -> int:
    """Lock the folder for this process; returns the descriptor that holds the lock."""
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LocalStackError(
            f"{file.parent.parent} is used by another embedded ClickHouse",
            "stop that one, or name another folder",
        ) from None
    return descriptor
