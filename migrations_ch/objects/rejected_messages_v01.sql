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
