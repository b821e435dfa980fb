"""Statements for ClickHouse, and what each does to rows, measured on a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from clickhouse_sqlalchemy.exceptions import DatabaseException

from analytics.clickhouse import impact
from tests.generated.held import Held
from tests.generated.spelling import BEFORE, spelled
from tests.generated.statement import Judged, Rows, Statement, lost
from tests.generated.statements_of_clickhouse import HARMLESS, LOSING
from tests.rebuild.stage import Stage

TABLE = (
    "(a UInt64, b String, e Enum8('x' = 1, 'y' = 2), d Decimal(9, 2), i Int32 DEFAULT 5, "
    "f Float64, n Nested(x UInt8, y String), l LowCardinality(String), at Date, o Nullable(UInt8)) "
    "ENGINE = MergeTree PARTITION BY a % 2 ORDER BY a"
)
ROWS = (
    "SELECT number + 300, concat('s', toString(number), ' '), 1 + number % 2, "
    "toDecimal32(number, 2) + 1.25, number * 1000 - 3, number / 3, [1, 2], ['p', 'q'], 'low', "
    "toDate('2020-01-01') + number, if(number % 2, NULL, 7) FROM numbers(8)"
)
SETUP = [
    *(f"CREATE TABLE {name} {TABLE}" for name in ("t", "u", "`t x`")),
    *(f"INSERT INTO {name} {ROWS}" for name in ("t", "u", "`t x`", "t")),
    "CREATE TABLE known (a UInt64, b String) ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE log (a UInt64) ENGINE = Log",
    "INSERT INTO log SELECT number FROM numbers(3)",
    "CREATE TABLE into_it (a UInt64) ENGINE = MergeTree ORDER BY a",
    "CREATE MATERIALIZED VIEW own ENGINE = MergeTree ORDER BY a POPULATE AS SELECT a FROM t",
    "CREATE MATERIALIZED VIEW mv TO into_it AS SELECT a FROM u",
    "INSERT INTO into_it SELECT a FROM t",
    "CREATE VIEW v AS SELECT a FROM t",
    "CREATE DICTIONARY dict (a UInt64, b String) PRIMARY KEY a "
    "SOURCE(CLICKHOUSE(TABLE 'known')) LAYOUT(HASHED()) LIFETIME(0)",
]


def statement(random: Random, database: str) -> Statement:
    """A statement in a random spelling."""
    is_harmless = random.random() < 0.4
    plain = random.choice(HARMLESS if is_harmless else LOSING)
    dotted = [f"{database}.{{}}", f"`{database}`.`{{}}`", f'"{database}" . {{}}']
    names = {
        name: [name, f"`{name}`", f'"{name}"', *(each.format(name) for each in dotted)]
        for name in "tu"
    } | {
        "tx": ["`t x`", '"t x"', f"{database}.`t x`"],
        "db": [database, f"`{database}`"],
        "b": ["b", "`b`", '"b"'],
    }
    pieces = [spelled(random, each, names, before=BEFORE) for each in plain.split(" ;; ")]
    return Statement(plain, tuple(pieces), is_harmless)


def judged(seeds: Iterable[int], port: int) -> Iterator[Judged]:
    """Each statement, run on tables of its own."""
    url = f"clickhouse+http://default:@127.0.0.1:{port}"
    admin = Held(url, "default", "")
    for seed in seeds:
        name = f"s{seed}"
        admin.ask(f"CREATE DATABASE {name}")
        stage = Held(url, name, "")
        setup(stage)
        chosen, before = statement(Random(seed), name), rows(admin, name)
        says = impact.of(chosen.text, stage.connection).loses
        error = _sent(stage, chosen)
        gone = tuple(lost(before, rows(admin, name)))
        admin.ask(f"DROP DATABASE IF EXISTS {name}")
        yield Judged(seed, chosen, says, gone, error)


def _sent(stage: Stage, chosen: Statement) -> str:
    """The server's error, if it has refused a piece."""
    try:
        for piece in chosen.pieces:
            stage.ask(piece)
    except DatabaseException as error:
        return str(error.orig)[:300]
    return ""


def setup(stage: Stage) -> None:
    """Tables with rows, and views."""
    for each in [*SETUP, f"CREATE TABLE into_it2 {TABLE}"]:
        stage.ask(each)


def rows(stage: Stage, database: str) -> Rows:
    """The values of each column of each table that keeps rows, by the table's UUID."""
    found: dict[str, dict[str, Counter[Any]]] = {}
    tables = stage.ask(
        "SELECT toString(uuid), name FROM system.tables "
        f"WHERE database = '{database}' AND engine IN ('MergeTree', 'Log')"
    )
    for uuid, name in tables:
        columns = [str(row[0]) for row in stage.ask(f"DESCRIBE TABLE {database}.`{name}`")]
        listed = ", ".join(f"toString(`{each}`)" for each in columns)
        try:
            values = stage.ask(f"SELECT {listed} FROM {database}.`{name}`")
        except DatabaseException:  # it cannot be read any more: all is lost
            values = []
        found[uuid] = {each: Counter(row[n] for row in values) for n, each in enumerate(columns)}
    return found
