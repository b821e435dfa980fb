"""The connectors of this database: state, slot, lag, drift from their definitions, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from analytics import definitions, diagnosis
from analytics.directive import Resources
from analytics.kafka import connect as worker
from analytics.kafka import connector as kafka
from analytics.kafka import health
from analytics.kafka.connect import Config
from analytics.kafka.health import Status
from analytics.postgres import slots
from analytics.postgres.replication import LOST
from analytics.postgres.slots import SlotState
from analytics.release.histories import of_connectors
from analytics.settings import Settings, database_of
from analytics.stores import SOURCE, connections

FOLDER = "connectors"
WARNED, ALARMED = 0.70, 0.85  # of the WAL that a slot may keep
Heirs = dict[str | None, str]
BEHIND = 64 << 20  # bytes at which a reader is said to be behind


@dataclass(frozen=True)
class Standing:
    """A connector, or a slot that none reads, and what to do about it; empty if nothing."""

    name: str
    state: str
    tasks: tuple[str, ...]
    slot: SlotState
    definition: str  # the version that it has, or in which keys it differs from the newest
    todo: str


def listed(settings: Settings) -> list[Standing]:
    """Every connector that reads this database, and every slot of it without one.

    Raises SettingError, Unreachable and ConnectRefused.
    """
    resources, connect = of_connectors(settings).resources, worker.of(settings)
    with connections.opened(settings) as both:
        found = {each.name: each for each in slots.everything(both.drivers[SOURCE.name])}
    database = database_of(settings.need("postgres_url"))
    ours = {
        name: config
        for name, config in connect.configs().items()
        if config.get("database.dbname") == database and config.get("slot.name") in found
    }
    read = {config["slot.name"] for config in ours.values()}
    states = {name: health.status(connect, name) or Status("gone", (), "") for name in ours}
    heirs = {c.get("publication.name"): name for name, c in ours.items() if states[name].runs}
    return [
        *(
            _connector(resources, c, states[name], found[c["slot.name"]], heirs)
            for name, c in ours.items()
        ),
        *(_orphan(slot) for name, slot in found.items() if name not in read),
    ]


def _connector(
    resources: Resources, config: Config, current: Status, slot: SlotState, heirs: Heirs
) -> Standing:
    """`heirs` are the connectors that run, by their publications."""
    name = config["name"]
    todos = _todo(current, config, slot)
    if current.has_stopped and (heir := heirs.get(config.get("publication.name"))):
        todos = chain(_size(slot), _kept(heir, slot))
    todo = next(todos, "")
    return Standing(name, current.state, current.tasks, slot, _definition(resources, config), todo)


def _kept(heir: str, slot: SlotState) -> Iterator[str]:
    yield (
        f"kept as the way back from {heir}, and slot {slot.name} keeps WAL for it: remove both in "
        "a revision (op.remove_connector, op.drop_replication_slot)"
    )


def _todo(current: Status, config: Config, slot: SlotState) -> Iterator[str]:
    """What to do, the most urgent first."""
    name = config["name"]
    if slot.wal_status in LOST:
        yield (
            f"slot {slot.name} is {slot.wal_status}: drop it, create it again, and send the rows "
            "again that were written since"
        )
    if current.has_failed:
        cause = diagnosis.known(current.trace)
        yield (
            f"{cause.meaning}: {cause.remedy}" if cause else f"analytics connectors restart {name}"
        )
    if current.state in ("STOPPED", "PAUSED"):
        yield f"analytics connectors resume {name}"
    if slot.pid is None:
        yield f"nobody reads its slot: analytics connectors restart {name}"
    elif slot.reader and slot.reader != config.get("database.user", slot.reader):
        yield f"its slot is read by {slot.reader} (pid {slot.pid}): end that reader"
    yield from _size(slot)
    yield from _behind(slot)


def _size(slot: SlotState) -> Iterator[str]:
    part = slot.kept / slot.most if slot.kept and slot.most else 0.0
    if part >= WARNED:
        word = "SOON LOST" if part >= ALARMED else "kept"
        yield f"{part:.0%} of max_slot_wal_keep_size is {word}: raise it, or let it be read faster"


def _behind(slot: SlotState) -> Iterator[str]:
    if slot.behind and slot.behind > BEHIND:
        yield f"{slot.behind >> 20:,} MB behind: look at the worker's log"


def _orphan(slot: SlotState) -> Standing:
    if slot.pid:
        return Standing("-", f"read by {slot.reader}, no connector", (), slot, "", "")
    todo = f"drop it: SELECT pg_drop_replication_slot('{slot.name}')"
    return Standing("-", "no connector reads it", (), slot, "", todo)


def _definition(resources: Resources, config: Config) -> str:
    """The version whose definition a connector has, or how it differs from the newest."""
    nearest = "no definition has its name"
    for name, version, written in defined(resources):
        if written["name"] == config["name"]:
            keys = sorted(k for k in written | config if written.get(k) != config.get(k))
            if not keys:
                return f"{name} v{version}"
            nearest = f"differs from {name} v{version} in {', '.join(keys)}"
    return nearest


def defined(resources: Resources) -> Iterable[tuple[str, int, Config]]:
    """Every version of every connector's definition, filled in: name, version, config."""
    folder = resources.folder / FOLDER
    stems = {path.stem.rpartition("_v")[0] for path in folder.glob("*_v*.json")}
    for name in sorted(stems):
        for version in definitions.versions(folder, name, suffix="json"):
            text = definitions.read(folder, name, version=version, suffix="json")
            yield name, version, kafka.parse(name, resources.placeholders.fill(text))
