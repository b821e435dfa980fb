CREATE TABLE sales_hourly
(
    hour      DateTime('UTC'),
    country   LowCardinality(String),
    category  LowCardinality(String),
    orders    AggregateFunction(uniqExact, UInt64),
    customers AggregateFunction(uniqExact, UInt64),
    units     SimpleAggregateFunction(sum, UInt64),
    revenue   AggregateFunction(sum, Decimal(18, 2)),
    products  SimpleAggregateFunction(sumMap, Map(UInt32, UInt64))
)
ENGINE = AggregatingMergeTree
ORDER BY (toDate(hour), country, category, hour)
