"""A project with one history alone: released, killed and taken back as one that has both."""

import json
import re
import shutil
import signal
import time

import pytest

from tests.safety.project import ended, write

pytestmark = pytest.mark.services

SETTINGS = {"postgres": "ANALYTICS_POSTGRES_URL", "clickhouse": "ANALYTICS_CLICKHOUSE_URL"}
SECTIONS = {"postgres": "alembic", "clickhouse": "clickhouse"}
FOLDERS = {"postgres": "migrations", "clickhouse": "migrations_ch"}
NEWEST = {"postgres": "0004", "clickhouse": "0002"}
SLOW = 'op.execute("SELECT sleepEachRow(0.5) FROM numbers(20) SETTINGS max_block_size = 1")'
ALONE = pytest.mark.parametrize("store", SETTINGS)


@pytest.fixture
def project(tmp_path, databases, monkeypatch):
    """The project; what a test has left of it is taken back."""
    written = write(tmp_path, databases.name)
    yield written
    for store, folder in FOLDERS.items():
        if (tmp_path / folder).exists():
            assert written.run(store, "downgrade")[0] == 0


@pytest.fixture
def alone(project, tmp_path, monkeypatch):
    """The project of which one history is left, and the address of its store alone."""

    def left(store):
        for other in SETTINGS.keys() - {store}:
            shutil.rmtree(tmp_path / FOLDERS[other])
            monkeypatch.delenv(SETTINGS[other])
            ini = tmp_path / "alembic.ini"
            section = rf"\[{SECTIONS[other]}\]\nscript_location = .*\n"
            ini.write_text(re.sub(section, "", ini.read_text()))
        monkeypatch.delenv("ANALYTICS_CONNECT_URL")
        monkeypatch.delenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS")
        monkeypatch.setenv("ANALYTICS_LEASE_TIMEOUT", "1")
        return project

    return left


def run(project, *arguments, code=0):
    got, said = ended(project.start_release(*arguments))
    assert got == code, said
    return said


def heads(project):
    return {
        name: each["heads"] for name, each in json.loads(run(project, "status", "--json")).items()
    }


@ALONE
def test_it_is_released_listed_and_undone(alone, store):
    project = alone(store)

    assert f"{store}@{NEWEST[store]}" in run(project, "plan")
    run(project, "upgrade")
    assert heads(project) == {store: [NEWEST[store]]}
    assert f"upgrade: {store} base -> {NEWEST[store]}; ended" in run(project, "releases")
    assert run(project, "journal").count("done") >= int(NEWEST[store])

    run(project, "downgrade", "--allow-data-loss")
    assert heads(project) == {store: []}
    assert f"downgrade (undoes 1): {store} {NEWEST[store]} -> base" in run(project, "releases")
    run(project, "upgrade")
    assert heads(project) == {store: [NEWEST[store]]}


@ALONE
def test_plain_alembic_moves_it_under_the_same_lock(alone, store):
    project = alone(store)

    code, said = project.run(store, "upgrade")
    assert code == 0, said
    assert "nothing to do" in run(project, "upgrade").lower()
    code, said = project.run(store, "downgrade")
    assert code == 0, said
    assert heads(project) == {store: []}


@ALONE
def test_of_several_at_once_each_ends_well(alone, store):
    project = alone(store)

    released = [project.start_release("upgrade") for _ in range(4)]
    plain = [project.start(store, "upgrade") for _ in range(2)]

    assert [ended(each)[0] for each in released] == [0] * 4
    assert [each.communicate(timeout=120) and each.returncode for each in plain] == [0, 0]
    assert heads(project) == {store: [NEWEST[store]]}


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_one_that_is_killed_or_stands_still_is_followed_by_another(alone, sent):
    project = alone("clickhouse")
    revision = project.folder / "migrations_ch/versions/0002_test.py"
    revision.write_text(
        revision.read_text().replace("def upgrade():", f"def upgrade():\n    {SLOW}", 1)
    )

    first = project.start_release("upgrade")
    wait_until(lambda: "0001" in str(heads(project)))
    time.sleep(1)
    first.send_signal(sent)
    run(project, "upgrade")
    first.send_signal(signal.SIGCONT)
    code, said = ended(first)

    assert heads(project) == {"clickhouse": ["0002"]}
    assert code == (4 if sent == signal.SIGSTOP else -signal.SIGKILL), said
    assert sent == signal.SIGKILL or "has ended the session that holds the lock" in said


def wait_until(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
