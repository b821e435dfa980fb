CREATE MATERIALIZED VIEW hourly_stats_mv TO experiment_hourly_stats AS
SELECT
    experiment_id,
    variant_id,
    toStartOfHour(timestamp) AS hour,
    uniqExactState(event_id)                   AS events,
    uniqExactIfState(event_id, is_exposure)    AS exposures,
    uniqExactIfState(event_id, is_conversion)  AS conversions,
    uniqExactState(user_id)                    AS users,
    uniqExactIfState(user_id, is_exposure)     AS exposed_users,
    uniqExactIfState(user_id, is_conversion)   AS converting_users,
    sumIf(toDecimal128(ifNull(value, 0), 4), is_conversion) AS revenue_ingested,
    count()                                    AS rows_ingested,
    quantilesTDigestIfState(0.5, 0.9, 0.99)(
        toFloat64(ifNull(value, 0)),
        toUInt8(is_conversion AND value IS NOT NULL)
    )                                          AS value_digest,
    min(timestamp)                             AS first_event,
    max(timestamp)                             AS last_event
FROM events_processed
WHERE is_valid
  AND is_deleted = 0
  AND NOT JSONExtractBool(properties, 'bot')
GROUP BY
    experiment_id,
    variant_id,
    hour
