CREATE MATERIALIZED VIEW events_hourly_mv TO events_hourly AS
SELECT
    toStartOfHour(parseDateTimeBestEffort(JSONExtractString(message, 'at'), 'UTC')) AS hour,
    headers['event']                                    AS event,
    count()                                             AS events,
    sum(JSONExtract(message, 'total', 'Decimal(18, 2)')) AS total
FROM inbox
GROUP BY
    hour,
    event
