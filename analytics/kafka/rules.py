"""The rules of a connector's definition: what loses rows, or shows a secret, is refused.

Nothing is stopped or sent before they hold. The worker then validates the definition itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from analytics.errors import Refused
from analytics.kafka.connect import Config, Connect

SECRET = re.compile(r"password|secret|token|credential|jaas", re.I)
REFERENCE = re.compile(r"\$\{\w+:[^}]*\}")  # ${env:...}, ${file:...}: the worker fills it in
IDENTITY = ("topic.prefix", "slot.name", "database.dbname")
"""What a connector's offsets belong to: those of another one would be read as its own."""
SLOT = ("slot.name", "database.dbname", "database.hostname", "database.port")
"""What names a slot; the server may move to another address."""
FORBIDDEN = {
    "slot.drop.on.stop": ("false", "the next stop drops the slot, and rows are lost"),
    "errors.tolerance": ("none", "rows that fail are left out silently"),
    "event.processing.failure.handling.mode": ("fail", "rows that fail are left out silently"),
    "internal.log.position.check.enable": ("true", "a slot that is ahead loses rows silently"),
    "flush.lsn.source": ("true", "its slot never moves on, and keeps all WAL"),
}


def check(config: Config, before: Config | None, secrets: Collection[str]) -> None:
    """Refused for a definition that must not be registered, or not in the place of `before`."""
    name = config["name"]
    check_secrets(config, secrets)
    for key, wanted, why in _forbidden(config):
        raise Refused(
            f"connector {name}: {key} is {config[key]}: {why}",
            f'write "{key}": "{wanted}", or leave it out',
        )
    if "c" in re.split(r"[,\s]+", config.get("skipped.operations", "")):
        raise Refused(
            f"connector {name}: skipped.operations holds c: rows that are inserted are left out",
            "take c out of it",
        )
    if before is not None:
        _same_source(name, config, before)


def _forbidden(config: Config) -> Iterator[tuple[str, str, str]]:
    for key, (wanted, why) in FORBIDDEN.items():
        if config.get(key, wanted) != wanted:
            yield key, wanted, why
    if config.get("lsn.flush.mode") == "manual":
        yield "lsn.flush.mode", "connector", FORBIDDEN["flush.lsn.source"][1]
    mode, based = config.get("snapshot.mode"), "snapshot.mode.configuration.based.start.stream"
    if mode == "initial_only" or (mode == "configuration_based" and config.get(based) != "true"):
        yield "snapshot.mode", "no_data", "it takes a snapshot, and never reads its slot"


def check_secrets(config: Config, secrets: Collection[str]) -> None:
    """Refused for a definition that must not be shown either, because it holds a secret.

    `secrets` names those of the project, which are not filled in here.
    """
    users = {text for key, text in config.items() if key.endswith(("user", "username"))}
    for key, text in config.items():
        if ours := [each for each in secrets if f"${{{each}}}" in text]:
            raise Refused(
                f"connector {config['name']}: {key} holds ${{{ours[0]}}}, "
                "which would be sent as it is",
                "let the worker fill it in: ${env:VARIABLE} or ${file:PATH:KEY}",
            )
        _in_clear(config["name"], key, text, users)


def _in_clear(name: str, key: str, text: str, users: set[str]) -> None:
    """Refused for a secret in clear.

    A password that is the user's name is no secret: local servers have such ones.
    """
    if SECRET.search(key) and text not in ("", *users) and not REFERENCE.search(text):
        raise Refused(
            f"connector {name}: {key} holds a secret, which Connect would show to anybody",
            f'let the worker fill it in: "{key}": "${{env:VARIABLE}}" or "${{file:PATH:KEY}}"',
        )


def _same_source(name: str, config: Config, before: Config) -> None:
    moved = [key for key in IDENTITY if key in before and config.get(key, "") != before[key]]
    if moved:
        changes = ", ".join(f"{k} from {before[k]} to {config.get(k, 'none')}" for k in moved)
        raise Refused(
            f"connector {name} would change {changes}: its offsets belong to the former one",
            "write another definition, with a name and a slot of its own, and replace this "
            'connector by that one: op.replace_connector("...", "...", version=1)',
        )


def check_alone(connect: Connect, config: Config) -> None:
    """Refused if another connector of the worker reads the same slot: each would miss rows."""
    for name, other in connect.configs().items():
        is_same = all(other.get(key) == config.get(key) for key in SLOT)
        if name != config["name"] and is_same:
            raise Refused(
                f"connector {name} reads slot {config['slot.name']}, too",
                f"remove it first, or give {config['name']} a slot of its own and let it take the "
                "place of the other: op.replace_connector()",
            )
