CREATE TABLE payments_inbox
(
    message     String,
    partition   UInt64,
    offset      UInt64,
    received_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (partition, offset)
