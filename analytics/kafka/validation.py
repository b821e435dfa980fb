"""The worker's validation of a definition: its words for each key, and keys that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analytics import diagnosis
from analytics.errors import Refused
from analytics.kafka import unlisted
from analytics.kafka.connect import Config, Connect


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
        causes = filter(None, map(diagnosis.known, lines))
        remedies = dict.fromkeys(cause.remedy for cause in causes)
        raise Refused(
            f"connector {config['name']} is not valid: {'; '.join(lines)}",
            f"{'; '.join(remedies) or 'correct the definition, or what it names'}; then run the "
            "same command again (nothing was stopped)",
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
