"""The Kafka broker of the stack: one node, its own controller."""

from __future__ import annotations

import socket
import uuid
from base64 import urlsafe_b64encode
from functools import partial
from pathlib import Path

from kafka.errors import KafkaError
from kafka.protocol.metadata import MetadataRequest, MetadataResponse
from kafka.protocol.parser import KafkaProtocol

from analytics.local import files, java
from analytics.local.layout import Layout
from analytics.local.programs import run
from analytics.local.service import HOST, Launch, Ports, Service, render

NAME = "kafka"
MAIN = "kafka.Kafka"


def launch(layout: Layout, ports: Ports) -> Launch:
    return Launch(
        argv=java.command(layout, *marks(layout)),
        tuning=java.archive(layout, NAME),
        config=layout.config("kafka.properties"),
        text=_properties(ports, layout.data(NAME)),
    )


def marks(layout: Layout) -> tuple[str, ...]:
    return (MAIN, str(layout.config("kafka.properties")))


def _properties(ports: Ports, log_dir: Path) -> str:
    port, controller_port = ports[NAME]
    return render(
        "kafka.properties", port=port, controller_port=controller_port, log_dir=str(log_dir)
    )


def initialise(layout: Layout, ports: Ports) -> None:
    """Format the log folder beside its place and rename it."""
    data = layout.data(NAME)
    if (data / "meta.properties").exists():
        return
    fresh, config = files.fresh(data), layout.config("kafka-format.properties")
    files.write(config, _properties(ports, fresh))
    storage = ("kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(config))
    run(java.command(layout, *storage), "formatting Kafka's folder", log=layout.log(NAME))
    config.unlink()
    fresh.rename(data)


def _cluster_id() -> str:
    """A random id as Kafka makes them: one that begins with a dash would be taken for an option."""
    made = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return _cluster_id() if made.startswith("-") else made


def bootstrap(ports: Ports) -> str:
    return f"{HOST}:{ports[NAME][0]}"


def check(ports: Ports) -> None:
    """The broker answers a request, and its controller has let it in."""
    with socket.create_connection((HOST, ports[NAME][0]), timeout=2) as server:
        protocol = KafkaProtocol(client_id="analytics-local")
        protocol.send_request(MetadataRequest[9](topics=MetadataRequest.NO_TOPICS))
        server.sendall(protocol.send_bytes())
        if not _answer(protocol, server).brokers:
            raise OSError("the broker is not registered yet")


def _answer(protocol: KafkaProtocol, server: socket.socket) -> MetadataResponse:
    try:
        while received := server.recv(65536):
            for _, response in protocol.receive_bytes(received):
                return response
    except KafkaError as error:
        raise OSError(f"what answers is no broker ({type(error).__name__})") from error
    raise OSError("the broker closed the connection")


def endpoint(ports: Ports) -> dict[str, str]:
    return {"kafka_bootstrap_servers": bootstrap(ports)}


SERVICE = Service(
    name=NAME,
    ports=(29192, 29193),
    launch=launch,
    moves=False,
    marks=marks,
    check=check,
    endpoint=endpoint,
    initialise=initialise,
    tidy=partial(java.discard_archive, service=NAME),
    stopped=partial(java.keep_archive, service=NAME),
    mend=partial(java.drop_archive, service=NAME),
    uses_jars=True,
)
