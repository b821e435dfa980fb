"""The fixtures of all tests: one local stack a session, fresh databases for each test."""

from __future__ import annotations

import os
import random
import secrets
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import requests
from alembic import command
from alembic.config import CommandLine, Config

from analytics import settings
from analytics.local import stack as local_stack

if TYPE_CHECKING:
    from tests.kafka.secured import Secured

ROOT = Path(__file__).parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
if WORKER != "gw0":  # each process of tests has services of its own
    os.environ["ANALYTICS_LOCAL_DIR"] = str(ROOT / f".local-{WORKER}")
LOCAL = Path(os.environ.get("ANALYTICS_LOCAL_DIR", ROOT / ".local")).resolve()
ADMIN_DATABASE = "postgres"


# all processes of tests collect the same samples
random.seed(os.environ.get("PYTEST_XDIST_TESTRUNUID"))


def pytest_collection_finish() -> None:
    """What is left to chance after the collection is another thing in each process."""
    random.seed()


def pytest_configure(config: pytest.Config) -> None:
    """Ctrl-C works in the processes of tests, even if a shell has switched it off for pytest."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" not in os.environ and "WHOLE" not in os.environ:
        is_whole = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
        os.environ["WHOLE"] = "1" if is_whole else ""  # what is named is run


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of long tests that are marked as sampled, a run of everything takes a few by chance."""
    groups = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("sampled"):
            groups[item.path, mark.kwargs["take"]].append(item)
    if os.environ["WHOLE"]:
        return
    left = [
        item
        for (_, take), group in groups.items()
        for item in random.sample(group, len(group) - min(take, len(group)))
    ]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With REQUIRE_SERVICES=1 a skip is a failure: nothing may be left out in CI."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_SERVICES") == "1":
        report.outcome = "failed"
    return report


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in the project's root, with no setting of the caller's."""
    monkeypatch.chdir(ROOT)
    for name in [
        n for n in os.environ if n.startswith("ANALYTICS_") and n != "ANALYTICS_LOCAL_DIR"
    ]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def stack() -> Iterator[settings.Settings]:
    """The project's local stack; what this session started, it ends."""
    was_up = all(service.healthy for service in local_stack.status())
    local_stack.up(report=lambda *_: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name in settings.ADDRESSES:
            patch.delenv(f"ANALYTICS_{name.upper()}", raising=False)
        yield settings.load()
    if not was_up:
        local_stack.down()


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker of its own, with a listener of each kind: with and without TLS, and a login."""
    from tests.kafka import secured

    folder = tmp_path_factory.mktemp("guarded")
    with secured.started(folder) as broker:
        yield broker


@dataclass(frozen=True)
class Databases:
    """A pair of fresh databases; every name of the pipeline derives from theirs."""

    postgres_url: str
    clickhouse_url: str

    @property
    def name(self) -> str:
        """The name of both."""
        return settings.database_of(self.postgres_url)

    def postgres(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection in autocommit mode."""
        return psycopg.connect(self.postgres_url, autocommit=True)

    def clickhouse(self, query: str) -> list[list[str]]:
        """The rows of a query, as text."""
        base, _, database = self.clickhouse_url.removeprefix("clickhouse+").rpartition("/")
        answer = requests.post(
            base.replace("default@", ""), params={"database": database}, data=query.encode()
        )
        assert answer.ok, answer.text
        return [line.split("\t") for line in answer.text.splitlines()]


@pytest.fixture
def databases(stack: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Databases]:
    """Two empty databases, named in the environment; dropped with what hangs on them."""
    name = f"t_{secrets.token_hex(4)}"
    postgres_url = stack.need("postgres_url").rpartition("/")[0]
    clickhouse_url = stack.need("clickhouse_url").rpartition("/")[0]
    pair = Databases(f"{postgres_url}/{name}", f"{clickhouse_url}/{name}")
    environment = {
        "ANALYTICS_POSTGRES_URL": pair.postgres_url,
        "ANALYTICS_CLICKHOUSE_URL": pair.clickhouse_url,
        "ANALYTICS_CONNECT_URL": stack.need("connect_url"),
        "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS": stack.need("kafka_bootstrap_servers"),
        "ANALYTICS_SECRETS_DIR": str(LOCAL / "secrets"),
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    server = Databases(f"{postgres_url}/{ADMIN_DATABASE}", f"{clickhouse_url}/default")
    with server.postgres() as admin:
        admin.execute(f"CREATE DATABASE {name}")
    server.clickhouse(f"CREATE DATABASE {name} ENGINE = Atomic")
    yield pair
    _downgrade(environment)
    server.clickhouse(f"DROP DATABASE {name}")
    with server.postgres() as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _downgrade(environment: dict[str, str]) -> None:
    """Both histories to base, whatever the test did to its environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("ANALYTICS_")]:
            patch.delenv(name)
        patch.chdir(ROOT)
        for name, value in environment.items():
            patch.setenv(name, value)
        for section in ("clickhouse", "alembic"):
            command.downgrade(Config(str(ROOT / "alembic.ini"), ini_section=section), "base")


@dataclass(frozen=True)
class Outcome:
    """What a command did: its exit code and what it printed."""

    code: int
    out: str
    err: str


Alembic = Callable[..., Outcome]


@pytest.fixture
def alembic(capfd: pytest.CaptureFixture[str]) -> Alembic:
    """Plain Alembic's command line, in this process."""

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = 0
        try:
            CommandLine().main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        return Outcome(code, *capfd.readouterr())

    return run
