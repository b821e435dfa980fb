"""The source of a connector: role, slot, publication and tables, looked at before anything stops.

Each fault is a line that names what is wrong, and a statement that corrects it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from analytics.errors import Refused
from analytics.postgres import heartbeat, message_keys, published
from analytics.postgres.published import Fault
from analytics.postgres.replication import LOST

CONNECTIONS = 2  # of a connector: one reads the slot, one the catalog

ROLE = """
SELECT
    rolreplication OR rolsuper,
    rolcanlogin,
    coalesce(rolvaliduntil > now(), true),
    rolconnlimit
FROM pg_roles
WHERE rolname = :role"""

SLOT = """
SELECT
    slot.plugin, slot.database, coalesce(slot.wal_status, 'reserved'), slot.active_pid,
    reader.usename, reader.application_name,
    slot.database = current_database()
FROM pg_replication_slots AS slot
LEFT JOIN pg_stat_activity AS reader ON reader.pid = slot.active_pid
WHERE slot_name = :slot"""


def check(
    connection: Connection, config: Mapping[str, str], former: Mapping[str, str] | None
) -> None:
    """Refused, with every fault of the source that a connector of this config would read.

    `former` is the config that it has now: its own reader of the slot is no fault.
    """
    faults = [
        *_role(connection, config),
        *_slot(connection, config, {each.get("database.user") for each in (config, former or {})}),
        *published.faults(connection, config),
        *message_keys.faults(connection, config),
        *heartbeat.faults(connection, config),
    ]
    if faults:
        raise Refused(
            f"connector {config['name']} would lose rows, or not start: "
            + "; ".join(what for what, _ in faults),
            "; ".join(dict.fromkeys(remedy for _, remedy in faults)),
        )


def _role(connection: Connection, config: Mapping[str, str]) -> Iterator[Fault]:
    role = config.get("database.user", "")
    if not role or role.startswith("${"):
        return
    row = connection.execute(text(ROLE), {"role": role}).first()
    if row is None:
        yield f"there is no role {role}", f"CREATE ROLE {role} LOGIN REPLICATION (op.create_role)"
        return
    may_replicate, may_log_in, is_valid, limit = row
    is_enough = limit < 0 or limit >= CONNECTIONS
    for holds, what, clause in (
        (may_replicate, "may not read a slot", "REPLICATION"),
        (may_log_in, "may not log in", "LOGIN"),
        (is_valid, "has a password that has expired", "VALID UNTIL 'infinity'"),
        (is_enough, f"may have {limit} connections", f"CONNECTION LIMIT {2 * CONNECTIONS}"),
    ):
        if not holds:
            yield f"role {role} {what}", f"ALTER ROLE {role} {clause}"


def _slot(
    connection: Connection, config: Mapping[str, str], roles: set[str | None]
) -> Iterator[Fault]:
    name, plugin = config["slot.name"], config.get("plugin.name", "decoderbufs")
    row = connection.execute(text(SLOT), {"slot": name}).first()
    if row is None:
        yield (
            f"there is no replication slot {name}",
            "create it in an earlier revision: op.create_replication_slot()",
        )
        return
    its_plugin, database, wal, pid, reader, application, is_here = row
    if its_plugin != plugin:
        remedy = f'write "plugin.name": "{its_plugin}"'
        yield f"slot {name} is of plugin {its_plugin}, not {plugin}", remedy
    if not is_here:
        yield f"slot {name} belongs to database {database}", "name a slot of this database"
    if wal in LOST:
        yield (
            f"slot {name} is {wal}: changes that it has not read are gone from the server",
            f"SELECT pg_drop_replication_slot('{name}'), create it again, and send the rows again "
            "that were written since",
        )
    if pid is not None and reader is not None and reader not in roles:
        yield (
            f"slot {name} is read by {reader} ({application}, pid {pid})",
            f"end that reader first: SELECT pg_terminate_backend({pid})",
        )


def left_out(connection: Connection, config: Mapping[str, str]) -> str:
    """The changes that a publication leaves out on purpose, such as those of an outbox's rows."""
    row = connection.execute(
        text(published.PUBLICATION), {"publication": config["publication.name"]}
    ).one()
    words = zip(("INSERT", "UPDATE", "DELETE"), row, strict=True)
    return " and ".join(word for word, is_published in words if not is_published)
