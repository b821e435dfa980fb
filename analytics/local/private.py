"""A private stack: services in a folder of their own, gone when their user is done with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from analytics.local import endpoints, http, java, locks, passwords, stack, starting, stopping
from analytics.local import jars as jar_files
from analytics.local.layout import Layout
from analytics.local.service import Report, quiet
from analytics.local.services import ALL, select, with_needs
from analytics.settings import Ini, Settings, database_of
from analytics.sql.tokens import identifier
from analytics.stores import present

NAMELESS = "project"  # a database of which the settings say nothing


@contextmanager
def started(settings: Settings, *, with_kafka: bool, report: Report) -> Iterator[Settings]:
    """The settings with empty stores in place of the project's, named alike; with Kafka if so.

    LocalStackError if a service does not start.
    """
    chosen = with_needs(select(None if with_kafka else tuple(present(settings))))
    with tempfile.TemporaryDirectory(prefix="analytics-") as folder:
        place = _place(Path(folder), settings.ini, with_kafka, report)
        try:
            starting.start(place, chosen, report=report, timeout=stack.START_TIMEOUT)
            yield _settings(place, settings)
        finally:
            stopping.stop(place, ALL, report=quiet)


def _place(folder: Path, ini: Ini, with_jars: bool, report: Report) -> Layout:
    """A layout in the folder, with the jars of the project's stack."""
    folder.chmod(0o755)  # PostgreSQL may run as another user
    place = Layout(folder / "stack", ini.variables)
    place.root.mkdir()
    if with_jars:
        java.find()
        project = stack.layout(ini)
        project.make()
        with locks.hold(project.lock, "up", report):
            jar_files.install(project, report)
        place.jars.symlink_to(project.jars.resolve())
    place.make()
    return place


def _settings(place: Layout, theirs: Settings) -> Settings:
    """Addresses and passwords of the place, with databases named like those of the settings."""
    settings: dict[str, Any] = dict(endpoints.read(place))
    made = passwords.read(place)
    for setting, create in CREATED.items():
        if url := settings.get(setting):
            database = database_of(getattr(theirs, setting) or "") or NAMELESS
            create(url, database)
            settings[setting] = _with_database(url, database)
    own = {
        name: made[origin.variable]
        for name, origin in theirs.ini.secrets.items()
        if origin.variable in made
    }
    return replace(theirs, **settings, secrets={**theirs.secrets, **own})


def _create_in_postgres(url: str, database: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        if database != connection.info.dbname:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _create_in_clickhouse(url: str, database: str) -> None:
    body = f"CREATE DATABASE IF NOT EXISTS {identifier(database)}"
    http.request(urlsplit(url).port or 0, "POST", "/", body=body, timeout=30)


CREATED = {"postgres_url": _create_in_postgres, "clickhouse_url": _create_in_clickhouse}
"""Of each address that names a database, the function that creates it."""


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name, safe='')}"))
