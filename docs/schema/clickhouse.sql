-- The ClickHouse schema as its history leaves it, with the default names. Written by `make docs`.
--
-- To load it into an empty database:
--     clickhouse-client --query "CREATE DATABASE experiments_analytics ENGINE = Atomic"
--     clickhouse-client --database experiments_analytics --multiquery < docs/schema/clickhouse.sql
--     alembic -n clickhouse stamp head
-- Addresses and the password in the named collections are examples: change them here, or later
-- with ALTER NAMED COLLECTION.

CREATE NAMED COLLECTION experiments_analytics_kafka AS
    kafka_broker_list = 'kafka:19092';

CREATE NAMED COLLECTION experiments_analytics_postgres AS
    host     = 'postgres',
    port     = 5432,
    database = 'experiments',
    schema   = 'experiments',
    user     = 'experiments_clickhouse',
    password = 'not-a-password';

-- The landing table: every message as it came. It is the replay source, and the one place
-- where ingest can be paused; all parsers read it, none reads Kafka.
CREATE TABLE raw_events
(
    message     String CODEC(ZSTD(3)),
    topic       LowCardinality(String),
    partition   UInt64,
    offset      UInt64,
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY
COMMENT 'raw_events v01 0607b0eb270a';

-- The newest version (by source LSN) of each event wins; a deleted one goes with FINAL.
-- is_valid is the hint at ingest time; reports resolve validity when they are read.
CREATE TABLE events_processed
(
    event_id      String,
    experiment_id String,
    variant_id    String,
    user_id       String,
    event_type    LowCardinality(String),
    timestamp     DateTime64(6, 'UTC'),
    assignment_at Nullable(DateTime64(6, 'UTC')),
    session_id    Nullable(String),
    properties    String,
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    ingested_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    page          Nullable(String)         MATERIALIZED JSONExtract(properties, 'page', 'Nullable(String)'),
    device        Nullable(String)         MATERIALIZED JSONExtract(properties, 'device', 'Nullable(String)'),
    value         Nullable(Decimal(18, 4)) MATERIALIZED JSONExtract(properties, 'value', 'Nullable(Decimal(18, 4))'),
    score         Nullable(Int32)          MATERIALIZED JSONExtract(properties, 'score', 'Nullable(Int32)'),
    is_conversion Bool                     MATERIALIZED event_type = 'conversion',
    is_exposure   Bool                     MATERIALIZED event_type = 'exposure',
    is_valid      Bool                     MATERIALIZED ifNull(timestamp >= assignment_at, true)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (experiment_id, user_id, event_id)
COMMENT 'events_processed v01 0831923e7567';

-- Total: what it cannot use it leaves to rejected_messages_mv, it never fails an insert.
CREATE MATERIALIZED VIEW events_processor_mv TO events_processed AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractString(envelope, 'op') AS op,
    JSONExtractRaw(envelope, if(op = 'd', 'before', 'after')) AS record,
    JSONExtractUInt(envelope, 'source', 'lsn') AS lsn,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'timestamp'), 6, 'UTC') AS happened_at
SELECT
    JSONExtractString(record, 'id')            AS event_id,
    JSONExtractString(record, 'experiment_id') AS experiment_id,
    JSONExtractString(record, 'variant_id')    AS variant_id,
    JSONExtractString(record, 'user_id')       AS user_id,
    JSONExtractString(record, 'event_type')    AS event_type,
    assumeNotNull(happened_at)                 AS timestamp,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'assignment_at'), 6, 'UTC') AS assignment_at,
    JSONExtract(record, 'session_id', 'Nullable(String)') AS session_id,
    -- jsonb arrives as a JSON string; an expanded object is taken, too
    multiIf(
        JSONType(record, 'properties') = 'Object', JSONExtractRaw(record, 'properties'),
        JSONExtractString(record, 'properties') != '', JSONExtractString(record, 'properties'),
        '{}'
    ) AS properties,
    if(lsn > 0, lsn, JSONExtractUInt(envelope, 'ts_ms')) AS version,
    toUInt8(op = 'd') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'events'
  AND op IN ('c', 'r', 'u', 'd')
  AND event_id != ''
  AND experiment_id != ''
  AND user_id != ''
  AND happened_at IS NOT NULL
)
COMMENT 'events_processor_mv v01 c8ce24a5e95f';

