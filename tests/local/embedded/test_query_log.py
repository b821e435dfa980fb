"""system.query_log under its real names."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services


def events(server: Serving, query_id: str, columns: str = "type") -> list[str]:
    rows = server.sql(
        f"SELECT {columns} FROM system.query_log WHERE query_id = '{query_id}' "
        "ORDER BY event_time_microseconds, type"
    )
    return rows.splitlines()


def test_a_query_starts_and_finishes(server: Serving, table: str) -> None:
    query_id = str(uuid4())

    server.sql(f"INSERT INTO {table} VALUES (1, 'x')", query_id=query_id, log_comment="why")

    assert events(server, query_id, "type, query_kind, query, written_rows, log_comment") == [
        "QueryStart\tInsert\tINSERT INTO rows VALUES\t0\twhy",
        "QueryFinish\tInsert\tINSERT INTO rows VALUES\t1\twhy",
    ]


def test_a_query_fails_while_it_runs(server: Serving) -> None:
    query_id = str(uuid4())

    server.refused("SELECT throwIf(1)", query_id=query_id)

    assert events(server, query_id, "type, exception_code") == [
        "QueryStart\t0",
        "ExceptionWhileProcessing\t395",
    ]


def test_a_refused_query_never_started(server: Serving) -> None:
    query_id = str(uuid4())

    server.refused("SYSTEM KILL", query_id=query_id)

    assert events(server, query_id, "type, exception_code") == ["ExceptionBeforeStart\t48"]


def test_flush_logs_is_accepted(server: Serving) -> None:
    assert server.sql("SYSTEM FLUSH LOGS") == ""
    assert server.sql("system flush logs query_log") == ""


def test_the_table_comes_back_when_it_was_dropped(server: Serving) -> None:
    server.sql("DROP TABLE system.query_log")

    assert server.sql("SELECT count() > 0 FROM system.query_log") == "1\n"
