"""Generated views, many pieces: target and all below it are what one computation gives."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.rebuild.outline import Goal
from tests.rebuild.chain import DEFINITIONS
from tests.rebuild.stage import Stage

CONDITIONS = ("true", "v > 3 OR k = 1", "k = 1 OR v < 2 AND k != 2", "id % 3 = 0 OR false")
AGGREGATE = {
    "plain": "SELECT k, count() AS n, sum(v) AS s FROM src WHERE {where} GROUP BY k",
    "alias equal to a source column": (
        "SELECT k, count() AS n, sum(v) AS s FROM (SELECT k + 0 AS k, v * 2 AS v, id FROM src) "
        "WHERE {where} GROUP BY k"
    ),
    "alias that shadows the key": (
        "SELECT id % 5 AS k, count() AS n, sum(v) AS s FROM src WHERE {where} GROUP BY k"
    ),
    "cte": (
        "WITH few AS (SELECT k, v, id FROM src WHERE {where}) "
        "SELECT k, count() AS n, sum(v) AS s FROM few GROUP BY k"
    ),
    "array join": (
        "SELECT k, count() AS n, sum(x) AS s FROM src ARRAY JOIN [v, 1] AS x "
        "WHERE {where} GROUP BY k"
    ),
    "distinct": (
        "SELECT k, count() AS n, sum(v) AS s "
        "FROM (SELECT DISTINCT k, v, 0 AS id FROM src) WHERE {where} GROUP BY k"
    ),
    "limit by": (
        "SELECT k, count() AS n, sum(v) AS s "
        "FROM (SELECT k, v, id FROM src ORDER BY v, id LIMIT 2 BY k) WHERE {where} GROUP BY k"
    ),
    "right join": (
        "SELECT k, count() AS n, sum(v) AS s FROM (SELECT few.k AS k, v, id FROM src "
        "RIGHT JOIN (SELECT number AS k FROM numbers(9)) AS few ON src.k = few.k) "
        "WHERE {where} GROUP BY k"
    ),
    "having": (
        "SELECT k, count() AS n, sum(v) AS s FROM src WHERE {where} GROUP BY k HAVING n > 1"
    ),
}
TABLE = "CREATE TABLE {} (k UInt64, n UInt64, s UInt64) ENGINE = SummingMergeTree ORDER BY k"
BELOW = (
    "CREATE MATERIALIZED VIEW {0}_mv TO {0} AS "
    "SELECT k % 3 AS k, sum(n) AS n, sum(s) AS s FROM {1} GROUP BY k"
)
ROWS = "SELECT k, sum(n), sum(s) FROM {} GROUP BY k HAVING sum(n) + sum(s) != 0 ORDER BY k"


def prepare(stage: Stage, select: str) -> None:
    """A chain of three below a source; its first view gets `select` as its second version."""
    for name in ("low_mv", "lower_mv", "twin_mv", "top_mv", "top", "twin", "low", "lower", "src"):
        kind = "VIEW" if name.endswith("_mv") else "TABLE"
        stage.ask(f"DROP {kind} IF EXISTS {name}")
        stage.ask(f"DROP {kind} IF EXISTS {name}__prev")
    plain = AGGREGATE["plain"].format(where="true")
    DEFINITIONS.update(
        src=[
            "CREATE TABLE src (id UInt64, k UInt64, v UInt64) ENGINE = MergeTree "
            "PARTITION BY id % 2 ORDER BY id SETTINGS index_granularity = 16"
        ],
        top=[TABLE.format("top")],
        low=[TABLE.format("low")],
        lower=[TABLE.format("lower")],
        top_mv=[
            f"CREATE MATERIALIZED VIEW top_mv TO top AS {plain}",
            f"CREATE MATERIALIZED VIEW top_mv TO top AS {select}",
        ],
        twin_mv=[
            "CREATE MATERIALIZED VIEW twin_mv TO top AS "
            "SELECT k + 100 AS k, count() AS n, toUInt64(0) AS s FROM src GROUP BY k"
        ],
        low_mv=[BELOW.format("low", "top")],
        lower_mv=[BELOW.format("lower", "low")],
    )
    stage.create("src", "top", "low", "lower", "top_mv", "twin_mv", "low_mv", "lower_mv")


@pytest.mark.slow
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "8")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    shape=st.sampled_from(list(AGGREGATE)),
    where=st.sampled_from(CONDITIONS),
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=4),
    chunk=st.integers(200, 4000),
)
def test_a_rebuilt_chain_is_what_one_computation_gives(shape, where, sizes, chunk, batch):
    select = AGGREGATE[shape].format(where=where)
    prepare(batch, select)
    start = 0
    for size in sizes:
        batch.ask(
            f"INSERT INTO src SELECT number + {start}, number % 7, number % 6 FROM numbers({size})"
        )
        start += size

    batch.rebuild(Goal("top_mv", {"top_mv": 2}), chunk=chunk)

    wanted = f"SELECT k, sum(n) AS n, sum(s) AS s FROM ({select} UNION ALL "
    wanted += "SELECT k + 100 AS k, count() AS n, toUInt64(0) AS s FROM src GROUP BY k) GROUP BY k"
    below = f"SELECT k % 3 AS k, sum(n) AS n, sum(s) AS s FROM ({wanted}) GROUP BY k"
    assert batch.ask(ROWS.format("top")) == batch.ask(ROWS.format(f"({wanted})"))
    assert batch.ask(ROWS.format("low")) == batch.ask(ROWS.format(f"({below})"))
    assert batch.ask(ROWS.format("lower")) == batch.ask(ROWS.format(f"({below})"))
