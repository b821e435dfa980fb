"""A first connection to the brokers, made by hand: the client hides why TLS or a login fails.

The client tries for as long as it is told to, and then says that no broker answers. Here the first
broker that can be reached is asked one question, as any client would: whether it wants a login.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from analytics.errors import AccessDenied, AnalyticsError, Unreachable
from analytics.kafka import scram, tls
from analytics.kafka.wire import Wire
from analytics.settings.brokers import VARIABLE, Brokers

TIMEOUT = 3.0  # seconds that a broker may take for a connection, and for each answer
CA_VARIABLE = "ANALYTICS_KAFKA_CA_FILE"
UNSUPPORTED_MECHANISM, NO_LOGIN_HERE = 33, 34  # codes of Kafka's errors
HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}


def check(brokers: Brokers) -> None:
    """Return if the first broker that can be reached lets us in, or if none can be reached.

    Unreachable if its listener is of another kind, or not trusted, AccessDenied if it refuses the
    user, SettingError for a file of authorities that cannot be read.
    """
    for host, port in brokers.addresses:
        try:
            opened = socket.create_connection((host, port), timeout=TIMEOUT)
        except OSError:
            continue
        with opened:
            Visit(brokers, host, port).enter(opened)
        return


@dataclass(frozen=True)
class Visit:
    """One broker, and how it is to be reached."""

    brokers: Brokers
    host: str
    port: int

    def __str__(self) -> str:
        return f"Kafka at {self.host}:{self.port}"

    def enter(self, opened: socket.socket) -> None:
        """Talk to it as the settings say; raises as `check`."""
        if not self.brokers.is_encrypted:
            self._ask(opened)
            return
        context = tls.context(self.brokers.ca_file, CA_VARIABLE)
        try:
            encrypted = context.wrap_socket(opened, server_hostname=self.host)
        except OSError as error:
            without = f"set {VARIABLE} to {self._protocol(is_encrypted=False)}"
            raise tls.explain(error, str(self), CA_VARIABLE, without) from None
        with encrypted:
            self._ask(encrypted)

    def _ask(self, connection: socket.socket) -> None:
        wire = Wire(connection)
        try:
            code, offered = wire.handshake(self.brokers.mechanism or "PLAIN")
        except TimeoutError:
            return
        except OSError:  # the client tries again: it may be going down, or starting
            if not self.brokers.is_encrypted and tls.speaks(self.host, self.port):
                wanted = self._protocol(is_encrypted=True)
                raise Unreachable(
                    f"{self} speaks TLS only", f"set {VARIABLE} to {wanted}"
                ) from None
            return
        if error := self._objection(code, offered):
            raise error
        if self.brokers.wants_login:
            self._log_in(wire)

    def _objection(self, code: int, offered: list[str]) -> AnalyticsError | None:
        """What is wrong by the answer to whether it wants a login."""
        if code == NO_LOGIN_HERE and self.brokers.wants_login:
            without = self._protocol(wants_login=False)
            return Unreachable(f"{self} takes no login here", f"set {VARIABLE} to {without}")
        if code == NO_LOGIN_HERE:
            return None
        if not self.brokers.wants_login:
            return Unreachable(
                f"{self} wants a login ({', '.join(offered)})",
                f"set {VARIABLE} to {self._protocol(wants_login=True)}, and "
                "ANALYTICS_KAFKA_SASL_MECHANISM, ANALYTICS_KAFKA_USERNAME and "
                "ANALYTICS_KAFKA_PASSWORD",
            )
        if code == UNSUPPORTED_MECHANISM:
            return Unreachable(
                f"{self} does not take {self.brokers.mechanism}",
                f"set ANALYTICS_KAFKA_SASL_MECHANISM to one of {', '.join(offered)}",
            )
        return None

    def _log_in(self, wire: Wire) -> None:
        user, password = self.brokers.username, self.brokers.password
        try:
            if hashed := HASHES.get(self.brokers.mechanism):
                scram.log_in(wire.authenticate, hashed, user, password)
            else:
                wire.authenticate(f"\0{user}\0{password}".encode())
        except PermissionError as refusal:
            raise AccessDenied(
                f"{self} refuses user {user} ({refusal})",
                "correct ANALYTICS_KAFKA_USERNAME, ANALYTICS_KAFKA_PASSWORD or "
                "ANALYTICS_KAFKA_SASL_MECHANISM",
            ) from None

    def _protocol(
        self, *, is_encrypted: bool | None = None, wants_login: bool | None = None
    ) -> str:
        """The protocol of the settings with one thing changed."""
        tls_ = self.brokers.is_encrypted if is_encrypted is None else is_encrypted
        sasl = self.brokers.wants_login if wants_login is None else wants_login
        return f"{'SASL_' * sasl}{'SSL' if tls_ else 'PLAINTEXT'}"
