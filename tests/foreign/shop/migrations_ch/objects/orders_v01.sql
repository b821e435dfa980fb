-- The newest version of each order.
CREATE TABLE orders
(
    id          UInt64,
    customer_id UInt64,
    status      Enum8('placed' = 1, 'paid' = 2, 'cancelled' = 3),
    country     LowCardinality(String),
    total       Decimal(18, 2),
    address     Tuple(city String, zip String),
    details     Map(String, String),
    placed_at   DateTime64(3, 'UTC'),
    version     UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (intDiv(id, 1000), cityHash64(id) % 8, id)