CREATE TABLE assignments_processed
(
    assignment_id String,
    experiment_id String,
    user_id       String,
    variant_id    String,
    assigned_at   DateTime64(6, 'UTC'),
    context       String DEFAULT '{}',
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    ingested_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    assigned_date Date            MATERIALIZED toDate(assigned_at),
    assigned_hour DateTime('UTC') MATERIALIZED toStartOfHour(assigned_at),
    ingest_lag_ms Int64           MATERIALIZED dateDiff('millisecond', assigned_at, ingested_at)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (experiment_id, user_id, assignment_id)
COMMENT 'assignments_processed v01 7f0d630d918a';

-- Assignments come through the outbox. Its rows are inserted only; a delete is its cleaner at work.
CREATE MATERIALIZED VIEW assignments_processor_mv TO assignments_processed AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractRaw(envelope, 'after') AS record,
    JSONExtractString(record, 'type') AS type,
    JSONExtractUInt(envelope, 'source', 'lsn') AS lsn,
    if(JSONType(record, 'payload') = 'Object', JSONExtractRaw(record, 'payload'), JSONExtractString(record, 'payload')) AS assignment,
    parseDateTime64BestEffortOrNull(JSONExtractString(assignment, 'assigned_at'), 6, 'UTC') AS since
SELECT
    multiIf(
        JSONExtractString(assignment, 'assignment_id') != '', JSONExtractString(assignment, 'assignment_id'),
        JSONExtractString(assignment, 'id') != '', JSONExtractString(assignment, 'id'),
        JSONExtractString(record, 'id')
    ) AS assignment_id,
    JSONExtractString(assignment, 'experiment_id') AS experiment_id,
    JSONExtractString(assignment, 'user_id')       AS user_id,
    JSONExtractString(assignment, 'variant_id')    AS variant_id,
    assumeNotNull(since)                           AS assigned_at,
    if(JSONType(assignment, 'context') = 'Object', JSONExtractRaw(assignment, 'context'), '{}') AS context,
    if(lsn > 0, lsn, JSONExtractUInt(envelope, 'ts_ms')) AS version,
    toUInt8(type = 'AssignmentDeleted') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'outbox'
  AND JSONExtractString(envelope, 'op') IN ('c', 'r')
  AND startsWith(type, 'Assignment')
  AND assignment_id != ''
  AND experiment_id != ''
  AND user_id != ''
  AND variant_id != ''
  AND since IS NOT NULL
)
COMMENT 'assignments_processor_mv v01 093fc69145a2';

-- What could not be used, with the reason: nothing is dropped in silence.
CREATE TABLE rejected_messages
(
    reason      LowCardinality(String),
    message     String CODEC(ZSTD(3)),
    topic       LowCardinality(String),
    partition   UInt64,
    offset      UInt64,
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset, reason)
COMMENT 'rejected_messages v01 c3201e2b6aa3';

-- The complement of the two parsers: the first rule that a message breaks.
CREATE MATERIALIZED VIEW rejected_messages_mv TO rejected_messages AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractString(envelope, 'op') AS op,
    JSONExtractString(envelope, 'source', 'table') AS source,
    JSONExtractRaw(envelope, if(op = 'd', 'before', 'after')) AS record,
    source = 'outbox' AND op IN ('c', 'r') AND startsWith(JSONExtractString(record, 'type'), 'Assignment') AS is_assignment,
    if(JSONType(record, 'payload') = 'Object', JSONExtractRaw(record, 'payload'), JSONExtractString(record, 'payload')) AS assignment,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'timestamp'), 6, 'UTC') AS happened_at,
    parseDateTime64BestEffortOrNull(JSONExtractString(assignment, 'assigned_at'), 6, 'UTC') AS since
SELECT
    multiIf(
        message = '',                                                        'empty',
        NOT isValidJSON(message),                                            'not_json',
        source NOT IN ('events', 'outbox'),                                  'unknown_source',
        op NOT IN ('c', 'r', 'u', 'd'),                                      'unknown_op',
        source = 'events' AND JSONExtractString(record, 'id') = '',            'event_without_id',
        source = 'events' AND JSONExtractString(record, 'experiment_id') = '', 'event_without_experiment',
        source = 'events' AND JSONExtractString(record, 'user_id') = '',       'event_without_user',
        source = 'events' AND happened_at IS NULL,                           'event_without_timestamp',
        is_assignment AND JSONExtractString(assignment, 'experiment_id') = '', 'assignment_without_experiment',
        is_assignment AND JSONExtractString(assignment, 'user_id') = '',       'assignment_without_user',
        is_assignment AND JSONExtractString(assignment, 'variant_id') = '',    'assignment_without_variant',
        is_assignment AND since IS NULL,                                     'assignment_without_time',
        ''
    ) AS reason,
    message,
    topic,
    partition,
    offset
FROM raw_events
WHERE reason != ''
)
COMMENT 'rejected_messages_mv v01 33699681bd7c';

