-- The lines of each order, once: as it was placed.
CREATE TABLE order_lines
(
    order_id    UInt64,
    line_no     UInt8,
    customer_id UInt64,
    country     LowCardinality(String),
    product_id  UInt32,
    category    LowCardinality(String),
    quantity    UInt32,
    unit_price  Decimal(12, 2),
    amount      Decimal(18, 2) MATERIALIZED quantity * unit_price,
    is_test     Bool,
    placed_at   DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(placed_at)
ORDER BY (toStartOfHour(placed_at), country, cityHash64(order_id), line_no)
