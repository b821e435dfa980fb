"""The operations `op.*` of the package: one module for each noun, one class for each operation.

Importing the package registers them all. Begin with `topic` or `publication`, the simplest, then
read `object`, `view` and what they share: `_existing`, `_rebuild`. A module may import `directive`,
`rebuild`, and the modules of the service that it works on.
"""

from analytics.operations import (
    connector,
    kafka_table,
    loss,
    object,
    publication,
    replacement,
    replay,
    replication_slot,
    role,
    sql,
    table,
    topic,
    view,
)

__all__ = [
    "connector",
    "kafka_table",
    "loss",
    "object",
    "publication",
    "replacement",
    "replay",
    "replication_slot",
    "role",
    "sql",
    "table",
    "topic",
    "view",
]
