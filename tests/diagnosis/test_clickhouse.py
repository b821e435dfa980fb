"""Errors of ClickHouse, provoked on the embedded one."""

import pytest

from analytics import diagnosis
from tests.local.embedded.serving import start

pytestmark = pytest.mark.slow

LITTLE = "SETTINGS max_memory_usage = 10000000, max_bytes_before_external_group_by = 0"
FULL = (
    "CREATE TABLE parts (a Int8) ENGINE = MergeTree ORDER BY a "
    "SETTINGS parts_to_throw_insert = 1, parts_to_delay_insert = 1; SYSTEM STOP MERGES parts; "
    "INSERT INTO parts VALUES (1); INSERT INTO parts VALUES (2); INSERT INTO parts VALUES (3)"
)
CLICKHOUSE = {
    "parts come faster than they are merged": FULL,
    "a query needs more memory than it may have": (
        f"SELECT uniqExact(number, toString(number)) FROM numbers(50000000) {LITTLE}"
    ),
    "there is no such table or database in ClickHouse": "SELECT * FROM nowhere",
    "a column that is named is not there": "SELECT nothing FROM system.one",
    "a value does not fit its type": "SELECT toUInt8('many')",
    "a throwIf in a view has stopped it": "SELECT throwIf(1)",
    "a query took longer than it may": (
        "SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1 "
        "SETTINGS max_execution_time = 0.2"
    ),
    "a dictionary or table function cannot reach PostgreSQL": (
        "SELECT * FROM postgresql('127.0.0.1:1', 'shop', 'orders', 'nobody', 'hush')"
    ),
    "there is no such named collection": "SELECT * FROM postgresql(nowhere_at_all, table = 'x')",
    "ClickHouse refuses its user": "as nobody",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    serving = start(tmp_path_factory.mktemp("clickhouse") / "data")
    yield serving
    serving.stop()


def answered(server, how):
    """The text of the first answer that is an error."""
    if how == "as nobody":
        return server.send(b"SELECT 1", user="nobody", password="hush").text
    answers = (server.send(each.encode()) for each in how.split("; "))
    return next(answer.text for answer in answers if answer.status_code != 200)


@pytest.mark.parametrize("meaning", CLICKHOUSE)
def test_what_clickhouse_refuses(meaning, server):
    text = answered(server, CLICKHOUSE[meaning])

    assert diagnosis.known(text) is not None, text
    assert diagnosis.known(text).meaning == meaning
