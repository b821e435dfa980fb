"""The services of one running server, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from analytics.local.embedded.collections.registry import NamedCollections
from analytics.local.embedded.engine.dictionary_updates import DictionaryUpdates
from analytics.local.embedded.engine.engine import Engine
from analytics.local.embedded.engine.processes import Processes
from analytics.local.embedded.engine.sessions import Sessions
from analytics.local.embedded.query_log.log import QueryLog

WORKERS = 256


@dataclass(frozen=True)
class Services:
    """The engine and the server's own books."""

    engine: Engine
    users: Mapping[str, str]
    processes: Processes
    query_log: QueryLog
    sessions: Sessions
    collections: NamedCollections
    dictionaries: DictionaryUpdates
    pool: ThreadPoolExecutor

    def stop(self, patience: float) -> None:
        """Let running queries end, kill the rest, and close the folder."""
        self.dictionaries.close()
        self.processes.close(patience)
        self.sessions.close()
        self.query_log.close()
        self.engine.close()


def start(root: Path, users: Mapping[str, str], *, name: str, extra: str) -> Services:
    """Open the folder and everything over it."""
    engine = Engine(root, name, extra)
    return Services(
        engine=engine,
        users=users,
        processes=Processes(engine),
        query_log=QueryLog(engine),
        sessions=Sessions(engine),
        collections=NamedCollections(engine),
        dictionaries=DictionaryUpdates(engine),
        pool=ThreadPoolExecutor(WORKERS, thread_name_prefix="engine"),
    )
