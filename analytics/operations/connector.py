"""`op.register_connector` and `op.remove_connector`: connectors that carry changes to Kafka."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.errors import Refused
from analytics.kafka import connector as connectors
from analytics.kafka import rules
from analytics.kafka.connect import Connect
from analytics.kafka.health import Gate
from analytics.postgres import source
from analytics.postgres.reader import Reader

FOLDER = "connectors"


@dataclass(frozen=True)
class RegisterConnector(Directive, name="register_connector"):
    """`op.register_connector("experiments", version=1)`

    Registers the connector that `connectors/<connector>_v<version>.json` defines, or changes it to
    that, and waits until it runs with one task that reads the slot. If it does not get there, it is
    restored as it was, and the revision fails.
    """

    connector: str
    version: int

    commits: ClassVar[bool] = True
    servers: ClassVar[tuple[str, ...]] = ("connect_url",)

    def apply(self, context: OperationContext) -> None:
        """Register it and wait for its health.

        Refused before anything stops; ConnectRefused or NotHealthy without its health.
        """
        name, config = self._read(context)
        connect = _connect(context)
        former = connectors.config_of(connect, name)
        rules.check(config, former)
        rules.check_alone(connect, config)
        source.check(context.connection, config, former)
        rules.validate(connect, config)
        connectors.put(connect, name, config, _gate(context, config))

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        text = context.read(FOLDER, self.connector, version=self.version, suffix="json")
        return f"{self.source()}\n{text}"

    def script(self, context: OperationContext) -> str:
        """The request as a comment; secrets are placeholders that the worker fills in."""
        name, config = self._read(context)
        body = json.dumps(config, indent=2).replace("\n", "\n-- ")
        return f"-- PUT /connectors/{name}/config\n-- {body}"

    def _read(self, context: OperationContext) -> tuple[str, connectors.Config]:
        config = _definition(context, self.connector, self.version)
        for version in range(1, self.version):
            former = _definition(context, self.connector, version)["name"]
            if former != config["name"]:
                raise Refused(
                    f"version {self.version} of connector {self.connector} is named "
                    f"{config['name']}, and version {version} {former}: there would be two",
                    "keep the name, or write another definition for another connector",
                )
        return config["name"], config


@dataclass(frozen=True)
class RemoveConnector(Directive, name="remove_connector"):
    """`op.remove_connector("experiments")`

    Stops the connector, waits until its task has ended, and deletes it with its offsets. Slot and
    publication stay; the slot keeps the position for the next connector.
    """

    connector: str

    commits: ClassVar[bool] = True
    servers: ClassVar[tuple[str, ...]] = ("connect_url",)

    def apply(self, context: OperationContext) -> None:
        """Remove it; nothing to do if there is none."""
        connectors.remove(
            _connect(context),
            self._name(context),
            timeout=context.resources.settings.connector_timeout,
        )

    def script(self, context: OperationContext) -> str:
        """The requests as comments."""
        name = self._name(context)
        path = f"/connectors/{name}"
        return f"-- PUT {path}/stop\n-- DELETE {path}/offsets\n-- DELETE {path}"

    def _name(self, context: OperationContext) -> str:
        return _definition(context, self.connector, None)["name"]


def _definition(
    context: OperationContext, connector: str, version: int | None
) -> connectors.Config:
    """A version of a connector's definition, the newest without one."""
    text = context.read(FOLDER, connector, version=version, suffix="json")
    return connectors.parse(connector, context.fill(text))


def _connect(context: OperationContext) -> Connect:
    return Connect(context.resources.settings.need("connect_url").rstrip("/"))


def _gate(context: OperationContext, config: connectors.Config) -> Gate:
    """Its role must read the slot, since it was started, and move on."""
    reader = Reader(
        context.connection,
        config["slot.name"],
        config.get("database.user", ""),
        nudge=config.get("heartbeat.action.query", ""),
    )
    timeout = context.resources.settings.connector_timeout
    return Gate(lambda is_new: reader.begin(is_new=is_new), reader.streams, timeout)
