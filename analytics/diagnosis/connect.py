"""The known errors of Kafka Connect, of Debezium, and of transforms and converters."""

from __future__ import annotations

from analytics.diagnosis.known import Known

KNOWN = (
    Known(
        r"no longer available on the server",
        "its offsets are behind its slot, or of another one",
        "PUT stop, DELETE offsets, PUT resume at Connect: the slot knows the position; or "
        "create the slot again and send the missing rows again",
    ),
    Known(
        r"ClassNotFoundException|Unable to find .*(?:snapshotter|class)|could not be found"
        r"|Failed to find any class",
        "the worker lacks a class that it names",
        "correct the class, or install the plug-in at the worker",
    ),
    Known(
        r"Unable to find (?:\w+ )+field",
        "the outbox's rows lack a field that its transform reads",
        "name the columns in transforms.*.table.field.event.*, or add them to the table",
    ),
    Known(
        r"Unexpected (?:update|delete) message received",
        "the outbox's transform got an update or a delete",
        'publish inserts only, or write "transforms.*.table.op.invalid.behavior": "warn"',
    ),
    Known(
        r"Only (?:Struct|Map) (?:objects )?supported",
        "a transform got a message of another form than it takes",
        "put it behind a predicate for the topics that it is for",
    ),
    Known(
        r"(?:Unknown|Missing) field|Field does not exist|is not a valid field name",
        "a transform names a field that the rows do not have",
        "correct the field in the definition",
    ),
    Known(
        r"requires .?schema.? and .?payload.? fields|Converting byte\[\] to Kafka Connect data",
        "a converter cannot read what it got",
        "correct key.converter and value.converter, with schemas.enable",
    ),
    Known(
        r"schema isn.t known",
        "a change is of a table that the connector does not know",
        "add the table to table.include.list, and restart it",
    ),
    Known(
        r"OutOfMemoryError|Java heap space|GC overhead limit",
        "the worker has no memory left",
        "give it more (KAFKA_HEAP_OPTS), or lower max.queue.size and max.batch.size",
        lasts=False,
    ),
    Known(
        r"rebalance (?:is )?in progress|Cannot complete request momentarily",
        "the workers share out their tasks",
        "run the same command again in a moment",
        lasts=False,
    ),
    Known(
        r"Signal channel \S+ configuration is invalid",
        "a channel of its signals lacks what it needs",
        'write "signal.enabled.channels": "source", or give the other channel its keys',
    ),
    Known(
        r"Could not execute heartbeat action|heartbeat\.action\.query",
        "its heartbeat query fails",
        "correct the query, or grant its role what it writes to",
    ),
    Known(
        r"Creation of replication slot failed",
        "it could not create the slot that it is to read",
        "create it in an earlier revision: op.create_replication_slot()",
    ),
    Known(
        r"PKIX path building failed|unable to find valid certification path",
        "it does not trust the certificate of a server",
        "give it the CA: a truststore for the worker, sslrootcert or database.sslrootcert",
    ),
    Known(
        r"server does not support SSL",
        "PostgreSQL has no TLS, and it is asked for",
        "write database.sslmode as the server has it, or turn ssl on there",
    ),
    Known(
        r"Connection (?:to \S+ )?refused",
        "nobody answers at an address that it names",
        "start that server, or correct the address in the definition",
        lasts=False,
    ),
    Known(
        r"ConfigException|Invalid value|value is invalid|Missing required configuration",
        "a value of its definition is not accepted",
        "correct the value that is named",
    ),
)
