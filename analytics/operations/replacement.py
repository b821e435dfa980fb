"""`op.replace_connector`: a connector that takes the place of another one, without a gap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.errors import Refused
from analytics.kafka import connect as worker
from analytics.kafka import connector as connectors
from analytics.kafka.connect import Config, Connect
from analytics.operations import _connector, _preflight
from analytics.operations._handover import SLOT, Handover
from analytics.operations.gate import canary, streaming
from analytics.postgres import privileges, replication
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class ReplaceConnector(Directive, name="replace_connector"):
    """`op.replace_connector("shop", "shop_next", version=1)`

    Stops the connector `shop` and lets the one that `connectors/shop_next_v01.json` defines go on
    where it stopped: with a name and a slot of its own, and whatever else differs. The slot is
    copied from the old one, unless it exists. The old connector stays, stopped and with its slot,
    so that the same operation the other way round leads back.
    """

    connector: str
    by: str
    version: int

    commits: ClassVar[bool] = True
    servers: ClassVar[tuple[str, ...]] = ("connect_url",)

    def apply(self, context: OperationContext) -> None:
        """Replace it and wait for the health of the new one; else the old one runs again.

        Where there is no old one, such as on the way back of what was refused, it is as
        op.register_connector.
        Refused before anything stops; ConnectRefused, NotHealthy or Unreachable.
        """
        new = _connector.definition(context, self.by, self.version)
        connect = worker.of(context.resources.settings)
        old, exists = self._old(context, connect)
        _apart(old, new)
        needs_copy = replication.slot(context.connection, new[SLOT]) is None
        _preflight.check(context, new, old, slot=old[SLOT] if needs_copy else None)
        canaries = canary.read(context.resources, self.by, self.version)
        _preflight.check_topics(context, new, canaries)
        with canary.flying(context.resources, context.connection, new, canaries) as gate:
            back = streaming.gate(context.resources, context.connection, old)
            handover = Handover(connect, context.connection, old, new, gate=gate, back=back)
            handover.check()
            if not exists and not needs_copy:
                connectors.put(connect, new["name"], new, gate)
                return
            if needs_copy:
                _tell_copy(context, old[SLOT], new[SLOT])
            handover.run()
        context.resources.watch.say(
            f"slot {old[SLOT]} keeps WAL for {old['name']}, which is stopped and stays as the way "
            "back, until op.remove_connector and op.drop_replication_slot remove both"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the new definition as it is written."""
        return f"{self.source()}\n{_connector.text(context, self.by, self.version)}"

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute REPLICATION, which the copy of a slot takes."""
        return {privileges.of("REPLICATION")}

    def impact(self, context: OperationContext) -> Impact:
        """The moment in which nothing is sent, and the WAL that is kept from then on."""
        new = _connector.definition(context, self.by, self.version)
        return Impact(
            blocks=f"ingest stands until connector {new['name']} runs; the slot of the former one "
            "keeps WAL from then on"
        )

    def script(self, context: OperationContext) -> str:
        """The requests as comments, and the statement between them."""
        *_, old = _connector.named(context, self.connector).values()
        new = _connector.definition(context, self.by, self.version)
        body = json.dumps(
            {"name": new["name"], "config": new, "initial_state": "STOPPED"}, indent=2
        ).replace("\n", "\n-- ")
        return (
            f"-- POST /connectors\n-- {body}\n"
            f"-- PUT /connectors/{old['name']}/stop\n"
            f"SELECT pg_copy_logical_replication_slot('{old[SLOT]}', '{new[SLOT]}')\n"
            f"WHERE NOT EXISTS (\n"
            f"    SELECT FROM pg_replication_slots WHERE slot_name = '{new[SLOT]}'\n);\n"
            f"-- PUT /connectors/{new['name']}/resume"
        )

    def _old(self, context: OperationContext, connect: Connect) -> tuple[Config, bool]:
        """The connector that is to be replaced, and whether Connect has it; else as defined."""
        named = _connector.named(context, self.connector)
        for name in reversed(named):
            if (existing := connectors.config_of(connect, name)) is not None:
                return existing, True
        *_, newest = named.values()
        return newest, False


def _apart(old: Config, new: Config) -> None:
    """Refused if the two cannot exist beside each other."""
    same = [f"{key} {new[key]}" for key in ("name", SLOT) if old[key] == new[key]]
    if same:
        raise Refused(
            f"connector {new['name']} has {' and '.join(same)} of {old['name']}, which stays as "
            "the way back",
            "give it a name and a slot of its own; what changes neither of them, nor topic.prefix, "
            "is a next version: op.register_connector()",
        )


def _tell_copy(context: OperationContext, old: str, new: str) -> None:
    """Say what a copy of a slot lacks."""
    former = replication.slot(context.connection, old)
    if former is not None and former.failover:
        context.resources.watch.say(
            f"slot {old} fails over to a standby, and its copy {new} does not: to keep that, "
            f'create it before: op.create_replication_slot("{new}", failover=True)'
        )