-- By event hour. Counts are sets, so that a message that comes twice counts once;
-- the *_ingested columns count rows as they came and are for diagnosis only.
CREATE TABLE experiment_hourly_stats
(
    experiment_id    String,
    variant_id       String,
    hour             DateTime('UTC'),
    events           AggregateFunction(uniqExact, String),
    exposures        AggregateFunction(uniqExactIf, String, UInt8),
    conversions      AggregateFunction(uniqExactIf, String, UInt8),
    users            AggregateFunction(uniqExact, String),
    exposed_users    AggregateFunction(uniqExactIf, String, UInt8),
    converting_users AggregateFunction(uniqExactIf, String, UInt8),
    revenue_ingested SimpleAggregateFunction(sum, Decimal(38, 4)),
    rows_ingested    SimpleAggregateFunction(sum, UInt64),
    value_digest     AggregateFunction(quantilesTDigestIf(0.5, 0.9, 0.99), Float64, UInt8),
    first_event      SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_event       SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (experiment_id, variant_id, hour)
COMMENT 'experiment_hourly_stats v01 af1fdbacdf22';

CREATE MATERIALIZED VIEW hourly_stats_mv TO experiment_hourly_stats AS
(
SELECT
    experiment_id,
    variant_id,
    toStartOfHour(timestamp) AS hour,
    uniqExactState(event_id)                   AS events,
    uniqExactIfState(event_id, is_exposure)    AS exposures,
    uniqExactIfState(event_id, is_conversion)  AS conversions,
    uniqExactState(user_id)                    AS users,
    uniqExactIfState(user_id, is_exposure)     AS exposed_users,
    uniqExactIfState(user_id, is_conversion)   AS converting_users,
    sumIf(toDecimal128(ifNull(value, 0), 4), is_conversion) AS revenue_ingested,
    count()                                    AS rows_ingested,
    quantilesTDigestIfState(0.5, 0.9, 0.99)(
        toFloat64(ifNull(value, 0)),
        toUInt8(is_conversion AND value IS NOT NULL)
    )                                          AS value_digest,
    min(timestamp)                             AS first_event,
    max(timestamp)                             AS last_event
FROM events_processed
WHERE is_valid
  AND is_deleted = 0
GROUP BY
    experiment_id,
    variant_id,
    hour
)
COMMENT 'hourly_stats_mv v01 957e1bdfc828';

CREATE DICTIONARY experiments_dict
(
    experiment_id String,
    name          String,
    status        String,
    started_at    Nullable(DateTime64(6, 'UTC')),
    ended_at      Nullable(DateTime64(6, 'UTC'))
)
PRIMARY KEY experiment_id
SOURCE(POSTGRESQL(
    NAME experiments_analytics_postgres
    QUERY $$
        SELECT
            id AS experiment_id,
            name,
            status,
            to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started_at,
            to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS ended_at
        FROM experiments.experiments
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 5 MAX 10)
COMMENT 'experiments_dict v01 c489fc45c3c1';

CREATE DICTIONARY variants_dict
(
    experiment_id String,
    variant_id    String,
    name          String,
    is_control    UInt8,
    allocation    Float64
)
PRIMARY KEY experiment_id, variant_id
SOURCE(POSTGRESQL(
    NAME experiments_analytics_postgres
    QUERY $$
        SELECT
            experiment_id,
            id AS variant_id,
            name,
            is_control::int AS is_control,
            allocation::float8 AS allocation
        FROM experiments.variants
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 5 MAX 10)
COMMENT 'variants_dict v01 5c82641dd0ae';

CREATE DICTIONARY users_dict
(
    user_id    String,
    created_at DateTime64(6, 'UTC'),
    country    String DEFAULT ''
)
PRIMARY KEY user_id
SOURCE(POSTGRESQL(
    NAME experiments_analytics_postgres
    QUERY $$
        SELECT
            id AS user_id,
            to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS created_at,
            coalesce(country, '') AS country
        FROM experiments.users
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 30 MAX 60)
COMMENT 'users_dict v01 3e53ce006a3b';

-- RawBLOB takes a message whole: LineAsString splits it at line breaks into rows of one offset,
-- of which a merge of the landing table keeps only one.
-- Flush interval and poll time-out are equal: a shorter poll ends in a fixed sleep of 500 ms.
CREATE TABLE raw_events_kafka
(
    message String
)
ENGINE = Kafka(experiments_analytics_kafka)
SETTINGS
    kafka_topic_list          = 'experiments_events',
    kafka_group_name          = 'clickhouse_experiments_analytics',
    kafka_format              = 'RawBLOB',
    kafka_num_consumers       = 1,
    kafka_handle_error_mode   = 'stream',
    kafka_flush_interval_ms   = 200,
    kafka_poll_timeout_ms     = 200,
    kafka_max_block_size      = 65536,
    kafka_poll_max_batch_size = 65536
COMMENT 'raw_events_kafka v01 bb6d9a926eab';

CREATE MATERIALIZED VIEW raw_events_mv TO raw_events AS
(
SELECT
    if(_error = '', message, _raw_message) AS message,
    _topic     AS topic,
    _partition AS partition,
    _offset    AS offset
FROM raw_events_kafka
)
COMMENT 'raw_events_mv v01 e56c5b553be4';

-- Holds nothing. While it is detached no new cycle of Kafka reading can start.
CREATE TABLE raw_events_valve
(
    message String
)
ENGINE = Null
COMMENT 'raw_events_valve v01 27a513a02f82';

CREATE MATERIALIZED VIEW raw_events_valve_mv TO raw_events_valve AS
(
SELECT message
FROM raw_events_kafka
)
COMMENT 'raw_events_valve_mv v01 f57fe83d3bba';
