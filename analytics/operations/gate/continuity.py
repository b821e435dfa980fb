"""The continuity of a connector's stream: its slot must not be ahead of what it has sent."""

from __future__ import annotations

from sqlalchemy import Connection

from analytics.errors import Refused
from analytics.kafka import offsets
from analytics.kafka.connect import Config, Connect
from analytics.postgres import slots

MODE, DRIVER = "lsn.flush.mode", "connector_and_driver"
"""With it the driver moves the slot, too, where there are no rows; older plug-ins do so always."""


def check(connection: Connection, connect: Connect, config: Config) -> None:
    """Refused if the server no longer has rows that a connector of this config has not sent.

    One without offsets begins at its slot. Nothing is known where the driver moves it. Raises as
    `Connect` does, too.
    """
    name, slot = config["name"], config["slot.name"]
    confirmed = slots.confirmed(connection, slot)  # before the offsets: both move on
    sent = offsets.position(connect, name)
    if not confirmed or not sent or confirmed <= sent or _driver_moves_it(connect, config):
        return
    raise Refused(
        f"slot {slot} is ahead of what connector {name} has sent: it was moved or created again, "
        "and the rows between are lost",
        f"send the rows again that were written since; then `analytics connectors stop {name}`, "
        f"`curl -X DELETE $ANALYTICS_CONNECT_URL/connectors/{name}/offsets`, and run the same "
        "command again: it begins at its slot",
    )


def _driver_moves_it(connect: Connect, config: Config) -> bool:
    listed = connect.get(f"/connector-plugins/{config['connector.class']}/config") or ()
    return config.get(MODE) == DRIVER or MODE not in {each["name"] for each in listed}
