"""Errors as servers have worded them, where they cannot be provoked on a healthy stack."""

RECORDED = {
    "PostgreSQL does not let this role connect from this host": (
        'FATAL: no pg_hba.conf entry for host "10.0.0.7", user "shop", database "shop"'
    ),
    "its slot is lost: the server has removed WAL that it had not read": (
        'ERROR: can no longer get changes from replication slot "shop_slot"\n'
        "  Detail: This slot has been invalidated because it exceeded the maximum reserved size."
    ),
    "the server has no slot left": (
        "ERROR: all replication slots are in use\n"
        "  Hint: Free one or increase max_replication_slots."
    ),
    "the server has no WAL sender left": (
        "FATAL: number of requested standby connections exceeds max_wal_senders (currently 10)"
    ),
    "the server does not write what logical decoding needs": (
        'ERROR: logical decoding requires "wal_level" >= "logical"'
    ),
    "PostgreSQL is not ready": "FATAL: the database system is starting up",
    "its offsets are behind its slot, or of another one": (
        "Caused by: io.debezium.DebeziumException: The connector is trying to read change stream "
        "starting at PostgresOffsetContext [...], but this is no longer available on the server."
    ),
    "a transform got a message of another form than it takes": (
        "org.apache.kafka.connect.errors.DataException: Only Struct objects supported for [field "
        "extraction], found: java.lang.String"
    ),
    "a converter cannot read what it got": (
        "org.apache.kafka.connect.errors.DataException: JsonConverter with schemas.enable requires "
        '"schema" and "payload" fields and may not contain additional fields.'
    ),
    "a change is of a table that the connector does not know": (
        "io.debezium.DebeziumException: Encountered change event for table shop.orders whose "
        "schema isn't known to this connector"
    ),
    "the worker has no memory left": "java.lang.OutOfMemoryError: Java heap space",
    "the workers share out their tasks": (
        "Cannot complete request momentarily due to stale configuration (typically caused by a "
        "concurrent config change)"
    ),
    "its heartbeat query fails": (
        "io.debezium.DebeziumException: Could not execute heartbeat action query (Error: 42P01)"
    ),
    "it could not create the slot that it is to read": (
        "io.debezium.DebeziumException: Creation of replication slot failed; query to create "
        "replication slot timed out, please make sure that there are no long running queries"
    ),
    "it does not trust the certificate of a server": (
        "Caused by: sun.security.validator.ValidatorException: PKIX path building failed"
    ),
    "Kafka refuses the login": (
        "org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during "
        "authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512"
    ),
    "Kafka does not let its user do this": (
        "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access "
        "topics: [shop_events]"
    ),
    "TLS with Kafka fails": (
        "org.apache.kafka.common.errors.SslAuthenticationException: SSL handshake failed"
    ),
    "a policy of the broker forbids it": (
        "org.apache.kafka.common.errors.PolicyViolationException: retention.ms is too large"
    ),
    "fewer replicas are in sync than min.insync.replicas": (
        "org.apache.kafka.common.errors.NotEnoughReplicasException: Messages are rejected since "
        "there are fewer in-sync replicas than required."
    ),
    "the broker cannot write to its disk": (
        "org.apache.kafka.common.errors.KafkaStorageException: Disk error when trying to "
        "access log file on the disk."
    ),
    "the broker is older than what is asked of it": (
        "org.apache.kafka.common.errors.UnsupportedVersionException: The broker does not support "
        "INCREMENTAL_ALTER_CONFIGS"
    ),
    "its user lacks a grant in ClickHouse": (
        "Code: 497. DB::Exception: shop: Not enough privileges. To execute this query, it's "
        "necessary to have the grant SELECT(id) ON shop.orders. (ACCESS_DENIED)"
    ),
    "the disk is full": (
        "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
    ),
    "the table is read-only: its replica has lost Keeper": (
        "Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)"
    ),
    "other objects depend on it": (
        "Code: 630. DB::Exception: Cannot drop or rename shop.people, because some tables depend "
        "on it: shop.people_dict. (HAVE_DEPENDENT_OBJECTS)"
    ),
    "a mutation has not finished": (
        "Code: 341. DB::Exception: Exception happened during execution of mutation. (UNFINISHED)"
    ),
}
