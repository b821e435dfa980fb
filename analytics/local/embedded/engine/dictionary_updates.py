"""The reload of dictionaries whose LIFETIME is over: the library alone never does it."""

from __future__ import annotations

import logging
import threading

from analytics.local.embedded.engine.engine import Engine
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.literals import identifier

log = logging.getLogger(__name__)
EVERY = 1.0
"""Seconds between two looks."""

DUE = """
SELECT database, name
FROM system.dictionaries
WHERE status IN ('LOADED', 'FAILED')
  AND lifetime_max > 0
  AND now() >= loading_start_time + lifetime_min + rand() % (lifetime_max - lifetime_min + 1)
FORMAT TSV"""


class DictionaryUpdates:
    """Reloads loaded dictionaries at some moment between MIN and MAX of their LIFETIME."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, name="dictionaries", daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop; a reload that runs is waited for."""
        self.ended.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.ended.wait(EVERY):
            for line in self.engine.run(DUE).decode().splitlines():
                self._reload(*line.split("\t"))

    def _reload(self, database: str, name: str) -> None:
        try:
            self.engine.run(f"SYSTEM RELOAD DICTIONARY {identifier(database)}.{identifier(name)}")
        except DBError as error:  # its source is away: it keeps what it has, and is tried again
            log.debug("dictionary %s.%s was not reloaded: %s", database, name, error)
