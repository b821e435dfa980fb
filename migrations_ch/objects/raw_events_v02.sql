-- The landing table: every message as it came. It is the replay source, and the one place
-- where ingest can be paused; all parsers read it, none reads Kafka.
-- Its key holds the message, too: a topic that is made again begins at offset 0.
CREATE TABLE raw_events
(
    message      String CODEC(ZSTD(3)),
    topic        LowCardinality(String),
    partition    UInt64,
    offset       UInt64,
    ingested_at  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    message_hash UInt64 MATERIALIZED cityHash64(message)
)
ENGINE = ReplacingMergeTree
PRIMARY KEY (topic, partition, offset)
ORDER BY (topic, partition, offset, message_hash)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY
