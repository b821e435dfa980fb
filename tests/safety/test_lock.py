"""The lock over both histories: who waits, for whom, and what happens when its session dies."""

import pytest

from analytics.errors import LockLost, LockTimeout
from analytics.postgres import holders, lock
from analytics.watch import Watch

pytestmark = pytest.mark.services


def held(databases, purpose, *, timeout=0.0, said=None):
    said = [] if said is None else said
    return lock.held(
        databases.postgres_url, purpose=purpose, timeout=timeout, watch=Watch(said.append)
    )


def test_who_waits_too_long_is_told_for_whom(databases):
    said = []

    with (
        held(databases, "upgrade 0007"),
        pytest.raises(LockTimeout, match=r"held by analytics upgrade 0007 .*:\d+"),
        held(databases, "upgrade 0008", said=said),
    ):
        pass

    assert said[0].startswith("waiting for analytics upgrade 0007 ")


def test_a_holder_that_does_nothing_is_named_with_the_statement_that_ends_it(
    databases, monkeypatch
):
    monkeypatch.setattr(holders, "STUCK", -1)
    said = []

    with held(databases, "upgrade 0007") as holder:
        ends = f"SELECT pg_terminate_backend({holder.connection.info.backend_pid})"
        with pytest.raises(LockTimeout) as caught, held(databases, "upgrade 0008", said=said):
            pass

    assert said[0].endswith(f"if it is stuck: {ends}")
    assert caught.value.remedy.endswith(f"end it: `{ends}`")


def test_what_is_let_go_can_be_taken(databases):
    with held(databases, "one"):
        pass

    with held(databases, "two") as lock_:
        lock_.check()


def test_a_lock_whose_session_died_is_lost_and_free(databases):
    with held(databases, "upgrade") as lost:
        with databases.postgres() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(%s)", [lost.connection.info.backend_pid]
            ).fetchone()

        with pytest.raises(LockLost, match="run the same command again"):
            lost.check()
        with held(databases, "another", timeout=5) as lock_:
            lock_.check()


def test_other_databases_have_a_lock_of_their_own(databases, stack):
    with (
        held(databases, "one"),
        lock.held(
            stack.need("postgres_url"), purpose="two", timeout=5, watch=Watch(print)
        ) as other,
    ):
        other.check()


def test_eight_upgrades_at_once_run_each_revision_once(project, databases):
    processes = [
        project.start(store, "upgrade") for _ in range(4) for store in ("postgres", "clickhouse")
    ]

    outputs = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 8, outputs
    assert sum(each.count("Running upgrade") for each in outputs) == 6
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]


@pytest.fixture
def nowhere(databases):
    """The environment in which nobody answers for PostgreSQL."""
    return {"ANALYTICS_POSTGRES_URL": f"postgresql://nobody@127.0.0.1:1/{databases.name}"}


def test_clickhouse_without_its_lock_says_what_it_is_for_and_the_way_out(project, nowhere):
    code, said = project.run("clickhouse", "upgrade", **nowhere)

    assert code != 0
    assert "the lock of the histories cannot be had: PostgreSQL at 127.0.0.1:1" in said
    assert "ANALYTICS_GUARDED=false" in said


def test_an_unguarded_upgrade_needs_no_lock_and_leaves_no_journal(project, nowhere, databases):
    code, said = project.run("clickhouse", "upgrade", **nowhere, ANALYTICS_GUARDED="false")

    assert code == 0, said
    assert databases.clickhouse("EXISTS TABLE analytics_journal") == [["0"]]
