-- Every announcement of an order, as it came.
CREATE TABLE inbox
(
    message     String,
    headers     Map(LowCardinality(String), String),
    place       Tuple(topic LowCardinality(String), partition UInt32, offset UInt64),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY place
