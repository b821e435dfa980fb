"""Objects as a server has them: which kind they are, whether rows are lost with them."""

import pytest
from sqlalchemy import create_engine

from analytics.clickhouse.existing import find

OBJECTS = {
    "TABLE t (n Int8) ENGINE = MergeTree ORDER BY n": ("TABLE", True, False),
    "TABLE t (n Int8) engine MergeTree ORDER BY n": ("TABLE", True, False),
    "TABLE t (n Int8 PRIMARY KEY)": ("TABLE", True, False),
    "TABLE t AS source": ("TABLE", True, False),
    "TABLE t AS numbers(3)": ("TABLE", True, False),  # unknown engines count as full
    "TABLE t (n Int8) ENGINE = Memory": ("TABLE", True, False),
    "TABLE t (n Int8) ENGINE = Log": ("TABLE", True, False),
    "TABLE t (n Int8) ENGINE = Join(ANY, LEFT, n)": ("TABLE", True, False),
    "TABLE t (n Int8) ENGINE = EmbeddedRocksDB PRIMARY KEY n": ("TABLE", True, False),
    "TABLE t (n Int8) ENGINE = Buffer(currentDatabase(), source, 1, 1, 1, 1, 1, 1, 1)": (
        "TABLE",
        True,
        False,
    ),
    "TABLE t (n Int8) ENGINE = Null": ("TABLE", False, False),
    "TABLE t (n Int8) ENGINE = Merge(currentDatabase(), 'x')": ("TABLE", False, False),
    "VIEW t AS SELECT 1 AS n": ("VIEW", False, False),
    "MATERIALIZED VIEW t TO target AS SELECT n FROM source": ("VIEW", False, True),
    "MATERIALIZED VIEW t ENGINE = MergeTree ORDER BY n AS SELECT n FROM source": (
        "VIEW",
        True,
        True,
    ),
    "DICTIONARY t (n UInt64) PRIMARY KEY n SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)": (
        "DICTIONARY",
        False,
        False,
    ),
}


@pytest.fixture
def driver(server):
    """A connection to an empty database, but for a source and a target."""
    server.sql("DROP DATABASE IF EXISTS exists")
    server.sql("CREATE DATABASE exists")
    for name in ("source", "target"):
        server.sql(f"CREATE TABLE exists.{name} (n Int8) ENGINE = MergeTree ORDER BY n")
    raw = create_engine(
        f"clickhouse+http://default:@127.0.0.1:{server.port}/exists"
    ).raw_connection()
    yield raw
    raw.close()


@pytest.mark.parametrize(("created", "expected"), OBJECTS.items(), ids=OBJECTS)
def test_kind_and_rows_are_those_of_the_server(created, expected, driver, server):
    server.sql(f"CREATE {created}", database="exists")

    existing = find(driver, "t")

    assert (existing.kind, existing.stores_rows, existing.carries_rows) == expected
    server.sql(existing.drop(), database="exists")
    assert find(driver, "t") is None
