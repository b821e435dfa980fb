-- Sees each inserted block of hourly states, never their merges: -MergeState is the bridge.
CREATE MATERIALIZED VIEW daily_stats_mv TO experiment_daily_stats AS
SELECT
    experiment_id,
    variant_id,
    toDate(hour)                            AS day,
    sum(rows_ingested)                      AS rows_ingested,
    sum(revenue_ingested)                   AS revenue_ingested,
    uniqExactMergeState(events)             AS events,
    uniqExactIfMergeState(exposures)        AS exposures,
    uniqExactIfMergeState(conversions)      AS conversions,
    uniqExactMergeState(users)              AS users,
    uniqExactIfMergeState(exposed_users)    AS exposed_users,
    uniqExactIfMergeState(converting_users) AS converting_users
FROM experiment_hourly_stats
GROUP BY
    experiment_id,
    variant_id,
    day
