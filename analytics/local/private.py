"""A private stack: services in a folder of their own, gone when their user is done with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from analytics.local import endpoints, http, java, locks, stack, starting, stopping
from analytics.local import jars as jar_files
from analytics.local.layout import Layout
from analytics.local.service import Report, quiet
from analytics.local.services import ALL, select, with_needs
from analytics.sql.tokens import identifier

STORES = ("postgres", "clickhouse")


@contextmanager
def started(
    postgres: str, clickhouse: str, *, with_kafka: bool, report: Report
) -> Iterator[dict[str, str]]:
    """The settings of empty stores, whose databases have these names; with Kafka and Connect if so.

    LocalStackError if a service does not start.
    """
    chosen = with_needs(select(None if with_kafka else STORES))
    with tempfile.TemporaryDirectory(prefix="analytics-") as folder:
        place = _place(Path(folder), with_kafka, report)
        try:
            starting.start(place, chosen, report=report, timeout=stack.START_TIMEOUT)
            yield _settings(place, postgres, clickhouse)
        finally:
            stopping.stop(place, ALL, report=quiet)


def _place(folder: Path, with_jars: bool, report: Report) -> Layout:
    """A layout in the folder, with the jars of the project's stack."""
    folder.chmod(0o755)  # PostgreSQL may run as another user
    place = Layout(folder / "stack")
    place.root.mkdir()
    if with_jars:
        java.find()
        project = stack.layout()
        project.make()
        with locks.hold(project.lock, "up", report):
            jar_files.install(project, report)
        place.jars.symlink_to(project.jars.resolve())
    place.make()
    return place


def _settings(place: Layout, postgres: str, clickhouse: str) -> dict[str, str]:
    """Addresses and passwords, with databases of these names instead of the stack's own."""
    settings = endpoints.settings(place)
    with psycopg.connect(settings["postgres_url"], autocommit=True) as connection:
        if postgres != connection.info.dbname:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(postgres)))
    url = urlsplit(settings["clickhouse_url"])
    body = f"CREATE DATABASE IF NOT EXISTS {identifier(clickhouse)}"
    http.request(url.port or 0, "POST", "/", body=body, timeout=30)
    databases = {"postgres_url": postgres, "clickhouse_url": clickhouse}
    renamed = {name: _with_database(settings[name], each) for name, each in databases.items()}
    return settings | renamed


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name, safe='')}"))
