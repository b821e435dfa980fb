-- One row per assigned user, users of several variants included; events count from a(u) on.
CREATE VIEW user_facts AS
SELECT
    users.experiment_id          AS experiment_id,
    users.user_id                AS user_id,
    users.variant_id             AS variant_id,
    users.assigned_at            AS assigned_at,
    users.n_variants             AS n_variants,
    counted.events               AS events,
    counted.exposures            AS exposures,
    counted.conversions          AS conversions,
    toUInt8(counted.conversions > 0) AS converted,
    toUInt8(counted.exposures > 0)   AS exposed,
    counted.revenue              AS revenue,
    counted.first_exposure_at    AS first_exposure_at,
    counted.first_conversion_at  AS first_conversion_at,
    counted.events_before_assignment AS events_before_assignment
FROM user_assignments AS users
LEFT JOIN
(
    SELECT
        experiment_id,
        user_id,
        countIf(is_valid)                                  AS events,
        countIf(is_valid AND is_exposure)                  AS exposures,
        countIf(is_valid AND is_conversion)                AS conversions,
        sumIf(toDecimal128(ifNull(value, 0), 4), is_valid AND is_conversion) AS revenue,
        minOrNullIf(timestamp, is_valid AND is_exposure)   AS first_exposure_at,
        minOrNullIf(timestamp, is_valid AND is_conversion) AS first_conversion_at,
        countIf(NOT is_valid)                              AS events_before_assignment
    FROM assigned_events
    GROUP BY
        experiment_id,
        user_id
) AS counted
    ON counted.experiment_id = users.experiment_id
   AND counted.user_id = users.user_id
-- a reader's own setting must not turn the zeros of users without events into NULL
SETTINGS join_use_nulls = 0
