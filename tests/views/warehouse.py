"""The ClickHouse under test: ledgers go in as messages, reports come out as typed rows."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import requests

from tests.views.compare import Row, differences
from tests.views.ledger import Experiment, Ledger, within
from tests.views.messages import messages
from tests.views.oracle import REPORTS

SETTINGS = {
    "output_format_json_quote_decimals": 1,
    "output_format_json_quote_denormals": 1,
    "output_format_json_quote_64bit_integers": 0,
}
Batch = list[tuple[int, str]]  # offsets and messages
Order = Callable[[Sequence[str]], Iterator[Batch]]
MERGE: Batch = []  # in the place of a batch

FORMAT = "FORMAT JSONCompactEachRowWithNamesAndTypes"


@dataclass(frozen=True)
class Warehouse:
    """A database with the reports; `publish` makes experiments known to its dictionaries."""

    url: str
    database: str
    publish: Callable[[Warehouse, Sequence[Experiment]], None]

    def load(self, ledger: Ledger, order: Order) -> Ledger:
        """Deliver a ledger under fresh names; the ledger with those."""
        prefix = f"{secrets.token_hex(6)}:"
        book = within(ledger, prefix)
        self.publish(self, book.experiments)
        for batch in order(messages(book)):
            self.insert(batch, topic=prefix) if batch else self.optimize()
        return book

    def differences(self, *books: Ledger) -> list[str]:
        """How the reports differ from the oracle, for ledgers that are loaded or arrived."""
        return [
            f"{name}: {line}"
            for name, report in REPORTS.items()
            for line in differences(
                self.report(name, *books),
                [row for book in books for row in report.rows(book)],
                key=report.key,
            )
        ]

    def report(self, name: str, *books: Ledger) -> list[Row]:
        """The rows of a report that belong to the experiments and users of ledgers."""
        owner = "user_id" if name == "conversion_attribution" else "experiment_id"
        mine = " OR ".join(f"startsWith({owner}, '{book.prefix}')" for book in books)
        return self.rows(f"SELECT * FROM {name} WHERE {mine}")

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, as Python values."""
        lines = [json.loads(line) for line in self.query(f"{query} {FORMAT}").splitlines()]
        names, types = lines[:2]
        return [
            {name: typed(kind, value) for name, kind, value in zip(names, types, row, strict=True)}
            for row in lines[2:]
        ]

    def insert(self, batch: Batch, *, topic: str) -> None:
        """Messages with their offsets, as one INSERT."""
        rows = (
            json.dumps({"message": text, "topic": topic, "partition": 0, "offset": offset})
            for offset, text in batch
        )
        insert = "INSERT INTO raw_events (message, topic, partition, offset) FORMAT JSONEachRow\n"
        self.query(insert + "\n".join(rows))

    def optimize(self) -> None:
        """Merge the parts of every table."""
        tables = "SELECT name FROM system.tables WHERE database = currentDatabase()"
        for row in self.rows(f"{tables} AND engine LIKE '%MergeTree'"):
            self.query(f"OPTIMIZE TABLE {row['name']} FINAL")

    def query(self, text: str) -> str:
        """The answer's text; an error is the server's own words."""
        answer = requests.post(
            self.url, params={"database": self.database} | SETTINGS, data=text.encode(), timeout=120
        )
        assert answer.ok, answer.text
        return answer.content.decode()


def in_order(texts: Sequence[str]) -> Iterator[Batch]:
    """Every message once, in the log's order."""
    yield list(enumerate(texts))


def backwards(texts: Sequence[str]) -> Iterator[Batch]:
    """The last message first, each in an INSERT of its own, and then all once more."""
    numbered = list(enumerate(texts))
    yield from ([each] for each in reversed(numbered))
    yield numbered


def at_random(rng: random.Random) -> Order:
    """All messages in random order, some of them again, in a few batches; merges in between."""

    def order(texts: Sequence[str]) -> Iterator[Batch]:
        numbered = list(enumerate(texts))
        again = [each for each in numbered if rng.random() < 0.25]
        elsewhere = [(len(texts) + at, text) for at, text in again if rng.random() < 0.5]
        deliveries = [*numbered, *again, *elsewhere]
        rng.shuffle(deliveries)
        while deliveries:
            size = rng.randint(1, len(deliveries))
            yield deliveries[:size]
            del deliveries[:size]
            if rng.random() < 0.2:
                yield MERGE

    return order


def typed(kind: str, value: object) -> object:
    """A JSON value as the ClickHouse type says."""
    for wrapper in ("LowCardinality(", "Nullable("):
        if kind.startswith(wrapper):
            kind = kind.removeprefix(wrapper)[:-1]
    convert = next((each for start, each in TYPES.items() if kind.startswith(start)), None)
    return value if value is None or convert is None else convert(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TYPES: dict[str, Callable[..., object]] = {
    "Float": float,
    "Decimal": Decimal,
    "DateTime": _moment,
    "Date": date.fromisoformat,
    "Bool": int,
}
