"""The handover from one connector to another: without a gap, and undone if it does not work.

A slot's position is what its connector has sent. So rows are lost only between two slots of which
the new one is ahead, while nothing of the new connector was there that has read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from analytics.errors import Refused
from analytics.kafka import connector as connectors
from analytics.kafka import creation, health
from analytics.kafka.connect import Config, Connect
from analytics.kafka.health import Gate
from analytics.kafka.undoing import AGAIN, standing, undone
from analytics.postgres import reader, replication

SLOT = "slot.name"
NUDGE = "heartbeat.action.query"


@dataclass
class Handover:
    """Two connectors of a worker, each with its slot.

    The connection is outside of a transaction. `gate` is what the new one must pass, and `back`
    what the old one must pass if it is to run again.
    """

    connect: Connect
    connection: Connection
    old: Config
    new: Config
    gate: Gate
    back: Gate
    former: Config | None = field(init=False)  # what Connect has under the new one's name
    has_copied: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.former = connectors.config_of(self.connect, self.new["name"])

    def check(self) -> None:
        """Refused if rows lie between the two slots that neither connector would send."""
        if self.former is None and self._rests(self.old) and self._is_ahead():
            raise Refused(
                f"slot {self.new[SLOT]} begins after {self.old[SLOT]}, whose connector "
                f"{self.old['name']} does not run: rows between the two would be lost",
                f"`analytics connectors resume {self.old['name']}`, or drop the slot, which is "
                f"then copied: `SELECT pg_drop_replication_slot('{self.new[SLOT]}')`",
            )

    def run(self) -> None:
        """Let the new one go on where the old one stops; the old one keeps its slot. Idempotent.

        NotHealthy, ConnectRefused, Unreachable, or what the gate raises; the old one runs then.
        """
        timeout, name = self.gate.timeout, self.old["name"]
        with undone(self._undo):
            self._prepare()
            if not self._rests(self.old):
                behind = f"connector {name} has not read up to where slot {self.new[SLOT]} begins"
                health.wait_until(self._has_caught_up, behind, timeout=timeout)
                connectors.stop(self.connect, name, timeout=timeout)
            health.wait_until(self._is_free, f"slot {self.old[SLOT]} is read on", timeout=timeout)
            self.has_copied = replication.slot(self.connection, self.new[SLOT]) is None
            replication.copy_slot(self.connection, self.old[SLOT], self.new[SLOT])
            is_new = self._rests(self.new)
            connectors.run(self.connect, self.new["name"], self.gate, is_new=is_new)

    def _prepare(self) -> None:
        """The new one as it is defined, and stopped, unless it has taken over already.

        It has no offsets where its slot is still to be made: the slot will know the position.
        """
        name, timeout = self.new["name"], self.gate.timeout
        if self.former is None:
            creation.create_stopped(self.connect, name, self.new, timeout=timeout)
            return
        has_slot = replication.slot(self.connection, self.new[SLOT]) is not None
        is_same = self.former == self.new
        if is_same and has_slot and self._rests(self.old):
            return
        connectors.stop(self.connect, name, timeout=timeout)
        if not is_same:
            self.connect.put(f"/connectors/{name}/config", self.new)
        if not has_slot:
            self.connect.delete(f"/connectors/{name}/offsets")

    def _has_caught_up(self) -> bool:
        """Whether the old one has sent what the new slot no longer has; a quiet one is nudged."""
        if not self._is_ahead():
            return True
        with suppress(DBAPIError):  # the connector sends the same itself, only later
            self.connection.exec_driver_sql(self.old.get(NUDGE, "SELECT 1").replace("%", "%%"))
        return False

    def _is_ahead(self) -> bool:
        return replication.is_ahead(self.connection, self.new[SLOT], self.old[SLOT])

    def _is_free(self) -> bool:
        slot = replication.slot(self.connection, self.old[SLOT])
        return slot is None or not slot.active

    def _rests(self, config: Config) -> bool:
        current = health.status(self.connect, config["name"])
        return current is None or current.has_stopped

    def _undo(self) -> str:
        """Let the old one run again, whatever else can be put back; what stands then."""
        name = self.old["name"]
        left = "".join(f"; {fault}" for fault in self._put_back())
        try:
            is_new = self._rests(self.old)
            again = replace(self.back, timeout=min(self.back.timeout, AGAIN))
            connectors.run(self.connect, name, again, is_new=is_new)
        except Exception as error:
            with suppress(Exception):
                self.connect.put(f"/connectors/{name}/resume")
            return f"it does not work again ({error}); {standing(self.connect, name)}{left}"
        return f"connector {name} runs again{left}"

    def _put_back(self) -> Iterator[str]:
        """The new connector as it was, but stopped, and no copy of a slot; what did not work."""
        name, timeout = self.new["name"], min(self.gate.timeout, AGAIN)
        reader.revive(self.connection)
        steps = {f"connector {name} is left": partial(self._withdraw, timeout)}
        if self.has_copied:
            drop = partial(replication.drop_slot, self.connection, self.new[SLOT], timeout=timeout)
            steps[f"slot {self.new[SLOT]} is left, and keeps WAL"] = drop
        for left, step in steps.items():
            try:
                step()
            except Exception as error:
                yield f"{left} ({error})"

    def _withdraw(self, timeout: float) -> None:
        name = self.new["name"]
        if self.former is None:
            connectors.remove(self.connect, name, timeout=timeout)
            return
        connectors.stop(self.connect, name, timeout=timeout)
        if connectors.config_of(self.connect, name) != self.former:
            self.connect.put(f"/connectors/{name}/config", self.former)
