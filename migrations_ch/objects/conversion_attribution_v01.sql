-- D19: one row per touch of each valid conversion. A touch is a valid exposure of that user, in any
-- experiment, in the 30 days up to the conversion. Credits of a conversion sum to 1.
CREATE VIEW conversion_attribution AS
WITH arraySum(weights) AS total_weight
SELECT
    conversion.event_id    AS conversion_id,
    position,
    user_id,
    touch.experiment_id    AS experiment_id,
    touch.variant_id       AS variant_id,
    conversion.at          AS converted_at,
    touch.at               AS touched_at,
    length(touches)        AS n_touches,
    toFloat64(position = 1)         AS first_touch,
    toFloat64(position = n_touches) AS last_touch,
    1 / n_touches                   AS linear,
    multiIf(
        n_touches = 1,                           1.,
        n_touches = 2,                           0.5,
        position = 1 OR position = n_touches,    0.4,
        0.2 / (n_touches - 2)
    )                               AS position_based,
    weight / total_weight           AS time_decay,
    conversion.value                AS value
FROM
(
    SELECT
        user_id,
        conversion,
        arrayFilter(
            e -> e.at > conversion.at - INTERVAL 30 DAY AND e.at <= conversion.at,
            exposures
        ) AS touches,
        -- half after 7 days
        arrayMap(
            e -> exp2(-dateDiff('microsecond', e.at, conversion.at) / (7 * 86400 * 1000000)),
            touches
        ) AS weights
    FROM
    (
        SELECT
            user_id,
            arraySort(e -> (e.1, e.2), groupArrayIf(
                (timestamp, event_id, experiment_id, variant_id), is_exposure
            ))::Array(Tuple(
                at            DateTime64(6, 'UTC'),
                event_id      String,
                experiment_id String,
                variant_id    String
            )) AS exposures,
            groupArrayIf((timestamp, event_id, value), is_conversion)::Array(Tuple(
                at       DateTime64(6, 'UTC'),
                event_id String,
                value    Nullable(Decimal(18, 4))
            )) AS conversions
        FROM assigned_events
        WHERE is_valid
          AND n_variants = 1
          AND (is_exposure OR is_conversion)
        GROUP BY user_id
    )
    ARRAY JOIN conversions AS conversion
)
ARRAY JOIN
    touches                 AS touch,
    weights                 AS weight,
    arrayEnumerate(touches) AS position
