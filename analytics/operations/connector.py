"""`op.register_connector` and `op.remove_connector`: connectors that carry changes to Kafka."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.kafka import connect as worker
from analytics.kafka import connector as connectors
from analytics.kafka import rules
from analytics.operations import _connector, _preflight
from analytics.operations.gate import canary


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
        config = _connector.definition(context, self.connector, self.version)
        connect = worker.of(context.resources.settings)
        _preflight.check(context, config, connectors.config_of(connect, config["name"]))
        canaries = canary.read(context.resources, self.connector, self.version)
        _preflight.check_topics(context, config, canaries)
        with canary.flying(context.resources, context.connection, config, canaries) as gate:
            connectors.put(connect, config["name"], config, gate)

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        return f"{self.source()}\n{_connector.text(context, self.connector, self.version)}"

    def script(self, context: OperationContext) -> str:
        """The request as a comment; Refused for a secret that is no placeholder of the worker's."""
        config = _connector.definition(context, self.connector, self.version)
        rules.check_secrets(config, context.resources.placeholders.hidden)
        body = json.dumps(config, indent=2).replace("\n", "\n-- ")
        return f"-- PUT /connectors/{config['name']}/config\n-- {body}"


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
        """Remove it; nothing to do if there is none.

        Where versions of its definition have other names, those that read its slot are removed.
        """
        settings, named = context.resources.settings, _connector.named(context, self.connector)
        connect = worker.of(settings)
        for name, config in named.items():
            existing = connectors.config_of(connect, name) or {}
            if len(named) == 1 or existing.get("slot.name") == config["slot.name"]:
                connectors.remove(connect, name, timeout=settings.connector_timeout)

    def script(self, context: OperationContext) -> str:
        """The requests as comments."""
        names = _connector.named(context, self.connector)
        paths = (f"/connectors/{name}" for name in names)
        return "\n".join(
            f"-- PUT {path}/stop\n-- DELETE {path}/offsets\n-- DELETE {path}" for path in paths
        )
