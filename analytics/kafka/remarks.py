"""Remarks about a connector's definition: what it does that its author may not have meant."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.kafka.connect import Config

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
)
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
)
SNAPSHOTS = ("initial", "always", "initial_only", "when_needed")


def of(config: Config, before: Config | None) -> Iterator[str]:
    """What a definition does that its author may not have meant, and that may be right."""
    yield from _left_out(config)
    if config.get("snapshot.mode", "initial") in SNAPSHOTS:
        again = " once more" if before is not None else ""
        yield f"snapshot.mode sends every row{again} if its offsets are gone: no_data sends none"
    if changed := sorted(key for key in FORM if before and config.get(key) != before.get(key)):
        yield f"the form of its messages changes ({', '.join(changed)}): what reads them must know"
    if config.get("tasks.max", "1") != "1":
        yield "tasks.max has no effect: a slot has one reader"
    yield from (said for key, text, said in ODD if config.get(key, DEFAULTS[key]) == text)


def _left_out(config: Config) -> Iterator[str]:
    skipped = {each.strip() for each in config.get("skipped.operations", "t").split(",")}
    if words := [word for letter, word in CHANGES.items() if letter in skipped]:
        yield f"skipped.operations leaves out {' and '.join(words)}"
    for key in COLUMNS & config.keys():
        yield f"{key} leaves columns out of its messages"
