-- By category, too; the largest line does not sum up, so the engine is another.
CREATE TABLE sales_daily
(
    day       Date,
    country   LowCardinality(String),
    category  LowCardinality(String),
    orders    AggregateFunction(uniqExact, UInt64),
    customers AggregateFunction(uniqExact, UInt64),
    units     SimpleAggregateFunction(sum, UInt64),
    revenue   SimpleAggregateFunction(sum, Decimal(38, 2)),
    largest   SimpleAggregateFunction(max, Decimal(18, 2))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (country, category, day)
