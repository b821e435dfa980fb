"""Remarks about a connector's definition: what it does that its author may not have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from analytics.kafka.connect import Config

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

CHANGES = {"u": "updates", "d": "deletes"}
COLUMNS = {"column.exclude.list", "column.include.list"}
FORM = (
    "key.converter",
    "value.converter",
    "key.converter.schemas.enable",
    "value.converter.schemas.enable",
    "message.key.columns",
    "time.precision.mode",
    "decimal.handling.mode",
    "binary.handling.mode",
    "hstore.handling.mode",
    "interval.handling.mode",
    "tombstones.on.delete",
)
SHORT = 3_600_000  # milliseconds: readers may be behind for longer
DEFAULTS = {"publication.autocreate.mode": "all_tables", "heartbeat.interval.ms": "0"}
ODD = (
    (
        "publication.autocreate.mode",
        "filtered",
        "publication.autocreate.mode=filtered lets it alter the publication: write disabled",
    ),
    (
        "heartbeat.interval.ms",
        "0",
        "no heartbeat.interval.ms: on a quiet database its slot keeps all WAL",
    ),
    *(
        (
            "producer.override.acks",
            few,
            f"producer.override.acks={few}: a broker that fails loses messages that were confirmed",
        )
        for few in "01"
    ),
)
SNAPSHOTS = ("initial", "always", "when_needed")


def of(config: Config, before: Config | None) -> Iterator[str]:
    """What a definition does that its author may not have meant, and that may be right."""
    yield from _left_out(config)
    if (mode := config.get("snapshot.mode", "initial")) in SNAPSHOTS:
        again = " once more" if before is not None else ""
        when = "at each start" if mode == "always" else "if its offsets are gone"
        yield f"snapshot.mode sends every row{again} {when}: no_data sends none"
    if changed := sorted(_changed(config, before) if before else ()):
        yield f"the form of its messages changes ({', '.join(changed)}): what reads them must know"
    if config.get("tasks.max", "1") != "1":
        yield "tasks.max has no effect: a slot has one reader"
    yield from (said for key, text, said in ODD if config.get(key, DEFAULTS.get(key)) == text)


def _left_out(config: Config) -> Iterator[str]:
    skipped = {each.strip() for each in config.get("skipped.operations", "t").split(",")}
    if words := [word for letter, word in CHANGES.items() if letter in skipped]:
        yield f"skipped.operations leaves out {' and '.join(words)}"
    if "replica.identity.autoset.values" in config:
        yield "replica.identity.autoset.values lets it alter tables: write op.execute() instead"
    for key in COLUMNS & config.keys():
        yield f"{key} leaves columns out of its messages"


def _changed(config: Config, before: Config) -> set[str]:
    """What shapes a message, and is another than before; routers do not."""
    changed = {key for key in FORM if config.get(key) != before.get(key)}
    shapers = [{name: _shaper(name, each) for name in _shapers(each)} for each in (config, before)]
    return changed | ({"transforms"} if shapers[0] != shapers[1] else set())


def _shapers(config: Config) -> list[str]:
    from analytics.kafka import routes  # slow to import

    names = (each.strip() for each in config.get("transforms", "").split(","))
    return [each for each in names if config.get(f"transforms.{each}.type") not in routes.ROUTERS]


def _shaper(name: str, config: Config) -> Config:
    return {key: text for key, text in config.items() if key.startswith(f"transforms.{name}.")}


def of_ways(tables: Iterable[str], config: Config, canaries: str) -> Iterator[str]:
    """The tables whose rows a transform may send anywhere, and into which no canary writes.

    Those of the connector's own signals and heartbeats do not count.
    """
    from analytics.kafka import routes

    hidden = [each for each in tables if routes.topic_of(each, config) is None]
    own = (config.get(key, "") for key in ("signal.data.collection", "heartbeat.action.query"))
    known = " ".join((canaries, *own))
    hidden = [each for each in hidden if not re.search(rf"\b{re.escape(each)}\b", known)]
    if hidden:
        yield (
            f"its transforms may leave rows of {', '.join(sorted(hidden))} out, or send them "
            "anywhere, and no canary shows that they arrive"
        )


def of_topics(client: KafkaAdminClient, topics: set[str]) -> Iterator[str]:
    """The topics that do not keep each message until its readers have it."""
    from analytics.kafka import topic_settings  # slow to import

    for topic in sorted(topics & set(client.list_topics())):
        settings = topic_settings.configs(client, topic)
        if "compact" in settings.get("cleanup.policy", ""):
            yield f"topic {topic} is compacted: of the messages of a key only the newest stays"
        elif 0 <= int(settings.get("retention.ms", "-1")) < SHORT:
            kept = int(settings["retention.ms"]) // 1000
            yield f"topic {topic} keeps messages for {kept} s: what is not read by then is lost"
