"""Statements for PostgreSQL, and what each does to rows, measured on a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import psycopg

from analytics.postgres import impact
from tests.generated.spelling import spelled
from tests.generated.statement import Judged, Rows, Statement, lost
from tests.generated.statements_of_postgres import HARMLESS, LOSING

Connection = psycopg.Connection[Any]
COLUMNS = (
    "a int PRIMARY KEY, b text, v varchar(20), n numeric(10, 2), s smallint, l bigint, f float8, "
    'r real, c char(5), at timestamp(3), tz timestamptz, j json, jb jsonb, "C d" text, '
    "m mood, w numeric, d date, o dom, p pair, y text COLLATE ours"
)
ROWS = (
    "SELECT n, 'b' || n, 'v' || n, n + 0.25, n, 9007199254740993 + n, n / 3.0, n / 4.0, 'c' || n, "
    "'2020-01-01 10:00:00.123'::timestamp, '2020-01-01 10:00:00.123456+02', "
    "'{\"a\": 1, \"a\": 2}', '{\"b\": 1}', 'd' || n, 'ok', 0.123456789012345678901 + n, "
    "'2020-01-01', n, (n, 'x')::pair, 'y' || n FROM generate_series(1, 6) AS n"
)
SETUP = [
    "CREATE SCHEMA one",
    "SET search_path = one",
    "CREATE TYPE mood AS ENUM ('ok', 'bad')",
    "CREATE DOMAIN dom AS int",
    "CREATE TYPE pair AS (x int, y text)",
    'CREATE COLLATION ours FROM "C"',
    *(f"CREATE TABLE {name} ({COLUMNS})" for name in ("t", "u", '"T x"')),
    *(f"INSERT INTO {name} {ROWS}" for name in ("t", "u", '"T x"')),
    "CREATE TABLE child (k int REFERENCES t (a) ON DELETE CASCADE)",
    "INSERT INTO child SELECT a FROM t",
    "CREATE TABLE whole (k int) PARTITION BY LIST (k)",
    "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1)",
    "INSERT INTO whole VALUES (1)",
    "CREATE VIEW w AS SELECT a FROM u",
    "CREATE MATERIALIZED VIEW mw AS SELECT a FROM u",
    "CREATE INDEX ix ON t (b)",
    "CREATE FUNCTION gone() RETURNS int LANGUAGE sql AS 'SELECT 1'",
]


BEFORE = ["", "", "\n", "-- a comment; DROP TABLE x\n", "/* it's */ ", "/* a /* nested; */ b */ "]


def statement(random: Random) -> Statement:
    """A statement in a random spelling."""
    is_harmless = random.random() < 0.4
    plain = random.choice(HARMLESS if is_harmless else LOSING)
    names = {
        name: [name, name.upper(), f'"{name}"', f"one.{name}", f'"one" . "{name}"'] for name in "tu"
    } | {"tx": ['"T x"', 'one."T x"'], "cd": ['"C d"']}
    pieces = tuple(spelled(random, each, names, before=BEFORE) for each in plain.split(" ;; "))
    return Statement(plain, pieces, is_harmless)


def judged(seeds: Iterable[int], url: str) -> Iterator[Judged]:
    """Each statement, run in a transaction that is rolled back."""
    with psycopg.connect(url, autocommit=True) as connection:
        for each in SETUP:
            connection.execute(each)
        for seed in seeds:
            yield _judged(connection, seed)


def _judged(connection: Connection, seed: int) -> Judged:
    chosen, before, error = statement(Random(seed)), rows(connection), ""
    says = impact.of(chosen.text, connection).loses
    connection.execute("DEALLOCATE ALL")
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                for piece in chosen.pieces:
                    connection.execute(piece)
        except psycopg.Error as refused:
            error = str(refused)[:300]
        after = rows(connection)
    return Judged(seed, chosen, says, tuple(lost(before, after)), error)


TABLES = """
SELECT c.oid, c.oid::regclass::text, array_agg(a.attnum ORDER BY a.attnum),
    array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace('one') AND a.attnum > 0
    AND NOT a.attisdropped
GROUP BY c.oid"""


def rows(connection: Connection) -> Rows:
    """The values of each column of each table, by the table's oid and the column's number."""
    found = {}
    for oid, name, numbers, columns in connection.execute(TABLES).fetchall():
        listed = ", ".join(f"{each}::text" for each in columns)
        values = connection.execute(f"SELECT {listed} FROM {name}").fetchall()
        found[oid] = {each: Counter(row[n] for row in values) for n, each in enumerate(numbers)}
    return found
