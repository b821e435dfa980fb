"""Remarks about a connector's definition: what it does that its author may not have meant."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.kafka.connect import Config

CHANGES = {"u": "updates", "d": "deletes"}
SNAPSHOTS = ("initial", "always", "initial_only", "when_needed")


def of(config: Config, before: Config | None) -> Iterator[str]:
    """What a definition does that its author may not have meant, and that may be right."""
    skipped = {each.strip() for each in config.get("skipped.operations", "t").split(",")}
    if words := [word for letter, word in CHANGES.items() if letter in skipped]:
        yield f"skipped.operations leaves out {' and '.join(words)}"
    if config.get("snapshot.mode", "initial") in SNAPSHOTS:
        again = " once more" if before is not None else ""
        yield f"snapshot.mode sends every row{again} if its offsets are gone: no_data sends none"
    if config.get("tasks.max", "1") != "1":
        yield "tasks.max has no effect: a slot has one reader"
    if config.get("heartbeat.interval.ms", "0") == "0":
        yield "no heartbeat.interval.ms: on a quiet database its slot keeps all WAL"
