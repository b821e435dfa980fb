"""The rules of a connector's definition: what loses rows, or shows a secret, is refused.

Nothing is stopped or sent before they hold. The worker then validates the definition itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from analytics.errors import Refused
from analytics.kafka import unlisted
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
    "flush.lsn.source": ("true", "its slot never moves on, and keeps all WAL"),
}


def check(config: Config, before: Config | None, secrets: Collection[str]) -> None:
    """Refused for a definition that must not be registered, or not in the place of `before`."""
    name = config["name"]
    check_secrets(config, secrets)
    for key, (wanted, why) in FORBIDDEN.items():
        if config.get(key, wanted) != wanted:
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


def validate(connect: Connect, config: Config) -> None:
    """Refused for what the worker says of the whole definition; nothing is stopped for it.

    The worker looks at each value and logs in to PostgreSQL. Raises as `Connect` does, too.
    """
    wanted = config["connector.class"]
    plugins = {each["class"] for each in connect.get("/connector-plugins") or ()}
    if wanted not in {name for each in plugins for name in _names(each)}:
        raise Refused(
            f"connector {config['name']}: the worker has no class {wanted}",
            f"install it there, or write one of {', '.join(sorted(plugins))}",
        )
    path = f"/connector-plugins/{wanted}/config/validate"
    answer = connect.put(path, config) or {}
    lines = list(_faults(config, answer.get("configs", ())))
    if lines:
        raise Refused(
            f"connector {config['name']} is not valid: {'; '.join(lines)}",
            "correct the definition, or what it names, and run the same command again "
            "(nothing was stopped)",
        )


def _names(plugin: str) -> tuple[str, ...]:
    """The names by which Connect takes a class."""
    short = plugin.rpartition(".")[2]
    return plugin, short, short.removesuffix("Connector")


def _faults(config: Config, answers: Any) -> Iterator[str]:
    values = [each["value"] for each in answers]
    for value in values:
        for error in value.get("errors", ()):
            yield f"{value['name']}: {' '.join(str(error).split())}{_unfilled(config, error)}"
    known = {value["name"] for value in values}
    unknown = [
        key for key in config if key not in known and not unlisted.is_read(key, config, known)
    ]
    if values and unknown:
        yield f"nothing reads {', '.join(sorted(unknown))} (misspelt?)"


def _unfilled(config: Config, error: object) -> str:
    """A hint: a worker that cannot fill a placeholder in takes it for the password."""
    if "authentication failed" not in str(error):
        return ""
    text = config.get("database.password", "")
    return f" (does the worker have a config provider for {text}?)" if text else ""
