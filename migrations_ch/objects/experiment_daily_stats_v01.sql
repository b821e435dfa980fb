-- By day, out of the hourly states: users of a day are the union of its hours, never their sum.
CREATE TABLE experiment_daily_stats
(
    experiment_id    String,
    variant_id       String,
    day              Date,
    rows_ingested    UInt64,
    revenue_ingested Decimal(38, 4),
    events           AggregateFunction(uniqExact, String),
    exposures        AggregateFunction(uniqExactIf, String, UInt8),
    conversions      AggregateFunction(uniqExactIf, String, UInt8),
    users            AggregateFunction(uniqExact, String),
    exposed_users    AggregateFunction(uniqExactIf, String, UInt8),
    converting_users AggregateFunction(uniqExactIf, String, UInt8)
)
ENGINE = SummingMergeTree
ORDER BY (experiment_id, variant_id, day)
