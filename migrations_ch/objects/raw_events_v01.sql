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
