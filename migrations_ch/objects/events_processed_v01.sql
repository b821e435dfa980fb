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
    page          Nullable(String) MATERIALIZED JSONExtract(properties, 'page', 'Nullable(String)'),
    device        Nullable(String) MATERIALIZED JSONExtract(properties, 'device', 'Nullable(String)'),
    -- by way of text: a number that Decimal cannot hold is NULL, where JSONExtract would fail the insert
    value         Nullable(Decimal(18, 4)) MATERIALIZED if(
        match(JSONExtractString(properties, 'value'), '^[+-]?[.]?[0-9]'),
        toDecimal64OrNull(JSONExtractString(properties, 'value'), 4),
        NULL
    ),
    score         Nullable(Int32) MATERIALIZED JSONExtract(properties, 'score', 'Nullable(Int32)'),
    is_conversion Bool MATERIALIZED event_type = 'conversion',
    is_exposure   Bool MATERIALIZED event_type = 'exposure',
    is_valid      Bool MATERIALIZED ifNull(timestamp >= assignment_at, true)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
-- monthly; modulo 8 years, so that no block of strange times opens too many partitions to be taken
PARTITION BY toRelativeMonthNum(timestamp) % 96
ORDER BY (experiment_id, user_id, event_id)
