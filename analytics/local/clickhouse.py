"""The embedded ClickHouse of the stack, as a server of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import analytics
from analytics.local import http
from analytics.local.layout import Layout
from analytics.local.service import HOST, Launch, Ports, Service, render

NAME = "clickhouse"
DATABASE = "experiments_analytics"
MODULE = "analytics.local.embedded"


def launch(layout: Layout, ports: Ports) -> Launch:
    config = layout.config("clickhouse.xml")
    address = ("--host", HOST, "--port", str(ports[NAME][0]))
    return Launch(
        argv=(_python(), *marks(layout), *address, "--config", str(config)),
        config=config,
        text=render("clickhouse.xml"),
        environment={"PYTHONPATH": str(Path(analytics.__file__).parents[1])},  # this very package
    )


def _python() -> str:
    """This interpreter, under one name however it was started: another would restart the server."""
    named = Path(sys.prefix) / "bin" / "python3"
    return str(named) if named.exists() else sys.executable


def marks(layout: Layout) -> tuple[str, ...]:
    return ("-m", MODULE, "--path", str(layout.data(NAME)))


def initialise(layout: Layout, ports: Ports) -> None:
    layout.data(NAME).mkdir(exist_ok=True)


def check(ports: Ports) -> None:
    http.request(ports[NAME][0], "GET", "/ping")
    http.request(ports[NAME][0], "POST", "/", body="SELECT 1")


def complete(layout: Layout, ports: Ports) -> None:
    """Make sure that the database exists."""
    statement = f"CREATE DATABASE IF NOT EXISTS {DATABASE}"
    http.request(ports[NAME][0], "POST", "/", body=statement, timeout=30)


def endpoint(ports: Ports) -> dict[str, str]:
    return {"clickhouse_url": f"clickhouse+http://default@{HOST}:{ports[NAME][0]}/{DATABASE}"}


SERVICE = Service(
    name=NAME,
    ports=(28123,),
    launch=launch,
    marks=marks,
    check=check,
    endpoint=endpoint,
    initialise=initialise,
    complete=complete,
)
