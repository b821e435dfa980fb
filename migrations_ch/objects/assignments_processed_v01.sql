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
