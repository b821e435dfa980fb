"""The rewritten statements, run twice on a real ClickHouse."""

import pytest

from analytics.clickhouse.reruns import judge
from tests.clickhouse.statements import ACCESS, GUARDED

pytestmark = pytest.mark.slow  # each test creates an object of every kind again

SETTINGS = {"database": "gate", "allow_experimental_statistics": 1}
GONE = (
    *(f"DROP DATABASE IF EXISTS {name}" for name in ("gate", "gate_d", "gate_e", "gate_made")),
    *(f"DROP FUNCTION IF EXISTS {name}" for name in ("gate_f", "gate_made")),
    *(f"DROP NAMED COLLECTION IF EXISTS {name}" for name in ("gate_c", "gate_made")),
    "DROP WORKLOAD IF EXISTS all",
    "DROP RESOURCE IF EXISTS r",
    "CREATE DATABASE gate",
    "CREATE DATABASE gate_d",
)
EXISTING = (
    """CREATE TABLE t (
        a Int32, b Int32, c Int32 STATISTICS(tdigest),
        INDEX i a TYPE minmax, PROJECTION p (SELECT a ORDER BY a), CONSTRAINT l CHECK a < 9
    ) ENGINE = MergeTree ORDER BY ()""",
    "CREATE TABLE u (a Int32) ENGINE = Memory",
    "CREATE VIEW v AS SELECT 1",
    """CREATE DICTIONARY d (a Int64) PRIMARY KEY a SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)""",
    "CREATE TABLE away (a Int32) ENGINE = Log",
    "DETACH TABLE away",
    "CREATE FUNCTION gate_f AS x -> x",
    "CREATE NAMED COLLECTION gate_c AS a = 1",
)


@pytest.fixture
def sql(server):
    """Runs a statement in a database that has an object of every kind."""
    for statement in GONE:
        server.sql(statement)
    for statement in EXISTING:
        server.sql(statement, **SETTINGS)
    return lambda statement: server.send(statement.encode(), **SETTINGS)


@pytest.mark.parametrize("text", [text for text, _ in GUARDED])
def test_without_its_guard_a_statement_fails_on_the_second_run(sql, text):
    answers = [sql(text), sql(text)]

    assert [answer.status_code == 200 for answer in answers] == [True, False], answers[0].text


@pytest.mark.parametrize("text", [text for text, _ in GUARDED])
def test_the_rewritten_statement_runs_twice(sql, text):
    rewritten = judge(text).rewrite

    answers = [sql(rewritten), sql(rewritten)]

    assert [answer.text for answer in answers] == ["", ""]


@pytest.mark.parametrize(("text", "rewritten"), ACCESS)
def test_a_rewritten_statement_about_access_can_be_read(server, text, rewritten):
    assert judge(text).rewrite == rewritten
    assert judge(rewritten) is None
    assert server.sql(f"EXPLAIN AST {rewritten}")
