"""Sessions keep their connection; URLs change it for one request only."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from tests.local.embedded.serving import Serving, until

pytestmark = pytest.mark.services


@pytest.fixture
def session() -> dict[str, str]:
    return {"session_id": str(uuid4())}


def test_temporary_tables_live_in_a_session(server: Serving, session: dict[str, str]) -> None:
    server.sql("CREATE TEMPORARY TABLE tmp (a Int32)", **session)
    server.sql("INSERT INTO tmp VALUES (1)", **session)

    assert server.sql("SELECT * FROM tmp", **session) == "1\n"
    assert server.refused("SELECT * FROM tmp")[0] == 60


def test_set_is_for_the_session_a_url_for_one_request(
    server: Serving, session: dict[str, str]
) -> None:
    ask = "SELECT getSetting('max_threads')"
    server.sql("SET max_threads = 7", **session)

    assert server.sql(ask, **session, max_threads=2) == "2\n"
    assert server.sql(ask, **session) == "7\n"


def test_use_is_for_the_session_a_url_for_one_request(
    server: Serving, session: dict[str, str]
) -> None:
    ask = "SELECT currentDatabase()"
    server.sql("USE system", **session)

    assert server.sql(ask, **session, database="default") == "default\n"
    assert server.sql(ask, **session) == "system\n"


def test_readonly_in_a_url_is_for_one_request(server: Serving, session: dict[str, str]) -> None:
    create = "CREATE TEMPORARY TABLE tmp (a Int32)"

    assert server.refused(create, **session, readonly=1)[0] == 164
    assert server.sql("SELECT 1", **session, readonly=1) == "1\n"
    assert server.sql(create, **session) == ""


def test_a_session_may_make_itself_readonly(server: Serving, session: dict[str, str]) -> None:
    server.sql("SET readonly = 1", **session)

    assert server.sql("SELECT 1", **session) == "1\n"
    assert server.refused("CREATE TEMPORARY TABLE tmp (a Int32)", **session)[0] == 164


def test_a_busy_session_is_locked(server: Serving, session: dict[str, str]) -> None:
    kwargs = {**session, "query_id": "holder"}
    first = threading.Thread(target=server.sql, args=("SELECT sleep(1)",), kwargs=kwargs)
    first.start()
    until(lambda: "holder" in server.sql("SELECT query_id FROM system.processes"))

    code, _ = server.refused("SELECT 1", **session)
    first.join()

    assert code == 373
    assert server.sql("SELECT 1", **session) == "1\n"


def test_a_session_can_be_checked_and_closed(server: Serving, session: dict[str, str]) -> None:
    assert server.refused("SELECT 1", **session, session_check=1)[0] == 372
    server.sql("SELECT 1", **session)
    server.sql("SELECT 1", **session, session_check=1, close_session=1)
    assert server.refused("SELECT 1", **session, session_check=1)[0] == 372


def test_a_failed_query_leaves_the_session_usable(server: Serving, session: dict[str, str]) -> None:
    server.refused("SELECT throwIf(1)", **session)

    assert server.sql("SELECT 1", **session) == "1\n"
    assert server.sql("SELECT count() FROM system.processes") == "1\n"
