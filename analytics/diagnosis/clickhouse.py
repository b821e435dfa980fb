"""The known errors of ClickHouse, by the names of their codes, and those of its Kafka tables."""

from __future__ import annotations

from analytics.diagnosis.known import Known

KNOWN = (
    Known(
        r"TOO_MANY_PARTS",
        "parts come faster than they are merged",
        "write larger blocks (kafka_max_block_size, kafka_flush_interval_ms), or wait for merges",
        lasts=False,
    ),
    Known(
        r"MEMORY_LIMIT_EXCEEDED",
        "a query needs more memory than it may have",
        "raise max_memory_usage, or lower ANALYTICS_REBUILD_CHUNK for a rebuild",
        lasts=False,
    ),
    Known(
        r"NOT_ENOUGH_SPACE|NO_FREE_SPACE|No space left on device",
        "the disk is full",
        "free space: op.forget_previous drops what rebuilds have kept",
        lasts=False,
    ),
    Known(
        r"AUTHENTICATION_FAILED",
        "ClickHouse refuses its user",
        "correct user and password in ANALYTICS_CLICKHOUSE_URL",
    ),
    Known(
        r"ACCESS_DENIED",
        "its user lacks a grant in ClickHouse",
        "GRANT what is named to it",
    ),
    Known(
        r"TABLE_IS_READ_ONLY",
        "the table is read-only: its replica has lost Keeper",
        "look at Keeper, then SYSTEM RESTART REPLICA",
        lasts=False,
    ),
    Known(
        r"UNKNOWN_TABLE|UNKNOWN_DATABASE",
        "there is no such table or database in ClickHouse",
        "create it, or correct the name",
    ),
    Known(
        r"UNKNOWN_IDENTIFIER|NO_SUCH_COLUMN_IN_TABLE|NOT_FOUND_COLUMN_IN_BLOCK|THERE_IS_NO_COLUMN",
        "a column that is named is not there",
        "correct the definition, or add the column (op.change_table)",
    ),
    Known(
        r"CANNOT_PARSE|CANNOT_CONVERT_TYPE|TYPE_MISMATCH|INCORRECT_DATA|VALUE_IS_OUT_OF_RANGE",
        "a value does not fit its type",
        "correct the view that converts it (...OrNull takes what it can), or the sender",
    ),
    Known(
        r"FUNCTION_THROW_IF_VALUE_IS_NON_ZERO",
        "a throwIf in a view has stopped it",
        "correct the row, or the view",
    ),
    Known(
        r"TIMEOUT_EXCEEDED|SOCKET_TIMEOUT",
        "a query took longer than it may",
        "raise max_execution_time, or ANALYTICS_ANSWER_TIMEOUT",
        lasts=False,
    ),
    Known(
        r"HAVE_DEPENDENT_OBJECTS",
        "other objects depend on it",
        "drop those first, in the order that the message names",
    ),
    Known(
        r"UNFINISHED|CANNOT_ASSIGN_ALTER|DUPLICATED_PART_UUIDS",
        "a mutation has not finished",
        "look at system.mutations: KILL MUTATION, or wait",
        lasts=False,
    ),
    Known(
        r"POSTGRESQL_CONNECTION_FAILURE",
        "a dictionary or table function cannot reach PostgreSQL",
        "correct the named collection that it reads with, or start PostgreSQL",
        lasts=False,
    ),
    Known(
        r"NAMED_COLLECTION_DOESNT_EXIST",
        "there is no such named collection",
        "create it in an earlier revision: op.create_object()",
    ),
)
