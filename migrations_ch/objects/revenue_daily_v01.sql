-- D10 by day of the conversion; a row for each day on which a variant has valid events.
CREATE VIEW revenue_daily AS
SELECT
    experiment_id,
    variant_id,
    d.1 AS day,
    d.2 AS conversions,
    d.3 AS converting_users,
    d.4 AS revenue,
    cumulative_revenue
FROM
(
    SELECT
        experiment_id,
        variant_id,
        arraySort(groupArray((on, n_conversions, n_users, money))) AS days,
        arrayCumSum(d -> d.4, days)                                AS cumulative
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            toDate32(timestamp)               AS on,
            countIf(is_conversion)            AS n_conversions,
            uniqExactIf(user_id, is_conversion) AS n_users,
            sumIf(toDecimal128(ifNull(value, 0), 4), is_conversion) AS money
        FROM assigned_events
        WHERE is_valid
          AND n_variants = 1
        GROUP BY
            experiment_id,
            variant_id,
            on
    )
    GROUP BY
        experiment_id,
        variant_id
)
ARRAY JOIN
    days       AS d,
    cumulative AS cumulative_revenue
