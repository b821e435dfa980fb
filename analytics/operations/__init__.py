"""Every `op.*` of ours, one module a noun; importing the package registers them all."""

from analytics.operations import (
    connector,
    object,
    publication,
    replication_slot,
    role,
    sql,
    topic,
    view,
)

__all__ = [
    "connector",
    "object",
    "publication",
    "replication_slot",
    "role",
    "sql",
    "topic",
    "view",
]
