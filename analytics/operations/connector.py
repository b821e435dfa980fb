"""`op.register_connector` and `op.remove_connector`: connectors that carry changes to Kafka."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from analytics import definitions
from analytics.directive import Directive, OperationContext
from analytics.errors import Refused
from analytics.kafka import connect as worker
from analytics.kafka import connector as connectors
from analytics.kafka import rules
from analytics.kafka.connect import Config
from analytics.operations import _canary, _preflight

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
        connect = worker.of(context.resources.settings)
        canaries = _canary.read(context, self.connector, self.version)
        _preflight.check(context, connect, config)
        _preflight.check_topics(context, config, canaries)
        with _canary.flying(context, config, canaries) as gate:
            connectors.put(connect, name, config, gate)

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        text = context.read(FOLDER, self.connector, version=self.version, suffix="json")
        return f"{self.source()}\n{text}"

    def script(self, context: OperationContext) -> str:
        """The request as a comment; Refused for a secret that is no placeholder of the worker's."""
        name, config = self._read(context)
        rules.check_secrets(config)
        body = json.dumps(config, indent=2).replace("\n", "\n-- ")
        return f"-- PUT /connectors/{name}/config\n-- {body}"

    def _read(self, context: OperationContext) -> tuple[str, Config]:
        config = _definition(context, self.connector, self.version)
        folder = context.resources.folder / FOLDER
        listed = definitions.versions(folder, self.connector, suffix="json")
        for version in (each for each in listed if each < self.version):
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
        """Remove it; nothing to do if there is none.

        Where versions of its definition have other names, those that read its slot are removed.
        """
        settings, named = context.resources.settings, self._named(context)
        connect = worker.of(settings)
        for name, config in named.items():
            existing = connectors.config_of(connect, name) or {}
            if len(named) == 1 or existing.get("slot.name") == config["slot.name"]:
                connectors.remove(connect, name, timeout=settings.connector_timeout)

    def script(self, context: OperationContext) -> str:
        """The requests as comments."""
        paths = (f"/connectors/{name}" for name in self._named(context))
        return "\n".join(
            f"-- PUT {path}/stop\n-- DELETE {path}/offsets\n-- DELETE {path}" for path in paths
        )

    def _named(self, context: OperationContext) -> dict[str, Config]:
        """The newest definition by each name that its versions have."""
        folder = context.resources.folder / FOLDER
        versions = definitions.versions(folder, self.connector, suffix="json") or [1]
        read = (_definition(context, self.connector, version) for version in versions)
        return {config["name"]: config for config in read}


def _definition(context: OperationContext, connector: str, version: int) -> Config:
    """A version of a connector's definition; DefinitionError if there is none."""
    text = context.read(FOLDER, connector, version=version, suffix="json")
    return connectors.parse(connector, context.fill(text))
