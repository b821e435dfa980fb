"""The Kafka Connect worker of the stack, with Debezium's PostgreSQL connector."""

from __future__ import annotations

from functools import partial

from analytics.local import http, jars, java, kafka, passwords
from analytics.local.layout import Layout
from analytics.local.service import HOST, Launch, Ports, Service, render

NAME = "connect"
MAIN = "org.apache.kafka.connect.cli.ConnectDistributed"


def launch(layout: Layout, ports: Ports) -> Launch:
    return Launch(
        argv=java.command(layout, *marks(layout)),
        tuning=java.archive(layout, NAME),
        config=layout.config("connect.properties"),
        text=render(
            "connect.properties",
            port=ports[NAME][0],
            kafka_port=ports[kafka.NAME][0],
            plugins=str(jars.folder(layout) / "plugins"),
            variables="|".join(layout.variables),
        ),
        environment=passwords.read(layout),
    )


def marks(layout: Layout) -> tuple[str, ...]:
    return (MAIN, str(layout.config("connect.properties")))


def check(ports: Ports) -> None:
    """The worker says that it has joined its group and read its topics."""
    http.request(ports[NAME][0], "GET", "/health")


def endpoint(ports: Ports) -> dict[str, str]:
    return {"connect_url": f"http://{HOST}:{ports[NAME][0]}"}


SERVICE = Service(
    name=NAME,
    ports=(27083,),
    launch=launch,
    marks=marks,
    check=check,
    endpoint=endpoint,
    tidy=partial(java.discard_archive, service=NAME),
    stopped=partial(java.keep_archive, service=NAME),
    mend=partial(java.drop_archive, service=NAME),
    needs=(kafka.NAME,),
    uses_jars=True,
)
