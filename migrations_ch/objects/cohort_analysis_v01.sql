-- D20: per cohort and day N, who was active on exactly that day, and who had converted by then.
CREATE VIEW cohort_analysis AS
SELECT
    experiment_id,
    variant_id,
    cohort_day,
    day_n,
    cohort_size,
    active_users,
    cumulative_converters,
    active_users / cohort_size          AS retention,
    cumulative_converters / cohort_size AS cumulative_conversion_rate
FROM
(
    SELECT
        users.experiment_id          AS experiment_id,
        users.variant_id             AS variant_id,
        toDate32(users.assigned_at)  AS cohort_day,
        count()                      AS cohort_size,
        range(31)                    AS days,
        sumForEach(arrayMap(n -> toUInt64(has(active_days, n)), days)) AS active,
        sumForEach(arrayMap(n -> toUInt64(ifNull(converted_on <= n, false)), days)) AS converters
    FROM user_assignments AS users
    LEFT JOIN
    (
        SELECT
            experiment_id,
            user_id,
            groupUniqArray(dateDiff('day', assigned_at, timestamp))             AS active_days,
            minOrNullIf(dateDiff('day', assigned_at, timestamp), is_conversion) AS converted_on
        FROM assigned_events
        WHERE is_valid
        GROUP BY
            experiment_id,
            user_id
    ) AS events
        ON events.experiment_id = users.experiment_id
       AND events.user_id = users.user_id
    WHERE users.n_variants = 1
    GROUP BY
        experiment_id,
        variant_id,
        cohort_day
    SETTINGS join_use_nulls = 0
)
ARRAY JOIN
    days       AS day_n,
    active     AS active_users,
    converters AS cumulative_converters
