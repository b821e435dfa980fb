CREATE TABLE sales_daily
(
    day       Date,
    country   LowCardinality(String),
    orders    AggregateFunction(uniqExact, UInt64),
    customers AggregateFunction(uniqExact, UInt64),
    units     UInt64,
    revenue   Decimal(38, 2)
)
ENGINE = SummingMergeTree
ORDER BY (day, country)
