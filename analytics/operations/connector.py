"""`op.register_connector` and `op.remove_connector`: connectors that carry changes to Kafka."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.errors import Refused
from analytics.kafka import connector as connectors
from analytics.kafka.connect import Connect
from analytics.postgres import replication

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
        """Register it and wait for its health; Refused, ConnectRefused or NotHealthy without it."""
        name, config = self._read(context)
        _refuse_without_source(context, config)
        connectors.put(
            _connect(context),
            name,
            config,
            streams=lambda: _is_read(context, config["slot.name"]),
            timeout=context.resources.settings.connector_timeout,
        )

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
        text = context.read(FOLDER, self.connector, version=self.version, suffix="json")
        config = connectors.parse(self.connector, context.fill(text))
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
        text = context.read(FOLDER, self.connector, version=None, suffix="json")
        return connectors.parse(self.connector, context.fill(text))["name"]


def _connect(context: OperationContext) -> Connect:
    return Connect(context.resources.settings.need("connect_url").rstrip("/"))


def _is_read(context: OperationContext, slot: str) -> bool:
    state = replication.slot(context.connection, slot)
    return state is not None and state.active


def _refuse_without_source(context: OperationContext, config: connectors.Config) -> None:
    """Refused without slot or publication: Debezium would create a slot silently, with a gap."""
    slot, publication = config["slot.name"], config["publication.name"]
    if replication.slot(context.connection, slot) is None:
        raise Refused(
            f"there is no replication slot {slot} for connector {config['name']}",
            "create it in an earlier revision: op.create_replication_slot()",
        )
    if not replication.has_publication(context.connection, publication):
        raise Refused(
            f"there is no publication {publication} for connector {config['name']}",
            "create it in an earlier revision: op.create_publication()",
        )
