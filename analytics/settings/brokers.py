"""The brokers as the settings give them: addresses, TLS and login, checked against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from analytics.errors import SettingError
from analytics.settings.value import Settings

PORT = 9092
PLAINTEXT = "PLAINTEXT"
PROTOCOLS = (PLAINTEXT, "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
VARIABLE = "ANALYTICS_KAFKA_SECURITY_PROTOCOL"


@dataclass(frozen=True)
class Brokers:
    """Addresses (host:port, a comma between), and how they are reached; "" is what is not used."""

    servers: str
    protocol: str = PLAINTEXT
    mechanism: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether they are reached over TLS."""
        return self.protocol.endswith("SSL")

    @property
    def wants_login(self) -> bool:
        """Whether a user logs in."""
        return self.protocol.startswith("SASL")

    @property
    def addresses(self) -> Iterator[tuple[str, int]]:
        """Host and port of each."""
        for each in self.servers.split(","):
            parts = urlsplit(f"//{each.strip()}")
            yield parts.hostname or "127.0.0.1", parts.port or PORT


def of(settings: Settings, *, servers: str | None = None) -> Brokers:
    """The brokers of the settings, at other addresses if `servers` are given.

    SettingError without an address, or for settings that do not fit together.
    """
    found = access(settings, servers or settings.need("kafka_bootstrap_servers"))
    if "@" in found.servers or "://" in found.servers:
        raise SettingError(
            "an address of a Kafka broker holds a user or a scheme",
            "write host:port, a comma between several; the user is ANALYTICS_KAFKA_USERNAME, and "
            f"TLS is {VARIABLE}=SSL",
        )
    return found


def access(settings: Settings, servers: str = "") -> Brokers:
    """How brokers are reached, without a look at their addresses; raises as `of`."""
    protocol = _one_of(PROTOCOLS, VARIABLE, settings.kafka_security_protocol or PLAINTEXT)
    found = Brokers(servers, protocol, ca_file=settings.kafka_ca_file)
    if settings.kafka_username and not found.wants_login:
        raise _unused("USERNAME", protocol, "SASL_SSL (or SASL_PLAINTEXT)")
    if settings.kafka_ca_file and not found.is_encrypted:
        raise _unused("CA_FILE", protocol, "SASL_SSL (or SSL)")
    if not found.wants_login:
        return found
    mechanism = settings.kafka_sasl_mechanism or MECHANISMS[-1]
    return Brokers(
        servers,
        protocol,
        _one_of(MECHANISMS, "ANALYTICS_KAFKA_SASL_MECHANISM", mechanism),
        settings.need("kafka_username"),
        settings.need("kafka_password"),
        settings.kafka_ca_file,
    )


def _one_of(known: tuple[str, ...], variable: str, value: str) -> str:
    if value.upper() not in known:
        raise SettingError(f"{variable} is not known: {value}", f"write {', '.join(known)}")
    return value.upper()


def _unused(name: str, protocol: str, wanted: str) -> SettingError:
    return SettingError(
        f"ANALYTICS_KAFKA_{name} is set, and {VARIABLE} is {protocol}, which does without",
        f"set {VARIABLE} to {wanted}, or remove ANALYTICS_KAFKA_{name}",
    )
