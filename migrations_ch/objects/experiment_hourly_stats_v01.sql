-- By event hour. Counts are sets, so that a message that comes twice counts once;
-- the *_ingested columns count rows as they came and are for diagnosis only.
CREATE TABLE experiment_hourly_stats
(
    experiment_id    String,
    variant_id       String,
    hour             DateTime('UTC'),
    events           AggregateFunction(uniqExact, String),
    exposures        AggregateFunction(uniqExactIf, String, UInt8),
    conversions      AggregateFunction(uniqExactIf, String, UInt8),
    users            AggregateFunction(uniqExact, String),
    exposed_users    AggregateFunction(uniqExactIf, String, UInt8),
    converting_users AggregateFunction(uniqExactIf, String, UInt8),
    revenue_ingested SimpleAggregateFunction(sum, Decimal(38, 4)),
    rows_ingested    SimpleAggregateFunction(sum, UInt64),
    value_digest     AggregateFunction(quantilesTDigestIf(0.5, 0.9, 0.99), Float64, UInt8),
    first_event      SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_event       SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (experiment_id, variant_id, hour)
