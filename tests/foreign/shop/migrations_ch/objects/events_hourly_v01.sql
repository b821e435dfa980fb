-- How often what happened to orders, by the hour in which it happened.
CREATE TABLE events_hourly
(
    hour   DateTime('UTC'),
    event  LowCardinality(String),
    events UInt64,
    total  Decimal(38, 2)
)
ENGINE = SummingMergeTree((events, total))
ORDER BY (toDate(hour), event, hour)
