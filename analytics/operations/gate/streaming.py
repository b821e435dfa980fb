"""The reader of a connector's slot as its gate: the right one, since it was started, and moving."""

from __future__ import annotations

from sqlalchemy import Connection

from analytics.directive import Resources
from analytics.kafka.connect import Config
from analytics.kafka.health import Gate
from analytics.postgres import reader as readers


def gate(resources: Resources, connection: Connection, config: Config) -> Gate:
    """Its role must read the slot, since it was started, and move on."""
    reader = readers.of(connection, config)
    if not reader.nudge:
        resources.watch.say(
            f"connector {config['name']} has no heartbeat.action.query: whether its slot moves on "
            "is not known, and on a quiet database it keeps all WAL"
        )
    timeout = resources.settings.connector_timeout
    return Gate(lambda is_new: reader.begin(is_new=is_new), reader.streams, timeout)
