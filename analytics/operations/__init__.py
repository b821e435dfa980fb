"""Every `op.*` of ours, one module a noun; importing the package registers them all."""

from analytics.operations import (
    connector,
    kafka_table,
    object,
    publication,
    replay,
    replication_slot,
    role,
    sql,
    topic,
    view,
)

__all__ = [
    "connector",
    "kafka_table",
    "object",
    "publication",
    "replay",
    "replication_slot",
    "role",
    "sql",
    "topic",
    "view",
]
