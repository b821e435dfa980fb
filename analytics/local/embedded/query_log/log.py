"""system.query_log: an append-only file first, which survives kill -9, and the table soon after."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

from analytics.local.embedded.engine.engine import Engine
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals

TABLE = """\
CREATE TABLE IF NOT EXISTS system.query_log
(
    hostname LowCardinality(String) DEFAULT hostName(),
    type Enum8('QueryStart' = 1, 'QueryFinish' = 2,
               'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4),
    event_date Date DEFAULT toDate(event_time),
    event_time DateTime,
    event_time_microseconds DateTime64(6),
    query_start_time DateTime,
    query_start_time_microseconds DateTime64(6),
    query_duration_ms UInt64,
    read_rows UInt64,
    read_bytes UInt64,
    written_rows UInt64,
    written_bytes UInt64,
    result_rows UInt64,
    result_bytes UInt64,
    memory_usage UInt64,
    current_database LowCardinality(String),
    query String,
    formatted_query String,
    normalized_query_hash UInt64 DEFAULT normalizedQueryHash(query),
    query_kind LowCardinality(String),
    databases Array(LowCardinality(String)),
    tables Array(LowCardinality(String)),
    columns Array(LowCardinality(String)),
    exception_code Int32,
    exception String,
    stack_trace String,
    is_initial_query UInt8 DEFAULT 1,
    user LowCardinality(String),
    query_id String,
    address IPv6 DEFAULT '::ffff:127.0.0.1',
    port UInt16,
    initial_user LowCardinality(String) DEFAULT user,
    initial_query_id String DEFAULT query_id,
    initial_address IPv6 DEFAULT address,
    initial_port UInt16 DEFAULT port,
    interface UInt8 DEFAULT 2,
    client_name LowCardinality(String),
    http_method UInt8,
    http_user_agent LowCardinality(String),
    http_referer String,
    log_comment String,
    ProfileEvents Map(LowCardinality(String), UInt64),
    Settings Map(LowCardinality(String), LowCardinality(String))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(event_date)
ORDER BY (event_date, event_time)
SETTINGS non_replicated_deduplication_window = 1000
"""
ENCODER = json.JSONEncoder(ensure_ascii=False)
EVERY = 2.0
"""Seconds between two loads of the file into the table."""
UNKNOWN_TABLE = 60

log = logging.getLogger(__name__)


class QueryLog:
    """The file that takes events, and the thread that loads it into the table."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writing, self.loading = threading.Lock(), threading.Lock()
        self.file: int | None = None
        self.ending = threading.Event()
        engine.run(TABLE)
        self.load()
        self.thread = threading.Thread(target=self._keep_loading, name="query_log", daemon=True)
        self.thread.start()

    def add(self, event: dict[str, Any]) -> None:
        """Append one event (20 us); it is safe from kill -9 from here on."""
        line = ENCODER.encode(event).encode("utf-8", "replace") + b"\n"
        with self.writing:
            if self.file is None:
                path = self.engine.folder / f"query_log.{time.time_ns()}.jsonl"
                self.file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            os.write(self.file, line)

    def load(self) -> None:
        """Bring every event so far into the table."""
        with self.loading:
            with self.writing:
                if self.file is not None:
                    os.close(self.file)
                    self.file = None
                files = sorted(self.engine.folder.glob("query_log.*.jsonl"))
            for file in files:
                self._load(file)

    def close(self) -> None:
        """Load the rest and stop."""
        self.ending.set()
        self.thread.join(5)
        self.load()

    def _load(self, file: Path) -> None:
        """The token keeps a file from counting twice if we died before it was removed."""
        insert = (
            f"INSERT INTO system.query_log FROM INFILE {literals.string(str(file))} "
            f"COMPRESSION 'none' "
            f"SETTINGS insert_deduplication_token = {literals.string(file.name)}, "
            f"input_format_skip_unknown_fields = 1, input_format_allow_errors_num = 100 "
            f"FORMAT JSONEachRow"
        )
        try:
            self.engine.run(insert)
        except DBError as error:
            if error.code != UNKNOWN_TABLE:
                raise
            self.engine.run(TABLE)  # dropped by somebody, which a server allows
            self.engine.run(insert)
        file.unlink()

    def _keep_loading(self) -> None:
        while not self.ending.wait(EVERY):
            if self.file is None:
                continue
            try:
                self.load()
            except DBError as error:
                log.warning("query_log: %s", error.text)
