"""The offsets of a connector: the position in the server's WAL up to which it has sent."""

from __future__ import annotations

from analytics.kafka.connect import Connect

KEYS = ("lsn", "lsn_proc", "lsn_commit")


def position(connect: Connect, name: str) -> int:
    """The position that Connect has kept; 0 if there is none. Raises as `Connect` does."""
    kept = connect.get(f"/connectors/{name}/offsets") or {}
    found = (each["offset"] or {} for each in kept.get("offsets", ()))
    return max((int(offset.get(key) or 0) for offset in found for key in KEYS), default=0)
