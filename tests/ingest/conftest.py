"""An embedded ClickHouse with what stands between the landing table and the aggregates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from analytics.clickhouse.definition import Definition, parse
from analytics.definitions import OBJECTS
from analytics.directive import Resources
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.stores import STORES
from tests.conftest import ROOT
from tests.local.embedded.serving import Serving, start
from tests.ours import DEMO

KINDS = ("TABLE", "MATERIALIZED VIEW")
KAFKA = re.compile(r"ENGINE = (Kafka|Null)|FROM raw_events_kafka")
PROCESSED = ("events_processed", "assignments_processed")
COLUMNS = "(message, topic, partition, offset)"


@dataclass(frozen=True)
class Pipeline:
    """The landing table and what its views feed."""

    server: Serving
    tables: list[str]
    offsets: Iterator[int]

    def insert(self, messages: Iterable[bytes]) -> list[int]:
        """One INSERT of messages, byte for byte, which must succeed; their offsets."""
        offsets, rows = [], []
        for message in messages:
            offsets.append(next(self.offsets))
            rows.append(_text(message) + _text(b"t") + _number(0) + _number(offsets[-1]))
        query = f"INSERT INTO raw_events {COLUMNS} FORMAT RowBinary"
        answer = self.server.send(b"".join(rows), query=query)
        assert answer.status_code == 200, answer.text
        return offsets

    def rows(self, query: str) -> list[Any]:
        """The rows of a query: each a list, or the value itself if there is one column."""
        lines = self.server.sql(f"{query} FORMAT JSONCompactEachRow").splitlines()
        found = [json.loads(line) for line in lines]
        return [row[0] if len(row) == 1 else row for row in found]


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")


def _text(value: bytes) -> bytes:
    """As RowBinary has it: length in groups of seven bits, then the bytes."""
    length, prefix = len(value), bytearray()
    while length > 127:
        prefix.append(length & 127 | 128)
        length >>= 7
    return bytes([*prefix, length]) + value


def definitions() -> list[Definition]:
    """Tables and materialized views of the history, without those that read Kafka."""
    script = ScriptDirectory.from_config(
        Config(str(ROOT / "alembic.ini"), ini_section="clickhouse")
    )
    names = placeholders(DEMO, lenient=True)
    resources = Resources(STORES["clickhouse"], DEMO, names, ROOT / "migrations_ch")
    created = dry_run.objects(script, resources).values()
    texts = {c.object: resources.read(OBJECTS, c.object, version=c.version) for c in created}
    return [
        definition
        for definition in (parse(name, names.fill(text)) for name, text in texts.items())
        if definition.kind in KINDS and not KAFKA.search(definition.text)
    ]


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    made = definitions()
    tables = [definition.name for definition in made if definition.kind == "TABLE"]
    tables += [f"seen_{table}" for table in PROCESSED]
    serving = start(tmp_path_factory.mktemp("ingest") / "data")
    try:
        for definition in made:
            serving.sql(definition.text)
        for table in PROCESSED:  # rows as they came: tables like these keep one of a key
            serving.sql(
                f"CREATE MATERIALIZED VIEW seen_{table} ENGINE = MergeTree ORDER BY version "
                f"AS SELECT version FROM {table}"
            )
        yield Pipeline(serving, tables, count())
    finally:
        serving.stop()


@pytest.fixture
def pipeline(database: Pipeline) -> Pipeline:
    """With empty tables."""
    for table in database.tables:
        database.server.sql(f"TRUNCATE TABLE {table}")
    return database
