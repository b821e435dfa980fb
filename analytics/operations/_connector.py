"""The common part of the operations on connectors: their definitions."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from analytics import definitions
from analytics.directive import OperationContext
from analytics.errors import AnalyticsError, Refused
from analytics.kafka import connector as connectors
from analytics.kafka.connect import Config

FOLDER = "connectors"


def text(context: OperationContext, connector: str, version: int) -> str:
    """A version of a connector's definition as it is written; DefinitionError if there is none."""
    return context.read(FOLDER, connector, version=version, suffix="json")


def definition(context: OperationContext, connector: str, version: int) -> Config:
    """The same as Connect takes it; Refused if an earlier version has another name."""
    config = _read(context, connector, version)
    for earlier in (each for each in _versions(context, connector) if each < version):
        former = _read(context, connector, earlier)["name"]
        if former != config["name"]:
            raise Refused(
                f"version {version} of connector {connector} is named "
                f"{config['name']}, and version {earlier} {former}: there would be two",
                "keep the name, or write another definition, and replace this connector by that "
                f'one: op.replace_connector("{connector}", "OTHER", version=1)',
            )
    return config


def named(context: OperationContext, connector: str) -> dict[str, Config]:
    """The newest definition by each name that its versions have, the newest name last."""
    versions = _versions(context, connector) or [1]
    read = (_read(context, connector, version) for version in versions)
    return {config["name"]: config for config in read}


def reading(context: OperationContext, slot: str) -> Config | None:
    """The newest definition of a connector that is to read a slot, if one is written."""
    stems = {path.stem.rpartition("_v")[0] for path in _folder(context).glob("*_v*.json")}
    with suppress(AnalyticsError):  # a definition that cannot be filled in has its own message
        for connector in sorted(stems):
            *_, config = named(context, connector).values()
            if config["slot.name"] == slot:
                return config
    return None


def _read(context: OperationContext, connector: str, version: int) -> Config:
    return connectors.parse(connector, context.fill(text(context, connector, version)))


def _versions(context: OperationContext, connector: str) -> list[int]:
    return definitions.versions(_folder(context), connector, suffix="json")


def _folder(context: OperationContext) -> Path:
    return context.resources.folder / FOLDER
