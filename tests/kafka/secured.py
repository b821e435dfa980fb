"""A broker that wants TLS and a login, started by the code of the local stack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization
from kafka import KafkaAdminClient
from kafka.admin import UserScramCredentialUpsertion

from analytics.local import connect, jars, kafka, locks, processes, stack, starting, stopping
from analytics.local.layout import Layout
from analytics.local.service import HOST, Launch, Ports, Service, quiet
from tests.ours import OURS

USER, PASSWORD = "shop", "pl'anted-br0ker"
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


@dataclass(frozen=True)
class Secured:
    """Its addresses, and the file of the CA that signed its certificate."""

    plain: str  # the listener without TLS and login
    tls: str  # with TLS
    login: str  # with TLS and a login
    clear: str  # with a login only
    ca: Path
    place: Layout


@contextmanager
def started(folder: Path) -> Iterator[Secured]:
    """A broker in this folder for the time of a block."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    (folder / "broker.pem").write_bytes(_keys(authority.issue_cert(HOST)))
    place, service = _place(folder / "stack"), _service(folder / "broker.pem")
    starting.start(place, [service], report=quiet, timeout=stack.START_TIMEOUT)
    try:
        record = processes.recorded(place, service.name)
        plain, _, *others = (f"{HOST}:{port}" for port in record.ports)
        _make_users(plain)
        yield Secured(plain, *others, folder / "ca.pem", place)
    finally:
        stopping.stop(place, [service], report=quiet)


def _keys(issued: trustme.LeafCert) -> bytes:
    """Key and certificates in one PEM file, the key in the form that Java reads."""
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    pkcs8 = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return b"".join((pkcs8, *(each.bytes() for each in issued.cert_chain_pems)))


def _place(folder: Path) -> Layout:
    """A layout with the jars of the project's stack."""
    project, place = stack.layout(), Layout(folder, OURS.variables)
    project.make()
    with locks.hold(project.lock, "test", quiet):
        jars.install(project, quiet)
    place.root.mkdir()
    place.jars.symlink_to(project.jars.resolve())
    place.make()
    return place


def _service(keys: Path) -> Service:
    """The broker of the stack with three more listeners."""

    def launch(layout: Layout, ports: Ports) -> Launch:
        made = kafka.launch(layout, _two(ports))
        return replace(made, text=_secured(made.text, ports[kafka.NAME], keys), tuning=())

    return replace(
        kafka.SERVICE,
        ports=(28892, 28893, 28894, 28895, 28896),
        launch=launch,
        initialise=lambda layout, ports: kafka.initialise(layout, _two(ports)),
        check=lambda ports: kafka.check(_two(ports)),
        stopped=lambda _: None,
        tidy=lambda _: None,
    )


def _two(ports: Ports) -> Ports:
    return {kafka.NAME: ports[kafka.NAME][:2]}


def _secured(text: str, ports: tuple[int, ...], keys: Path) -> str:
    names = ("TLS", "LOGIN", "CLEAR")
    added = "".join(f",{n}://{HOST}:{p}" for n, p in zip(names, ports[2:], strict=True))
    lines = [
        line + added if line.startswith(("listeners=", "advertised.listeners=")) else line
        for line in text.splitlines()
    ]
    protocols = ",TLS:SSL,LOGIN:SASL_SSL,CLEAR:SASL_PLAINTEXT"
    lines = [
        line + protocols if line.startswith("listener.security.protocol.map") else line
        for line in lines
    ]
    lines += [
        f"sasl.enabled.mechanisms={','.join(MECHANISMS)}",
        "listener.name.clear.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512",
        "ssl.keystore.type=PEM",
        f"ssl.keystore.location={keys}",
    ]
    for name in ("login", "clear"):
        users = f'{PLAIN} required user_{USER}="{PASSWORD}";'
        lines.append(f"listener.name.{name}.plain.sasl.jaas.config={users}")
        scram = f"listener.name.{name}.scram-sha-{{}}.sasl.jaas.config={SCRAM} required;"
        lines += [scram.format(kind) for kind in ("256", "512")]
    return "\n".join(lines) + "\n"


def _make_users(servers: str) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=servers)) as client:
        for kind in MECHANISMS[1:]:  # of two in one request the broker makes none
            made = UserScramCredentialUpsertion(USER, kind, PASSWORD)
            assert client.alter_user_scram_credentials([made]) == {USER: None}


@contextmanager
def worker(broker: Secured) -> Iterator[str]:
    """A worker of Connect that logs in at the broker with SCRAM, over TLS; its address."""

    def launch(layout: Layout, ports: Ports) -> Launch:
        made = connect.launch(layout, {**ports, kafka.NAME: (int(broker.login.partition(":")[2]),)})
        return replace(made, text=f"{made.text}\n{_login(broker.ca)}", tuning=())

    service = replace(
        connect.SERVICE,
        ports=(27583,),
        launch=launch,
        stopped=lambda _: None,
        tidy=lambda _: None,
        needs=(),
    )
    starting.start(broker.place, [service], report=quiet, timeout=stack.START_TIMEOUT)
    try:
        record = processes.recorded(broker.place, service.name)
        yield f"http://{HOST}:{record.ports[0]}"
    finally:
        stopping.stop(broker.place, [service], report=quiet)


def _login(ca: Path) -> str:
    """What docs/settings.md tells to write into a worker's configuration."""
    options = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.jaas.config": f'{SCRAM} required username="{USER}" password="{PASSWORD}";',
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": ca,
    }
    prefixes = ("", "producer.")
    return "\n".join(f"{p}{key}={value}" for p in prefixes for key, value in options.items())
