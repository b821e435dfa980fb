CREATE MATERIALIZED VIEW user_stats_mv TO user_experiment_stats AS
SELECT
    experiment_id,
    user_id,
    count()                      AS events_ingested,
    argMinStateIf('', (toDateTime64(0, 6, 'UTC'), ''), false) AS first_variant,
    min(toNullable(timestamp))   AS first_seen,
    max(toNullable(timestamp))   AS last_seen,
    toUInt8(max(is_exposure))    AS has_exposure,
    toUInt8(max(is_conversion))  AS has_converted
FROM events_processed
WHERE is_deleted = 0
GROUP BY
    experiment_id,
    user_id
